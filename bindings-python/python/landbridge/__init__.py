"""Load and call WebAssembly modules.

    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()
    calc.exports.add(2, 3)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from . import _native
from ._names import ExportType, ImportType
from ._native import (
    Caller,
    Engine,
    Exports,
    Func,
    FuncType,
    Global,
    GlobalType,
    Instance,
    Memory,
    MemoryType,
    Module,
    Store,
    Table,
    TableType,
    TagType,
    __version__,
)
from .errors import (
    BusyError,
    CancelledError,
    ClosedError,
    CompileError,
    DeadlineError,
    DeadlockError,
    DeniedError,
    ExitError,
    Frame,
    FuelError,
    HostError,
    InternalError,
    IoError,
    LimitError,
    LinkError,
    MemoryLimitError,
    NotFoundError,
    OutOfBoundsError,
    PoisonedError,
    RangeError,
    Trap,
    TypeMismatch,
    UnsupportedError,
    WasmError,
    WrongStoreError,
    frames,
)

Mapping.register(Exports)

ExternType = FuncType | MemoryType | TableType | GlobalType | TagType
"""The type of an import or export."""

KINDS = MappingProxyType(_native.KINDS)
"""Every kind of error with its stable number."""

TRAP_CODES = MappingProxyType(_native.TRAP_CODES)
"""Every trap code with its stable number."""

TYPES = MappingProxyType(_native.TYPES)
"""Every type of a value with its stable number."""

_F = TypeVar("_F", bound=Callable[..., Any])


def load(source: Any, *, engine: Engine | None = None) -> Module:
    """Compiles a module.

    ``source`` is a path, the module's bytes, WebAssembly text (a ``str`` that begins with ``(`` or
    ``;;``), a file object, or anything with ``read_bytes()`` such as a resource of a package.

    Raises ``IoError`` if a file cannot be read and ``CompileError`` if it does not hold a module.
    """
    if isinstance(source, str) and source.lstrip().startswith(("(", ";;")):
        return Module.from_text(source, engine=engine)
    if isinstance(source, (str, os.PathLike)):
        return Module.from_file(source, engine=engine)
    for name in ("read_bytes", "read"):
        if hasattr(source, name):
            source = getattr(source, name)()
            break
    if isinstance(source, str):
        return Module.from_text(source, engine=engine)
    return Module.from_bytes(source, engine=engine)


def with_caller(function: _F) -> _F:
    """Marks a host function that wants to know who calls it: its first argument is a ``Caller``."""
    function.__wasm_caller__ = True  # type: ignore[attr-defined]
    return function


__all__ = [
    "KINDS",
    "TRAP_CODES",
    "TYPES",
    "BusyError",
    "Caller",
    "CancelledError",
    "ClosedError",
    "CompileError",
    "DeadlineError",
    "DeadlockError",
    "DeniedError",
    "Engine",
    "ExitError",
    "ExportType",
    "Exports",
    "ExternType",
    "Frame",
    "FuelError",
    "Func",
    "FuncType",
    "Global",
    "GlobalType",
    "HostError",
    "ImportType",
    "Instance",
    "InternalError",
    "IoError",
    "LimitError",
    "LinkError",
    "Memory",
    "MemoryLimitError",
    "MemoryType",
    "Module",
    "NotFoundError",
    "OutOfBoundsError",
    "PoisonedError",
    "RangeError",
    "Store",
    "Table",
    "TableType",
    "TagType",
    "Trap",
    "TypeMismatch",
    "UnsupportedError",
    "WasmError",
    "WrongStoreError",
    "__version__",
    "frames",
    "load",
    "with_caller",
]
