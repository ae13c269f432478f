"""A program that is checked as strictly as can be: exports are typed by a Protocol, by a stub, or not at all."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Protocol, assert_type

import landbridge as lb
from landbridge import importer

importer.install()

import calc
import greet


class Greeter(Protocol):
    def hello(self, name: str) -> str: ...


def bound() -> str:
    with lb.load("greet.wasm").instantiate() as instance:
        greeter = instance.bind(Greeter)
        assert_type(greeter, Greeter)
        return greeter.hello("Ada")


def imported() -> int:
    assert_type(greet.hello("Ada"), str)
    assert_type(calc.add(2, 3), int)
    assert_type(calc.half(2.0), float)
    assert_type(calc.pair(1), tuple[int, float])
    assert_type(calc.memory, lb.Memory)
    calc.memory[0:2] = b"hi"
    assert_type(calc.count, lb.Global)
    assert_type(calc.add.type, lb.FuncType)
    return calc.add(2, 3)


async def asynchronous() -> str:
    later = greet.hello.call_async("Ada")
    awaitable: Awaitable[str] = later
    five = await calc.add.call_async(2, 3)
    assert_type(five, int)
    return await awaitable


def wrong() -> None:
    calc.add("2", 3)  # type: ignore[arg-type]
    greet.hello(1)  # type: ignore[arg-type]
    calc.nothing()  # type: ignore[attr-defined]


def untyped(path: str) -> int:
    exports = lb.load(path).instantiate({"env": {"log": print}}).exports
    total: int = exports.add(2, 3)
    return total


if __name__ == "__main__":
    print(bound(), imported(), asyncio.run(asynchronous()))
