"""Plain Python parts of the native classes."""

from __future__ import annotations

import enum
import inspect
import json
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from . import _messages, _native, errors

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ._native import Module
    from ._types import ExternType, FuncType, MemoryType


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 256
_SHORT.maxtuple = 20


def _told(named: Any) -> str:
    """The ``repr`` of a tuple with names, with long parts cut: guests choose how long they are."""
    parts = (f"{name}={_SHORT.repr(getattr(named, name))}" for name in named._fields)
    return f"{type(named).__name__}({', '.join(parts)})"


class ImportType(NamedTuple):
    """What a module asks its host for."""

    module: str
    name: str
    type: ExternType

    def __repr__(self) -> str:
        return _told(self)


class ExportType(NamedTuple):
    """What a module exports."""

    name: str
    type: ExternType

    def __repr__(self) -> str:
        return _told(self)


class CustomSection(NamedTuple):
    """A section of a module that is not part of the standard."""

    name: str
    bytes: bytes

    def __repr__(self) -> str:
        return f"CustomSection(name={_SHORT.repr(self.name)}, {len(self.bytes)} bytes)"


class Producer(NamedTuple):
    """Something that took part in making a module."""

    field: str
    """``language``, ``sdk`` or ``processed-by``."""
    name: str
    version: str

    def __repr__(self) -> str:
        return _told(self)


class Ask(NamedTuple):
    """Something that a module asks of WASI."""

    what: str
    """One of ``ASKS``."""
    functions: tuple[str, ...]
    """The functions it asks by, in the order of its imports."""

    def __repr__(self) -> str:
        return _told(self)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a module is and what it will ask for.

    It may use features that the engine does not have: they are told, and loading it is what fails.
    """

    name: str | None
    """The name in its name section, if there is one."""
    imports: tuple[ImportType, ...]
    """What it asks its host for, in its own order; empty for a component."""
    asks: tuple[Ask, ...]
    """What it asks of WASI, as far as its imports tell. Whatever else it imports you must give it."""
    built_for: str | None
    """What it was built for, if its imports tell of a host that is neither WASI nor one of its own, such as
    JavaScript, and what to do, in a sentence."""
    exports: tuple[ExportType, ...]
    """What it exports, in its own order; empty for a component."""
    memories: tuple[MemoryType, ...]
    """All its memories, imported ones first, with their limits."""
    features: tuple[str, ...]
    """What it needs beyond WebAssembly 1.0, by the names of the proposals."""
    compile_cost: int
    """How much more work compiling it is than its size accounts for, in the units of ``Engine``'s option
    ``compile_cost``; most modules have 0 here."""
    custom_sections: tuple[CustomSection, ...]
    """Its sections that are not part of the standard, in its own order."""
    producers: tuple[Producer, ...]
    """What made it, as it says itself."""
    target_features: tuple[str, ...]
    """What its compiler was told to use, such as ``+simd128``."""
    wit: str | None
    """What a component imports and exports, as text of WIT for people to read, with what is written about it; None for a
    core module. All of it is in :meth:`to_json` as data, as ``world``."""
    _json: str = field(repr=False, compare=False)

    def to_json(self) -> str:
        """All of it as JSON, the same bytes in every host language.

        An object of the attributes, by their names and in the order of these. Types are texts; of a custom section
        there is how many bytes it has.
        """
        return self._json

    def __repr__(self) -> str:
        parts = ((part.name, getattr(self, part.name)) for part in fields(self) if part.repr)
        told = (
            f"{name}: {len(part)}" if isinstance(part, tuple) else f"{name}: {_SHORT.repr(part)}"
            for name, part in parts
        )
        return f"<Inspection {', '.join(told)}>"


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


@dataclass(frozen=True, init=False, repr=False)
class MemoryDir:
    """A folder that each store makes for itself, in memory where the system has a place for that.

    ``files`` are in it at the start, by their paths inside, with ``/``: bytes, or a text for its UTF-8. ``access``
    is ``"read"`` or ``"write"``, as with ``ReadOnly`` and ``ReadWrite``. It is gone with the store.
    """

    _files: tuple[tuple[str, bytes], ...]
    access: Literal["read", "write"]
    """What guests may do with it."""

    def __init__(
        self, files: Mapping[str, str | Buffer], access: Literal["read", "write"] = "read"
    ) -> None:
        if not isinstance(files, Mapping):
            raise _not_a(files, "files", "a mapping of names to str or bytes")
        if access not in ("read", "write"):
            raise errors.TypeMismatch(_messages.not_a("access", "read or write", repr(access)))
        held = sorted((_file_name(name), _content(it)) for name, it in files.items())
        object.__setattr__(self, "_files", tuple(held))
        object.__setattr__(self, "access", access)

    @property
    def files(self) -> dict[str, bytes]:
        """What is in it at the start, by paths: a copy."""
        return dict(self._files)

    def __repr__(self) -> str:
        return f"MemoryDir({self.files!r}, {self.access!r})"


def _not_a(given: object, place: str, expected: str) -> errors.TypeMismatch:
    return errors.TypeMismatch(_messages.not_a(place, expected, type(given).__name__))


def _file_name(name: str) -> str:
    if not isinstance(name, str):
        raise _not_a(name, "files", "a str as a name")
    return name


def _content(given: str | Buffer) -> bytes:
    if isinstance(given, str):
        return given.encode()
    try:
        return bytes(memoryview(given))
    except TypeError:
        raise _not_a(given, "files", "str or bytes") from None


Ports: TypeAlias = int | str
"""Ports of a grant: a number, or a text such as ``"443"``, ``"8000-8999"`` or ``"*"``, which is all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What a policy grants of the network: lists of tuples, of which each is a grant.

    A network is an address or has the form ``10.0.0.0/8``. Connecting to ``0.0.0.0`` or ``::`` is judged as
    connecting to this machine; binding there needs a grant of ``0.0.0.0/0`` or ``::/0``. ``::/0`` grants no IPv4.

    No function of WASI preview 1 opens a connection, so guests of it reach no network whatever is granted here.
    """

    tcp_connect: tuple[tuple[str, Ports], ...] = ()
    """Networks and ports to which guests may connect by TCP."""
    tcp_bind: tuple[tuple[str, Ports], ...] = ()
    """Addresses of this machine, and ports, at which they may wait for connections by TCP."""
    udp_connect: tuple[tuple[str, Ports], ...] = ()
    """Networks and ports to which they may send by UDP, and from which they may receive."""
    udp_bind: tuple[tuple[str, Ports], ...] = ()
    """Addresses of this machine, and ports, at which they may receive by UDP."""
    names: tuple[tuple[str, Ports], ...] = ()
    """Names that they may resolve, and the ports at which they may connect by TCP to what comes back.

    ``*.example.org`` stands for all names below that one, without itself, ``*`` for any. Whoever answers for the
    name chooses the addresses, ones of this machine included.
    """
    http: tuple[tuple[str, str, Ports, str], ...] = ()
    """Requests by HTTP: the scheme (``http``, ``https`` or ``*``), the host (an address, or a name as in ``names``),
    ports, and the method as it is sent, or ``*``. They grant no connections of the guest's own."""

    def __init__(
        self,
        *,
        tcp_connect: Iterable[tuple[str, Ports]] = (),
        tcp_bind: Iterable[tuple[str, Ports]] = (),
        udp_connect: Iterable[tuple[str, Ports]] = (),
        udp_bind: Iterable[tuple[str, Ports]] = (),
        names: Iterable[tuple[str, Ports]] = (),
        http: Iterable[tuple[str, str, Ports, str]] = (),
    ) -> None:
        given = (tcp_connect, tcp_bind, udp_connect, udp_bind, names, http)
        for field, grants in zip(fields(self), given, strict=True):
            object.__setattr__(self, field.name, _grants(field.name, grants))


