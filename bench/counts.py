#!/usr/bin/env python3
"""Counts the instructions of a call, a callback, an instance and a row of a batch in each host that valgrind can run.

    make test-counts                            # compares with bench/counts.json, and fails where one has grown by more than a tenth
    python3 bench/counts.py --write             # writes counts.json and counts.md, when the growth is meant
    python3 bench/counts.py --only c,python     # a few hosts
"""

import argparse
import concurrent.futures
import json
import platform
import re
import subprocess
import sys

import callgrind
from drivers import HERE, HOSTS

KEPT = HERE / "counts.json"
# What is counted, the case of the drivers, a few and many iterations, and how many operations are in one.
COUNTED = {
    "call": ("add_i32", 1_000, 6_000, 1),
    "callback": ("callback", 1_000, 6_000, 1),
    "instance": ("instantiate", 20, 80, 1),
    "row": ("map_i32_1e5", 1, 3, 100_000),
}
# Java is not among them: a JVM under valgrind takes more than ten minutes. What it calls is counted in C.
RUNS = {name: HOSTS[name] for name in ["floor", "rust", "c", "cpp", "python"]} | {
    # Otherwise V8 compiles on other threads, when it likes.
    "node": ["node", "--single-threaded", "--predictable", *HOSTS["node"][1:]],
}
# By which tool's version a host's counts change without anybody's doing.
TOOLS = {"python": "python", "node": "node"}
MOST = 1.10


def tools():
    """What the counts hang on besides the code."""
    def version(command):
        said = subprocess.run(command, capture_output=True, text=True).stdout
        return re.search(r"(\d+\.\d+)", said)[1]

    return {"machine": platform.machine(), "rust": version(["rustc", "--version"]),
            "python": version(["python3", "--version"]), "node": version(["node", "--version"]).split(".")[0]}


def count(host):
    """Instructions by what is counted; what the driver has no case for is left out."""
    cases = [case for case, *_ in COUNTED.values()]
    driver = callgrind.Counted(host, [*RUNS[host], HERE / "bench.wat", HERE / "bench.wat", *cases])
    found = {}
    for what, (case, few, many, operations) in COUNTED.items():
        if case in driver.cases:
            found[what] = round(driver.instructions(case, few, many) / operations, 1)
            print(f"{host:8} {what:10} {found[what]:12,}", flush=True)
    driver.close()
    return found


def count_all(hosts):
    # Two at a time: each is one thread's work.
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        return dict(zip(hosts, two.map(count, hosts)))


def compare(kept, now):
    """Lines that say what has grown too much or is no longer there, and lines worth reading."""
    failures, notes = [], []
    for host, counts in now.items():
        for what, before in kept.get(host, {}).items():
            if what not in counts:
                failures.append(f"{host}: {what} is not counted any more: the driver has no case {COUNTED[what][0]}")
                continue
            ratio = counts[what] / before
            text = f"{host}: {what} takes {counts[what]:,} instructions, {before:,} before: {(ratio - 1) * 100:+.0f} %"
            if ratio > MOST:
                failures.append(text)
            elif ratio < 1 / MOST:
                notes.append(f"{text}. Keep it so: python3 bench/counts.py --write")
        notes += [f"{host}: {what} is new: python3 bench/counts.py --write" for what in counts if what not in kept.get(host, {})]
    return failures, notes


def comparable(kept, here, hosts):
    """The hosts whose counts may be compared here, and a line for each reason why others may not."""
    for tool, why in (("machine", "processor"), ("rust", "Rust")):
        if kept[tool] != here[tool]:
            return [], [f"skipped: counts are kept for the {why} {kept[tool]}, and this is {here[tool]}"]
    other = {host for host, tool in TOOLS.items() if host in hosts and kept[tool] != here[tool]}
    reasons = [f"skipped: {host}: counts are kept for {TOOLS[host]} {kept[TOOLS[host]]}, and this is {here[TOOLS[host]]}"
               for host in sorted(other)]
    return [host for host in hosts if host not in other], reasons


def markdown(kept):
    lines = ["<!-- Written by bench/counts.py --write; make test-counts compares with it. -->",
             "Instructions of one operation, counted by callgrind. `floor` is the engine without Landbridge. See [README.md](README.md#count-instructions).", "",
             "| | " + " | ".join(kept["counts"]) + " |", "| --- |" + " ---: |" * len(kept["counts"])]
    names = {"call": "a call of `add(i32, i32)`", "callback": "a host function called by the guest",
             "instance": "an instance, made and closed", "row": "a row of a batch of `add(i32, i32)`"}
    for what, name in names.items():
        cells = [counts.get(what) for counts in kept["counts"].values()]
        lines.append(f"| {name} | " + " | ".join("" if it is None else f"{it:,}" for it in cells) + " |")
    of = kept["of"]
    lines += ["", f"With Rust {of['rust']}, Python {of['python']} and Node.js {of['node']} on {of['machine']}."]
    return "\n".join(lines) + "\n"


def write(now, here):
    kept = json.loads(KEPT.read_text())["counts"] if KEPT.exists() else {}
    written = {"of": here, "counts": {host: now.get(host, kept.get(host)) for host in RUNS if host in now or host in kept}}
    KEPT.write_text(json.dumps(written, indent=1) + "\n")
    (HERE / "counts.md").write_text(markdown(written))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", default=",".join(RUNS))
    options = parser.parse_args()
    hosts, here = options.only.split(","), tools()
    try:
        callgrind.valgrind()
    except callgrind.NotHere as reason:
        print(f"skipped: instructions are not counted: {reason}")
        return
    if options.write:
        write(count_all(hosts), here)
        return
    kept = json.loads(KEPT.read_text())
    hosts, reasons = comparable(kept["of"], here, hosts)
    print("\n".join(reasons))
    failures, notes = compare(kept["counts"], count_all(hosts))
    print("\n".join(notes))
    if failures:
        print("\n".join(failures))
        sys.exit("FAILED: more than a tenth over bench/counts.json. Find the cause with callgrind (bench/README.md). "
                 "If it is meant: python3 bench/counts.py --write, and say why in the commit")
    print(f"{sum(map(len, kept['counts'].values()))} counts passed, {len(failures)} failed")


if __name__ == "__main__":
    main()
