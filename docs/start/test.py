#!/usr/bin/env python3
"""Follows pages as a reader would: saves their files, types their commands, compares what is written.

    python3 docs/start/test.py [python packaging-java ...]

What a page installs comes from dist/ where it was built, else it is put together from the libraries of the tree, and the last line says which. A block
behind `<!-- file: NAME -->` is saved. A console block is run, but for one behind `<!-- not run: WHY -->`; lines below a command are what it must
write, and a block behind `<!-- output: any -->` may write what it likes. What this machine lacks is said and fails nothing: the list is TOOLS. What is not run is told with its reason.

A page with several hosts has `<!-- follow: HOST -->` where each begins, in a new folder. `<!-- copy: FROM TO -->` copies the guest,
`<!-- take: PAGE NAME -->` saves a file of another page, `<!-- setup: COMMAND -->` is run without being shown.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "packages")]
os.environ["LANDBRIDGE_PROFILE"] = "release"  # The libraries that the tests built.

import common  # noqa: E402
import console  # noqa: E402
import consumers  # noqa: E402
from common import DIST, library, version  # noqa: E402

HERE = ROOT / "docs/start"
TOOLS = {"python": ["python3"], "java": ["java", "mvn"], "node": ["node", "npm"], "c": ["cc", "pkg-config"], "cpp": ["c++", "cmake"], "rust": []}
# The pages that are followed, and the host of each that has one only.
PAGES = {**{f"docs/start/{host}.md": host for host in TOOLS}, "docs/guide/packaging.md": None}
MARK = re.compile(r"<!-- (file|not run|output|follow|copy|take|setup): (.+?) -->$")


COMMAND_SECONDS = 600


def steps(text):
    """What a page has for its follower: marks that stand for themselves, and fenced blocks as (language, body) with the marks before them."""
    marks, lines, number = {}, text.splitlines(), 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if mark := MARK.match(line):
            name, value = mark.groups()
            if name in ("follow", "copy", "take", "setup"):
                yield name, value, {}
            else:
                marks[name] = value
        elif line.startswith("```"):
            end = next(at for at in range(number, len(lines)) if lines[at].startswith("```"))
            yield "block", (line.strip("`"), "\n".join(lines[number:end]) + "\n"), marks
            number, marks = end + 1, {}
        elif line.strip() and not line.startswith("<!--"):
            marks = {}


def parts(page, host):
    """The steps of each host on a page."""
    found = {host: []} if host else {}
    for step in steps((ROOT / page).read_text(encoding="utf-8")):
        if step[0] == "follow":
            found[step[1]] = []
        elif found:
            found[next(reversed(found))].append(step)
    return found


class Shell:
    """One shell for a page, so that what a command sets lasts."""

    def __init__(self, folder, environment):
        self.folder, self.replaced, self.ran, self.left_out = folder, {}, 0, []
        self.process = subprocess.Popen(["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)

    def run(self, command):
        """What a command wrote, and what it ended with: nothing if it took too long."""
        command = self.replaced.get(command, command)
        late = threading.Timer(COMMAND_SECONDS, common.end, [self.process])
        late.start()
        self.process.stdin.write(f"{{ {command}\n}} </dev/null >.out 2>&1; echo $?\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline().strip()
        late.cancel()
        return (self.folder / ".out").read_text(errors="replace"), code

    def close(self):
        common.end(self.process)
        self.process.communicate()


def from_dist(pattern):
    return sorted(DIST.glob(pattern))


def prepare_python(shell):
    wheels = from_dist(f"python/*cp{sys.version_info.major}{sys.version_info.minor}-*.whl")
    if wheels:
        shell.replaced["pip install landbridge"] = f"pip install --quiet --no-index '{wheels[0]}'"
        return "dist"
    package = shell.folder / ".package"
    shutil.copytree(ROOT / "bindings-python/python/landbridge", package / "landbridge", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    shutil.copyfile(library("landbridge_python"), package / "landbridge/_native.so")
    where = 'import sysconfig; print(sysconfig.get_path("purelib"))'
    shell.replaced["pip install landbridge"] = f"echo '{package}' > $(python -c '{where}')/landbridge.pth"
    shell.replaced["pip install ."] = "pip install --no-deps ."
    return "the tree"


def prepare_node(shell):
    packages = from_dist("node/*.tgz")
    if packages:
        shell.replaced["npm install landbridge"] = "npm install --no-audit --no-fund " + " ".join(f"'{file}'" for file in packages)
        return "dist"
    package = shell.folder / ".package"
    shutil.copytree(ROOT / "bindings-node", package, ignore=shutil.ignore_patterns("node_modules", "test", "src", "*.node"))
    shutil.copyfile(library("landbridge_node"), package / "landbridge.node")
    shell.replaced["npm install landbridge"] = f"mkdir node_modules && cp -R '{package}' node_modules/landbridge"
    return "the tree"


def prepare_java(shell):
    """A local repository with what Maven has here already, and ours."""
    repository = shell.folder / ".m2"
    known = Path.home() / ".m2/repository"
    if known.exists():
        shutil.copytree(known, repository, copy_function=os.link, ignore=shutil.ignore_patterns("landbridge"))
    (shell.folder / ".mvn").mkdir()
    (shell.folder / ".mvn/maven.config").write_text(f"-Dmaven.repo.local={repository}\n--batch-mode\n")
    if (DIST / "java/dev").exists():
        shutil.copytree(DIST / "java/dev", repository / "dev", dirs_exist_ok=True)
        return "dist"
    place = repository / f"dev/landbridge/landbridge/{version()}"
    place.mkdir(parents=True)
    jar = place / f"landbridge-{version()}.jar"
    bundled = shell.folder / ".bundled"
    classes = ROOT / "bindings-jvm/target/classes"
    platform = f"linux-{os.uname().machine}"
    common.run("sh", ROOT / "bindings-jvm/bundle.sh", library("landbridge_jvm"), platform, bundled, cwd=ROOT)
    common.run("jar", "--create", "--file", jar, "-C", classes, ".", "-C", bundled, ".")
    jar.with_suffix(".pom").write_text(
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>dev.landbridge</groupId>'
        f"<artifactId>landbridge</artifactId><version>{version()}</version></project>\n")
    return "the tree"


@functools.cache
def sdk(name):
    """The SDK, and where it is from. Made of the tree's library it lies in target/, once for all pages."""
    if (DIST / "c" / name).exists():
        return DIST / "c" / name, "dist"
    common.run(sys.executable, ROOT / "packages/c/build.py")
    made = (DIST / "c" / name).replace(ROOT / "target" / name)
    (DIST / "c").rmdir()
    return made, "the tree"


