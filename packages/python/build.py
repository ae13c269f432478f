#!/usr/bin/env python3
"""Builds the packages of Python into dist/python: a wheel for each version of CPython, and the sources.

    python3 packages/python/build.py [wheels] [sources] [VERSION...]

maturin compiles the binding for each version; the engine below it is compiled once, by packages/libraries.py. The profile `dist`
builds every version. Where the interpreter of one is not here, its wheel is built all the same, from a description
(docs/adr/0043). The profile of the tests builds those that can be tried: each compilation takes a minute or more. A version
that is named, such as 3.14, is built in any case, and alone.
"""
import os
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common
import interpreters
import libraries
import sources

PROJECT = common.ROOT / "bindings-python"
OUT = common.DIST / "python"


def environment():
    """What Cargo built the libraries with, or it would compile the engine again."""
    env = libraries.environment() if common.PROFILE == "dist" else dict(os.environ)
    return {**env, "SOURCE_DATE_EPOCH": str(common.EPOCH)}


def wheel(version):
    """Compiles the binding for one version, and writes its wheel."""
    env, python = environment(), interpreters.find(version)
    if python is None:
        env["PYO3_CONFIG_FILE"] = str(interpreters.described(version))
    command = [interpreters.tools() / "maturin", "build", "--profile", common.PROFILE, "--locked", "--out", OUT,
               "--compression-level", "9", "--interpreter", python or f"python{version}", "--sbom-include", common.sbom("python")]
    # The profile leaves names in, for packages/report.py.
    common.run(*command, *(["--strip"] if common.PROFILE == "dist" else []), cwd=PROJECT, env=env, timeout=3600)
    [file] = OUT.glob(f"*-cp{version.replace('.', '')}-*.whl")
    print(f"{file.name}  {file.stat().st_size / 2**20:.1f} MiB{'' if python else '  (from a description)'}", flush=True)
    return file


def check(file):
    """What pip and the index would only find later: the tag is true, legal texts and types are there. packages/check.py looks for paths."""
    shown = common.run(interpreters.tools() / "auditwheel", "show", file)
    tag = file.stem.rsplit("-", 1)[1]
    if common.system()[0] == "linux" and f'"{tag}"' not in " ".join(shown.split()):
        sys.exit(f"{file.name} says {tag}, which is not what auditwheel finds:\n{shown}")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        for wanted in ("py.typed", "_native.pyi", "licenses/LICENSE", "licenses/THIRD-PARTY-NOTICES.md", ".cdx.json", "RECORD"):
            if not any(name.endswith(wanted) for name in names):
                sys.exit(f"{file.name} holds no {wanted}")


def built(named):
    """The versions whose wheels are built; the one at hand comes last, so that the tree has its library afterwards."""
    versions = named or [version for version in interpreters.VERSIONS if common.PROFILE == "dist" or interpreters.find(version)]
    return sorted(versions, key=lambda version: version == interpreters.here())


def main():
    named = [part for part in sys.argv[1:] if part in interpreters.VERSIONS]
    parts = [part for part in sys.argv[1:] if part not in named] or (["wheels"] if named else ["wheels", "sources"])
    if set(parts) - {"wheels", "sources"}:
        sys.exit(f"wheels, sources or one of {', '.join(interpreters.VERSIONS)}, but not {' '.join(parts)}")
    OUT.mkdir(parents=True, exist_ok=True)
    if "wheels" in parts:
        for old in OUT.glob("*.whl"):
            old.unlink()
        for version in built(named):
            check(wheel(version))
    if "sources" in parts:
        file = sources.write(OUT, PROJECT, interpreters.tools() / "maturin")
        print(f"{file.name}  {file.stat().st_size / 2**20:.1f} MiB", flush=True)
    common.run(interpreters.tools() / "twine", "check", "--strict", *sorted(OUT.iterdir()))


if __name__ == "__main__":
    main()
