#!/usr/bin/env python3
"""Writes the conformance cases as lines that a runner without a JSON parser reads (tree.h).

A node is a line: `O n` (an object of n pairs of `K key` and a node), `A n` (a list of n nodes),
`S text`, `N number`, `T`, `F` or `Z` (null). In texts, line ends and backslashes are escaped. A case that
this host skips has the reason under the key `skip`.
"""

import json
import pathlib
import sys


def text(value):
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def flatten(node):
    match node:
        case bool():
            yield "T" if node else "F"
        case None:
            yield "Z"
        case dict():
            yield f"O {len(node)}"
            for key, value in node.items():
                yield f"K {text(key)}"
                yield from flatten(value)
        case list():
            yield f"A {len(node)}"
            for value in node:
                yield from flatten(value)
        case str():
            yield f"S {text(node)}"
        case int():
            yield f"N {node}"
        case _:
            sys.exit(f"a case holds {node!r}, which is not of the format")


def main():
    root, host = pathlib.Path(sys.argv[1]), sys.argv[2]
    skips = root / "skips.json"
    reasons = json.loads(skips.read_text()).get(host, {}) if skips.exists() else {}
    cases = []
    for file in sorted((root / "cases").glob("*.json")):
        cases += json.loads(file.read_text())["cases"]
    names = [case["name"] for case in cases]
    if twice := {name for name in names if names.count(name) > 1}:
        sys.exit(f"these case names are not unique: {sorted(twice)}")
    if unknown := reasons.keys() - set(names):
        sys.exit(f"skips.json names no case: {sorted(unknown)}")
    for case in cases:
        if case["name"] in reasons:
            case["skip"] = reasons[case["name"]]
    print("\n".join(flatten(cases)))


main()
