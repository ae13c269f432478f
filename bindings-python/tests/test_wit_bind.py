"""The user's own classes: bound to a component, and checked when they are."""

from __future__ import annotations

import array
import asyncio
import dataclasses
import enum
import inspect
from typing import Any, NamedTuple, NewType, Protocol

import landbridge as lb
import pytest
from shop import GUIDE, load, shop


class Unit(enum.Enum):
    PIECE = "piece"
    KILO = "kilogram"
    LITRE = 3
    HOUR = 4


class Marks(enum.Flag):
    FRAGILE, FROZEN, ORGANIC, VEGAN, HEAVY = 1, 2, 4, 8, 16
    LIQUID, SHARP, SEASONAL, IMPORTED, ADULTS_ONLY = 32, 64, 128, 256, 512


@dataclasses.dataclass
class Product:
    sku: str
    name: str
    unit: Unit
    marks: Marks
    price: int
    weight: int
    stock: int
    rating: float
    place: tuple[int, str]
    replaced_by: str | None = None


class Line(NamedTuple):
    product: Product
    count: int


@dataclasses.dataclass(frozen=True)
class Empty:
    pass


@dataclasses.dataclass(frozen=True)
class UnknownCode:
    value: str


@dataclasses.dataclass(frozen=True)
class OutOfStock:
    value: tuple[str, int]


PEN = Product("P", "Pen", Unit.PIECE, Marks.SHARP | Marks.VEGAN, 120, 9, 40, 3.25, (1, "A"))


class Echo(Protocol):
    def echo_product(self, it: Product) -> Product: ...
    def echo_products(self, it: list[Product]) -> list[Product]: ...
    def echo_unit(self, it: Unit) -> Unit: ...
    def echo_marks(self, it: Marks) -> Marks: ...
    def echo_refusal(self, it: Empty | UnknownCode | OutOfStock) -> Empty | UnknownCode | OutOfStock: ...
    def echo_bytes(self, it: bytes) -> bytes: ...
    def echo_floats(self, it: list[float]) -> array.array: ...
    def echo_option(self, it: str | None = None) -> str | None: ...
    def echo_nested(self, it: lb.Some[int | None] | None) -> lb.Some[int | None] | None: ...
    def echo_result(self, it: lb.Ok[int] | lb.Err[str]) -> int: ...


def test_values_are_of_the_users_classes():
    instance, _ = shop()
    echo = instance.bind(Echo, "echo")
    assert echo.echo_product(PEN) == PEN
    assert type(echo.echo_products([PEN, PEN])[1]) is Product
    assert echo.echo_unit(Unit.LITRE) is Unit.LITRE
    assert echo.echo_marks(Marks.SHARP | Marks.ADULTS_ONLY) == Marks.SHARP | Marks.ADULTS_ONLY
    for refusal in (Empty(), UnknownCode("x"), OutOfStock(("P", 3))):
        assert echo.echo_refusal(refusal) == refusal
    assert echo.echo_option() is None and echo.echo_option("x") == "x"
    assert echo.echo_nested(lb.Some(None)) == lb.Some(None)
    assert echo.echo_result(lb.Ok(1)) == 1
    with pytest.raises(lb.WitError):
        echo.echo_result(lb.Err("no"))
    # Elsewhere they are of the classes that were made.
    assert type(instance.exports.echo.echo_product(PEN)) is instance.exports.echo.Product


def test_the_world_and_its_interfaces_are_bound_at_once():
    class Orders(Protocol):
        def cheapest(self, products: list[Product]) -> Product | None: ...

    class Shop(Protocol):
        orders: Orders

        def greet(self, name: str) -> str: ...

    # A class in a function is found by its annotations only if they are no texts.
    Shop.__annotations__ = {"orders": Orders}
    instance, _ = shop()
    bound = instance.bind(Shop)
    assert bound.greet("Ada") == "Hello, Ada!"
    assert bound.orders.cheapest([PEN]) == PEN
    assert bound.orders.cheapest([]) is None


