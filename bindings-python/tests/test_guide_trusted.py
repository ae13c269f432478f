"""The program of the guide's page on performance for guests that are trusted; it is cut from here."""

import pathlib

import landbridge as lb
import pytest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "core/tests/guide"


def test_trusted(monkeypatch):
    monkeypatch.chdir(GUIDE)
    # [trusted]
    trusted = lb.Engine(interruptible=False)  # one for the program: keep it
    calc = lb.load("calc.wat", engine=trusted).instantiate()
    assert calc.exports.add(2, 3) == 5
    # [end trusted]
    with pytest.raises(lb.UnsupportedError, match="interruptible"):
        lb.load("calc.wat", engine=trusted).instantiate(limits=lb.Limits(timeout_ms=500))
