"""Random calls of everything in landbridge, from several threads, with objects that act while they are looked at. See
../README.md."""

import argparse
import asyncio
import copy
import faulthandler
import gc
import pickle
import random
import sys
import threading
import time
import traceback
from pathlib import Path

import landbridge as lb

# Operations of a round, after which everything is let go and counted.
ROUND = 10_000
# The most seconds that an operation of a thread may take; long, since machines are busy.
DEADLINE_S = 60
DEPTH = 4
OWN, SHARED = 4, 6
STACKS = [0, 256 << 10, 1 << 20, 512 << 10]

NOUNS = (
    lb.Engine, lb.Module, lb.Store, lb.Instance, lb.Func, lb.Memory, lb.Table, lb.Global, lb.Tag, lb.GcRef,
    lb.TaggedException, lb.Policy, lb.Limits, lb.Pool, lb.FuncType,
)
# What an operation may raise: the library's errors but for those of its own defects, what Python says of arguments of
# another shape, and what the objects of this fuzzer raise.
ORDINARY = (lb.WasmError, TypeError, AttributeError, ValueError, OverflowError, IndexError, KeyError, BufferError)
NAMES = (
    "memory wide objects funcs anys i32 i64 f32 v128 object any func exn plain pair carries inc numbers div trunc "
    "unreachable fib deep spin host host_often host_deep host_refs host_again throw throw_carries throw_ref catch "
    "catch_pair extern must keep take func_of call_at apply grow grow_table load fill point bytes list anything keep_any "
    "i31 cast outward inward garbage _start args environ clock random write read open unlink close sleep exit nothing"
).split()
TYPES = "i32 i64 f32 f64 v128 funcref externref anyref eqref i31ref structref arrayref exnref nullref nullexnref".split()


class Odd(Exception):
    """What the fuzzer's own objects raise: it comes out as it is, or not at all."""


class Counts:
    """Objects that are alive. Each that guests or the library hold is one of these."""

    alive = 0
    lock = threading.Lock()


class Fuzzer(threading.local):
    """What a thread knows; threads of the library's make their own."""

    def __init__(self):
        self.random = random.Random(threading.get_ident())
        self.number = 0
        self.depth = 0
        self.own = []


me = Fuzzer()
shared = []
bases = []
texts = {}
seen = {}
nested = 0
watched = {}
failures = []


def below(bound):
    return me.random.randrange(bound)


def one_in(times):
    return me.random.randrange(times) == 0


def pick(noun=None):
    """Something that was made: mostly one of the sort that is asked for."""
    places = me.own if me.own and below(2) else shared
    if noun is not None and not one_in(24):
        fit = [it for it in (*places, *(() if places is shared else shared)) if isinstance(it, noun)]
        if fit:
            return me.random.choice(fit)
    if places and not one_in(8):
        return me.random.choice(places)
    return me.random.choice([None, 0, -1, "", b"", Acts(), 1 << 70, float("nan"), lb, object()])


def keep(it):
    """In the place of something else, which is let go or not."""
    # Threads of the library's stay, and so would what they keep.
    places = me.own if me.number and below(2) else shared
    most = len(NOUNS) * (OWN if places is me.own else SHARED)
    if len(places) < most:
        places.append(it)
    else:
        places[below(most)] = it


class Acts:
    """A value that acts when somebody looks at it: it closes, collects, calls, raises."""

    def __init__(self):
        with Counts.lock:
            Counts.alive += 1

    def act(self):
        if one_in(6):
            raise Odd
        if one_in(3):
            act()
        return me.random.choice([0, 1, -1, 1 << 31, 1 << 63, 3])

    def __reduce__(self):
        return (Acts, ())

    def __index__(self):
        return self.act()

    def __float__(self):
        return self.act() / 2

    def __bool__(self):
        return self.act() > 0

    def __eq__(self, other):
        return self.act() == 0

    def __hash__(self):
        return self.act()

    def __len__(self):
        return self.act()

    def __fspath__(self):
        self.act()
        return "/no/such/file"

    def __iter__(self):
        self.act()
        return iter([self, 1])

    def __call__(self, *args):
        return host(*args)

    def __getitem__(self, key):
        self.act()
        return host

    def keys(self):
        self.act()
        return ["number", self]

    def __del__(self):
        with Counts.lock:
            Counts.alive -= 1
        try:
            if one_in(8):
                act()
        except Odd:
            pass


