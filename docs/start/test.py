#!/usr/bin/env python3
"""Follows each page of this folder as a reader would: saves its files, types its commands, compares what is written.

What a page installs comes from dist/ where it was built, else it is put together from the libraries of the tree, and the last line says which. A block
behind `<!-- file: NAME -->` is saved. A console block is run, but for one behind `<!-- not run: WHY -->`; lines below a command are what it must
write, and a block behind `<!-- output: any -->` may write what it likes. What this machine lacks is said and fails nothing: the list is TOOLS.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "docs/start"
DIST = ROOT / "dist"
LIBRARIES = ROOT / "target/release"
TOOLS = {"python": ["python3"], "java": ["java", "mvn"], "node": ["node", "npm"], "c": ["cc", "pkg-config"], "cpp": ["c++", "cmake"], "rust": []}
# What ties a test to the tree or to the machine's user, and would help a reader's commands.
LEFT_OUT = ("PYTHONPATH", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH", "CLASSPATH", "VIRTUAL_ENV", "NODE_PATH", "JAVA_TOOL_OPTIONS")
MARK = re.compile(r"<!-- (file|not run|output): (.+?) -->$")


def version():
    return re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.M).group(1)


def blocks(text):
    """The fenced blocks of a page: language, body, and the marks before it."""
    marks, lines, number = {}, text.splitlines(), 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if mark := MARK.match(line):
            marks[mark.group(1)] = mark.group(2)
        elif line.startswith("```"):
            end = next(at for at in range(number, len(lines)) if lines[at].startswith("```"))
            yield line.strip("`"), "\n".join(lines[number:end]) + "\n", marks
            number, marks = end + 1, {}
        elif line.strip() and not line.startswith("<!--"):
            marks = {}


def commands(body):
    """Each command of a console block, with what must be written: None if nothing is shown."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], None])
        else:
            found[-1][1] = (found[-1][1] or "") + line + "\n"
    return found


class Shell:
    """One shell for a page, so that what a command sets lasts."""

    def __init__(self, folder, host):
        self.folder, self.host = folder, host
        self.replaced = {}
        environment = {key: value for key, value in os.environ.items() if key not in LEFT_OUT and not key.startswith("LANDBRIDGE_")}
        environment.update(HOME=str(folder / ".home"))
        (folder / ".home").mkdir()
        self.process = subprocess.Popen(["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, command):
        """What a command wrote, and what it ended with."""
        command = self.replaced.get(command, command)
        self.process.stdin.write(f"{{ {command}\n}} </dev/null >.out 2>&1; echo $?\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline().strip()
        return (self.folder / ".out").read_text(errors="replace"), code

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def from_dist(pattern):
    return sorted(DIST.glob(pattern))


def library(name, suffix="so"):
    file = LIBRARIES / f"lib{name}.{suffix}"
    if not file.exists():
        sys.exit(f"{file.relative_to(ROOT)} is not there: run `make build` first")
    return file


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
    subprocess.run(["sh", ROOT / "bindings-jvm/bundle.sh", library("landbridge_jvm"), platform, bundled], check=True, cwd=ROOT)
    subprocess.run(["jar", "--create", "--file", jar, "-C", classes, ".", "-C", bundled, "."], check=True)
    jar.with_suffix(".pom").write_text(
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>dev.landbridge</groupId>'
        f"<artifactId>landbridge</artifactId><version>{version()}</version></project>\n")
    return "the tree"


def prepare_c(shell):
    name = f"landbridge-{version()}-linux-{os.uname().machine}"
    archive = shell.folder / f"{name}.tar.gz"
    if from_dist(f"c/{name}.tar.gz"):
        shutil.copyfile(DIST / f"c/{name}.tar.gz", archive)
        return "dist"
    package = ROOT / "bindings-c/package"
    prefix = shell.folder / f".package/{name}"
    shutil.copytree(ROOT / "bindings-c/include", prefix / "include")
    (prefix / "lib/pkgconfig").mkdir(parents=True)
    (prefix / "lib/cmake/landbridge").mkdir(parents=True)
    shutil.copyfile(library("landbridge_c"), prefix / "lib/liblandbridge.so.0")
    (prefix / "lib/liblandbridge.so").symlink_to("liblandbridge.so.0")
    text = (package / "landbridge.pc.in").read_text().replace("@VERSION@", version())
    (prefix / "lib/pkgconfig/landbridge.pc").write_text(text.replace("@PREFIX@", "${pcfiledir}/../.."))
    shutil.copyfile(package / "landbridgeConfig.cmake", prefix / "lib/cmake/landbridge/landbridgeConfig.cmake")
    with tarfile.open(archive, "w:gz") as out:
        out.add(prefix, name)
    return "the tree"


PREPARE = {"python": prepare_python, "java": prepare_java, "node": prepare_node, "c": prepare_c, "cpp": prepare_c}


def follow(host, shell):
    """What a reader of the page would stumble over, and how many commands and blocks were (not) run."""
    ran, left = 0, 0
    for language, body, marks in blocks((HERE / f"{host}.md").read_text(encoding="utf-8")):
        if "file" in marks:
            file = shell.folder / marks["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
        if language != "console":
            continue
        if "not run" in marks:
            left += 1
            continue
        for command, wanted in commands(body):
            written, code = shell.run(command)
            ran += 1
            if code != "0" or wanted is not None and written != wanted and "output" not in marks:
                return f"{command}\n{written}ended with {code}; the page says:\n{wanted or ''}", ran, left
    return None, ran, left


def check(host):
    missing = [tool for tool in TOOLS[host] if not shutil.which(tool)]
    if missing:
        print(f"start {host}: skipped, {' and '.join(missing)} is not there")
        return True
    with tempfile.TemporaryDirectory(prefix="landbridge-start-") as name:
        folder = Path(name)
        shutil.copyfile(HERE / "greet.wasm", folder / "greet.wasm")
        shell = Shell(folder, host)
        source = PREPARE[host](shell) if host in PREPARE else "nowhere"
        wrong, ran, left = follow(host, shell)
        shell.close()
    print(f"start {host}: {wrong or 'ok'}; {ran} commands, {left} blocks not run; packages from {source}")
    return not wrong


def main():
    if (HERE / "greet.wasm").read_bytes() != (ROOT / "examples/components/greet.wasm").read_bytes():
        sys.exit("docs/start/greet.wasm is not examples/components/greet.wasm: copy it, and change its hash on the pages")
    results = [check(host) for host in sys.argv[1:] or TOOLS]
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
