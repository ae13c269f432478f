#!/usr/bin/env python3
"""Holds every place that names Landbridge's version to the one in Cargo.toml.

    python3 packages/versions.py --check       # fails with the places that differ
    python3 packages/versions.py --write       # writes it to all of them
    python3 packages/versions.py --set 0.2.0   # writes a new version to Cargo.toml, too, for a release

A place is found by what stands before it, in every file of the tree: a new package or page needs no entry here.
"""
import re
import sys

import common

NUMBER = r"(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.0-9]*)?)"
OURS = r"landbridge(?:-[a-z0-9_-]*[a-z])?"
# By the end of a file's name: what stands before a version of ours there.
BEFORE = {
    "Cargo.toml": [r'\A(?:.*\n)*?\[workspace\.package\]\n(?:[^\[].*\n)*?version = "', rf'^{OURS} = \{{[^}}\n]*version = "=?'],
    "pom.xml": [r"<groupId>dev\.landbridge</groupId>\s*<artifactId>[^<]*</artifactId>\s*<version>"],
    "package.json": [rf'"name": "@?{OURS}(?:/[^"]*)?",\s*(?:"private": \w+,\s*)?"version": "', rf'"@?{OURS}(?:/[^"]*)?": "[~^=]?'],
    "package-lock.json": [rf'"name": "@?{OURS}(?:/[^"]*)?",\s*"version": "'],
    "pyproject.toml": [r'^name = "landbridge"\n(?:[^\[].*\n)*?version = "'],
    "Native.java": [r'String VERSION = "'],
    ".h": [r'^#define LB_VERSION_STRING "'],
    "__init__.py": [r'^_VERSION: Final = "'],
    "addon.js": [r"^const VERSION = '"],
    "landbridge.json": [r'^  "version": "'],
    ".md": [rf"\b{OURS}-(?=\d+\.\d+\.\d+)", rf"\b@?{OURS}(?:/[a-z0-9-]+)?(?:==|@|:)", rf"\b{OURS}(?:-[a-z]+)? = \"=?",
            r"<groupId>dev\.landbridge</groupId>\s*<artifactId>[^<]*</artifactId>\s*<version>"],
}
# Where at least one must be found, so that a pattern that has lost its place is known.
MUST = ["Cargo.toml", "bindings-jvm/pom.xml", "bindings-jvm/src/main/java/dev/landbridge/Native.java",
        "bindings-jvm/README.md", "bindings-python/python/landbridge/__init__.py", "bindings-node/package.json", "bindings-node/package-lock.json",
        "bindings-node/lib/addon.js", "bindings-c/include/landbridge.h"]


def places(name, text):
    """Where a file names our version, as spans."""
    for end, patterns in BEFORE.items():
        if name.endswith(end):
            for pattern in patterns:
                yield from (match.span(1) for match in re.finditer(pattern + NUMBER, text, re.MULTILINE))


def found():
    """Each file that names a version, with its text and the spans."""
    for name in common.output("git", "ls-files", "-co", "--exclude-standard").splitlines():
        file = common.ROOT / name
        if name.endswith(tuple(BEFORE)) and not name.startswith("docs/adr/") and name != "CHANGELOG.md" and file.exists():
            text = file.read_text(encoding="utf-8")
            spans = sorted(set(places(name, text)))
            if spans:
                yield name, text, spans


def check():
    wanted, wrong, seen = common.version(), [], set()
    for name, text, spans in found():
        seen.add(name)
        for start, end in spans:
            if text[start:end] != wanted:
                line = text.count("\n", 0, start) + 1
                wrong.append(f"{name}:{line}: {text[start:end]}")
    wrong += [f"{name}: names no version that packages/versions.py finds" for name in MUST if name not in seen]
    if wrong:
        sys.exit(f"the version in Cargo.toml is {wanted}; others are named in:\n" + "\n".join(wrong))
    print(f"{wanted} in all of {len(seen)} files")


def write(number):
    """Writes a version to each file that names another."""
    if not re.fullmatch(NUMBER, number):
        sys.exit(f"{number} is not a version such as 0.2.0")
    for name, text, spans in found():
        made = text
        for start, end in reversed(spans):
            made = made[:start] + number + made[end:]
        if made != text:
            (common.ROOT / name).write_text(made, encoding="utf-8")


def main():
    if sys.argv[1:] == ["--check"]:
        check()
    elif sys.argv[1:] == ["--write"]:
        write(common.version())
    elif len(sys.argv) == 3 and sys.argv[1] == "--set":
        write(sys.argv[2])
        # Cargo.lock has the versions of the members.
        common.run("cargo", "update", "--workspace", "--offline", cwd=common.ROOT)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
