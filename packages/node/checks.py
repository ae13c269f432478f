"""What is true of the packages themselves: what is in them, and that none is packed without what it is for."""
import json
import os
import sys
import tarfile

import build
import common
import consumers

DIST = common.DIST / "node"


def contents(folder):
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
    if wrong:
        sys.exit("\n".join(wrong))


def without_addon(folder):
    """The package of a platform cannot be packed without its addon, or with another system's."""
    for name, content, said in [
        ("linux-arm64-musl", None, "@landbridge/linux-arm64-musl has no landbridge.node"),
        ("darwin-x64", b"\x7fELF" + bytes(100), "is no native library for darwin"),
        ("linux-arm64-gnu", b"\x7fELF" + bytes(14) + b"\x3e\0" + bytes(100), "is for the processor x64"),
    ]:
        build.stage_platform(folder / name, name, None)
        if content:
            (folder / name / build.ADDON).write_bytes(content)
        consumers.must_fail(said, "npm", "pack", cwd=folder / name)


def modes(folder):
    """The archive has the same bytes for somebody whose files nobody else may read."""
    stage, target = folder / "stage", common.fresh(folder / "target")
    before = os.umask(0o077)
    try:
        build.stage_main(stage)
        (stage / "index.js").chmod(0o600)
        build.pack(stage, target)
    finally:
        os.umask(before)
    [made] = target.iterdir()
    if made.read_bytes() != (DIST / made.name).read_bytes():
        sys.exit(f"{made.name} depends on the umask")


def linted(folder):
    """publint and attw find nothing. `landbridge/register` is an ES module alone, since only ES modules are imported by it."""
    tools = common.ROOT / "packages/node"
    wrong = []
    if not (tools / "node_modules/.package-lock.json").exists():
        common.run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=tools)
    commands = [["publint", "--strict"], ["attw", "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--"]]
    for file in sorted(DIST.glob("*.tgz")):
        # What has no types is no matter of attw's.
        for command in commands if file.name.startswith(f"landbridge-{common.version()}") else commands[:1]:
            told, code = common.outcome("npx", "--no", "--", *command, file, cwd=tools)
            if code != 0 or (command[0] == "publint" and "All good" not in told):
                wrong.append(f"{command[0]} {file.name}:\n{told}")
    if wrong:
        sys.exit("\n".join(wrong))


ALL = {"contents": contents, "without-addon": without_addon, "modes": modes, "linted": linted}
