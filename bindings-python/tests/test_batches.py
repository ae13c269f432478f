"""Batches: `map` over columns of every sort that Python has."""

import array
import ctypes
import gc
import subprocess
import sys
import threading
import weakref

import landbridge as lb
import numpy
import polars
import pyarrow
import pytest
from batched import MATH, TYPES

@pytest.fixture
def math():
    return lb.load(MATH).instantiate().exports


def expected(name, xs, ys):
    return [x + y if name.startswith("add") else x * y for x, y in zip(xs, ys, strict=True)]


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 1000, 5000])
@pytest.mark.parametrize("kind", TYPES)
def test_arrays_of_numpy_give_arrays_of_numpy(math, kind, rows):
    dtype, name = TYPES[kind]
    xs, ys = numpy.arange(rows).astype(dtype), (numpy.arange(rows)[::-1] % 100).astype(dtype)
    result = math[name].map(xs, ys)
    assert type(result) is numpy.ndarray
    assert result.dtype == dtype
    assert result.flags.writeable
    assert result.tolist() == expected(name, xs.tolist(), ys.tolist())


def test_scalars_repeat(math):
    xs = numpy.arange(5, dtype="i4")
    assert math.add.map(xs, 10).tolist() == [10, 11, 12, 13, 14]
    assert math.add.map(2**32 - 1, xs).tolist() == [-1, 0, 1, 2, 3]
    assert math.add.map(xs, numpy.int32(7)).tolist() == [7, 8, 9, 10, 11]
    assert math.add.map(xs, numpy.array(7)).tolist() == [7, 8, 9, 10, 11]
    assert math.mixed.map(xs, 0.5).tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]


def sources(kind, numbers):
    """The same numbers as each sort of column."""
    dtype = TYPES[kind][0]
    code = {"i4": "i", "i8": "q", "f4": "f", "f8": "d"}[dtype]
    doubled = numpy.repeat(numpy.array(numbers, dtype), 2)
    c_type = {"i": ctypes.c_int32, "q": ctypes.c_int64, "f": ctypes.c_float, "d": ctypes.c_double}[code]
    of_polars = {"i32": polars.Int32, "i64": polars.Int64, "f32": polars.Float32, "f64": polars.Float64}[kind]
    return {
        "list": numbers,
        "tuple": tuple(numbers),
        "array": array.array(code, numbers),
        "memoryview": memoryview(array.array(code, numbers)),
        "bytes": memoryview(array.array(code, numbers).tobytes()).cast(code),
        "ctypes": (c_type * len(numbers))(*numbers),
        "numpy": numpy.array(numbers, dtype),
        "read-only": numpy.array(numbers, dtype).view(),
        "strided": doubled[::2],
        "backwards": numpy.array(numbers, dtype)[::-1].copy()[::-1],
        "unsigned": numpy.array(numbers, dtype).view(dtype.replace("i", "u")),
        "pyarrow": pyarrow.array(numbers, {"f32": "float32", "f64": "float64"}.get(kind, kind.replace("i", "int"))),
        "sliced": pyarrow.array([0, 0, *numbers, 0], getattr(pyarrow, {"f32": "float32", "f64": "float64"}.get(kind, kind.replace("i", "int")))())[2:-1],
        "chunked": pyarrow.chunked_array([pyarrow.array(part, getattr(pyarrow, {"f32": "float32", "f64": "float64"}.get(kind, kind.replace("i", "int")))()) for part in (numbers[:3], [], numbers[3:])]),
        "polars": polars.Series(numbers, dtype=of_polars),
    }


SORTS = sorted(sources("i32", [1, 2, 3, 4]))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("kind", TYPES)
def test_every_sort_of_column_is_taken(math, kind, sort):
    name = TYPES[kind][1]
    numbers = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5] if kind[0] == "i" else [3.5, -1.0, 4.25, 0.0, 5.5, -9.0, 2.0]
    column = sources(kind, numbers)[sort]
    for columns in ((column, column), (column, numbers), (numbers, column)):
        assert list(math[name].map(*columns)) == expected(name, numbers, numbers)


