"""Load and call WebAssembly modules.

    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()
    calc.exports.add(2, 3)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

try:
    # By its whole name, so that Python does not take a missing file for a circular import.
    import landbridge._native
except ImportError as error:
    import platform

    raise ImportError(
        f"landbridge: the native library for {platform.system().lower()}-{platform.machine()} and "
        f"{platform.python_implementation()} {platform.python_version()} cannot be loaded: {error}",
        name=error.name,
        path=error.path,
    ) from error

from . import _late, _native, _signals
from ._names import (
    Ask,
    CustomSection,
    ExportType,
    FixedClock,
    ImportType,
    Inspection,
    Lines,
    MemoryDir,
    Network,
    PoolCounts,
    Producer,
    ReadOnly,
    ReadWrite,
    SteppedClock,
    Stream,
    Usage,
)
from ._native import (
    Caller,
    Engine,
    Exports,
    Func,
    GcRef,
    Global,
    Instance,
    Limits,
    Memory,
    Module,
    Policy,
    Pool,
    Store,
    Table,
    Tag,
    WitFunc,
    WitType,
    __version__,
)
from ._program import run
from ._source import inspect, load, load_async
from ._wit import Err, Ok, Resource, Some
from ._types import (
    ArrayType,
    ExternType,
    FieldType,
    FuncType,
    GcType,
    GlobalType,
    MemoryType,
    StructType,
    TableType,
    TagType,
    WitFuncType,
)
from .errors import (
    # generated: python.error_names
    CompileError,
    LinkError,
    Trap,
    HostError,
    TypeMismatch,
    RangeError,
    NotFoundError,
    OutOfBoundsError,
    ClosedError,
    WrongStoreError,
    BusyError,
    DeadlockError,
    PoisonedError,
    CancelledError,
    DeadlineError,
    FuelError,
    MemoryLimitError,
    LimitError,
    Exit,
    DeniedError,
    IoError,
    UnsupportedError,
    InternalError,
    TaggedException,
    WitError,
    # end generated
    Frame,
    WasmError,
    frames,
)

Mapping.register(Exports)
_signals.install()

INHERIT: Final = Stream.INHERIT
"""For a standard stream: the process's own."""

CAPTURE: Final = Stream.CAPTURE
"""For stdout, stderr and refusals: kept for ``Store.stdout()``, ``Store.stderr()`` and ``Store.refusals()``."""

ASKS: Final[tuple[str, ...]] = _native.ASKS
"""Every name of what a module can ask of WASI, in the order in which ``Inspection.asks`` tells them.

``stdin`` and ``streams`` may mean files where ``files`` is told too; stdout and stderr are ``streams``.
"""

KINDS = MappingProxyType(_native.KINDS)
"""Every kind of error with its stable number."""

TRAP_CODES = MappingProxyType(_native.TRAP_CODES)
"""Every trap code with its stable number."""

TYPES = MappingProxyType(_native.TYPES)
"""Every type of a value with its stable number."""

_F = TypeVar("_F", bound=Callable[..., Any])


def with_caller(function: _F) -> _F:
    """Marks a host function that wants to know who calls it: its first argument is a ``Caller``."""
    function.__wasm_caller__ = True  # type: ignore[attr-defined]
    return function


def __dir__() -> list[str]:
    """The public names, without what this module needs itself."""
    own = (name for name in globals() if name.startswith("__") or name in _MODULES)
    return sorted({*__all__, *own})


_MODULES = ("errors", "importer")

__all__ = [
    # generated: python.error_texts
    "CompileError",
    "LinkError",
    "Trap",
    "HostError",
    "TypeMismatch",
    "RangeError",
    "NotFoundError",
    "OutOfBoundsError",
    "ClosedError",
    "WrongStoreError",
    "BusyError",
    "DeadlockError",
    "PoisonedError",
    "CancelledError",
    "DeadlineError",
    "FuelError",
    "MemoryLimitError",
    "LimitError",
    "Exit",
    "DeniedError",
    "IoError",
    "UnsupportedError",
    "InternalError",
    "TaggedException",
    "WitError",
    # end generated
    "ASKS",
    "CAPTURE",
    "INHERIT",
    "KINDS",
    "TRAP_CODES",
    "TYPES",
    "ArrayType",
    "Ask",
    "Caller",
    "CustomSection",
    "Engine",
    "Err",
    "ExportType",
    "Exports",
    "ExternType",
    "FieldType",
    "FixedClock",
    "Frame",
    "Func",
    "FuncType",
    "GcRef",
    "GcType",
    "Global",
    "GlobalType",
    "ImportType",
    "Inspection",
    "Instance",
    "Limits",
    "Lines",
    "Memory",
    "MemoryDir",
    "MemoryType",
    "Module",
    "Network",
    "Ok",
    "Policy",
    "Pool",
    "PoolCounts",
    "Producer",
    "ReadOnly",
    "ReadWrite",
    "Resource",
    "Some",
    "SteppedClock",
    "Store",
    "Stream",
    "StructType",
    "Table",
    "TableType",
    "Tag",
    "TagType",
    "Usage",
    "WasmError",
    "WitFunc",
    "WitFuncType",
    "WitType",
    "__version__",
    "frames",
    "inspect",
    "load",
    "load_async",
    "run",
    "with_caller",
]
