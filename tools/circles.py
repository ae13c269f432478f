#!/usr/bin/env python3
"""Prints which files of a folder name each other in a circle, one circle a line; fails if there is one that was not allowed.

    python3 tools/circles.py core/src --allow loan,turn --allow engine,module,store,wasi
    python3 tools/circles.py bindings-node/lib
    python3 tools/circles.py core/src --edges            # what each file names, instead

In Rust a file names another by a path: `crate::turn::Turn`, `super::json`. A path is followed through what `use` brings into
a file, so `crate::store::Data` counts for the file that has `Data`. A file belongs to the one that declares it
by a private `mod`; only those that others can see (`pub mod`, `pub(crate) mod`) stand by themselves. Types that a crate's
root gives to all (`crate::Error`) do not count: they are its public face, and an error may well hold an exception.
In JavaScript a file names another by `require('./it.js')` or `import`, in Python by `from .it import` as it is read. Blocks under `#[cfg(test)]` do not count.
"""
import argparse
import ast
import pathlib
import re
import sys

# Comments, texts, raw texts and characters: there is no path in them.
NO_CODE = re.compile(r"""//[^\n]*|r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\[^\n]|[^\\'\n])'""", re.S)
USE = re.compile(r"^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);", re.M)


def split_top(text):
    """The parts of `a, b::{c, d}` between commas that are in no braces."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "{") - (c == "}")
        if c == "," and not depth:
            parts.append(text[start:i])
            start = i + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def spread(tree, before=()):
    """Each (path, name) of the tree of a `use`."""
    head, brace, rest = tree.partition("{")
    path = [*before, *(part for part in re.split(r"\s*::\s*", head.strip()) if part)]
    if brace:
        for part in split_top(rest[: rest.rindex("}")]):
            yield from spread(part, path)
        return
    last, _, alias = path[-1].partition(" as ")
    path = [*path[:-1], last.strip()]
    if path[-1] == "self":
        path.pop()
    yield path, alias.strip() or path[-1]


class Rust:
    """The modules of a crate, by their paths."""

    def __init__(self, root):
        self.children, self.uses, self.texts, self.seen = {}, {}, {}, {}
        self.read(root / "lib.rs", root, ())

    def read(self, file, folder, me):
        text = NO_CODE.sub('""', file.read_text())
        text = re.split(r"#\[cfg\((?:all\()?test\b[^\n]*\nmod \w+ \{", text)[0]
        self.texts[me] = text
        self.children[me] = {}
        self.uses[me] = {name: path for tree in USE.findall(text) for path, name in spread(tree)}
        for shown, name in re.findall(r"^(pub(?:\([^)]*\))? )?mod (\w+);", text, re.M):
            child = (*me, name)
            for path in (folder / f"{name}.rs", folder / name / "mod.rs"):
                if path.exists():
                    self.children[me][name] = child
                    # What stands at the crate's root stands by itself; below it, what others can see.
                    self.seen[child] = bool(shown) or not me
                    self.read(path, folder / name, child)

    def unit(self, module):
        """The file that stands by itself and that this one belongs to."""
        while module and not self.seen[module]:
            module = module[:-1]
        return module

    def follow(self, module, path, depth=0):
        """The module that has what the path names, seen from this one; nothing if it is a module itself, or of the root's face."""
        if depth > 20:
            return None
        path = list(path)
        if path[0] == "crate":
            module, path = (), path[1:]
        elif path[0] in ("self", "super"):
            while path and path[0] in ("self", "super"):
                module = module[: len(module) - (path.pop(0) == "super")]
        elif path[0] not in self.children[module] and path[0] not in self.uses[module]:
            # A module written inside of its parent's file, or a crate that is not ours.
            return module if depth else None
        while path:
            name, path = path[0], path[1:]
            if name in self.children[module]:
                module = self.children[module][name]
            elif name in self.uses[module] and self.uses[module][name] != [name]:
                if not module and name[0].isupper():
                    return None
                return self.follow(module, [*self.uses[module][name], *path], depth + 1)
            else:
                return module
        return None

    def edges(self):
        """What each file names. A module that is only brought in counts where something of it is named."""
        found = {}
        for module, text in self.texts.items():
            if not module:
                continue
            without = USE.sub("", text)
            paths = list(self.uses[module].values())
            paths += [path.split("::") for path in re.findall(r"(?<![\w:])(?:\w+::)+\w+", without)]
            me = self.unit(module)
            found.setdefault(me, set())
            for path in paths:
                to = self.follow(module, path)
                if to and self.unit(to) != me:
                    found[me].add(self.unit(to))
        return {"/".join(me): {"/".join(to) for to in tos} for me, tos in found.items()}


def script_edges(root):
    """What each file of JavaScript requires or imports."""
    return {
        file.name: set(re.findall(r"(?:require\(|from |import\()'\./([^']+)'", file.read_text()))
        for file in sorted([*root.glob("*.js"), *root.glob("*.mjs")])
    }


def package_edges(root):
    """What each file of a package of Python imports from it when it is read."""
    found = {}
    for file in sorted(root.glob("*.py")):
        imports = [it for it in ast.parse(file.read_text()).body if isinstance(it, ast.ImportFrom) and it.level == 1]
        found[file.stem] = {name for it in imports for name in ([it.module] if it.module else [one.name for one in it.names])}
    return found


def edges_of(root):
    """What each file of a folder names, whatever language it is in."""
    if (root / "lib.rs").exists():
        return Rust(root).edges()
    return package_edges(root) if (root / "__init__.py").exists() else script_edges(root)


def circles(edges):
    """Tarjan's strongly connected components of more than one file."""
    index, low, stack, found = {}, {}, [], []

    def visit(me):
        index[me] = low[me] = len(index)
        stack.append(me)
        for to in sorted(edges.get(me, ())):
            if to not in index:
                visit(to)
                low[me] = min(low[me], low[to])
            elif to in stack:
                low[me] = min(low[me], index[to])
        if low[me] == index[me]:
            circle = [stack.pop()]
            while circle[-1] != me:
                circle.append(stack.pop())
            if len(circle) > 1:
                found.append(sorted(circle))

    for me in sorted(edges):
        if me not in index:
            visit(me)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--allow", action="append", default=[], metavar="A,B", help="a circle that may be, by the last names of its files")
    parser.add_argument("--edges", action="store_true", help="print what each file names")
    given = parser.parse_args()
    edges = edges_of(given.folder)
    if given.edges:
        for me, tos in sorted(edges.items()):
            print(me, "->", " ".join(sorted(tos)))
        return
    allowed = [set(names.split(",")) for names in given.allow]
    left = [circle for circle in circles(edges) if {name.split("/")[-1] for name in circle} not in allowed]
    for circle in left:
        print(" ".join(circle))
    sys.exit(bool(left))


if __name__ == "__main__":
    main()
