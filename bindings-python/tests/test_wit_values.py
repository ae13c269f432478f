"""Values of WIT types: the classes that are made for them, what else is taken, and what is refused."""

from __future__ import annotations

import array
import asyncio
import collections
import copy
import dataclasses
import enum
import inspect
import pickle
import subprocess
import sys
import types

import landbridge as lb
import numpy
import pytest
from shop import GUIDE, load, pen, shop


@pytest.fixture(scope="module")
def echo():
    return shop()[0].exports.echo


def test_records_are_frozen_dataclasses(echo):
    made = echo.echo_product(pen())
    assert type(made) is echo.Product and dataclasses.is_dataclass(made)
    assert made == echo.echo_product(made) and hash(made) == hash(echo.echo_product(made))
    assert made != dataclasses.replace(made, price=1)
    assert made.replaced_by is None and repr(made).startswith("Product(sku='P'")
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.price = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made.price
    with pytest.raises(AttributeError, match="'Product' object has no attribute 'prize'"):
        made.prize = 5
    mine = type("Mine", (echo.Product,), {})(*(getattr(made, it.name) for it in dataclasses.fields(made)))
    mine.noted = True
    with pytest.raises(dataclasses.FrozenInstanceError):
        mine.price = 5
    assert mine.noted and echo.echo_product(mine) == made
    by_hand = echo.Product("P", "Pen", echo.Unit.PIECE, echo.Marks.SHARP, 120, 9, 40, 3.25, (1, "A"))
    assert by_hand == made
    # What a component without docs made first has none.
    assert any(it in echo.Product.__doc__ for it in ("A product of the catalogue.", "Product of demo:shop/goods@1.2.0"))


def test_variants_are_matched(echo):
    def told(value):
        match value:
            case echo.Anything.Nothing():
                return "nothing"
            case echo.Anything.Pair((number, text)):
                return f"{number} {text}"
            case echo.Anything.Text(value=text):
                return text
        return "else"

    give = echo.echo_anything
    assert [told(give(it)) for it in ("nothing", {"pair": (1, "x")}, {"text": "t"}, {"maybe": None})] == [
        "nothing", "1 x", "t", "else",
    ]
    assert give(echo.Anything.Maybe(None)) == echo.Anything.Maybe(None)
    assert isinstance(give("nothing"), echo.Anything)
    assert give("nothing") is give(echo.Anything.Nothing())


def test_enums_and_flags(echo):
    assert echo.echo_unit("hour") is echo.Unit.HOUR and echo.Unit.HOUR.value == "hour"
    assert echo.echo_marks({"fragile", "adults-only"}) == echo.Marks.FRAGILE | echo.Marks.ADULTS_ONLY
    assert echo.echo_marks([]) == echo.Marks(0) and not echo.echo_marks(())
    assert list(echo.echo_days(echo.Days.FRIDAY | echo.Days.SUNDAY)) == [echo.Days.FRIDAY, echo.Days.SUNDAY]


def test_classes_are_the_same_for_the_same_types(echo):
    other = shop()[0].exports
    assert other.echo.Product is echo.Product and other.orders.Product is echo.Product
    assert other.echo.Anything is echo.Anything and other.echo.Marks is echo.Marks
    # Resources are of one component's instance.
    assert other.orders.Basket is not shop()[0].exports.orders.Basket


def test_values_are_pickled_and_copied(echo):
    values = [
        echo.echo_product(pen()),
        echo.echo_anything({"product": pen()}),
        echo.echo_anything("nothing"),
        echo.Unit.LITRE,
        echo.Marks.SHARP | echo.Marks.VEGAN,
        echo.Marks(0),
        lb.Some(None),
        lb.Ok(1),
        lb.Err("x"),
        echo.Product,
        echo.Anything.Pair,
        echo.Anything,
    ]
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(values, protocol)) == values
    assert copy.deepcopy(values) == values and copy.copy(values[0]) == values[0]
    # In a process that has loaded no component, the classes are made of what was sent.
    program = "import pickle, sys; print(*pickle.load(sys.stdin.buffer)[:5], sep='|')"
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(values), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "|".join(map(str, values[:5]))


