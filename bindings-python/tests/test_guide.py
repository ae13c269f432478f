"""The programs of the guide; each block there is cut from here."""

import asyncio
import importlib
import pathlib
import pickle
import shutil
import struct
import sys
import threading

import landbridge as lb
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/guide/examples"  # what readers download


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "poem.txt").write_text("one two\nthree\n")
    yield
    sys.modules.pop("calc", None)
    importlib.invalidate_caches()


def test_load():
    # [load]
    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()  # path, bytes, WAT text, file object
    five = calc.exports.add(2, 3)
    # [end load]
    assert five == 5


def test_call():
    calc = lb.load("calc.wasm").instantiate()
    # [call]
    add = calc.exports.add  # resolved once, called fast
    assert add(2, 3) == 5
    assert add.__doc__ == "add(i32, i32) -> i32"

    assert calc.exports["add"] is add  # by key, for names that are no identifiers
    assert "add" in calc.exports
    assert calc.exports.swap(1, 2) == (2, 1)  # several results are a tuple
    # [end call]


def test_map():
    calc = lb.load("calc.wasm").instantiate()
    # [map]
    import numpy

    prices = numpy.array([10, 20, 30], "i4")
    assert calc.exports.add.map(prices, 5).tolist() == [15, 25, 35]  # an array of numpy

    sums = calc.exports.add.map([1, 2, 3], [10, 20, 30])  # a Column
    assert sums.tolist() == [11, 22, 33]

    calc.exports.add.map(prices, 1, out=prices)  # into an array that is there
    assert prices.tolist() == [11, 21, 31]

    divide = lb.load("""(module (func (export "divide") (param i32 i32) (result i32)
        (i32.div_s (local.get 0) (local.get 1))))""").instantiate().exports.divide
    try:
        divide.map([8, 8, 8], [4, 0, 2])
    except lb.Trap as trap:
        assert trap.row == 1 and trap.code == "integer_division_by_zero"
    # [end map]


def test_imports(capsys):
    # [imports]
    def log(ptr: int, length: int) -> None:
        print(app.exports.memory[ptr : ptr + length].decode())

    with lb.load("app.wasm").instantiate({"env": {"log": log}}) as app:
        app.exports.run()
    # [end imports]
    assert capsys.readouterr().out == "hello\n"


def test_caller(capsys):
    # [caller]
    @lb.with_caller
    def log(caller: lb.Caller, ptr: int, length: int) -> None:
        print(caller.export("memory").read(ptr, length).decode())

    lb.load("app.wasm").instantiate({"env": {"log": log}}).exports.run()
    # [end caller]
    assert capsys.readouterr().out == "hello\n"


def test_memory():
    calc = lb.load("calc.wasm").instantiate()
    # [memory]
    memory = calc.exports.memory
    memory[0:5] = b"hello"  # slices are copies, cut to size as those of bytes are
    assert memory[0:5] == b"hello"
    memory.write(8, b"world")  # read and write refuse what is outside
    assert memory.read(8, 5) == b"world"

    view = memoryview(memory)  # in place, writable; numpy.frombuffer(memory) too
    view[0] = ord("j")
    memory.grow(1)  # the view stays valid and keeps its length
    assert (bytes(view[:5]), len(view), len(memory)) == (b"jello", 65536, 131072)
    # [end memory]


def test_errors(capsys):
    calc = lb.load("calc.wasm").instantiate()
    # [errors]
    try:
        calc.exports.div(1, 0)
    except lb.Trap as trap:
        print(trap.code)  # integer_division_by_zero
        print(trap.frames[0])  # calc!div @ 0x...
    # [end errors]
    assert capsys.readouterr().out.startswith("integer_division_by_zero\ncalc!div @ 0x")


def test_errors_of_files(capsys):
    # [errors-files]
    try:
        lb.load("nowhere.wasm")
    except FileNotFoundError as error:  # and an lb.IoError
        print(error.errno, error.filename)  # 2 nowhere.wasm
    # [end errors-files]
    assert capsys.readouterr().out == "2 nowhere.wasm\n"


def test_exceptions():
    # [exceptions]
    error = KeyError("mine")

    def log(ptr: int, length: int) -> None:
        raise error

    app = lb.load("app.wasm").instantiate({"env": {"log": log}})
    try:
        app.exports.run()
    except KeyError as caught:
        assert caught is error  # the very object, with its traceback
        assert lb.frames(caught)[0].func_name == "run"  # and the guest's frames in a note
    # [end exceptions]
    else:
        pytest.fail("nothing was raised")


