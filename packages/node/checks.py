"""What is true of the packages themselves: what is in them, and that none is packed without what it is for."""
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile

import build
import common

DIST = common.DIST / "node"


def contents():
    """Each has its licences and its bill of materials; one has the addon, and no other runs code when it is installed."""
    wrong = []
    for file in sorted(DIST.glob("*.tgz")):
        with tarfile.open(file) as archive:
            names = {member.name.removeprefix("package/") for member in archive.getmembers()}
            package = json.load(archive.extractfile("package/package.json"))
        wrong += [f"{file.name} has no {name}" for name in ("LICENSE", "THIRD-PARTY-NOTICES.md", "README.md", "sbom.cdx.json") if name not in names]
        if (build.ADDON in names) != package["name"].startswith("@"):
            wrong.append(f"{file.name} holds {sorted(names)}")
        for hook in ("preinstall", "install", "postinstall", "prepare"):
            if hook in package.get("scripts", {}):
                wrong.append(f"{file.name} runs {hook}")
        wrong += [f"{file.name} has no {key}" for key in ("license", "repository", "homepage", "bugs", "engines") if key not in package]
    return "\n".join(wrong) or None


def without_addon():
    """The package of a platform cannot be packed without its addon, or with another system's."""
    wrong = []
    for name, content, said in [
        ("linux-arm64-musl", None, "@landbridge/linux-arm64-musl has no landbridge.node"),
        ("darwin-x64", b"\x7fELF" + bytes(100), "is no native library for darwin"),
        ("linux-arm64-gnu", b"\x7fELF" + bytes(14) + b"\x3e\0" + bytes(100), "is for the processor x64"),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            build.stage_platform(pathlib.Path(folder), name, None)
            if content:
                pathlib.Path(folder, build.ADDON).write_bytes(content)
            done = subprocess.run(["npm", "pack"], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode == 0 or said not in done.stdout:
                wrong.append(f"npm pack of {name} ended with {done.returncode}, and did not say {said!r}:\n{done.stdout}")
    return "\n".join(wrong) or None


def modes():
    """The archive has the same bytes for somebody whose files nobody else may read."""
    before = os.umask(0o077)
    try:
        with tempfile.TemporaryDirectory() as folder:
            stage, target = pathlib.Path(folder, "stage"), pathlib.Path(folder, "target")
            target.mkdir()
            build.stage_main(stage)
            (stage / "index.js").chmod(0o600)
            build.pack(stage, target)
            [made] = target.iterdir()
            return None if made.read_bytes() == (DIST / made.name).read_bytes() else f"{made.name} depends on the umask"
    finally:
        os.umask(before)


def linted():
    """publint and attw find nothing. `landbridge/register` is an ES module alone, since only ES modules are imported by it."""
    tools = common.ROOT / "packages/node"
    wrong = []
    if not (tools / "node_modules/.package-lock.json").exists():
        common.run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=tools)
    commands = [["publint", "--strict"], ["attw", "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--"]]
    for file in sorted(DIST.glob("*.tgz")):
        # What has no types is no matter of attw's.
        for command in commands if file.name.startswith(f"landbridge-{common.version()}") else commands[:1]:
            done = subprocess.run(["npx", "--no", "--", *command, str(file)], cwd=tools, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0 or (command[0] == "publint" and "All good" not in done.stdout):
                wrong.append(f"{command[0]} {file.name}:\n{done.stdout}")
    return "\n".join(wrong) or None


ALL = {"contents": contents, "without-addon": without_addon, "modes": modes, "linted": linted}
