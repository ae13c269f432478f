"""Functions: arguments, results, names, signatures."""

import decimal
import fractions
import gc
import inspect
import math
import struct
import weakref
from collections.abc import Mapping

import landbridge as lb
import numpy
import pytest
from guests import CALC




@pytest.fixture
def calc():
    with lb.load(CALC).instantiate() as calc:
        yield calc.exports


class Indexed:
    def __index__(self):
        return 40


class Failing:
    def __index__(self):
        raise ZeroDivisionError("mine")

    __float__ = __index__


@pytest.mark.parametrize("forty", [40, Indexed(), numpy.int64(40), numpy.uint8(40)])
def test_what_has_an_index_is_an_int(calc, forty):
    assert calc.add(forty, 2) == 42
    assert calc.add64(forty, 2) == 42
    assert calc.addf(forty, 2) == 42.0


def test_bool_is_an_int(calc):
    assert calc.add(True, True) == 2


@pytest.mark.parametrize(
    "number", [2.5, numpy.float32(2.5), decimal.Decimal("2.5"), fractions.Fraction(5, 2)]
)
def test_what_has_a_float_is_a_float(calc, number):
    assert calc.addf(number, 1) == 3.5
    assert calc.half(number) == 2.5


@pytest.mark.parametrize("wrong", [1.0, "1", None, b"1", [1], 1j, object()])
def test_an_int_is_asked_for(calc, wrong):
    with pytest.raises(TypeError, match="argument 2 of add: expected i32, got") as caught:
        calc.add(1, wrong)
    assert isinstance(caught.value, lb.TypeMismatch)
    assert caught.value.kind == "type"


@pytest.mark.parametrize("wrong", ["1", None, b"1", 1j, object()])
def test_a_float_is_asked_for(calc, wrong):
    with pytest.raises(lb.TypeMismatch, match="argument 1 of addf: expected f64, got"):
        calc.addf(wrong, 1.0)


@pytest.mark.parametrize("number", [-(2**31) - 1, 2**32, 2**64, -(10**5000)], ids=["below", "above", "wide", "huge"])
def test_the_range_of_i32(calc, number):
    with pytest.raises(OverflowError, match="argument 1 of add: .* is out of range for i32"):
        calc.add(number, 0)


def test_both_readings_of_an_integer_are_in_range(calc):
    assert calc.add(2**32 - 1, 0) == -1
    assert calc.add(-(2**31), 0) == -(2**31)
    assert calc.add64(2**64 - 1, 0) == -1
    assert calc.add64(-(2**63), 0) == -(2**63)
    assert calc.add64(2**63, 0) == -(2**63)
    for number in (2**64, -(2**63) - 1):
        with pytest.raises(lb.RangeError):
            calc.add64(number, 0)


def test_an_int_too_large_for_a_float(calc):
    with pytest.raises(lb.RangeError):
        calc.addf(10**400, 0)


def test_a_double_becomes_a_float_as_ieee_rounds(calc):
    assert calc.half(1e300) == math.inf
    assert calc.half(0.1) == struct.unpack("f", struct.pack("f", 0.1))[0]


@pytest.mark.parametrize("bits", [0x7FF8000000000001, 0xFFF0000020000000, 0x7FF4000000000000])
def test_all_bits_of_a_nan_are_kept(calc, bits):
    nan = struct.unpack("<d", struct.pack("<Q", bits))[0]
    assert struct.pack("<d", calc.whole(nan)) == struct.pack("<Q", bits)
    if bits & 0x1FFFFFFF == 0:
        assert struct.pack("<d", calc.half(nan)) == struct.pack("<Q", bits)


def test_an_exception_of_a_conversion_comes_out(calc):
    for call in (calc.add, calc.addf):
        with pytest.raises(ZeroDivisionError, match="mine"):
            call(Failing(), 1)


def test_vectors(calc):
    block = bytes(range(16))
    assert calc.vector(block) == block
    assert calc.vector(1) == bytes([1] + [0] * 15)
    assert calc.vector(2**128 - 1) == b"\xff" * 16
    for wrong in (b"short", 2**128, -1):
        with pytest.raises(lb.RangeError):
            calc.vector(wrong)
    with pytest.raises(lb.TypeMismatch):
        calc.vector(1.0)


def test_several_results_are_a_tuple_and_none_is_none(calc):
    assert calc.swap(1, 2) == (2, 1)
    assert calc.nothing() is None


def test_counts_and_keywords(calc):
    with pytest.raises(TypeError, match=r"arguments of add: expected 2 \(i32, i32\), got 1"):
        calc.add(1)
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        calc.add(1, b=2)
    assert calc.add(*(1, 2), **{}) == 3


def test_a_function_describes_itself(calc):
    add = calc.add
    assert (add.__name__, add.__qualname__, add.name) == ("add",) * 3
    assert add.__doc__ == "add(i32, i32) -> i32"
    assert repr(add) == "<Func add(i32, i32) -> i32>"
    assert str(inspect.signature(add)) == "(arg1: int, arg2: int, /) -> int"
    assert str(inspect.signature(calc.swap)) == "(arg1: int, arg2: int, /) -> tuple[int, int]"
    assert add.type == lb.FuncType(["i32", "i32"], ["i32"])
    assert str(add.type) == "(i32, i32) -> (i32)"
    assert callable(add) and isinstance(add, lb.Func)
    assert "add" in inspect.getdoc(add)


