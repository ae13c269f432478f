"""Steps about functions of components, and the host functions that a case may ask for."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import keyword

import landbridge as lb
from conformance_calls import on_loop
from conformance_hosts import asynchronous
from conformance_values import Boom, Thing, expect, parameters


class WitSteps:
    def do_wit_call(self, instance, func, args=(), result=..., keep=(), spelled=False):
        found = self.known[instance].wit_func(func)
        args = self.wit_args(found.type, args)
        if spelled:
            found = spelt(self.known[instance].exports, func)
        self.wit_check(found.type.result, lambda: found(*args), result, keep)

    def do_wit_pool_call(self, pool, func, of, args=(), result=...):
        type = self.known[of].wit_func(func).type
        args = self.wit_args(type, args)
        self.wit_check(type.result, lambda: self.known[pool].call(func, *args), result, ())

    def do_wit_call_async(self, as_, func, instance=None, pool=None, of=None, args=(), times=1):
        found = self.known[instance or of].wit_func(func)
        args = self.wit_args(found.type, args)
        start = functools.partial(self.known[pool].call_async, func) if pool else found.call_async

        async def begin():
            return [start(*args) for _ in range(int(times))]

        self.known[as_] = on_loop(begin())
        self.wit_results[id(self.known[as_])] = found.type.result

    def do_wit_await(self, call, result=..., keep=()):
        async def wait(one):
            return await one

        type = self.wit_results[id(self.known[call])]
        for one in self.known[call]:
            self.wit_check(type, lambda one=one: on_loop(wait(one)), result, keep)

    def do_wit_type(self, instance, func, equals):
        expect("type", str(self.known[instance].wit_func(func).type), equals)

    def do_wit_text(self, instance, func, text, param=0, equals=None):
        _, _, type = self.known[instance].wit_func(func).type.params[int(param)]
        found = type.format(type.parse(text))
        if equals is not None:
            expect("text", found, equals)

    def do_wit_drop(self, resource):
        drop(self.known[resource])

    def do_wit_object(self, resource, equals):
        expect("the very object", self.known[resource] is self.thing(equals), True)

    def do_wit_log(self, equals):
        expect("log", self.wit_notes, equals)

    def wit_check(self, type, call, result, keep):
        """Compares what a call gives. An exception that is an `err` is one."""
        is_result = type is not None and type.sort == "result"
        try:
            given = call()
            given = lb.Ok(given) if is_result else given
        except lb.WitError as error:
            if not is_result or result is ...:
                raise
            given = lb.Err(error.payload)
        if keep:
            self.wit_keep(given, keep)
        elif result is not ...:
            expect("result", None if type is None else self.wit_told(type, given), result)

    def wit_keep(self, given, names):
        found = list(resources(given))
        expect("resources", len(found), len(names))
        self.known.update(zip(names, found))

    def wit_told(self, type, value):
        if isinstance(value, lb.Resource):
            return "resource"
        if isinstance(value, Thing):
            (name,) = [name for name, thing in self.things.items() if thing is value]
            return f"object {name}"
        return type.format(value)

    # Values

    def wit_args(self, type, args):
        types = [of for _, _, of in type.params]
        types += [None] * (len(args) - len(types))
        return [self.wit_value(of, one) for of, one in zip(types, args)]

    def wit_value(self, type, json):
        if json is None:
            return None
        if isinstance(json, str):
            return type.parse(json)
        ((tag, content),) = json.items()
        return getattr(self, f"wit_{tag}")(type, content)

    def wit_int(self, type, content):
        return int(content)

    def wit_float(self, type, content):
        return float(content)

    def wit_bool(self, type, content):
        return content

    def wit_text(self, type, content):
        return content

    wit_char = wit_enum = wit_text

    def wit_broken_text(self, type, content):
        return "a\ud800"

    def wit_nothing(self, type, content):
        return None

    def wit_bytes(self, type, content):
        return bytes.fromhex(content)

    def wit_list(self, type, content):
        of = part(type, "list", 0)
        return [self.wit_value(of, one) for one in content]

    def wit_tuple(self, type, content):
        return tuple(self.wit_value(part(type, "tuple", at), one) for at, one in enumerate(content))

    def wit_record(self, type, content):
        return {name: self.wit_value(named(type, name), one) for name, one in content.items()}

    def wit_case(self, type, content):
        name, held = content
        return {name: self.wit_value(named(type, name), held)} if held is not None else name

    def wit_flags(self, type, content):
        return list(content)

    def wit_some(self, type, content):
        of = part(type, "option", 0)
        value = self.wit_value(of, content)
        return value if of is not None and of.sort != "option" else lb.Some(value)

    def wit_ok(self, type, content):
        return lb.Ok(self.wit_value(part(type, "result", 0), content))

    def wit_err(self, type, content):
        return lb.Err(self.wit_value(part(type, "result", 1), content))

    def wit_wit(self, type, content):
        return type.parse(content)

    def wit_resource(self, type, content):
        return self.known[content]

    def wit_object(self, type, content):
        return self.thing(content)


class WitHostFunctions:
    def wit_host(self, type, does, **keys):
        is_async = keys.pop("async", False)
        method = getattr(self, f"wit_host_{does}")
        bound = inspect.signature(method).bind(type, **parameters(keys))
        function = method(*bound.args, **bound.kwargs)
        return asynchronous(function) if is_async else function

    def wit_given(self, type, result):
        return None if result is None else self.wit_value(type.result, result)

    def wit_host_give(self, type, result=None):
        return lambda *args: self.wit_given(type, result)

    def wit_host_echo(self, type):
        return lambda *args: {0: None, 1: args[0] if args else None}.get(len(args), args)

    def wit_host_record(self, type, result=None):
        def record(*args):
            told = [self.wit_told(of, arg) for (_, _, of), arg in zip(type.params, args)]
            self.wit_notes.append(told)
            return self.wit_given(type, result)

        return record

    def wit_host_keep(self, type, names, result=None):
        def keep(*args):
            self.wit_keep(args, names)
            return self.wit_given(type, result)

        return keep

    def wit_host_fail(self, type, payload):
        def fail(*args):
            of = part(type.result, "result", 1)
            raise lb.WitError(None if payload is None else self.wit_value(of, payload))

        return fail

    def wit_host_throw(self, type, exception):
        def throw(*args):
            raise self.boom(exception)

        return throw

    def wit_host_call(self, type, instance, func, args=None):
        def call(*own):
            found = self.known[instance].wit_func(func)
            given = own if args is None else self.wit_args(found.type, args)
            return found(*given)

        return call

    def wit_host_call_caught(self, type, instance, func, result, args=None):
        call = self.wit_host_call(type, instance, func, args)

        def call_caught(*own):
            try:
                return call(*own)
            except (lb.WasmError, Boom):
                return self.wit_given(type, result)

        return call_caught

    def wit_host_drop(self, type, resource, result=None):
        def dropped(*args):
            drop(self.known[resource])
            return self.wit_given(type, result)

        return dropped

    def wit_host_close(self, type, target, result=None):
        def close(*args):
            self.known[target].close()
            return self.wit_given(type, result)

        return close

    def wit_host_cancel(self, type, target, result=None):
        def cancel(*args):
            self.store_of(target).cancel()
            return self.wit_given(type, result)

        return cancel


def drop(resource):
    """An object of the host is only let go of."""
    if isinstance(resource, lb.Resource):
        resource.close()


def spelt(exports, func):
    """The same function by the names that it has in Python."""
    *interface, name = func.split("#")
    place = exports
    for full in interface:
        place = getattr(place, full.split("@")[0].rpartition("/")[2].replace("-", "_").lower())
    name = name.rpartition("]")[2]
    resource, dot, method = name.partition(".")
    camel = "".join(word.capitalize() for word in resource.split("-"))
    if dot:
        return getattr(getattr(place, camel), method.replace("-", "_").lower())
    if interface and hasattr(place, camel) and issubclass(getattr(place, camel), lb.Resource):
        return Constructor(getattr(place, camel))
    name = name.replace("-", "_").lower()
    return getattr(place, name + "_" * keyword.iskeyword(name))


class Constructor:
    """A class, called as a function."""

    def __init__(self, made):
        self.made, self.type = made, made._constructor_.type

    def __call__(self, *args):
        return self.made(*args)


def part(type, sort, at):
    """A part of a type, if it is of that sort."""
    if type is None or type.sort != sort or at >= len(type.parts):
        return None
    return type.parts[at][1]


def named(type, name):
    found = dict(type.parts) if type is not None else {}
    return found.get(name)


def resources(value):
    """The resources in a value, in their order."""
    if isinstance(value, (lb.Resource, Thing)):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from resources(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from resources(getattr(value, field.name))


