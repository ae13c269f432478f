"""Whether memory grows with what is done with components, in bytes a round."""

from __future__ import annotations

import gc
import pathlib

import landbridge as lb
import pytest
from shop import GUESTS, Office, load, pen, shop

STATUS = pathlib.Path("/proc/self/statm")
PAGE = 4096

pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="Linux tells what a process has")


def resident():
    gc.collect()
    return int(STATUS.read_text().split()[1]) * PAGE


def calls():
    instance, _ = shop()
    echo = instance.exports.echo
    long, product = "Zoë" * 1000, pen()

    def work():
        echo.echo_product(echo.echo_product(product))
        echo.echo_string(long)
        echo.echo_bytes(b"x" * 5000)
        echo.echo_floats([1.0] * 500)
        echo.echo_anything({"pair": (1, "x")})

    return work


def refused():
    instance, _ = shop()
    echo = instance.exports.echo

    def work():
        for func, value in ((echo.echo_product, pen(price="x")), (echo.echo_strings, ["a" * 2000, 1]), (echo.echo_u8, 300)):
            with pytest.raises(lb.WasmError):
                func(value)

    return work


def errs():
    instance, _ = shop()

    def work():
        with pytest.raises(lb.WitError):
            instance.exports.orders.look_up("none" * 300)

    return work


def resources():
    instance, office = shop()
    orders = instance.exports.orders

    def work():
        with orders.Basket("Ada") as basket:
            basket.add(pen(), 1)
        orders.Basket("Bob")
        orders.discard(office.Journal("j"))
        office.logged.clear()

    return work


def instances():
    module = load(GUESTS / "shop-rust.wasm")

    def work():
        instance = module.instantiate({"office": Office(), "currency": lambda: "EUR"})
        instance.exports.orders.Basket("Ada").add(pen(), 1)
        instance.exports.greet("Ada")
        del instance
        gc.collect()

    return work


def traps():
    module = load(GUESTS / "shop-rust.wasm")

    def work():
        instance = module.instantiate({"office": Office(), "currency": lambda: "EUR"})
        with pytest.raises(lb.Trap):
            instance.exports.give_up("why")
        del instance
        gc.collect()

    return work


@pytest.mark.parametrize(
    ("make", "rounds", "most"),
    [(calls, 4000, 40), (refused, 3000, 40), (errs, 4000, 40), (resources, 4000, 40), (instances, 200, 1000), (traps, 200, 1000)],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_memory_does_not_grow(make, rounds, most):
    work = make()
    for _ in range(rounds // 2):
        work()
    before = resident()
    for _ in range(rounds):
        work()
    grown = (resident() - before) / rounds
    # An allowance for what the allocator keeps.
    assert grown <= most + (1 << 19) / rounds, f"{grown:.0f} bytes a round"
