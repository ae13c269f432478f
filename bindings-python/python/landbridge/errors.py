"""The exceptions of Landbridge: one class for each kind of error, the same kinds in every host."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from . import _messages, _native

if TYPE_CHECKING:
    from ._native import Exn, Tag


class Frame(NamedTuple):
    """One frame of the guest's call stack."""

    module: str | None
    """The module's name, if it has one."""
    func_index: int
    """The function's index in its module."""
    func_name: str | None
    """The function's name, if the module tells it. Names in frames are for reading: long ones are cut."""
    module_offset: int | None
    """The offset of the instruction in the module's bytes, if known."""

    def __str__(self) -> str:
        module = f"{self.module}!" if self.module else ""
        name = self.func_name or f"wasm-function[{self.func_index}]"
        offset = "" if self.module_offset is None else f" @ {self.module_offset:#x}"
        return f"{module}{name}{offset}"


class WasmError(Exception):
    """Something that went wrong in Landbridge or in a guest. The base of all classes here."""

    kind: ClassVar[str] = "internal"
    """What went wrong, in a word that is the same in every host."""

    code: str | None
    """Why the guest trapped, such as ``integer_division_by_zero``; None for other kinds."""
    frames: tuple[Frame, ...]
    """The guest's call stack, innermost frame first."""
    row: int | None = None
    """The row at which a batch failed, see ``Func.map``; None for other errors."""
    output: str = ""
    """The end of what the guest wrote to discarded streams, and of what WASI refused it. A text
    for reading, of at most 4 KiB of each stream; "" if there is nothing. It is in the traceback, too."""

    def __init__(
        self, message: str = "", code: str | None = None, frames: Iterable[Frame] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.frames = tuple(frames)

    def __str__(self) -> str:
        # A program may have made it with anything.
        return str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        # Python's own would call __init__ with other arguments, and leaves out what is no attribute of a class.
        return _revived, (type(self), self.args), self._sent()

    def _sent(self) -> dict[str, Any]:
        """What goes along where it is copied or pickled."""
        sent = {name: value for name, value in self.__dict__.items() if name not in _OF_PROCESS}
        kept = ((name, getattr(self, name, None)) for name in _OF_BASES)
        sent.update((name, value) for name, value in kept if value is not None)
        return sent


_OF_PROCESS = frozenset(("__wasm_trail__",))
"""Attributes that mean something in this process only."""

_OF_BASES = ("errno", "strerror", "filename", "filename2", "winerror", "name")
"""Attributes of Python's own classes, which are not in ``__dict__``."""


def _revived(cls: type[WasmError], args: tuple[Any, ...]) -> WasmError:
    """An exception that was pickled or copied; its attributes come next.

    A class may be made in a way of its own, so ``__init__`` is left out.
    """
    native: type[Any] = cls
    while native.__module__ != "builtins":
        native = native.__base__ or object
    error: WasmError = native.__new__(cls, *args)
    error.args = args
    return error


# generated: python.errors
class CompileError(WasmError):
    """The bytes are not a valid module, or use a feature that is off."""

    kind = "compile"


class LinkError(WasmError):
    """An import is missing or does not have the type that the module needs."""

    kind = "link"


class Trap(WasmError):
    """The guest trapped; ``code`` says why."""

    kind = "trap"


class HostError(WasmError):
    """A host function failed without an exception of Python's own."""

    kind = "host"


class TypeMismatch(WasmError, TypeError):
    """A value of the wrong type, or the wrong number of them."""

    kind = "type"


class RangeError(WasmError, OverflowError, ValueError):
    """A number that does not fit the type it is meant for."""

    kind = "range"


class NotFoundError(WasmError, AttributeError, KeyError):
    """No export has this name, or it is of another sort, such as a memory instead of a function."""

    kind = "not_found"


class OutOfBoundsError(WasmError, IndexError):
    """An access outside of a memory or a table, made by Python."""

    kind = "out_of_bounds"


class ClosedError(WasmError, ValueError):
    """The object was closed."""

    kind = "closed"


class WrongStoreError(WasmError, ValueError):
    """The object belongs to another store or engine."""

    kind = "wrong_store"


class BusyError(WasmError):
    """The store is in use and this thread must not wait for it, or all instances of a pool are
    taken.
    """

    kind = "busy"


class DeadlockError(WasmError):
    """Waiting for the store would never end: threads would wait for each other in a circle."""

    kind = "deadlock"


class PoisonedError(WasmError):
    """An earlier interruption or panic left the store in an unknown state; instantiate the module
    again.
    """

    kind = "poisoned"


class CancelledError(WasmError):
    """The call was cancelled, as by ``Store.cancel``; its store cannot be used afterwards."""

    kind = "cancelled"


class DeadlineError(WasmError, TimeoutError):
    """The call's deadline passed, see ``Limits.timeout_ms``; its store cannot be used afterwards.
    """

    kind = "timeout"


class FuelError(WasmError):
    """The store's fuel is used up, see ``Limits.fuel``; the store cannot be used afterwards."""

    kind = "fuel"


class MemoryLimitError(WasmError, MemoryError):
    """The memories cannot become that large: their limit is reached, see ``Limits.memory_bytes``,
    or the machine has no more memory.
    """

    kind = "memory_limit"


class LimitError(WasmError):
    """Another limit was reached, such as that of tables, instances, output or compiling; the
    message names it.
    """

    kind = "limit"


class DeniedError(WasmError, PermissionError):
    """The store's policy does not grant this."""

    kind = "denied"


class IoError(WasmError, OSError):
    """A file could not be read or written."""

    kind = "io"


class UnsupportedError(WasmError, NotImplementedError):
    """The engine cannot do this, or was built without it; the message says what to do instead."""

    kind = "unsupported"


class InternalError(WasmError, RuntimeError):
    """A defect in Landbridge."""

    kind = "internal"
# end generated


class IoFileNotFoundError(IoError, FileNotFoundError):
    """There is no such file or folder."""


class IoFileExistsError(IoError, FileExistsError):
    """The file is there already."""


class IoPermissionError(IoError, PermissionError):
    """The operating system does not allow it."""


class IoIsADirectoryError(IoError, IsADirectoryError):
    """It is a folder where a file is needed."""


class IoNotADirectoryError(IoError, NotADirectoryError):
    """It is no folder where one is needed."""


class IoBrokenPipeError(IoError, BrokenPipeError):
    """Nobody reads the pipe any more."""


class IoBlockingError(IoError, BlockingIOError):
    """It would have to be waited for, and the descriptor does not wait."""


class IoInterruptedError(IoError, InterruptedError):
    """A signal came first."""


class Exit(WasmError):
    """The guest ended itself with an exit code. ``Instance.run`` returns it instead.

    ``raise Exit(exit_code=3)`` in a host function ends the guest that called it as WASI does. One that comes out of
    a guest inside of the host function keeps its code on the way.
    """

    kind = "exit"

    exit_code: int = 0
    """What it ended with; zero is for success."""

    def __init__(
        self,
        message: str = "",
        code: str | None = None,
        frames: Iterable[Frame] = (),
        *,
        exit_code: int = 0,
    ) -> None:
        told = message or _messages.exited(exit_code)
        super().__init__(told, code, frames)
        self.exit_code = exit_code


class TaggedException(WasmError):
    """An exception of WebAssembly: what a guest throws and does not catch, and the value of an ``exnref``.

    ``raise TaggedException(tag, *payload)`` in a host function throws one that the guest can catch by its
    tag; if it does not, this very object comes out of the call. The payload must fit the tag: else
    ``TypeMismatch`` or ``RangeError`` is raised, and ``ClosedError`` if the tag's store is closed.

    Two are equal if they are one exception of one store. A guest that gives an ``exnref`` twice gives two
    objects here that are equal.

    A copy is the same exception. One that was pickled has no ``tag`` any more (None), since that lives in a store,
    and None for what of its payload lives there.
    """

    kind = "exception"

    tag: Tag
    """Which sort of exception it is. Tags are compared with ``==``."""
    _exn: Exn | None = None
    _payload: tuple[Any, ...] | None = None

    def __init__(self, tag: Tag, *payload: Any) -> None:
        exn = _native.Exn(tag, payload)
        self._hold(exn)
        self._payload = exn.payload()

    def _hold(self, exn: Exn) -> None:
        self._exn, self.tag, self._payload = exn, exn.tag, None
        super().__init__(_messages.not_caught(self.tag.type))

    def _sent(self) -> dict[str, Any]:
        sent = super()._sent()
        try:
            payload = self.payload
        except ClosedError:
            payload = None
        sent.update(tag=None, _exn=None, _payload=payload and tuple(map(_of_no_store, payload)))
        return sent

    def __copy__(self) -> Self:
        copied = _revived(type(self), self.args)
        copied.__dict__.update(self.__dict__)
        return copied  # type: ignore[return-value]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

    @property
    def payload(self) -> tuple[Any, ...]:
        """What it carries, of the types of its tag.

        Of an ``exnref`` that a guest gave it is read when it is first asked for, and raises ``ClosedError``
        if the store is closed by then. That of one that was raised or made here is there for good.
        """
        if self._payload is None:
            if self._exn is None:
                raise ClosedError(_messages.sent_exception())
            self._payload = self._exn.payload()
        return self._payload

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, TaggedException) and self._exn is not None and self._exn == other._exn

    def __hash__(self) -> int:
        return hash(self.tag)


