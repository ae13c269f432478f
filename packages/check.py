#!/usr/bin/env python3
"""Looks into every package of dist/: each has its licences and its bill of materials, and none holds a path of this machine.

    python3 packages/check.py

Writes dist/SHA256SUMS if all is well. Paths are only looked for in what the profile `dist` built: the libraries of the tests hold some.
"""
import hashlib
import io
import os
import pathlib
import sys
import tarfile
import tempfile
import zipfile

import common

ZIPS, TARS = (".whl", ".jar"), (".tar.gz", ".tgz", ".crate")
LIBRARIES = (".so", ".dylib", ".dll", ".node", ".a", ".lib", ".exe")


def paths():
    """Folders that mean something on this machine alone."""
    home = pathlib.Path.home()
    folders = [common.ROOT, common.TARGET, os.environ.get("CARGO_HOME", home / ".cargo"), os.environ.get("RUSTUP_HOME", home / ".rustup"),
               pathlib.Path(tempfile.gettempdir()) / "landbridge-"]
    return [str(folder).encode() for folder in folders]


def members(name, data):
    """The files in an archive, those in archives within it too, by a name that says where they are."""
    if name.endswith(ZIPS):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [(one.filename, archive.read(one)) for one in archive.infolist() if not one.is_dir()]
    elif name.endswith(TARS):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            files = [(one.name, archive.extractfile(one).read()) for one in archive if one.isfile()]
    else:
        yield name, data
        return
    for inner, content in files:
        yield from ((f"{name}!{below}", found) for below, found in members(inner, content))


def missing(name, inside):
    """What a package lacks of what it has to hold."""
    has_library = any(file.endswith(LIBRARIES) or "/bin/landbridge" in file for file in inside)
    wanted = ["LICENSE"]
    # A crate, a jar of sources and a jar of documents hold no code of others.
    if has_library or name.endswith(".whl"):
        wanted += ["THIRD-PARTY-NOTICES.md", ".cdx.json"]
    return [want for want in wanted if not any(file.endswith(want) for file in inside)]


def problems():
    needles = paths() if common.PROFILE == "dist" else []
    for file in sorted(path for path in common.DIST.rglob("*") if path.is_file()):
        place = str(file.relative_to(common.DIST))
        found = list(members(place, file.read_bytes()))
        for name, data in found:
            for needle in needles:
                if needle in data:
                    at = data.index(needle)
                    yield f"{name} holds a path of this machine: {data[at:at + 100]!r}"
        if place.endswith(ZIPS + TARS):
            for what in missing(place, [name for name, _ in found]):
                yield f"{place} holds no {what}"


def sums():
    lines = []
    for file in sorted(path for path in common.DIST.rglob("*") if path.is_file()):
        if file.name not in ("SHA256SUMS", "report.md"):
            lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(common.DIST)}\n")
    (common.DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return len(lines)


def main():
    found = list(problems())
    if found:
        sys.exit("\n".join(found))
    print(f"{sums()} files of dist/ hold their licences and bills of materials" +
          (", and no path of this machine" if common.PROFILE == "dist" else ""))


if __name__ == "__main__":
    main()