def test_what_is_no_array_of_numpys_gives_a_column(math):
    column = math.add.map([1, 2, 3], array.array("i", [10, 20, 30]))
    assert type(column) is lb.Column
    assert (column.type, len(column), column.null_count) == ("i32", 3, 0)
    assert column.tolist() == list(column) == [11, 22, 33]
    assert (column[0], column[-1], column[1:].tolist(), column[::-2].tolist()) == (11, 33, [22, 33], [33, 11])
    with pytest.raises(IndexError):
        column[3]
    with pytest.raises(IndexError):
        column[-4]
    assert repr(column) == "<Column of 3 i32: [11, 22, 33]>"
    assert repr(math.add.map(list(range(9)), 0)) == "<Column of 9 i32: [0, 1, 2, 3, 4, 5, ...]>"
    view = memoryview(column)
    assert (view.format, view.shape, view.strides, view.readonly) == ("i", (3,), (4,), True)
    assert view.tolist() == [11, 22, 33]
    assert numpy.asarray(column).tolist() == [11, 22, 33]
    assert numpy.asarray(column[1:]).tolist() == [22, 33]
    assert pyarrow.array(column).to_pylist() == [11, 22, 33]
    assert pyarrow.array(column[1:]).to_pylist() == [22, 33]
    assert polars.Series(column).to_list() == [11, 22, 33]
    assert math.add.map(column, column).tolist() == [22, 44, 66]
    assert math.add.map(column[1:], 1).tolist() == [23, 34]


def test_several_results_are_a_tuple_of_columns(math):
    first, second = math.both.map(numpy.arange(4, dtype="i4"), 2)
    assert (first.dtype, second.dtype) == ("i4", "i8")
    assert (first.tolist(), second.tolist()) == ([-2, -1, 0, 1], [0, 2, 4, 6])
    first, second = math.both.map([1, 2], 3)
    assert (first.type, first.tolist(), second.type, second.tolist()) == ("i32", [-2, -1], "i64", [3, 6])


def test_without_a_column_rows_say_how_often(math):
    assert math.next.map(rows=5).tolist() == [1, 2, 3, 4, 5]
    assert math.add.map(2, 3, rows=3).tolist() == [5, 5, 5]
    assert math.note.map(1, rows=10) is None
    assert math.count() == 15
    assert math.note.map(numpy.arange(4, dtype="i4")) is None
    assert math.count() == 21
    assert math.add.map(numpy.arange(4, dtype="i4"), 1, rows=4).tolist() == [1, 2, 3, 4]
    for call in (lambda: math.next.map(), lambda: math.add.map(1, 2)):
        with pytest.raises(lb.TypeMismatch, match="rows"):
            call()
    with pytest.raises(lb.TypeMismatch, match="4 rows.*rows has 3|rows"):
        math.add.map(numpy.arange(4, dtype="i4"), 1, rows=3)
    with pytest.raises(lb.RangeError):
        math.next.map(rows=-1)
    with pytest.raises(lb.TypeMismatch):
        math.next.map(rows="5")


@pytest.mark.parametrize("make", [lambda: numpy.zeros(4, "i4"), lambda: array.array("i", [0] * 4), lambda: (ctypes.c_int32 * 4)(), lambda: memoryview(bytearray(16)).cast("i")])
def test_results_go_where_they_are_told_to(math, make):
    out = make()
    assert math.add.map([1, 2, 3, 4], 5, out=out) is out
    assert list(out) == [6, 7, 8, 9]


def test_arrays_that_are_not_of_numpys_own_class(math):
    class Own(numpy.ndarray):
        pass

    xs = numpy.arange(4, dtype="i4").view(Own)
    assert math.add.map(xs, 1).tolist() == [1, 2, 3, 4]
    assert math.add.map(xs, 1, out=xs) is xs
    assert math.add64.map(numpy.arange(3, dtype=numpy.longlong), 1).tolist() == [1, 2, 3]
    assert math.add.map(numpy.arange(3, dtype=numpy.intc), 1).tolist() == [1, 2, 3]
    with pytest.raises(lb.TypeMismatch, match="result 1 of add.*read-only"):
        xs.flags.writeable = False
        math.add.map([1, 2, 3, 4], 1, out=xs)
    fixed = numpy.arange(4, dtype="i4")
    fixed.flags.writeable = False
    assert math.add.map(fixed, 1).tolist() == [1, 2, 3, 4]
    with pytest.raises(lb.TypeMismatch, match="result 1 of add.*read-only"):
        math.add.map([1, 2, 3, 4], 1, out=fixed)


