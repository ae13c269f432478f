"""The driver of Python for components; the protocol is in bench/README.md."""

import sys
import time
from array import array
from itertools import repeat
from pathlib import Path

import landbridge as lb

MIB = 1 << 20
FLOATS = 100_000
MANY = 10_000
TEXT = "0123456789abcdef" * 4


class Host:
    """What the guest calls."""

    def noop(self):
        pass

    def add(self, a, b):
        return a + b & 0xFFFF_FFFF

    def text(self, it):
        return it

    def bytes_in(self, it):
        return len(it)


def arguments(calls):
    ten = calls.Fields(
        a=1, b="a name", c=4.0, d=True, e=2, f=-3, g="something longer than a name", h=8, i=5.0, j=-6
    )
    return {
        "noop": (),
        "add": (2, 3),
        "text": (TEXT,),
        "bytes-in": (b"\7" * MIB,),
        "bytes-out": (MIB,),
        "floats-in": (array("d", range(FLOATS)),),
        "floats-out": (FLOATS,),
        "texts": ([f"string number {it}" for it in range(MANY)],),
        "ten": (ten,),
        "pairs": ([calls.Pair(id=it, name=f"name {it}") for it in range(MANY)],),
        "points": ([calls.Point(x=float(it), y=2.0, z=3.0) for it in range(MANY)],),
        "shape": (calls.Figure.Circle(1.5),),
        "outcome": (lb.Ok(TEXT),),
    }


def repeated(func, *args):
    """So often what `args` say."""

    def run(n):
        for _ in repeat(None, n):
            func(*args)

    def one(n):
        (arg,) = args
        for _ in repeat(None, n):
            func(arg)

    return one if len(args) == 1 else run


def plain(wat):
    """What calls are compared with."""
    bytes_ = bytearray(b"\7" * MIB)
    to = memoryview(bytearray(MIB))

    def copy_in(n):
        for _ in repeat(None, n):
            to[:] = bytes_

    bench = lb.load(wat).instantiate({"env": {"inc": lambda n: n + 1}})
    return {"copy-in": copy_in, "copy-out": repeated(bytes, bytes_), "callback": bench.exports.callbacks}


def cases(component, wat):
    instance = lb.load(component).instantiate({"host": Host()}, limits=lb.Limits(transfer_bytes=1 << 60))
    calls = instance.exports.calls

    def of_host(name, *rest):
        func = calls[name]
        return lambda n: func(n, *rest)

    return {
        **{name: repeated(calls[name], *args) for name, args in arguments(calls).items()},
        "host-noop": of_host("host-noop"),
        "host-add": of_host("host-add"),
        "host-text": of_host("host-text", TEXT),
        "host-bytes-in": of_host("host-bytes-in", MIB),
        **plain(wat),
    }


def main():
    known = cases(Path(sys.argv[1]), Path(sys.argv[2]))
    for run in known.values():
        run(3)
    print("ready", *known, flush=True)
    for line in sys.stdin:
        case, iterations = line.split()
        run, count = known[case], int(iterations)
        start = time.perf_counter_ns()
        run(count)
        print(time.perf_counter_ns() - start, flush=True)


main()
