"""The bench driver for Python; the protocol is in bench/README.md."""

import sys
import time
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import repeat
from pathlib import Path

import landbridge as lb
from landbridge._native import _empty as empty

MIB = 1 << 20


def inc(n):
    return n + 1


def of_bare(calls):
    """The cheapest function of C there can be, if `make -C bench/bare` has built it."""
    path = Path(__file__).resolve().parents[2] / "target/bench/bare/bare.so"
    if not path.exists():
        return {}
    loader = ExtensionFileLoader("bare", str(path))
    return {"bare": calls(module_from_spec(spec_from_loader("bare", loader)).add, 2, 3)}


def cases(path, large):
    module = lb.load(path)
    data = Path(large).read_bytes()
    imports = {"env": {"inc": inc}}
    bench = module.instantiate(imports)
    memory = bench.exports.memory
    callbacks = bench.exports.callbacks
    block, small = bytes(MIB), bytes(64)

    def calls(func, a, b):
        def run(n):
            for _ in repeat(None, n):
                func(a, b)

        return run

    def by_name(n):
        for _ in repeat(None, n):
            bench.exports.add_i32(2, 3)

    def instantiate(n):
        for _ in repeat(None, n):
            module.instantiate(imports).close()

    def load(n):
        for _ in repeat(None, n):
            lb.load(data)

    def write(n):
        for _ in repeat(None, n):
            memory.write(0, block)

    def read(n):
        for _ in repeat(None, n):
            memory.read(0, MIB)

    def load_path(n):
        for _ in repeat(None, n):
            lb.load(large)

    def copy_64(n):
        for _ in repeat(None, n):
            memory.write(0, small)
            memory.read(0, 64)

    return of_bare(calls) | {
        "load_path": load_path,
        "copy_64": copy_64,
        "empty": calls(empty, 2, 3),
        "add_i32": calls(bench.exports.add_i32, 2, 3),
        "add_i64": calls(bench.exports.add_i64, 2, 3),
        "add_f64": calls(bench.exports.add_f64, 2.0, 3.0),
        "by_name": by_name,
        "callback": callbacks,
        "instantiate": instantiate,
        "load": load,
        "write_1mib": write,
        "read_1mib": read,
    }


def main():
    known = cases(*sys.argv[1:3])
    for run in known.values():
        run(10)
    print("ready", *known, flush=True)
    for line in sys.stdin:
        case, iterations = line.split()
        run, count = known[case], int(iterations)
        start = time.perf_counter_ns()
        run(count)
        print(time.perf_counter_ns() - start, flush=True)


main()
