#!/usr/bin/env python3
"""Installs the packages of dist/python as users do, and runs small projects on them: packages/python/test.py [NAME...]

Each project is copied out of the tree and has an environment of its own, into which nothing but the wheel (or the sources) and what its
requirements.txt names is installed. `hello` runs on each CPython that is found, the others on the one that runs this.

What may be skipped, and why:
    hello on a version    packages/python/build.py did not build its wheel, as with the libraries of the tests where it is not installed;
                          or no interpreter of it is on this machine, in ~/.pyenv or named by LANDBRIDGE_PYTHONS. Debian's newest is
                          taken for 3.14 (packages/python/fetch.py), where there is Debian and root
    compiled              LEFT_OUT, unless it is named
    sources, no network   `unshare` may make no network namespace: Cargo is told to stay offline instead
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common
import consumers
import fetch
import interpreters
from consumers import must_be, must_have

HERE = pathlib.Path(__file__).resolve().parent
OUT = common.DIST / "python"
GREET = common.ROOT / "examples" / "components" / "greet.wasm"
# Without a network.
ALONE = ["unshare", "--net", "--map-root-user"]
LEFT_OUT = {"compiled": "the engine is compiled from the package of sources, ten minutes on two cores: packages/python/test.py compiled"}


class Project:
    """A copy of a project outside of the tree, with an environment."""

    def __init__(self, folder, name, python=sys.executable):
        self.folder = consumers.project(folder, HERE / "consumers" / name, GREET)
        self.env = consumers.environment(folder, PIP_DISABLE_PIP_VERSION_CHECK="1")
        self.python, self.pip = interpreters.new_environment(folder / "venv", python)
        self.bin = self.python.parent

    def install(self):
        """Installs the wheel, from dist/ alone; then what the project names beside it."""
        common.run(*self.pip, "install", "--quiet", "--no-index", "--only-binary", ":all:", "--find-links", OUT, "landbridge", env=self.env)
        if (self.folder / "requirements.txt").exists():
            common.run(*self.pip, "install", "--quiet", "-r", "requirements.txt", cwd=self.folder, env=self.env)
        # What is installed fits together.
        common.run(*self.pip, "check", env=self.env)
        return self

    def run(self, *command, **env):
        """Runs a program of the environment in the project, and gives what it wrote."""
        program = self.bin / command[0]
        return common.run(program if program.exists() else command[0], *command[1:], cwd=self.folder, env={**self.env, **env})


def hello(folder, version):
    """The first program, on one version of CPython."""
    if not any(OUT.glob(f"*-cp{version.replace('.', '')}-*.whl")):
        raise consumers.Skipped(f"no wheel for CPython {version} in dist/python: python3 packages/python/build.py {version}")
    python = interpreters.find(version) or (version == "3.14" and fetch.python(version))
    if not python:
        raise consumers.Skipped(f"no CPython {version} here")
    project = Project(folder, "hello", python).install()
    expected = (project.folder / "expected.txt").read_text(encoding="utf-8").replace("VERSION", common.version())
    must_be(project.run("python", "main.py"), expected)


def types(folder):
    """A program by mypy and pyright, as strictly as they can; stubs for `import` are written by the command."""
    project = Project(folder, "types").install()
    command = common.command()
    for guest in ("calc.wat", "greet.wasm"):
        project.run(command, "types", guest, "--python", "-o", f"{guest.split('.')[0]}.pyi")
    project.run("python", "-c", "import landbridge as lb; open('calc.wasm', 'wb').write(lb.load('calc.wat').bytes)")
    must_be(project.run("python", "app.py"), "Hello, Ada! 5 Hello, Ada!\n")
    must_have(project.run("mypy"), "Success: no issues found in 3 source files")
    # What the stubs of the package tell is what its library has.
    shutil.copy(common.ROOT / "bindings-python" / "tests" / "stubtest.txt", project.folder)
    must_have(project.run("stubtest", "landbridge._native", "landbridge.errors", "landbridge.importer", "--allowlist", "stubtest.txt",
                    "--ignore-unused-allowlist"), "Success")
    project.run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error")
    must_have(project.run("node_modules/.bin/pyright", "--pythonpath", project.python), "0 errors, 0 warnings")


def pytest(folder):
    """Tests of a user's, one process after the other and several at once."""
    project = Project(folder, "pytest").install()
    must_have(project.run("python", "-m", "pytest", "-q"), "4 passed")
    must_have(project.run("python", "-m", "pytest", "-q", "-n", "2"), "4 passed")