class Shrinks(bytearray):
    """A buffer that somebody else may make shorter."""


def act():
    """Some operations inside of another, unless it is deep inside already."""
    global nested
    if me.depth >= DEPTH:
        return
    me.depth += 1
    try:
        for _ in range(below(3)):
            nested += 1
            operation()
    finally:
        me.depth -= 1


def value(kind=None):
    match below(16) if kind is None or one_in(24) else kind:
        case "i32" | "i64" | 0:
            return me.random.choice([0, 1, -1, below(9), below(70000), 1 << 31, (1 << 32) - 1, -(1 << 63), True, Acts()])
        case "f32" | "f64" | 1:
            return me.random.choice([0.5, float("nan"), float("inf"), 1e300, 7, Acts()])
        case "v128" | 2:
            return me.random.choice([bytes(16), 5, b"short", Shrinks(16)])
        case "funcref" | 3:
            return me.random.choice([None, pick(lb.Func), host])
        case "exnref" | 4:
            return me.random.choice([None, pick(lb.TaggedException)])
        case "structref" | "arrayref" | 5:
            return me.random.choice([None, pick(lb.GcRef)])
        case "externref" | "anyref" | "eqref" | 6:
            return me.random.choice([None, Acts(), pick(lb.GcRef), below(99), "text", pick()])
        case _:
            return pick()


def host(*args):
    """The host function."""
    act()
    if one_in(8):
        raise me.random.choice([Odd(), lb.Exit(exit_code=below(9)), lb.HostError(7), KeyError("x"), pick(lb.TaggedException), lb.HostError("no")])
    for arg in args:
        if one_in(4):
            keep(arg)
    return me.random.choice([None, 1, args[0] if args else None, (Acts(), None), (None, pick(lb.GcRef)), below(100)])


async def awaits(*args):
    await asyncio.sleep(0)
    return host(*args)


def imports():
    if one_in(20):
        return me.random.choice([None, Acts(), {"host": Acts()}, {"host": {}}, pick()])
    closes = Acts()
    # A closure that is kept by what it is kept by.
    names = {name: (lambda *args, kept=closes: host(*args)) for name in ("number", "refs", "throws")}
    if one_in(8):
        names["number"] = me.random.choice([awaits, pick(lb.Func), None, Acts()])
    return {"host": names}


def sandbox():
    kept = Acts()
    some = {
        "policy": pick(lb.Policy), "limits": pick(lb.Limits), "stdin": me.random.choice([b"bytes", None, Acts()]),
        "stdout": me.random.choice(
            [lb.CAPTURE, lambda data, kept=kept: act(), lb.Lines(lambda line, kept=kept: act()), None]
        ),
        "refusals": lambda data, kept=kept: act(),
    }
    return {name: it for name, it in some.items() if not one_in(3)}


def engine():
    return me.random.choice([None, None, bases[0], bases[1], pick(lb.Engine)])


# ---- Operations.


def load():
    which = me.random.choice(list(texts.values()))
    match below(6):
        case 0:
            keep(lb.Module.from_text(f"(module (func (export \"f\") (result i32) (i32.const {below(1 << 30)})))"))
        case 1:
            keep(lb.Module.from_bytes(me.random.choice([b"", b"\0asm", Shrinks(8), value()])))
        case 2:
            at = below(len(which) - 40)
            text = which[:at] + which[at + below(40):]
            keep(me.random.choice([lb.Module.from_text, lb.inspect])(text))
        case 3:
            it = pick(lb.Module)
            keep(me.random.choice([copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])(it))
        case _:
            keep(lb.Module.from_text(which, engine=engine()))


