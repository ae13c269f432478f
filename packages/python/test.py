#!/usr/bin/env python3
"""Installs the packages of dist/python as users do, and runs small projects on them: packages/python/test.py [NAME...]

Each project is copied out of the tree and has an environment of its own, into which nothing but the wheel (or the sources) and what its
requirements.txt names is installed. `hello` runs on each CPython that is found, the others on the one that runs this.

What may be skipped, and why:
    hello on a version    packages/python/build.py did not build its wheel, as with the libraries of the tests where it is not installed;
                          or no interpreter of it is on this machine, in ~/.pyenv or named by LANDBRIDGE_PYTHONS. Debian's newest is
                          taken for 3.14 (packages/python/fetch.py), where there is Debian and root
    compiled              only if it is named: the engine is compiled from the package of sources, ten minutes on two cores
    sources, no network   `unshare` may make no network namespace: Cargo is told to stay offline instead
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common
import fetch
import interpreters

HERE = pathlib.Path(__file__).resolve().parent
OUT = common.DIST / "python"
GREET = common.ROOT / "examples" / "components" / "greet.wasm"


class Skipped(Exception):
    """Why a project could not be tried."""


class Project:
    """A copy of a project outside of the tree, with an environment."""

    def __init__(self, name, python=sys.executable):
        self.folder = common.outside() / name
        shutil.copytree(HERE / "consumers" / name, self.folder)
        shutil.copy(GREET, self.folder)
        self.env = clean(self.folder.parent)
        self.python, self.pip = interpreters.new_environment(self.folder.parent / "venv", python)
        self.bin = self.python.parent

    def install(self, *what):
        """Installs the wheel, from dist/ alone; then what the project names beside it."""
        common.run(*self.pip, "install", "--quiet", *(what or ["--no-index", "--only-binary", ":all:", "--find-links", OUT, "landbridge"]), env=self.env)
        if (self.folder / "requirements.txt").exists():
            common.run(*self.pip, "install", "--quiet", "-r", "requirements.txt", cwd=self.folder, env=self.env)
        # What is installed fits together.
        common.run(*self.pip, "check", env=self.env)
        return self

    def run(self, *command, **env):
        """Runs a program of the environment in the project, and gives what it wrote."""
        program = self.bin / command[0]
        return common.run(program if program.exists() else command[0], *command[1:], cwd=self.folder, env={**self.env, **env})

    def remove(self):
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def clean(folder):
    """An environment that knows nothing of the tree: a home of its own, and where the registries are."""
    (folder / "home").mkdir()
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "LANG", "TMPDIR", "SSL_CERT_FILE") or name.startswith(("PIP_", "NPM_CONFIG_", "npm_config_"))
            or name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(folder / "home"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def same(told, expected):
    if told != expected:
        sys.exit(f"expected\n{expected}\nbut it wrote\n{told}")


def has(told, *parts):
    for part in parts:
        if part not in told:
            sys.exit(f"{part!r} is not in\n{told}")


def hello(version):
    """The first program, on one version of CPython."""
    if not any(OUT.glob(f"*-cp{version.replace('.', '')}-*.whl")):
        raise Skipped(f"no wheel for CPython {version} in dist/python: python3 packages/python/build.py {version}")
    python = interpreters.find(version) or (version == "3.14" and fetch.python(version))
    if not python:
        raise Skipped(f"no CPython {version} here")
    project = Project("hello", python).install()
    expected = (project.folder / "expected.txt").read_text(encoding="utf-8").replace("VERSION", common.version())
    same(project.run("python", "main.py"), expected)
    return project


def types():
    """A program by mypy and pyright, as strictly as they can; stubs for `import` are written by the command."""
    project = Project("types").install()
    command = common.LIBRARIES / "landbridge"
    for guest in ("calc.wat", "greet.wasm"):
        project.run(command, "types", guest, "--python", "-o", f"{guest.split('.')[0]}.pyi")
    project.run("python", "-c", "import landbridge as lb; open('calc.wasm', 'wb').write(lb.load('calc.wat').bytes)")
    same(project.run("python", "app.py"), "Hello, Ada! 5 Hello, Ada!\n")
    has(project.run("mypy"), "Success: no issues found in 3 source files")
    # What the stubs of the package tell is what its library has.
    shutil.copy(common.ROOT / "bindings-python" / "tests" / "stubtest.txt", project.folder)
    has(project.run("stubtest", "landbridge._native", "landbridge.errors", "landbridge.importer", "--allowlist", "stubtest.txt",
                    "--ignore-unused-allowlist"), "Success")
    project.run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error")
    has(project.run("node_modules/.bin/pyright", "--pythonpath", project.python), "0 errors, 0 warnings")
    return project


def pytest():
    """Tests of a user's, one process after the other and several at once."""
    project = Project("pytest").install()
    has(project.run("python", "-m", "pytest", "-q"), "4 passed")
    has(project.run("python", "-m", "pytest", "-q", "-n", "2"), "4 passed")
    return project


