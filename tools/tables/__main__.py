#!/usr/bin/env python3
"""Writes the facts of core/tables.toml into the marked regions of all hosts.

    python3 tools/tables           # says which regions are not current, and fails then
    python3 tools/tables --write   # writes them

A region begins with a comment `generated: NAME` and ends with one `end generated`; NAME is a function of a file here, such as
`limits` of rust.py for `rust.limits`. A word behind the name is its argument. What is between the comments is replaced.
"""

import os
import pathlib
import re
import sys

import c
import cpp
import docs
import java
import messages
import node
import python
import rust
from words import ROOT

HOSTS = {module.__name__: module for module in (c, cpp, docs, java, messages, node, python, rust)}
FOLDERS = ["core", "bindings-c", "bindings-jvm", "bindings-python", "bindings-node", "conformance", "docs", "fuzz", "cli"]
SKIPPED = {"target", "node_modules", ".venv", "build", "__pycache__", "cases", "spec"}
ENDINGS = {".rs", ".h", ".hpp", ".c", ".cpp", ".java", ".py", ".pyi", ".js", ".mjs", ".ts", ".md", ".txt"}
BEGIN = re.compile(r"^(\s*)(?://|#|<!--) generated: (\w+)\.(\w+)(?: (\w+))?(?: -->)?$")
END = re.compile(r"^\s*(?://|#|<!--) end generated(?: -->)?$")


def files():
    for folder in FOLDERS:
        for place, inner, names in os.walk(ROOT / folder):
            inner[:] = sorted(name for name in inner if name not in SKIPPED)
            yield from (pathlib.Path(place, name) for name in sorted(names) if pathlib.Path(name).suffix in ENDINGS)


def made(text, where):
    """The text with all regions filled in, and how many there are."""
    lines, out, count = text.split("\n"), [], 0
    at = 0
    while at < len(lines):
        out.append(lines[at])
        begin = BEGIN.match(lines[at])
        at += 1
        if not begin:
            continue
        indent, host, name, argument = begin.groups()
        given = (argument,) if argument else ()
        region = "\n".join(getattr(HOSTS[host], name)(len(indent), *given)).rstrip().split("\n")
        out += [f"{indent}{line}" if line else "" for line in region]
        while at < len(lines) and not END.match(lines[at]):
            if BEGIN.match(lines[at]):
                break
            at += 1
        if at == len(lines) or not END.match(lines[at]):
            sys.exit(f"{where}: the region {host}.{name} does not end")
        count += 1
    return "\n".join(out), count


def with_regions():
    for path in files():
        text = path.read_text(encoding="utf-8")
        if "generated: " in text:
            yield path, text, *made(text, path.relative_to(ROOT))


def main():
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    if sys.argv[1:]:
        java.new_classes()
    wrong, regions = [], 0
    for path, text, current, count in with_regions():
        regions += count
        if current != text and sys.argv[1:]:
            path.write_text(current, encoding="utf-8")
        elif current != text:
            wrong.append(f"{path.relative_to(ROOT)}: not current; run make generate")
    print("\n".join([*wrong, f"tables: {regions} regions, {len(wrong)} files not current"]))
    sys.exit(bool(wrong))


main()