def _grants(place: str, given: Any) -> tuple[Any, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise _not_a(given, place, "a list of tuples")
    return tuple(given)


_GRANT = {
    "names": ("name", "ports"),
    "http": ("scheme", "host", "ports", "method"),
}


def network(policy: str) -> Network:
    """What a policy in JSON grants of the network."""
    lists = json.loads(policy).get("network", {})
    return Network(**{key: [_grant(key, one) for one in found] for key, found in lists.items()})


def _grant(key: str, written: dict[str, str]) -> tuple[Any, ...]:
    parts = _GRANT.get(key, ("network", "ports"))
    return tuple(_ports(written[part]) if part == "ports" else written[part] for part in parts)


def _ports(written: str) -> Ports:
    return int(written) if written.isdecimal() else written


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

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
    """Kept for ``Store.stdout()`` and ``Store.stderr()``: 16 MiB at most unless the limits say more or less. Refusals
    are kept for ``Store.refusals()``."""


INHERIT: Final = Stream.INHERIT
"""For a standard stream: the process's own."""

CAPTURE: Final = Stream.CAPTURE
"""For stdout, stderr and refusals: kept for ``Store.stdout()``, ``Store.stderr()`` and ``Store.refusals()``."""


@dataclass(frozen=True, slots=True)
class Lines:
    """For stdout, stderr and refusals: ``Lines(print)`` calls ``print`` with each line of text that guests write.

    The text is UTF-8, in which what is invalid is replaced, without the newline. A line of more than 64 KiB comes in
    parts of that size, and a last line without a newline when the call of the guest ends. Otherwise the function is called
    as one that takes bytes.
    """

    function: Callable[[str], object]

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise _not_a(self.function, "Lines", "a callable")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the guests of a store use and used."""

    # generated: python.usage
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
    written_bytes: int
    """Bytes written into files of granted folders, counted as ``Limits.written_bytes`` says."""
    open_files: int
    """Files and folders that guests have open now, granted folders aside."""
    fuel_used: int | None
    """Fuel used since it was last set; None in a store without that limit."""
    last_call_seconds: float
    """How many seconds the last call from Python took, in steps of about a millisecond; zero if it
    took less.
    """
    handles: int
    """Handles of resources that Python holds now or has given to components; handles of the
    components' own are not counted.
    """
    # end generated


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
    in_slots: int = 0
    """Instances that were ever made in slots, see ``pool_slots`` of ``Engine``; the others were made
    on demand.
    """


def arrived(data: bytes, digest: str) -> Module:
    """Takes in a module that was pickled: it is compiled by the shared engine, or found compiled there.

    Raises ``CompileError`` if it is not the module that was sent; then nothing of it is read.
    """
    found = _native.digest_of(data)
    if found != digest:
        raise errors.CompileError(_messages.altered(found, digest))
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
