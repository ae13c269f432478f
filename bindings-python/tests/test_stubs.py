"""What `landbridge types --python` writes of core modules, and of asynchronous calls."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest
from shop import GUESTS, TREE

import landbridge as lb

COMMAND = TREE / "target/release/landbridge"

CALC = """(module $calc
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func (export "half") (param f64) (result f64) local.get 0)
  (func (export "pair") (param i64 v128) (result i64 f32) local.get 0 f32.const 1)
  (func (export "keep") (param externref funcref i31ref exnref))
  (func (export "int") (param i32) (result i32) i32.const 1)
  (func (export "class")) (func (export "my-func")) (func (export "__path__"))
  (memory (export "memory") 1) (table (export "table") 1 funcref) (tag (export "refused") (param i32))
  (global (export "count") (mut i32) (i32.const 0)))"""

RIGHT = '''
from collections.abc import Awaitable
from typing import Any, assert_type

import landbridge as lb
import calc
import shop_guest

assert_type(calc.add(2, 3), int)
assert_type(calc.int(1), int)
assert_type(calc.half(2), float)
assert_type(calc.pair(1, b"0123456789abcdef"), tuple[int, float])
assert_type(calc.memory, lb.Memory)
assert_type(calc.count, lb.Global)
calc.keep(object(), calc.add, 3, None)
assert_type(calc.add.type, lb.FuncType)
func: lb.Func = calc.add


async def later() -> None:
    assert_type(await calc.add.call_async(2, 3), int)
    assert_type(await shop_guest.greet.call_async("Ada"), str)
    assert_type(await shop_guest.greet.call_async(name="Ada"), str)
    assert_type(await shop_guest.orders.sample.call_async(3), bytes)
    with shop_guest.orders.Basket("Ada") as basket:
        assert_type(await basket.lines.call_async(), list[shop_guest.orders.Line])
    both: Awaitable[shop_guest.orders.Basket] = shop_guest.orders.Basket.merge.call_async(
        shop_guest.orders.Basket("a"), b=shop_guest.orders.Basket("b")
    )
    await both
'''

WRONG = '''import calc
import shop_guest
calc.add("2", 3)
calc.add(2)
calc.add.call_async("2", 3)
calc.gone()
calc.half(b"")
number: str = calc.add(2, 3)
shop_guest.greet.call_async(5)
shop_guest.orders.Basket("a").lines.call_async(1)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A module, a component, and their stubs, as a program has them."""
    folder = tmp_path_factory.mktemp("stubs")
    (folder / "calc.wat").write_text(CALC)
    for guest, stub in ((folder / "calc.wat", "calc.pyi"), (GUESTS / "shop-rust.wasm", "shop_guest.pyi")):
        subprocess.run([COMMAND, "types", guest, "--python", "-o", folder / stub], check=True)
    return folder


def checked(folder: pathlib.Path, name: str, text: str) -> list[str]:
    (folder / name).write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "cache", name, "calc.pyi"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stdout.strip().splitlines()


def test_a_stub_of_a_core_module_is_checked(folder: pathlib.Path) -> None:
    assert checked(folder, "right.py", RIGHT) == ["Success: no issues found in 2 source files"]
    errors = checked(folder, "wrong.py", WRONG)
    lines = {int(line.split(":")[1]) for line in errors if ": error: " in line}
    assert lines == set(range(3, 11)), errors


def test_a_stub_has_the_names_that_the_module_has(folder: pathlib.Path) -> None:
    stub = (folder / "calc.pyi").read_text()
    exports = lb.load(CALC).instantiate().exports
    for name in exports:
        assert (f"\n# {name!r} is in".replace("'", '"') in stub) == (name in ("class", "my-func", "__path__")), name
    assert "def add(arg1: _SupportsIndex, arg2: _SupportsIndex, /) -> _builtins.int:" in stub
    assert f'"""{exports.add.type}"""' in stub
