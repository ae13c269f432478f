#!/usr/bin/env python3
"""Links between documents lead to a file that is there, and to a heading that is there; docs/adr/README.md lists each decision by its
title. `--write` writes that list."""

import functools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ["*.md", "docs/**/*.md", "*/README.md", "*/*/README.md"]
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
HEAD = """# Decisions

Why things are as they are, a page each: the context, what was decided, what else was considered, and what is bad about it. A new one takes the next
number; `python3 docs/links.py --write` lists it here.

"""


def index():
    """The list, made from the pages."""
    lines = []
    for page in sorted((ROOT / "docs/adr").glob("[0-9]*.md")):
        number, title = re.match(r"# (\d{4}):? (.+)", page.read_text()).groups()
        assert page.name.startswith(number), f"{page.name} calls itself {number}"
        lines.append(f"- [{number}]({page.name}) {title}\n")
    numbers = [line[3:7] for line in lines]
    assert len(set(numbers)) == len(numbers), "two decisions have one number"
    return HEAD + "".join(lines)


def anchor(heading):
    """What a link says for a heading, as GitHub and mdBook make it: `Why it failed` is `why-it-failed`."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@functools.cache
def anchors(document):
    """The headings of a document, as links say them. Of two that are alike the second has `-1` behind it."""
    found = []
    for heading in HEADING.findall(re.sub(r"```.*?```", "", document.read_text(), flags=re.S)):
        name = anchor(heading)
        same = sum(1 for one in found if one.rpartition("-")[0] == name and one.rpartition("-")[2].isdigit() or one == name)
        found.append(f"{name}-{same}" if same else name)
    return found


def dead(document):
    """The links of a document that lead to no file of the tree, or to no heading of it."""
    where = document.relative_to(ROOT)
    for target, heading in LINK.findall(CODE.sub("", document.read_text())):
        if "://" in target or target.startswith("mailto:"):
            continue
        file = document.parent / target if target else document
        if not file.exists():
            yield f"{where}: {target} is not there"
        elif heading and file.suffix == ".md" and heading not in anchors(file):
            yield f"{where}: {target} has no heading for #{heading}"


def main():
    readme = ROOT / "docs/adr/README.md"
    if "--write" in sys.argv:
        readme.write_text(index())
    documents = sorted({path for pattern in DOCUMENTS for path in ROOT.glob(pattern) if "node_modules" not in path.parts})
    wrong = [line for document in documents for line in dead(document)]
    if not readme.exists() or readme.read_text() != index():
        wrong.append("docs/adr/README.md is not the list of decisions: python3 docs/links.py --write")
    print("\n".join(wrong))
    print(f"links: {len(documents)} documents, {len(wrong)} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
