"""What a type checker must accept."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

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


@lb.with_caller
def write(caller: lb.Caller, value: int) -> None:
    caller.export("memory")[0] = value


def wrong(store: lb.Store) -> None:
    lb.Table(store, "i32", 1)  # type: ignore[arg-type]
    lb.load("calc.wasm").instantiate(stor=store)  # type: ignore[call-arg]
