"""Batches over columns of Arrow's."""

import ctypes
import gc

import landbridge as lb
import numpy
import polars
import pyarrow
import pytest
from batched import MATH, TYPES


@pytest.fixture
def math():
    return lb.load(MATH).instantiate().exports


@pytest.mark.parametrize("kind", TYPES)
def test_a_column_goes_to_arrow_as_its_type(math, kind):
    column = math[TYPES[kind][1]].map([1, 2, 3], [4, 5, 6])
    array = pyarrow.array(column)
    assert str(array.type) == {"f32": "float", "f64": "double"}.get(kind, kind.replace("i", "int"))
    assert array.to_pylist() == column.tolist()
    array.validate(full=True)
    del column
    gc.collect()
    assert len(array.to_pylist()) == 3


def test_nulls_of_arrow_are_not_called_and_stay_nulls(math):
    # What lies under a null is zero, which would trap.
    column = math.div.map(pyarrow.array([7, 7, 7, 7], "int32"), pyarrow.array([1, None, 7, None], "int32"))
    assert column.tolist() == [7, None, 1, None]
    assert column.null_count == 2
    assert column[1:].null_count == 2
    assert column[2:].tolist() == [1, None]
    assert pyarrow.array(column).to_pylist() == [7, None, 1, None]
    assert pyarrow.array(column[1:]).to_pylist() == [None, 1, None]
    assert column[::-1].tolist() == [None, 1, None, 7]
    assert polars.Series(column).to_list() == [7, None, 1, None]
    with pytest.raises(BufferError, match="nulls"):
        memoryview(column)
    # Two columns, an offset in each, and numpy beside them.
    both = math.add.map(pyarrow.array([0, None, 2, 3], "int32")[1:], pyarrow.array([0, 0, 1, None, 3], "int32")[2:])
    assert both.tolist() == [None, None, 6]
    mixed = math.add.map(numpy.arange(4, dtype="i4"), pyarrow.array([1, None, 1, None], "int32"))
    assert mixed.tolist() == [1, None, 3, None]


def test_nulls_in_chunks_and_long_bitmaps(math):
    numbers = [None if i % 7 == 3 else i for i in range(3000)]
    column = pyarrow.chunked_array([pyarrow.array(part, "int32") for part in (numbers[:1001], numbers[1001:1003], numbers[1003:])])
    wanted = [None if it is None else it + 1 for it in numbers]
    assert math.add.map(column, 1).tolist() == wanted
    assert math.add.map(polars.Series(numbers, dtype=polars.Int32), 1).tolist() == wanted


class Capsules:
    """A producer of Arrow's, of structs made by hand."""

    class Schema(ctypes.Structure):
        _fields_ = [(name, ctypes.c_void_p) for name in ("format", "name", "metadata")]
        _fields_ += [("flags", ctypes.c_int64), ("n_children", ctypes.c_int64)]
        _fields_ += [(name, ctypes.c_void_p) for name in ("children", "dictionary", "release", "private")]

    class Array(ctypes.Structure):
        _fields_ = [(name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")]
        _fields_ += [(name, ctypes.c_void_p) for name in ("buffers", "children", "dictionary", "release", "private")]

    RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

    def __init__(self, numbers, valid, offset, null_count, format=b"i", array=()):
        self.released = []
        self.numbers = (ctypes.c_int32 * len(numbers))(*numbers)
        self.bits = (ctypes.c_uint8 * max(len(valid), 1))(*valid)
        self.buffers = (ctypes.c_void_p * 2)(ctypes.addressof(self.bits) if valid else None, ctypes.addressof(self.numbers))
        self.format = ctypes.create_string_buffer(format)
        self.release = self.RELEASE(self.let_go)
        release = ctypes.cast(self.release, ctypes.c_void_p)
        self.schema = self.Schema(ctypes.addressof(self.format), None, None, 2, 0, None, None, release, None)
        self.array = self.Array(len(numbers) - offset, null_count, offset, 2, 0, ctypes.addressof(self.buffers), None, None, release, None)
        for name, value in dict(array).items():
            setattr(self.array, name, value)

    def let_go(self, address):
        self.released.append(address)

    def __arrow_c_array__(self, requested_schema=None):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(ctypes.addressof(self.schema), b"arrow_schema", None), new(ctypes.addressof(self.array), b"arrow_array", None)


def test_structs_of_arrow_are_read_and_released(math):
    given = Capsules([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0b11111011, 0b1], 1, -1)
    assert math.add.map(given, 10).tolist() == [11, None, 13, 14, 15, 16, 17, 18, None]
    assert len(given.released) == 2
    assert given.array.release is None
    # A count of no nulls goes before the bitmap.
    assert math.add.map(Capsules([1, 2], [0], 0, 0), 1).tolist() == [2, 3]
    assert math.add.map(Capsules([1, 2], [], 0, -1), 1).tolist() == [2, 3]
    # It was taken before.
    with pytest.raises(lb.TypeMismatch, match="argument 1 of add"):
        math.add.map(given, 10)
    for array in ({"length": -1}, {"offset": -1}, {"n_buffers": 1}, {"n_buffers": 3}, {"buffers": None}):
        with pytest.raises(lb.TypeMismatch, match="argument 1 of add"):
            math.add.map(Capsules([1, 2], [], 0, 0, array=array), 10)
    with pytest.raises(lb.TypeMismatch, match="Arrow's format w:12"):
        math.add.map(Capsules([1, 2], [], 0, 0, format=b"w:12"), 10)


def test_whoever_is_no_producer_of_arrows_is_told():
    class Odd:
        def __init__(self, given):
            self.given = given

        def __arrow_c_array__(self, requested_schema=None):
            if isinstance(self.given, Exception):
                raise self.given
            return self.given

    add = lb.load(MATH).instantiate().exports.add
    for given in (None, (), (1, 2, 3), 7):
        with pytest.raises(lb.TypeMismatch):
            add.map(Odd(given), 1)
    with pytest.raises(ValueError):
        add.map(Odd((1, 2)), 1)
    with pytest.raises(KeyError):
        add.map(Odd(KeyError("mine")), 1)
