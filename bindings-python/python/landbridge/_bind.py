"""Binding: a component's functions as a class that the user has, and its values as the user's own types."""

from __future__ import annotations

import array
import collections.abc
import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any

from . import _native, _wit, errors

_LISTS = (list, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Collection)
_BYTES = (bytes, bytearray, memoryview, getattr(collections.abc, "Buffer", bytes))


def bind(instance: _native.Instance, cls: type[Any], interface: str | None) -> Any:
    """An object of a class, each of whose methods is the function of this name."""
    if not isinstance(cls, type):
        raise errors.TypeMismatch(f"bind: expected a class, got {type(cls).__name__}")
    exports = instance.exports
    if exports._types is None:
        raise errors.UnsupportedError("bind is for components; functions of a core module are in exports")
    if interface is not None and interface not in exports:
        _native._wit_missing(exports._types, f"{interface}#")  # says which interfaces there are
    space: Any = exports if interface is None else exports[interface]
    binding = _Binding(cls.__name__)
    members = binding.members(cls, space)
    if not members and not binding.wrong:
        binding.wrong.append(f"{cls.__name__} has no methods to bind")
    if binding.wrong:
        raise errors.TypeMismatch("\n    ".join((f"{cls.__name__} does not fit the component:", *binding.wrong)))
    return binding.object(cls, members, exports._types)


