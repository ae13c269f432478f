#!/usr/bin/env python3
"""Writes dist/node/: the package `landbridge`, which has no native code, and `@landbridge/PLATFORM` for each platform of
platforms.json whose addon was built.

The addon of this machine comes from target/PROFILE, those of others from target/TRIPLE/PROFILE, where `cargo build --target TRIPLE`
puts them. One version of `landbridge` goes with just this version of each of these packages.
"""
import functools
import json
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import common  # noqa: E402
from together import together  # noqa: E402

BINDING = common.ROOT / "bindings-node"
PLATFORMS = json.loads((HERE / "platforms.json").read_text(encoding="utf-8"))
ADDON = "landbridge.node"
FILES = ["index.js", "index.mjs", "index.d.ts", "index.d.mts", "register.mjs", "register.d.mts", "README.md", "lib/esm.mjs", "lib/lent.mjs",
         "lib/loader.mjs"]
# What only this tree needs of package.json.
INTERNAL = ["private", "scripts", "devDependencies"]
SHARED = ["license", "repository", "homepage", "bugs", "author", "engines"]


def host():
    """The triple of this machine."""
    told = common.output("rustc", "-vV")
    return re.search(r"^host: (.*)$", told, re.MULTILINE).group(1)


def built():
    """(platform, addon) for each that is there."""
    for name, platform in PLATFORMS.items():
        places = [common.TARGET / platform["triple"] / common.PROFILE]
        if platform["triple"] == host():
            places.insert(0, common.LIBRARIES)
        files = [place / platform["library"] for place in places if (place / platform["library"]).exists()]
        if files:
            yield name, files[0]


@functools.cache
def bill():
    return common.sbom("node")


def legal(folder):
    for file in common.LEGAL:
        shutil.copy(file, folder)
    shutil.copy(bill(), folder / "sbom.cdx.json")
    return [file.name for file in common.LEGAL] + ["sbom.cdx.json"]


def write(folder, package):
    (folder / "package.json").write_text(json.dumps(package, indent=2) + "\n", encoding="utf-8")


def stage_main(folder):
    """The package without native code."""
    common.fresh(folder / "lib")
    for name in FILES:
        shutil.copy(BINDING / name, folder / name)
    (folder / "lib/all.js").write_text(together(BINDING / "lib", "all.js"), encoding="utf-8")
    package = {key: value for key, value in tree_package().items() if key not in INTERNAL}
    package["files"] = sorted([*FILES, "lib/all.js", *legal(folder)])
    package["optionalDependencies"] = {f"@landbridge/{name}": common.version() for name in sorted(PLATFORMS)}
    write(folder, package)


def tree_package():
    return json.loads((BINDING / "package.json").read_text(encoding="utf-8"))


def platform_package(name):
    platform, tree = PLATFORMS[name], tree_package()
    return {
        "name": f"@landbridge/{name}",
        "version": common.version(),
        "description": f"The native addon of landbridge for {name}",
        **{key: tree[key] for key in SHARED},
        "os": [platform["os"]],
        "cpu": [platform["cpu"]],
        **({"libc": [platform["libc"]]} if "libc" in platform else {}),
        "type": "commonjs",
        "main": f"./{ADDON}",
        "preferUnplugged": True,
        "publishConfig": {"access": "public"},
        "scripts": {"prepack": "node prepack.cjs"},
    }


def stage_platform(folder, name, addon):
    """The package of a platform, without its addon if there is none: then packing it fails."""
    common.fresh(folder)
    if addon:
        shutil.copy(addon, folder / ADDON)
    readme = (HERE / "platform/README.md").read_text(encoding="utf-8")
    (folder / "README.md").write_text(readme.replace("PLATFORM", name), encoding="utf-8")
    shutil.copy(HERE / "platform/prepack.cjs", folder)
    write(folder, {**platform_package(name), "files": [ADDON, "README.md", *legal(folder)]})


def pack(folder, target):
    """The archive of a package, which npm names. It takes modes as they are, and these are of the machine's umask."""
    for file in folder.rglob("*"):
        file.chmod(0o755 if file.is_dir() or file.suffix == ".node" else 0o644)
    common.run("npm", "pack", "--silent", "--pack-destination", target, cwd=folder)


def build(target):
    common.fresh(target)
    stages = common.TARGET / "packages/node"
    stage_main(stages / "landbridge")
    addons = dict(built())
    if not addons:
        sys.exit(f"no addon is in {common.LIBRARIES}: run `make dist-libraries` first")
    for name, addon in addons.items():
        stage_platform(stages / name, name, addon)
    for name in ["landbridge", *addons]:
        pack(stages / name, target)
    missing = [name for name in PLATFORMS if name not in addons]
    print(f"{target}: {', '.join(sorted(file.name for file in target.iterdir()))}; not built here: {', '.join(missing)}")


if __name__ == "__main__":
    build(pathlib.Path(sys.argv[1]).resolve() if sys.argv[1:] else common.DIST / "node")
