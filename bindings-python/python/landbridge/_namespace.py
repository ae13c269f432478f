"""What a component exports, as namespaces: its functions, types and interfaces by attribute and by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import _native, _wit, errors

_METHODS = ("get", "keys", "values", "items")


class Namespace(Mapping[str, Any]):
    """A namespace: what is in it by attribute in Python's spelling, and by key in WIT's."""

    # Not in the way of names of the component, none of which has an underscore in front.
    _types: _native._Types
    _spelt: dict[str, Any]
    _named: dict[str, Any]
    _name: str

    def __init__(self, types: _native._Types, rows: list[Any], name: str) -> None:
        self._types, self._name = types, name
        self._named = {row[2]: row for row in rows}
        self._spelt = {}
        for row in rows:
            self._spelt.setdefault(row[1], row)
        # What the component calls so goes before a method.
        for method in _METHODS:
            if method in self._spelt:
                self._resolve(self._spelt[method])

    def _resolve(self, row: Any) -> Any:
        match row:
            case ("func", spelt, _, full):
                found: Any = _native._wit_func(self._types, full)
            case ("type" | "resource", spelt, _, named):
                found = _wit.alias(named.class_())
            case (_, spelt, name, docs, rows):
                found = Interface(self._types, rows, name)
                found.__doc__ = docs or f"the interface {name}"
        return self.__dict__.setdefault(spelt, found)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"no export is named {name!r}", name=name, obj=self)
        row = self._spelt.get(name) or self._named.get(name)
        if row is None:
            raise self._missing(name)
        return self._resolve(row)

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            raise KeyError(name)
        row = self._find(name)
        if row is None:
            raise self._missing(name)
        known = self.__dict__.get(row[1])
        return known if known is not None and self._spelt[row[1]] is row else self._resolve(row)

    def _find(self, name: str) -> Any:
        return self._named.get(name) or self._spelt.get(name)

    def _missing(self, name: str) -> Exception:
        raise NotImplementedError

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def __dir__(self) -> list[str]:
        return list(self._spelt)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __reduce__(self) -> Any:
        raise errors.TypeMismatch(f"{self._name} lives in a store and cannot be pickled or copied")


class Interface(Namespace):
    """An interface that a component exports."""

    def _missing(self, name: str) -> Exception:
        if name[:1].isupper():
            there = ", ".join(spelt for spelt, row in self._spelt.items() if row[0] != "func")
            return errors.NotFoundError(f"the interface {self._name} has no type {name!r}; there is {there or 'none'}")
        wit = name.replace("_", "-")
        return _said(self._types, f"{self._name}#{wit}")

    def __repr__(self) -> str:
        return f"<Interface {self._name}: {', '.join(self._spelt)}>"


class World(Namespace):
    """All that a component exports."""

    def _find(self, name: str) -> Any:
        return super()._find(name) or self._interface(name) or self._function(name)

    def _interface(self, name: str) -> Any:
        """The interface of a name that may be short, if it means just one."""
        ranked = [
            (rank, row)
            for full, row in self._named.items()
            if row[0] == "interface" and (rank := _native._wit_rank(name, full)) is not None
        ]
        best = min((rank for rank, _ in ranked), default=None)
        found = [row for rank, row in ranked if rank == best]
        return found[0] if len(found) == 1 else None

    def _function(self, name: str) -> Any:
        """A function of an interface, by both names."""
        if "#" not in name:
            return None
        try:
            _native._wit_missing(self._types, name)
        except errors.NotFoundError:
            return None
        return ("func", name, name, name)

    def _missing(self, name: str) -> Exception:
        return _said(self._types, name if "#" in name or ":" in name else name.replace("_", "-"))

    def __repr__(self) -> str:
        return f"<Exports {', '.join(self._spelt)}>"


def _said(types: _native._Types, name: str) -> Exception:
    """What core says of a name that is not there."""
    try:
        _native._wit_missing(types, name)
    except errors.NotFoundError as error:
        return error
    return errors.NotFoundError(f"no export is named {name!r} that is an attribute")


def world(types: _native._Types) -> World:
    """What a component exports."""
    return World(types, _native._wit_exports(types), "what a component exports")