def gunicorn():
    """A server that loads the module and forks its workers then."""
    project = Project("gunicorn").install()
    log = project.folder / "log"
    with log.open("w") as out:
        server = subprocess.Popen([project.bin / "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "app:app"],
                                  cwd=project.folder, env=project.env, stdout=out, stderr=subprocess.STDOUT)
    try:
        address = listening(server, log)
        for name in ("one", "two", "three"):
            with urllib.request.urlopen(f"{address}/{name}", timeout=20) as answer:
                same(answer.read().decode(), f"Hello, {name}!")
    finally:
        server.terminate()
        server.wait(30)
    same(str(server.returncode), "0")
    return project


def listening(server, log):
    """Waits until a server tells where it listens."""
    while server.poll() is None:
        for line in log.read_text().splitlines():
            if "Listening at: " in line:
                return line.split("Listening at: ")[1].split(" ")[0]
        time.sleep(0.05)  # Until the sign is there.
    sys.exit(log.read_text())


def zipapp():
    """A program in a zip file runs; the package itself in one says that it has to be unpacked."""
    project = Project("zipapp").install()
    app = project.folder / "app"
    (app / "guests").mkdir(parents=True)
    (app / "guests" / "__init__.py").touch()
    shutil.copy(GREET, app / "guests")
    shutil.copy(project.folder / "app.py", app)
    project.run("python", "-m", "zipapp", "app", "-m", "app:main", "-o", "app.pyz")
    same(project.run("python", "app.pyz"), "Hello, zip!\n")
    whole = project.folder / "whole"
    shutil.copytree(next((project.bin.parent / "lib").glob("python*/site-packages/landbridge")), whole / "landbridge")
    shutil.make_archive(str(whole), "zip", whole)
    code = "import sys; sys.path.insert(0, 'whole.zip')\ntry: import landbridge\nexcept ImportError as error: print(error)"
    has(project.run("python", "-c", code), "unpack the package into a folder")
    return project


def pyinstaller():
    """A frozen program, which has no Python beside it."""
    project = Project("pyinstaller").install()
    project.run("pyinstaller", "--log-level", "ERROR", "--add-data", "greet.wasm:.", "main.py")
    told = project.run(project.folder / "dist" / "main" / "main")
    same(told, "Hello, frozen! Hello, bound! func(name: string) -> string\nTrue\n")
    return project


def readonly():
    """Somebody else's packages, nobody's home: as a service without rights finds them."""
    project = Project("readonly", reachable()).install()
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
    same(common.run(*command, cwd="/"), "Hello, nobody!\nFalse False\n")
    return project


def reachable():
    """The interpreter of this version that a user without rights may start, too; or the one that runs this."""
    named = shutil.which(f"python{interpreters.here()}", path="/usr/local/bin:/usr/bin:/bin")
    places = [place for place in (sys.executable, named) if place and interpreters.is_of(place, interpreters.here())]
    return next((place for place in places if others_may(pathlib.Path(place).resolve().parent.parent)), sys.executable)


def others_may(folder):
    """Whether a user without rights reaches a folder."""
    return all(place.stat().st_mode & 0o001 for place in [folder, *folder.parents])


def sources():
    """The package of sources knows all that it needs without a network: pip and Cargo resolve everything from its own files."""
    project, install, env = offline()
    has(common.run(*install, "--dry-run", archive(), env=env), f"Would install landbridge-{common.version()}")
    return project


def compiled():
    """The same, and it is compiled: with all of the engine, since Cargo takes crates of another place for other ones."""
    project, install, env = offline()
    common.run(*install, archive(), env={**env, "CARGO_TARGET_DIR": str(common.ROOT / "target" / "packages" / "compiled")}, timeout=3600)
    same(project.run("python", "main.py", project.folder), "Hello, nobody!\nTrue True\n")
    return project


def archive():
    [file] = OUT.glob("*.tar.gz")
    return file


def offline():
    """A project with maturin and Rust, and the command of pip that installs without a network."""
    project = Project("readonly")
    common.run(*project.pip, "install", "--quiet", "maturin==1.16.0", env=project.env)
    rust = {name: os.environ.get(name, str(pathlib.Path.home() / f".{name.split('_')[0].lower()}"))
            for name in ("CARGO_HOME", "RUSTUP_HOME")}
    # A cache of crates that Cargo has already does not count.
    home = project.folder.parent / "cargo"
    home.mkdir()
    env = {**project.env, **rust, "CARGO_HOME": str(home), "CARGO_NET_OFFLINE": "true",
           "PATH": f"{project.bin}{os.pathsep}{project.env['PATH']}"}
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        alone = []
    return project, [*alone, *project.pip, "install", "--no-index", "--no-build-isolation"], env


PROJECTS = {
    **{f"hello-{version}": lambda version=version: hello(version) for version in interpreters.VERSIONS},
    **{part.__name__: part for part in (types, pytest, gunicorn, zipapp, pyinstaller, readonly, sources, compiled)},
}


def tried(name):
    """Runs one project, says how it went, and gives the word for it."""
    begun = time.monotonic()
    try:
        PROJECTS[name]().remove()
        word, why = "ok", f"  {time.monotonic() - begun:.1f} s"
    except Skipped as reason:
        word, why = "skipped", f": {reason}"
    except SystemExit as failure:
        word, why = "FAILED", f": {failure}"
    print(f"{word} {name}{why}", flush=True)
    return word


def main():
    words = [tried(name) for name in sys.argv[1:] or [name for name in PROJECTS if name != "compiled"]]
    passed, failed, skipped = (words.count(word) for word in ("ok", "FAILED", "skipped"))
    print(f"python packages: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
