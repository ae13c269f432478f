#!/usr/bin/env python3
"""Measures every host in one run, interleaved; see README.md for the protocol and the cases.

    python3 bench/run.py                        # what `make bench` runs: five starts of each driver
    python3 bench/run.py 1 20 c,python          # a quick look: one start, 20 rounds, two hosts; writes no files
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import border
import plot
from cases import ALONE, IN_TURN, OF_THREADS, ORDER, ROWS, WITHOUT, base
from drivers import BATCH_NS, HERE, HOSTS, ROOT, RUST, Driver
from large import large_module

LARGE = ROOT / "target/bench/large.wasm"
# What one case of a driver may take in all, by how many rounds there are.
MOST_NS_A_ROUND = 4_000_000
NAMES = {"floor": "the engine itself, in Rust", "rust": "Rust", "c": "C", "cpp": "C++", "java": "Java 17", "java25": "Java 25",
         "python": "Python", "node": "Node.js"}
# Those whose drivers have cases of threads.
THREADED = {"c"}
COLOURS = dict(zip(NAMES, ["#8c959f", "#b7410e", "#5c6bc0", "#00599c", "#e76f00", "#f5a623", "#3776ab", "#3c873a"]))


def hosts_here():
    """All hosts, and Java once more on a JDK of 22 or later if there is one: there it calls back another way."""
    newer = [it for it in sorted(pathlib.Path("/usr/lib/jvm").glob("*")) if "25" in it.name and (it / "bin/java").exists()]
    java25 = os.environ.get("JAVA25") or (newer and str(newer[0] / "bin/java"))
    return HOSTS | ({"java25": ["env", f"JAVA={java25}", "JAVA_OPTIONS=--enable-native-access=ALL-UNNAMED", *HOSTS["java"]]} if java25 else {})


def in_turn(hosts, rounds, cases, batch_ns=BATCH_NS):
    """Batches of all hosts that are there, case by case: host, case, nanoseconds of an operation."""
    drivers = [Driver(host, [*command, HERE / "bench.wat", LARGE], rounds * max(MOST_NS_A_ROUND, batch_ns), batch_ns)
               for host, command in hosts.items()]
    for driver in drivers:
        driver.calibrate([case for case in cases if case in driver.cases])
        if OF_THREADS[0] in driver.iterations:
            # One thread knows best how often: many may wait for each other at the very first call.
            driver.iterations = dict.fromkeys(driver.iterations, driver.iterations[OF_THREADS[0]])
    for _ in range(rounds):
        for case in cases:
            for driver in drivers:
                if case in driver.iterations:
                    driver.sample(case)
    for driver in drivers:
        driver.close()
        for case, batches in driver.samples.items():
            yield from ((driver.name, case, ns / ROWS.get(case, 1)) for ns in batches)


def alone(hosts, rounds):
    """Cases that a process of its own runs, and nobody else beside it."""
    for host, command in hosts.items():
        for case in ALONE:
            for _, _, ns in in_turn({host: command}, rounds, [case]):
                yield host, f"{case}_alone", ns


def measure(hosts, starts, rounds):
    """All batches by host and case. A process may be slow for its whole life, so that each is started several times."""
    samples = {host: {} for host in hosts}
    begin = time.monotonic()
    with_threads = {host: command for host, command in hosts.items() if host in THREADED}
    few = max(rounds // 3, 5)
    for number in range(starts):
        # A batch of threads must be long enough for them to meet.
        for what, batches in (("in turn", in_turn(hosts, rounds, IN_TURN)), ("alone", alone(hosts, few)),
                              ("threads", in_turn(with_threads, few, OF_THREADS, 10 * BATCH_NS))):
            for host, case, ns in batches:
                samples[host].setdefault(case, []).append(ns)
            print(f"start {number + 1} of {starts}, {what}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    return samples


def live_mib():
    """What 10,000 instances that live take, in MiB."""
    said = subprocess.run([RUST, "live", HERE / "data.wat", "10000"], capture_output=True, text=True, check=True)
    return round(int(said.stdout) / 1024, 1)


def table(samples):
    """One row per host and case; ratios are of minima to the floor's."""
    floor = {case: min(batches) for case, batches in samples["floor"].items()}
    rows = []
    for host, cases in samples.items():
        for case in [case for case in ORDER if case in cases]:
            least, of = min(cases[case]), floor.get(base(case))
            rows.append({"host": host, "case": case, "ns": round(least, 2), "ns_median": round(statistics.median(cases[case]), 2),
                         "ratio": round(least / of, 2) if of and case not in WITHOUT else None})
    return rows


