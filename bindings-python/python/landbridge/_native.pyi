from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import Signature
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, Literal, Self, SupportsIndex, TypeAlias, final, overload

from typing_extensions import Buffer

from ._names import ExportType, ImportType

__version__: str
KINDS: dict[str, int]
TRAP_CODES: dict[str, int]
TYPES: dict[str, int]

def _empty(a: int, b: int, /) -> int: ...

_Type: TypeAlias = Literal["i32", "i64", "f32", "f64", "v128", "funcref", "externref"]
_RefType: TypeAlias = Literal["funcref", "externref"]

Imports: TypeAlias = Any
"""What a module's imports are taken from: mappings, objects with attributes, and instances.

``{"env": {"log": print}}`` lends ``print`` as ``env.log``. A callable takes the type that the module
imports it with; a ``Func``, ``Memory``, ``Table`` or ``Global`` must live in the same store.
"""

@final
class Engine:
    """Compiles modules and keeps time. Most programs use the shared one and never name it.

    ``interruptible`` lets Ctrl-C, closing and other threads through while a guest runs; it costs a
    check at each loop iteration of the guest. ``stack_bytes`` is how much native stack a call may
    use at most; a thread with a smaller stack gives less.
    """

    def __new__(cls, *, interruptible: bool = True, stack_bytes: int | None = None) -> Self: ...
    @property
    def interruptible(self) -> bool: ...
    @property
    def stack_bytes(self) -> int: ...

@final
class Module:
    """Compiled code, ready to be instantiated any number of times, on any thread.

    Python's lock is let go while a module is compiled.
    """

    @staticmethod
    def from_file(path: str | PathLike[str], *, engine: Engine | None = None) -> Module:
        """Compiles a file of bytes or of WebAssembly text.

        Raises ``IoError`` if it cannot be read, ``CompileError`` if it does not hold a module.
        """

    @staticmethod
    def from_text(text: str, *, engine: Engine | None = None) -> Module:
        """Compiles WebAssembly text. Raises ``CompileError``; the message says where."""

    @staticmethod
    def from_bytes(data: Buffer, *, engine: Engine | None = None) -> Module:
        """Compiles bytes, from any buffer. Raises ``CompileError``; the message says where."""

    @property
    def name(self) -> str | None:
        """The name in its name section, if there is one."""

    @property
    def imports(self) -> list[ImportType]:
        """What it asks its host for, in its own order."""

    @property
    def exports(self) -> list[ExportType]:
        """What it exports, in its own order."""

    def instantiate(self, imports: Imports | None = None, *, store: Store | None = None) -> Instance:
        """Makes an instance, in a store of its own unless one is given, and runs its start function.

        Raises ``LinkError``, naming every import that is missing or of another type; ``Trap``, or
        what a host function raised, if the start function fails; ``WrongStoreError`` for an import
        that lives in another store.
        """

@final
class Store:
    """One sandbox. Instances in one store can share memories, tables and functions.

    May be used from many threads: they take turns, and a thread that waits lets Python's lock go.
    """

    def __new__(cls, *, engine: Engine | None = None) -> Self: ...
    def instantiate(self, module: Module, imports: Imports | None = None) -> Instance:
        """Makes an instance that shares this store. Raises as ``Module.instantiate``."""

    def close(self) -> None:
        """Closes it: everything in it raises ``ClosedError`` from now on. Twice is no error.

        Never waits: a call that runs on another thread is ended with ``ClosedError``.
        """

    @property
    def closed(self) -> bool:
        """Whether it was closed."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        type: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Instance:
    """A module at work. ``exports`` has what it exports."""

    @property
    def exports(self) -> Exports:
        """What it exports: ``exports.add`` or ``exports["add"]``."""

    @property
    def module(self) -> Module:
        """The module it is an instance of."""

    @property
    def store(self) -> Store:
        """The store it lives in."""

    def func(self, name: str) -> Func:
        """An exported function. Raises ``NotFoundError``, ``ClosedError``."""

    def memory(self, name: str) -> Memory:
        """An exported memory. Raises ``NotFoundError``, ``ClosedError``."""

    def table(self, name: str) -> Table:
        """An exported table. Raises ``NotFoundError``, ``ClosedError``."""

    def global_(self, name: str) -> Global:
        """An exported global. Raises ``NotFoundError``, ``ClosedError``."""

    def call(self, name: str, /, *args: Any) -> Any:
        """Calls an exported function by name. See ``Func``."""

    def close(self) -> None:
        """Closes it, and its store if it has one of its own. Never waits; twice is no error."""

    @property
    def closed(self) -> bool:
        """Whether it was closed, or its store was."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        type: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Exports(Mapping[str, Any]):
    """What an instance exports, by attribute and by key, in the module's order.

    Each export is resolved once. An export goes before a method of the same name; one whose name
    begins and ends with two underscores is reached by key.
    """

    def __getattr__(self, name: str) -> Any: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object, /) -> bool: ...

