#!/usr/bin/env python3
"""Looks at target/site: every link and anchor leads somewhere, nothing is fetched from elsewhere, pages say what GitHub shows, search finds things."""

import collections
import json
import os
import re
import sys
import urllib.parse
from html.parser import HTMLParser

from markdown_it import MarkdownIt

import build

SITE, DOCS = build.SITE, build.DOCS
FETCHED = {("script", "src"), ("img", "src"), ("source", "srcset"), ("iframe", "src"), ("video", "src"), ("audio", "src"), ("object", "data")}
COUNTED = ("h1", "h2", "h3", "h4", "li", "table", "tr", "pre", "img")
# What somebody types who looks for it, and a page that must be among those that have all of its words.
WORDS = {"memory limit": "guide/troubleshooting", "trap": "guide/python", "cancel": "guide/calls", "alpine": "guide/deploying"}


class Page(HTMLParser):
    """What a page of HTML links to, fetches, and has."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.fetched, self.names, self.counts = [], [], set(), collections.Counter()
        self.depth = 0  # inside of the article
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "article":
            self.depth += 1
        elif self.depth and tag in COUNTED and not given.get("src", "").endswith("-dark.svg"):
            self.counts[tag] += 1
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        for attribute in ("src", "srcset", "data"):
            if (tag, attribute) in FETCHED and given.get(attribute):
                self.fetched.append(given[attribute])
        if tag == "link" and given.get("href") and given.get("rel") not in ("canonical", "prev", "next"):
            self.fetched.append(given["href"])

    def handle_endtag(self, tag):
        self.depth -= tag == "article"


def is_elsewhere(target):
    return re.match(r"(?:[a-z]+:)?//", target) is not None


def dead(file, page, pages):
    """The links of a page, and what it fetches, that are not there."""
    for target in page.links + page.fetched:
        parts = urllib.parse.urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        path = urllib.parse.unquote(parts.path)
        place = SITE / path.lstrip("/") if path.startswith("/") else file.parent / path
        wanted = build.Path(os.path.normpath(place)) if path else file
        wanted = wanted / "index.html" if wanted.is_dir() else wanted
        if not wanted.exists():
            yield f"{target} is not there"
        elif parts.fragment and wanted in pages and urllib.parse.unquote(parts.fragment) not in pages[wanted].names | {"__top"}:
            yield f"{target}: no such anchor"


def fetches(file, text, page=None):
    """What a page or a style sheet would fetch from elsewhere."""
    if file.suffix == ".css":
        found = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""", text)
    else:
        found = page.fetched if page else re.findall(r"""<(?:script|img|link|iframe)\b[^>]*?(?:src|href)=["']([^"']+)""", text)
    return [target for target in found if is_elsewhere(target)]


def as_github_reads(document, page):
    """Are there as many headings, items, tables and blocks of code as GitHub shows?"""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(document.read_text(encoding="utf-8"))
    counts = collections.Counter()
    for token in tokens:
        if token.type in ("fence", "code_block"):
            counts["pre"] += 1
        elif token.nesting == 1:
            counts[token.tag] += 1
        for child in token.children or []:
            counts["img"] += child.type == "image"
            counts["img"] += child.type == "html_inline" and child.content.startswith("<img")
        counts["img"] += token.content.count("<img") if token.type == "html_block" else 0
    return [f"{tag}: {page.counts[tag]} here, {counts[tag]} on GitHub" for tag in COUNTED if counts[tag] != page.counts[tag]]


def page_of(document):
    """The HTML of a document of docs/."""
    path = document.relative_to(DOCS).with_suffix(".html")
    return SITE / (path.with_name("index.html") if document.name == "README.md" else path)


def missing_words():
    """Searches that would not find their page."""
    entries = json.loads((SITE / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    for words, wanted in WORDS.items():
        found = {entry["location"].split("#")[0] for entry in entries
                 if all(word in (entry["title"] + " " + entry["text"]).lower() for word in words.split())}
        if f"{wanted}.html" not in found:
            yield f"search: {words!r} does not find {wanted}"
    yield from (f"search: {entry['location']} is not a page to be found" for entry in entries if entry["location"].startswith("tree/"))


def outside_of_navigation():
    def pages(part):
        return [part] if isinstance(part, str) else [page for value in (part.values() if isinstance(part, dict) else part) for page in pages(value)]

    listed = collections.Counter(pages(build.navigation()))
    there = {str(file.relative_to(DOCS)) for file in build.documents()}
    return [f"{page} is in the navigation {listed[page]} times" for page in sorted(there | set(listed)) if listed[page] != 1]


def wrongs():
    """Everything that is wrong with the site."""
    own = [file for file in SITE.rglob("*.html") if not is_reference(file)]
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in own}
    for file, page in pages.items():
        name = file.relative_to(SITE)
        yield from (f"{name}: {fault}" for fault in dead(file, page, pages))
        yield from (f"{name}: is fetched from elsewhere: {target}" for target in fetches(file, "", page))
        if "<!-- snippet" in file.read_text(encoding="utf-8"):
            yield f"{name}: shows a marker"
    for file in [*SITE.rglob("*.css"), *(file for file in SITE.rglob("*.html") if is_reference(file))]:
        text = file.read_text(encoding="utf-8", errors="replace")
        yield from (f"{file.relative_to(SITE)}: is fetched from elsewhere: {target}" for target in fetches(file, text))
    for document in build.documents():
        if page_of(document) not in pages:
            yield f"{document.relative_to(DOCS)} has no page"
        elif document.parent.name != "reference":
            yield from (f"{document.relative_to(DOCS)}: {fault}" for fault in as_github_reads(document, pages[page_of(document)]))
    yield from missing_words()
    yield from outside_of_navigation()


def is_reference(file):
    parts = file.relative_to(SITE).parts
    return parts[0] == "reference" and len(parts) > 2


def main():
    wrong = list(wrongs())
    print("\n".join(wrong[:100]))
    print(f"site: {sum(1 for _ in SITE.rglob('*.html'))} pages, {len(wrong)} wrong; python3 -m http.server -d target/site shows it")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
