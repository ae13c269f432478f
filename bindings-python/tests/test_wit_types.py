"""What `landbridge types --python` writes: the type checker takes it, and finds what is wrong."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

import pytest
from shop import GUESTS, GUIDE, TREE

COMMAND = TREE / "target/release/landbridge"

RIGHT = '''
from typing import Any, assert_type

import shop_guest
from shop_guest import greet, orders

assert_type(greet("Ada"), str)
product = orders.Product(
    "P", "Pen", shop_guest.echo.Unit.PIECE, shop_guest.echo.Marks.SHARP, 120, 9, 40, 3.25, (1, "A")
)
line = orders.Line(product, 3)
assert_type(line.count, int)
assert_type(orders.cheapest([product]), orders.Product | None)
assert_type(orders.cheapest([{"sku": "P"}]), orders.Product | None)
assert_type(orders.sample(3), bytes)
assert_type(orders.total({"id": 1}), int)
with orders.Basket("Ada") as basket:
    assert_type(basket.add(product, 3), int)
    assert_type(basket.lines(), list[orders.Line])
both = orders.Basket.merge(orders.Basket("a"), b=orders.Basket("b"))
assert_type(both, orders.Basket)
assert_type(orders.checkout(both), tuple[str, list[orders.Line]])
shop_guest.echo.echo_unit("piece")
shop_guest.echo.echo_marks({"sharp"})
shop_guest.echo.echo_anything("nothing")
shop_guest.echo.echo_bytes([1, 2])
shop_guest.echo.echo_bytes(memoryview(b""))
shop_guest.echo.echo_option()


def told(it: str) -> str:
    found = shop_guest.echo.echo_anything(shop_guest.echo.Anything.Text(it))
    match found:
        case shop_guest.echo.Anything.Text(value=text):
            return assert_type(text, str)
        case shop_guest.echo.Anything.Pair((number, text)):
            return text * number
    return ""
'''

WRONG = '''
import shop_guest
from shop_guest import orders
shop_guest.greet(5)
shop_guest.gret("Ada")
orders.Basket()
orders.Basket("a").ad()
orders.sample("x")
number: str = orders.sample(3)
shop_guest.echo.echo_unit("pieces")
orders.Line(5, 3)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A component and its stub beside it, as a program has them."""
    folder = tmp_path_factory.mktemp("types")
    shutil.copy(GUESTS / "shop-rust.wasm", folder / "shop_guest.wasm")
    shutil.copy(GUESTS / "wit/world.wit", folder / "shop_guest.wit")
    shutil.copy(GUIDE / "paint.wat", folder / "paint_guest.wat")
    shutil.copy(GUIDE / "paint.wit", folder / "paint_guest.wit")
    return folder


def stub(folder, file):
    done = subprocess.run(
        [COMMAND, "types", folder / file, "--python"], capture_output=True, check=True, text=True
    )
    path = pathlib.Path(folder / file).with_suffix(".pyi")
    path.write_text(done.stdout)
    return done.stdout


def checked(folder, name, text):
    (folder / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "cache", name],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip().splitlines()


def test_a_stub_is_checked(folder):
    assert "class Basket" not in stub(folder, "shop_guest.wasm").split("class orders")[1]
    assert checked(folder, "right.py", RIGHT) == ["Success: no issues found in 1 source file"]
    errors = checked(folder, "wrong.py", WRONG)
    lines = {int(line.split(":")[1]) for line in errors if ": error: " in line}
    assert lines == set(range(4, 12)), errors


# Names that Python has for its types, and that resources of Landbridge's have.
NAMES = """(component
  (core module $m
    (memory (export "m") 1)
    (func (export "gone") (param i32))
    (func (export "zero") (result i32) (i32.const 0))
    (func (export "of") (param i32) (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (type $r' (resource (rep i32) (dtor (core func $i "gone"))))
  (func $list (result (list string)) (canon lift (core func $i "zero") (memory (core memory $i "m"))))
  (func $int (result u32) (canon lift (core func $i "zero")))
  (func $of (param "self" (borrow $r')) (result u32) (canon lift (core func $i "of")))
  (component $face
    (import "r" (type $r (sub resource)))
    (import "list" (func $list (result (list string))))
    (import "int" (func $int (result u32)))
    (import "of" (func $of (param "self" (borrow $r)) (result u32)))
    (export $R "shelf" (type $r))
    (type $c (record (field "str" string) (field "bytes" (list u8)) (field "tuple" (tuple u8 string)) (field "also" string)))
    (export $C "book" (type $c))
    (export "list" (func $list))
    (export "again" (func $list))
    (export "[method]shelf.close" (func $of) (func (param "self" (borrow $R)) (result u32)))
    (export "[method]shelf.closed" (func $of) (func (param "self" (borrow $R)) (result u32)))
    (export "[method]shelf.int" (func $of) (func (param "self" (borrow $R)) (result u32)))
    (export "[method]shelf.store" (func $of) (func (param "self" (borrow $R)) (result u32))))
  (instance $out (instantiate $face (with "r" (type $r')) (with "list" (func $list)) (with "int" (func $int)) (with "of" (func $of))))
  (export "test:names/shelves" (instance $out))
  (export "int" (func $int)))"""

NAMED = """
from typing import assert_type

from named_guest import int as number
from named_guest import shelves
from things_guest import Mine, eat_mine

assert_type(number(), int)
assert_type(shelves.again(), list[str])
assert_type(shelves.Book("", b"", (1, ""), "").also, str)


def told(shelf: shelves.Shelf) -> int:
    return shelf.close() + shelf.int()


with Mine(3) as mine:
    assert_type(mine.rep(), int)
eat_mine(Mine(n=3))
"""


def test_names_that_python_has_itself_and_resources_of_the_world(folder):
    (folder / "named_guest.wat").write_text(NAMES)
    shutil.copy(TREE / "conformance/modules/things.wat", folder / "things_guest.wat")
    stub(folder, "named_guest.wat")
    stub(folder, "things_guest.wat")
    assert checked(folder, "named.py", NAMED) == ["Success: no issues found in 1 source file"]


def test_docs_go_along(folder):
    text = stub(folder, "paint_guest.wat")
    assert '"""What it costs, in cents.' in text and "Raises WitError, whose payload is str." in text
    assert '"""Of this radius."""' in text and "class _shapes_Canvas(_lb.Resource):" in text
    assert checked(folder, "paint.py", "import paint_guest\npaint_guest.shapes.Canvas(80).draw('nothing')\n") == [
        "Success: no issues found in 1 source file"
    ]


def test_what_is_told_is_what_is_there(folder, monkeypatch):
    """The names in the stub are those of the module that is imported."""
    import landbridge.importer
    from shop import Office

    monkeypatch.setattr(landbridge.importer, "_lent", {})
    monkeypatch.syspath_prepend(str(folder))
    landbridge.importer.provide("office", Office())
    landbridge.importer.provide("", {"currency": lambda: "EUR"})
    import shop_guest

    import ast

    tree = ast.parse(stub(folder, "shop_guest.wasm"))
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            place = getattr(shop_guest, node.name)
            for part in getattr(node, "body", ()):
                name = getattr(part, "name", None) or getattr(getattr(part, "target", None), "id", None)
                if isinstance(node, ast.ClassDef) and name is not None:
                    assert hasattr(place, name), f"{node.name}.{name}"
    del sys.modules["shop_guest"]