@dataclasses.dataclass(frozen=True)
class Percent:
    value: float


@dataclasses.dataclass(frozen=True)
class Cents:
    value: int


@dataclasses.dataclass(frozen=True)
class FullPrice:
    pass


@dataclasses.dataclass(frozen=True)
class Codes:
    value: list[str]


class WideMarks(enum.IntFlag):
    FRAGILE, FROZEN, ORGANIC, VEGAN, HEAVY = 1, 2, 4, 8, 16
    LIQUID, SHARP, SEASONAL, IMPORTED, ADULTS_ONLY = 32, 64, 128, 256, 512


Number = NewType("Number", int)


class Odd:
    def echo_discount(this, it: FullPrice | Percent | Cents | Codes) -> FullPrice | Percent | Cents | Codes: ...
    def echo_order(this, it: dict[str, Any]) -> Any: ...
    def echo_marks(this, it: WideMarks) -> WideMarks: ...
    async def echo_u8(this, it: Number) -> Number: ...
    @staticmethod
    def echo_s8(it: int) -> int: ...


def test_classes_in_what_was_made_and_other_ways_to_write_it():
    odd = shop()[0].bind(Odd, "echo")
    to = {"name": "Ada", "street": "", "town": ""}
    order = odd.echo_order({"id": 1, "to": to, "lines": [], "discount": Percent(2.5), "card": None})
    assert order.discount == Percent(2.5) == odd.echo_discount(Percent(2.5))
    assert inspect.signature(odd.echo_discount).return_annotation == FullPrice | Percent | Cents | Codes
    assert odd.echo_s8(-1) == -1

    async def awaited():
        return await odd.echo_u8(7)

    assert asyncio.run(awaited()) == 7
    # What has bits without a name is refused before the guest is entered.
    assert odd.echo_marks(WideMarks.SHARP | 1) == WideMarks.SHARP | WideMarks.FRAGILE
    for wide in (1 << 12, 1 << 40):
        with pytest.raises(lb.TypeMismatch, match=f'args\\[0\\]: marks has no flag "{wide}"'):
            odd.echo_marks(WideMarks(wide | 1))
    assert odd.echo_marks(~WideMarks.SHARP) == WideMarks(1023 - 64)


class Lists:
    def echo_floats(self, it: list[float]) -> list[float]: ...
    def echo_unit(self, it: str) -> str: ...


def test_what_fits_is_told():
    with pytest.raises(lb.TypeMismatch) as caught:
        shop()[0].bind(Lists, "echo")
    assert str(caught.value).splitlines()[1:] == [
        "    result of echo_floats: list[float] does not fit list<f64>, which is array.array in Python",
        "    result of echo_unit: str does not fit unit, which is demo:shop/goods@1.2.0.Unit in Python",
    ]


class Unread:
    also: "or or"

    def echo_u8(self, it: "int or") -> int: ...


def test_annotations_that_cannot_be_read():
    with pytest.raises(lb.TypeMismatch) as caught:
        shop()[0].bind(Unread, "echo")
    assert "echo_u8: its annotations cannot be read" in str(caught.value)
    assert "Unread: its annotations cannot be read" in str(caught.value)


@dataclasses.dataclass
class Order:
    colour: str
    coats: bytes
    more: int


class Wrong(Protocol):
    def area(self, of: str) -> float: ...
    def cost(self, order: Order) -> str: ...
    def paint(self) -> None: ...