def test_a_batch_too_large_for_the_machine_is_an_error(math):
    for rows in (2**60, 2**64 - 1):
        with pytest.raises(MemoryError):
            math.next.map(rows=rows)
    with pytest.raises(MemoryError):
        math.add.map(numpy.broadcast_to(numpy.int32(1), 2**60), 1)
    few = numpy.broadcast_to(numpy.int32(1), 3)
    assert math.add.map(few, 1).tolist() == [2, 2, 2]


def test_results_go_into_every_other_element(math):
    all = numpy.zeros(8, "i4")
    math.add.map([1, 2, 3, 4], 5, out=all[::2])
    assert all.tolist() == [6, 0, 7, 0, 8, 0, 9, 0]
    math.add.map([1, 2, 3, 4], 5, out=all[::-2])
    assert all.tolist() == [6, 9, 7, 8, 8, 7, 9, 6]
    out = (numpy.zeros(2, "i4"), array.array("q", [0, 0]))
    assert math.both.map([1, 2], 3, out=out) is out
    assert (list(out[0]), list(out[1])) == ([-2, -1], [3, 6])
    one = [numpy.zeros(2, "i4")]
    assert math.add.map([1, 2], 3, out=one) is one
    assert one[0].tolist() == [4, 5]


def test_results_may_go_over_the_arguments(math):
    xs = numpy.arange(20000, dtype="i4")
    assert math.add.map(xs, 1, out=xs) is xs
    assert xs.tolist() == list(range(1, 20001))
    # A row later, a row earlier, backwards: what is read is what was there before.
    for to, of in ((slice(1, None), slice(0, -1)), (slice(0, -1), slice(1, None)), (slice(None, None, -1), slice(None))):
        xs = numpy.arange(20000, dtype="i4")
        wanted = (xs[of] + 1).tolist()
        math.add.map(xs[of], 1, out=xs[to])
        assert xs[to].tolist() == wanted


def test_a_guests_own_memory_is_a_column(math):
    memory = memoryview(math.memory).cast("i")
    memory[:5] = array.array("i", [1, 2, 3, 4, 5])
    math.add.map(memory[:5], 100, out=memory[10:15])
    assert memory[10:15].tolist() == [101, 102, 103, 104, 105]


