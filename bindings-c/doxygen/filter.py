#!/usr/bin/env python3
"""Writes a header as Doxygen wants it: its sections as groups, its comments as documentation. filter.py HEADER"""
import pathlib
import re
import sys

RULE = re.compile(r"^// -{20,}$")


def escaped(text):
    """Prose in which nothing but code between backquotes has a meaning of Doxygen's."""
    parts = re.split(r"(`[^`]*`)", text)
    for i in range(0, len(parts), 2):
        parts[i] = parts[i].replace("\\", "\\\\").replace("@", "\\@").replace("<", "&lt;").replace(">", "&gt;").replace("#", "\\#")
        parts[i] = re.sub(r"::(?=\w)", "::", parts[i])
    return "".join(parts)


def comment(line):
    """A line of a comment as one of documentation. What is indented further is code."""
    indent, text = re.match(r"^(\s*)///?(.*)$", line).groups()
    return f"{indent}///{text if text.startswith('     ') else escaped(text)}"


def parts(lines):
    """The opening comment, and then the sections: each its comment and its code."""
    at = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    yield "opening", lines[:at]
    rest = lines[at:]
    while rest:
        start = next((i for i, line in enumerate(rest) if RULE.match(line)), len(rest))
        yield "code", rest[:start]
        rest = rest[start:]
        if rest:
            end = next(i for i, line in enumerate(rest) if not line.startswith("//"))
            yield "section", rest[2:end]
            rest = rest[end:]


def public(lines):
    """Without what is in a namespace `detail`."""
    is_detail = False
    for line in lines:
        if re.match(r"namespace (landbridge::)?detail\b.*\{$", line):
            is_detail = True
        if not is_detail:
            yield line
        if re.match(r"\}  // namespace (landbridge::)?detail\b", line):
            is_detail = False


def name_of(title):
    return re.sub(r"\W+", "_", title.lower()).strip("_")


def code(lines):
    """Comments before declarations, and behind members."""
    for line in lines:
        if re.match(r"^\s*//", line):
            yield comment(line)
        elif re.search(r";\s{2,}// \S", line):
            before, after = line.split("//", 1)
            yield f"{before}///< {escaped(after.strip())}"
        else:
            yield line


def main():
    path = pathlib.Path(sys.argv[1])
    is_open = False
    for kind, lines in parts(list(public(path.read_text(encoding="utf-8").splitlines()))):
        if kind == "opening":
            print(f"/// @file {path.name}")
            print("///")
            print("\n".join(comment(line) for line in lines))
        elif kind == "section":
            title = lines[0].removeprefix("// ")
            print("/// @}" if is_open else "")
            print(f"/// @defgroup {name_of(title)} {escaped(title)}")
            print("\n".join(comment(line) for line in lines[1:]))
            print("/// @{")
            is_open = True
        else:
            print("\n".join(code(lines)))
    if is_open:
        print("/// @}")


if __name__ == "__main__":
    main()
