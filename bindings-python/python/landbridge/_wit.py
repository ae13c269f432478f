"""The classes of Python's for the types of components: made when a component is first used, the same ones for the same types."""

from __future__ import annotations

import array
import copyreg
import dataclasses
import enum
import inspect
import os
import threading
import typing
import weakref
from collections.abc import Callable
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from . import _native, errors

_T = TypeVar("_T")
_E = TypeVar("_E")

Label: TypeAlias = "tuple[str | None, str | None, str | None, str | None]"
"""Of a type: its name in WIT and in Python, the name of its interface, and its documentation."""


@dataclasses.dataclass(frozen=True, slots=True)
class Some(Generic[_T]):
    """What an option in an option holds: ``None`` is the outer one without anything, ``Some(None)`` the inner one."""

    value: _T


@dataclasses.dataclass(frozen=True, slots=True)
class Ok(Generic[_T]):
    """A ``result`` that went well. Where it is all that a function gives, the function returns ``value`` instead."""

    value: _T = None  # type: ignore[assignment]


@dataclasses.dataclass(frozen=True, slots=True)
class Err(Generic[_E]):
    """A ``result`` that did not. Where it is all that a function gives, the function raises ``WitError`` instead."""

    value: _E = None  # type: ignore[assignment]


# Classes, by what makes two types the same one.
_made: weakref.WeakValueDictionary[Any, type[Any]] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def _new_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)


def _once(key: Any, make: Callable[[], type[Any]]) -> type[Any]:
    """The class of this key. Two threads may make it; the first one's is kept."""
    found = _made.get(key)
    if found is None:
        new = make()
        with _lock:
            found = _made.setdefault(key, new)
    return found


class _Made(type):
    """The class of the classes of records and cases. They are sent as what they are made of."""

    _sent_: tuple[Any, ...]

    def __repr__(cls) -> str:
        return f"<class {cls.__qualname__!r} of {cls.__module__}>"


class _MadeEnum(enum.EnumType):
    _sent_: tuple[Any, ...]


def _send(cls: Any) -> tuple[Any, ...] | str:
    """What a class is made of; a class of the user's, or a base of ours, is found where it was defined."""
    return cls._sent_ if "_sent_" in cls.__dict__ else str(cls.__qualname__)


copyreg.pickle(_Made, _send)
copyreg.pickle(_MadeEnum, _send)


def _module(interface: str | None) -> str:
    return interface or "wit"


