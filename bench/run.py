#!/usr/bin/env python3
"""Measures every host in one run, interleaved; see README.md for the protocol and the cases."""

import json
import statistics
import sys

from drivers import HERE, PYTHON, ROOT, RUST, Driver

LARGE = ROOT / "target/bench/large.wasm"

# How each host's driver is started; `make bench` builds them all first.
DRIVERS = {
    "floor": [RUST, "floor"],
    "rust": [RUST, "rust"],
    "c": [ROOT / "target/bench/c"],
    "cpp": [ROOT / "target/bench/cpp"],
    "java": [HERE / "java/driver.sh"],
    "python": [PYTHON, HERE / "python/driver.py"],
    "node": ["node", HERE / "node/driver.mjs"],
}
CASES = [
    "empty", "add_i32", "add_i64", "add_f64", "by_name", "callback",
    "instantiate", "load", "write_1mib", "read_1mib",
]
# These have no counterpart of their own in the floor: their ratio is to its add_i32.
TO_ADD = {"empty", "by_name", "callback"}


def leb(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def large_module(size):
    """A module of about so many bytes: functions of some 300 bytes, as compilers make them, each calling the one before."""

    def section(kind, items):
        body = leb(len(items)) + b"".join(items)
        return bytes([kind]) + leb(len(body)) + body

    def function(i):
        before = b"\x20\x00\x20\x01\x10" + leb(i - 1) if i else b"\x20\x00"
        steps = b"".join(b"\x20\x01\x6a\x41" + leb(i * 7 % 64) + b"\x73" for _ in range(60))
        body = b"\x00" + before + steps + b"\x0b"
        return leb(len(body)) + body

    functions, length = [], 0
    while length < size - size // 60:
        functions.append(function(len(functions)))
        length += len(functions[-1]) + 1
    return b"".join([
        b"\x00asm\x01\x00\x00\x00",
        section(1, [b"\x60\x02\x7f\x7f\x01\x7f"]),
        section(3, [b"\x00"] * len(functions)),
        section(7, [b"\x03run\x00" + leb(len(functions) - 1)]),
        section(10, functions),
    ])


def measure(hosts, rounds):
    LARGE.parent.mkdir(parents=True, exist_ok=True)
    LARGE.write_bytes(large_module(1 << 20))
    drivers = [Driver(host, [*DRIVERS[host], HERE / "bench.wat", LARGE]) for host in hosts]
    for driver in drivers:
        driver.calibrate(CASES)
    for _ in range(rounds):
        for case in CASES:
            for driver in drivers:
                driver.sample(case)
    for driver in drivers:
        driver.close()
    return {driver.name: driver.samples for driver in drivers}


def table(samples):
    """One row per host and case; ratios are of minima to the floor's."""
    floor = {case: min(samples["floor"][case]) for case in CASES}
    return [
        {
            "host": host,
            "case": case,
            "ns_min": round(min(cases[case]), 1),
            "ns_median": round(statistics.median(cases[case]), 1),
            "ratio": round(min(cases[case]) / floor["add_i32" if case in TO_ADD else case], 2),
        }
        for host, cases in samples.items()
        for case in CASES
    ]


def markdown(rows, rounds):
    hosts = list(dict.fromkeys(row["host"] for row in rows))
    cell = {(row["host"], row["case"]): row for row in rows}
    lines = [
        f"Nanoseconds per operation: minimum (ratio) median, of {rounds} batches of about 1 ms each, "
        "hosts interleaved.",
        "",
        "| case | " + " | ".join(hosts) + " |",
        "| --- |" + " ---: |" * len(hosts),
    ]
    for case in CASES:
        cells = [cell[host, case] for host in hosts]
        texts = [f"{c['ns_min']:,} ({c['ratio']}x) {c['ns_median']:,}" for c in cells]
        lines.append(f"| {case} | " + " | ".join(texts) + " |")
    return "\n".join(lines) + "\n"


def plot(rows):
    """Bars of the ratios of the calls, a group for each case."""
    calls = ["add_i32", "add_i64", "add_f64", "by_name", "callback"]
    hosts = [h for h in dict.fromkeys(row["host"] for row in rows) if h != "floor"]
    colours = dict(zip(hosts, ["#b7410e", "#555555", "#00599c", "#e76f00", "#3776ab", "#3c873a"]))
    ratio = {(row["host"], row["case"]): row["ratio"] for row in rows}
    bar, gap, left, scale = 14, 18, 90, 70
    height = len(calls) * (len(hosts) * bar + gap) + 60
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="{height}" '
        'font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="10" y="18" font-size="13">Cost of a call, as a ratio to TypedFunc::call of an add '
        "in Rust (lower is better)</text>",
    ]
    y = 40
    for case in calls:
        out.append(f'<text x="10" y="{y + len(hosts) * bar / 2 + 4}">{case}</text>')
        for host in hosts:
            value = ratio[host, case]
            width = min(value * scale, 560)
            out.append(
                f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{bar - 2}" '
                f'fill="{colours[host]}"/>'
                f'<text x="{left + width + 4:.1f}" y="{y + bar - 4}">{host} {value}x</text>'
            )
            y += bar
        y += gap
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    hosts = sys.argv[2].split(",") if len(sys.argv) > 2 else list(DRIVERS)
    rows = table(measure(hosts, rounds))
    text = markdown(rows, rounds)
    print(text)
    if hosts == list(DRIVERS):
        (HERE / "results.json").write_text(json.dumps(rows, indent=1) + "\n")
        (HERE / "results.md").write_text(text)
        (HERE / "results.svg").write_text(plot(rows))


if __name__ == "__main__":
    main()
