#!/usr/bin/env python3
"""Draws docs/guide/plots from the last results of the bench: `make plots`. `--check` says whether they are current.

Each picture is there twice, for light and for dark pages. It has bars, one for each host, with the number behind it: whoever reads it needs no legend
for colours, and no axis.
"""

import json
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLOTS = ROOT / "docs/guide/plots"
NAMES = {"floor": "the engine itself", "rust": "Rust", "c": "C", "cpp": "C++", "java": "Java", "python": "Python", "node": "Node.js",
         "wasmtime-c": "wasmtime's C API", "wasmtime-py": "wasmtime-py", "jco": "jco, in Node.js"}
OURS = ["rust", "c", "cpp", "java", "python", "node"]
PEERS = ["wasmtime-c", "wasmtime-py", "jco"]
THEMES = {"light": {"text": "#24292f", "quiet": "#59636e", "ours": "#00897b", "floor": "#8c959f", "peer": "#bf8700"},
          "dark": {"text": "#e6edf3", "quiet": "#9aa4af", "ours": "#4db6ac", "floor": "#7d8590", "peer": "#d4a72c"}}
WIDTH, LABEL, ROW, NUMBER = 460, 136, 26, 74


def spoken(ns):
    """A time as people say it: 82 ns, 1.2 µs, 35 µs, 2.6 s."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            value = ns / size
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{ns:.0f} ns"


def length(ns, least, most, is_log):
    room = WIDTH - LABEL - NUMBER
    part = math.log(ns / least) / math.log(most / least) if is_log else ns / most
    return max(3.0, part * room)


def bars(title, note, values, theme, is_log):
    """A picture of bars: values are (host, ns)."""
    colour, most = THEMES[theme], max(ns for _, ns in values)
    least = 10 ** math.floor(math.log10(min(ns for _, ns in values)) - 0.5)
    height = 62 + ROW * len(values)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
           'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif" font-size="15">',
           f"<title>{title}</title>",
           f'<text x="0" y="18" font-size="16" font-weight="600" fill="{colour["text"]}">{title}</text>',
           f'<text x="0" y="40" font-size="13.5" fill="{colour["quiet"]}">{note}</text>']
    for number, (host, ns) in enumerate(values):
        top = 54 + number * ROW
        part = "floor" if host == "floor" else "ours" if host in OURS else "peer"
        wide = length(ns, least, most, is_log)
        out += [f'<text x="{LABEL - 8}" y="{top + 17}" text-anchor="end" font-size="14" fill="{colour["text"]}">{NAMES[host]}</text>',
                f'<rect x="{LABEL}" y="{top + 4}" width="{wide:.1f}" height="{ROW - 8}" rx="2" fill="{colour[part]}"/>',
                f'<text x="{LABEL + wide + 6:.1f}" y="{top + 17}" font-size="14" fill="{colour["text"]}">{spoken(ns)}</text>']
    return "\n".join([*out, "</svg>"]) + "\n"


def results():
    """What was measured: (host or lane, case) and the least nanoseconds."""
    plain = {(row["host"], row["case"]): row["ns"] for row in json.loads((ROOT / "bench/results.json").read_text())["cases"]}
    rows = json.loads((ROOT / "bench/components.json").read_text())["cases"]
    return plain, {(row.get("lane", row.get("host")), row["case"]): row["ns_min"] for row in rows}


def pictures():
    """Each picture: its name, and all that `bars` needs."""
    plain, components = results()

    def of(measured, case, hosts):
        return [(host, measured[host, case]) for host in hosts if measured.get((host, case)) is not None]

    linear, log = "Shorter is better.", "Shorter is better. The scale is logarithmic: read the numbers."
    everyone = ["floor", *OURS, *PEERS]
    yield "call", "Add two numbers in the guest", linear, of(plain, "add_i32", ["floor", *OURS]), False
    yield "callback", "The guest calls a function of yours", linear, of(plain, "callback", ["floor", *OURS]), False
    yield "text", "A string of 64 bytes, to a component and back", log, of(components, "text", everyone), True
    yield "records", "10,000 records, to a component and back", log, of(components, "pairs", everyone), True
    yield "bytes", "1 MiB of bytes, to a component", log, of(components, "bytes-in", everyone), True
    yield "instantiate", "A new instance, and its end", linear, of(plain, "instantiate", ["floor", *OURS]), False
    yield "load", "Load a module of 1 MiB that was compiled before", linear, of(plain, "load", OURS), False


def main():
    wanted = {f"{name}-{theme}.svg": bars(title, note, values, theme, is_log)
              for name, title, note, values, is_log in pictures() for theme in THEMES}
    if "--check" in sys.argv:
        there = {file.name: file.read_text(encoding="utf-8") for file in PLOTS.glob("*.svg")}
        wrong = [name for name in wanted | there if wanted.get(name) != there.get(name)]
        print(f"plots: {len(wanted)} pictures, {len(wrong)} not current" + (": make plots" if wrong else ""))
        return bool(wrong)
    PLOTS.mkdir(exist_ok=True)
    for name, text in wanted.items():
        (PLOTS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
