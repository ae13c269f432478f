import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import Signature
from ipaddress import IPv4Address, IPv6Address
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import (
    Any,
    ClassVar,
    Literal,
    Self,
    SupportsIndex,
    TypeAlias,
    TypedDict,
    TypeVar,
    Unpack,
    final,
    overload,
)

from typing_extensions import Buffer

from ._call import Call
from ._names import (
    ExportType,
    FixedClock,
    ImportType,
    Inspection,
    Lines,
    MemoryDir,
    Network,
    PoolCounts,
    ReadOnly,
    ReadWrite,
    SteppedClock,
    Stream,
    Usage,
)
from ._types import ArrayType, FuncType, GlobalType, MemoryType, StructType, TableType, TagType, WitFuncType

_R = TypeVar("_R")

__version__: str
KINDS: dict[str, int]
TRAP_CODES: dict[str, int]
TYPES: dict[str, int]
ASKS: tuple[str, ...]

def _empty(a: int, b: int, /) -> int: ...
def _look_at_handlers() -> None: ...
def _arrived(sort: str, parts: tuple[Any, ...], /) -> Any: ...
def _type_text(name: str, parts: tuple[Any, ...], /) -> str: ...
def _spelt(name: str, how: str, /) -> str: ...
def _wit_func(types: _Types, name: str, /) -> WitFunc: ...
def _wit_exports(types: _Types, /) -> list[Any]: ...
def _wit_missing(types: _Types, name: str, /) -> None: ...
def _wit_rank(given: str, full: str, /) -> int | None: ...
def _with_users(types: _Types, users: dict[WitType, Any], /) -> _Types: ...
def digest_of(data: bytes, /) -> str: ...
def load_async(engine: Engine | None, what: Callable[..., _R], args: tuple[Any, ...], /) -> Call[_R]: ...
def inspect_file(path: str | PathLike[str], /) -> Inspection: ...
def inspect_string(source: str, /) -> Inspection: ...
def inspect_text(text: str, /) -> Inspection: ...
def inspect_bytes(data: Buffer, /) -> Inspection: ...

_RefType: TypeAlias = Literal[
    # generated: python.reference_types
    "funcref",
    "externref",
    "anyref",
    "eqref",
    "i31ref",
    "structref",
    "arrayref",
    "exnref",
    "nullref",
    "nullfuncref",
    "nullexternref",
    "nullexnref",
    # end generated
]
_Type: TypeAlias = Literal["i32", "i64", "f32", "f64", "v128"] | _RefType

Imports: TypeAlias = Any
"""What a module's imports are taken from: mappings, objects with attributes, and instances.

``{"env": {"log": print}}`` lends ``print`` as ``env.log``. A callable takes the type that the module
imports it with; a ``Func``, ``Memory``, ``Table``, ``Global`` or ``Tag`` must live in the same store. Any other
object is lent as a value for an immutable global, of the type that the module asks for.

Names that begin with ``_`` come from mappings only. An object lends no module that it holds, a class what it or a base
of it defines. A Python module lends the names in its ``__all__``; one without lends what it defines itself, and no
function that it imported.

A host function may be an ``async def``, or return what can be awaited, if the guest is called with
``call_async``: it is awaited in the event loop that made the call, with the context variables of that call. The
guest waits; the loop does not, and meanwhile its thread may use the guest's instance. A call that is cancelled or
takes too long cancels the coroutine. Reached by any other call it raises ``UnsupportedError``, or ``DeadlockError``
while the loop itself waits for the guest. Where the result may be any object (``externref``, ``anyref``) only what
an ``async def`` returns is awaited.
"""

_Input: TypeAlias = Literal[Stream.INHERIT] | bytes | PathLike[str] | None
"""What guests read from stdin: nothing, the process's own, these bytes, or a file."""

_Output: TypeAlias = Stream | PathLike[str] | Callable[[bytes], object] | Lines | None
"""Where what guests write goes: nowhere, to the process's own, kept, to a file, to a function with bytes or with lines.

A file is made, or emptied if it is there; at a named pipe that nobody reads the guest waits. A function is called
with each piece on the guest's thread; what it raises ends the guest and comes out of the call as that very object. It
cannot enter the guest's store: that raises ``BusyError``. In an asynchronous call it may be an ``async def``, as host
functions may. A path is an ``os.PathLike``, never a ``str``.
"""

_Address: TypeAlias = str | IPv4Address | IPv6Address
"""An IP address: a text, or an object of the module ``ipaddress``."""

class _Sandbox(TypedDict, total=False):
    """The keywords that set up a store. None is the same as leaving one out."""

    policy: Policy | None
    """What guests may touch. Without it: nothing."""
    limits: Limits | None
    """How much they may use. Without it there is no limit."""
    stdin: _Input
    stdout: _Output
    stderr: _Output
    refusals: _Output
    """What WASI refused the guests, one line each, such as ``refused: path_open "../x" below "/data": not
    permitted``. Inherited means the process's stderr. Not counted as output; after 10,000 lines of a store no more
    are told. What a guest chose in it has no control characters."""

