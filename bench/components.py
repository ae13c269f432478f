#!/usr/bin/env python3
"""Measures calls of components in every host and in peers, interleaved; README.md has the cases and the lanes."""

import json
import statistics
import sys

import aims
from drivers import HERE, PYTHON, ROOT, RUST, Driver

PEERS = ROOT / "target/bench/peers"
COMPONENT = HERE / "component.wasm"

# How each driver is started; `make bench` builds them all first.
OURS = {
    "floor": [RUST, "component", "floor"],
    "frame": [RUST, "component", "frame"],
    "rust": [RUST, "component", "rust"],
    "value": [RUST, "component", "value"],
    "c": [ROOT / "target/bench/c-components"],
    "cpp": [ROOT / "target/bench/cpp-components"],
    "java": [HERE / "java/components.sh"],
    "python": [PYTHON, HERE / "python/components.py"],
    "node": ["node", HERE / "node/components.mjs"],
}
OF_PEERS = {
    "wasmtime-c": [PEERS / "wasmtime-c", COMPONENT],
    "wasmtime-py": [PEERS / "venv/bin/python", HERE / "peers/wasmtime_py.py", COMPONENT],
    "jco": ["node", HERE / "peers/jco.mjs", PEERS / "jco"],
}
LANES = {lane: [*command, COMPONENT, HERE / "bench.wat"] for lane, command in OURS.items()} | OF_PEERS
# What one case of a driver may take in all, by how many rounds there are.
MOST_NS_A_ROUND = 5_000_000


def measure(lanes, starts, rounds):
    """All batches, by lane and case. A process may be slow for its whole life, so that each is started several times."""
    samples = {lane: {} for lane in lanes}
    for _ in range(starts):
        drivers = [Driver(lane, LANES[lane], rounds * MOST_NS_A_ROUND) for lane in lanes]
        for driver in drivers:
            driver.calibrate(driver.cases)
            for _, case, copy in aims.TO_COPY:
                # So that a collector has as much to do, the one behind the other.
                if copy in driver.iterations:
                    driver.iterations[copy] = driver.iterations[case]
        cases = ordered([case for driver in drivers for case in driver.cases])
        for _ in range(rounds):
            for case in cases:
                for driver in drivers:
                    if case in driver.iterations:
                        driver.sample(case)
        for driver in drivers:
            driver.close()
            for case, batches in driver.samples.items():
                samples[driver.name].setdefault(case, []).extend(batches)
    return samples


def ordered(cases):
    """Each once. Copies stand behind what is compared with them."""
    copies = {case: copy for _, case, copy in aims.TO_COPY}
    first = [case for case in dict.fromkeys(cases) if case not in copies.values()]
    return [it for case in first for it in [case, copies.get(case)] if it]


def table(samples):
    """One row per case and lane; ratios are to the floor's, where it has the case."""
    floor = samples["floor"]
    return [
        {
            "case": case,
            "lane": lane,
            "ns_min": round(min(batches), 1),
            "ns_median": round(statistics.median(batches), 1),
            "ratio": round(min(batches) / min(floor[case]), 2) if case in floor else None,
        }
        for lane, cases in samples.items()
        for case, batches in cases.items()
    ]


def text(c):
    ratio = f" ({c['ratio']}x)" if c["ratio"] is not None else ""
    return f"{c['ns_min']:,}{ratio} {c['ns_median']:,}"


def markdown(rows, lanes, starts, rounds):
    cell = {(row["case"], row["lane"]): row for row in rows}
    lines = [
        "Nanoseconds per operation: minimum (ratio to the floor's) median, of up to "
        f"{starts * rounds} batches of about 1 ms each, in {starts} processes a lane, cases and lanes interleaved.",
        "",
        "| case | " + " | ".join(lanes) + " |",
        "| --- |" + " ---: |" * len(lanes),
    ]
    for case in dict.fromkeys(row["case"] for row in rows):
        cells = [cell.get((case, lane)) for lane in lanes]
        lines.append(f"| {case} | " + " | ".join(text(c) if c else "" for c in cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    lanes = sys.argv[3].split(",") if len(sys.argv) > 3 else list(LANES)
    samples = measure(dict.fromkeys(["floor", *lanes]), starts, rounds)
    rows = table(samples)
    least = {lane: {case: min(it) for case, it in cases.items()} for lane, cases in samples.items()}
    aimed = list(aims.rows(least))
    text = f"{aims.markdown(aimed)}\n{markdown(rows, list(samples), starts, rounds)}"
    print(text)
    if lanes == list(LANES):
        written = {"aims": aimed, "cases": rows}
        (HERE / "components.json").write_text(json.dumps(written, indent=1) + "\n")
        (HERE / "components.md").write_text(text)


if __name__ == "__main__":
    main()
