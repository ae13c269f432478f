"""The programs of the guide's pages on components; each block there is cut from here."""

import asyncio
import pathlib
import sys
from dataclasses import dataclass
from typing import Protocol

import landbridge as lb
import pytest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "core/tests/guide"


@pytest.fixture(autouse=True)
def beside_the_guests(monkeypatch):
    monkeypatch.chdir(GUIDE)


# [types]
@dataclass
class Order:  # a record: the same names
    colour: str
    coats: bytes
    note: str | None = None


@dataclass
class Circle:  # a case of a variant: the same name, and what it holds is called value
    value: float


@dataclass
class Rectangle:
    value: tuple[float, float]


@dataclass
class Nothing:
    pass


class Shapes(Protocol):
    def area(self, of: Circle | Rectangle | Nothing) -> float: ...
    def cost(self, order: Order) -> int: ...
# [end types]


class Journal:
    def __init__(self):
        self.lines = []

    def write(self, line):
        self.lines.append(line)


class Journals:
    Journal = Journal


def lent():
    return {"prices": {"price": lambda colour: 1200}, "journals": Journals}


def opened():
    return lb.load("paint.wat").instantiate(lent())


def test_values():
    paint = opened()
    # [values]
    shapes = paint.exports.shapes  # an interface, with its functions and its types
    area = shapes.area(shapes.Shape.Circle(2.0))  # a variant
    cents = shapes.cost(shapes.Order("red", bytes([2, 1])))  # a record; an option may be left out
    same = shapes.cost({"colour": "red", "coats": [2, 1]})  # a dict is one, too
    # [end values]
    assert (round(area, 2), cents, same) == (12.57, 3600, 3600)


def test_types_of_your_own():
    paint = opened()
    # [bind]
    shapes = paint.bind(Shapes, "shapes")  # checked now, all of it
    area = shapes.area(Circle(2.0))
    cents = shapes.cost(Order("red", bytes([2, 1])))
    # [end bind]
    assert (round(area, 2), cents) == (12.57, 3600)


def test_match():
    shapes = opened().exports.shapes
    # [match]
    def describe(shape):
        match shape:
            case shapes.Shape.Circle(radius):
                return f"a circle of {radius}"
            case shapes.Shape.Rectangle((width, height)):
                return f"{width} by {height}"
            case shapes.Shape.Nothing():
                return "nothing"

    # [end match]
    assert describe(shapes.Shape.Circle(2.0)) == "a circle of 2.0"
    assert describe(shapes.Shape.Rectangle((1.0, 2.0))) == "1.0 by 2.0"


def test_names():
    paint = opened()
    # [names]
    area = paint.exports.shapes.area  # keep a function: it is looked up once
    shapes = paint.exports["demo:paint/shapes@1.2.0"]  # the name in WIT is a key
    by = paint.wit_func("shapes#area")  # a name that is only known when the program runs
    print(area.type)  # func(of: shape) -> f64
    # [end names]
    assert shapes is paint.exports.shapes
    assert str(area.type) == "func(of: shape) -> f64"
    assert by(shapes.Shape.Nothing()) == 0


def test_texts():
    shapes = opened().exports.shapes
    # [texts]
    _, _, shape = shapes.area.type.params[0]  # its name in WIT, its name in Python, its type
    value = shape.parse("rectangle((2, 1.5))")  # Shape.Rectangle((2.0, 1.5))
    text = shape.format(shapes.Shape.Nothing())  # nothing
    # [end texts]
    assert (value, text) == (shapes.Shape.Rectangle((2.0, 1.5)), "nothing")


def test_errors():
    def price(colour):
        raise lb.WitError(f"there is no {colour}")

    shapes = lb.load("paint.wat").instantiate({**lent(), "prices": {"price": price}}).exports.shapes
    told = None
    # [err]
    try:
        shapes.cost({"colour": "gold", "coats": [1]})
    except lb.WitError as error:
        told = error.payload  # 'there is no gold': the value of err, a str here
    # [end err]
    assert told == "there is no gold"