@final
class Limits:
    """How much the guests of one store may use; ``Limits()`` sets no limit.

    Numbers of another type are a ``TypeMismatch``, those out of range a ``RangeError``.
    """

    def __new__(
        cls,
        *,
        # generated: python.limit_arguments
        memory_bytes: int | None = None,
        table_elements: int | None = None,
        instances: int | None = None,
        fuel: int | None = None,
        output_bytes: int | None = None,
        written_bytes: int | None = None,
        open_files: int | None = None,
        timeout_ms: int | None = None,
        transfer_bytes: int | None = None,
        handles: int | None = None,
        # end generated
    ) -> Self: ...
    @staticmethod
    def from_json(text: str, /) -> Limits:
        """Reads limits from JSON, such as ``{"memory_bytes": 1048576, "timeout_ms": 500}``.

        Without a key there is no limit. Raises ``TypeMismatch``, saying which key is unknown or wrong.
        """

    def to_json(self) -> str:
        """The limits as JSON, the same bytes in every host. Limits that are not set are left out."""

    # generated: python.limits
    @property
    def memory_bytes(self) -> int | None:
        """Bytes that all memories of the store and its garbage-collected heap may have together. A
        guest that asks for more gets -1 from ``memory.grow``, and may go on. If it traps then, or
        if Python asks for more, the error is ``MemoryLimitError``.
        """

    @property
    def table_elements(self) -> int | None:
        """Elements that all tables of the store may have together. More are refused as for memory.
        Error: ``LimitError``.
        """

    @property
    def instances(self) -> int | None:
        """Instances that may be made in the store. Error: ``LimitError``."""

    @property
    def fuel(self) -> int | None:
        """Fuel that guests may use until you give more with ``Store.set_fuel``. Error:
        ``FuelError``. An instruction uses about one unit, and the same call uses the same fuel on
        every machine and in every host. Modules are compiled a second time, with code that counts.
        """

    @property
    def output_bytes(self) -> int | None:
        """Bytes that guests may write to stdout and stderr together. Error: ``LimitError``. If you
        do not set it, at most 16 MiB are captured.
        """

    @property
    def written_bytes(self) -> int | None:
        """Bytes that guests may write into files of granted folders, all together. They count when
        they are written: overwriting or removing gives nothing back. Each file, folder and link
        that is made counts as 4096. Holes count, too: whatever makes a file longer counts, by any
        descriptor. A write beyond the limit gives the guest WASI's error NOSPC (51). If you do not
        set it and the policy has folders in memory, it is 64 MiB.
        """

    @property
    def open_files(self) -> int | None:
        """Files and folders that guests may have open at once, not counting granted folders. One
        more gives the guest WASI's error MFILE (33). If you do not set it, it is 1024.
        """

    @property
    def timeout_ms(self) -> int | None:
        """How many milliseconds a call from Python may take, with all that it calls. Error:
        ``DeadlineError``. The guest is ended within a few milliseconds, also while it sleeps. Two
        things are finished first: a host function that it called, and one instruction that fills
        memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine that can interrupt
        guests.
        """

    @property
    def transfer_bytes(self) -> int | None:
        """Bytes that one call of a component's function may copy to the guest, and as many back;
        likewise when a component calls Python. Strings and lists of numbers count as their bytes;
        in other lists that a component returns, each element counts as at least 8. Arguments that
        are too large are refused before the call, and a component that returns too much is ended.
        Error: ``LimitError``. If you do not set it, it is 128 MiB.
        """

    @property
    def handles(self) -> int | None:
        """Handles of resources that the components of the store may hold at once, and as many that
        Python may hold or have given them. Error: ``LimitError``. A borrow counts until its call
        ends, and a component's resource that Python holds counts for both. If you do not set it, it
        is 100,000.
        """
    # end generated
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class Policy:
    """What the guests of a store may touch; ``Policy()`` grants nothing.

    ``dirs`` are folders by the names that guests see; the kernel's file systems below them, such as ``/proc`` and
    ``/sys``, are not given unless a folder inside of one is named. ``env`` is the environment; ``args`` are what a
    program sees as its arguments, its name first; ``clock`` and ``random`` are the time and the random
    numbers; ``network`` is what may be reached. What is not granted is an error of WASI in the guest, as if it were not there or not permitted.

    Raises ``TypeMismatch`` and ``RangeError`` for what does not fit.
    """

    def __new__(
        cls,
        *,
        dirs: Mapping[str, ReadOnly | ReadWrite | MemoryDir] | None = None,
        env: Mapping[str, str] | None = None,
        args: Iterable[str] | None = None,
        clock: Literal["real"] | FixedClock | SteppedClock | None = None,
        random: Literal["secure"] | int | None = None,
        network: Network | None = None,
    ) -> Self: ...
    @staticmethod
    def program() -> Policy:
        """What ``run`` grants by itself: the real clock and secure random numbers, nothing else."""

    @staticmethod
    def from_json(text: str, /) -> Policy:
        """Reads a policy from JSON. Keys that are not there grant nothing.

        Raises ``TypeMismatch``, saying which key is unknown or wrong.
        """

    @staticmethod
    def from_file(path: str | PathLike[str], /) -> Policy:
        """Reads a policy from a file of JSON. Raises ``IoError``, and as ``from_json``."""

    def to_json(self) -> str:
        """The policy as JSON, the same bytes in every host."""

    def restrict(self, by: Policy, /) -> Policy:
        """What both grant: never wider than either.

        A folder must be the same one in both, one in memory must have the same files, and each keeps the lesser
        access; of clocks and random numbers the lesser one counts, and none of two that are told apart by their
        numbers; a variable must have the same value in both, and so must the arguments. Of networks, ports and
        names what is in both is left.
        """

    def allows(self, other: Policy, /) -> bool:
        """Whether everything that ``other`` grants is granted here.

        What only several grants of the network grant together, such as two ranges of ports that meet, counts as
        not granted.
        """

    def allows_tcp_connect(self, address: _Address, port: int) -> bool:
        """Whether a guest may connect to an address by TCP.

        An IPv4 address that is written as IPv6 counts as IPv4. ``0.0.0.0`` and ``::`` count as this machine, since
        that is where systems connect. Raises ``TypeMismatch`` if it is no address, a name for
        example, and ``RangeError``, as all these questions do.
        """

    def allows_tcp_bind(self, address: _Address, port: int) -> bool:
        """Whether a guest may wait for connections at an address.

        ``0.0.0.0`` means all addresses of IPv4 and needs a grant of ``0.0.0.0/0``; ``::`` all those of IPv6 alone,
        with ``::/0``.
        """

    def allows_udp_connect(self, address: _Address, port: int) -> bool:
        """Whether a guest may send to an address by UDP. See ``allows_tcp_connect``."""

    def allows_udp_bind(self, address: _Address, port: int) -> bool:
        """Whether a guest may receive at an address by UDP. See ``allows_tcp_bind``."""

    def allows_name(self, name: str) -> bool:
        """Whether a guest may resolve a name. Upper and lower case are the same, and a dot at the end is ignored."""

    def allows_name_port(self, name: str, port: int) -> bool:
        """Whether a guest may connect by TCP to an address that this name resolved to."""

    def allows_http(self, scheme: str, host: str, port: int, method: str) -> bool:
        """Whether a guest may make a request by HTTP."""

    @property
    def dirs(self) -> dict[str, ReadOnly | ReadWrite | MemoryDir]:
        """The folders, by the names that guests see: a copy."""

    @property
    def env(self) -> dict[str, str]:
        """The environment: a copy."""

    @property
    def args(self) -> tuple[str, ...]:
        """The arguments, the program's name first."""

    @property
    def clock(self) -> Literal["real"] | FixedClock | SteppedClock | None:
        """The clock: the host's, another one, or none.

        It tells the times of files, too: they are 0 where there is none, and its own time where it is not the
        host's.
        """

    @property
    def random(self) -> Literal["secure"] | int | None:
        """The random numbers: the operating system's, those of a seed (not for secrets), or none."""

    @property
    def network(self) -> Network:
        """What is granted of the network, in order, without what another grant covers; a copy."""

    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class Engine:
    """Compiles modules and keeps time. Most programs use the shared one and never name it.

    Its options are properties, too, which say what each one means. Raises ``UnsupportedError`` if they contradict each
    other or this machine cannot run it so.
    """

    def __new__(
        cls,
        *,
        # generated: python.option_arguments
        interruptible: bool = True,
        stack_bytes: int | None = None,
        cache: bool | str | PathLike[str] = ...,
        wide_arithmetic: bool = False,
        custom_page_sizes: bool = False,
        call_threads: int | None = None,
        signal_handlers: bool = True,
        compile_cost: int | None = None,
        memory_reservation_bytes: int | None = None,
        deterministic: bool = False,
        pool_slots: int | None = None,
        # end generated
    ) -> Self: ...
    # generated: python.options
    @property
    def interruptible(self) -> bool:
        """Whether a running guest can be interrupted. Costs a check at each loop iteration and
        function entry of the guest; without it Ctrl-C, closing and cancelling wait for the guest to
        return.
        """

    @property
    def stack_bytes(self) -> int:
        """Bytes of native stack a call may use at most; by default 512 KiB. A thread with a smaller
        stack gives less.
        """

    @property
    def cache(self) -> bool | Path:
        """Where compiled code is kept for the next process: True for the user's cache folder, or
        where the environment variable ``LANDBRIDGE_CACHE`` says (a folder, or ``off``); False for
        nowhere; a path for a folder. It is kept in ``landbridge/modules`` of the folder, which is
        made if it is not there; nothing else in the folder is touched. The cache is not used where
        others could change its files: if the folder or one above it belongs to another user than
        this one or root, or if its group or others may write to it. A sticky folder, such as
        ``/tmp``, may be above it. A cache that cannot be used is never an error: then modules are
        compiled.
        """

    @property
    def wide_arithmetic(self) -> bool:
        """Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is
        not part of WebAssembly 3.0.
        """

    @property
    def custom_page_sizes(self) -> bool:
        """Whether modules may have memories in pages of one byte, a proposal that is not part of
        WebAssembly 3.0.
        """

    @property
    def call_threads(self) -> int:
        """The most threads that run asynchronous calls at a time, at least 1; by default 4 more
        than the machine has cores, and 32 at most. Each is started when it is needed, and ends when
        it had nothing to do for 10 seconds. A guest that waits for an asynchronous host function
        holds one.
        """

    @property
    def signal_handlers(self) -> bool:
        """Whether traps may come by signals of the operating system (exceptions on Windows).
        Without, guests' code checks each access of memory, each division and each null itself and
        runs slower, and no handler is installed by this engine: for programs whose own handlers
        cannot live with others. The traps are the same ones.
        """

    @property
    def compile_cost(self) -> int:
        """How much more work compiling a module may be than its size explains; by default
        1,000,000, and ``2**64 - 1`` for no bound. It keeps a small module from holding the compiler
        for minutes or taking all memory. A unit is about a microsecond of one core or 250 bytes
        that are held, whichever is more. Each byte of a function explains 8 units, any other byte
        2; ``inspect`` reports what a module costs. One that costs more is refused (``LimitError``)
        before anything is compiled; what a cache or a precompiled file holds is loaded whatever it
        costs.
        """

    @property
    def memory_reservation_bytes(self) -> int:
        """How many bytes a memory may grow to, and how much address space it takes; by default 4
        GiB. With the default each memory takes all of it, and code need not check addresses of 32
        bits. With less, code checks each address and runs slower, and a memory takes only what it
        can need: this option, its declared maximum or what ``Limits.memory_bytes`` leaves,
        whichever is least; a memory that starts larger has the size it starts with. With more,
        64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB
        if it is the first of its store. Where the process may have less than 64 GiB of address
        space (``RLIMIT_AS``, ``ulimit -v``), the default is a sixteenth of that.
        """

    @property
    def deterministic(self) -> bool:
        """Whether results are the same bits on every machine: NaNs are canonical, and relaxed
        vector instructions do the same everywhere. Code with floats runs a little slower.
        """

    @property
    def pool_slots(self) -> int:
        """How many instances of pools can be in slots at a time; by default none. A slot is room
        that the engine keeps ready, so an instance in it is made several times faster. A slot takes
        8 to 12 GiB of address space, and memory only for what is used in it. Where the process has
        less address space, there are fewer slots. An instance that does not fit, or for which no
        slot is free, is made without one; the counts of a pool say how many were made in slots. The
        guide to pools says what fits.
        """
    # end generated