def prepare_c(shell):
    name = f"landbridge-{version()}-linux-{os.uname().machine}.tar.gz"
    archive, source = sdk(name)
    shutil.copyfile(archive, shell.folder / name)
    return source


PREPARE = {"python": prepare_python, "java": prepare_java, "node": prepare_node, "c": prepare_c, "cpp": prepare_c}


def save(shell, name, body):
    file = shell.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body if isinstance(body, bytes) else body.encode())


def prepare(shell, name, value):
    """Does what a mark says; gives what was wrong."""
    if name == "setup":
        for command in value.split(" && "):
            written, code = shell.run(command)
            if code != "0":
                return f"{command}\n{written}ended with {code}"
        return None
    first, second = value.split()
    if name == "copy":
        save(shell, second, (shell.folder / first).read_bytes())
    else:
        other = (ROOT / first).read_text(encoding="utf-8")
        save(shell, second, next(given[1] for kind, given, marks in steps(other) if kind == "block" and marks.get("file") == second))
    return None


def type_in(shell, body, marks):
    """Runs the commands of a block; gives what was wrong."""
    for command, wanted in console.commands(body):
        written, code = shell.run(command)
        shell.ran += 1
        if code != "0" or wanted and written != wanted and "output" not in marks:
            return f"{command}\n{written}ended with {code or 'nothing in time'}; the page says:\n{wanted}"
    return None


def follow(todo, shell):
    """What a reader of the page would stumble over."""
    for kind, given, marks in todo:
        wrong = None
        if kind != "block":
            wrong = prepare(shell, kind, given)
        elif "file" in marks:
            save(shell, marks["file"], given[1])
        elif given[0] == "console" and "not run" in marks:
            shell.left_out.append(f"{given[1].splitlines()[0]}: {marks['not run']}")
        elif given[0] == "console":
            wrong = type_in(shell, given[1], marks)
        if wrong:
            return wrong
    return None


def check(folder, host, todo, sources):
    """Follows what a page has for a host; gives what was not run, and why."""
    missing = [tool for tool in TOOLS[host] if not shutil.which(tool)]
    if missing:
        raise consumers.Skipped(f"{' and '.join(missing)} is not there")
    shell = Shell(consumers.project(folder, HERE / "greet.wasm"), consumers.environment(folder))
    try:
        if host in PREPARE:
            sources[host] = PREPARE[host](shell)
        wrong = follow(todo, shell)
    finally:
        shell.close()
    if wrong:
        sys.exit(wrong)
    if not shell.ran:
        raise consumers.Skipped("; ".join(shell.left_out))
    return shell.left_out


def main():
    if (HERE / "greet.wasm").read_bytes() != (ROOT / "examples/components/greet.wasm").read_bytes():
        sys.exit("docs/start/greet.wasm is not examples/components/greet.wasm: copy it, and change its hash on the pages")
    found, sources = {}, {}
    for page in PAGES:
        for host, todo in parts(page, PAGES[page]).items():
            name = host if PAGES[page] else f"{Path(page).stem}-{host}"
            found[name] = lambda folder, host=host, todo=todo: check(folder, host, todo, sources)
    code = consumers.main("start", found)
    print("packages from", ", ".join(f"{source} ({host})" for host, source in sources.items()) or "nowhere")
    return code


if __name__ == "__main__":
    sys.exit(main())
