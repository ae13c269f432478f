"""The bench driver for Python; the protocol is in bench/README.md."""

import sys
import time
from array import array
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import repeat
from pathlib import Path
from threading import Thread

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


def batches(exports):
    """A function called once a row, over two columns into a third."""

    def over(func, code, rows):
        a, b, out = (array(code, range(start, start + rows)) for start in (0, 1, 2))

        def run(n):
            for _ in repeat(None, n):
                func.map(a, b, out=out)

        return run

    sizes = {"1e5": 100_000, "1e6": 1_000_000}
    return {f"map_i32_{name}": over(exports.add_i32, "i", rows) for name, rows in sizes.items()} | {
        f"map_f64_{name}": over(exports.add_f64, "d", rows) for name, rows in sizes.items()
    }


# Takes about a millisecond.
SPIN = """(module (func (export "spin") (param i32) (local i32)
    (loop (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))))"""


def long_calls():
    """Calls of a millisecond by threads, each in a store of its own: so long for one of them."""
    module = lb.load(SPIN)
    spins = [module.instantiate().exports.spin for _ in range(4)]

    def on(threads):
        def work(spin, n):
            for _ in repeat(None, n):
                spin(4_000_000)

        def run(n):
            shares = [n // threads + (index < n % threads) for index in range(threads)]
            started = [Thread(target=work, args=it) for it in zip(spins, shares)]
            for thread in started:
                thread.start()
            for thread in started:
                thread.join()

        return run

    return {f"long_{threads}": on(threads) for threads in (1, 2, 4)}


def slots(path):
    """An instance with data, taken from a pool with slots and given back."""
    module = lb.load(Path(path).with_name("data.wat"), engine=lb.Engine(pool_slots=8))
    pool = lb.Pool(module)

    def run(n):
        for _ in repeat(None, n):
            pool.get().close()

    return {"instantiate_pooled": run}


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

    return of_bare(calls) | batches(bench.exports) | long_calls() | slots(path) | {
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