@pytest.mark.parametrize("count", [3, 1023, 1024, 5000])
def test_lists_of_numbers_go_in_from_buffers(echo, count):
    raw = bytes(range(256)) * 20
    some = raw[:count]
    for given in (some, bytearray(some), memoryview(some), array.array("B", some), list(some), tuple(some),
                  numpy.frombuffer(some, "u1"), memoryview(raw)[:count], numpy.frombuffer(raw, "u1")[:count]):
        assert echo.echo_bytes(given) == some
    # What does not lie in one piece goes one by one.
    assert echo.echo_bytes(memoryview(raw)[: count * 2 : 2] if count < 2000 else some) is not None
    floats = [it / 2 for it in range(count)]
    for given in (floats, array.array("d", floats), numpy.array(floats), numpy.array(floats)[::-1][::-1]):
        assert echo.echo_floats(given) == array.array("d", floats)
    codes = ["b", "h", "H", "i", "I", "q", "Q", "f"]
    arrays = [array.array(code, range(min(count, 100))) for code in codes]
    given = echo.echo_numbers(*arrays)
    assert list(given) == arrays and [it.typecode for it in given] == codes
    dtypes = ["i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4"]
    assert list(echo.echo_numbers(*(numpy.array(it.tolist(), of) for it, of in zip(arrays, dtypes)))) == arrays
    # Of another width they are checked one by one.
    assert list(echo.echo_numbers(*(numpy.array(it.tolist(), "i8") for it in arrays[:7]), [0.5]))[:7] == arrays[:7]


def test_other_objects_that_are_lists(echo):
    assert echo.echo_strings(("a", "b")) == ["a", "b"]
    assert echo.echo_strings(collections.deque(["a"])) == ["a"]
    assert echo.echo_strings(str(it) for it in range(3)) == ["0", "1", "2"]
    assert echo.echo_bytes(range(4)) == b"\0\1\2\3"
    assert echo.echo_tuple([1, "x", 2]) == (1, "x", 2.0)


def test_any_mapping_is_a_record_or_a_case_and_any_set_is_flags(echo):
    assert echo.echo_product(types.MappingProxyType(pen())) == echo.echo_product(pen())
    with pytest.raises(lb.TypeMismatch, match='args\\[0\\]: field "name" of product is missing'):
        echo.echo_product(types.MappingProxyType({"sku": ""}))
    assert echo.echo_anything(types.MappingProxyType({"small": 5})) == echo.Anything.Small(5)
    assert echo.echo_marks({"sharp": 1}.keys()) == echo.Marks.SHARP


def test_a_subclass_of_a_record_is_pickled(echo, monkeypatch):
    made = echo.echo_product(pen())
    mine = type("Mine", (type(made),), {"__module__": __name__, "__slots__": ()})
    monkeypatch.setattr(sys.modules[__name__], "Mine", mine, raising=False)
    ours = mine(*(getattr(made, field.name) for field in dataclasses.fields(made)))
    again = pickle.loads(pickle.dumps(ours))
    assert type(again) is mine and again == ours and echo.echo_product(again) == made
    for base in (type(made).__base__, echo.Anything.__base__, echo.Unit.__base__, echo.Marks.__base__):
        assert pickle.loads(pickle.dumps(base)) is base


def test_numbers(echo):
    assert echo.echo_u8(numpy.uint8(7)) == 7 and echo.echo_f64(3) == 3.0
    assert echo.echo_f64(numpy.float32(0.5)) == 0.5
    assert echo.echo_f32(0.1) == pytest.approx(0.1) and echo.echo_f32(1e300) == float("inf")
    assert echo.echo_u64(2**64 - 1) == 2**64 - 1 and echo.echo_s64(-(2**63)) == -(2**63)


