#!/usr/bin/env python3
"""Writes the SDK for C and C++: dist/c/landbridge-VERSION-SYSTEM-PROCESSOR.tar.gz."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import linking  # noqa: E402

TEMPLATES = common.ROOT / "bindings-c/package"
CMAKE = "lib/cmake/landbridge"
DOC = "share/doc/landbridge"


def words():
    """What stands between @ in the templates."""
    version, (system, processor) = common.version(), common.system()
    number = re.search(r'SONAME: &str = "liblandbridge\.so\.(\d+)"', (common.ROOT / "bindings-c/build.rs").read_text(encoding="utf-8")).group(1)
    found = {"VERSION": version, "MAJOR": version.split(".")[0], "MAJOR_MINOR": ".".join(version.split(".")[:2])}
    found |= {"PLATFORM": f"{system} {processor}", "CMAKE_SYSTEM": {"linux": "Linux", "macos": "Darwin"}[system],
              "CMAKE_PROCESSOR": {"x86_64": "x86_64|amd64|AMD64|x64", "aarch64": "aarch64|arm64|ARM64"}[processor]}
    if system == "macos":
        return found | {"SONAME": f"@rpath/liblandbridge.{number}.dylib", "SHARED": f"liblandbridge.{version}.dylib", "PRIVATE": "",
                        "LINKS": [f"liblandbridge.{number}.dylib", "liblandbridge.dylib"]}
    return found | {"SONAME": f"liblandbridge.so.{number}", "SHARED": f"liblandbridge.so.{version}", "PRIVATE": "-lpthread -ldl -lm",
                    "LINKS": [f"liblandbridge.so.{number}", "liblandbridge.so"]}


def needs(shared):
    """The least version of glibc that a library runs with, in a sentence; nothing elsewhere."""
    if common.system()[0] != "linux":
        return ""
    found = set(re.findall(r"GLIBC_(\d+)\.(\d+)", common.run("objdump", "--dynamic-syms", shared)))
    major, minor = max((int(major), int(minor)) for major, minor in found)
    return f"The libraries need glibc {major}.{minor} or newer; `ldd --version` tells yours. On Alpine and others with musl, build from source."


def filled(name, told):
    """A template with its words, as bytes."""
    text = (TEMPLATES / f"{name}.in").read_text(encoding="utf-8")
    for word, value in told.items():
        text = text.replace(f"@{word}@", str(value))
    return text.encode()


def sdk(folder):
    """All files of the SDK, by their places in it."""
    told = words()
    link = linking.linux if common.system()[0] == "linux" else linking.as_built
    shared, static = link(folder, told["SONAME"])
    told["NEEDS"] = needs(shared)
    include = common.ROOT / "bindings-c/include"
    files = [(f"include/{file.relative_to(include)}", file, 0o644) for file in include.rglob("*") if file.suffix in (".h", ".hpp", ".json")]
    files += [(f"lib/{told['SHARED']}", shared, 0o755), ("lib/liblandbridge.a", static, 0o644)]
    before = told["SHARED"]
    for link_name in told["LINKS"]:
        files.append((f"lib/{link_name}", common.Link(before), 0o777))
        before = link_name
    files.append(("lib/pkgconfig/landbridge.pc", filled("landbridge.pc", told), 0o644))
    files += [(f"{CMAKE}/{name}", filled(name, told), 0o644)
              for name in ("landbridgeConfig.cmake", "landbridgeConfigVersion.cmake", "landbridgeTargets.cmake")]
    files += [(name, filled(name, told), 0o644) for name in ("CMakeLists.txt", "Makefile", "README.md")]
    files.append(("install.sh", TEMPLATES / "install.sh", 0o755))
    files += [(f"{DOC}/{file.name}", file, 0o644) for file in common.LEGAL]
    return [*files, (f"{DOC}/landbridge.cdx.json", common.sbom("c"), 0o644)]


def main():
    name = "-".join(("landbridge", common.version(), *common.system()))
    target = common.fresh(common.DIST / "c") / f"{name}.tar.gz"
    with tempfile.TemporaryDirectory() as folder:
        files = sdk(pathlib.Path(folder))
        common.tar_gz(target, [(f"{name}/{place}", source, mode) for place, source, mode in files])
        for place, source, _ in files:
            if place.startswith("lib/lib") and isinstance(source, pathlib.Path):
                print(f"  {place}  {source.stat().st_size / 2**20:.2f} MiB")
    print(f"{target.relative_to(common.ROOT)}  {target.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
