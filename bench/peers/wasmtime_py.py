"""The driver of wasmtime-py for components, a peer; the protocol is in bench/README.md."""

import sys
import time
from itertools import repeat
from pathlib import Path

from wasmtime import Config, Engine, Store, WasmtimeError
from wasmtime.component import Component, Linker, Record, Variant

MIB = 1 << 20
FLOATS = 100_000
MANY = 10_000
TEXT = "0123456789abcdef" * 4


def record(**fields):
    it = Record()
    for name, value in fields.items():
        setattr(it, name, value)
    return it


def arguments():
    ten = record(
        a=1, b="a name", c=4.0, d=True, e=2, f=-3, g="something longer than a name", h=8, i=5.0, j=-6
    )
    return {
        "noop": (),
        "add": (2, 3),
        "text": (TEXT,),
        "bytes-in": (b"\7" * MIB,),
        "bytes-out": (MIB,),
        "floats-in": ([float(it) for it in range(FLOATS)],),
        "floats-out": (FLOATS,),
        "texts": ([f"string number {it}" for it in range(MANY)],),
        "ten": (ten,),
        "pairs": ([record(id=it, name=f"name {it}") for it in range(MANY)],),
        "points": ([record(x=float(it), y=2.0, z=3.0) for it in range(MANY)],),
        "shape": (1.5,),
        "outcome": (Variant("ok", TEXT),),
    }


def instantiate(path):
    config = Config()
    config.epoch_interruption = True
    engine = Engine(config)
    store = Store(engine)
    store.set_epoch_deadline(1 << 40)
    linker = Linker(engine)
    with linker.root() as root, root.add_instance("landbridge:bench/host@1.0.0") as host:
        host.add_func("noop", lambda _: None)
        host.add_func("add", lambda _, a, b: a + b & 0xFFFF_FFFF)
        host.add_func("text", lambda _, it: it)
        host.add_func("bytes-in", lambda _, it: len(it))
    component = Component(engine, Path(path).read_bytes())
    return store, linker.instantiate(store, component)


def cases(path):
    store, instance = instantiate(path)
    interface = instance.get_export_index(store, "landbridge:bench/calls@1.0.0")

    def func(name):
        return instance.get_func(store, instance.get_export_index(store, name, interface))

    def calls(name, args):
        it = func(name)

        def run(n):
            for _ in repeat(None, n):
                it(store, *args)

        return run

    def of_host(name, *rest):
        it = func(name)
        return lambda n: it(store, n, *rest)

    return {name: calls(name, args) for name, args in arguments().items()} | {
        "host-noop": of_host("host-noop"),
        "host-add": of_host("host-add"),
        "host-text": of_host("host-text", TEXT),
        "host-bytes-in": of_host("host-bytes-in", MIB),
    }


def works(run):
    """Whether the peer can do that at all."""
    try:
        run(1)
    except (WasmtimeError, TypeError, ValueError, AttributeError) as error:
        print(error, file=sys.stderr)
        return False
    return True


def main():
    known = {name: run for name, run in cases(sys.argv[1]).items() if works(run)}
    print("ready", *known, flush=True)
    for line in sys.stdin:
        case, iterations = line.split()
        run, count = known[case], int(iterations)
        start = time.perf_counter_ns()
        run(count)
        print(time.perf_counter_ns() - start, flush=True)


main()
