"""The types of what modules import and export, and of the objects of guests' heaps: plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from . import _native

if TYPE_CHECKING:
    from ._native import WitType, _Type


class _Shown:
    """What says itself in the words of the core."""

    __slots__ = ()
    __match_args__: tuple[str, ...]

    def __str__(self) -> str:
        parts = tuple(getattr(self, name) for name in self.__match_args__)
        return _native._type_text(type(self).__name__, parts)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


@final
@dataclass(frozen=True, slots=True, init=False, repr=False)
class FuncType(_Shown):
    """The signature of a function: ``FuncType(["i32", "i32"], ["i32"])``."""

    sort = "func"
    params: tuple[str, ...]
    """The types of what it takes."""
    results: tuple[str, ...]
    """The types of what it gives."""

    def __init__(self, params: Iterable[_Type] = (), results: Iterable[_Type] = ()) -> None:
        object.__setattr__(self, "params", tuple(params))
        object.__setattr__(self, "results", tuple(results))
        str(self)  # Names that are no types are refused.


@final
@dataclass(frozen=True, slots=True, repr=False)
class WitFuncType:
    """The type of a function of a component: ``str`` tells it as WIT does."""

    params: tuple[tuple[str, str, WitType], ...]
    """What it takes: of each its name in WIT, its name in Python, and its type."""
    result: WitType | None
    """What it gives, if anything."""
    _told: str

    def __str__(self) -> str:
        return self._told

    def __repr__(self) -> str:
        return f"<WitFuncType {self._told}>"


@final
@dataclass(frozen=True, slots=True, repr=False)
class MemoryType(_Shown):
    """The type of a linear memory, in pages."""

    sort = "memory"
    min: int
    """Pages at the start."""
    max: int | None
    """Pages it may grow to; None if there is no bound."""
    is_64: bool
    """Whether addresses have 64 bits."""
    page_bytes: int
    """Bytes in a page: 65536, unless the module chose otherwise."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class TableType(_Shown):
    """The type of a table."""

    sort = "table"
    element: str
    """The type of its elements."""
    min: int
    """Elements at the start."""
    max: int | None
    """Elements it may grow to; None if there is no bound."""
    is_64: bool
    """Whether indices have 64 bits."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class GlobalType(_Shown):
    """The type of a global."""

    sort = "global"
    content: str
    """The type of its value."""
    mutable: bool
    """Whether it can be written."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class TagType(_Shown):
    """The type of an exception tag."""

    sort = "tag"
    params: tuple[str, ...]
    """The types of what its exceptions carry."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class FieldType(_Shown):
    """A field of a struct, or the elements of an array."""

    storage: str
    """``i8``, ``i16``, or the name of a type."""
    mutable: bool
    """Whether it can be written."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class StructType(_Shown):
    """The type of a struct of the guest's heap, such as ``(struct (mut i32) f64)``."""

    sort = "struct"
    fields: tuple[FieldType, ...]
    """Its fields, in order."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class ArrayType(_Shown):
    """The type of an array of the guest's heap, such as ``(array (mut i8))``."""

    sort = "array"
    element: FieldType
    """What its elements are."""


ExternType = FuncType | MemoryType | TableType | GlobalType | TagType
"""The type of an import or export."""

GcType = StructType | ArrayType
"""The type of an object of the guest's heap."""

_public: Any
for _public in (FuncType, MemoryType, TableType, GlobalType, TagType, FieldType, StructType, ArrayType):
    _public.__module__ = "landbridge"