def typical(case, batches):
    """What is compared with an aim: the minimum, but for threads that wait for each other. They may never have met in the fastest batch."""
    return statistics.median(batches) if case.startswith(("one_store", "mutex")) else min(batches)


def cell(row):
    if not row:
        return ""
    ratio = f" ({row['ratio']}x)" if row["ratio"] is not None else ""
    return f"{row['ns']:,}{ratio} {row['ns_median']:,}"


def markdown(rows, starts, rounds):
    hosts = list(dict.fromkeys(row["host"] for row in rows))
    cells = {(row["host"], row["case"]): row for row in rows}
    lines = [f"Nanoseconds per operation, of a batch per row: minimum (ratio to the floor) median, of {starts} processes a host with up to {rounds} "
             "batches of about 1 ms each, hosts interleaved. A case that a language does not have is empty.", "",
             "| case | " + " | ".join(hosts) + " |", "| --- |" + " ---: |" * len(hosts)]
    for case in [case for case in ORDER if any((host, case) in cells for host in hosts)]:
        lines.append(f"| {case} | " + " | ".join(cell(cells.get((host, case))) for host in hosts) + " |")
    return "\n".join(lines) + "\n"


PANELS = [
    ("add_i32", "Call a function", "add(2, 3), looked up before; with a timeout or cancelling possible"),
    ("by_name", "Call a function by its name", "the same, and looked up each time"),
    ("callback", "A function of yours, called by the guest", "one integer in, one out"),
    ("map_i32_1e5", "A row of a batch", "add over two columns of 100,000 integers in one crossing, copies included, divided by the rows"),
    ("instantiate", "A new instance, and its end", "two functions, 17 pages of memory"),
    ("instantiate_pooled", "The same with data, from an engine with slots", "opt-in: pool_slots"),
    ("load_path_alone", "Load a module of 1 MiB from a file, compiled before", "its code comes from the cache"),
    ("copy_64", "64 bytes into the guest's memory and back", "two calls of the memory"),
]


def plotted(rows, aimed_ns):
    ns = {(row["host"], row["case"]): row["ns"] for row in rows}
    panels = [(heading, note, [(NAMES[host].split(",")[0], ns[host, case], COLOURS[host], aimed_ns.get((host, case)))
                               for host in NAMES if (host, case) in ns]) for case, heading, note in PANELS]
    colours = {NAMES[host]: COLOURS[host] for host in NAMES if any(key[0] == host for key in ns)}
    return plot.picture("What a crossing costs in each language", [
        "Each bar is the time of one operation, in the fastest of many short batches: shorter is better. Each part has a scale of its own.",
        "The grey bar is the engine (wasmtime) without Landbridge, called from Rust: no binding can be faster."], colours, panels)


def main():
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    every = hosts_here()
    names = sys.argv[3].split(",") if len(sys.argv) > 3 else list(every)
    LARGE.parent.mkdir(parents=True, exist_ok=True)
    LARGE.write_bytes(large_module(1 << 20))
    samples = measure({host: every[host] for host in dict.fromkeys(["floor", *names])}, starts, rounds)
    rows = table(samples)
    least = {host: {case: typical(case, it) for case, it in cases.items()} for host, cases in samples.items()}
    aimed = list(border.rows(least, live_mib()))
    text = f"{border.markdown(aimed)}\n{markdown(rows, starts, rounds)}"
    print(text)
    if names == list(every):
        limits = {(host, case): limit for _, host, case, limit, _ in border.aims(least) if limit}
        (HERE / "results.json").write_text(json.dumps({"aims": aimed, "cases": rows}, indent=1) + "\n")
        (HERE / "results.md").write_text(text)
        (HERE / "results.svg").write_text(plotted(rows, limits))


if __name__ == "__main__":
    main()
