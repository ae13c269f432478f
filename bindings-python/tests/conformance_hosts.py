"""Host functions, by what they do."""

from __future__ import annotations

import asyncio
import functools
import inspect

import landbridge as lb
from conformance_values import Boom, one_or_tuple, parameters


class HostFunctions:
    def host(self, params, does, **keys):
        is_async = keys.pop("async", False)
        method = getattr(self, f"host_{does}")
        bound = inspect.signature(method).bind(params, **parameters(keys))
        function = method(*bound.args, **bound.kwargs)
        return asynchronous(function) if is_async else function

    def host_give(self, params, results):
        return lambda *args: one_or_tuple(self.values(results))

    def host_echo(self, params):
        return lambda *args: one_or_tuple(args)

    def host_add(self, params):
        bits = {"i32": 32, "i64": 64}.get(params[0] if params else None)

        def add(*args):
            if bits is None:
                return sum(args)
            return (sum(args) + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)

        return add

    def host_record(self, params, results=()):
        def record(*args):
            self.notes.append(args)
            return one_or_tuple(self.values(results))

        return record

    def host_throw(self, params, exception):
        def throw(*args):
            raise self.boom(exception)

        return throw

    def host_throw_tag(self, params, tag, payload, exception=None):
        def throw_tag(*args):
            error = lb.TaggedException(self.known[tag], *self.values(payload))
            self.thrown[exception] = error
            raise error

        return throw_tag

    def host_throw_exn(self, params, object):
        def throw_exn(*args):
            raise self.known[object]

        return throw_exn

    def host_call(self, params, instance, func, args=None):
        def call(*own):
            given = own if args is None else self.values(args)
            return self.known[instance].call(func, *given)

        return call

    def host_call_caught(self, params, instance, func, results, args=None):
        call = self.host_call(params, instance, func, args)

        def call_caught(*own):
            try:
                return call(*own)
            except (lb.WasmError, Boom):
                return one_or_tuple(self.values(results))

        return call_caught

    def host_close(self, params, target, results=()):
        def close(*args):
            self.known[target].close()
            return one_or_tuple(self.values(results))

        return close

    def host_cancel(self, params, target, results=()):
        def cancel(*args):
            self.store_of(target).cancel()
            return one_or_tuple(self.values(results))

        return cancel

    def host_grow(self, params, memory, pages, results=()):
        def grow(*args):
            self.known[memory].grow(int(pages))
            return one_or_tuple(self.values(results))

        return grow

    def host_caller_memory(self, params, name):
        @lb.with_caller
        def caller_memory(caller, *args):
            caller.export(name).write(0, bytes([42]))

        return caller_memory


def asynchronous(function):
    @functools.wraps(function)
    async def turning(*args):
        await asyncio.sleep(0)
        return function(*args)

    return turning
