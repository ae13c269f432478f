"""What a type checker must accept."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol, assert_type

import landbridge as lb


def log(offset: int, length: int) -> None:
    print(offset, length)


def program(path: Path) -> bytes:
    module = lb.load(path)
    assert_type(module, lb.Module)
    with module.instantiate({"env": {"log": log}}) as app:
        assert_type(app.exports, lb.Exports)
        add: lb.Func = app.exports.add
        total: int = add(2, 3)
        memory = app.memory("memory")
        memory[0:5] = b"hello"
        memory.write(total, bytearray(3))
        memoryview(memory)
        assert_type(memory[0], int)
        try:
            app.exports.run()
        except lb.Trap as trap:
            assert_type(trap.code, str | None)
            assert_type(trap.frames, tuple[lb.Frame, ...])
        return memory[0:5]


class Greeter(Protocol):
    def hello(self, name: str) -> str: ...


def component(path: Path) -> str:
    with lb.load(path).instantiate({"host": {"log": print}}) as greet:
        hello = greet.wit_func("hello")
        assert_type(hello, lb.WitFunc)
        assert_type(hello.type.result, lb.WitType | None)
        assert_type(greet.bind(Greeter), Greeter)
        try:
            greet.exports.shapes.cost({"colour": "red"})
        except lb.WitError as error:
            print(error.payload)
        nested: lb.Some[int | None] | None = lb.Some(None)
        given: lb.Ok[int] | lb.Err[str] = lb.Err("no")
        print(nested, given)
        return greet.bind(Greeter, "demo:greet/hellos").hello("Ada")


def values(guest: lb.Exports, store: lb.Store) -> float:
    tag = lb.Tag(store, ["i32", "exnref"])
    point: lb.GcRef = guest.point(1.5, 2.0)
    point[0] = 2.5
    assert_type(point.type, lb.StructType | lb.ArrayType)
    if isinstance(point.type, lb.StructType):
        assert_type(point.type.fields[0].storage, str)
    assert_type(len(point), int)
    try:
        raise lb.TaggedException(tag, 3, None)
    except lb.TaggedException as error:
        assert_type(error.tag, lb.Tag)
        assert_type(error.payload, tuple[Any, ...])
    total: float = point[0] + sum(field for field in point)
    return total


def files(path: Path) -> lb.Module:
    engine = lb.Engine(wide_arithmetic=True, signal_handlers=False, cache=path / "code")
    found = lb.inspect(path)
    assert_type(found, lb.Inspection)
    assert_type(found.asks[0].functions, tuple[str, ...])
    assert_type(found.memories, tuple[lb.MemoryType, ...])
    assert_type(found.custom_sections[0].bytes, bytes)
    module = lb.load(path, engine=engine)
    module.compile(path / "file")
    assert_type(module.bytes, bytes)
    assert_type(module.digest, str)
    return lb.Module.load_precompiled(path / "file", engine=engine)


def sandboxes(path: Path, module: lb.Module) -> int:
    policy = lb.Policy(dirs={"/data": lb.ReadOnly("data"), "/out": lb.ReadWrite(path)}, clock="real", random=7)
    limits = lb.Limits(memory_bytes=64 << 20, timeout_ms=500)
    assert_type(policy.restrict(lb.Policy.from_file(path)), lb.Policy)
    assert_type(lb.SteppedClock(1, 2).step_ns, int)
    files = lb.MemoryDir({"a": "text", "b": bytearray(3)}, access="write")
    assert_type(files.files, dict[str, bytes])
    network = lb.Network(tcp_bind=[("127.0.0.1", 0)], http=[("https", "*", "443-444", "GET")])
    wide = lb.Policy(dirs={"/tmp": files}, network=network)
    assert_type(wide.network.names, tuple[tuple[str, int | str], ...])
    assert_type(wide.allows_tcp_connect(ip_address("::1"), 80), bool)
    pieces: list[bytes] = []
    lb.Store(policy=policy, stdin=lb.INHERIT, stdout=pieces.append, stderr=path, refusals=pieces.append)
    app = module.instantiate(policy=policy, limits=limits, stdin=b"text", stdout=lb.CAPTURE)
    assert_type(app.store.usage(), lb.Usage)
    assert_type(app.store.usage().fuel_used, int | None)
    assert_type(app.store.usage().open_files, int)
    assert_type(app.store.stdout(), bytes)
    assert_type(app.store.refusals(), bytes)
    app.store.set_fuel(1000)
    app.store.cancel()
    try:
        return app.run()
    except lb.Exit as exit:
        return exit.exit_code


async def asynchronous(app: lb.Instance, add: lb.Func) -> int:
    first: int = await add.call_async(2, 3)
    assert_type(await app.run_async(), int)
    assert_type(await asyncio.create_task(app.run_async()), int)
    async with asyncio.TaskGroup() as group:
        group.create_task(add.call_async(2, 3))
        group.create_task(lb.load_async("calc.wasm"))
    with lb.Pool(app.module, max=4, wait=0.5, reset="reuse", limits=lb.Limits(fuel=1000)) as pool:
        assert_type(pool.get(), lb.Instance)
        assert_type(pool.counts, lb.PoolCounts)
        assert_type(pool.counts.taken, int)
        second: int = await pool.call_async("add", first, 4)
        app.call_async("add", 1, 2).cancel()
    return second


@lb.with_caller
def write(caller: lb.Caller, value: int) -> None:
    caller.export("memory")[0] = value


def wrong(store: lb.Store) -> None:
    lb.Table(store, "i32", 1)  # type: ignore[arg-type]
    lb.Tag(store, ["i3"])  # type: ignore[list-item]
    lb.Engine(cache=3)  # type: ignore[arg-type]
    lb.Pool(lb.load("calc.wasm"), reset="old")  # type: ignore[arg-type]
    lb.Limits(fuel="3")  # type: ignore[arg-type]
    lb.Policy(dirs={"/data": "data"})  # type: ignore[dict-item]
    lb.MemoryDir({"a": 3})  # type: ignore[dict-item]
    lb.MemoryDir({}, access="append")  # type: ignore[arg-type]
    lb.Network(names=[("example.org",)])  # type: ignore[list-item]
    lb.Store(stdin=lb.CAPTURE)  # type: ignore[arg-type]
    lb.Store(stdout="out.txt")  # type: ignore[arg-type]
    lb.load("calc.wasm").instantiate(stor=store)  # type: ignore[call-arg]


def programs() -> None:
    code: int = lb.run(
        "app.wasm",
        "--verbose",
        dirs={"/data": lb.ReadOnly("data")},
        env={"A": "1"},
        limits=lb.Limits(fuel=1),
        stdout=lb.Lines(print),
        stderr=None,
    )
    lb.run("app.wasm", 1)  # type: ignore[arg-type]
    text: str = lb.Store().output() + lb.Trap("").output
    assert isinstance(code, int) and text
