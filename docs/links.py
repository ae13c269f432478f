#!/usr/bin/env python3
"""Links between documents lead somewhere, and docs/adr/README.md lists each decision by its title. `--write` writes that list."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ["*.md", "docs/**/*.md", "*/README.md", "*/*/README.md"]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
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


def dead(document):
    """The links of a document that lead to no file of the tree."""
    code = re.compile(r"```.*?```|`[^`\n]*`", re.S)
    for target in LINK.findall(code.sub("", document.read_text())):
        if "://" not in target and not target.startswith("mailto:") and not (document.parent / target).exists():
            yield f"{document.relative_to(ROOT)}: {target} is not there"


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