class WitError(WasmError):
    """The ``err`` of a WIT ``result``, where that is all that a function gives.

    A function of a component that gives ``err`` raises it, with what the ``err`` holds as ``payload``. ``raise WitError(payload)`` in
    a host function gives ``err(payload)`` to the guest, if the function's type is a ``result``; a payload that does not fit that is
    an error. Where the type is none, this very object comes out of the call, as every other exception does.
    """

    kind = "wit"

    payload: Any
    """What the ``err`` holds; None if it holds nothing."""

    def __init__(self, payload: Any = None, message: str | None = None) -> None:
        told = "err" if payload is None else f"err({payload!r})"
        super().__init__(told if message is None else message)
        self.payload = payload


def _of_no_store(value: Any) -> Any:
    """What of a payload can leave its store."""
    return None if isinstance(value, (_native.GcRef, _native.Func)) else value


CLASSES: dict[str, type[WasmError]] = {
    cls.kind: cls
    for cls in (
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
    )
}
"""The class for each kind, in the order of the kinds' numbers."""


_OS_CLASSES: dict[type[OSError], type[IoError]] = {
    cls.__bases__[1]: cls for cls in IoError.__subclasses__()
}
"""What is Python's own class for each, by that."""


def frames(error: BaseException) -> tuple[Frame, ...]:
    """The guest's frames that an exception went through, innermost first.

    Works for every exception: a ``WasmError``, and any other that a host function raised. An object
    that is raised again keeps what it has and adds to it, as it does with its traceback.
    """
    if isinstance(error, WasmError):
        return error.frames
    found: tuple[Frame, ...] = getattr(error, "__wasm_frames__", ())
    return found