PLACE = r"args\[0\]"


@pytest.mark.parametrize(
    ("func", "value", "kind", "told"),
    [
        ("echo_u8", 256, lb.RangeError, "args[0]: 256 does not fit in u8"),
        ("echo_u8", -1, lb.RangeError, "args[0]: -1 does not fit in u8"),
        ("echo_s64", 2**70, lb.RangeError, "args[0]: 1180591620717411303424 does not fit in s64"),
        ("echo_u8", True, lb.TypeMismatch, "args[0]: expected u8, got bool"),
        ("echo_u8", 1.0, lb.TypeMismatch, "args[0]: expected u8, got float"),
        ("echo_u8", "1", lb.TypeMismatch, "args[0]: expected u8, got str"),
        ("echo_u8", None, lb.TypeMismatch, "args[0]: expected u8, got NoneType"),
        ("echo_f64", "1", lb.TypeMismatch, "args[0]: expected f64, got str"),
        ("echo_f64", True, lb.TypeMismatch, "args[0]: expected f64, got bool"),
        ("echo_f64", 10**400, lb.RangeError, "args[0]: a number of 1329 bits does not fit in f64"),
        ("echo_bool", 1, lb.TypeMismatch, "args[0]: expected bool, got int"),
        ("echo_bool", numpy.True_, lb.TypeMismatch, "args[0]: expected bool, got numpy.bool"),
        ("echo_u8", numpy.array([1, 2]), lb.TypeMismatch, "args[0]: expected u8, got ndarray"),
        ("echo_bytes", numpy.zeros((2, 2), "u1"), lb.TypeMismatch, "args[0][0]: expected u8, got ndarray"),
        ("echo_char", "ab", lb.TypeMismatch, "args[0]: expected char, got a text of 2 characters"),
        ("echo_char", "", lb.TypeMismatch, "args[0]: expected char, got a text of 0 characters"),
        ("echo_char", "\ud800", lb.TypeMismatch, "args[0]: the text has a surrogate alone"),
        ("echo_string", "a\udc00", lb.TypeMismatch, "args[0]: the text has a surrogate alone"),
        ("echo_string", "a\udc00" * 2000, lb.TypeMismatch, "args[0]: the text has a surrogate alone"),
        ("echo_string", b"a", lb.TypeMismatch, "args[0]: expected string, got bytes"),
        ("echo_strings", "ab", lb.TypeMismatch, "args[0]: expected list<string>, got str"),
        ("echo_strings", {"a"}, lb.TypeMismatch, "args[0]: expected list<string>, got set"),
        ("echo_strings", {"a": 1}, lb.TypeMismatch, "args[0]: expected list<string>, got dict"),
        ("echo_strings", ["a", 1], lb.TypeMismatch, "args[0][1]: expected string, got int"),
        ("echo_bytes", [0, 256], lb.RangeError, "args[0][1]: 256 does not fit in u8"),
        ("echo_bytes", "ab", lb.TypeMismatch, "args[0]: expected list<u8>, got str"),
        ("echo_floats", b"12345678", lb.TypeMismatch, "args[0]: expected list<f64>, got bytes"),
        ("echo_floats", [1.0] * 2000 + ["x"], lb.TypeMismatch, "args[0][2000]: expected f64, got str"),
        ("echo_tuple", (1, "x"), lb.TypeMismatch, "args[0]: expected a tuple of 3, got a tuple of 2"),
        ("echo_tuple", (1, 2, 3.0), lb.TypeMismatch, "args[0].1: expected string, got int"),
        ("echo_product", pen(price="x"), lb.TypeMismatch, "args[0].price: expected u64, got str"),
        ("echo_product", pen(prize=1), lb.TypeMismatch, 'args[0]: product has no field "prize"; did you mean "price"?'),
        ("echo_product", {"sku": "x"}, lb.TypeMismatch, 'args[0]: field "name" of product is missing'),
        ("echo_product", pen(replaced_by=""), lb.TypeMismatch, 'args[0]: field "replaced-by" is given twice'),
        ("echo_product", 5, lb.TypeMismatch, "args[0]: expected product, got int"),
        ("echo_product", lb.Ok, lb.TypeMismatch, "args[0]: expected product, got the class Ok"),
        ("echo_product", pen(place=(1, 2)), lb.TypeMismatch, "args[0].place.1: expected char, got int"),
        ("echo_unit", "kilogramm", lb.TypeMismatch, 'args[0]: unit has no case "kilogramm"; did you mean "kilogram"?'),
        ("echo_unit", 1, lb.TypeMismatch, "args[0]: expected unit, got int"),
        ("echo_marks", {"sharpe"}, lb.TypeMismatch, 'args[0]: marks has no flag "sharpe"; did you mean "sharp"?'),
        ("echo_marks", 1, lb.TypeMismatch, "args[0]: expected marks, got int"),
        ("echo_marks", enum.IntFlag("Mine", {"SHARP": 64})(65), lb.TypeMismatch, 'args[0]: marks has no flag "1"'),
        ("echo_anything", "nothin", lb.TypeMismatch, 'args[0]: anything has no case "nothin"'),
        ("echo_anything", "text", lb.TypeMismatch, "args[0].text: expected string, got nothing"),
        ("echo_anything", {"small": 200}, lb.RangeError, "args[0].small: 200 does not fit in s8"),
        ("echo_anything", {"nothing": 1}, lb.TypeMismatch, "args[0].nothing: expected nothing, got int"),
        ("echo_anything", {"outcome": lb.Err(1)}, lb.TypeMismatch, "args[0].outcome.err: expected string, got int"),
        ("echo_anything", {"a": 1, "b": 2}, lb.TypeMismatch, "args[0]: expected anything, got a dict of 2"),
        ("echo_anything", str, lb.TypeMismatch, "args[0]: expected anything, got the class str"),
        ("echo_anything", 5, lb.TypeMismatch, "args[0]: expected anything, got int"),
        ("echo_result", 5, lb.TypeMismatch, "args[0]: expected result<u32, string>, got int"),
        ("echo_nested", 5, lb.TypeMismatch, "args[0]: expected option<option<u8>> as Some(value), got int"),
        ("echo_nested", lb.Some(300), lb.RangeError, "args[0]: 300 does not fit in u8"),
    ],
)
def test_wrong_values_are_told_with_their_place(echo, func, value, kind, told):
    with pytest.raises(kind) as caught:
        getattr(echo, func)(value)
    assert str(caught.value).startswith(told)
    # Nothing was entered.
    assert echo.echo_u8(1) == 1