@final
class Func:
    """A function of a guest or of Python, resolved: a call looks nothing up.

    ``Func(store, type, callable)`` makes one of a callable, for tables and imports.

    Arguments: an int (or what has ``__index__``) for ``i32`` and ``i64``, in the signed or the
    unsigned range; an int or a float (or what has ``__float__``) for ``f32`` and ``f64``; 16 bytes,
    least significant first, or an int for ``v128``; a ``Func`` or None for ``funcref``; any object
    for ``externref``, None being null. Integers come back signed, ``v128`` as bytes, several results
    as a tuple, none as None. All bits of a NaN are kept.

    Raises ``TypeMismatch`` and ``RangeError`` for arguments that do not fit; ``Trap`` with ``code``
    and ``frames``; what a host function raised, as that very object; ``ClosedError``,
    ``PoisonedError``, ``DeadlockError``, ``WrongStoreError``.

    A call that takes longer than a millisecond or two lets Python's lock go. On the main thread
    Ctrl-C ends it with ``KeyboardInterrupt``; its store cannot be used afterwards.
    """

    def __new__(cls, store: Store, type: FuncType, callable: Callable[..., Any], /) -> Self: ...
    def __call__(self, *args: Any) -> Any: ...
    def __hash__(self) -> int: ...
    @property
    def __name__(self) -> str: ...
    @property
    def __qualname__(self) -> str: ...
    @property
    def __signature__(self) -> Signature: ...
    @property
    def name(self) -> str:
        """The name it was exported by."""

    @property
    def type(self) -> FuncType:
        """The signature."""

    @property
    def store(self) -> Store:
        """The store it lives in."""

@final
class Memory:
    """A linear memory: a sequence of bytes, and a buffer. Offsets are in bytes.

    ``memory[0:5]`` is a copy, and slices are cut to size as those of ``bytes`` are; ``read`` and
    ``write`` refuse what is outside. ``memoryview(memory)`` is a writable view in place: it keeps
    its length when the memory grows, and stays valid when the store is closed.
    """

    def __new__(cls, store: Store, min: int, max: int | None = None) -> Self:
        """Makes a memory of ``min`` pages of 64 KiB that can be lent to modules in this store."""

    @property
    def store(self) -> Store: ...
    @property
    def type(self) -> MemoryType:
        """The type it was made with."""

    @property
    def size_bytes(self) -> int:
        """Its size now, in bytes."""

    @property
    def size_pages(self) -> int:
        """Its size now, in pages."""

    def read(self, offset: int, length: int, /) -> bytes:
        """Copies bytes out; all of them must be there. Raises ``OutOfBoundsError``."""

    def write(self, offset: int, data: Buffer, /) -> None:
        """Copies any buffer in. Raises ``OutOfBoundsError``, and nothing is written then."""

    def grow(self, pages: int, /) -> int:
        """Grows it and returns the former size in pages. Raises ``MemoryLimitError``."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, key: slice, /) -> bytes: ...
    @overload
    def __setitem__(self, key: SupportsIndex, data: int, /) -> None: ...
    @overload
    def __setitem__(self, key: slice, data: Buffer, /) -> None: ...
    def __delitem__(self, key: Any, /) -> None: ...
    def __hash__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

@final
class Table:
    """References to functions or to objects of Python, by index."""

    def __new__(
        cls, store: Store, element: _RefType, min: int, max: int | None = None, init: Any = None
    ) -> Self:
        """Makes a table that can be lent to modules in this store; all elements are ``init``."""

    @property
    def store(self) -> Store: ...
    @property
    def type(self) -> TableType:
        """The type it was made with."""

    @property
    def size(self) -> int:
        """How many elements it has now."""

    def get(self, index: int, /) -> Any:
        """Reads an element. Raises ``OutOfBoundsError``."""

    def set(self, index: int, value: Any, /) -> None:
        """Writes an element. Raises ``OutOfBoundsError``, ``TypeMismatch``, ``WrongStoreError``."""

    def grow(self, delta: int, init: Any = None, /) -> int:
        """Grows it, filled with ``init``, and returns the former size. Raises ``LimitError``."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Any: ...
    def __setitem__(self, index: int, value: Any, /) -> None: ...

@final
class Global:
    """One value that Python and guests share."""

    def __new__(cls, store: Store, type: _Type, value: Any, *, mutable: bool = False) -> Self:
        """Makes a global that can be lent to modules in this store."""

    @property
    def store(self) -> Store: ...
    @property
    def type(self) -> GlobalType:
        """Its type."""

    @property
    def value(self) -> Any:
        """The value now. Writing raises ``TypeMismatch`` if it does not fit or is immutable."""

    @value.setter
    def value(self, value: Any) -> None: ...

@final
class Caller:
    """Who called a host function that is marked with ``with_caller``.

    Can only be asked during that call, on its thread; then it raises ``ClosedError``.
    """

    @property
    def name(self) -> str:
        """The name the function was imported by, such as ``env.log``."""

    @property
    def store(self) -> Store:
        """The store the guest runs in."""

    def export(self, name: str) -> Any:
        """An export of the instance that called, or None."""

@final
class FuncType:
    """The signature of a function."""

    sort: ClassVar[str]
    def __new__(cls, params: Sequence[_Type] = ..., results: Sequence[_Type] = ...) -> Self: ...
    @property
    def params(self) -> tuple[str, ...]: ...
    @property
    def results(self) -> tuple[str, ...]: ...
    def __hash__(self) -> int: ...

@final
class MemoryType:
    """The type of a linear memory, in pages."""

    sort: ClassVar[str]
    @property
    def min(self) -> int: ...
    @property
    def max(self) -> int | None: ...
    @property
    def is_64(self) -> bool: ...
    @property
    def page_bytes(self) -> int: ...
    def __hash__(self) -> int: ...

@final
class TableType:
    """The type of a table."""

    sort: ClassVar[str]
    @property
    def element(self) -> str: ...
    @property
    def min(self) -> int: ...
    @property
    def max(self) -> int | None: ...
    def __hash__(self) -> int: ...

@final
class GlobalType:
    """The type of a global."""

    sort: ClassVar[str]
    @property
    def content(self) -> str: ...
    @property
    def mutable(self) -> bool: ...
    def __hash__(self) -> int: ...

@final
class TagType:
    """The type of an exception tag."""

    sort: ClassVar[str]
    @property
    def params(self) -> tuple[str, ...]: ...
    def __hash__(self) -> int: ...
