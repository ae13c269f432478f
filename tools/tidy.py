#!/usr/bin/env python3
"""Holds the budgets of tools/tidy.json: how long a file and a function may be, how much code there is, which files name each other
in a circle, and that a fixed sleep of a test says why it is there.

    python3 tools/tidy.py            # fails with what to do
    python3 tools/tidy.py --show     # all that counts, longest first

Lines between `generated: ...` and `end generated` do not count, since nobody writes them. An exception has its own number and
a reason in tools/tidy.json. It may only shrink: what has become shorter must be written down, so that it stays so.
"""
import ast
import json
import os
import pathlib
import re
import sys

import circles

ROOT = pathlib.Path(__file__).resolve().parent.parent
BOOK = json.loads((ROOT / "tools/tidy.json").read_text())
CODE = {".rs", ".py", ".js", ".mjs", ".ts", ".mts", ".java", ".c", ".h", ".cpp", ".hpp", ".pyi"}

GENERATED = re.compile(r"^\s*(?://|#) generated: \w[^\n]*\n.*?^\s*(?://|#) end generated\n", re.M | re.S)
RUST_TESTS = re.compile(r"^#\[cfg\((?:all\()?test\b.*\n(?:mod \w+;\n|mod \w+ \{\n(?:.*\n)*?\}\n)", re.M)
NO_COMMENT = re.compile(r'r(#*)".*?"\1|"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.S)

# Lines that begin a function, and its name. It ends where a line has its indentation and `}`, as formatters write it.
WORDS = r"(?!if\b|for\b|while\b|switch\b|catch\b|return\b|else\b|new\b|throw\b|do\b|synchronized\b|try\b|typedef\b|case\b)"
BEGINS = {
    "rust": r"( *)(?:pub(?:\([^)]*\))? )?(?:const |async |unsafe |extern \"[^\"]*\" )*fn (\w+)",
    "script": r"( *)(?:(?:export )?(?:async )?function\*? (\w+)\(|(?:test|it)\((['\"`].*?['\"`]),"
    r"|(?:static |async |get |set )*" + WORDS + r"#?(\w+)\([^;]*\) \{$|(?:export )?const (\w+) = (?:async )?(?:\([^)]*\)|\w+) => \{$)",
    "java": r"( +)(?:@\w+ )*" + WORDS + r"(?:[\w<>\[\], .?&]+ )?(\w+)\((?!.*;$)",
    "c": r"( *)" + WORDS + r"(?:template ?<.*> )?[\w:<>*&,\[\] ]*?[ *&]([\w:~]+)\((?!.*;$)",
}
SORT = {".rs": "rust", ".js": "script", ".mjs": "script", ".java": "java", ".c": "c", ".h": "c", ".cpp": "c", ".hpp": "c"}

SLEEP = re.compile(r"(?<!exports\.)\b(?:sleep|usleep|nanosleep|sleep_for|setTimeout)\((?!0[,)]|\)|\w+\) \{)|\bawait sleep\b")
SHOWN = re.compile(r"^\s*(?://|#) \[(\w[\w-]*)\]$.*?^\s*(?://|#) \[end \1\]$", re.M | re.S)
REASON = re.compile(r"(?:#|//|/\*) ?sleeps: \w")


def files():
    """The paths of all code, without what is built, made or fetched."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name not in BOOK["no_code"]]
        paths = [pathlib.Path(folder, name).relative_to(ROOT).as_posix() for name in names]
        found += [path for path in paths if pathlib.Path(path).suffix in CODE and path not in BOOK["made"]]
    return sorted(found)


def read(name):
    return GENERATED.sub("", (ROOT / name).read_text())


def is_test(name):
    return bool(re.search(r"(^|/)(tests?|tests\.rs)(/|$)", name)) or name.endswith("test.mjs")


def functions(name, text):
    """(name, lines) of each function."""
    if name.endswith(".py"):
        found = (it for it in ast.walk(ast.parse(text)) if isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef)))
        return [(it.name, it.end_lineno - it.lineno + 1) for it in found]
    sort = SORT.get(pathlib.Path(name).suffix)
    return braced(re.compile(BEGINS[sort]), text.splitlines()) if sort else []


def braced(begins, lines):
    found = []
    for i, line in enumerate(lines):
        begin = begins.match(line)
        if not begin or line.endswith((";", "}", "},", ",")) and not line.rstrip(",").endswith("("):
            continue
        indent, label = begin[1], next(filter(None, begin.groups()[1:]))
        for j in range(i + 1, len(lines)):
            if lines[j].startswith(indent) and lines[j][len(indent) : len(indent) + 1].strip():
                if lines[j][len(indent)] == "}":
                    found.append((label, j - i + 1))
                if lines[j][len(indent)] == "}" or lines[j].endswith(";"):
                    break
    return found


def code_lines(folder):
    """Lines of Rust of a folder without comments, blank lines and tests."""
    texts = [read(name) for name in files() if name.startswith(folder + "/") and name.endswith(".rs") and not is_test(name)]
    texts = [NO_COMMENT.sub(lambda it: "" if it[0][0] == "/" else it[0], RUST_TESTS.sub("", text)) for text in texts]
    return sum(bool(line.strip()) for text in texts for line in text.splitlines())


def bare_sleeps(text):
    """Sleeps for some time without a reason on their line or above it; what documents show needs none."""
    lines = SHOWN.sub("", text).splitlines()
    return sum(bool(SLEEP.search(line)) and not any(map(REASON.search, lines[max(i - 1, 0) : i + 1])) for i, line in enumerate(lines))


def measured():
    """Each rule with what counts for it, by name."""
    texts = {name: read(name) for name in files()}
    lengths = {f"{name} {label}": 0 for name, text in texts.items() for label, _ in functions(name, text)}
    for name, text in texts.items():
        for label, count in functions(name, text):
            lengths[f"{name} {label}"] = max(lengths[f"{name} {label}"], count)
    return {
        "file": {name: len(text.splitlines()) for name, text in texts.items()},
        "function": lengths,
        "code": {folder: code_lines(folder) for folder in BOOK["code"]["budgets"]},
        "sleep": {name: bare_sleeps(text) for name, text in texts.items() if is_test(name)},
    }


def budget(rule, name):
    return rule["budgets"][name] if "budgets" in rule else rule["budget"]


def judge(word, found):
    """What is over its budget or its exception, and what of the exceptions is no longer so."""
    rule = BOOK[word]
    excepted = {name: number for group in rule["exceptions"] for name, number in group["names"].items()}
    for name, count in found.items():
        most = excepted.get(name, budget(rule, name))
        if count > most:
            yield f"{name}: {count} {rule['unit']}, and {most} are allowed. {rule['do']}"
    for name, number in excepted.items():
        count = found.get(name, 0)
        if count <= (budget(rule, name) if name in found else 0):
            yield f"{name}: needs no exception any more ({count} {rule['unit']}). Take it out of \"{word}\" in tools/tidy.json."
        elif count < number - rule["slack"]:
            yield f"{name}: has shrunk to {count} {rule['unit']}. Write this instead of {number} into \"{word}\" in tools/tidy.json."


def judge_circles():
    rule = BOOK["circles"]
    for folder in rule["folders"]:
        allowed = [set(it["files"]) for it in rule["exceptions"] if it["folder"] == folder]
        found = [set(circle) for circle in circles.circles(circles.edges_of(ROOT / folder))]
        for circle in found:
            if not any(circle <= it for it in allowed):
                yield f"{folder}: {', '.join(sorted(circle))} name each other in a circle. {rule['do'].format(folder=folder)}"
        for it in allowed:
            left = set().union(*(circle for circle in found if circle <= it))
            if left < it:
                yield f"{folder}: {', '.join(sorted(it - left))} are in no circle any more. Take them out of \"circles\" in tools/tidy.json."


def main():
    found = measured()
    if "--show" in sys.argv:
        for word, counts in found.items():
            for name, count in sorted(counts.items(), key=lambda it: -it[1])[:40]:
                print(word, count, name)
        return
    wrong = [line for word in found for line in judge(word, found[word])] + list(judge_circles())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
