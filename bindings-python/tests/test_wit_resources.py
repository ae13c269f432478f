"""Resources: the matrix of misuse. Each misuse is an ordinary error, and the component goes on."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import os
import pickle
import sys
import threading
import weakref

import landbridge as lb
import pytest
from shop import GUIDE, load, pen, shop


class Journal:
    """A resource of the host."""

    def __init__(self):
        self.lines = []

    def write(self, line):
        self.lines.append(line)


def paint(on_write=None, **sandbox):
    class Book(Journal):
        def write(self, line):
            super().write(line)
            if on_write is not None:
                on_write(self)

    imports = {"prices": {"price": lambda colour: 1}, "journals": {"Journal": Book}}
    instance = load(GUIDE / "paint.wat").instantiate(imports, **sandbox)
    return instance.exports.shapes, Book


def test_a_resource_is_a_context_manager():
    shapes, _ = paint()
    with shapes.Canvas(80) as canvas:
        assert isinstance(canvas, shapes.Canvas) and isinstance(canvas, lb.Resource)
        canvas.draw(shapes.Shape.Circle(1.0))
        assert canvas.painted() > 3 and not canvas.closed
        assert shapes.Canvas.count() == 1
    assert canvas.closed and shapes.Canvas.count() == 0
    assert repr(canvas).startswith("<Canvas ")
    assert shapes.canvas is shapes.Canvas and shapes.Canvas(width=1).painted() == 0


def test_methods_are_bound():
    import asyncio
    import inspect

    shapes, _ = paint()
    canvas = shapes.Canvas(80)
    draw = canvas.draw
    assert draw.__self__ is canvas and draw.__func__ is shapes.Canvas.draw and draw == canvas.draw
    assert draw.__name__ == "draw" and draw.name.endswith("#[method]canvas.draw")
    assert list(inspect.signature(draw).parameters) == ["shape"]
    assert list(inspect.signature(shapes.Canvas.draw).parameters) == ["self", "shape"]
    assert draw.__doc__.startswith("draw: func(self: borrow<canvas>, shape: shape)")
    assert draw(shape=shapes.Shape.Circle(1.0)) is None
    assert shapes.Canvas.painted(canvas) == canvas.painted() > 3

    async def main():
        await draw.call_async(shapes.Shape.Circle(1.0))
        return await canvas.painted.call_async()

    assert asyncio.run(main()) == canvas.painted() > 6


def test_closed():
    shapes, _ = paint()
    canvas = shapes.Canvas(80)
    canvas.close()
    canvas.close()
    for use in (canvas.painted, lambda: shapes.Canvas.draw(canvas, "nothing")):
        with pytest.raises(lb.ClosedError, match=r"args\[0\]: the resource was closed or given away"):
            use()
    assert shapes.Canvas.count() == 0


def test_given_away_and_given_twice():
    orders = shop()[0].exports.orders
    basket = orders.Basket("Ada")
    orders.checkout(basket)
    assert basket.closed
    basket.close()
    with pytest.raises(lb.ClosedError, match=r"args\[0\]"):
        orders.checkout(basket)
    twice = orders.Basket("Bob")
    with pytest.raises(lb.ClosedError, match=r"args\[1\]"):
        orders.Basket.merge(twice, twice)
    with pytest.raises(lb.ClosedError, match=r"args\[0\]\[1\]"):
        orders.keep_dearest([twice, twice])
    # The call was not made, so it is still here.
    assert not twice.closed and twice.total() == 0


def test_of_another_store_and_of_another_type():
    (one, _), (other, _) = paint(), paint()
    canvas = one.Canvas(1)
    with pytest.raises(lb.WrongStoreError, match=r"args\[0\]: the resource belongs to another store"):
        other.Canvas.painted(canvas)
    orders = shop()[0].exports.orders
    with pytest.raises(lb.WrongStoreError):
        orders.checkout(canvas)
    for given in (5, "x", Journal(), object()):
        with pytest.raises(lb.TypeMismatch, match=r"args\[0\]"):
            one.Canvas.painted(given)
    with pytest.raises(lb.TypeMismatch, match=r"args\[0\]: expected borrow<canvas>, got NoneType"):
        one.Canvas.painted(None)
    with pytest.raises(lb.TypeMismatch, match=r"args\[1\]"):
        canvas.sign(canvas)
    assert canvas.painted() == 0 and one.Canvas.count() == 1


def test_closed_and_given_away_while_it_is_lent():
    failed = []

    def on_write(book):
        for misuse in (canvas.close, canvas.painted):
            try:
                misuse()
            except lb.BusyError as error:
                failed.append(str(error))

    shapes, Book = paint(on_write)
    canvas = shapes.Canvas(1)
    canvas.sign(Book())
    assert len(failed) == 2 and "a call in flight borrows the resource" in failed[0]
    canvas.close()
    assert shapes.Canvas.count() == 0


def test_what_a_guest_lends_is_good_until_the_function_returns():
    instance = load_composed()
    kept = instance.kept
    instance.run()
    (resource,) = kept
    assert isinstance(resource, lb.Resource) and resource.closed
    with pytest.raises(lb.ClosedError):
        instance.again(resource)
    # It was never the host's to close.
    resource.close()


class load_composed:
    """A canvas of one component that another lends to a function of the host."""

    def __init__(self):
        self.kept = []
        store = lb.Store()
        inner = lb.load(OWNER).instantiate(store=store)

        def look(thing):
            assert not thing.closed
            self.kept.append(thing)

        outer = lb.load(LENDER).instantiate({"things": inner, "host": {"look": look}}, store=store)
        self.run, self.again = outer.exports.run, inner.exports.things.Thing.get


OWNER = """(component
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "get") (param i32) (result i32) (local.get 0)))
  (type $t' (resource (rep i32)))
  (core func $new (canon resource.new $t'))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (component $face
    (import "t" (type $t (sub resource)))
    (import "make" (func $make (param "n" u32) (result (own $t))))
    (import "get" (func $get (param "self" (borrow $t)) (result u32)))
    (export $x "thing" (type $t))
    (export "[constructor]thing" (func $make) (func (param "n" u32) (result (own $x))))
    (export "[method]thing.get" (func $get) (func (param "self" (borrow $x)) (result u32))))
  (func $make (param "n" u32) (result (own $t')) (canon lift (core func $i "make")))
  (func $get (param "self" (borrow $t')) (result u32) (canon lift (core func $i "get")))
  (instance $out (instantiate $face (with "t" (type $t')) (with "make" (func $make)) (with "get" (func $get))))
  (export "test:all/things" (instance $out)))"""

LENDER = """(component
  (import "test:all/things" (instance $things
    (export "thing" (type $t (sub resource)))
    (export "[constructor]thing" (func (param "n" u32) (result (own $t))))))
  (alias export $things "thing" (type $t))
  (import "test:all/host" (instance $host
    (alias outer 1 $t (type $t'))
    (export "thing" (type $x (eq $t')))
    (export "look" (func (param "it" (borrow $x))))))
  (core func $make (canon lower (func $things "[constructor]thing")))
  (core func $look (canon lower (func $host "look")))
  (core func $drop (canon resource.drop $t))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "look" (func $look (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (local i32)
      (local.set 0 (call $make (i32.const 5)))
      (call $look (local.get 0))
      (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
  (func (export "run") (canon lift (core func $i "run"))))"""


def test_dropped_without_close_is_closed_by_the_next_call():
    shapes, _ = paint()
    canvas = shapes.Canvas(1)
    gone = weakref.ref(canvas)
    del canvas
    gc.collect()
    assert gone() is None
    assert shapes.Canvas.count() == 0


def test_dropped_by_another_thread():
    shapes, _ = paint()
    held = [shapes.Canvas(number) for number in range(100)]
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert shapes.Canvas.count() == 0


def test_used_by_many_threads():
    orders = shop()[0].exports.orders
    basket = orders.Basket("Ada")

    def work():
        for _ in range(50):
            basket.add(pen(), 1)
            orders.Basket("x").close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert basket.total() == 4 * 50 * 120 and orders.Basket.count() == 1


def test_resources_that_only_the_call_has():
    """Of an iterator, they are nobody's while the guest runs."""
    orders = shop()[0].exports.orders
    assert orders.sum(orders.Basket(name) for name in "abc") == 0
    assert isinstance(orders.keep_dearest(map(orders.Basket, "abc")), orders.Basket)

    async def later():
        baskets = [orders.Basket("a"), orders.Basket("b")]
        call = orders.sum.call_async(baskets)
        baskets.clear()
        return await call

    assert asyncio.run(later()) == 0
    assert orders.Basket.count() == 0


def test_first_used_by_many_threads():
    used = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(60):
            instance, found = shop()[0], []
            start = threading.Barrier(4)

            def use():
                start.wait()
                basket = instance.exports.orders.Basket("Ada")
                found.append((type(basket), instance.exports.orders.Basket, basket.total()))

            threads = [threading.Thread(target=use) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(found) == 4 and len(set(found)) == 1 and found[0][0] is found[0][1], found
    finally:
        sys.setswitchinterval(used)


def test_the_signature_of_a_class():
    shapes, _ = paint()
    assert str(inspect.signature(shapes.Canvas)).startswith("(width: int) -> ")
    assert shapes.Canvas(width=3).painted() == 0


def test_pickled_and_copied():
    shapes, _ = paint()
    canvas = shapes.Canvas(1)
    for misuse in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(lb.TypeMismatch, match="cannot be pickled or copied"):
            misuse(canvas)
    assert canvas == canvas and hash(canvas) == hash(canvas)
    assert canvas != shapes.Canvas(1)


def test_without_a_constructor():
    shapes, _ = paint()
    with pytest.raises(lb.TypeMismatch, match="has no constructor"):
        shapes.Journal()
    with pytest.raises(lb.TypeMismatch, match="takes 1 argument, got 0"):
        shapes.Canvas()
    with pytest.raises(lb.TypeMismatch):
        lb.Resource()


def test_of_a_store_that_was_closed():
    instance, _ = shop()
    basket = instance.exports.orders.Basket("Ada")
    total = basket.total
    instance.close()
    with pytest.raises(lb.ClosedError):
        total()
    assert basket.closed
    basket.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_in_a_fork():
    shapes, _ = paint()
    canvas = shapes.Canvas(1)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            canvas.draw(shapes.Shape.Circle(1.0))
            canvas.close()
            code = 0 if canvas.closed and shapes.Canvas.count() == 0 else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    # The parent's is as it was.
    assert canvas.painted() == 0 and not canvas.closed


def test_a_host_object_comes_back_as_itself_and_is_let_go_of():
    instance, office = shop()
    orders = instance.exports.orders
    journal = office.Journal("j")
    assert orders.look_up("j") is journal
    gone = weakref.ref(journal)
    office.books.clear()
    orders.discard(journal)
    del journal
    gc.collect()
    orders.Basket.count()
    assert gone() is None


def test_too_many_handles_are_a_limit():
    shapes, _ = paint(limits=lb.Limits(handles=3))
    held = [shapes.Canvas(1) for _ in range(3)]
    with pytest.raises(lb.LimitError):
        shapes.Canvas(1)
    del held


def test_cycles_through_guests_are_collected():
    class Holder:
        pass

    holder = Holder()
    instance, office = shop()
    holder.exports = instance.exports
    holder.basket = instance.exports.orders.Basket("Ada")
    journal = office.Journal("j")
    journal.holder = holder
    instance.exports.orders.note(journal, "x")
    gone = weakref.ref(holder)
    classes = weakref.ref(instance.exports.orders.Basket)
    del holder, instance, office, journal
    for _ in range(3):
        gc.collect()
    assert gone() is None and classes() is None


class Thing:
    def __init__(self, n):
        self.n = n

    def get(self):
        return self.n


def test_resources_of_the_world_itself():
    from shop import TREE

    lent = {"things": {"Thing": Thing, "eat": lambda thing: None, "keep": lambda thing: None}}
    things = load(TREE / "conformance/modules/things.wat").instantiate(lent).exports
    with things.Mine(7) as mine:
        assert isinstance(mine, things.Mine) and mine.rep() == 7
        assert things.mine is things.Mine and "Mine" in dir(things)
    given = things.Mine(3)
    things.eat_mine(given)
    assert given.closed
    assert things.forward(Thing(5)) == 5 and things.make(6) == 6
    held = Thing(9)
    things.hold(held)
    assert getattr(things, "return_")() is held