def test_code_of_the_users_that_raises_comes_out(echo):
    class Bad:
        @property
        def sku(self):
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        echo.echo_product(Bad())

    class Index:
        def __index__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError):
        echo.echo_u8(Index())


def test_a_list_that_changes_while_it_is_written(echo):
    class Name:
        def __index__(self):
            items.clear()
            return 5

    items = [1, Name(), 3] * 1000
    assert echo.echo_bytes(items)[:3] == b"\1\5\3"


@pytest.mark.parametrize("by", ["func", "instance"])
def test_arguments_of_an_asynchronous_call_are_those_of_when_it_was_made(by):
    instance, _ = shop()
    name = "demo:shop/echo@1.2.0#echo-"

    def call(what, *args):
        func = getattr(instance.exports.echo, "echo_" + what)
        return func.call_async(*args) if by == "func" else instance.call_async(name + what, *args)

    async def changed():
        product, raw = pen(), bytearray(b"a" * 5000)
        calls = [call("product", product), call("bytes", raw)]
        product.clear()
        raw[:] = b"b" * 6000
        return await asyncio.gather(*calls)

    made, raw = asyncio.run(changed())
    assert made.sku == "P" and raw == b"a" * 5000

    async def wrong():
        call_ = call("u8", "x")
        await asyncio.sleep(0)
        with pytest.raises(lb.TypeMismatch, match=r"args\[0\]: expected u8, got str"):
            await call_
        return await call("u8", 1)

    assert asyncio.run(wrong()) == 1


