"""Load and call WebAssembly modules.

    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()
    calc.exports.add(2, 3)
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

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
    __version__,
)
from ._program import run
from ._types import ArrayType, FieldType, FuncType, GlobalType, MemoryType, StructType, TableType, TagType
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
    # end generated
    Frame,
    WasmError,
    frames,
)

if TYPE_CHECKING:
    from ._call import Call

Mapping.register(Exports)
_signals.install()

ExternType = FuncType | MemoryType | TableType | GlobalType | TagType
"""The type of an import or export."""

GcType = StructType | ArrayType
"""The type of an object of the guest's heap."""

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


def load(source: Any, *, engine: Engine | None = None) -> Module:
    """Compiles a module.

    ``source`` is a path, the module's bytes, WebAssembly text, a file object, or anything with
    ``read_bytes()`` such as a resource of a package. A ``str`` is text if it begins like one, with ``(`` or
    ``;;`` after space and a byte order mark, and else a path; a file whose own name begins so is given as a
    ``pathlib.Path``.

    Raises ``IoError`` if a file cannot be read and ``CompileError`` if it does not hold a module.
    """
    form, held = _read(source)
    return _LOADS[form](held, engine=engine)


def load_async(source: Any, *, engine: Engine | None = None) -> Call[Module]:
    """The same on a thread of the engine's, to be awaited: the event loop goes on meanwhile, and no call waits.

    Cancelling what awaits it ends the waiting: what has not begun is never done, and what has is compiled to
    its end. Other sources than paths are read at once.

    Raises ``UnsupportedError`` where no event loop runs, and ``LimitError`` if no thread can be started.
    """
    form, held = _read(source)
    if form == "bytes" and not isinstance(held, bytes):
        # What holds no bytes is refused where it is loaded.
        with contextlib.suppress(TypeError):
            held = bytes(memoryview(held))
    return _native.load_async(engine, _load_form, (form, held, engine))


def _load_form(form: str, held: Any, engine: Engine | None) -> Module:
    return _LOADS[form](held, engine=engine)


def inspect(source: Any) -> Inspection:
    """Tells what a module is and what it will ask for, without compiling it.

    ``source`` is what ``load`` takes. Raises ``IoError`` if a file cannot be read and ``CompileError`` if it
    does not hold a valid module.
    """
    form, held = _read(source)
    return _INSPECTS[form](held)


_LOADS: dict[str, Callable[..., Module]] = {
    "string": Module.from_string,
    "file": Module.from_file,
    "text": Module.from_text,
    "bytes": Module.from_bytes,
}

_INSPECTS: dict[str, Callable[..., Inspection]] = {
    "string": _native.inspect_string,
    "file": _native.inspect_file,
    "text": _native.inspect_text,
    "bytes": _native.inspect_bytes,
}


def _read(source: Any) -> tuple[str, Any]:
    """The form of a source, and what it holds; a file by its path. What a string is, the core says."""
    if isinstance(source, str):
        return "string", source
    if isinstance(source, os.PathLike):
        return "file", source
    for name in ("read_bytes", "read"):
        if hasattr(source, name):
            source = getattr(source, name)()
            break
    if isinstance(source, str):
        return "text", source
    try:
        memoryview(source)
    except TypeError:
        what = "a path, bytes, WebAssembly text or a file object"
        raise TypeMismatch(f"source: expected {what}, got {type(source).__name__}") from None
    return "bytes", source


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
    "Policy",
    "Pool",
    "PoolCounts",
    "Producer",
    "ReadOnly",
    "ReadWrite",
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
    "__version__",
    "frames",
    "inspect",
    "load",
    "load_async",
    "run",
    "with_caller",
]
