# [test]
import landbridge as lb
import pytest


@pytest.fixture
def greet():
    with lb.load("greet.wasm").instantiate() as guest:
        yield guest.exports


def test_greets_by_name(greet):
    assert greet.hello("Ada") == "Hello, Ada!"


def test_any_letter(greet):
    assert greet.hello("Zoë") == "Hello, Zoë!"
# [end test]