def row(error: BaseException) -> int | None:
    """The row at which a batch failed, counted from zero; None if it was none.

    Works for every exception: a ``WasmError``, and any other that a host function raised in a batch.
    """
    if isinstance(error, WasmError):
        return error.row
    found: int | None = getattr(error, "__wasm_row__", None)
    return found


def _make(
    kind: str,
    message: str,
    code: str | None,
    rows: Iterable[Any],
    trail: object,
    exit_code: int | None,
    output: str,
    os_code: int | None,
    path: str | None,
    row: int | None,
) -> WasmError:
    """Makes the exception for an error of the core."""
    error = _refused(message, os_code, path) if kind == "io" else CLASSES[kind](message, code)
    if isinstance(error, Exit) and exit_code is not None:
        error.exit_code = exit_code
    _add_frames(error, 0, rows, trail)
    _add_output(error, output)
    error.row = row
    return error


def _add_row(error: Any, at: int | None) -> None:
    """Gives an exception the row at which it came out of a batch, or takes a former one away."""
    former = row(error)
    if at == former:
        return
    if isinstance(error, WasmError):
        error.row = at
    else:
        error.__wasm_row__ = at
    notes = getattr(error, "__notes__", [])
    notes[:] = [note for note in notes if note != f"row {former}"]
    if at is not None:
        error.add_note(f"row {at}")


def _add_output(error: WasmError, output: str) -> None:
    """Adds what the guest had written, if there is anything."""
    if output:
        error.output = output
        error.add_note(output)


def _refused(message: str, os_code: int | None, path: str | None) -> IoError:
    """The exception for what the operating system refused, as Python's own says it."""
    if os_code is None:
        error = IoError(message)
        error.filename = path
        return error
    # On Windows the number is not an errno; Python knows which one it is.
    is_windows = sys.platform == "win32"
    own = OSError(os_code, "", path, os_code if is_windows else None)
    error = _OS_CLASSES.get(type(own), IoError)(message)
    error.errno, error.strerror = own.errno, os.strerror(own.errno or os_code)
    error.filename = path
    return error


def _tagged(exn: Exn) -> TaggedException:
    """The object for an exception that comes from a guest."""
    error = TaggedException.__new__(TaggedException)
    error._hold(exn)
    return error


_TITLE = "WebAssembly frames, innermost first:"


def _add_frames(error: Any, kept: int, rows: Iterable[Any], trail: object) -> None:
    """Gives an exception frames behind the first that it keeps, and tells them all in one note."""
    known = frames(error)
    told = known[:kept] + tuple(map(Frame._make, rows))
    if not told and not known:
        return
    error.__wasm_trail__ = trail
    if told == known:
        return
    if isinstance(error, WasmError):
        error.frames = told
    else:
        error.__wasm_frames__ = told
    notes = getattr(error, "__notes__", [])
    notes[:] = [note for note in notes if not note.startswith(_TITLE)]
    if told:
        error.add_note("\n    at ".join((_TITLE, *map(str, told))))


def __dir__() -> list[str]:
    """The public names, without what this module needs itself."""
    own = (name for name, value in globals().items() if getattr(value, "__module__", None) == __name__ or name == "CLASSES")
    dunders = (name for name in globals() if name.startswith("__"))
    return sorted({*dunders, *(name for name in own if not name.startswith("_"))})
