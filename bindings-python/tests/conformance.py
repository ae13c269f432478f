"""Runs the cases of the conformance corpus through Landbridge's Python API.

Each method `do_NAME` is the step NAME; its parameters are the step's keys. Each method `host_NAME` makes
a host function that behaves as NAME says.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import keyword
import os
import pathlib
import pickle
import struct
import sys
import tempfile
import threading
import time
from json import dumps

import landbridge as lb

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "conformance"
SIGNALS = os.environ.get("LANDBRIDGE_TEST_SIGNALS") != "off"


class Mismatch(AssertionError):
    """A case did not go as it says."""


def files():
    """The file that LANDBRIDGE_CASES names, or all files of the corpus."""
    if "LANDBRIDGE_CASES" in os.environ:
        return [pathlib.Path(os.environ["LANDBRIDGE_CASES"])]
    return sorted((CORPUS / "cases").glob("*.json"))


def cases():
    """All cases, by name, or the one that LANDBRIDGE_CASE names."""
    found = {}
    for path in files():
        for case in json.loads(path.read_text())["cases"]:
            if case["name"] in found:
                raise Mismatch(f"two cases are named {case['name']!r}")
            found[case["name"]] = case
    only = os.environ.get("LANDBRIDGE_CASE")
    return found if only is None else {only: found[only]}


def skips():
    path = CORPUS / "skips.json"
    return json.loads(path.read_text()).get("python", {}) if path.exists() else {}


def parameters(step):
    """A step's keys as names of parameters."""
    return {name + "_" * keyword.iskeyword(name): value for name, value in step.items()}


