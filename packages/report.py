#!/usr/bin/env python3
"""Writes dist/report.md: how large each library and package is, what is in the libraries, and what a start costs in each host.

    python3 packages/report.py              # fails if a library is over its budget, or a start is over twice its own
    python3 packages/report.py --no-start   # without measuring starts

Sizes decide, since they are the same on every machine. A start is measured and told; what else the machine does only adds to it,
so that only what is far off fails.
"""
import collections
import gzip
import lzma
import re
import subprocess
import sys

import common
import libraries
import start

MIB = 2 ** 20
# For a library with WASI 0.1; one that has WASI 0.2 and HTTP may have 18 MiB.
LIBRARY_MIB = 14
COMPRESSED_MIB = 6.5
# Crates whose generic functions and traits are made for the types of others: the type says whose code it is.
GENERIC = {"core", "alloc", "std", "hashbrown", "smallvec", "indexmap", "serde_core", "serde", "anyhow", "once_cell", "rayon",
           "rayon_core", "postcard", "serde_json", "crossbeam_epoch", "bumpalo"}


def mib(size):
    return f"{size / MIB:.2f}"


def sizes(file):
    data = file.read_bytes()
    return len(data), len(gzip.compress(data, 9, mtime=0)), len(lzma.compress(data, preset=6))


def table(head, rows):
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, rule, *rows]) + "\n"


def crate_of(name):
    """The crate that a function's code belongs to, by its name as `nm` tells it."""
    told = [crate for crate in re.findall(r"(?<![:\w>])([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::", name)]
    owners = [crate for crate in told if crate not in GENERIC]
    return (owners or told or ["C, assembler and others"])[0]


def contents(file):
    """Bytes of code and data by crate, most first, from what the linker knew before names were taken out."""
    listed = file.with_suffix(".symbols")
    if not listed.exists():
        return []
    by_crate = collections.Counter()
    for line in listed.read_text(encoding="utf-8").splitlines():
        match = re.match(r"[0-9a-f]+ ([0-9a-f]+) \w (.*)", line)
        if match:
            by_crate[crate_of(match[2])] += int(match[1], 16)
    return by_crate.most_common(25)


def sections(file):
    """What else a library is made of: tables for unwinding, relocations, constants."""
    told = subprocess.run(["size", "-A", file], capture_output=True, text=True, timeout=60)
    found = [line.split()[:2] for line in told.stdout.splitlines() if re.match(r"\.\S+\s+\d+", line)]
    return sorted(((name, int(size)) for name, size in found if int(size) > 32 * 1024), key=lambda one: -one[1])


def native(lines, wrong):
    rows = []
    for file in libraries.built():
        whole, zipped, packed = sizes(file)
        rows.append([file.name, mib(whole), mib(zipped), mib(packed)])
        if whole > LIBRARY_MIB * MIB or zipped > COMPRESSED_MIB * MIB:
            wrong.append(f"{file.name} has {mib(whole)} MiB, {mib(zipped)} compressed; {LIBRARY_MIB} and {COMPRESSED_MIB} are allowed")
    lines += [f"## Libraries, profile `{common.PROFILE}`\n",
              f"In MiB. A library may have {LIBRARY_MIB}, and {COMPRESSED_MIB} compressed as wheels, jars and npm do it (deflate).\n",
              table(["file", "size", "deflate", "xz"], rows)]


def packages(lines):
    rows = []
    for file in sorted(common.DIST.rglob("*")):
        if file.is_file() and file.suffix in (".whl", ".gz", ".tgz", ".jar", ".crate"):
            rows.append([str(file.relative_to(common.DIST)), mib(file.stat().st_size)])
    if rows:
        lines += ["## Packages\n", "In MiB.\n", table(["file", "size"], rows)]


def inside(lines):
    file = libraries.built()[2]
    found = contents(file)
    if found:
        lines += [f"## What is in {file.name}\n", "Code and data of each crate; generic code counts for the crate whose types it is made for.\n",
                  table(["crate", "KiB"], [[name, size // 1024] for name, size in found])]
    if sections(file):
        lines += ["By section:\n", table(["section", "KiB"], [[name, size // 1024] for name, size in sections(file)])]


def starts(lines, wrong):
    rows = []
    for name, bare, loaded in start.measured(20):
        more = loaded - bare
        rows.append([name, f"{bare:.1f}", f"{loaded:.1f}", f"{more:.1f}", start.BUDGETS[name]])
        if more > 2 * start.BUDGETS[name]:
            wrong.append(f"a start in {name} takes {more:.0f} ms of CPU more than without Landbridge: {start.BUDGETS[name]} are allowed")
    if rows:
        lines += ["## Start\n", "Milliseconds of CPU, the least of 20 processes each, `packages/start.py`.\n",
                  table(["host", "bare", "with Landbridge", "more", "budget"], rows)]


def main():
    common.DIST.mkdir(exist_ok=True)
    lines, wrong = [f"# Landbridge {common.version()}, {'-'.join(common.system())}\n"], []
    native(lines, wrong)
    packages(lines)
    inside(lines)
    if "--no-start" not in sys.argv:
        starts(lines, wrong)
    (common.DIST / "report.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