def module():
    return me.random.choice(bases[2:]) if below(3) else pick(lb.Module)


def make():
    store = pick(lb.Store)
    match below(12):
        case 0:
            keep(lb.Store(engine=engine(), **sandbox()))
        case 1:
            keep(module().instantiate(imports(), store=store))
        case 2:
            keep(store.instantiate(module(), imports()))
        case 3 | 4:
            keep(module().instantiate(imports(), **sandbox()))
        case 5:
            keep(lb.Func(store, pick(lb.FuncType), me.random.choice([host, Acts(), awaits, None])))
        case 6:
            keep(lb.Memory(store, below(3), me.random.choice([None, 4, value()]), is_64=one_in(4)))
        case 7:
            kind = me.random.choice(TYPES)
            keep(lb.Table(store, kind, below(9), me.random.choice([None, 9, value()]), value(kind)))
        case 8:
            kind = me.random.choice(TYPES)
            keep(lb.Global(store, kind, value(kind), mutable=below(2) > 0))
        case 9:
            keep(lb.Tag(store, me.random.sample(TYPES, below(4))))
        case 10:
            tag = pick(lb.Tag)
            keep(lb.TaggedException(tag, *[value(kind) for kind in tag.type.params]))
        case _:
            keep(lb.FuncType(me.random.sample(TYPES, below(4)), me.random.sample(TYPES, below(3))))


def grants():
    match below(6):
        case 0:
            keep(lb.Limits(**{name: me.random.choice([1, 9, 1 << 20, value()]) for name in me.random.sample(
                ["memory_bytes", "table_elements", "instances", "fuel", "output_bytes", "written_bytes", "open_files",
                 "timeout_ms", "transfer_bytes", "handles"], below(4))}))
        case 1:
            files = lb.MemoryDir({"file": b"in it", me.random.choice(NAMES): ""}, "write") if below(2) else Acts()
            keep(lb.Policy(dirs={"/data": files}, env={"A": "B"}, clock="real", random=below(9)))
        case 2:
            keep(pick(lb.Policy).restrict(pick(lb.Policy)))
        case 3:
            policy = pick(lb.Policy)
            again = type(policy).from_json(policy.to_json())
            assert again == policy, (policy, again)
        case 4:
            pick(lb.Policy).allows(pick(lb.Policy))
        case _:
            pick(lb.Policy).allows_tcp_connect(me.random.choice(["127.0.0.1", "::1", "x", value()]), value("i32"))


def call():
    func = pick(lb.Func)
    if below(2):
        func = pick(lb.Instance).func(me.random.choice(NAMES))
        keep(func)
    args = [value(kind) for kind in func.type.params]
    if one_in(20):
        args.append(value())
    keep(func(*args))


def call_by_name():
    it = pick(lb.Pool if one_in(6) else lb.Instance)
    name = me.random.choice(NAMES)
    args = [value("i32")]
    if isinstance(it, lb.Instance):
        args = [value(kind) for kind in it.func(name).type.params]
    keep(it.call(name, *args))


def calls_async():
    """Several at once, some cancelled, in a loop of their own."""
    if me.depth:
        return

    async def all_of_them():
        tasks = []
        for _ in range(1 + below(6)):
            it = pick(me.random.choice([lb.Func, lb.Instance, lb.Pool]))
            try:
                name, arg = me.random.choice(["inc", "host", "spin", "fib", "host_often"]), below(1 << 20)
                tasks.append(it.call_async(arg) if isinstance(it, lb.Func) else it.call_async(name, arg))
            except ORDINARY as error:
                ordinary(error)
            if tasks and one_in(4):
                me.random.choice(tasks).cancel()
        for done in await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), DEADLINE_S):
            if isinstance(done, lb.WasmError):
                ordinary(done)

    asyncio.run(all_of_them())