WRONG = {
    "f64": (numpy.zeros(2), "a column of f64, not of i32"),
    "i64": (numpy.zeros(2, "i8"), "a column of i64, not of i32"),
    "i16": (numpy.zeros(2, "i2"), "a column of i16, not of i32"),
    "u8": (b"ab", "a column of u8, not of i32"),
    "bool": (numpy.zeros(2, "?"), "a column of bool, not of i32"),
    "f16": (numpy.zeros(2, "f2"), "a column of f16, not of i32"),
    "swapped": (numpy.zeros(2, ">i4"), "a column of big-endian i32, not of i32"),
    "complex": (numpy.zeros(2, "c8"), "a column of elements of the format Zf, not of i32"),
    "array": (array.array("d", [1, 2]), "a column of f64, not of i32"),
    "arrow": (pyarrow.array([1.0, 2.0]), "a column of f64, not of i32"),
    "arrow i8": (pyarrow.array([1, 2], "int8"), "a column of i8, not of i32"),
    "texts": (pyarrow.array(["a", "b"]), "a column of texts, not of i32"),
    "dictionary": (pyarrow.array(["a", "b"]).dictionary_encode(), "a column of a dictionary's indices, not of i32"),
    "table": (pyarrow.table({"a": [1, 2]}), "a column of structs or a table, not of i32"),
    "polars": (polars.Series([1.0, 2.0]), "a column of f64, not of i32"),
    "frame": (polars.DataFrame({"a": [1, 2]}), "a column of structs or a table, not of i32"),
    "two dimensions": (numpy.zeros((2, 2), "i4"), "a column has one dimension, not 2"),
    "masked": (numpy.ma.array([1, 2], "i4", mask=[0, 1]), "a masked array"),
    "swapped longs": (numpy.zeros(2, ">i8"), "a column of big-endian i64, not of i32"),
    "list": ([1, 2.5], "row 1: expected i32, got float"),
    "none": ([1, None], "row 1: expected i32, got NoneType"),
    "str": ("ab", "expected i32, got str"),
    "dict": ({}, "expected i32, got dict"),
    "nothing": (None, "expected i32, got NoneType"),
    "times": (numpy.zeros(2, "M8[s]"), "buffer"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("number", [1, 2])
def test_wrong_columns_are_named(math, wrong, number):
    column, told = WRONG[wrong]
    columns = [column, [1, 2]] if number == 1 else [[1, 2], column]
    with pytest.raises(lb.TypeMismatch) as raised:
        math.add.map(*columns)
    assert str(raised.value).startswith(f"argument {number} of add")
    assert told in str(raised.value)
    assert raised.value.row is None


def test_numbers_of_lists_have_the_checks_of_a_call(math):
    assert math.add.map([2**32 - 1, -1], 0).tolist() == [-1, -1]
    with pytest.raises(lb.RangeError, match="argument 1 of add, row 1"):
        math.add.map([0, 2**32], 0)
    with pytest.raises(lb.RangeError, match="argument 1 of add64, row 2"):
        math.add64.map([0, 2**64 - 1, 2**64], 0)

    class Number:
        def __index__(self):
            numbers.clear()
            return 7

    numbers = [1, Number(), 3]
    with pytest.raises(lb.TypeMismatch):
        math.add.map(numbers, [1, 2, 3])
    assert numbers == []


def test_columns_must_be_of_one_length(math):
    with pytest.raises(lb.TypeMismatch, match="argument 2 of add has 2 rows, but argument 1 of add has 3"):
        math.add.map([1, 2, 3], [1, 2])
    with pytest.raises(lb.TypeMismatch, match="result 1 of add has 2 rows, but argument 1 of add has 3"):
        math.add.map([1, 2, 3], 1, out=numpy.zeros(2, "i4"))


def test_wrong_results_are_named(math):
    for out, told in (
        (numpy.zeros(2), "result 1 of add: a column of f64, not of i32"),
        (b"12345678", "result 1 of add"),
        ([1, 2], "results of add"),
        ((), "results of add"),
        ([7], "result 1 of add"),
        ("text", "result 1 of add"),
    ):
        with pytest.raises(lb.TypeMismatch, match=told):
            math.add.map([1, 2], 1, out=out)
    with pytest.raises(lb.TypeMismatch, match="results of note"):
        math.note.map([1, 2], out=numpy.zeros(2, "i4"))
    with pytest.raises(lb.TypeMismatch, match="results of both"):
        math.both.map([1, 2], 1, out=numpy.zeros(2, "i4"))


def test_wrong_calls_are_named(math):
    with pytest.raises(lb.TypeMismatch, match="arguments of add"):
        math.add.map([1, 2])
    with pytest.raises(lb.TypeMismatch, match="id"):
        math.id.map([1, 2])
    with pytest.raises(lb.TypeMismatch, match='map of add takes rows and out, not "chunks"'):
        math.add.map([1, 2], 1, chunks=7)


def test_closed_instances_say_so(math):
    instance = lb.load(MATH).instantiate()
    add = instance.exports.add
    instance.close()
    with pytest.raises(lb.ClosedError) as raised:
        add.map([1, 2], 1)
    assert raised.value.row is None


def test_the_error_of_a_row_says_which(math):
    ys = numpy.ones(10000, "i4")
    ys[7777] = 0
    out = numpy.full(10000, -1, "i4")
    with pytest.raises(lb.Trap) as raised:
        math.div.map(numpy.arange(10000, dtype="i4"), ys, out=out)
    error = raised.value
    assert (error.row, error.code, error.kind) == (7777, "integer_division_by_zero", "trap")
    assert str(error).startswith("row 7777: ")
    assert [frame.func_name for frame in error.frames] == ["div"] or [frame.func_index for frame in error.frames] == [4]
    assert out[:7777].tolist() == list(range(7777))
    assert math.add.map([1], 2).tolist() == [3]
    with pytest.raises(lb.Trap) as raised:
        math.div(1, 0)
    assert raised.value.row is None


HOST = """(module (import "env" "f" (func $f (param i32) (result i32))) (memory (export "memory") 1)
    (func (export "g") (param i32) (result i32) (call $f (local.get 0))))"""


def test_what_a_host_function_raised_is_that_very_object():
    class Odd(Exception):
        pass

    def f(n):
        if n == 300:
            raise odd
        return n * 2

    odd = Odd("three hundred")
    g = lb.load(HOST).instantiate({"env": {"f": f}}).exports.g
    assert g.map(numpy.arange(100, dtype="i4")).tolist() == [n * 2 for n in range(100)]
    out = numpy.zeros(5000, "i4")
    with pytest.raises(Odd) as raised:
        g.map(numpy.arange(5000, dtype="i4"), out=out)
    assert raised.value is odd
    assert lb.errors.row(odd) == 300
    assert "row 300" in odd.__notes__
    assert out[:300].tolist() == [n * 2 for n in range(300)]
    with pytest.raises(Odd):
        g(300)
    # The last way it took counts.
    assert lb.errors.row(odd) is None
    assert "row 300" not in odd.__notes__


def test_a_host_function_may_do_anything_to_the_columns():
    def f(n):
        if n == 3:
            with pytest.raises(BufferError):
                xs.append(7)
            xs[10] = 1000
            assert exports.g.map([50], out=None).tolist() == [51]
            exports.memory.grow(1)
        return n + 1

    exports = lb.load(HOST).instantiate({"env": {"f": f}}).exports
    xs = array.array("i", range(20))
    result = exports.g.map(xs)
    assert result.tolist()[:10] == list(range(1, 11))
    assert result[10] in (11, 1001)
    # Given back after the batch.
    xs.append(7)


@pytest.mark.parametrize("make", [lambda n: numpy.zeros(n, "i4"), lambda n: array.array("i", [0] * n)])
@pytest.mark.parametrize("rows", [8, 50_000])
def test_columns_stay_although_a_host_function_lets_go_of_all(make, rows):
    module = lb.load("""(module (import "env" "f" (func $f (param i32)))
        (func (export "two") (param i32) (result i32 i32) (call $f (local.get 0)) (local.get 0) (i32.const 7)))""")
    taken = []

    def f(n):
        if n == 1:
            taken.extend(weakref.ref(column) for column in out)
            out.clear()
            columns.clear()
            gc.collect()
            # Whoever gets memory now must not get that of the columns.
            taken.append([make(rows) for _ in range(20)])

    two = module.instantiate({"env": {"f": f}}).exports.two
    out = [make(rows), make(rows)]
    columns = [numpy.arange(rows, dtype="i4")]
    assert two.map(*columns, out=out) is out
    assert all(bytes(memoryview(column)) == bytes(4 * rows) for column in taken[-1])
    # They were let go of in the end.
    gc.collect()
    assert [column() for column in taken[:2]] == [None, None]


def test_other_threads_run_meanwhile(math):
    spin = lb.load("""(module (func (export "spin") (param i32) (result i32) (local i32)
        (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
        (local.get 1)))""").instantiate().exports.spin
    seen, done = [], threading.Event()

    def other():
        # Needs the lock, which a batch does not keep.
        while not done.is_set():
            seen.append(len(seen))
            done.wait(0.0001)

    thread = threading.Thread(target=other)
    thread.start()
    before = len(seen)
    spin.map(numpy.full(3000, 100_000, "i4"))
    after = len(seen)
    done.set()
    thread.join()
    assert after > before


def test_threads_map_at_once():
    module = lb.load(MATH)

    def work(index):
        add = module.instantiate().exports.add
        for _ in range(50):
            xs = numpy.arange(5000, dtype="i4")
            if add.map(xs, index).tolist() != list(range(index, 5000 + index)):
                wrong.append(index)

    wrong = []
    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_columns_are_let_go_of(math):
    def counted(column):
        before = sys.getrefcount(column)
        for _ in range(20):
            math.add.map(column, 1)
            with pytest.raises(lb.TypeMismatch):
                math.add.map(column, "x")
            with pytest.raises(lb.TypeMismatch):
                math.add.map(column, [1])
        gc.collect()
        return sys.getrefcount(column) - before

    for column in (numpy.arange(5, dtype="i4"), array.array("i", range(5)), list(range(5)), pyarrow.array(range(5), "int32"), polars.Series(range(5), dtype=polars.Int32)):
        assert counted(column) == 0
    before = pyarrow.total_allocated_bytes()
    column = math.add.map(pyarrow.array(range(10000), "int32"), 1)
    assert pyarrow.total_allocated_bytes() == before
    assert (weakref.ref(column)() is column) is True


def test_numpy_is_not_imported():
    code = """if True:
        import sys, array
        import landbridge as lb
        add = lb.load('(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))').instantiate().exports.add
        assert add.map(array.array("i", [1, 2]), 3).tolist() == [4, 5]
        assert add.map([1, 2], [3, 4]).tolist() == [4, 6]
        assert "numpy" not in sys.modules and "pyarrow" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
