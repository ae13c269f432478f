"""Turns a document of the tree into a page of the site. GitHub and the site read Markdown a little differently; this is where they meet.

What it does: leaves out comments, names headings as GitHub does, puts empty lines before lists and tables, indents what is inside of lists by
four, makes tabs of what is there in several languages, lets each link lead to the page that the site has for it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import headings  # noqa: E402

ITEM = re.compile(r"^(\s*)([-*+]|\d+[.)])(\s+)")
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?(?:\s+\"[^\"]*\")?\))")
PICTURE = re.compile(r'<picture>\s*<source [^>]*srcset="([^"]+)"[^>]*>\s*<img [^>]*>\s*</picture>')
LANGUAGE = re.compile(r"(Python|Java|Node\.js|JavaScript|TypeScript|C|C\+\+|Rust):$")
COMMENT = re.compile(r"<!--.*?-->\n?", re.S)
CODE = re.compile(r"(`+[^`]*`+)")


def without_comments(text):
    """Markers of snippets and of tests say nothing to readers. In code between fences they would be part of it, and stay."""
    kept, pieces = [], re.split(r"(^```.*?^```[^\n]*$)", text, flags=re.S | re.M)
    for number, piece in enumerate(pieces):
        kept.append(piece if number % 2 else COMMENT.sub("", piece))
    return "".join(kept)


def pictures(text):
    """GitHub shows a picture by the colours of the system, the site by its own switch: there it is two images, of which site.css hides one."""

    def replace(found):
        image = re.search(r"<img [^>]*>", found.group(0)).group(0)
        alt, light = (re.search(name + r'="([^"]*)"', image).group(1) for name in ("alt", r"\bsrc"))
        return f"![{alt}]({light}) ![{alt}]({found.group(1)})"

    return PICTURE.sub(replace, text)


def named(text):
    """Each heading with the name that it has on GitHub."""
    lines = text.splitlines()
    for number, level, words, name in headings.headings(text):
        lines[number] = f"{'#' * level} {words} {{#{name}}}"
    return "\n".join(lines) + "\n"


def spaced(text):
    """Lists and tables as the site's reader of Markdown wants them: an empty line before, four spaces inside."""
    out, width, before = [], 0, ""
    for _, line, is_code in headings.outside_of_code(text.splitlines()):
        item = None if is_code else ITEM.match(line)
        if item and not item.group(1):
            if before.strip() and not width:
                out.append("")
            width = len(item.group(2)) + len(item.group(3))
        elif width and line.strip() and not line.startswith(" ") and (not before.strip() or is_code or line.startswith(("#", "|"))):
            width = 0
        if not is_code and line.startswith("|") and before.strip() and not before.lstrip().startswith("|"):
            out.append("")
        out.append(indented(line, width) if width else line)
        before = line
    return "\n".join(out) + "\n"


def indented(line, width):
    """A line inside of a list, whose text begins behind `width` signs."""
    spaces = len(line) - len(line.lstrip(" "))
    return " " * (4 * (spaces // width) + spaces % width) + line.lstrip(" ")


def linked(text, page_of):
    """Each link through `page_of`, which says where the site has what a link of the tree leads to."""

    def replace(found):
        target = found.group(2)
        if "://" in target or target.startswith("mailto:"):
            return found.group(0)
        return found.group(1) + page_of(target) + found.group(3)

    lines = []
    for _, line, is_code in headings.outside_of_code(text.splitlines()):
        parts = CODE.split(line) if not is_code else [line]
        # A link's words may be code: `[`name`](page)` is one link, so only whole links inside of code are left alone.
        lines.append(line if is_code else LINK.sub(replace, line) if not any(LINK.search(part) for part in parts[1::2]) else
                     "".join(part if number % 2 else LINK.sub(replace, part) for number, part in enumerate(parts)))
    return "\n".join(lines) + "\n"


def blocks_behind(lines, at):
    """Where the fenced blocks end that follow a line with nothing but empty lines between; `at` itself if none does."""
    end = at
    while True:
        start = next((number for number in range(end, len(lines)) if lines[number].strip()), None)
        if start is None or not lines[start].startswith("```"):
            return end
        end = 1 + next(number for number in range(start + 1, len(lines)) if lines[number].startswith("```"))


def tabbed(text):
    """The same in several languages, `Python:` and a block, `Java:` and a block, is a row of tabs: a reader chooses once, for all pages."""
    lines, out, number = text.splitlines(), [], 0
    code = [is_code for *_, is_code in headings.outside_of_code(lines)]
    while number < len(lines):
        group, at = [], number
        while at < len(lines) and not code[at] and (label := LANGUAGE.match(lines[at])):
            end = blocks_behind(lines, at + 1)
            if end == at + 1:
                break
            group.append((label.group(1), lines[at + 1 : end]))
            at = next((after for after in range(end, len(lines)) if lines[after].strip()), len(lines))
        if len(group) > 1:
            for name, body in group:
                out += [f'=== "{name}"', "", *("    " + line if line.strip() else "" for line in body), ""]
            number = at
        else:
            out.append(lines[number])
            number += 1
    return "\n".join(out) + "\n"


def page(text, page_of):
    return tabbed(spaced(named(linked(pictures(without_comments(text)), page_of))))
