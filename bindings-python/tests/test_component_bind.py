"""The user's own classes: bound to a component, and checked when they are."""

from __future__ import annotations

import array
import dataclasses
import enum
from typing import NamedTuple, Protocol

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
        "cost -> : str does not fit u32",
        'the interface demo:paint/shapes@1.2.0 has no function "paint"',
    ):
        assert line in told, told
    with pytest.raises(lb.NotFoundError):
        paint.bind(Wrong, "shape")
    with pytest.raises(lb.TypeMismatch, match="expected a class"):
        paint.bind(3)
    with pytest.raises(lb.UnsupportedError):
        lb.load("(module)").instantiate().bind(Wrong)


class Journal:
    def write(self, line):
        pass