class Record(metaclass=_Made):
    """The base of the classes for records: dataclasses that do not change."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        fields = self.__dataclass_fields__  # type: ignore[attr-defined]
        return type(self), tuple(getattr(self, name) for name in fields)


class Variant(metaclass=_Made):
    """The base of the classes for variants. Each case is a class in it: a dataclass with ``value``, if it holds something."""

    __slots__ = ()
    _alone_: ClassVar[Any] = None
    _variant_: ClassVar[Any] = None
    _cases_: ClassVar[dict[str, type[Any]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        fields = self.__dataclass_fields__  # type: ignore[attr-defined]
        return type(self), tuple(getattr(self, name) for name in fields)


class Enum(enum.Enum, metaclass=_MadeEnum):
    """The base of the classes for enums. The value of a member is its name in WIT."""

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return type(self), (self.value,)


class Flags(enum.Flag, metaclass=_MadeEnum):
    """The base of the classes for flags."""

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return type(self), (self.value,)


def _annotation(key: Any) -> Any:
    """What a value of a type is in Python, for annotations."""
    match key:
        case None:
            return None
        case str():
            return _SCALARS[key]
        case ("list", str(number)) if number in _NUMBERS:
            return bytes if number == "u8" else array.array
        case ("list", of):
            return list[_annotation(of)]  # type: ignore[misc]
        case ("option", ("option", _) as of):
            return Some[_annotation(of)] | None  # type: ignore[misc]
        case ("option", of):
            held = _annotation(of)
            return held if held is Any else held | None
        case ("tuple", of):
            return tuple[tuple(map(_annotation, of))]  # type: ignore[misc]
        case ("result", ok, err):
            return Ok[_annotation(ok)] | Err[_annotation(err)]  # type: ignore[misc]
    return Any if isinstance(key, tuple) else key


_NUMBERS = frozenset(("u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"))
_SCALARS: dict[str, Any] = {
    **dict.fromkeys(_NUMBERS, int),
    "bool": bool,
    "f32": float,
    "f64": float,
    "char": str,
    "string": str,
}


def record(label: Label, fields: tuple[tuple[str, str, Any, str | None], ...]) -> type[Any]:
    """The class for a record, of fields by their names in WIT and in Python, their types and docs."""
    key = ("record", label[0], label[2], tuple((name, of) for name, _, of, _ in fields))
    return _once(key, lambda: _record(label, fields))


def _record(label: Label, fields: tuple[tuple[str, str, Any, str | None], ...]) -> type[Any]:
    optional = len(fields)
    while optional and _is_option(fields[optional - 1][2]):
        optional -= 1
    rows: list[Any] = []
    for at, (_, spelt, of, _) in enumerate(fields):
        missing: Any = dataclasses.MISSING
        rows.append((spelt, _annotation(of), dataclasses.field(default=None if at >= optional else missing)))
    docs = _docs(label, ((spelt, text) for _, spelt, _, text in fields))
    cls: type[Any] = _dataclass(label[1] or "Record", rows, Record, label[2], docs)
    cls._sent_ = record, (label, fields)
    return cls


def _is_option(key: Any) -> bool:
    return isinstance(key, tuple) and key[0] == "option"


def _docs(label: Label, parts: Any) -> str | None:
    told = [f"{name}: {text}" for name, text in parts if text]
    return "\n\n".join(filter(None, (label[3], "\n".join(told)))) or None


def _dataclass(
    name: str, fields: list[Any], base: type[Any], interface: str | None, docs: str | None
) -> Any:
    space = {"__doc__": docs or f"{name} of {_module(interface)}", "__module__": _module(interface)}
    made: Any = dataclasses.make_dataclass(
        name, fields, bases=(base,), namespace=space, frozen=True, slots=True
    )
    # Python's own speak of `super` where an attribute is not there, and are in the way of subclasses.
    made.__setattr__, made.__delattr__ = _set, _delete
    return made


def _set(self: Any, name: str, value: object) -> None:
    if name in self.__dataclass_fields__:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _delete(self: Any, name: str) -> None:
    if name in self.__dataclass_fields__:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def variant(label: Label, cases: tuple[tuple[str, str, Any, str | None], ...]) -> type[Any]:
    """The class for a variant, of cases by their names in WIT and in Python, what they hold, and docs."""
    key = ("variant", label[0], label[2], tuple((name, of) for name, _, of, _ in cases))
    return _once(key, lambda: _variant(label, cases))


def _variant(label: Label, cases: tuple[tuple[str, str, Any, str | None], ...]) -> Any:
    name = label[1] or "Variant"
    docs = _docs(label, ((spelt, text) for _, spelt, _, text in cases)) or f"{name} of {_module(label[2])}"
    space = {"__slots__": (), "__doc__": docs, "__module__": _module(label[2])}
    cls: Any = _Made(name, (Variant,), space)
    cls._sent_ = variant, (label, cases)
    cls._variant_ = cls
    cls._cases_ = {}
    for wit, spelt, of, text in cases:
        fields = [] if of is None else [("value", _annotation(of))]
        case = _dataclass(spelt, fields, cls, label[2], text)
        case.__qualname__ = f"{name}.{spelt}"
        case._sent_ = getattr, (cls, spelt)
        case._alone_ = case() if of is None else None
        cls._cases_[wit] = case
        setattr(cls, spelt, case)
    return cls


def union(classes: tuple[type[Any], ...]) -> Any:
    """The type of a variant whose cases are classes of the user's."""
    return typing.Union[classes]


def enumeration(label: Label, names: tuple[tuple[str, str], ...]) -> type[Any]:
    """The class for an enum, of names in WIT and in Python."""
    return _once(("enum", label[0], label[2], names), lambda: _enumeration(label, names))


def _enumeration(label: Label, names: tuple[tuple[str, str], ...]) -> Any:
    return _members(label, "Enum", Enum, [(spelt, wit) for wit, spelt in names], enumeration, names)


def flags(label: Label, names: tuple[tuple[str, str], ...]) -> type[Any]:
    """The class for flags, of names in WIT and in Python."""
    return _once(("flags", label[0], label[2], names), lambda: _flags(label, names))


