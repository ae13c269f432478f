"""The situations of ../leaks.json in Python. Takes the folder of the guests, the name of one and how many rounds, and prints the
bytes that the process has after a fifth of them and after all."""

import asyncio
import gc
import sys
from pathlib import Path

import landbridge as lb

folder, situation, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
guest = lb.load(folder / "guest.wat")


class Thrown(Exception):
    pass


def throws(number):
    raise Thrown(number)


def host(*args):
    return args[0] if len(args) == 1 else (None, None)


LENT = {"host": {"number": host, "refs": host, "throws": throws}}
instance = guest.instantiate(LENT)
inc, garbage = instance.exports.inc, instance.exports.bytes
store = lb.Store()
policy = lb.Policy(env={"A": "B"}, clock="real", random=1)
unary = lb.FuncType(["i32"], ["i32"])


def fails(error, what, *args):
    try:
        what(*args)
    except error:
        return
    raise AssertionError(f"no {error}")


def calls(i):
    inc(i)


def calls_by_name(i):
    instance.call("inc", i)


def instances(i):
    guest.instantiate(LENT).close()


def stores(i):
    one = lb.Store()
    one.instantiate(guest, LENT)
    one.instantiate(guest, LENT)


def modules(i):
    lb.Module.from_text(f'(module (memory 1) (func (export "f{i}") (result i32) (i32.const {i})))')


def traps(i):
    fails(lb.Trap, instance.exports.unreachable)


def throwing_callbacks(i):
    fails(Thrown, instance.exports.catch, i)


async def async_calls(i):
    assert await inc.call_async(i) == i + 1


def externrefs(i):
    one = object()
    assert instance.exports.extern(one) is one


def gc_refs(i):
    assert garbage(100)[7] == 0


def views(i):
    memory = instance.memory("memory")
    with memoryview(memory) as view:
        view[0] = i & 255


pool = None


def pools(i):
    global pool
    pool = pool or lb.Pool(guest, LENT)
    pool.call("inc", i)
    with pool.get():
        pass


def cycles(i):
    """A function that captures the instance which it is lent to."""
    one = None

    def captures(*args):
        return host(*args) if one else 0

    one = guest.instantiate({"host": {"number": captures, "refs": captures, "throws": captures}})


def engines(i):
    engine = lb.Engine(cache=False)
    lb.Module.from_text('(module (func (export "f")))', engine=engine)
    lb.Store(engine=engine).close()


def policies(i):
    one = lb.Policy.from_json('{"env":{"A":"B"},"clock":"real","random":{"seed":1}}')
    less = one.restrict(policy)
    assert less.to_json()
    lb.Store(policy=less, limits=lb.Limits(timeout_ms=1000), stdout=lb.CAPTURE).close()


program = None


def wasi_files(i):
    global program
    if not program:
        granted = lb.Policy(dirs={"/data": lb.MemoryDir({"file": b"in it"}, "write")})
        program = lb.load(folder / "program.wat").instantiate(policy=granted)
    assert program.exports.open(3, 0) == 0
    assert program.exports.close(4) == 0


async def cancelled_calls(i):
    call = guest.instantiate(LENT).call_async("spin", 0xFFFFFF)
    call.cancel()
    try:
        await call
    except asyncio.CancelledError:
        pass


def refused_links(i):
    fails(lb.LinkError, guest.instantiate)


def funcs_and_tags(i):
    lb.Func(store, unary, lambda number: number)
    lb.Tag(store, ["i32"])


def inspections(i):
    assert lb.inspect(folder / "guest.wat").features


class Thing:
    """A resource of the host."""

    def __init__(self, n):
        self.n = n

    def get(self):
        return self.n


THINGS = {"things": {"Thing": Thing, "eat": lambda thing: None, "keep": lambda thing: None}}
things = lb.load(Path(__file__).resolve().parents[2] / "conformance/modules/things.wat")
component = things.instantiate(THINGS).exports


def components(i):
    with things.instantiate(THINGS) as one:
        one.exports.make(7)


def wit_calls(i):
    func = component.make
    assert func.type.result.format(func.type.result.parse("12")) == "12"
    fails(lb.TypeMismatch, func, "no number")
    func(7)


def wit_resources(i):
    """Of the guest: closed, given away, let go of. Of the program: lent, given, refused."""
    component.Mine(1).close()
    component.eat_mine(component.Mine(1))
    component.Mine(1).rep()
    component.forward(Thing(1))
    component.give(Thing(1))
    fails(lb.TypeMismatch, component.make, Thing(1), Thing(2))


def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def run():
    step, first = globals()[situation], resident()
    for i in range(rounds):
        if i == rounds // 5:
            first = resident()
        waits = step(i)
        if waits:
            await waits
    print(first, resident())


asyncio.run(run())
