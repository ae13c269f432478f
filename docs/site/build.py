#!/usr/bin/env python3
"""Builds the site from the documents of the tree: `make site` writes it to target/site.

The documents stay as GitHub shows them. They are copied to target/site-source, where links lead to pages of the site: what is outside of docs/ and
is linked becomes a page below tree/, as far as links lead. MkDocs makes HTML of that, and check.py looks at all of it.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import page

ROOT = page.ROOT
DOCS = ROOT / "docs"
HERE = DOCS / "site"
SOURCE = ROOT / "target/site-source"
SITE = ROOT / "target/site"
REFERENCES = ROOT / "target/reference"
# The references, by the names of their folders.
HOSTS = {"python": "Python", "java": "Java", "node": "Node.js", "c": "C and C++", "rust": "Rust"}
LANGUAGES = {".rs": "rust", ".py": "python", ".java": "java", ".mjs": "js", ".js": "js", ".c": "c", ".h": "c", ".hpp": "cpp",
             ".cpp": "cpp", ".json": "json", ".toml": "toml", ".sh": "sh", ".xml": "xml", ".wit": "text", ".wat": "text", ".md": "text", ".yml": "yaml", ".yaml": "yaml", ".mk": "make", ".lock": "toml",
             ".txt": "text", ".cmake": "cmake", ".ts": "ts"}
# Where a reference begins, in the order of trying.
BEGINS = ("index.html", "landbridge/index.html", "html/index.html")
HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"
# Who searches wants to use it: why it is as it is comes last.
BEHIND = "---\nsearch:\n  boost: 0.3\n---\n\n"


class Pages:
    """Documents and files on their way to the site; what is linked comes along."""

    def __init__(self):
        self.placed = {}  # a file of the tree, and its page
        self.waiting = []

    def place(self, file):
        """The page that a file of the tree has on the site, below SOURCE."""
        file = Path(os.path.normpath(file))
        if file not in self.placed:
            inside = file.is_relative_to(DOCS)
            target = file.relative_to(DOCS) if inside else Path("tree") / file.relative_to(ROOT)
            # MkDocs leaves out what begins with a dot.
            target = Path(*("dot-" + part[1:] if part.startswith(".") else part for part in target.parts))
            if file.is_dir():
                target = target / "README.md"
            elif not inside and file.suffix != ".md" and is_text(file):
                target = target.with_name(target.name + ".md")
            self.placed[file] = target
            self.waiting.append(file)
        return self.placed[file]

    def link(self, file, target):
        """Where a link of a document leads on the site, relative to its page."""
        wanted = Path(os.path.normpath(file.parent / target))
        if wanted.is_dir() and (wanted / "README.md").exists():
            wanted = wanted / "README.md"
        elif not wanted.exists():
            return target
        return os.path.relpath(self.place(wanted), self.placed[file].parent)

    def write(self):
        while self.waiting:
            file = self.waiting.pop()
            target = SOURCE / self.placed[file]
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.suffix == ".md":
                target.write_text(self.text(file), encoding="utf-8")
            else:
                shutil.copyfile(file, target)

    def text(self, file):
        """The page of a file. What is outside of docs/ is not searched."""
        if file.is_dir():
            return HIDDEN + self.folder(file)
        if file.suffix != ".md":
            return HIDDEN + listing(file)
        text = page.page(file.read_text(encoding="utf-8"), lambda target: self.link(file, target))
        if not file.is_relative_to(DOCS):
            return HIDDEN + text
        return BEHIND + text if file.parent.name in ("adr", "contributing") else text

    def folder(self, folder):
        """A page for a folder without a README: the files in it."""
        found = subprocess.run(["git", "ls-files", "."], cwd=folder, text=True, capture_output=True, check=True).stdout.split()
        lines = [f"- [{name}]({os.path.relpath(self.place(folder / name), self.placed[folder].parent)})\n" for name in found]
        return f"# {folder.relative_to(ROOT)}\n\n" + "".join(lines)


def is_text(file):
    return file.suffix in LANGUAGES or file.name in ("Makefile", "LICENSE", "Dockerfile")


def listing(file):
    """A page that shows a source file."""
    text = file.read_text(encoding="utf-8")
    fence = "`" * 3 if "```" not in text else "`" * 6
    return f"# {file.relative_to(ROOT)}\n\n{fence}{LANGUAGES.get(file.suffix, 'text')}\n{text.rstrip()}\n{fence}\n"


def documents():
    """The documents that are pages by themselves."""
    return sorted(file for file in DOCS.rglob("*.md") if HERE not in file.parents and "node_modules" not in file.parts)


def entry(name):
    """A page in the navigation. Below `Start here` and `Coming from` it need not say that again."""
    title = (DOCS / name).read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
    for again in ("Start here: ", "Coming from ", "A guest in "):
        if title.startswith(again) and "/" in name and not name.endswith("README.md"):
            return {title.removeprefix(again)[:1].upper() + title.removeprefix(again)[1:]: name}
    return {"Begin here": name} if name == "start/README.md" else name


def navigation():
    """The sections of nav.toml with the pages that are there, each page once."""
    there = {str(file.relative_to(DOCS)): file for file in documents()}
    sections = tomllib.loads((HERE / "nav.toml").read_text(encoding="utf-8"))["section"]
    parts = [part for section in sections for part in [section, *section.get("part", [])]]
    listed = {page for part in parts for page in part["pages"]}
    for part in parts:
        folder = part.get("rest")
        rest = [page for page in there if page not in listed and folder is not None and str(Path(page).parent) == folder]
        part["found"] = [entry(page) for page in [*(page for page in part["pages"] if page in there), *sorted(rest)]]
    return [{section["title"]: section["found"] + [{part["title"]: part["found"]} for part in section.get("part", []) if part["found"]]}
            for section in sections if section["found"] or section.get("part")]


def built():
    """The references that were built, and the page that each begins with."""
    for host in HOSTS:
        begin = next((file for file in BEGINS if (REFERENCES / host / file).exists()), None)
        yield host, begin


def write_references():
    """Which references there are, on their page."""
    lines = ["", "| language | reference |", "| --- | --- |"]
    for host, begin in built():
        lines.append(f'| {HOSTS[host]} | <a href="{host}/{begin}">open</a> |' if begin else
                     f"| {HOSTS[host]} | not built here: `make reference-{host}`, then `make site` |")
        print(f"reference {host}: {'taken in' if begin else f'not there; make reference-{host}'}")
    index = SOURCE / "reference/README.md"
    index.write_text(index.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def make():
    """Runs MkDocs on what was prepared."""
    config = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
    config += f"docs_dir: {SOURCE.name}\nsite_dir: {SITE.name}\nnav: {json.dumps(navigation())}\n"
    written = ROOT / "target/site-mkdocs.yml"
    written.write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", written]
    done = subprocess.run(command, cwd=ROOT / "target", env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    print("".join(line for line in done.stdout.splitlines(keepends=True) if done.returncode or not line.startswith("INFO")), end="")
    return done.returncode


def main():
    shutil.rmtree(SOURCE, ignore_errors=True)
    SOURCE.mkdir(parents=True)
    pages = Pages()
    for document in documents():
        pages.place(document)
    pages.write()
    for name in ("site.css", "favicon.svg"):
        shutil.copyfile(HERE / name, SOURCE / name)
    write_references()
    if code := make():
        return code
    for host, begin in built():
        if begin:
            shutil.copytree(REFERENCES / host, SITE / "reference" / host)
    return 0


if __name__ == "__main__":
    sys.exit(main())