def test_arguments_by_name_and_options_left_out():
    greet = shop()[0].exports.greet
    assert greet(name="Ada") == greet("Ada")
    with pytest.raises(lb.TypeMismatch, match='greet takes no argument "nam"'):
        greet(nam="Ada")
    with pytest.raises(lb.TypeMismatch, match='got two values for its argument "name"'):
        greet("Ada", name="Ada")
    with pytest.raises(lb.TypeMismatch, match="takes 1 argument, got 0"):
        greet()
    with pytest.raises(lb.TypeMismatch, match="takes 1 argument, got 2"):
        greet("a", "b")
    echo = shop()[0].exports.echo
    assert echo.echo_option() is None and echo.echo_nested() is None


def test_functions_say_what_they_are():
    paint = load(GUIDE / "paint.wat").instantiate(
        {"prices": {"price": lambda colour: 1}, "journals": {"Journal": type("Journal", (), {"write": print})}}
    )
    shapes = paint.exports.shapes
    assert repr(shapes.area) == "<WitFunc area: func(of: shape) -> f64>"
    assert shapes.cost.__doc__ == "cost: func(order: order) -> result<u32, string>\n\nWhat it costs, in cents."
    assert shapes.cost.__name__ == "cost" and shapes.cost.name == "demo:paint/shapes@1.2.0#cost"
    signature = inspect.signature(shapes.cost)
    assert list(signature.parameters) == ["order"] and signature.return_annotation is int
    assert signature.parameters["order"].annotation is shapes.Order
    assert str(shapes.area.type) == "func(of: shape) -> f64"
    assert shapes.Order.__doc__ == "coats: The litres of each coat."
    assert shapes.Shape.Circle.__doc__ == "Of this radius."
    assert shapes.Canvas.painted.__doc__.endswith("How much of it is painted.")
    assert dir(shapes) == ["Canvas", "Journal", "Order", "Shape", "area", "cost"]
    assert "painted" in dir(shapes.Canvas) and repr(shapes).startswith("<Interface demo:paint/shapes@1.2.0")
    import io
    import pydoc

    text = io.StringIO()
    pydoc.Helper(output=text).help(shapes.cost)
    assert "What it costs, in cents." in text.getvalue()


def test_names():
    exports = load(GUIDE / "paint.wat").instantiate(
        {"prices": {"price": lambda colour: 1}, "journals": {"Journal": type("Journal", (), {"write": print})}}
    ).exports
    full = "demo:paint/shapes@1.2.0"
    for name in (full, "demo:paint/shapes@1.2", "demo:paint/shapes", "shapes"):
        assert exports[name] is exports.shapes and name in exports
    assert list(exports) == [full] and dir(exports) == ["shapes"] and len(exports) == 1
    assert list(exports.items()) == [(full, exports.shapes)]
    assert exports["shapes#area"](exports.shapes.Shape.Nothing()) == 0
    assert exports.shapes["canvas"] is exports.shapes.Canvas is exports.shapes.canvas
    assert not hasattr(exports, "shape") and not hasattr(exports.shapes, "are")
    with pytest.raises(lb.NotFoundError, match="did you mean"):
        exports.shapes.aera
    with pytest.raises(lb.NotFoundError):
        exports["demo:paint/shapes@2.0.0"]
    with pytest.raises(lb.NotFoundError):
        exports.shapes["no"]
    with pytest.raises(lb.TypeMismatch, match="pickled"):
        pickle.dumps(exports.shapes)
