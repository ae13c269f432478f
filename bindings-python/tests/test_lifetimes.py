"""What is let go of, and when."""

import contextlib
import gc
import sys
import weakref

import landbridge as lb
from guests import CALC, HOST, REFS

MODULE = lb.load(HOST)


class Thing:
    pass


def captured():
    """An instance whose host function refers to it; weak references to both."""

    def f(n):
        return instance.exports.div(n)

    instance = MODULE.instantiate({"env": {"f": f}})
    assert instance.exports.inner(2) == 30
    return weakref.ref(f), weakref.ref(instance), weakref.ref(instance.store)


def test_a_host_function_that_refers_to_its_instance_is_collected():
    seen = [ref for _ in range(50) for ref in captured()]
    gc.collect()
    assert [ref() for ref in seen] == [None] * 150


def test_such_circles_are_collected_through_functions_and_objects_too():
    def circle():
        thing = Thing()
        refs = lb.load(REFS).instantiate()
        thing.keep = refs.exports.keep
        refs.exports.keep(0, thing)
        return weakref.ref(thing)

    seen = [circle() for _ in range(50)]
    gc.collect()
    assert [ref() for ref in seen] == [None] * 50


def test_a_function_alone_keeps_its_host_functions():
    inner = MODULE.instantiate({"env": {"f": lambda n: n + 1}}).exports.inner
    gc.collect()
    assert inner(1) == 2


def test_closing_lets_go_of_host_functions():
    thing = Thing()
    instance = MODULE.instantiate({"env": {"f": thing.__class__.mro}})
    seen = weakref.ref(thing)
    with MODULE.instantiate({"env": {"f": lambda n, thing=thing: n}}) as other:
        assert other.exports.inner(1) == 1
    del thing
    assert seen() is None
    instance.close()


def test_an_object_is_kept_while_the_guest_has_it():
    refs = lb.load(REFS).instantiate()
    thing = Thing()
    seen = weakref.ref(thing)
    refs.exports.keep(1, thing)
    assert refs.exports.same(thing) is thing
    del thing
    gc.collect()
    assert refs.exports.give(1) is seen() is not None
    refs.close()
    gc.collect()
    assert seen() is None


def test_objects_that_pass_are_let_go():
    refs = lb.load(REFS).instantiate()
    thing = Thing()
    for _ in range(100_000):
        refs.exports.same(thing)
    # The guest's own collector decides when; it must have run many times by now.
    assert sys.getrefcount(thing) < 60_000


def counts(work, rounds):
    for _ in range(rounds):
        work()
    gc.collect()
    return len(gc.get_objects()), sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else 0


def leaks(work):
    """How many objects each round leaves behind."""
    before = counts(work, 200)
    after = counts(work, 1000)
    return (after[0] - before[0]) / 1000


def test_calls_leak_nothing():
    calc = lb.load(CALC).instantiate().exports
    big = 2**31 + 5

    def work():
        calc.add(big, 1)
        calc.swap(big, 2**63)
        calc.vector(b"\xff" * 16)
        calc.addf(1.5, 2.5)
        calc.memory.read(0, 100)
        memoryview(calc.memory).release()
        for wrong in (("a", 1), (1,), (2**64, 1)):
            try:
                calc.add(*wrong)
            except lb.WasmError:
                pass
        try:
            calc.div(1, 0)
        except lb.Trap:
            pass

    assert leaks(work) < 0.1


def test_exceptions_and_instances_leak_nothing():
    def f(n):
        raise ValueError(n)

    def work():
        instance = MODULE.instantiate({"env": {"f": f}})
        try:
            instance.exports.inner(1)
        except ValueError:
            pass
        instance.close()

    assert leaks(work) < 0.1


def test_arguments_and_results_keep_their_counts():
    marker = 10**20 % (2**31) + 7_000_000
    calls = MODULE.instantiate({"env": {"f": lambda n: marker}}).exports
    before = sys.getrefcount(marker)
    for _ in range(1000):
        calls.inner(1)
    assert sys.getrefcount(marker) == before


def test_memory_of_the_process_does_not_grow():
    import resource

    def work(rounds):
        for _ in range(rounds):
            instance = lb.load(CALC).instantiate()
            instance.exports.memory[0:1] = b"x"
            instance.exports.add(1, 2)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = work(300)
    assert work(1500) - before < 20_000


def test_calls_from_finalizers():
    calc = lb.load(CALC).instantiate()
    refs = lb.load(REFS).instantiate()
    results = []

    class Last:
        def __del__(self):
            results.append(calc.exports.add(2, 3))
            with contextlib.suppress(lb.ClosedError):
                results.append(refs.exports.call(4))

    last = Last()
    weakref.finalize(last, lambda: results.append(calc.exports.add(3, 3)))
    del last
    assert sorted(results) == [4, 5, 6]
    results.clear()
    # Objects that the guest is the last to have: their end calls that very guest, whenever the
    # guest's own collector finds them.
    for _ in range(20_000):
        refs.exports.same(Last())
    assert results.count(4) == results.count(5) > 0
    refs.close()
    gc.collect()
    assert results.count(5) == 20_000


def test_a_function_that_no_guest_saw_goes_with_its_object():
    class Callable:
        def __call__(self, n):
            return n + 1

    store = lb.Store()
    type = lb.FuncType(["i32"], ["i32"])
    for given in (False, True):
        callable = Callable()
        seen = weakref.ref(callable)
        func = lb.Func(store, type, callable)
        assert func(1) == 2
        if given:
            table = lb.Table(store, "funcref", 1, init=func)
        del callable, func
        gc.collect()
        store.gc()
        assert (seen() is None) is not given
    assert table[0](1) == 2
