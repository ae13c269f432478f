"""What a program does first: a component, a core module, errors, asynchronous calls, processes, a module that is imported."""
import asyncio
import inspect
import multiprocessing
import pathlib
import pickle
import sys

import landbridge as lb

HERE = pathlib.Path(__file__).parent


def add(module: lb.Module, a: int, b: int) -> int:
    return module.instantiate({"env": {"log": print}}).exports.add(a, b)


async def many(calc: lb.Instance) -> int:
    return sum(await asyncio.gather(*(calc.call_async("add", n, 1) for n in range(100))))


def main() -> None:
    greet = lb.load(HERE / "greet.wasm").instantiate()
    print(greet.exports.hello("Ada"))

    module = lb.load(HERE / "calc.wat")
    told: list[int] = []
    with module.instantiate({"env": {"log": told.append}}, limits=lb.Limits(timeout_ms=50)) as calc:
        print(calc.exports.add(2, 3), inspect.signature(calc.exports.add), calc.exports.add.type)
        calc.exports.told(7)
        calc.exports.memory[0:5] = b"hello"
        print(told, bytes(memoryview(calc.exports.memory)[:5]))
        try:
            calc.exports.div(1, 0)
        except lb.Trap as trap:
            print(trap.code, trap.frames[0].func_name)
        print(asyncio.run(many(calc)))
        try:
            calc.exports.spin()
        except lb.DeadlineError as error:
            print(type(error).__name__, error.kind, isinstance(error, TimeoutError))

    def refuse(_: int) -> None:
        raise KeyError("mine")

    try:
        module.instantiate({"env": {"log": refuse}}).exports.told(1)
    except KeyError as error:
        print("KeyError", error.args, len(lb.frames(error)))

    print(pickle.loads(pickle.dumps(module)).digest == module.digest)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(add, (module, 20, 22)))

    import landbridge.importer

    landbridge.importer.provide("env", {"log": print})
    (HERE / "tiny.wasm").write_bytes(module.bytes)
    sys.path.insert(0, str(HERE))
    import tiny

    print(tiny.add(1, 2), tiny.__file__ == str(HERE / "tiny.wasm"))
    print(lb.__version__, lb.__file__.startswith(sys.prefix))


if __name__ == "__main__":
    main()