def test_threads():
    calc = lb.load("calc.wasm").instantiate()
    # [threads]
    results = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(calc.exports.add(n, 1)))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2, 3, 4]
    # [end threads]


def test_store():
    # [store]
    with lb.Store() as store:
        calc = lb.load("calc.wasm").instantiate(store=store)
        user = lb.load("user.wasm").instantiate({"env": calc}, store=store)  # its memory is that of calc
        user.exports.put(0, 42)
        assert calc.exports.memory[0] == 42
    # [end store]


def values():
    return lb.load("values.wasm").instantiate({"env": {"check": lambda n: None}})


def test_values_vector():
    guest = values()
    # [values-vector]
    # A vector is 16 bytes, lane 0 first: struct and array know their lanes.
    one = struct.pack("<4f", 1, 2, 3, 4)
    ten = struct.pack("<4f", 10, 20, 30, 40)
    total = guest.exports.add(one, ten)
    assert struct.unpack("<4f", total) == (11, 22, 33, 44)
    # [end values-vector]


def test_values_text():
    guest = lb.load("upper.wasm").instantiate()
    # [values-text]
    memory = guest.exports.memory
    at = guest.exports.alloc(16)  # the guest says where there is room
    length = memory.write_text(at, "größe")  # 7 bytes: UTF-8, without a zero byte
    guest.exports.upper(at, length)
    assert memory.read_text(at, length) == "GRößE"
    # [end values-text]


def test_values_object():
    guest = values()
    # [values-object]
    document = {"title": "any object of Python's"}
    assert guest.exports.same(document) is document  # the guest gives the very object back
    assert guest.exports.same(None) is None  # None is null
    # [end values-object]


def test_values_gc():
    guest = values()
    # [values-gc]
    point = guest.exports.point(1.5, 2.0)
    assert str(point.type) == "(struct (mut f64) f64)"
    point[0] = 3.5  # seen by the guest
    assert guest.exports.x(point) == 3.5
    assert list(point) == [3.5, 2.0] and point[-1] == 2.0
    assert not point.type.fields[1].mutable
    # [end values-gc]


def test_values_exception():
    guest = values()
    # [values-exception]
    refused = guest.exports.refused  # a tag
    try:
        guest.exports.refuse(7)
    except lb.TaggedException as error:
        if error.tag != refused:
            raise
        assert error.payload == (7,)
    # [end values-exception]
    else:
        pytest.fail("nothing was raised")


def test_values_throw():
    # [values-throw]
    def check(number):
        if number > 100:
            raise lb.TaggedException(guest.exports.refused, number - 100)

    guest = lb.load("values.wasm").instantiate({"env": {"check": check}})
    assert guest.exports["try"](5) == 0
    assert guest.exports["try"](142) == 42  # the guest caught it
    # [end values-throw]


def test_linking_memory():
    # [linking-memory]
    with lb.Store() as store:
        memory = lb.Memory(store, 1)
        user = lb.load("user.wasm")
        one = store.instantiate(user, {"env": {"memory": memory}})
        two = store.instantiate(user, {"env": {"memory": memory}})
        one.exports.put(5, 77)
        assert two.exports.get(5) == memory[5] == 77
    # [end linking-memory]


def test_linking_instance():
    # [linking-instance]
    with lb.Store() as store:
        calc = store.instantiate(lb.load("calc.wasm"))
        user = store.instantiate(lb.load("user.wasm"), {"env": calc})  # all exports of calc
        user.exports.put(0, 42)
        assert calc.exports.memory[0] == 42
    # [end linking-instance]


def test_linking_value():
    # [linking-value]
    guest = lb.load("level.wasm").instantiate({"env": {"level": 3}})
    assert guest.exports.level() == 3  # a global i64, as the module asks for
    # [end linking-value]


def test_precompiled():
    # [precompiled]
    lb.load("calc.wasm").compile("calc.code")

    # Machine code: only load what you made, or would run as a program.
    calc = lb.Module.load_precompiled("calc.code").instantiate()
    assert calc.exports.add(2, 3) == 5
    # [end precompiled]


def test_travel():
    # [travel]
    module = lb.load("calc.wasm")
    sent = pickle.dumps(module)  # its bytes and their digest, no machine code
    received = pickle.loads(sent)  # compiled once a process, by the shared engine
    assert received.digest == module.digest
    # [end travel]
    assert received.instantiate().exports.add(2, 3) == 5