@final
class Module:
    """Compiled code, ready to be instantiated any number of times, on any thread.

    The GIL is released while a module is compiled.

    Modules can be pickled: they travel as their bytes and are loaded by the shared engine where they
    arrive, from what that process has compiled or cached already. A copy is the module itself.
    """

    @staticmethod
    def from_file(path: str | PathLike[str], *, engine: Engine | None = None) -> Module:
        """Compiles a file of bytes or of WebAssembly text.

        Raises ``IoError`` if it cannot be read, ``CompileError`` if it does not hold a module.
        """

    @staticmethod
    def from_string(source: str, *, engine: Engine | None = None) -> Module:
        """Compiles what a string names or is: WebAssembly text if it begins like one, with ``(`` or ``;;``
        after space and a byte order mark, and else the path of a file.

        Raises ``IoError`` if it cannot be read, ``CompileError`` if there is no valid module.
        """

    @staticmethod
    def from_text(text: str, *, engine: Engine | None = None) -> Module:
        """Compiles WebAssembly text. Raises ``CompileError``; the message says where."""

    @staticmethod
    def from_bytes(data: Buffer, *, engine: Engine | None = None) -> Module:
        """Compiles bytes, from any buffer. Raises ``CompileError``; the message says where."""

    @staticmethod
    def load_precompiled(path: str | PathLike[str], *, engine: Engine | None = None) -> Module:
        """Loads what ``compile`` wrote, without compiling. The code is mapped from the file.

        The file is machine code, which is run as it is: never load one from somebody you would not run a
        program from, and do not change it while a module of it is there. Checks are against mistakes, not
        against malice.

        Raises ``IoError`` if it cannot be read; ``CompileError`` if it is no such file, was truncated or
        altered, or was made by another version, for another CPU or operating system, or with other options
        of the engine; the message says which.
        """

    def compile(self, path: str | PathLike[str]) -> None:
        """Writes the compiled code to a file, for ``load_precompiled``. One that is there is replaced.

        It fits one version of this library, one sort of CPU and operating system, and the engine's options,
        and is readable and writable by this user only. Raises ``IoError``.
        """

    @property
    def name(self) -> str | None:
        """The name in its name section, if there is one."""

    @property
    def bytes(self) -> builtins.bytes:
        """Its bytes, in the binary format: a copy."""

    @property
    def digest(self) -> str:
        """The BLAKE3 hash of its bytes, in hexadecimal."""

    @property
    def imports(self) -> list[ImportType]:
        """What it asks its host for, in its own order."""

    @property
    def wit_imports(self) -> tuple[tuple[str, str, WitFuncType], ...]:
        """Of a component, the functions that it asks its host for: of each the name of its interface ("" for one of the world
        itself), its own, such as ``[method]journal.write``, and its type.
        """

    @property
    def exports(self) -> list[ExportType]:
        """What it exports, in its own order."""

    def instantiate(
        self,
        imports: Imports | None = None,
        *,
        store: Store | None = None,
        initialize: bool = True,
        **sandbox: Unpack[_Sandbox],
    ) -> Instance:
        """Makes an instance, in a store of its own unless one is given, and runs its start function.

        The keywords are those of ``Store``, and set up its own store. If you give a store, you cannot give them, too:
        that is a ``TypeMismatch``. A module that imports WASI preview 1 finds it, under the store's policy.

        ``initialize`` says whether ``_initialize`` is called: it is what a reactor of WASI exports, a library that
        is called into. With False you can set the instance up first, and call it yourself before anything else: once, since a
        second call raises ``UnsupportedError``.

        Raises ``LinkError``, naming every import that is missing or of another type; ``Trap``, or
        what a host function raised, if the start function fails; ``WrongStoreError`` for an import
        that lives in another store; ``TypeMismatch`` or ``RangeError`` for a value that does not fit the
        global that it is given for; the errors of ``limits``; ``IoError`` for a folder or file that is not there.
        """

    def _program(self, name: str, args: Iterable[str], policy: Policy) -> Policy: ...
    def __reduce__(self) -> tuple[Callable[..., Module], tuple[builtins.bytes, str]]: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class Store:
    """One sandbox. Instances in one store can share memories, tables and functions.

    Many threads may use it: they take turns. A thread that waits releases the GIL.

    ``policy`` says what guests may touch, ``limits`` how much they may use, ``stdin``, ``stdout`` and ``stderr``
    where their streams lead, and ``refusals`` where WASI reports what it refused them. By default nothing is granted,
    nothing is limited, stdin is empty, and output and refusals are discarded. Files and folders are opened when the first module asks for WASI.

    Raises ``UnsupportedError`` for a timeout if the engine is not ``interruptible``.
    """

    def __new__(
        cls,
        *,
        engine: Engine | None = None,
        **sandbox: Unpack[_Sandbox],
    ) -> Self: ...
    def instantiate(
        self, module: Module, imports: Imports | None = None, *, initialize: bool = True
    ) -> Instance:
        """Makes an instance that shares this store; see ``Module.instantiate``, and raises as that."""

    def usage(self) -> Usage:
        """What its guests use and used. Raises ``ClosedError``."""

    def set_fuel(self, fuel: int, /) -> None:
        """Gives it so much fuel, in place of what is left, and counts from there.

        Raises ``UnsupportedError`` if it was made without a limit of fuel, ``RangeError``, ``ClosedError``,
        ``PoisonedError``.
        """

    def cancel(self) -> None:
        """Ends the call that runs in it with ``CancelledError``; it cannot be used afterwards.

        May be called from any thread, and does not wait: the guest is ended within a few milliseconds, also
        while it sleeps; a host function that it called first returns. If no call runs, nothing happens.
        """

    def stdout(self) -> bytes:
        """Takes what its guests wrote since the last time, if stdout is ``CAPTURE``.

        May be called from any thread, also while they run or when the store is closed.
        """

    def stderr(self) -> bytes:
        """The same for stderr."""

    def stdout_text(self) -> str:
        """As ``stdout``, as text: UTF-8, in which what is invalid is replaced. Asked while a guest writes, a character
        may be cut."""

    def stderr_text(self) -> str:
        """The same for stderr."""

    def refusals(self) -> bytes:
        """As ``stdout``, for the lines that tell what WASI refused its guests."""

    def output(self) -> str:
        """The end of what its guests wrote to discarded streams, and of what WASI refused them.

        A text for reading, of at most 4 KiB of each stream; ``WasmError.output`` tells it too. Call it whenever ``stdout`` may be.
        """

    def gc(self) -> None:
        """Collects garbage of the guests' heap now. Raises ``ClosedError``.

        The heap is collected by itself when there is need. This frees at once the Python objects that no guest refers
        to any more.
        """

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
    """A module at work. ``exports`` has what it exports.

    An instance from a ``Pool`` goes back there when you close it, or when Python collects it. Do not use its
    functions or memories after that.
    """

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
        """An exported function of a core module. Raises ``NotFoundError``, ``ClosedError``; ``UnsupportedError`` for one of a
        component.
        """

    def wit_func(self, name: str) -> WitFunc:
        """A function of a component, by its name in WIT: ``hello``, ``demo:app/shapes@1.2.0#area`` or ``shapes#area``, a method
        as ``shapes#canvas.draw``, a constructor as ``shapes#canvas``.

        Raises ``NotFoundError``, ``ClosedError``; ``UnsupportedError`` for a core module.
        """

    def bind(self, cls: Callable[..., _R], interface: str | None = None, /) -> _R:
        """An object of a class of yours, such as a ``Protocol``, each of whose methods is the function of the component that
        has its name; of an interface, if one is named.

        Values are of the classes in the annotations: a dataclass or a named tuple with the fields of a record, a union of
        classes that are called like the cases of a variant and hold ``value``, an ``enum.Enum`` with the names of an enum, an
        ``enum.Flag``. An attribute whose annotation is a class is an interface of its name.

        All of it is checked now: ``TypeMismatch`` lists what does not fit. Raises ``NotFoundError`` for another interface,
        ``UnsupportedError`` for a core module.
        """

    def memory(self, name: str) -> Memory:
        """An exported memory. Raises ``NotFoundError``, ``ClosedError``."""

    def table(self, name: str) -> Table:
        """An exported table. Raises ``NotFoundError``, ``ClosedError``."""

    def global_(self, name: str) -> Global:
        """An exported global. Raises ``NotFoundError``, ``ClosedError``."""

    def tag(self, name: str) -> Tag:
        """An exported tag of exceptions. Raises ``NotFoundError``, ``ClosedError``."""

    def call(self, name: str, /, *args: Any) -> Any:
        """Calls an exported function by name. See ``Func``."""

    def call_async(self, name: str, /, *args: Any) -> Call[Any]:
        """Calls an exported function by name, and does not wait. See ``Func.call_async``.

        Raises ``NotFoundError``, ``ClosedError``, and as that.
        """

    def run_async(self) -> Call[int]:
        """Runs a program of WASI, and does not wait: its exit code is awaited. See ``run``, ``Func.call_async``."""

    def run(self) -> int:
        """Runs a program of WASI, by its ``_start``, and returns its exit code. A program runs once.

        Raises ``NotFoundError`` if it is no program, ``UnsupportedError`` if it ran already, and as ``Func``,
        except for ``Exit``.
        """

    def close(self) -> None:
        """Closes it, and its store if it has one of its own; one of a pool goes back there.

        Never waits; twice is no error.
        """

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
class Pool:
    """Ready instances of one module, each in a store of its own, for callers that run in parallel.

    ``max`` is the most instances at a time, by default as many as the machine has cores. ``wait`` is how many
    seconds a caller waits when all are taken. ``reset`` says what becomes of an instance that is given back:
    ``"fresh"`` puts a fresh one in its place, so that no caller sees what another left behind; ``"reuse"`` uses
    it again as it is, with its fuel and output as at first, unless it cannot be used any more.

    ``initialize`` is as for ``Module.instantiate``, and the other keywords set up each store, as they do there.
    Limits hold for each store by itself.
    One instance is made at once, further ones when they are needed. May be used from any thread.

    Raises ``RangeError`` if ``max`` is 0 or ``wait`` is negative, and as ``Module.instantiate``.
    """

    def __new__(
        cls,
        module: Module,
        imports: Imports | None = None,
        *,
        initialize: bool = True,
        max: int | None = None,
        wait: float = 30.0,
        reset: Literal["fresh", "reuse"] = "fresh",
        **sandbox: Unpack[_Sandbox],
    ) -> Self: ...
    @property
    def module(self) -> Module:
        """The module it has instances of."""

    def get(self) -> Instance:
        """Takes an instance: ``with pool.get() as it:``. Closing it gives it back, and so does dropping the last
        reference to it.

        A thread that waits releases the GIL. In an event loop use ``call_async``, which waits elsewhere.

        Raises ``BusyError`` if none was given back in time, ``ClosedError``, and as ``Module.instantiate``.
        """

    def call(self, name: str, /, *args: Any) -> Any:
        """Takes an instance, calls an exported function of it by name, and gives it back.

        Raises as ``get`` and ``Instance.call``. What it returns must not be used with the guest any more: a
        ``GcRef`` or a ``Func`` of it is closed.
        """

    def call_async(self, name: str, /, *args: Any) -> Call[Any]:
        """The same, without waiting: what it returns is awaited.

        Any number may be in flight; ``max`` of them run at a time. Cancelling and threads are as for
        ``Func.call_async``, but an instance whose call was cancelled is replaced. Raises ``UnsupportedError``
        and ``LimitError`` as that; all else comes out where it is awaited.
        """

    @property
    def counts(self) -> PoolCounts:
        """What it has now, and has done."""

    def close(self) -> None:
        """Closes it: callers get ``ClosedError`` from now on, those that wait included.

        Instances that are taken are closed when they are given back. Never waits; twice is no error.
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
class Scope:
    """What a call runs under: its end, and its place among the calls of its store."""

    def book(self) -> None: ...
    def cancel(self) -> None: ...
    @property
    def cancelled(self) -> bool: ...
    def run(self, todo: list[Any], /) -> Any: ...

@final
class Loan:
    """A guest that waits for an answer from another thread."""

    def enter(self) -> None: ...
    def leave(self) -> None: ...
    def answer(self) -> None: ...
    @property
    def open(self) -> bool: ...
    @property
    def line(self) -> Any: ...

@final
class Exports(Mapping[str, Any]):
    """What an instance exports, by attribute and by key, in the module's order.

    Of a component: its functions, types and interfaces, by attribute in Python's spelling (``my_func``, ``MyType``) and by key in
    WIT's. An interface is a namespace of the same kind: ``exports.shapes``, ``exports["demo:app/shapes@1.2.0"]`` or, where that means
    just one, ``exports["demo:app/shapes"]``. ``exports["shapes#area"]`` is a function in it.

    Each export is resolved once. An export goes before a method of the same name; one whose name
    begins and ends with two underscores is reached by key.
    """

    def __getattr__(self, name: str) -> Any: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object, /) -> bool: ...
    @property
    def _types(self) -> _Types | None: ...

@final
class Func:
    """A function of a guest or of Python, resolved: a call looks nothing up.

    ``Func(store, type, callable)`` makes one of a callable, for tables and imports. Once a guest may
    have it, it stays as long as the store; else it goes with its last holder. ``LimitError`` after a
    million things made in one store.

    Arguments: an int (or what has ``__index__``) for ``i32`` and ``i64``, in the signed or the
    unsigned range; an int or a float (or what has ``__float__``) for ``f32`` and ``f64``; 16 bytes,
    least significant first, or an int for ``v128``; a ``Func`` or None for ``funcref``; any object
    for ``externref``, None being null; for ``anyref`` and its kin a ``GcRef``, an int from -2**30 to
    2**30 - 1 as an ``i31ref``, or any other object (a bool, too), None being null; a
    ``TaggedException`` or None for ``exnref``. Integers come back signed, ``v128`` as bytes, several
    results as a tuple, none as None. All bits of a NaN are kept. An object of Python's comes back as
    that very object.

    Raises ``TypeMismatch`` and ``RangeError`` for arguments that do not fit; ``Trap`` with ``code``
    and ``frames``; ``TaggedException`` for what the guest throws; what a host function raised, as that
    very object; ``Exit`` if the guest ends itself; the errors of ``Limits``; ``ClosedError``, ``PoisonedError``, ``DeadlockError``, ``WrongStoreError``.

    A call that takes longer than a millisecond or two releases the GIL. On the main thread
    Ctrl-C ends it with ``KeyboardInterrupt``; its store cannot be used afterwards.
    """

    def __new__(cls, store: Store, type: FuncType, callable: Callable[..., Any], /) -> Self: ...
    def __call__(self, *args: Any) -> Any: ...
    def call_async(self, *args: Any) -> Call[Any]:
        """Calls it on a thread of the engine's, and does not wait: what it returns is awaited.

        Any number may be in flight. Calls of one store run one after the other, in the order they were made. The
        call starts at once and goes on if nobody awaits it; host functions run on its thread, with a copy of the
        context variables, and what follows runs in the event loop. What comes back is a future and passes for a
        coroutine: ``asyncio.create_task`` and ``TaskGroup.create_task`` take it, and as with a coroutine
        ``asyncio.wait`` wants a task of it.

        Cancelling it, or the task that awaits it, raises ``asyncio.CancelledError`` at once and ends just this
        call in the guest. One that has not begun never does; one that runs is ended within a few milliseconds,
        and its store cannot be used afterwards. When the interpreter ends, all are ended so; a guest of an
        engine that is not ``interruptible`` is waited for.

        Raises ``TypeMismatch`` at once for a wrong number of arguments; ``UnsupportedError`` where no event loop
        runs; ``DeadlockError`` in a coroutine that the guest waits for; ``LimitError`` if no thread can be
        started. All else comes out where it is awaited, as from a call.
        """
    def map(self, *columns: Any, rows: int | None = None, out: Any = None) -> Any:
        """Calls it once a row, over columns of numbers, in one call::

            >>> add.map(numpy.array([1, 2, 3], "i4"), 10)
            array([11, 12, 13], dtype=int32)

        Each argument is a column or a number, which is the same for all rows. A column is an array of numpy or
        anything else with the buffer protocol (one dimension, with any strides), anything with ``__arrow_c_array__``
        or ``__arrow_c_stream__`` (of pyarrow, polars, pandas), or a list of numbers. Its elements must be of the
        parameter's type; unsigned integers of that size are taken as they are. All columns have the same number of
        rows. Where there is none, ``rows`` says how often it is called.

        The result is an array of numpy if one was given, and a ``Column`` otherwise; a tuple of them for several
        results; None for no result. ``out`` is a buffer for the results instead, or a tuple of one for each; it may be
        one of the arguments. A row with a null of Arrow's is not called: its result is a null in a ``Column``, which
        you then always get, and zero in ``out``.

        It is one call for limits, cancelling and Ctrl-C. The GIL is let go of in a batch of some thousand rows or a
        millisecond or two; other threads must not change the columns meanwhile. Memory of the columns is not let go
        of until it ends: a host function that makes an array longer gets ``BufferError``.

        Raises ``TypeMismatch`` for a column that does not fit, and what a call raises, with ``row`` (see
        ``errors.row``): the number of the row from zero. The results of the rows before it are in ``out``.
        """
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
class Column:
    """A column of numbers that ``Func.map`` gave: a sequence, a buffer that can be read (``memoryview``,
    ``numpy.asarray``), and an array of Arrow's (``pyarrow.array``, ``polars.Series``). Nothing is copied for these.

    A null, which comes from a null in an argument, is None. A column with nulls is no buffer.
    """

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: SupportsIndex, /) -> Any: ...
    @overload
    def __getitem__(self, key: slice, /) -> Column: ...
    def __iter__(self) -> Iterator[Any]: ...
    def tolist(self) -> list[Any]:
        """The numbers as a list; a null is None."""

    @property
    def type(self) -> str:
        """The type of the numbers: "i32", "i64", "f32" or "f64"."""

    @property
    def null_count(self) -> int:
        """How many rows have no number."""

    def __buffer__(self, flags: int, /) -> memoryview: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...

@final
class WitFunc:
    """A function that a component exports, resolved: a call looks nothing up.

    Arguments may be given by position or by the names of the parameters; options at the end may be left out. They are checked before
    the guest is entered: ``TypeMismatch`` and ``RangeError`` say where a wrong value is, such as ``args[0].tags[1]``.

    ================== ============================================================================================
    in WIT             in Python
    ================== ============================================================================================
    ``bool``           a bool
    an integer         an int in its range, or what has ``__index__``; no bool
    ``f32``, ``f64``   a float; an int or what has ``__float__`` is taken
    ``char``           a str of one character
    ``string``         a str
    ``list<u8>``       bytes; any buffer of such numbers, or a list, is taken
    a list of numbers  an ``array.array``; any buffer of such numbers (numpy has them), or a list, is taken
    ``list<T>``        a list; a tuple and any other object with elements in an order is taken
    ``tuple<...>``     a tuple; a list is taken
    ``record``         a frozen dataclass, made for the type; a dict by names of WIT or of Python, and any object with
                       such attributes, is taken
    ``variant``        a frozen dataclass for each case, with ``value`` if it holds something: ``Shape.Circle(2.0)``. A
                       str for a case that holds nothing, a dict such as ``{"circle": 2.0}``, and an object of a class
                       that is called like a case is taken
    ``enum``           a member of an ``enum.Enum``; a str, and one of another enum with such a value or name, is taken
    ``flags``          of an ``enum.Flag``; a set, list or tuple of names is taken
    ``option<T>``      None or the value; in an option of an option ``Some(value)``
    ``result<T, E>``   ``Ok(value)`` or ``Err(value)``; where it is all that a function gives, the value is returned and
                       ``WitError`` raised
    a resource         an object of its class; of the host's, any object of Python's
    ================== ============================================================================================

    Raises what ``Func`` does, and ``WitError``. What a host function raised is that very object and ends the component, as do the guest's
    traps: ``PoisonedError`` from then on.
    """

    def __call__(self, *args: Any, **keywords: Any) -> Any: ...
    def call_async(self, *args: Any, **keywords: Any) -> Call[Any]:
        """Calls it on a thread of the engine's, and does not wait: see ``Func.call_async``.

        The arguments are read at once: what becomes of a list or a buffer afterwards does not matter.
        """

    def __get__(self, object: Any, class_: Any = None, /) -> Any: ...
    @property
    def __name__(self) -> str: ...
    @property
    def __qualname__(self) -> str: ...
    @property
    def __signature__(self) -> Signature: ...
    @property
    def name(self) -> str:
        """Its name in WIT, as it was asked for."""

    @property
    def type(self) -> WitFuncType:
        """What it takes and gives."""

    @property
    def store(self) -> Store:
        """The store it lives in."""

    @property
    def _types(self) -> _Types: ...

@final
class WitType:
    """A type of WIT. ``str`` tells it as WIT does; equal types are ``==``."""

    @property
    def sort(self) -> str:
        """What sort of type it is, by the word of WIT: ``u8``, ``record``, ``list``, ``own``..."""

    @property
    def name(self) -> str | None:
        """Its name in WIT, where it has one."""

    @property
    def parts(self) -> tuple[tuple[str, WitType | None], ...]:
        """What it is made of, with names of WIT: fields, cases, names of an enum or of flags, ``ok`` and ``err``, elements."""

    @property
    def cls(self) -> Any:
        """The class that was made for its values, if one was."""

    def parse(self, text: str) -> Any:
        """The value that a text in WAVE says, such as ``{name: "Ada", age: 36}``.

        Raises ``TypeMismatch`` and ``RangeError``, which say where.
        """

    def format(self, value: Any) -> str:
        """A value as text in WAVE: the same text in every host language. Resources have none."""

    def __hash__(self) -> int: ...

@final
class _WitMethod:
    def __call__(self, *args: Any, **keywords: Any) -> Any: ...
    def call_async(self, *args: Any, **keywords: Any) -> Call[Any]: ...
    def __getattr__(self, name: str, /) -> Any: ...
    @property
    def __self__(self) -> Any: ...
    @property
    def __func__(self) -> Any: ...
    def __hash__(self) -> int: ...

@final
class _Types: ...

@final
class _Handle:
    def close(self) -> None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def store(self) -> Store: ...
    @property
    def number(self) -> int: ...

@final
class Memory:
    """A linear memory: a sequence of bytes, and a buffer. Offsets are in bytes.

    ``memory[0:5]`` is a copy, and slices are cut to size as those of ``bytes`` are; ``read`` and
    ``write`` refuse what is outside. A negative offset is an ``OutOfBoundsError`` everywhere: a pointer above 2 GiB
    that came out signed is read with ``p & 0xFFFFFFFF``. ``memoryview(memory)`` is a writable view in place: it keeps
    its length when the memory grows, and stays valid when the store is closed.
    """

    def __new__(
        cls,
        store: Store,
        min: int,
        max: int | None = None,
        *,
        is_64: bool = False,
        page_bytes: int = 65536,
    ) -> Self:
        """Makes a memory of ``min`` pages that can be lent to modules in this store.

        ``is_64`` gives it 64-bit addresses. A page has 65536 bytes, or 1 if the engine has
        ``custom_page_sizes``. Raises ``LimitError``.
        """

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

    def read_text(self, offset: int, length: int, /) -> str:
        """Reads a text of so many bytes in UTF-8.

        Raises ``TypeMismatch`` if they are not UTF-8, saying where, and ``OutOfBoundsError``.
        """

    def read_c_string(self, offset: int, most: int | None = None, /) -> str:
        """Reads a text in UTF-8 up to its zero byte, which is searched for in ``most`` bytes, 1 MiB if left out.

        Raises ``OutOfBoundsError`` if there is none, and ``TypeMismatch`` as ``read_text``.
        """

    def write_text(self, offset: int, text: str, /) -> int:
        """Writes a text in UTF-8, without a zero byte behind it, and returns how many bytes it has.

        Raises ``OutOfBoundsError``, and nothing is written then; ``TypeMismatch`` for half of a surrogate pair.
        """

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
    """References to functions, to objects of Python or of the guest, by index."""

    def __new__(
        cls,
        store: Store,
        element: _RefType,
        min: int,
        max: int | None = None,
        init: Any = None,
        *,
        is_64: bool = False,
    ) -> Self:
        """Makes a table that can be lent to modules in this store; all elements are ``init``.

        ``is_64`` gives it 64-bit indices. Raises ``LimitError``, ``TypeMismatch``.
        """

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
class Tag:
    """What tells one sort of exception from another, and the types of what these carry.

    Two are equal if they are one tag of one store, also when it is closed.
    """

    def __new__(cls, store: Store, params: Sequence[_Type] = ...) -> Self:
        """Makes a tag that can be lent to modules in this store. Raises ``LimitError``.

        Once it was lent or thrown it stays as long as the store.
        """

    @property
    def store(self) -> Store: ...
    @property
    def type(self) -> TagType:
        """The types of what its exceptions carry."""

    def __hash__(self) -> int: ...

@final
class _Trail:
    """What an exception keeps of its way through guests, by which the core tells its frames."""

    def __new__(cls) -> Self: ...

@final
class Exn:
    """An exception as guests have it: what a ``TaggedException`` holds."""

    def __new__(cls, tag: Tag, payload: tuple[Any, ...], /) -> Self: ...
    @property
    def tag(self) -> Tag: ...
    def payload(self) -> tuple[Any, ...]: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class GcRef:
    """A struct or an array of the guest's heap: its fields or elements, by index.

    Negative indices count from the end. Packed fields (``i8``, ``i16``) are read without a sign, and the low
    bits are written. Two are equal if they are one object of one store; no object of the guest's is falsy.

    It keeps the object alive, and may be let go of on any thread. A circle of objects that leads through the
    guest's heap and through Python is let go of when the store is closed or collected.
    """

    @property
    def store(self) -> Store: ...
    @property
    def sort(self) -> Literal["struct", "array"]:
        """What it is."""

    @property
    def type(self) -> StructType | ArrayType:
        """Its type, with its fields or elements."""

    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __getitem__(self, key: SupportsIndex, /) -> Any:
        """Reads a field or element. Raises ``OutOfBoundsError``, ``ClosedError``."""

    def __setitem__(self, key: SupportsIndex, object: Any, /) -> None:
        """Writes a field or element.

        Raises ``OutOfBoundsError``; ``TypeMismatch`` if the value does not fit or the field is immutable;
        ``RangeError``, ``WrongStoreError``, ``ClosedError``.
        """

    def __delitem__(self, key: Any, /) -> None: ...
    def __hash__(self) -> int: ...

@final
class Caller:
    """Who called a host function that is marked with ``with_caller``.

    Can only be asked during that call, on its thread, and in the loop that awaits the function; then it
    raises ``ClosedError``.
    """

    @property
    def name(self) -> str:
        """The name the function was imported by, such as ``env.log``."""

    @property
    def store(self) -> Store:
        """The store the guest runs in."""

    def export(self, name: str) -> Any:
        """An export of the instance that called, or None."""
