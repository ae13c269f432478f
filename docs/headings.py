"""Names of headings, as GitHub makes them: `## What is not promised` is `#what-is-not-promised`. Links are checked and the site is made with these."""

import re

FENCE = re.compile(r"^\s*(```+|~~~+)")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")


def plain(text):
    """What a heading says, without the marks of Markdown."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", text)


def slug(text):
    return re.sub(r"[^\w\- ]", "", plain(text).lower()).replace(" ", "-")


def outside_of_code(lines):
    """Each line with its number and whether it is code between fences, the fences included."""
    fence = None
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if fence is None and mark:
            fence = mark.group(1)
            yield number, line, True
        elif fence is not None:
            if mark and line.strip() == fence:
                fence = None
            yield number, line, True
        else:
            yield number, line, False


def headings(text):
    """The number of the line, the level, the words and the name of each heading."""
    seen = {}
    for number, line, is_code in outside_of_code(text.splitlines()):
        if is_code or not (found := HEADING.match(line)):
            continue
        name = slug(found.group(2))
        count = seen.get(name, 0)
        seen[name] = count + 1
        yield number, len(found.group(1)), found.group(2), name + (f"-{count}" if count else "")


def anchors(text):
    """All names in a document that a link may end in."""
    return {name for *_, name in headings(text)} | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