class _Binding:
    """What is found on the way: what does not fit, and the user's classes by the types of WIT."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wrong: list[str] = []
        self.users: dict[_native.WitType, Any] = {}

    def members(self, cls: type[Any], space: Any) -> dict[str, Any]:
        """The functions for the methods of a class, and objects for its attributes that are interfaces."""
        found: dict[str, Any] = {}
        for name in _methods(cls):
            func = _found(space, name)
            if not isinstance(func, _native.WitFunc):
                self.wrong.append(f"{name}: {self._missing(space, name)}")
                continue
            self._check_method(name, getattr(cls, name), func, _is_method(cls, name))
            found[name] = func
        for name, of in _hints(cls, self.wrong).items():
            if isinstance(of, type) and name not in found and not name.startswith("_"):
                part = _found(space, name)
                if part is None or isinstance(part, (type, _native.WitFunc)):
                    self.wrong.append(f"{name}: the component exports no such interface")
                else:
                    found[name] = (of, self.members(of, part))
        return found

    def _missing(self, space: Any, name: str) -> str:
        try:
            space[name]
        except errors.WasmError as error:
            return str(error)
        return "this is no function"

    def object(self, cls: type[Any], members: dict[str, Any], known: Any) -> Any:
        """An object whose functions make values of the user's classes."""
        own = _native._with_users(known, self.users) if self.users else known
        return _object(cls, members, own)

    def _check_method(self, place: str, method: Any, func: _native.WitFunc, is_method: bool) -> None:
        type = func.type
        try:
            hints = typing.get_type_hints(inspect.unwrap(method))
            given = list(inspect.signature(method).parameters.values())
        except (AttributeError, NameError, SyntaxError, TypeError, ValueError) as error:
            self.wrong.append(f"{place}: its annotations cannot be read: {error}")
            return
        if is_method and given and given[0].kind is not inspect.Parameter.VAR_POSITIONAL:
            del given[0]  # self
        if not any(it.kind is it.VAR_POSITIONAL for it in given):
            needed = sum(it.default is it.empty for it in given)
            if not needed <= len(type.params) <= len(given):
                self.wrong.append(f"{place}: it takes {len(given)} arguments, and the function is {type}")
                return
        for parameter, (_, _, of) in zip(given, type.params):
            self.check(hints.get(parameter.name, Any), of, f"{place}({parameter.name})", False)
        result = type.result
        if result is not None and result.sort == "result":
            result = result.parts[0][1]
        wanted = hints.get("return", Any)
        if result is not None:
            self.check(wanted, result, f"result of {place}", True)
        elif wanted not in (Any, None, type_of_none):
            self.wrong.append(f"{place}: the function gives nothing")

    def check(self, given: Any, of: _native.WitType, place: str, gives: bool) -> None:
        """Whether an annotation fits a type. ``gives`` is for results: there each type is just one of Python's."""
        while isinstance(given, typing.NewType):
            given = given.__supertype__
        if given in (Any, object, inspect.Parameter.empty) or isinstance(given, typing.TypeVar):
            return
        fits = getattr(self, f"_{of.sort}", self._scalar)(given, of, place, gives)
        if not fits:
            known = _wit.annotation(of)
            known = "" if known is Any else f", which is {inspect.formatannotation(known)} in Python"
            self.wrong.append(f"{place}: {_told(given)} does not fit {of}{known}")

    def _scalar(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        match of.sort:
            case "bool":
                return given is bool
            case "char" | "string":
                return given is str
            case "f32" | "f64":
                return given is float or (given is int and not gives)
        return given is int

    def _list(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        item = _held(of)
        origin = typing.get_origin(given) or given
        if item.sort in _wit._NUMBERS:
            made = bytes if item.sort == "u8" else array.array
            if origin is made or (gives and origin is collections.abc.Sequence):
                return True
            return not gives and (origin in _LISTS or origin in _BYTES or origin is array.array)
        if origin not in _LISTS and not (origin is tuple and not gives):
            return False
        self.check((*typing.get_args(given), Any)[0], item, f"{place}[]", gives)
        return True

    def _tuple(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        args = typing.get_args(given)
        if given is tuple:
            return True
        if typing.get_origin(given) is not tuple or len(args) != len(of.parts):
            return False
        for arg, (name, part) in zip(args, _parts(of)):
            self.check(arg, part, f"{place}.{name}", gives)
        return True

    def _option(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        held = _held(of)
        options = _options(given)
        rest = [it for it in options if it is not type_of_none]
        if len(rest) == len(options) and gives:
            return False
        if held.sort == "option":
            if len(rest) != 1 or typing.get_origin(rest[0]) is not _wit.Some:
                return False
            rest = list(typing.get_args(rest[0]))
        self.check(typing.Union[tuple(rest)] if rest else Any, held, place, gives)
        return True

    def _result(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        sides = {typing.get_origin(it) or it: (*typing.get_args(it), Any)[0] for it in _options(given)}
        if set(sides) != {_wit.Ok, _wit.Err}:
            return False
        for cls, (name, part) in zip((_wit.Ok, _wit.Err), of.parts):
            if part is not None:
                self.check(sides[cls], part, f"{place}.{name}", gives)
        return True

    def _record(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        origin = typing.get_origin(given) or given
        if given is of.cls or (not gives and origin in (dict, collections.abc.Mapping)):
            return True
        if not isinstance(given, type):
            return False
        fields = _fields(given)
        if fields is None:
            return not gives and typing.is_typeddict(given)
        hints = _hints(given, self.wrong)
        for name, part in _parts(of):
            spelt = _native._spelt(name, "snake")
            if spelt not in fields:
                self.wrong.append(f"{place}: {given.__name__} has no field {spelt!r}, which {of} has")
                continue
            self.check(hints.get(spelt, Any), part, f"{place}.{name}", gives)
        known = {_native._spelt(name, "snake") for name, _ in of.parts}
        more = [name for name, is_needed in fields.items() if is_needed and name not in known]
        if more and gives:
            self.wrong.append(f"{place}: {of} has no field {more[0]!r}, which {given.__name__} needs")
        self._use(of, given, place)
        return True

    def _variant(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        if given is of.cls or (isinstance(given, type) and of.cls and set(_options(given)) <= set(of.cls._cases_.values())):
            return True
        classes = {it.__name__: it for it in _options(given) if isinstance(it, type)}
        if set(classes.values()) <= set(of.cls._cases_.values()):
            return True
        if not set(classes) & {_native._spelt(name, "camel") for name, _ in of.parts}:
            return False
        found: dict[str, Any] = {}
        for name, part in of.parts:
            cls = classes.get(_native._spelt(name, "camel"))
            if cls is None:
                self.wrong.append(f"{place}: no class for the case {name} of {of}")
                continue
            found[name] = cls
            if part is not None:
                if "value" not in (_fields(cls) or {}):
                    self.wrong.append(f"{place}: {cls.__name__} has no field 'value', which holds {part}")
                    continue
                self.check(_hints(cls, self.wrong).get("value", Any), part, f"{place}.{name}", gives)
        self._use(of, found, place)
        return True

    def _enum(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        if given is of.cls or (given is str and not gives):
            return True
        if not isinstance(given, type) or not issubclass(given, enum.Enum):
            return False
        found: dict[str, Any] = {}
        for name, _ in of.parts:
            member = _member(given, name)
            if member is None:
                self.wrong.append(f"{place}: {given.__name__} has no member for {name} of {of}")
            found[name] = member
        self._use(of, found, place)
        return True

    def _flags(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        origin = typing.get_origin(given) or given
        if given is of.cls or (not gives and origin in (set, frozenset, list, collections.abc.Set)):
            return True
        if not isinstance(given, type) or not issubclass(given, enum.Flag):
            return False
        for bit, (name, _) in enumerate(of.parts):
            member = _member(given, name)
            if member is None or member.value != 1 << bit:
                self.wrong.append(f"{place}: {given.__name__} has no member of {1 << bit} for {name} of {of}")
        self._use(of, given, place)
        return True

    def _own(self, given: Any, of: _native.WitType, place: str, gives: bool) -> bool:
        return isinstance(given, type) and given not in (int, str, bytes, float, bool, list, dict)

    _borrow = _own

    def _use(self, of: _native.WitType, cls: Any, place: str) -> None:
        if self.users.setdefault(of, cls) != cls:
            self.wrong.append(f"{place}: {of} has two classes here")


type_of_none = type(None)


def _object(cls: type[Any], members: dict[str, Any], known: Any) -> Any:
    space: dict[str, Any] = {"__slots__": ()}
    for name, found in members.items():
        if isinstance(found, tuple):
            of, inner = found
            space[name] = _object(of, inner, known)
        else:
            func = _native._wit_func(known, found.name)
            space[name] = func.call_async if inspect.iscoroutinefunction(getattr(cls, name)) else func
    space["__module__"], space["__doc__"] = cls.__module__, cls.__doc__
    space["__init__"] = lambda self: None
    bound = type(cls.__name__, (cls,), space)
    return bound()


def _found(space: Any, name: str) -> Any:
    """What is there by a name; a component may have something of its own that is called ``get``."""
    try:
        return space[name]
    except errors.NotFoundError:
        return None


def _parts(of: _native.WitType) -> list[tuple[str, _native.WitType]]:
    """The parts that are types."""
    return [(name, part) for name, part in of.parts if part is not None]


def _held(of: _native.WitType) -> _native.WitType:
    return _parts(of)[0][1]


def _methods(cls: type[Any]) -> Iterator[str]:
    """The names of the methods that a class and its bases define."""
    seen = set()
    for base in cls.__mro__:
        if base in (object, typing.Protocol, typing.Generic):
            continue
        for name, value in vars(base).items():
            if not name.startswith("_") and name not in seen and callable(getattr(cls, name)):
                if isinstance(value, (types.FunctionType, staticmethod, classmethod)):
                    seen.add(name)
                    yield name


def _is_method(cls: type[Any], name: str) -> bool:
    """Whether a function of a class takes an object first."""
    return isinstance(inspect.getattr_static(cls, name), types.FunctionType)


def _hints(cls: type[Any], wrong: list[str]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls)
    except (AttributeError, NameError, SyntaxError, TypeError) as error:
        wrong.append(f"{cls.__name__}: its annotations cannot be read: {error}")
        return {}


def _fields(cls: type[Any]) -> dict[str, bool] | None:
    """The fields of a dataclass or a named tuple, and whether each is needed."""
    if dataclasses.is_dataclass(cls):
        missing = dataclasses.MISSING
        return {
            it.name: it.default is missing and it.default_factory is missing
            for it in dataclasses.fields(cls)
            if it.init
        }
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        defaults = getattr(cls, "_field_defaults", {})
        return {name: name not in defaults for name in cls._fields}
    return None


def _options(given: Any) -> list[Any]:
    """The parts of a union, or the type alone."""
    is_union = typing.get_origin(given) in (typing.Union, types.UnionType)
    return list(typing.get_args(given)) if is_union else [given]


def _member(cls: type[enum.Enum], name: str) -> Any:
    """The member of an enum that a name in WIT means: by its value, or by its own name."""
    for member in cls.__members__.values():
        if member.value == name:
            return member
    for own, member in cls.__members__.items():
        if own.lower().replace("_", "-") == name.lower():
            return member
    return None


def _told(given: Any) -> str:
    return given.__name__ if isinstance(given, type) and not typing.get_args(given) else str(given)
