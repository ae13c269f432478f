#!/usr/bin/env python3
"""Measures ten kernels natively, in V8, and in Landbridge with and without what ends a guest; README.md says how to read it.

    python3 bench/kernels.py [STARTS [ROUNDS [LANES]]]       # 5 20 native,v8,...
    python3 bench/kernels.py --checksums                     # writes what the native build returns into kernels/sizes.json
"""

import json
import math
import statistics
import subprocess
import sys

from drivers import HERE, ROOT, RUST, Driver

KERNELS = HERE / "kernels/sizes.json"
WASM = HERE / "kernels.wasm"
NATIVE = ROOT / "target/bench/kernels/release/kernels-native"
LANES = {
    "native": [NATIVE],
    "v8": ["node", HERE / "node/kernels.mjs", WASM],
    "floor": [RUST, "kernels", "floor", WASM],
    "trusted": [RUST, "kernels", "trusted", WASM],
    "default": [RUST, "kernels", "default", WASM],
    "fuel": [RUST, "kernels", "fuel", WASM],
}
MEANS = {
    "native": "the same source, compiled for this machine",
    "v8": "Node's own WebAssembly",
    "floor": "the engine alone, without anything that ends a guest",
    "trusted": "Landbridge with `interruptible` off",
    "default": "Landbridge as it is",
    "fuel": "Landbridge with a limit of fuel",
}


def arguments(kernels):
    return [f"{name}={it['size']}={it['checksum']}" for name, it in kernels.items()]


def measure(lanes, kernels, starts, rounds):
    """The nanoseconds of all batches, by lane and kernel. A process may be slow for its whole life, so that each is started several times."""
    samples = {lane: {name: [] for name in kernels} for lane in lanes}
    for _ in range(starts):
        drivers = [Driver(lane, [*LANES[lane], *arguments(kernels)]) for lane in lanes]
        for driver in drivers:
            driver.calibrate(kernels)
        for _ in range(rounds):
            for name in kernels:
                for driver in drivers:
                    driver.sample(name)
        for driver in drivers:
            driver.close()
            for name, batches in driver.samples.items():
                samples[driver.name][name] += batches
    return samples


def rows(samples, base):
    """One for each lane and kernel; ratios are those of the minima."""
    return [
        {
            "case": name,
            "lane": lane,
            "ns_min": round(min(batches)),
            "ns_median": round(statistics.median(batches)),
            "ratio": round(min(batches) / min(samples[base][name]), 2),
        }
        for lane, kernels in samples.items()
        for name, batches in kernels.items()
    ]


def markdown(found, lanes, base, starts, rounds):
    cell = {(row["case"], row["lane"]): row for row in found}
    names = list(dict.fromkeys(row["case"] for row in found))
    lines = [
        f"Microseconds: minimum (ratio to {base}) median, of {starts * rounds} batches in {starts} processes a lane, interleaved. "
        "The last row is the geometric mean of the ratios.",
        "",
        *(f"- `{lane}`: {MEANS[lane]}" for lane in lanes),
        "",
        "| kernel | " + " | ".join(lanes) + " |",
        "| --- |" + " ---: |" * len(lanes),
    ]
    for name in names:
        cells = [cell[name, lane] for lane in lanes]
        shown = [f"{c['ns_min'] / 1000:,.0f} ({c['ratio']}x) {c['ns_median'] / 1000:,.0f}" for c in cells]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    means = [math.prod(cell[name, lane]["ratio"] for name in names) ** (1 / len(names)) for lane in lanes]
    lines.append("| all | " + " | ".join(f"{mean:.2f}x" for mean in means) + " |")
    return "\n".join(lines) + "\n"


def write_checksums(kernels):
    """Asks the native build, which says what it returned instead of nothing."""
    for name, it in kernels.items():
        made = subprocess.run([NATIVE, f"{name}={it['size']}=?"], capture_output=True, text=True)
        it["checksum"] = int(made.stderr.split('left: "')[1].split('"')[0])
    lines = [f' "{name}": {json.dumps(it)}' for name, it in kernels.items()]
    KERNELS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    kernels = json.loads(KERNELS.read_text())
    if sys.argv[1:] == ["--checksums"]:
        return write_checksums(kernels)
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    lanes = sys.argv[3].split(",") if len(sys.argv) > 3 else list(LANES)
    samples = measure(lanes, kernels, starts, rounds)
    found = rows(samples, lanes[0])
    text = markdown(found, lanes, lanes[0], starts, rounds)
    print(text)
    if lanes == list(LANES):
        (HERE / "kernels.json").write_text(json.dumps(found, indent=1) + "\n")
        (HERE / "kernels.md").write_text(text)


if __name__ == "__main__":
    main()
