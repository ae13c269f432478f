"""Load and call WebAssembly modules.

    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()
    calc.exports.add(2, 3)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

_VERSION: Final = "0.1.0"

try:
    if "LANDBRIDGE_LIBRARY_PATH" in os.environ:
        from landbridge._library import load_named

        load_named(os.environ["LANDBRIDGE_LIBRARY_PATH"])
    # By its whole name, so that Python does not take a missing file for a circular import.
    import landbridge._native
except Exception as error:
    from landbridge._library import refused

    raise refused(_VERSION, error) from error

from . import _late, _native, _signals
from ._native import (
    Caller,
    Column,
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

if __version__ != _VERSION:
    from ._library import refused

    raise refused(_VERSION)

Mapping.register(Exports)
_signals.install()

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ._names import (
        CAPTURE,
        INHERIT,
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
    from ._wit import Err, Ok, Resource, Some

    _F = TypeVar("_F", bound=Callable[..., Any])

# Where the names stand that most programs do not use: they are imported when they are first asked for.
_LATER: Final = {
    "_names": (
        "CAPTURE", "INHERIT",
        "Ask", "CustomSection", "ExportType", "FixedClock", "ImportType", "Inspection", "Lines", "MemoryDir",
        "Network", "PoolCounts", "Producer", "ReadOnly", "ReadWrite", "SteppedClock", "Stream", "Usage",
    ),
    "_types": (
        "ArrayType", "ExternType", "FieldType", "FuncType", "GcType", "GlobalType", "MemoryType", "StructType",
        "TableType", "TagType", "WitFuncType",
    ),
    "_wit": ("Err", "Ok", "Resource", "Some"),
}
_HOMES: Final = {name: f"{__name__}.{home}" for home, names in _LATER.items() for name in names}

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


def with_caller(function: _F) -> _F:
    """Marks a host function that wants to know who calls it: its first argument is a ``Caller``."""
    function.__wasm_caller__ = True  # type: ignore[attr-defined]
    return function


if not TYPE_CHECKING:
    # A checker would take any name for one of these.
    def __getattr__(name: str) -> Any:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        # The next access finds it like any attribute of a module.
        value = globals()[name] = getattr(_late.module(home), name)
        return value


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
    "Column",
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
