"""Guests in tests: a fixture makes an instance, and what goes wrong in a guest is an exception like any other."""
import landbridge as lb
import pytest

WAT = """
(module $guest
  (func $div (export "div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
  (func (export "spin") (loop $again (br $again))))
"""


@pytest.fixture(scope="session")
def module() -> lb.Module:
    return lb.load(WAT)


@pytest.fixture
def guest(module: lb.Module) -> lb.Instance:
    with module.instantiate(limits=lb.Limits(fuel=100_000)) as instance:
        yield instance


@pytest.mark.parametrize(("a", "b", "expected"), [(7, 2, 3), (-7, 2, -3)])
def test_div(guest: lb.Instance, a: int, b: int, expected: int) -> None:
    assert guest.exports.div(a, b) == expected


def test_trap(guest: lb.Instance) -> None:
    with pytest.raises(lb.Trap, match="divide by zero") as caught:
        guest.exports.div(1, 0)
    assert caught.value.frames[0].func_name == "div"


def test_fuel(guest: lb.Instance) -> None:
    with pytest.raises(lb.FuelError):
        guest.exports.spin()