def test_what_does_not_fit_is_told_at_once():
    imports = {"prices": {"price": lambda colour: 1}, "journals": {"Journal": Journal}}
    paint = load(GUIDE / "paint.wat").instantiate(imports)
    with pytest.raises(lb.TypeMismatch) as caught:
        paint.bind(Wrong, "shapes")
    told = str(caught.value)
    assert told.startswith("Wrong does not fit the component:")
    for line in (
        "area(of): str does not fit shape",
        "cost(order): Order has no field 'note', which order has",
        "result of cost: str does not fit u32",
        'the interface demo:paint/shapes@1.2.0 has no function "paint"',
    ):
        assert line in told, told
    with pytest.raises(lb.NotFoundError, match='no interface "shape"; there is .*did you mean "shapes"'):
        paint.bind(Wrong, "shape")
    with pytest.raises(lb.NotFoundError, match="no type 'Discount'; there is .*Order"):
        paint.exports.shapes.Discount
    with pytest.raises(lb.NotFoundError):
        paint.bind(Wrong, "shape")
    with pytest.raises(lb.TypeMismatch, match="expected a class"):
        paint.bind(3)
    with pytest.raises(lb.UnsupportedError):
        lb.load("(module)").instantiate().bind(Wrong)


class Journal:
    def write(self, line):
        pass


@dataclasses.dataclass
class Picky:
    """Refuses to be made."""

    thing: object
    n: int

    def __post_init__(self):
        if self.n == 2:
            raise ZeroDivisionError("picky")


class Makes(Protocol):
    def make(self) -> list[Picky]: ...


# Gives three things, each in a record.
MAKER = """(component
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (global $live (mut i32) (i32.const 0))
    (memory (export "m") 1)
    (func (export "live") (result i32) (global.get $live))
    (func (export "gone") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
    (func $one (param i32)
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (i32.store (i32.add (i32.const 64) (i32.mul (local.get 0) (i32.const 8))) (call $new (local.get 0)))
      (i32.store (i32.add (i32.const 68) (i32.mul (local.get 0) (i32.const 8))) (i32.add (local.get 0) (i32.const 1))))
    (func (export "make") (result i32)
      (call $one (i32.const 0)) (call $one (i32.const 1)) (call $one (i32.const 2))
      (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 3)) (i32.const 0)))
  (core module $d
    (table (export "t") 1 funcref)
    (type $f (func (param i32)))
    (func (export "gone") (param i32) (call_indirect (type $f) (local.get 0) (i32.const 0))))
  (core module $fill (import "" "t" (table 1 funcref)) (import "" "gone" (func $g (param i32))) (elem (i32.const 0) $g))
  (core instance $di (instantiate $d))
  (type $t' (resource (rep i32) (dtor (core func $di "gone"))))
  (core func $new (canon resource.new $t'))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (core instance (instantiate $fill (with "" (instance (export "t" (table $di "t")) (export "gone" (func $i "gone"))))))
  (component $face
    (import "t" (type $t (sub resource)))
    (type $r' (record (field "thing" (own $t)) (field "n" u32)))
    (import "r" (type $r (eq $r')))
    (import "make" (func $make (result (list $r))))
    (import "live" (func $live (result u32)))
    (export $x "thing" (type $t))
    (type $s' (record (field "thing" (own $x)) (field "n" u32)))
    (export $s "picky" (type $s'))
    (export "make" (func $make) (func (result (list $s))))
    (export "live" (func $live) (func (result u32))))
  (type $r (record (field "thing" (own $t')) (field "n" u32)))
  (func $make (result (list $r)) (canon lift (core func $i "make") (memory (core memory $i "m"))))
  (func $live (result u32) (canon lift (core func $i "live")))
  (instance $out (instantiate $face (with "t" (type $t')) (with "r" (type $r)) (with "make" (func $make)) (with "live" (func $live))))
  (export "test:all/things" (instance $out)))"""


def test_what_a_class_refuses_is_let_go_of():
    things = lb.load(MAKER).instantiate()
    made = things.exports.things.make()
    assert [one.n for one in made] == [1, 2, 3] and things.exports.things.live() == 3
    del made
    assert things.exports.things.live() == 0
    with pytest.raises(ZeroDivisionError):
        things.bind(Makes, "things").make()
    assert things.exports.things.live() == 0