def test_wrong():
    shapes = opened().exports.shapes
    told = None
    # [wrong]
    try:
        shapes.cost({"colour": "red", "coats": [2, 300]})
    except lb.WasmError as error:
        told = f"{error.kind}: {error}"  # range: args[0].coats[1]: 300 does not fit in u8
    # [end wrong]
    assert told == "range: args[0].coats[1]: 300 does not fit in u8"


def test_lend():
    # [lend]
    class Prices:
        def price(self, colour):
            if colour == "red":
                return 1200
            raise lb.WitError(f"there is no {colour}")  # the guest gets err("there is no ...")

    class Journal:  # a resource: the guest calls write
        def __init__(self):
            self.lines = []

        def write(self, line):
            self.lines.append(line)

    imports = {"prices": Prices(), "journals": {"Journal": Journal}}
    paint = lb.load("paint.wat").instantiate(imports)
    # [end lend]
    shapes = paint.exports.shapes
    assert shapes.cost({"colour": "red", "coats": [1]}) == 1200
    with pytest.raises(lb.WitError) as raised:
        shapes.cost({"colour": "blue", "coats": [1]})
    assert raised.value.payload == "there is no blue"


def test_failures():
    # [failures]
    lost = OSError("the price list is lost")

    def price(colour):
        raise lost

    imports = {"prices": {"price": price}, "journals": {"Journal": Journal}}
    paint = lb.load("paint.wat").instantiate(imports)
    try:
        paint.exports.shapes.cost({"colour": "red", "coats": [1]})
    except OSError as error:
        assert error is lost  # the very object; paint has ended
    # [end failures]
    with pytest.raises(lb.PoisonedError):
        paint.exports.shapes.cost({"colour": "red", "coats": [1]})


def test_resource():
    shapes = opened().exports.shapes
    # [resource]
    with shapes.Canvas(80) as canvas:
        canvas.draw(shapes.Shape.Circle(1.0))
        print(canvas.painted(), shapes.Canvas.count())  # 3.14..., 1
    # the guest's destructor has run; close() does the same
    # [end resource]
    assert shapes.Canvas.count() == 0
    with pytest.raises(lb.ClosedError):
        canvas.painted()
    # [host-resource]
    journal = Journal()  # any object that has write
    canvas = shapes.Canvas(80)
    canvas.sign(journal)
    print(journal.lines)  # ['signed']
    # [end host-resource]
    assert journal.lines == ["signed"]


def test_async():
    # [async]
    async def main():
        greet = lb.load("greet.wat").instantiate()
        return await greet.exports.hello.call_async("Ada")

    text = asyncio.run(main())
    # [end async]
    assert text == "Hello, Ada!"


def test_pool():
    # [pool]
    with lb.Pool(lb.load("greet.wat"), max=4) as pool:
        text = pool.call("hello", "Ada")  # from any thread
    # [end pool]
    assert text == "Hello, Ada!"


def test_composition():
    # [composition]
    store = lb.Store()
    dealer = store.instantiate(lb.load("dealer.wat"))
    imports = {"prices": dealer.exports.prices, "journals": {"Journal": Journal}}
    paint = store.instantiate(lb.load("paint.wat"), imports)
    cents = paint.exports.shapes.cost({"colour": "blue", "coats": [2]})  # the dealer's price
    # [end composition]
    assert cents == 1000


def test_limits():
    # [limits]
    limits = lb.Limits(timeout_ms=500, transfer_bytes=1 << 20, handles=100)
    greet = lb.load("greet.wat").instantiate(limits=limits)
    # [end limits]
    with pytest.raises(lb.LimitError):
        greet.exports.hello("a" * (2 << 20))


def test_importer(monkeypatch, tmp_path):
    (tmp_path / "greet.wasm").write_bytes((GUIDE.parents[2] / "examples/components/greet.wasm").read_bytes())
    monkeypatch.syspath_prepend(str(tmp_path))
    # [importer]
    import landbridge.importer
    import greet  # greet.wasm, on sys.path

    text = greet.hello("Ada")
    # [end importer]
    assert text == "Hello, Ada!"
    del sys.modules["greet"]
