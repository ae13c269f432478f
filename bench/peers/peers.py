"""The drivers of Landbridge and its peers in Python: peers.py PEER FOLDER NAME=SIZE=CHECKSUM ...; see bench/README.md."""

import asyncio
import sys
from array import array
from itertools import repeat

from serve import FOLDER, GUEST, KERNELS, LARGE, MIB, MIDDLE, ROWS, TEXT, inc, loop_of, of_exports, of_kernels, repeated, serve


def landbridge():
    import landbridge as lb

    module = lb.load(GUEST)
    imports = {"env": {"inc": inc}}
    instance = module.instantiate(imports)
    it, memory, large, kernels = instance.exports, instance.exports.memory, LARGE.read_bytes(), lb.load(KERNELS).instantiate({}).exports
    uncached, middle = lb.Engine(cache=False), MIDDLE.read_bytes()
    xs, ys, out = (array("i", range(ROWS)) for _ in range(3))

    def instantiate(n):
        for _ in repeat(None, n):
            module.instantiate(imports).close()

    return of_exports(it.add, it.callbacks, it.echo, memory.write, memory.read) | {
        "batch": lambda n: [it.add.map(xs, ys, out=out) for _ in repeat(None, n)] and None,
        "instantiate": instantiate, "load_cached": repeated(lb.load, large), "load": repeated(lambda: lb.load(middle, engine=uncached)),
    } | of_kernels(lambda name: getattr(kernels, name))


def wasmtime():
    from wasmtime import Engine, Func, FuncType, Instance, Linker, Module, Store, ValType

    engine = Engine()
    module = Module.from_file(engine, str(GUEST))
    linker = Linker(engine)
    linker.define_func("env", "inc", FuncType([ValType.i32()], [ValType.i32()]), inc)
    store = Store(engine)
    exports = linker.instantiate(store, module).exports(store)
    memory = exports["memory"]
    kernels = Instance(store, Module.from_file(engine, str(KERNELS)), []).exports(store)
    middle, code = MIDDLE.read_bytes(), FOLDER / "large.wasmtime-py"
    code.write_bytes(Module.from_file(engine, str(LARGE)).serialize())

    def bound(func):
        return lambda *args: func(store, *args)

    def instantiate(n):
        for _ in repeat(None, n):
            linker.instantiate(Store(engine), module)

    return of_exports(bound(exports["add"]), bound(exports["callbacks"]), bound(exports["echo"]), lambda at, data: memory.write(store, data, at),
                      lambda at, length: memory.read(store, at, at + length)) | {
        "batch": loop_of(bound(exports["add"])), "instantiate": instantiate,
        "load_cached": repeated(Module.deserialize_file, engine, str(code)), "load": repeated(Module, engine, middle),
    } | of_kernels(lambda name: bound(kernels[name]))


def pywasm3():
    import wasm3

    environment, guest, middle = wasm3.Environment(), GUEST.read_bytes(), MIDDLE.read_bytes()

    def instance(code, has_imports):
        runtime = environment.new_runtime(1 << 20)
        module = environment.parse_module(code)
        runtime.load(module)
        if has_imports:
            module.link_function("env", "inc", "i(i)", inc)
        return runtime

    runtime, kernels = instance(guest, True), instance(KERNELS.read_bytes(), False)
    memory = runtime.get_memory(0)

    def write(at, data):
        memory[at : at + len(data)] = data

    def read(at, length):
        return bytes(memory[at : at + length])

    add, callbacks, echo = (runtime.find_function(name) for name in ("add", "callbacks", "echo"))
    return of_exports(add, callbacks, echo, write, read) | {
        "batch": loop_of(add), "instantiate": repeated(instance, guest, True), "load": repeated(instance, middle, False),
    } | of_kernels(kernels.find_function)


def extism():
    import struct

    from extism import Plugin, ValType, host_fn

    @host_fn(name="inc", namespace="extism:host/user", signature=([ValType.I64], [ValType.I64]))
    def called(_, inputs, outputs):
        outputs[0].value = inputs[0].value + 1

    code, block = (FOLDER / "extism.wasm").read_bytes(), bytes(MIB)

    def plugin():
        return Plugin(code, functions=[called])

    it, two = plugin(), struct.pack("<qq", 2, 3)

    def text():
        return it.call("echo", TEXT.encode()).decode()

    def rows(n):
        for _ in range(n):
            for x in range(ROWS):
                struct.unpack("<q", it.call("add", struct.pack("<qq", x, x)))

    assert text() == TEXT
    return {"call": repeated(it.call, "add", two), "callback": lambda n: it.call("callbacks", struct.pack("<q", n)), "text": repeated(text),
            "bytes_in": repeated(it.call, "take", block), "bytes_out": repeated(it.call, "give", b""), "batch": rows,
            "instantiate": repeated(plugin)}


def wasmer():
    from wasmer_sdk import Wasmer

    command, loop = (FOLDER / "command.wasm").read_bytes(), asyncio.new_event_loop()

    async def ready():
        client = Wasmer()
        package = await client.packages.load(command)
        return package, await client.sandboxes.create(packages=[package])

    package, sandbox = loop.run_until_complete(ready())
    return {"instantiate": repeated(lambda: loop.run_until_complete(sandbox.command(package).run()))}


serve({it.__name__: it for it in (landbridge, wasmtime, pywasm3, extism, wasmer)}[sys.argv[1]]())
