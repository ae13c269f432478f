"""The host of the shop of examples/components, and what lies beside tests of components."""

from __future__ import annotations

import pathlib
from typing import Any

import landbridge as lb

TREE = pathlib.Path(__file__).resolve().parents[2]
GUESTS = TREE / "examples/components"
GUIDE = TREE / "core/tests/guide"


def guests() -> dict[str, pathlib.Path]:
    """The guests that are there: those in JavaScript and Python are built on demand."""
    all_of_them = {
        "rust": GUESTS / "shop-rust.wasm",
        "c": GUESTS / "shop-c.wasm",
        "js": TREE / "target/components/shop-js.wasm",
        "python": TREE / "target/components/shop-python.wasm",
    }
    return {name: path for name, path in all_of_them.items() if path.exists()}


class Office:
    """What the shop asks of its host, by an object."""

    def __init__(self) -> None:
        self.logged: list[tuple[str, str]] = []
        books: dict[str, Journal] = {}

        class Journal:
            """A book."""

            def __init__(self, title: str) -> None:
                self.title, self.lines = title, []
                books[title] = self

            def write(self, text: str) -> int:
                self.lines.append(text)
                return len(self.lines)

            def length(self) -> int:
                return len(self.lines)

            @staticmethod
            def find(title: str) -> Any:
                if title in books:
                    return books[title]
                raise lb.WitError(f"no journal {title}")

        self.Journal = Journal
        self.books = books

    def log(self, level: Any, text: str) -> None:
        self.logged.append((level.value, text))

    def worth(self, code: str) -> int:
        known = {"WELCOME": 500, "LOYAL": 1250}
        if code in known:
            return known[code]
        raise lb.WitError("no such code")

    def reserve(self, lines: list[Any]) -> int:
        return sum(line.count for line in lines)

    def close(self, journal: Any) -> list[str]:
        return journal.lines

    def title(self, journal: Any) -> str:
        return journal.title


_modules: dict[pathlib.Path, lb.Module] = {}


def load(path: pathlib.Path) -> lb.Module:
    if path not in _modules:
        _modules[path] = lb.load(path)
    return _modules[path]


def shop(path: pathlib.Path = GUESTS / "shop-rust.wasm", **sandbox: Any) -> tuple[lb.Instance, Office]:
    office = Office()
    imports = {"office": office, "currency": lambda: "EUR"}
    return load(path).instantiate(imports, **sandbox), office


PEN = {
    "sku": "P",
    "name": "Pen",
    "unit": "piece",
    "marks": {"sharp"},
    "price": 120,
    "weight": 9,
    "stock": 40,
    "rating": 3.25,
    "place": (1, "A"),
    "replaced-by": None,
}


def pen(**parts: Any) -> dict[str, Any]:
    return PEN | parts
