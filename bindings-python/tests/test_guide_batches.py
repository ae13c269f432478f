"""The programs of the guide's page on batches; each block there is cut from here."""

import pathlib

import landbridge as lb
import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs/guide/examples"


@pytest.fixture(autouse=True)
def files(monkeypatch):
    monkeypatch.chdir(EXAMPLES)


def test_map():
    calc = lb.load("calc.wasm").instantiate()
    # [map]
    import numpy

    prices = numpy.array([10, 20, 30], "i4")
    assert calc.exports.add.map(prices, 5).tolist() == [15, 25, 35]  # an array of numpy

    sums = calc.exports.add.map([1, 2, 3], [10, 20, 30])  # a Column
    assert sums.tolist() == [11, 22, 33]

    calc.exports.add.map(prices, 1, out=prices)  # into an array that is there
    assert prices.tolist() == [11, 21, 31]

    divide = lb.load("""(module (func (export "divide") (param i32 i32) (result i32)
        (i32.div_s (local.get 0) (local.get 1))))""").instantiate().exports.divide
    try:
        divide.map([8, 8, 8], [4, 0, 2])
    except lb.Trap as trap:
        assert trap.row == 1 and trap.code == "integer_division_by_zero"
    # [end map]