def expect(what, given, wanted):
    if given != wanted:
        raise Mismatch(f"{what}: {given!r} instead of {wanted!r}")


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bits_of(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def widened(bits):
    """The bits of the double that holds these bits of a float; for NaN, all of them."""
    if bits & 0x7F800000 == 0x7F800000:
        return (bits & 0x80000000) << 32 | 0x7FF0000000000000 | (bits & 0x7FFFFF) << 29
    return bits_of(struct.unpack("<f", struct.pack("<I", bits))[0])


def one_or_tuple(values):
    return {0: None, 1: values[0] if values else None}.get(len(values), tuple(values))


def text_of(type):
    return f"func {type}" if type.sort == "func" else str(type)


class Thing:
    """An object of the host's own."""


class Boom(Exception):
    """The host's own exception."""


class Watch:
    """Measures how long a step takes."""

    def __enter__(self):
        self.started = time.perf_counter()

    def __exit__(self, *error):
        self.took_ms = (time.perf_counter() - self.started) * 1000

    def check(self, within_ms):
        told = f"took {self.took_ms:.1f} ms, may take {within_ms} ms"
        print(told)
        if self.took_ms > within_ms:
            raise Mismatch(told)


class Case:
    """A case at work; `folder` is for the files it writes, and `signals` says whether engines have handlers."""

    def __init__(self, folder, signals=SIGNALS):
        self.signals = signals
        self.known = {}
        self.things = {}
        self.booms = {}
        self.thrown = {}
        self.notes = []
        self.written = bytearray()
        self.folder = folder

    def run(self, steps):
        for step in steps:
            self.step(step)

    def scope(self):
        """The same case for one of many threads: what it makes from now on is its own."""
        own = Case(self.folder, self.signals)
        own.__dict__.update(self.__dict__, known=dict(self.known))
        return own

    def step(self, step):
        step = dict(step)
        name, fails = step.pop("do"), step.pop("fails", None)
        within_ms = step.pop("within_ms", None)
        method = getattr(self, f"do_{name}")
        bound = inspect.signature(method).bind(**parameters(step))
        watch = Watch()
        try:
            with watch:
                method(*bound.args, **bound.kwargs)
        except Mismatch:
            raise
        except BaseException as error:
            if fails is None:
                raise
            self.check_failure(error, **fails)
        else:
            expect(f"{name} did not fail", fails, None)
        if within_ms is not None:
            watch.check(int(within_ms))

    def check_failure(
        self,
        error,
        kind,
        code=None,
        message=(),
        frames=None,
        exception=None,
        exit=None,
        output=None,
        os_code=None,
        path="",
        **tagged,
    ):
        if exception is not None:
            thrown = self.thrown.get(exception) or self.boom(exception)
            expect("the very exception", error is thrown, True)
        if not isinstance(error, (lb.WasmError, Boom)):
            raise error
        expect("kind", getattr(error, "kind", "host"), kind)
        expect("code", getattr(error, "code", None), code)
        for part in [message] if isinstance(message, str) else message:
            if part not in str(error):
                raise Mismatch(f"{part!r} is not in {str(error)!r}")
        if frames is not None:
            names = [frame.func_name for frame in lb.frames(error)]
            expect("frames", names[: len(frames) or None], frames)
        if os_code is not None:
            expect("errno", error.errno, os_code)
        if path:
            expect("path", error.filename.endswith(path), True)
        if exit is not None:
            expect("exit code", error.exit_code, exit)
        if output is not None:
            expect("output", error.output, output)
            notes = [] if not output else [output]
            expect("notes", [it for it in getattr(error, "__notes__", []) if it == error.output], notes)
        self.check_tagged(error, **tagged)

    def check_tagged(self, error, tag=None, payload=None, **keys):
        if tag is not None:
            expect("tag", error.tag, self.known[tag])
        if payload is not None:
            self.check_all(error.payload, payload)
        if "as" in keys:
            self.known[keys.pop("as")] = error
        expect("unknown keys", keys, {})

    # Values

    def thing(self, name):
        return self.things.setdefault(name, Thing())

    def boom(self, name):
        return self.booms.setdefault(name, Boom(name))

    def value(self, tagged):
        ((tag, content),) = tagged.items()
        match tag:
            case "i32" | "i64" | "i31" | "int":
                return int(content)
            case "f32":
                return double(widened(int(content, 16)))
            case "f64":
                return double(int(content, 16))
            case "v128":
                return bytes.fromhex(content.removeprefix("0x"))[::-1]
            case "text":
                return content
            case "funcref" | "exnref":
                return None if content is None else self.known[content]
            case "externref" | "anyref":
                return None if content is None else self.thing(content)
            case "gcref" | "outward":
                return self.known[content]
        raise Mismatch(f"unknown value {tagged!r}")

    def values(self, tagged):
        return [self.value(one) for one in tagged or ()]

    def check(self, given, tagged):
        wanted = self.value(tagged)
        (tag,) = tagged
        if tag in ("f32", "f64"):
            expect(tag, type(given), float)
            expect(tag, hex(bits_of(given)), hex(bits_of(wanted)))
        elif tag in ("externref", "anyref"):
            expect("the very object", given is wanted, True)
        else:
            expect(tag, type(given), type(wanted))
            expect(tag, given, wanted)

    def check_all(self, given, tagged):
        expect("number of values", len(given), len(tagged))
        for one, wanted in zip(given, tagged):
            self.check(one, wanted)

    # Making things

    def do_engine(self, as_, stack_bytes=None, compile_cost=None, memory_reservation_bytes=None, call_threads=None,
                  cache=None, **options):
        if stack_bytes is not None:
            options["stack_bytes"] = int(stack_bytes)
        if compile_cost is not None:
            options["compile_cost"] = int(compile_cost)
        if memory_reservation_bytes is not None:
            options["memory_reservation_bytes"] = int(memory_reservation_bytes)
        if call_threads is not None:
            options["call_threads"] = int(call_threads)
        if cache is not None:
            options["cache"] = {"off": False}[cache]
        options.setdefault("signal_handlers", self.signals)
        self.known[as_] = lb.Engine(**options)

    def engine_of(self, name):
        if name is not None:
            return self.known[name]
        return None if self.signals else engine_without_handlers()

    def do_load(self, as_, module=None, path=None, engine=None):
        path = CORPUS / "modules" / module if path is None else path
        self.known[as_] = lb.load(path, engine=self.engine_of(engine))

    def do_load_string(self, as_, string, engine=None):
        if string.startswith("CASE/"):
            string = f"{self.folder}/{string[5:]}"
        self.known[as_] = lb.load(string, engine=self.engine_of(engine))

    def do_load_text(self, as_, text, engine=None):
        self.known[as_] = lb.Module.from_text(text, engine=self.engine_of(engine))

    def do_load_bytes(self, as_, hex, engine=None):
        self.known[as_] = lb.load(bytes.fromhex(hex), engine=self.engine_of(engine))

    def do_travel(self, module, as_):
        self.known[as_] = pickle.loads(pickle.dumps(self.known[module]))

    def do_compile(self, module, file):
        self.known[module].compile(self.folder / file)

    def do_damage(self, file, how):
        path = self.folder / file
        data = bytearray(path.read_bytes())
        match how:
            case "truncate":
                del data[len(data) // 2 :]
            case "alter":
                data[len(data) // 2] ^= 1
            case "text":
                data[:] = b"hello"
            case _:
                raise Mismatch(f"unknown damage {how!r}")
        path.write_bytes(data)

    def do_load_precompiled(self, file, as_, engine=None):
        path, engine = self.folder / file, self.engine_of(engine)
        self.known[as_] = lb.Module.load_precompiled(path, engine=engine)

    def do_load_written(self, file, as_, engine=None):
        self.known[as_] = lb.load(self.folder / file, engine=self.engine_of(engine))

    def do_store(self, as_, engine=None, **keys):
        self.known[as_] = lb.Store(engine=self.engine_of(engine), **self.sandbox(**keys))

    def imports(self, module, entries):
        given = {}
        types = {(wanted.module, wanted.name): wanted.type for wanted in module.imports}
        for entry in entries:
            self.lend(given, types, **entry)
        return given

    def do_pool(self, as_, module, max=None, wait_ms=None, reset=None, imports=(), **keys):
        module, options = self.known[module], self.sandbox(**keys)
        if max is not None:
            options["max"] = int(max)
        if wait_ms is not None:
            options["wait"] = int(wait_ms) / 1000
        if reset is not None:
            options["reset"] = reset
        self.known[as_] = lb.Pool(module, self.imports(module, imports), **options)

    def do_take(self, pool, as_):
        self.known[as_] = self.known[pool].get()

    def do_instantiate(self, as_, module, store=None, imports=(), initialize=True, **keys):
        module = self.known[module]
        given = self.imports(module, imports)
        if store is None:
            self.known[as_] = module.instantiate(given, initialize=initialize, **self.sandbox(**keys))
        else:
            expect("keys beside a store", keys, {})
            self.known[as_] = self.known[store].instantiate(module, given, initialize=initialize)

    def lend(
        self, given, types, module, name=None, host=None, item=None, instance=None, value=None
    ):
        if instance is not None:
            if module not in given:
                given[module] = self.known[instance]
                return
            entries = dict(self.known[instance].exports)
        elif item is not None:
            entries = {name: self.known[item]}
        elif value is not None:
            entries = {name: self.value(value)}
        else:
            type = types.get((module, name))
            params = type.params if isinstance(type, lb.FuncType) else ()
            entries = {name: self.host(params, **host)}
        if isinstance(given.get(module), lb.Instance):
            given[module] = dict(given[module].exports)
        given.setdefault(module, {}).update(entries)

    def do_export(self, instance, sort, name, as_):
        take = {"global": "global_"}.get(sort, sort)
        self.known[as_] = getattr(self.known[instance], take)(name)

    def do_new_func(self, store, params, results, host, as_):
        type = lb.FuncType(params, results)
        self.known[as_] = lb.Func(self.known[store], type, self.host(type.params, **host))

    def do_new_memory(self, store, min, as_, max=None, is_64=False, page_bytes=65536):
        bound, page_bytes = None if max is None else int(max), int(page_bytes)
        self.known[as_] = lb.Memory(
            self.known[store], int(min), bound, is_64=is_64, page_bytes=page_bytes
        )

    def do_new_table(self, store, element, min, init, as_, max=None, is_64=False):
        bound = None if max is None else int(max)
        self.known[as_] = lb.Table(
            self.known[store], element, int(min), bound, self.value(init), is_64=is_64
        )

    def do_new_tag(self, store, params, as_):
        self.known[as_] = lb.Tag(self.known[store], params)

    def do_new_exception(self, tag, payload, as_):
        self.known[as_] = lb.TaggedException(self.known[tag], *self.values(payload))

    def do_new_global(self, store, type, mutable, value, as_):
        self.known[as_] = lb.Global(self.known[store], type, self.value(value), mutable=mutable)

    # Asking

    def do_name(self, module, equals):
        expect("name", self.known[module].name, equals)

    def do_imports(self, module, equals):
        imports = self.known[module].imports
        expect("imports", [[i.module, i.name, text_of(i.type)] for i in imports], equals)

    def do_exports(self, module, equals):
        exports = self.known[module].exports
        expect("exports", [[e.name, text_of(e.type)] for e in exports], equals)

    def do_bytes(self, module, hex):
        expect("bytes", self.known[module].bytes.hex(), hex)

    def do_digest(self, module, equals):
        expect("digest", self.known[module].digest, equals)

    def do_inspect(self, module=None, text=None, equals=None):
        found = lb.inspect(CORPUS / "modules" / module if text is None else text.encode())
        told = {
            "name": found.name,
            "json": found.to_json(),
            "compile_cost": found.compile_cost,
            "imports": [[it.module, it.name, text_of(it.type)] for it in found.imports],
            "built_for": found.built_for,
            "asks": [[it.what, list(it.functions)] for it in found.asks],
            "exports": [[it.name, text_of(it.type)] for it in found.exports],
            "memories": [str(it) for it in found.memories],
            "features": list(found.features),
            "custom_sections": [it.name for it in found.custom_sections],
            "producers": [list(it) for it in found.producers],
            "target_features": list(found.target_features),
        }
        for key, wanted in (equals or {}).items():
            if key == "built_for" and wanted is not None:
                expect(key, wanted in (told[key] or ""), True)
            else:
                expect(key, told[key], wanted)

    def do_func_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_same(self, object, other, equals):
        one, two = self.known[object], self.known[other]
        expect("same", one == two, equals)
        if equals:
            expect("hashes", hash(one) == hash(two), True)

    def do_same_func(self, object, other, equals):
        expect("same function", self.known[object] == self.known[other], equals)

    def do_same_tag(self, object, other, equals):
        expect("same tag", self.known[object] == self.known[other], equals)

    def do_exception(self, object, tag, payload):
        self.check_tagged(self.known[object], tag, payload)

    # Sandboxes

    def sandbox(self, limits=None, policy=None, stdin=None, **outputs):
        expect("unknown keys", outputs.keys() - {"stdout", "stderr", "refusals"}, set())
        keywords = {stream: self.output(name) for stream, name in outputs.items()}
        if stdin is not None:
            keywords["stdin"] = stdin.encode()
        if limits is not None:
            keywords["limits"] = lb.Limits(**{name: int(most) for name, most in limits.items()})
        if policy is not None:
            text = json.dumps(policy).replace("CASE/", f"{self.folder}/")
            keywords["policy"] = lb.Policy.from_json(text)
        return keywords

    def output(self, name):
        match name and name.split():
            case None:
                return None
            case ["capture"]:
                return lb.CAPTURE
            case ["callback"]:
                return self.written.extend
            case ["lines"]:
                return lb.Lines(lambda line: self.written.extend(f"[{line}]".encode()))
            case ["throw", exception]:
                return self.host_throw((), exception)
            case [file]:
                return self.folder / file
        raise Mismatch(f"unknown output {name!r}")

    def store_of(self, target):
        known = self.known[target]
        return known if isinstance(known, lb.Store) else known.store

    def do_usage(self, target, equals):
        found = self.store_of(target).usage()
        for key, wanted in equals.items():
            expect(key, getattr(found, key), wanted)

    def do_set_fuel(self, target, fuel):
        self.store_of(target).set_fuel(int(fuel))

    def do_cancel(self, target):
        self.store_of(target).cancel()

    def do_output(self, target, stream, text):
        store = self.store_of(target)
        found = store.output() if stream == "nowhere" else getattr(store, stream)().decode()
        expect(stream, found, text)

    def do_output_text(self, target, stream, text):
        store = self.store_of(target)
        expect(stream, {"stdout": store.stdout_text, "stderr": store.stderr_text}[stream](), text)

    def do_written(self, text):
        written = bytes(self.written)
        self.written.clear()
        expect("output", written.decode(), text)

    def do_run_program(self, module, exit, args=(), **keys):
        path, engine = CORPUS / "modules" / module, self.engine_of(None)
        expect("exit code", lb.run(path, *args, engine=engine, **self.sandbox(**keys)), exit)

    def do_run(self, instance, exit=None):
        code = self.known[instance].run()
        if exit is not None:
            expect("exit code", code, exit)

    def do_write_file(self, file, text):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def do_symlink(self, file, to):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(to)

    def do_make_pipe(self, file, is_held):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        if is_held:  # until the process ends
            os.open(path, os.O_RDWR)

    def do_read_file(self, file, text):
        expect(file, (self.folder / file).read_text(), text)

    def do_file_exists(self, file, equals):
        expect(f"{file} exists", (self.folder / file).exists(), equals)

    def do_policy(self, from_, json):
        expect("policy", lb.Policy.from_json(from_).to_json(), json)

    def do_limits_json(self, from_, json):
        expect("limits", lb.Limits.from_json(from_).to_json(), json)

    def do_restrict(self, policy, by, json):
        first, by = lb.Policy.from_json(dumps(policy)), lb.Policy.from_json(dumps(by))
        found = first.restrict(by)
        expect("allowed by both", (first.allows(found), by.allows(found)), (True, True))
        expect("policy", found.to_json(), json)

    def do_allows(self, policy, question, equals, address=None, **keys):
        ask = getattr(lb.Policy.from_json(dumps(policy)), f"allows_{question}")
        if address is not None:
            ip, _, port = address.rpartition(":")
            keys.update(address=ip.strip("[]"), port=int(port))
        expect("allowed", ask(**keys), equals)

    # The guest's heap

    def do_gc_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_gc_len(self, object, equals):
        expect("length", len(self.known[object]), int(equals))

    def do_gc_get(self, object, index, value=None, as_=None):
        found = self.known[object][int(index)]
        if value is not None:
            self.check(found, value)
        if as_ is not None:
            self.known[as_] = self.reference(found)

    def do_gc_set(self, object, index, value):
        self.known[object][int(index)] = self.value(value)

    def do_gc(self, store):
        self.known[store].gc()

    def reference(self, found):
        expect("a reference", isinstance(found, (lb.Func, lb.GcRef, lb.TaggedException)), True)
        return found

    # Calling

    def do_call(self, instance=None, func=None, object=None, args=(), results=None, keep=()):
        args = self.values(args)
        if object is None:
            returned = self.known[instance].call(func, *args)
        else:
            returned = self.known[object](*args)
        if results is not None:
            self.check_all(self.listed(returned, len(results)), results)
        if keep:
            listed = self.listed(returned, len(keep))
            kept = {name: one for name, one in zip(keep, listed, strict=True) if name is not None}
            self.known.update({name: self.reference(one) for name, one in kept.items()})

    def do_call_async(
        self, as_, instance=None, pool=None, func=None, object=None, args=(), times=1
    ):
        args = self.values(args)
        target = self.known[object or pool or instance]
        if object is None:
            args.insert(0, func)

        async def start():
            return [target.call_async(*args) for _ in range(int(times))]

        self.known[as_] = on_loop(start())

    def do_await(self, call, results=None):
        async def wait():
            for one in self.known[call]:
                returned = await one
                if results is not None:
                    self.check_all(self.listed(returned, len(results)), results)

        on_loop(wait())

    def do_cancel_call(self, call):
        async def cancel():
            for one in self.known[call]:
                one.cancel()

        on_loop(cancel())

    def do_await_exit(self, instance, exit):
        async def wait():
            return await self.known[instance].run_async()

        expect("exit code", on_loop(wait()), exit)

    def do_pool_call(self, pool, func, args=(), results=None):
        returned = self.known[pool].call(func, *self.values(args))
        if results is not None:
            self.check_all(self.listed(returned, len(results)), results)

    def do_pool_counts(self, pool, equals):
        found = self.known[pool].counts
        for key, wanted in equals.items():
            expect(key, getattr(found, key), wanted)

    def listed(self, returned, count):
        if isinstance(returned, tuple):
            return list(returned)
        return [] if returned is None and count == 0 else [returned]

    def do_close(self, target):
        self.known[target].close()

    def do_log(self, equals):
        expect("calls noted", len(self.notes), len(equals))
        for given, wanted in zip(self.notes, equals):
            self.check_all(given, wanted)

    # Memories, tables, globals

    def do_read(self, memory, offset, length, hex=None):
        read = self.known[memory].read(int(offset), int(length))
        if hex is not None:
            expect("bytes", read.hex(), hex)

    def do_write(self, memory, offset, hex):
        self.known[memory].write(int(offset), bytes.fromhex(hex))

    def do_read_text(self, memory, offset, length, equals):
        expect("text", self.known[memory].read_text(int(offset), int(length)), equals)

    def do_read_c_string(self, memory, offset, equals, most=None):
        most = [] if most is None else [int(most)]
        expect("text", self.known[memory].read_c_string(int(offset), *most), equals)

    def do_write_text(self, memory, offset, text, result):
        expect("bytes", self.known[memory].write_text(int(offset), text), int(result))

    def do_grow(self, memory, pages, result=None):
        former = self.known[memory].grow(int(pages))
        if result is not None:
            expect("former pages", former, int(result))

    def do_size(self, memory, pages=None, bytes=None):
        memory = self.known[memory]
        size = (memory.size_pages, memory.size_bytes)
        if pages is not None:
            expect("pages", size[0], int(pages))
        if bytes is not None:
            expect("bytes", (size[1], len(memory)), (int(bytes), int(bytes)))

    def do_view(self, memory, as_):
        self.known[as_] = memoryview(self.known[memory])

    def do_view_read(self, view, offset, hex):
        start = int(offset)
        read = bytes(self.known[view][start : start + len(hex) // 2])
        expect("bytes in view", read.hex(), hex)

    def do_view_write(self, view, offset, hex):
        start = int(offset)
        self.known[view][start : start + len(hex) // 2] = bytes.fromhex(hex)

    def do_table_get(self, table, index, value=None):
        got = self.known[table].get(int(index))
        if value is not None:
            self.check(got, value)

    def do_table_set(self, table, index, value):
        self.known[table].set(int(index), self.value(value))

    def do_table_grow(self, table, delta, init, result=None):
        former = self.known[table].grow(int(delta), self.value(init))
        if result is not None:
            expect("former size", former, int(result))

    def do_table_size(self, table, equals=None):
        size = self.known[table].size
        if equals is not None:
            expect("size", size, int(equals))

    def do_global_get(self, global_, value=None):
        got = self.known[global_].value
        if value is not None:
            self.check(got, value)

    def do_global_set(self, global_, value):
        self.known[global_].value = self.value(value)

    # Threads

    def do_in_threads(self, threads, times, steps):
        def work():
            own = self.scope()
            for _ in range(int(times)):
                own.run(steps)

        in_threads(work, int(threads))

    def do_small_stack(self, bytes, steps):
        former = threading.stack_size(int(bytes))
        try:
            in_threads(lambda: self.run(steps), 1)
        finally:
            threading.stack_size(former)

    # Host functions

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


@functools.cache
def engine_without_handlers():
    """The engine of cases that name none."""
    return lb.Engine(signal_handlers=False)


@functools.cache
def loop():
    """An event loop at work, for all cases."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, daemon=True).start()
    return made


def on_loop(coroutine):
    """Runs a coroutine to its end; that a call was cancelled is told as other hosts tell it."""

    async def guarded():
        try:
            return await coroutine
        except asyncio.CancelledError as error:
            raise lb.CancelledError("the call was cancelled") from error

    return asyncio.run_coroutine_threadsafe(guarded(), loop()).result()


def in_threads(work, count):
    """Runs `work` in so many threads at once; the first failure comes out."""
    failures = []

    def guarded():
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def failure(case):
    """Why a case fails, or None."""
    with tempfile.TemporaryDirectory(prefix="landbridge-") as folder:
        try:
            Case(pathlib.Path(folder)).run(case["steps"])
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
    return None


def main():
    """Runs the cases without a test framework, for runs that measure the process."""
    failures = {name: failure(case) for name, case in cases().items() if name not in skips()}
    failed = {name: why for name, why in failures.items() if why is not None}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    skipped = len(cases()) - len(failures)
    passed = len(failures) - len(failed)
    print(f"conformance python: {passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
