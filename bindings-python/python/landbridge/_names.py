"""Plain Python parts of the native classes."""

from __future__ import annotations

import enum
import inspect
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _native, errors

if TYPE_CHECKING:
    from . import ExternType, FuncType, MemoryType, Module


class ImportType(NamedTuple):
    """What a module asks its host for."""

    module: str
    name: str
    type: ExternType


class ExportType(NamedTuple):
    """What a module exports."""

    name: str
    type: ExternType


class CustomSection(NamedTuple):
    """A section of a module that is not part of the standard."""

    name: str
    bytes: bytes


class Producer(NamedTuple):
    """Something that took part in making a module."""

    field: str
    """``language``, ``sdk`` or ``processed-by``."""
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a module is and what it will ask for.

    It may use features that the engine does not have: they are told, and loading it is what fails.
    """

    name: str | None
    """The name in its name section, if there is one."""
    imports: tuple[ImportType, ...]
    """What it asks its host for, in its own order."""
    exports: tuple[ExportType, ...]
    """What it exports, in its own order."""
    memories: tuple[MemoryType, ...]
    """All its memories, imported ones first, with their limits."""
    features: tuple[str, ...]
    """What it needs beyond WebAssembly 1.0, by the names of the proposals."""
    custom_sections: tuple[CustomSection, ...]
    """Its sections that are not part of the standard, in its own order."""
    producers: tuple[Producer, ...]
    """What made it, as it says itself."""
    target_features: tuple[str, ...]
    """What its compiler was told to use, such as ``+simd128``."""


@dataclass(frozen=True)
class _Folder:
    path: str

    def __init__(self, path: str | os.PathLike[str]) -> None:
        object.__setattr__(self, "path", os.fspath(path))


class ReadOnly(_Folder):
    """A folder of the host that guests can look at and read. A path that is relative is so to where the
    process is when the store's first module asks for WASI."""


class ReadWrite(_Folder):
    """A folder of the host that guests can also make, write, rename and remove in."""


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands."""

    ns: int
    """Nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class SteppedClock:
    """A clock that goes on by one step each time it is asked."""

    start_ns: int
    """What it tells at first: nanoseconds since 1970."""
    step_ns: int
    """Nanoseconds."""


class Stream(enum.Enum):
    """What a standard stream of a guest can be beside a file, a function, or nothing."""

    INHERIT = "inherit"
    """The process's own: not ``sys.stdout``, but what that writes to."""
    CAPTURE = "capture"
    """Kept for ``Store.stdout()`` and ``Store.stderr()``: 16 MiB at most unless the limits say more or less."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the guests of a store use and used."""

    memory_bytes: int
    """Bytes that all memories and the garbage-collected heap have now."""
    peak_memory_bytes: int
    """The most bytes they ever had."""
    table_elements: int
    """Elements that all tables have now."""
    instances: int
    """Instances that were made."""
    output_bytes: int
    """Bytes written to stdout and stderr."""
    fuel_used: int | None
    """Fuel used since it was last given; None in a store without that limit."""
    last_call_seconds: float
    """How long the last call from the host took, in steps of about a millisecond; zero if less."""


class PoolCounts(NamedTuple):
    """What a pool has now, and has done."""

    ready: int
    """Instances that are ready."""
    taken: int
    """Instances that are taken."""
    waiting: int
    """Callers that wait for one."""
    made: int
    """Instances that were ever made."""
    served: int
    """How often one was taken."""


def arrived(data: bytes, digest: str) -> Module:
    """Takes in a module that was pickled: it is compiled by the shared engine, or found compiled there.

    Raises ``CompileError`` if it is not the module that was sent; then nothing of it is read.
    """
    found = _native.digest_of(data)
    if found != digest:
        raise errors.CompileError(
            f"the module was altered on its way: its digest is {found}, not {digest}"
        )
    return _native.Module.from_bytes(data)


_ANNOTATIONS: dict[str, Any] = {"i32": int, "i64": int, "f32": float, "f64": float, "v128": bytes}


def _annotation(name: str) -> Any:
    return _ANNOTATIONS.get(name, Any)


def signature(type: FuncType) -> inspect.Signature:
    """The signature of a function, for ``inspect.signature``."""
    parameters = [
        inspect.Parameter(
            f"arg{index}", inspect.Parameter.POSITIONAL_ONLY, annotation=_annotation(name)
        )
        for index, name in enumerate(type.params, 1)
    ]
    results = [_annotation(name) for name in type.results]
    match results:
        case []:
            returned: Any = None
        case [one]:
            returned = one
        case _:
            returned = tuple[tuple(results)]  # type: ignore[misc]
    return inspect.Signature(parameters, return_annotation=returned)
