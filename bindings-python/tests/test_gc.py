"""The guest's heap: structs, arrays, small integers, and objects of Python's as an anyref."""

import gc
import math
import struct
import threading
import weakref

import landbridge as lb
import numpy
import pytest
from guests import HEAP

MODULE = lb.load(HEAP)


class Thing:
    pass


class Whole(int):
    pass


@pytest.fixture
def heap():
    with MODULE.instantiate() as heap:
        yield heap.exports


def test_a_struct_is_read_and_written_like_a_list(heap):
    point = heap.point(3, 2.5)
    assert (point.sort, len(point), point[0], point[-1], list(point)) == ("struct", 2, 3, 2.5, [3, 2.5])
    point[0] = 7
    point[-2] += 1
    assert heap.x(point) == 8
    assert point.store is heap.x.store and repr(point) == "<GcRef (struct (mut i32) f64)>"


def test_an_array_is_read_and_written_like_a_list(heap):
    data = heap.bytes(4)
    data[-1], data[numpy.int64(0)] = 9, 255
    assert (data.sort, len(data), list(data), bytes(data)) == ("array", 4, [255, 0, 0, 9], b"\xff\0\0\x09")
    assert 9 in data and max(data) == 255


def test_types_tell_their_fields(heap):
    point, data = heap.point(1, 2.0), heap.bytes(1)
    at, y = point.type.fields
    assert [(at.storage, at.mutable), (y.storage, y.mutable)] == [("i32", True), ("f64", False)]
    assert (str(at), str(y), repr(y)) == ("(mut i32)", "f64", "<FieldType f64>")
    assert (data.type.element.storage, data.type.element.mutable) == ("i8", True)
    assert (str(point.type), str(data.type)) == ("(struct (mut i32) f64)", "(array (mut i8))")
    assert point.type == heap.point(3, 4.0).type != data.type
    assert len({point.type, heap.point(1, 1.0).type, data.type, at, y}) == 4
    assert (point.type.sort, data.type.sort) == ("struct", "array")
    assert isinstance(point.type, lb.GcType) and isinstance(data.type, lb.ArrayType)


def test_equal_is_the_same_object(heap):
    one, two = heap.point(1, 2.0), heap.point(1, 2.0)
    assert one == heap.any(one) is not one and one != two and one != 3
    assert len({one, heap.any(one), two}) == 2
    with MODULE.instantiate() as other:
        assert other.exports.point(1, 2.0) != one


def test_no_object_is_falsy(heap):
    assert heap.bytes(0) and len(heap.bytes(0)) == 0


def test_an_int_is_a_small_integer(heap):
    for number in (0, -1, -(2**30), 2**30 - 1):
        assert heap.any(number) == heap.eq(number) == heap.i31_get(number) == number
        assert type(heap.any(number)) is int
    for number in (2**30, -(2**30) - 1, 10**5000):
        for call in (heap.any, heap.i31_get):
            with pytest.raises(lb.RangeError, match=r"argument 1 of .* \(-1073741824 to 1073741823\)"):
                call(number)


@pytest.mark.parametrize("value", [True, Whole(3), numpy.int64(3), 1.5, "text", (1,), [], Thing()])
def test_any_other_object_is_itself(heap, value):
    assert heap.any(value) is value
    assert heap.outward(value) is value and heap.inward(value) is value
    with pytest.raises(lb.TypeMismatch, match="argument 1 of eq: expected eqref"):
        heap.eq(value)
    with pytest.raises(lb.TypeMismatch, match="argument 1 of i31_get"):
        heap.i31_get(value)


def test_an_externref_is_an_object_of_the_guest_or_of_python(heap):
    point = heap.point(3, 2.5)
    assert heap.outward(point) == point == heap.inward(point) == heap.extern(point)
    number = 10**20
    assert heap.extern(number) is number  # no small integer: an externref takes any object
    assert heap.outward(4) == 4
    assert heap.extern(None) is heap.outward(None) is None


@pytest.mark.parametrize("key", ["0", 0.0, None, slice(0, 1)])
def test_a_key_that_is_no_int(heap, key):
    with pytest.raises(lb.TypeMismatch, match="expected an int, got"):
        heap.point(1, 2.0)[key]
    with pytest.raises(lb.TypeMismatch, match="expected an int, got"):
        heap.point(1, 2.0)[key] = 1


@pytest.mark.parametrize("key", [2, -3, 2**32, 2**64, -(2**64)])
def test_a_key_that_is_out_of_bounds(heap, key):
    for object, noun in ((heap.point(1, 2.0), "field"), (heap.bytes(2), "element")):
        with pytest.raises(IndexError, match=f"^{noun} .*: there are 2$"):
            object[key]
        with pytest.raises(lb.OutOfBoundsError, match=f"^{noun} .*: there are 2$"):
            object[key] = 1


def test_a_value_that_does_not_fit(heap):
    point, data, packed = heap.point(1, 2.0), heap.bytes(2), heap.packed(1, 2)
    with pytest.raises(lb.TypeMismatch, match="field 0 of a struct: expected i32, got float"):
        point[0] = 1.5
    with pytest.raises(lb.RangeError, match="element 1 of an array"):
        data[-1] = 2**32
    with pytest.raises(lb.TypeMismatch, match="field 1 of a struct is immutable"):
        point[1] = 1.5
    with pytest.raises(lb.TypeMismatch, match="keeps its length"):
        del data[0]
    with MODULE.instantiate() as other, pytest.raises(lb.WrongStoreError):
        packed[2] = other.exports.bytes(1)
    assert list(point) == [1, 2.0] and list(data) == [0, 0] and packed[2] is None


