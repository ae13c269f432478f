#!/usr/bin/env python3
"""Measures calls of components in Rust; see README.md for the cases and the lanes."""

import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RUST = HERE.parent / "target/release/landbridge-bench"
LANES = ["floor", "frame", "typed", "value", "copy"]


def measure(program, starts, rounds):
    """All batches of all cases. A process may be slow for its whole life, so that several are started."""
    samples = {}
    for _ in range(starts):
        command = [program, "components", HERE / "component.wasm", str(rounds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            case, lane, *batches = line.split()
            samples.setdefault(case, {}).setdefault(lane, []).extend(map(float, batches))
    return samples


def table(samples):
    """One row per case and lane; ratios are to the floor's."""
    return [
        {
            "case": case,
            "lane": lane,
            "ns_min": round(min(batches), 1),
            "ns_median": round(statistics.median(batches), 1),
            "ratio": round(min(batches) / min(lanes["floor"]), 2),
            "ratio_of_medians": round(statistics.median(batches) / statistics.median(lanes["floor"]), 2),
        }
        for case, lanes in samples.items()
        for lane, batches in lanes.items()
    ]


def markdown(rows, starts, rounds):
    lines = [
        "Nanoseconds per operation: minimum (ratio of minima) median (ratio of medians), of "
        f"{starts * rounds} batches of about 1 ms each, in {starts} processes, cases and lanes interleaved.",
        "",
        "| case | " + " | ".join(LANES) + " |",
        "| --- |" + " ---: |" * len(LANES),
    ]
    cell = {(row["case"], row["lane"]): row for row in rows}
    for case in dict.fromkeys(row["case"] for row in rows):
        texts = []
        for lane in LANES:
            c = cell.get((case, lane))
            texts.append(
                f"{c['ns_min']:,} ({c['ratio']}x) {c['ns_median']:,} ({c['ratio_of_medians']}x)" if c else ""
            )
        lines.append(f"| {case} | " + " | ".join(texts) + " |")
    return "\n".join(lines) + "\n"


def main():
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    program = sys.argv[3] if len(sys.argv) > 3 else RUST
    rows = table(measure(program, starts, rounds))
    text = markdown(rows, starts, rounds)
    print(text)
    if len(sys.argv) == 1:
        (HERE / "components.json").write_text(json.dumps(rows, indent=1) + "\n")
        (HERE / "components.md").write_text(text)


if __name__ == "__main__":
    main()
