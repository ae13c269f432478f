#!/usr/bin/env python3
"""Builds the packages twice from the same libraries, and compares the bytes: packages/same.py [PART...]

A second run starts from an empty dist/ and a time that is not the first one's, in another time zone and another language.
"""
import hashlib
import os
import shutil
import sys
import time

import common

ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "JAVA_TOOL_OPTIONS": "-Duser.language=de -Duser.country=DE"}
PARTS = ["c", "java", "python", "node", "rust"]


def build(parts, where=None):
    """The packages of some parts, as checksums by name."""
    for part in parts:
        common.run(sys.executable, common.ROOT / "packages" / part / "build.py", cwd=common.ROOT, timeout=3600,
                   env={**os.environ, "LANDBRIDGE_PROFILE": common.PROFILE, **(where or {})})
    return {str(file.relative_to(common.DIST)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in common.DIST.rglob("*") if file.is_file() and file.name not in ("SHA256SUMS", "report.md")}


def main():
    parts = sys.argv[1:] or PARTS
    first = build(parts)
    kept = common.DIST.with_name("dist.first")
    shutil.rmtree(kept, ignore_errors=True)
    common.DIST.rename(kept)
    # Archives that keep the time of day know seconds, and zip every second one.
    time.sleep(2)
    second = build(parts, ELSEWHERE)
    differing = sorted(name for name in first.keys() | second.keys() if name in second and first.get(name) != second[name])
    lost = sorted(name for name in first if name not in second and name.split("/")[0] in parts)
    if differing or lost:
        sys.exit("not the same when built twice (the first is in dist.first/):\n" + "\n".join(differing + lost))
    # The second one has only these parts.
    shutil.rmtree(common.DIST)
    kept.rename(common.DIST)
    print(f"the same bytes twice: {len(second)} files of {' '.join(parts)}")


if __name__ == "__main__":
    main()
