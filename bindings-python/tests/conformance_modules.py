"""Steps that make engines, modules, stores, instances and pools, and look at modules."""

from __future__ import annotations

import functools
import pickle

import landbridge as lb
from conformance_values import CORPUS, Mismatch, Thing, expect, text_of


class ModuleSteps:
    def do_engine(self, as_, stack_bytes=None, compile_cost=None, memory_reservation_bytes=None, call_threads=None,
                  pool_slots=None, cache=None, **options):
        if stack_bytes is not None:
            options["stack_bytes"] = int(stack_bytes)
        if compile_cost is not None:
            options["compile_cost"] = int(compile_cost)
        if memory_reservation_bytes is not None:
            options["memory_reservation_bytes"] = int(memory_reservation_bytes)
        if call_threads is not None:
            options["call_threads"] = int(call_threads)
        if pool_slots is not None:
            options["pool_slots"] = int(pool_slots)
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
        wit = module.wit_imports
        for entry in entries:
            if not self.lend_wit(given, wit, **entry):
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

    def lend_wit(self, given, known, module, name=None, wit=None, resource=None, **rest):
        """Lends what is about components; says whether it is."""
        if wit is None and resource is None:
            return False
        if resource is not None:
            entries = {resource: Thing}
        else:
            fits = [of for full, own, of in known if name == own and fits_name(module, full)]
            entries = {name: self.wit_host(fits[0] if fits else None, **wit)}
        given.setdefault(module, {}).update(entries)
        return True

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
            "wit": found.wit,
        }
        for key, wanted in (equals or {}).items():
            if key == "built_for" and wanted is not None:
                expect(key, wanted in (told[key] or ""), True)
            else:
                expect(key, told[key], wanted)


def fits_name(given, full):
    """Whether a name, long or short, is that of an interface."""
    path, _, version = full.partition("@")
    name, _, asked = given.partition("@")
    return given == full or (name in (path, path.rpartition("/")[2]) and version.startswith(asked))


@functools.cache
def engine_without_handlers():
    """The engine of cases that name none."""
    return lb.Engine(signal_handlers=False)
