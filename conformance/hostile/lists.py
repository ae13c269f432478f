"""Writes out the lists of hostile payloads: each payload as a file of cases that every host's runner reads.

    python3 conformance/hostile/lists.py LISTS TARGET

A list is a file of cases with a few shorthands, see README.md. TARGET/index.json then tells of each payload its name,
its file, and how many bytes of memory its guests may have.
"""

import itertools
import json
import re
import sys
from pathlib import Path

ON_TIME_MS = 50
# For steps that have no deadline of their own, such as compiling.
OTHERWISE_MS = 5000
CALLS = {"call", "run", "wit_call", "wit_drop"}
TIMED = CALLS | {"map", "instantiate", "load", "load_text", "load_bytes", "load_written", "inspect"}

# Goes before each payload, so that neither its times nor its memory are those of a host that starts.
WARM_UP = {"name": "a guest that does nothing and a guest that traps", "steps": [
    {"do": "load_text", "text": '(module (func (export "f")) (func (export "g") unreachable))', "as": "m"},
    {"do": "instantiate", "module": "m", "as": "i", "limits": {"timeout_ms": 1000}},
    {"do": "call", "instance": "i", "func": "f"},
    {"do": "call", "instance": "i", "func": "g", "fails": {"kind": "trap", "code": "unreachable"}},
]}  # fmt: skip

# Shows what a runner uses by itself.
EMPTY = {"name": "empty", "steps": []}


def written_out(step):
    """The steps that a step of a list stands for."""
    step = {key: text_of(value) if key in ("text", "hex") else value for key, value in step.items()}
    if step["do"] == "load_prefixes":
        return damaged(step, prefixes(bytes.fromhex(step["hex"])))
    if step["do"] == "load_flips":
        return damaged(step, flips(bytes.fromhex(step["hex"])))
    return [step]


def with_parts(steps, parts):
    """The steps with each `{"part": NAME, ...}` in them written out."""
    return [{key: part_of(value, parts) if key == "text" else value for key, value in step.items()} for step in steps]


def part_of(text, parts):
    if not isinstance(text, dict) or "part" not in text:
        return text
    words = parts[text["part"]] | text
    return re.sub(r"@(\w+)@", lambda found: words[found[1]], words["text"])


def text_of(parts, n=None):
    """A text, or a list of texts and of parts that are repeated, numbered or measured, see README.md."""
    if isinstance(parts, str):
        return parts
    if isinstance(parts, list):
        return "".join(text_of(part, n) for part in parts)
    if "leb" in parts:
        return leb(n if parts["leb"] == "n" else parts["leb"])
    if "sized" in parts:
        sized = text_of(parts["sized"], n)
        return leb(len(sized) // 2) + sized
    if "to" in parts:
        return "".join(text_of(parts["of"], number) for number in range(parts["to"] + 1))
    return text_of(parts["of"], n) * (n if parts["times"] == "n" else parts["times"])


def leb(number):
    """A number as modules have it, in hexadecimal."""
    low, rest = number & 0x7F, number >> 7
    return f"{low:02x}" if rest == 0 else f"{low | 0x80:02x}{leb(rest)}"


def prefixes(module):
    return [module[:length] for length in range(len(module))]


def flips(module):
    """The module with one bit flipped, for each bit of it."""
    number = int.from_bytes(module, "little")
    return [(number ^ 1 << bit).to_bytes(len(module), "little") for bit in range(len(module) * 8)]


def damaged(step, modules):
    """Loads each; those whose numbers are under `loads` are modules still."""
    for number, module in enumerate(modules):
        load = {"do": "load_bytes", "hex": module.hex(), "as": f"damaged {number}"}
        yield load if number in step["loads"] else load | {"fails": {"kind": "compile"}}


def give_times(steps):
    """Says of each step that may take long by when it must be done, unless it says so itself."""
    deadlines = {}
    for step in steps:
        within = OTHERWISE_MS
        if step["do"] in ("store", "instantiate"):
            own = step.get("limits", {}).get("timeout_ms")
            deadlines[step["as"]] = deadlines.get(step.get("store")) if own is None else own
        if step["do"] == "instantiate" or step["do"] in CALLS:
            deadline = deadlines.get(step["as"] if step["do"] == "instantiate" else step.get("instance"))
            within = OTHERWISE_MS if deadline is None else deadline + ON_TIME_MS
        if step["do"] == "export":
            deadlines[step["as"]] = deadlines.get(step["instance"])
        if step["do"] == "map" and deadlines.get(step["object"]) is not None:
            within = deadlines[step["object"]] + ON_TIME_MS
        if step["do"] in TIMED:
            step.setdefault("within_ms", within)


def write(case, target):
    """Writes the file of a payload and tells what the index says of it."""
    steps = list(itertools.chain.from_iterable(map(written_out, case["steps"])))
    give_times(steps)
    cap = sum(step.get("limits", {}).get("memory_bytes", 0) for step in steps)
    cap += max(step.pop("compiler_bytes", 0) for step in [{}, *steps])
    path = target / (re.sub(r"\W+", "-", case["name"].lower()) + ".json")
    path.write_text(json.dumps({"cases": [WARM_UP, {"name": case["name"], "steps": steps}]}))
    return {"name": case["name"], "file": str(path), "cap_bytes": cap}


def main(lists, target):
    files = [json.loads(path.read_text()) for path in sorted(lists.glob("*.json"))]
    for file in files:
        for case in file["cases"]:
            case["steps"] = with_parts(case["steps"], file.get("parts", {}))
    cases = [case for file in files for case in file["cases"]]
    names = [case["name"] for case in cases]
    if twice := {name for name in names if names.count(name) > 1}:
        sys.exit(f"two payloads are named {', '.join(sorted(twice))}")
    index = [write(case, target) for case in [EMPTY, *cases]]
    (target / "index.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
