"""Real guests: what each must answer (examples/components/calls.txt), and what lives in them."""

from __future__ import annotations

from typing import Any

import landbridge as lb
import pytest
from shop import GUESTS, guests, load, pen, shop


def lines() -> list[tuple[str, str, str | None, str | None]]:
    """Function, arguments, result, and the guest that cannot answer."""
    found, unable = [], None
    for line in (GUESTS / "calls.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# not "):
            unable = line[6:].split(":")[0]
        elif line and not line.startswith("#"):
            call, arrow, given = line.partition(" -> ")
            func, _, args = call.partition("(")
            found.append((func, args[:-1], given if arrow else None, unable))
            unable = None
    return found


def parted(text: str) -> list[str]:
    """Arguments in WAVE, one by one."""
    parts, depth, quote, start, at = [], 0, "", 0, 0
    while at < len(text):
        letter = text[at]
        if quote:
            at += letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def answer(func: lb.WitFunc, args: list[Any]) -> str | None:
    """What a call gives, as text; a function that gives a `result` returns or raises."""
    result = func.type.result
    if result is None or result.sort != "result":
        given = func(*args)
        return None if result is None else result.format(given)
    try:
        return result.format(lb.Ok(func(*args)))
    except lb.WitError as error:
        return result.format(lb.Err(error.payload))


@pytest.mark.parametrize("name", guests())
def test_every_call_is_answered(name):
    instance, _ = shop(guests()[name])
    wrong = []
    # Twice, so that it shows if a call leaves the guest in disorder.
    for func, args, wanted, unable in lines() * 2:
        found = instance.exports[func]
        params = found.type.params
        values = [of.parse(text) for (_, _, of), text in zip(params, parted(args), strict=True)]
        if wanted == "same":
            wanted = params[0][2].format(values[0])
        elif wanted is not None:
            wanted = found.type.result.format(found.type.result.parse(wanted))
        try:
            given = answer(found, values)
        except lb.WasmError as error:
            given = repr(error)
            if unable == name:
                instance, _ = shop(guests()[name])
        if (given == wanted) == (unable == name):
            wrong.append(f"{func}({args}): {given} is not {wanted}")
    assert wrong == []


@pytest.mark.parametrize("name", guests())
def test_baskets_are_objects(name):
    instance, office = shop(guests()[name])
    orders = instance.exports.orders
    pens, teas = orders.Basket("Ada"), orders.basket("Bob")
    assert isinstance(pens, orders.Basket) and isinstance(pens, lb.Resource)
    assert pens.add(pen(), 3) == 3
    assert teas.add(pen(sku="T", name="Tea", price=500), count=1) == 1
    assert (pens.total(), teas.total()) == (360, 500)
    assert pens.cheaper_than(teas) and not teas.cheaper_than(pens)
    assert [line.product.name for line in pens.lines()] == ["Pen"]
    assert orders.sum([pens, teas, pens]) == 1220
    both = orders.Basket.merge(pens, teas)
    assert pens.closed and teas.closed and both.total() == 860
    with pytest.raises(lb.ClosedError, match=r"args\[0\]"):
        pens.total()
    owner, left = orders.checkout(orders.Basket("Eve"))
    assert (owner, left) == ("Eve", [])


@pytest.mark.parametrize("name", guests())
def test_lists_of_baskets_cross(name):
    instance, office = shop(guests()[name])
    orders = instance.exports.orders
    baskets = [orders.Basket(owner) for owner in ("Ada", "Bob", "Cyd")]
    for basket, count in zip(baskets, (1, 5, 2)):
        basket.add(pen(), count)
    assert orders.sum(baskets) == 960 and orders.sum([*baskets, baskets[0]]) == 1080
    best = orders.keep_dearest(baskets)
    assert best.total() == 600 and orders.Basket.count() == 1
    assert [text for _, text in office.logged] == ["Ada's basket is gone", "Cyd's basket is gone"]
    assert orders.keep_dearest([]) is None


@pytest.mark.parametrize("name", guests())
def test_journals_are_the_hosts_own_objects(name):
    instance, office = shop(guests()[name])
    orders = instance.exports.orders
    log = office.Journal("log")
    assert orders.note(log, "one") == (1, "log")
    made = orders.open("made", ["a", "b"])
    assert made is office.books["made"] and made.lines == ["a", "b"]
    assert orders.finish(made, "end") == ["a", "b", "end"]
    assert orders.look_up("log") is log
    with pytest.raises(lb.WitError) as caught:
        orders.look_up("none")
    assert caught.value.payload == "no journal none"
    assert str(caught.value) == 'err("no journal none")'
    orders.discard(log)


def test_a_class_of_a_user_that_is_a_record_goes_in():
    instance, _ = shop()
    import dataclasses
    import enum

    class Unit(enum.Enum):
        PIECE = 1

    class Mark(enum.Enum):
        Adults = "adults-only"

    @dataclasses.dataclass
    class Product:
        sku: str
        price: int
        unit: Unit = Unit.PIECE
        marks: tuple = (Mark.Adults, "sharp")
        name: str = "x"
        weight: int = 1
        stock: int = 1
        rating: float = 1
        place: list = dataclasses.field(default_factory=lambda: [1, "A"])

    echo = instance.exports.echo
    given = echo.echo_product(Product("S", 5))
    assert given.unit is instance.exports.echo.Unit.PIECE
    assert given.marks == echo.Marks.ADULTS_ONLY | echo.Marks.SHARP
    assert given.replaced_by is None


def test_a_store_close_ends_what_is_open():
    instance, _ = shop()
    basket = instance.exports.orders.Basket("Ada")
    instance.close()
    assert basket.closed
    basket.close()
    with pytest.raises(lb.ClosedError):
        basket.total()
    with pytest.raises(lb.ClosedError):
        instance.exports.greet
    assert load(GUESTS / "shop-rust.wasm")
