"""A program that PyInstaller freezes: one of each of what is imported late."""
import asyncio
import pathlib
import sys
from typing import Protocol

import landbridge as lb


class Greeter(Protocol):
    def hello(self, name: str) -> str: ...


async def later(greet: lb.Instance) -> str:
    return await greet.exports.hello.call_async("frozen")


greet = lb.load(pathlib.Path(getattr(sys, "_MEIPASS", "."), "greet.wasm")).instantiate(stdout=lb.CAPTURE)
print(asyncio.run(later(greet)), greet.bind(Greeter).hello("bound"), greet.exports.hello.type)
print(getattr(sys, "frozen", False))
