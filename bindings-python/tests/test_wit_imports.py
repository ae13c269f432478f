"""What Python lends to components: objects, modules, mappings and classes; errors on their way; coroutines."""

from __future__ import annotations

import asyncio
import sys
import threading
import types

import landbridge as lb
import pytest
from shop import GUIDE, Office, load, pen, shop


def paint(price, **journals):
    imports = {"prices": {"price": price}, "journals": journals or {"Journal": type("Journal", (), {"write": print})}}
    return load(GUIDE / "paint.wat").instantiate(imports).exports.shapes


RED = {"colour": "red", "coats": [1, 2]}


@pytest.mark.parametrize(
    "prices",
    [
        {"price": lambda colour: 7},
        types.SimpleNamespace(price=lambda colour: 7),
        type("Prices", (), {"price": lambda self, colour: 7})(),
        type("Prices", (), {"price": staticmethod(lambda colour: 7)}),
        types.MappingProxyType({"price": lambda colour: 7}),
    ],
    ids=["dict", "namespace", "object", "class", "mapping"],
)
@pytest.mark.parametrize("name", ["prices", "demo:paint/prices", "demo:paint/prices@1.2", "demo:paint/prices@1.2.0"])
def test_what_implements_an_interface(prices, name):
    class Journal:
        def write(self, line):
            pass

    imports = {name: prices, "journals": {"journal": Journal}}
    shapes = load(GUIDE / "paint.wat").instantiate(imports).exports.shapes
    assert shapes.cost(RED) == 21


def test_a_module_implements_an_interface(monkeypatch):
    module = types.ModuleType("prices_of_host")
    exec("def price(colour): return 9\nclass Journal:\n    def write(self, line): pass", module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    shapes = load(GUIDE / "paint.wat").instantiate({"prices": module, "journals": module}).exports.shapes
    assert shapes.cost(RED) == 27


def test_all_imports_may_be_attributes_of_one_object():
    class Host:
        office = Office()

        def currency(self):
            return "EUR"

    assert load_shop(Host()).exports.price(1205) == "12.05 EUR"
    assert load_shop({"office": Office(), "": {"currency": lambda: "SEK"}}).exports.price(1) == "0.01 SEK"


def load_shop(imports):
    from shop import GUESTS

    return load(GUESTS / "shop-rust.wasm").instantiate(imports)


def test_what_is_missing_is_listed():
    with pytest.raises(lb.LinkError) as caught:
        load(GUIDE / "paint.wat").instantiate({"prices": {"prise": lambda colour: 7}})
    told = str(caught.value)
    assert "prices@1.2.0#price: func(colour: string) -> result<u32, string>" in told
    assert "journals@1.2.0#[method]journal.write: func(self: borrow<journal>, line: string)" in told
    with pytest.raises(lb.LinkError, match="price: expected a callable, got int"):
        paint(5)
    # A class without a method of the resource.
    with pytest.raises(lb.LinkError, match="journal.write"):
        paint(lambda colour: 1, Journal=type("Journal", (), {}))


def test_what_was_probably_meant_is_told():
    class Prices:
        def prize(self, colour):
            return 7

    class Journal:
        def write(self, line):
            pass

    for imports in ({"prices": Prices(), "journals": {"Journal": Journal}}, {"prises": {"price": print}}):
        with pytest.raises(lb.LinkError, match=r"#price: .* \(.*pri[sc]es.*#pri[cz]e was given; did you mean .*#price\?\)"):
            load(GUIDE / "paint.wat").instantiate(imports)


def test_an_err_by_exception_and_by_value():
    def price(colour):
        if colour == "red":
            raise lb.WitError("sold out")
        return lb.Err("no") if colour == "blue" else lb.Ok(3)

    shapes = paint(price)
    for colour, why in (("red", "sold out"), ("blue", "no")):
        with pytest.raises(lb.WitError) as caught:
            shapes.cost({"colour": colour, "coats": b"\1"})
        assert caught.value.payload == why and caught.value.kind == "wit"
    assert shapes.cost({"colour": "green", "coats": b"\2"}) == 6


def test_another_exception_comes_out_as_the_same_object_and_ends_the_component():
    class Mine(Exception):
        pass

    mine = Mine("lost")

    def price(colour):
        raise mine

    shapes = paint(price)
    with pytest.raises(Mine) as caught:
        shapes.cost(RED)
    assert caught.value is mine and lb.frames(mine)
    with pytest.raises(lb.PoisonedError, match="lost"):
        shapes.cost(RED)
    # One that is an err, but of another type than the function's.
    shapes = paint(lambda colour: None)
    with pytest.raises(lb.TypeMismatch, match=r"result of demo:paint/prices@1\.2\.0#price\.ok: expected u32, got NoneType"):
        shapes.cost(RED)
    wrong = lb.WitError(5)

    def fail(colour):
        raise wrong

    with pytest.raises(lb.TypeMismatch, match=r"price\.err: expected string, got int"):
        paint(fail).cost(RED)


def test_a_wit_error_where_the_type_has_none():
    mine = lb.WitError("why")

    def currency():
        raise mine

    with pytest.raises(lb.WitError) as caught:
        load_shop({"office": Office(), "currency": currency}).exports.price(1)
    assert caught.value is mine


def test_ctrl_c_and_exit_come_out():
    def price(colour):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint(price).cost(RED)

    def ends(colour):
        raise lb.Exit(exit_code=3)

    with pytest.raises(lb.Exit) as caught:
        paint(ends).cost(RED)
    assert caught.value.exit_code == 3


def test_a_component_is_not_entered_twice():
    found = []

    def price(colour):
        try:
            shapes.area(shapes.Shape.Circle(1.0))
        except lb.BusyError as error:
            found.append(error)
        return 1

    shapes = paint(price)
    assert shapes.cost(RED) == 3 and len(found) == 1


def test_who_calls_is_told():
    @lb.with_caller
    def price(caller, colour):
        assert caller.store is shapes.cost.store and caller.name.endswith("#price")
        return 1

    shapes = paint(price)
    assert shapes.cost(RED) == 3


def test_one_component_for_another():
    class Journal:
        def write(self, line):
            pass

    store = lb.Store()
    dealer = load(GUIDE / "dealer.wat").instantiate(store=store)
    imports = {"demo:paint/prices": dealer, "journals": {"Journal": Journal}}
    shapes = load(GUIDE / "paint.wat").instantiate(imports, store=store).exports.shapes
    assert shapes.cost({"colour": "blue", "coats": b"\2"}) == 1000
    # Of another store, by a function of Python's.
    dealer = load(GUIDE / "dealer.wat").instantiate()
    assert paint(dealer.exports.prices.price).cost({"colour": "blue", "coats": b"\2"}) == 1000


def test_coroutines():
    async def main():
        async def price(colour):
            await asyncio.sleep(0)
            if colour == "none":
                raise lb.WitError("sold out")
            return 5

        shapes = paint(price)
        assert await shapes.cost.call_async(RED) == 15
        both = await asyncio.gather(*(shapes.cost.call_async(RED) for _ in range(20)))
        assert both == [15] * 20
        with pytest.raises(lb.WitError):
            await shapes.cost.call_async({"colour": "none", "coats": b""})
        assert await shapes.cost.call_async(order=RED) == 15
        with pytest.raises(lb.TypeMismatch, match="takes 1 argument, got 2"):
            shapes.cost.call_async(RED, RED)
        with pytest.raises(lb.TypeMismatch, match=r"args\[0\]"):
            await shapes.cost.call_async(5)
        canvas = await shapes.cost.call_async(RED) and shapes.Canvas(1)
        assert await shapes.Canvas.painted.call_async(canvas) == 0

    asyncio.run(main())


def test_a_cancelled_call_ends_the_component():
    async def main():
        begun = asyncio.Event()

        async def price(colour):
            begun.set()
            await asyncio.sleep(60)  # sleeps: until it is cancelled

        shapes = paint(price)
        call = shapes.cost.call_async(RED)
        await begun.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())