def instance():
    it = pick(lb.Instance)
    name = me.random.choice(NAMES)
    match below(8):
        case 0:
            keep(it.exports[name])
        case 1:
            keep(me.random.choice([it.memory, it.table, it.global_, it.tag, it.func])(name))
        case 2:
            list(it.exports.items())
        case 3:
            keep(it.store)
        case 4:
            keep(it.module)
        case 5:
            it.run()
        case 6:
            repr(it), it.closed, len(it.exports)
        case _:
            keep(getattr(it.exports, name))


def store():
    it = pick(lb.Store)
    match below(7):
        case 0:
            it.usage()
        case 1:
            it.set_fuel(value("i64"))
        case 2:
            if one_in(4):
                it.cancel()
        case 3:
            it.stdout(), it.stderr(), it.refusals(), it.output()
        case 4:
            it.gc()
        case 5:
            it.closed, repr(it)
        case _:
            if one_in(4):
                it.close()


def memory():
    it = pick(lb.Memory)
    match below(11):
        case 8:
            it.read_text(value("i32"), below(100))
        case 9:
            it.read_c_string(value("i32"), me.random.choice([None, below(100), value()]))
        case 10:
            it.write_text(value("i32"), me.random.choice(["größe", "a\0b", "\ud800", value()]))
        case 0:
            it.read(value("i32"), below(100))
        case 1:
            it.write(value("i32"), me.random.choice([b"bytes", Shrinks(5), memoryview(b"x" * 9)[::2], value()]))
        case 2:
            it[value("i32")]
        case 3:
            it[value("i32") if below(2) else None:value("i32"):me.random.choice([None, 2, -1])]
        case 4:
            it[0:5] = me.random.choice([b"12345", b"1", value()])
        case 5:
            it.grow(below(2))
        case 6:
            it.size_bytes, it.size_pages, it.type, len(it)
        case _:
            with memoryview(it) as view:
                act()
                for at in range(0, len(view), 4096):
                    view[at] = (view[at] + 1) & 255


def table():
    it = pick(lb.Table)
    match below(5):
        case 0:
            keep(it[value("i32")])
        case 1:
            it[value("i32")] = value(it.type.element)
        case 2:
            it.grow(below(3), value(it.type.element))
        case 3:
            it.set(below(4), value(it.type.element))
        case _:
            it.size, it.type, len(it)


def others():
    match below(7):
        case 0:
            keep(pick(lb.Global).value)
        case 1:
            it = pick(lb.Global)
            it.value = value(it.type.content)
        case 2:
            it = pick(lb.GcRef)
            keep(it[value("i32")])
        case 3:
            pick(lb.GcRef)[value("i32")] = value()
        case 4:
            list(pick(lb.GcRef))[:9]
        case 5:
            it = pick(lb.TaggedException)
            it.tag, it.payload
        case _:
            a, b = pick(), pick()
            a == b, a is b, hash(a) if a is not None else 0, repr(a)


def pool():
    match below(6):
        case 0:
            keep(lb.Pool(module(), imports(), max=below(3), wait=me.random.choice([0, 0.001, -1, "x"]),
                         reset=me.random.choice(["fresh", "reuse", "x"]), **sandbox()))
        case 1 | 2:
            keep(pick(lb.Pool).get())
        case 3:
            pick(lb.Pool).counts
        case _:
            if one_in(6):
                pick(lb.Pool).close()


def drop():
    places = me.own if below(2) else shared
    if places:
        places[below(len(places))] = None
    if one_in(200):
        gc.collect()


OPERATIONS = (
    [call] * 12 + [call_by_name] * 8 + [instance] * 8 + [make] * 8 + [load] * 2 + [grants] * 4 + [store] * 5
    + [memory] * 6 + [table] * 6 + [others] * 8 + [pool] * 4 + [drop] * 6 + [calls_async]
)


