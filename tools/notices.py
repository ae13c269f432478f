#!/usr/bin/env python3
"""Writes THIRD-PARTY-NOTICES.md: the crates that the libraries and the command are built from, with their licences.

    python3 tools/notices.py           # writes the file
    python3 tools/notices.py --check   # fails if the file is not current

Where a crate may be used under one of several licences, the first of PREFERRED that it offers is taken.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "THIRD-PARTY-NOTICES.md"
SHIPPED = ["landbridge-c", "landbridge-jvm", "landbridge-python", "landbridge-node", "landbridge-cli"]
PREFERRED = ["Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT", "BSD-3-Clause", "Zlib", "ISC", "BSL-1.0", "Unicode-3.0", "MPL-2.0"]
# Words by which the text of a licence is known, where a crate brings several.
MARKS = {
    "MIT": "Permission is hereby granted, free of charge",
    "BSD-3-Clause": "Redistributions of source code",
    "Zlib": "This software is provided 'as-is'",
    "ISC": "Permission to use, copy, modify",
    "BSL-1.0": "Boost Software License",
    "Unicode-3.0": "UNICODE LICENSE V3",
    "MPL-2.0": "Mozilla Public License Version 2.0",
    "Apache-2.0 WITH LLVM-exception": "LLVM Exceptions",
}
HEAD = """# Third-party notices

Landbridge is built from the crates below, and from Rust's standard library (MIT OR Apache-2.0). `python3 tools/notices.py`
writes this file from `Cargo.lock`. Every crate's source can be had from crates.io under its name and version; that of the
crates under the Mozilla Public License 2.0 is used unchanged.

The text of the Apache License 2.0 is in the file `LICENSE` beside this one.
"""


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def shipped():
    """The packages that end up in what is shipped: normal dependencies, on any platform."""
    told = json.loads(run("cargo", "metadata", "--format-version", "1", "--locked"))
    packages = {package["id"]: package for package in told["packages"]}
    edges = {node["id"]: node["deps"] for node in told["resolve"]["nodes"]}
    left = [id for id, package in packages.items() if package["name"] in SHIPPED]
    if len(left) != len(SHIPPED):
        sys.exit(f"expected the crates {SHIPPED}")
    seen = set(left)
    while left:
        for dep in edges[left.pop()]:
            is_normal = any(kind["kind"] is None for kind in dep["dep_kinds"])
            if is_normal and dep["pkg"] not in seen:
                seen.add(dep["pkg"])
                left.append(dep["pkg"])
    third = [packages[id] for id in seen if packages[id]["source"]]
    return sorted(third, key=lambda package: (package["name"], package["version"]))


def chosen(package):
    """The licences under which a package is used: one of each choice that it gives."""
    expression = package["license"] or sys.exit(f"{package['name']} says no licence")
    taken = []
    for part in re.split(r" AND ", expression.replace("(", "").replace(")", "")):
        offered = [one.strip() for one in re.split(r" OR |/", part)]
        found = [one for one in PREFERRED if one in offered]
        taken.append(found[0] if found else sys.exit(f"{package['name']}: no known licence in {expression}"))
    return taken


def text(package, licence):
    """The text of a licence as the package has it, with its copyright lines; None if the package has none."""
    folder = pathlib.Path(package["manifest_path"]).parent
    files = sorted(file for file in folder.iterdir() if re.match(r"(?i)(licen[cs]e|copying|unlicense)", file.name) and file.is_file())
    for file in files:
        words = file.read_text(encoding="utf-8", errors="replace")
        if MARKS[licence].lower() in " ".join(words.split()).lower():
            return "\n".join(line.rstrip() for line in words.strip().splitlines())
    return None


def notices(packages):
    """What crates under the Apache licence ask to be handed on."""
    for package in packages:
        for file in sorted(pathlib.Path(package["manifest_path"]).parent.glob("NOTICE*")):
            yield package["name"], file.read_text(encoding="utf-8", errors="replace").strip()


def written():
    packages = shipped()
    lines = [HEAD, "| crate | version | licence | used under |", "| --- | --- | --- | --- |"]
    texts = {}
    for package in packages:
        taken = chosen(package)
        name = f"{package['name']} {package['version']}"
        lines.append(f"| {package['name']} | {package['version']} | {package['license']} | {' and '.join(taken)} |")
        for licence in taken:
            if licence == "Apache-2.0":
                continue
            own = text(package, licence)
            authors = ", ".join(package["authors"]) or f"the authors of {package['name']}"
            texts.setdefault((licence, own or f"{licence}, copyright {authors}"), []).append(name)
    for (licence, words), names in sorted(texts.items()):
        lines += ["", f"## {licence}: {', '.join(names)}", "", "```text", words, "```"]
    for name, words in notices(packages):
        lines += ["", f"## Notice of {name}", "", "```text", words, "```"]
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    current = written()
    if not sys.argv[1:]:
        FILE.write_text(current, encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != current:
        sys.exit("THIRD-PARTY-NOTICES.md is not current: run python3 tools/notices.py")


if __name__ == "__main__":
    main()
