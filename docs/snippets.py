#!/usr/bin/env python3
"""Keeps code in the documents equal to code that the tests run.

A line `<!-- snippet: PATH NAME -->` in a document is followed by a fenced block. The block must be the region of
PATH between the comments `[NAME]` and `[end NAME]`, without its common indentation. `--write` fills the blocks in.
A block in a programming language without such a line is an error.
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "docs/**/*.md", "bindings-*/README.md"]
FREE = {"", "text", "sh", "console", "toml", "xml", "json", "cmake", "make"}
MARK = re.compile(r"<!-- snippet: (\S+) (\S+) -->$")
COMMENT = r"^\s*(?://|#|;;|/\*)\s*\[{}\]\s*(?:\*/)?\s*$"


def region(path, name):
    text = (ROOT / path).read_text()
    start = re.search(COMMENT.format(re.escape(name)), text, re.M)
    end = re.search(COMMENT.format("end " + re.escape(name)), text, re.M)
    if not start or not end:
        raise LookupError(f"{path} has no region [{name}]")
    body = text[start.end() + 1 : end.start()]
    return textwrap.dedent(body.rstrip()).strip("\n") + "\n"


def check(document):
    """The document with all blocks filled in, and what was wrong with it."""
    lines, out, wrong, snippet, i = document.read_text().splitlines(), [], [], None, 0
    where = document.relative_to(ROOT)
    while i < len(lines):
        line = lines[i]
        out.append(line)
        i += 1
        if mark := MARK.match(line):
            snippet = mark.groups()
        elif line.startswith("```"):
            end = next(j for j in range(i, len(lines)) if lines[j].startswith("```"))
            block = "\n".join(lines[i:end]) + "\n"
            if snippet:
                wanted = region(*snippet)
                if block != wanted:
                    wrong.append(f"{where}:{i}: the block is not {snippet[0]} [{snippet[1]}]")
                out += wanted.rstrip("\n").split("\n")
            else:
                if line.strip("`").strip() not in FREE:
                    wrong.append(f"{where}:{i}: code that no test runs")
                out += lines[i:end]
            out.append(lines[end])
            i, snippet = end + 1, None
        elif line.strip():
            snippet = None
    return "\n".join(out) + "\n", wrong


def main():
    documents = sorted({path for pattern in DOCUMENTS for path in ROOT.glob(pattern)})
    failures, blocks = [], 0
    for document in documents:
        text, wrong = check(document)
        blocks += text.count("<!-- snippet: ")
        if "--write" in sys.argv:
            document.write_text(text)
        else:
            failures += wrong
    print("\n".join(failures))
    print(f"snippets: {blocks - len(failures)} passed, {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