def test_inspect():
    # [inspect]
    found = lb.inspect("app.wasm")  # nothing is compiled
    log = found.imports[0]
    assert f"{log.module}.{log.name}: {log.type}" == "env.log: (i32, i32) -> ()"
    assert [it.name for it in found.exports] == ["memory", "run"]
    assert str(found.memories[0]) == "memory 1"
    assert found.name == "app" and "simd" not in found.features
    assert '"name":"app"' in found.to_json()  # all of it, the same text in every language
    # [end inspect]


def test_sandbox_limits():
    # [sandbox-limits]
    limits = lb.Limits(memory_bytes=64 << 20, fuel=10_000_000, timeout_ms=500)
    guest = lb.load("spin.wasm").instantiate(limits=limits)
    try:
        guest.exports.spin()
    except lb.FuelError:  # DeadlineError after 500 ms, MemoryLimitError, LimitError
        print(guest.store.usage())  # memory, fuel, output, the last call's time
    # [end sandbox-limits]
    else:
        pytest.fail("it ended by itself")


def test_sandbox_policy(capsys):
    # [sandbox-policy]
    policy = lb.Policy(
        dirs={"/data": lb.ReadOnly("./data")},  # what the guest sees, and where it is
        env={"LANG": "C"},
        args=["count", "/data/poem.txt"],
    )
    with lb.load("count.wasm").instantiate(policy=policy, stdout=lb.Lines(print)) as app:
        code = app.run()  # prints 2 3 14 /data/poem.txt
    # [end sandbox-policy]
    assert (code, capsys.readouterr().out) == (0, "2 3 14 /data/poem.txt\n")


def test_sandbox_output():
    # [sandbox-output]
    app = lb.load("count.wasm").instantiate(stdin=b"some text\n", stdout=lb.CAPTURE)
    assert app.run() == 0  # the exit code
    assert app.store.stdout() == b"1 2 10 -\n"  # since the last time it was asked
    # [end sandbox-output]


def test_sandbox_files(capsys):
    # [sandbox-files]
    policy = lb.Policy(
        dirs={"/tmp": lb.MemoryDir({"poem.txt": "one two\n"}, access="write")},  # each store's own
        args=["count", "/tmp/poem.txt", "/tmp/../secret.txt"],
    )
    limits = lb.Limits(written_bytes=1 << 20, open_files=16)
    module = lb.load("count.wasm")
    with module.instantiate(policy=policy, limits=limits, refusals=lb.CAPTURE) as app:
        assert app.run() == 2  # one of the two could not be opened
        assert app.store.usage().written_bytes == 0
        print(app.store.refusals().decode())  # refused: path_open "../secret.txt" below "/tmp": not permitted
    # [end sandbox-files]
    assert capsys.readouterr().out == 'refused: path_open "../secret.txt" below "/tmp": not permitted\n\n'


def test_sandbox_network():
    # [sandbox-network]
    network = lb.Network(
        names=[("*.example.org", 443)],  # ports: 443, "8000-8999" or "*"
        http=[("https", "api.example.org", 443, "GET")],
    )
    policy = lb.Policy(network=network)
    assert policy.allows_name_port("www.example.org", 443)
    assert not policy.allows_http("https", "api.example.org", 443, "POST")
    # [end sandbox-network]


def test_sandbox_cancel():
    # [sandbox-cancel]
    guest = lb.load("spin.wasm").instantiate()
    threading.Timer(0.1, guest.store.cancel).start()  # from another thread
    try:
        guest.exports.spin()
    except lb.CancelledError:
        guest.close()  # the store cannot be used any more
    # [end sandbox-cancel]
    assert guest.closed


def test_sandbox_json():
    # [sandbox-json]
    asked = lb.Policy.from_file("policy.json")  # what the program's author wants
    most = lb.Policy(dirs={"/data": lb.ReadOnly("data")}, env={"NAME": "input"})
    granted = asked.restrict(most)  # never wider than either
    assert granted.dirs == {"/data": lb.ReadOnly("data")} and granted.args == ()
    assert asked.allows(granted) and not granted.allows(asked)
    print(granted.to_json())  # the same text in every host
    # [end sandbox-json]


