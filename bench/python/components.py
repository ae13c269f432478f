"""The driver of Python for components; the protocol is in bench/README.md."""

import array
import sys
import time
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings-python/python"))

import landbridge as lb

MIB = 1 << 20
FLOATS = 100_000
MANY = 10_000
TEXT = "0123456789abcdef" * 4


class Host:
    """What the component imports."""

    def noop(self):
        pass

    def add(self, a, b):
        return a + b & 0xFFFF_FFFF

    def text(self, it):
        return it

    def bytes_in(self, it):
        return len(it)


def arguments(calls):
    ten = calls.Fields(1, "a name", 4.0, True, 2, -3, "something longer than a name", 8, 5.0, -6)
    return {
        "noop": (),
        "add": (2, 3),
        "text": (TEXT,),
        "bytes-in": (b"\7" * MIB,),
        "bytes-out": (MIB,),
        "floats-in": (array.array("d", range(FLOATS)),),
        "floats-out": (FLOATS,),
        "texts": ([f"string number {it}" for it in range(MANY)],),
        "ten": (ten,),
        "pairs": ([calls.Pair(it, f"name {it}") for it in range(MANY)],),
        "points": ([calls.Point(float(it), 2.0, 3.0) for it in range(MANY)],),
        "shape": (calls.Figure.Circle(1.5),),
        "outcome": (lb.Ok(TEXT),),
    }


def cases(component, module):
    limits = lb.Limits(transfer_bytes=2**52)
    calls = lb.load(Path(component)).instantiate({"host": Host()}, limits=limits).exports.calls
    bench = lb.load(Path(module)).instantiate({"env": {"inc": lambda n: n + 1}}).exports

    def called(name, args):
        func = calls[name]

        def run(n):
            for _ in repeat(None, n):
                func(*args)

        return run

    source, target = b"\7" * MIB, memoryview(bytearray(MIB))

    def copy_in(n):
        for _ in repeat(None, n):
            target[:] = source

    def copy_out(n):
        for _ in repeat(None, n):
            bytes(target)

    return {name: called(name, args) for name, args in arguments(calls).items()} | {
        "host-noop": calls.host_noop,
        "host-add": calls.host_add,
        "host-text": lambda n: calls.host_text(n, TEXT),
        "host-bytes-in": lambda n: calls.host_bytes_in(n, MIB),
        "copy-in": copy_in,
        "copy-out": copy_out,
        "callback": bench.callbacks,
    }


def main():
    known = cases(*sys.argv[1:])
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