def ordinary(error):
    """An error of a kind that operations may have, with a message that a person reads."""
    kind = getattr(error, "kind", type(error).__name__)
    seen[kind] = seen.get(kind, 0) + 1
    if kind == "internal" or (isinstance(error, lb.WasmError) and len(str(error)) > 65536):
        raise AssertionError(f"an error of kind {kind}: {str(error)[:300]}") from error


def operation():
    try:
        me.random.choice(OPERATIONS)()
    except Odd:
        pass
    except ORDINARY as error:
        ordinary(error)
    except RecursionError:
        pass


# ---- Rounds.


def thread(number, seed, first, last):
    me.number, me.random, me.own = number, random.Random(f"{seed} {number} {first}"), []
    for at in range(first, last):
        watched[number] = (time.monotonic(), at)
        try:
            operation()
        except BaseException:
            failures.append(f"thread {number}, operation {at}: {traceback.format_exc()}")
            break
    watched.pop(number, None)
    me.own = []


def watch():
    while True:
        time.sleep(1)
        for number, (since, at) in list(watched.items()):
            if time.monotonic() - since > DEADLINE_S:
                print(f"FOUND: thread {number}, operation {at} does not end", file=sys.stderr, flush=True)
                faulthandler.dump_traceback(all_threads=True)
                import os
                os.abort()


def round_run(seed, first, last, threads):
    each = -(-(last - first) // threads)
    running = []
    for i in range(threads):
        threading.stack_size(STACKS[i % len(STACKS)])
        share = (first + i * each, min(last, first + (i + 1) * each))
        running.append(threading.Thread(target=thread, args=(i + 1, seed, *share)))
        running[-1].start()
    threading.stack_size(0)
    for it in running:
        it.join()
    shared.clear()
    for _ in range(50):
        shared.clear()
        gc.collect()
        if not Counts.alive:
            break
        # What was released while its store was in use is dropped by the next one.
        lb.Store().close()
        time.sleep(0.02)
    if Counts.alive:
        failures.append(f"{Counts.alive} objects of Python are never let go")


def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 10


def unraisable(what):
    error = what.exc_value
    if not isinstance(error, (Odd, *ORDINARY)) or getattr(error, "kind", "") == "internal":
        failures.append(f"not raised in {what.object!r}: {''.join(traceback.format_exception(error))}")


def main():
    parser = argparse.ArgumentParser()
    for name, default in (("calls", 20000), ("seed", 1), ("from", 0), ("threads", 4), ("seconds", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--guests", type=Path, default=Path(__file__).parent.parent)
    options = parser.parse_args()
    first = at = getattr(options, "from")
    end = first + options.calls
    print(f"python: --seed {options.seed} --from {first} --calls {options.calls} --threads {options.threads}", flush=True)
    faulthandler.enable()
    sys.unraisablehook = unraisable
    for name in ("guest", "program"):
        texts[name] = (options.guests / f"{name}.wat").read_text()
    bases.extend([lb.Engine(cache=False), lb.Engine(cache=False, signal_handlers=False, stack_bytes=128 << 10)])
    bases.extend(lb.Module.from_text(texts[it], engine=on) for it in texts for on in (None, bases[0], bases[1]))
    threading.Thread(target=watch, daemon=True).start()
    start, base, rounds = time.monotonic(), 0, 0
    while at < end and not failures:
        to = min(end, at - at % ROUND + ROUND)
        round_run(options.seed, at, to, options.threads)
        at, rounds = to, rounds + 1
        used = rss()
        base = max(base, used) if rounds <= 3 else base
        if used > base + (96 << 10):
            failures.append(f"{used} KB are in use, after the first rounds it were {base}")
        if options.seconds and time.monotonic() - start > options.seconds:
            print(f"python: ended by --seconds, {end - at} operations before its end")
            break
    kinds = " ".join(f"{kind} {count}" for kind, count in sorted(seen.items()))
    print(f"python: {at - first} operations, {nested} more inside of them, {rss()} KB, errors: {kinds}", flush=True)
    for failure in failures[:3]:
        print(f"FOUND (seed {options.seed}): {failure}", file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