def test_async_call():
    # [async-call]
    async def main():
        calc = lb.load("calc.wasm").instantiate()
        assert await calc.exports.add.call_async(2, 3) == 5

        calls = [calc.call_async("add", i, 1) for i in range(1000)]  # all are in flight
        return await asyncio.gather(*calls)

    results = asyncio.run(main())
    # [end async-call]

    # [async-tasks]
    async def pair():
        calc = lb.load("calc.wasm").instantiate()
        async with asyncio.TaskGroup() as group:
            five = group.create_task(calc.exports.add.call_async(2, 3))
            nine = group.create_task(calc.exports.add.call_async(4, 5))
        return five.result(), nine.result()
    # [end async-tasks]

    assert asyncio.run(pair()) == (5, 9)
    assert results == list(range(1, 1001))


def test_async_cancel():
    # [async-cancel]
    async def main():
        guest = lb.load("spin.wasm").instantiate()
        try:
            async with asyncio.timeout(0.1):
                await guest.exports.spin.call_async()
        except TimeoutError:
            guest.close()  # this call was ended, and its store cannot be used any more
        return guest.closed

    # [end async-cancel]
    assert asyncio.run(main())


def test_async_host():
    # [async-host]
    async def price(article: int) -> int:
        await asyncio.sleep(0.01)  # asks a server; the guest waits, the loop does not
        app.exports.memory[0] = article  # the instance may be used meanwhile
        return 30

    app = lb.load("ask.wasm").instantiate({"env": {"price": price}})

    async def main():
        return await app.exports.total.call_async(7, 3)

    total = asyncio.run(main())
    # [end async-host]
    assert total == 90 and app.exports.memory[0] == 7


def test_pool():
    # [pool]
    limits = lb.Limits(timeout_ms=500)
    with lb.Pool(lb.load("calc.wasm"), max=4, wait=5.0, limits=limits) as pool:
        with pool.get() as calc:  # from any thread; given back at the end
            five = calc.exports.add(2, 3)
        seven = pool.call("add", 3, 4)  # all of it in one step

        async def main():
            return await asyncio.gather(*[pool.call_async("add", i, 1) for i in range(100)])

        results = asyncio.run(main())
        print(pool.counts)  # PoolCounts(ready=..., taken=0, waiting=0, made=..., served=102)
    # [end pool]
    assert (five, seven, len(results), pool.counts.served) == (5, 7, 100, 102)


def test_slots():
    # [slots]
    engine = lb.Engine(pool_slots=100)  # once, for all pools together
    with lb.Pool(lb.load("calc.wasm", engine=engine), max=4) as pool:
        five = pool.call("add", 2, 3)
        print(pool.counts)  # PoolCounts(..., made=2, served=1, in_slots=2)
    # [end slots]
    assert (five, pool.counts.made, pool.counts.in_slots, engine.pool_slots) == (5, 2, 2, 100)


def test_importer():
    # [importer]
    import landbridge.importer  # from now on Python finds .wasm files

    import calc  # finds calc.wasm on sys.path

    assert calc.add(2, 3) == 5
    # [end importer]


def test_importer_lend(capsys):
    # [importer-provide]
    from landbridge import importer

    def log(ptr: int, length: int) -> None:
        print(app.memory[ptr : ptr + length].decode())

    importer.provide("env", {"log": log})  # before the import: what guests import from "env"

    import app

    app.run()
    # [end importer-provide]
    assert capsys.readouterr().out == "hello\n"


def test_closing():
    # [closing]
    with lb.load("calc.wasm").instantiate() as calc:
        view = memoryview(calc.exports.memory)
        add = calc.exports.add
    try:
        add(2, 3)
    except lb.ClosedError:
        assert view[0] == 0  # the memory is freed after its last view
    # [end closing]
    else:
        pytest.fail("it is closed")


@pytest.mark.parametrize("file", sorted(file.name for file in EXAMPLES.iterdir()))
def test_files_of_the_examples(file):
    """Each .wasm is what its .wat says; a file that others use too is the same there."""
    text = (EXAMPLES / file).with_suffix(".wat")
    if file.endswith(".wasm") and text.exists():
        assert (EXAMPLES / file).read_bytes() == lb.load(text).bytes, "write it anew"
    for other in (ROOT / "conformance/modules" / file, ROOT / "core/tests/guide" / file):
        same = file in {"upper.wat", "count.wasm", "paint.wat", "paint.wit", "greet.wat", "greet.wit", "dealer.wat"}
        assert not (same and other.exists()) or (EXAMPLES / file).read_bytes() == other.read_bytes()