def gunicorn(folder):
    """A server that loads the module and forks its workers then."""
    project = Project(folder, "gunicorn").install()
    log = project.folder / "log"
    with log.open("w") as out:
        server = subprocess.Popen([project.bin / "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "app:app"],
                                  cwd=project.folder, env=project.env, stdout=out, stderr=subprocess.STDOUT)
    try:
        address = listening(server, log)
        for name in ("one", "two", "three"):
            with urllib.request.urlopen(f"{address}/{name}", timeout=20) as answer:
                must_be(answer.read().decode(), f"Hello, {name}!")
    finally:
        server.terminate()
        server.wait(30)
    must_be(str(server.returncode), "0")


def listening(server, log):
    """Waits until a server tells where it listens."""
    while server.poll() is None:
        for line in log.read_text().splitlines():
            if "Listening at: " in line:
                return line.split("Listening at: ")[1].split(" ")[0]
        time.sleep(0.05)  # Until the sign is there.
    sys.exit(log.read_text())


def zipapp(folder):
    """A program in a zip file runs; the package itself in one says that it has to be unpacked."""
    project = Project(folder, "zipapp").install()
    app = project.folder / "app"
    (app / "guests").mkdir(parents=True)
    (app / "guests" / "__init__.py").touch()
    shutil.copy(GREET, app / "guests")
    shutil.copy(project.folder / "app.py", app)
    project.run("python", "-m", "zipapp", "app", "-m", "app:main", "-o", "app.pyz")
    must_be(project.run("python", "app.pyz"), "Hello, zip!\n")
    whole = project.folder / "whole"
    shutil.copytree(next((project.bin.parent / "lib").glob("python*/site-packages/landbridge")), whole / "landbridge")
    shutil.make_archive(str(whole), "zip", whole)
    code = "import sys; sys.path.insert(0, 'whole.zip')\ntry: import landbridge\nexcept ImportError as error: print(error)"
    must_have(project.run("python", "-c", code), "unpack the package into a folder")


def pyinstaller(folder):
    """A frozen program, which has no Python beside it."""
    project = Project(folder, "pyinstaller").install()
    project.run("pyinstaller", "--log-level", "ERROR", "--add-data", "greet.wasm:.", "main.py")
    told = project.run(project.folder / "dist" / "main" / "main")
    must_be(told, "Hello, frozen! Hello, bound! func(name: string) -> string\nTrue\n")


def readonly(folder):
    """Somebody else's packages, nobody's home: as a service without rights finds them."""
    project = Project(folder, "readonly", reachable()).install()
    command = ["env", "-i", "PATH=/usr/bin:/bin", project.python, "-B", project.folder / "main.py", project.folder]
    if os.geteuid() == 0:
        for folder in (project.folder.parent, project.folder):
            folder.chmod(0o755)
        if others_may(project.python.resolve().parent.parent):
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        else:
            # As pyenv's in the home of root: the rights of root are given up, but not who it is.
            command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    for path in project.bin.parent.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    must_be(common.run(*command, cwd="/"), "Hello, nobody!\nFalse False\n")


def reachable():
    """The interpreter of this version that a user without rights may start, too; or the one that runs this."""
    named = shutil.which(f"python{interpreters.here()}", path="/usr/local/bin:/usr/bin:/bin")
    places = [place for place in (sys.executable, named) if place and interpreters.is_of(place, interpreters.here())]
    return next((place for place in places if others_may(pathlib.Path(place).resolve().parent.parent)), sys.executable)


def others_may(folder):
    """Whether a user without rights reaches a folder."""
    return all(place.stat().st_mode & 0o001 for place in [folder, *folder.parents])


def sources(folder):
    """The package of sources knows all that it needs without a network: pip and Cargo resolve everything from its own files."""
    project, install, env = offline(folder)
    must_have(common.run(*install, "--dry-run", common.only("python/*.tar.gz", "dist-python"), env=env), f"Would install landbridge-{common.version()}")
    return [] if install[0] == ALONE[0] else ["without a network: `unshare` makes no network namespace here, so Cargo was told to stay offline"]


def compiled(folder):
    """The same, and it is compiled: with all of the engine, since Cargo takes crates of another place for other ones."""
    project, install, env = offline(folder)
    common.run(*install, common.only("python/*.tar.gz", "dist-python"), env={**env, "CARGO_TARGET_DIR": str(common.ROOT / "target" / "packages" / "compiled")}, timeout=3600)
    must_be(project.run("python", "main.py", project.folder), "Hello, nobody!\nTrue True\n")


def offline(folder):
    """A project with maturin and Rust, and the command of pip that installs without a network."""
    project = Project(folder, "readonly")
    common.run(*project.pip, "install", "--quiet", "maturin==1.16.0", env=project.env)
    rust = {name: os.environ.get(name, str(pathlib.Path.home() / f".{name.split('_')[0].lower()}"))
            for name in ("CARGO_HOME", "RUSTUP_HOME")}
    # A cache of crates that Cargo has already does not count.
    home = project.folder.parent / "cargo"
    home.mkdir()
    env = {**project.env, **rust, "CARGO_HOME": str(home), "CARGO_NET_OFFLINE": "true",
           "PATH": f"{project.bin}{os.pathsep}{project.env['PATH']}"}
    alone = ALONE if shutil.which(ALONE[0]) and common.outcome(*ALONE, "true")[1] == 0 else []
    return project, [*alone, *project.pip, "install", "--no-index", "--no-build-isolation"], env


PROJECTS = {
    **{f"hello-{version}": lambda folder, version=version: hello(folder, version) for version in interpreters.VERSIONS},
    **{part.__name__: part for part in (types, pytest, gunicorn, zipapp, pyinstaller, readonly, sources, compiled)},
}


if __name__ == "__main__":
    sys.exit(consumers.main("python", PROJECTS, LEFT_OUT))