def test_a_function_is_hashable_and_comparable():
    instance = lb.load(CALC).instantiate()
    add, again = instance.exports.add, instance.func("add")
    other = lb.load(CALC).instantiate().exports.add
    assert add == again and hash(add) == hash(again)
    assert add != other and add != instance.exports.div and add != 3


def test_weak_references_and_collection():
    add = lb.load(CALC).instantiate().exports.add
    seen = weakref.ref(add)
    assert seen()(1, 2) == 3
    del add
    gc.collect()
    assert seen() is None


def test_exports_by_attribute_key_and_iteration(calc):
    assert calc.add is calc.add is calc["add"]
    assert list(calc)[:3] == ["memory", "count", "objects"]
    assert "add" in calc and "nope" not in calc and 3 not in calc
    assert len(calc) == len(dir(calc)) == len(list(calc.items()))
    assert dict(calc)["add"] is calc.add and isinstance(calc, Mapping)
    assert calc.get("add") is calc.add and calc.get("nope", 3) == 3 and calc.get("nope") is None
    with pytest.raises(AttributeError, match="no export is named"):
        calc.nope
    with pytest.raises(KeyError, match="no export is named"):
        calc["nope"]
    assert not hasattr(calc, "nope")
    assert not hasattr(calc, "__nope__")


def test_an_export_goes_before_a_method():
    text = '(module (func (export "keys") (result i32) (i32.const 3)) (func (export "__len__")))'
    exports = lb.load(text).instantiate().exports
    assert exports.keys() == 3
    assert len(exports) == 2
    assert exports["__len__"]() is None


def test_exports_of_one_sort():
    instance = lb.load(CALC).instantiate()
    assert instance.func("add")(1, 2) == 3
    assert instance.call("add", 1, 2) == 3
    assert len(instance.memory("memory")) == 65536
    assert instance.table("objects").size == 2
    assert instance.global_("count").value == 7
    with pytest.raises(lb.NotFoundError, match='"add" is a func, not a memory'):
        instance.memory("add")


def test_globals_and_tables(calc):
    calc.count.value = 2**32 - 1
    assert calc.count.value == -1
    assert str(calc.count.type) == "global (mut i32)"
    with pytest.raises(TypeError):
        calc.count.value = "x"
    thing = object()
    calc.objects[1] = thing
    assert calc.objects[1] is thing and calc.objects[0] is None
    assert calc.objects.grow(1, thing) == 2 and calc.objects[2] is thing
    for index in (3, -1, 2**70):
        with pytest.raises(IndexError):
            calc.objects[index]
    with pytest.raises(lb.LimitError):
        calc.objects.grow(100)
    assert list(calc.objects) == [None, thing, thing]


NUMBERS = {
    "i32": [0, 1, -1, 2**30 - 1, 2**30, -(2**30), -(2**30) + 1, -(2**30) - 1, 2**31 - 1, -(2**31), True],
    "i64": [0, 1, -1, 2**30 - 1, 2**30, -(2**30) - 1, 2**60, -(2**60), 2**63 - 1, -(2**63), False],
    "f32": [0.0, -0.5, 2.0**100, float("inf")],
    "f64": [0.0, -0.5, 1e300, float("-inf")],
}


@pytest.mark.parametrize("count", range(10))
@pytest.mark.parametrize("kind", NUMBERS)
def test_each_shape_of_call_passes_each_number(kind, count):
    params, last = f"{kind} " * count, max(count - 1, 0)
    text = f"""(module
        (func (export "last") (param {params}) (result {kind}) {f"local.get {last}" if count else f"{kind}.const 7"})
        (func (export "first") (param {params}) (result {kind}) {"local.get 0" if count else f"{kind}.const 7"})
        (func (export "none") (param {params}))
        (func (export "other") (param {params}) (result {"f64" if kind == "i32" else "i32"}) {"f64" if kind == "i32" else "i32"}.const 5)
        (func (export "all") (param {params}) (result {params}) {" ".join(f"local.get {i}" for i in range(count))}))"""
    exports = lb.load(text).instantiate().exports
    for number in NUMBERS[kind]:
        args = [number] + [type(number)(1)] * (count - 2) + [number] * (count > 1)
        args = args[:count]
        assert exports.first(*args) == (number if count else 7)
        assert exports.last(*args) == (number if count else 7)
        assert exports.none(*args) is None
        assert exports.other(*args) == 5
        assert exports.all(*args) == (tuple(args) if count > 1 else number if count else None)
    args = [NUMBERS[kind][0]] * count
    for wrong in (args + [1], args[1:]):
        if len(wrong) != count:
            with pytest.raises(lb.TypeMismatch, match="argument"):
                exports.first(*wrong)
    for i in range(count):
        with pytest.raises(lb.TypeMismatch, match=f"argument {i + 1} of first"):
            exports.first(*args[:i], "no number", *args[i + 1 :])


def test_numbers_that_do_not_fit_are_refused_whatever_their_digits():
    exports = lb.load(
        """(module (func (export "narrow") (param i32) (result i32) local.get 0)
        (func (export "wide") (param i64 i64) (result i64) local.get 1))"""
    ).instantiate().exports
    assert exports.narrow(2**32 - 1) == -1
    assert exports.wide(0, 2**64 - 1) == -1
    for wrong in (2**32, -(2**31) - 1, 2**90):
        with pytest.raises(lb.RangeError):
            exports.narrow(wrong)
    for wrong in (2**64, -(2**63) - 1, 2**90):
        with pytest.raises(lb.RangeError):
            exports.wide(0, wrong)