def test_pools_have_components():
    class Journal:
        def write(self, line):
            pass

    imports = {"prices": {"price": lambda colour: 2}, "journals": {"Journal": Journal}}
    with lb.Pool(load(GUIDE / "paint.wat"), imports, max=2) as pool:
        assert pool.call("shapes#cost", RED) == 6
        results = []

        def work():
            for _ in range(20):
                results.append(pool.call("shapes#cost", RED))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [6] * 80
        with pool.get() as instance:
            assert instance.exports.shapes.cost(RED) == 6

        async def main():
            return await pool.call_async("shapes#cost", RED)

        assert asyncio.run(main()) == 6


def test_long_texts_and_lists_to_the_host():
    seen = []

    class Watching(Office):
        def log(self, level, text):
            seen.append(text)

    exports = load_shop({"office": Watching(), "currency": lambda: "EUR"}).exports
    name = "Zoë " * 1000
    assert exports.greet(name) == f"Hello, {name}!"
    assert seen == [seen[0]] and name in seen[0]


def test_what_a_host_function_is_given():
    seen = []

    class Watching(Office):
        def reserve(self, lines):
            seen.extend(lines)
            return 2

    exports = load_shop({"office": Watching(), "currency": lambda: "EUR"}).exports
    order = {
        "id": 1,
        "to": {"name": "", "street": "", "town": ""},
        "lines": [{"product": pen(), "count": 2}],
        "discount": "full-price",
    }
    assert exports.orders.reserve(order) == 2
    assert seen == [exports.orders.Line(exports.echo.echo_product(pen()), 2)]


def test_calls_by_name():
    instance, _ = shop()
    assert instance.call("greet", "Ada") == "Hello, Ada!"
    assert instance.call("echo#echo-u8", 5) == 5
    assert instance.wit_func("orders#basket")("Ada").total() == 0
    with pytest.raises(lb.NotFoundError):
        instance.wit_func("nope")
    with pytest.raises(lb.UnsupportedError, match="function of a component"):
        instance.func("greet")
    with pytest.raises(lb.UnsupportedError):
        lb.load('(module (func (export "f")))').instantiate().wit_func("f")
    names = [(interface, name) for interface, name, _ in load(GUIDE / "paint.wat").wit_imports]
    assert names == [("demo:paint/prices@1.2.0", "price"), ("demo:paint/journals@1.2.0", "[method]journal.write")]