def _flags(label: Label, names: tuple[tuple[str, str], ...]) -> Any:
    members = [(spelt, 1 << bit) for bit, (_, spelt) in enumerate(names)]
    return _members(label, "Flags", Flags, members, flags, names)


def _members(
    label: Label, name: str, base: Any, members: list[Any], again: Any, names: tuple[tuple[str, str], ...]
) -> Any:
    name = label[1] or name
    cls: Any = base(name, members, module=_module(label[2]))
    cls.__doc__ = label[3] or f"{name} of {_module(label[2])}"
    cls._sent_ = again, (label, names)
    return cls


class _Signature:
    """The signature of a class of resources: that of its constructor."""

    def __get__(self, of: object, cls: Any) -> inspect.Signature:
        if of is None and cls._constructor_ is not None:
            found: inspect.Signature = cls._constructor_.__signature__
            return found
        raise AttributeError("__signature__")


class Resource:
    """A resource of a guest: something that stays there, while this stands for it.

    ``with`` or :meth:`close` lets go of it, and the guest's destructor runs. One that is only dropped is closed later, by the next
    call of a component of its store. Methods of a component's resource are methods here.
    """

    __slots__ = ("_handle", "__weakref__")
    _handle: _native._Handle
    _constructor_: ClassVar[Any] = None
    _label_: ClassVar[Label] = (None, None, None, None)
    __signature__ = _Signature()

    def __new__(cls, /, *args: Any, **keywords: Any) -> Any:
        if cls._constructor_ is None:
            name = cls._label_[0] or cls.__name__
            raise errors.TypeMismatch(f"{name} has no constructor: functions of the component give such resources")
        return cls._constructor_(*args, **keywords)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._handle.close()

    def close(self) -> None:
        """Lets go of it. The guest's destructor runs now; if a call of a component of the store is at work, when that has
        returned. Twice is no error, nor is closing what was given away.

        Raises ``BusyError`` while a call in flight borrows it.
        """
        self._handle.close()

    @property
    def closed(self) -> bool:
        """Whether it can be used no more: it was closed or given away, or its store was closed."""
        return self._handle.closed

    @property
    def store(self) -> _native.Store:
        """The store it lives in."""
        return self._handle.store

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and self._handle.number == other._handle.number

    def __hash__(self) -> int:
        return hash(self._handle.number)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._handle.number & 0xFFFFFFFF}>"

    def __reduce__(self) -> Any:
        raise errors.TypeMismatch("a resource of a guest lives in its store and cannot be pickled or copied")

    def __copy__(self) -> Any:
        return self.__reduce__()

    def __deepcopy__(self, memo: object) -> Any:
        return self.__reduce__()


def resource(label: Label) -> type[Any]:
    """A class for resources of one component: its methods come next."""
    space = {
        "__slots__": (),
        "__doc__": label[3] or f"{label[0] or 'resource'} of {_module(label[2])}",
        "__module__": _module(label[2]),
        "_label_": label,
    }
    return type(label[1] or "Resource", (Resource,), space)


def signature(type: Any) -> inspect.Signature:
    """The signature of a function of WIT, for ``inspect.signature``."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters: list[inspect.Parameter] = []
    optional = True
    for _, spelt, of in reversed(type.params):
        optional = optional and of.sort == "option"
        default = None if optional else inspect.Parameter.empty
        parameters.insert(0, inspect.Parameter(spelt, kind, default=default, annotation=annotation(of)))
    result = type.result
    if result is not None and result.sort == "result":
        result = result.parts[0][1]
    return inspect.Signature(parameters, return_annotation=result and annotation(result))


def annotation(type: Any) -> Any:
    """What a value of a ``WitType`` is in Python."""
    return _annotation(_key(type))


def _key(type: Any) -> Any:
    match type and type.sort:
        case None:
            return None
        case "list" | "option":
            return type.sort, _key(type.parts[0][1])
        case "tuple":
            return "tuple", tuple(_key(of) for _, of in type.parts)
        case "result":
            return "result", *(_key(of) for _, of in type.parts)
        case "record" | "variant" | "enum" | "flags" | "own" | "borrow":
            return type.cls
    return type.sort


def alias(key: Any) -> Any:
    """What a type stands for that has a name and no class, such as ``type numbers = list<u32>``."""
    return key if isinstance(key, type) else _annotation(key)