def test_an_object_of_another_store(heap):
    with MODULE.instantiate() as other:
        for call in (heap.any, heap.extern, heap.x):
            with pytest.raises(lb.WrongStoreError):
                call(other.exports.point(1, 2.0))


def test_a_closed_store():
    with MODULE.instantiate() as heap:
        point, data = heap.exports.point(1, 2.0), heap.exports.bytes(2)
    for ask in (lambda: point[0], lambda: data[-1], lambda: len(data), lambda: list(data)):
        with pytest.raises(lb.ClosedError):
            ask()
    with pytest.raises(lb.ClosedError):
        point[0] = 1
    assert point == point and point != data and len(point) == 2 and hash(point)


def test_all_bits_of_floats_are_kept(heap):
    floats = heap.floats()
    for bits in (0x7FF0000000000001, 0xFFF8123456789ABC, 0x8000000000000000):
        floats[1] = number = struct.unpack("<d", struct.pack("<Q", bits))[0]
        assert struct.pack("<d", floats[1]) == struct.pack("<d", number)
    floats[0] = -0.0
    assert math.copysign(1, floats[0]) == -1
    nan = struct.unpack("<d", struct.pack("<Q", 0x7FF0000020000000))[0]  # signalling, as a float
    floats[0] = nan
    assert struct.pack("<d", floats[0]) == struct.pack("<d", nan)
    floats[2] = vector = bytes(range(16))
    assert floats[2] == vector


def test_tables_and_globals_hold_all_sorts(heap):
    point, thing = heap.point(1, 2.0), Thing()
    for value in (point, 5, thing, None, True):
        heap.things[0] = heap.kept.value = value
        assert heap.things[0] == heap.kept.value == value
    table = lb.Table(heap.x.store, "arrayref", 1, 4, heap.bytes(1))
    table.grow(1, heap.bytes(2))
    assert [len(data) for data in table] == [1, 2]
    with pytest.raises(lb.TypeMismatch, match="element of a table"):
        table[0] = point


def test_host_functions_take_and_give_objects():
    def f(value):
        seen.append(value)
        return value if len(seen) < 4 else "x"

    seen, thing = [], Thing()
    text = """(module (import "env" "f" (func $f (param anyref) (result eqref)))
      (func (export "run") (param anyref) (result anyref) (call $f (local.get 0))))"""
    with lb.Store() as store:
        heap = store.instantiate(MODULE).exports
        run = store.instantiate(lb.load(text), {"env": {"f": f}}).exports.run
        data = heap.bytes(1)
        assert run(data) == data and run(3) == 3 and run(None) is None
        with pytest.raises(lb.TypeMismatch, match="result 1 of env.f: expected eqref"):
            run(thing)
        assert seen == [data, 3, None, thing]


def test_objects_may_be_let_go_on_any_thread(heap):
    held = [heap.bytes(100) for _ in range(20_000)]
    kept = heap.point(42, 1.0)

    def let_go():
        while True:
            try:
                held.pop()
            except IndexError:
                return

    threads = [threading.Thread(target=let_go) for _ in range(3)]
    for thread in threads:
        thread.start()
    heap.garbage(20_000)
    for thread in threads:
        thread.join()
    heap.x.store.gc()
    assert list(kept) == [42, 1.0]


def test_objects_of_python_are_let_go_by_every_place(heap):
    store = heap.x.store

    def alive(place):
        thing = Thing()
        seen = weakref.ref(thing)
        place(thing)
        del thing
        store.gc()
        return seen

    packed, point = heap.packed(1, 2), heap.point(1, 2.0)
    places = {
        "struct": (lambda it: packed.__setitem__(2, it), lambda: packed.__setitem__(2, point)),
        "table": (lambda it: heap.things.set(0, it), lambda: heap.things.set(0, 3)),
        "global": (lambda it: setattr(heap.kept, "value", it), lambda: setattr(heap.kept, "value", None)),
    }
    for name, (put, take) in places.items():
        seen = alive(put)
        assert seen() is not None, name
        take()
        store.gc()
        assert seen() is None, name
    for passing in (heap.any, heap.extern, heap.outward, heap.inward):
        assert alive(passing)() is None
    held = heap.packed(1, 2)
    seen = alive(lambda it: held.__setitem__(2, it))
    assert held[2] is seen() is not None
    del held
    store.gc()
    assert seen() is None


def test_a_circle_through_an_object_is_collected():
    def circle():
        heap = MODULE.instantiate().exports
        thing = Thing()
        thing.packed = heap.packed(1, 2)
        thing.packed[2] = thing
        return weakref.ref(thing)

    seen = [circle() for _ in range(20)]
    gc.collect()
    assert [ref() for ref in seen] == [None] * 20


def test_garbage_of_a_closed_store():
    with lb.Store() as store:
        store.gc()
    with pytest.raises(lb.ClosedError):
        store.gc()
