"""Pools: taking, giving back, waiting, and what lives how long."""

import asyncio
import gc
import threading
import weakref

import landbridge as lb
import pytest
from children import ended_well
from guests import CALC, HEAP, HOST, REFS, THROWER, begun, wait_until
from test_async import asynchronous, until

COUNTER = """(module $counter (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "spin") (i32.store8 (i32.const 65535) (i32.const 1)) (loop (br 0))))"""

STARTS = """(module (import "env" "f" (func $f (param i32) (result i32)))
  (func $start (drop (call $f (i32.const 0)))) (start $start)
  (func (export "one") (result i32) (i32.const 1)))"""


def counter(**options):
    return lb.Pool(lb.load(COUNTER), **options)


def test_an_instance_is_taken_and_given_back():
    with counter(max=1, wait=0.01) as pool:
        with pool.get() as guest:
            assert guest.exports.next() == 1 and guest.call("next") == 2
            assert pool.counts == lb.PoolCounts(ready=0, taken=1, waiting=0, made=1, served=1)
            with pytest.raises(lb.BusyError, match="all 1 instances of the pool are taken"):
                pool.get()
        assert pool.counts.taken == 0 and guest.closed and not pool.closed
        assert pool.call("next") == 1
    assert pool.closed and repr(pool) == "<Pool counter>" and pool.module.name == "counter"


@pytest.mark.parametrize("reset", ["fresh", "reuse"])
def test_what_was_given_back_is_closed(reset):
    with counter(max=1, reset=reset) as pool:
        guest = pool.get()
        guest.exports.next()
        guest.close()
        guest.close()
        for use in (
            lambda: guest.exports.next(),
            lambda: guest.call("next"),
            lambda: guest.func("next"),
            lambda: asyncio.run(call(guest)),
        ):
            with pytest.raises(lb.ClosedError):
                use()
        assert pool.call("next") == (1 if reset == "fresh" else 2)


async def call(guest):
    return await guest.call_async("next")


def test_letting_go_gives_back():
    with counter(max=1, wait=0.01) as pool:
        guest = pool.get()
        exports = guest.exports
        del guest
        assert pool.counts.taken == 0
        with pytest.raises(lb.ClosedError):
            exports.next()
        try:
            raise KeyError(pool.get())  # given back while an exception is on its way
        except KeyError:
            pass
        assert pool.call("next") == 1


def test_what_is_wrong_is_told():
    module = lb.load(COUNTER)
    with pytest.raises(lb.RangeError, match="at least 1 instance"):
        lb.Pool(module, max=0)
    with pytest.raises(lb.RangeError, match="wait: -1"):
        lb.Pool(module, wait=-1)
    with pytest.raises(lb.RangeError, match="wait: NaN"):
        lb.Pool(module, wait=float("nan"))
    with pytest.raises(lb.TypeMismatch, match="reset: expected fresh or reuse, got"):
        lb.Pool(module, reset="old")
    with pytest.raises(lb.TypeMismatch, match="max: expected an integer, got str"):
        lb.Pool(module, max="3")
    for make in (lb.Pool, lb.Module.instantiate):
        with pytest.raises(lb.TypeMismatch, match="there is no keyword \"polcy\""):
            make(module, polcy=None)
        with pytest.raises(lb.TypeMismatch, match="limits: expected a Limits or None, got int"):
            make(module, limits=3)
    with pytest.raises(lb.LinkError):
        lb.Pool(lb.load(HOST))
    with counter(wait=float("inf"), policy=None) as pool, pytest.raises(lb.NotFoundError):
        pool.call("nope")


def test_host_functions_and_limits_are_those_of_each_instance():
    seen = []

    @lb.with_caller
    def f(caller, n):
        seen.append(caller.store)
        return n + 1

    with lb.Pool(lb.load(HOST), {"env": {"f": f}}, max=2, limits=lb.Limits(fuel=1000)) as pool:
        with pool.get() as one, pool.get() as two:
            assert one.exports.inner(1) == 2 and two.exports.inner(2) == 3
            assert seen == [one.store, two.store] and one.store is not two.store
            with pytest.raises(lb.FuelError):
                one.exports.many(1000)
            assert two.exports.inner(2) == 3
        assert pool.call("inner", 4) == 5


def test_output_and_globals():
    written = []
    text = """(module (import "env" "level" (global $level externref))
      (func (export "level") (result externref) (global.get $level)))"""
    level = object()
    with lb.Pool(lb.load(text), {"env": {"level": level}}, max=2, stdout=written.append) as pool:
        with pool.get() as one, pool.get() as two:
            assert one.exports.level() is two.exports.level() is level
        assert pool.call("level") is level


def test_objects_that_a_reused_guest_keeps():
    class Thing:
        pass

    thing = Thing()
    with lb.Pool(lb.load(REFS), max=1, reset="reuse") as pool:
        pool.call("keep", 0, thing)
        gone = weakref.ref(thing)
        del thing
        gc.collect()
        assert pool.call("give", 0) is gone()
        with pool.get() as one:
            store = one.store
        with pool.get() as two:
            assert two.store is store
    gc.collect()
    assert gone() is None


def test_objects_of_a_fresh_guest_are_let_go_of_when_it_is_given_back():
    class Thing:
        pass

    thing = Thing()
    gone = weakref.ref(thing)
    with lb.Pool(lb.load(REFS), max=1) as pool:
        pool.call("keep", 0, thing)
        del thing
        pool.call("call", 1)
        assert gone() is None


def test_what_a_call_gives_of_the_guest_is_closed():
    with lb.Pool(lb.load(HEAP), max=1) as pool:
        point = pool.call("point", 1, 2.0)
        with pytest.raises(lb.ClosedError):
            point[0]


def test_exceptions_come_out():
    boom = KeyError("boom")

    def f(n):
        if n == 0:
            raise boom
        return pool.call("inner", n - 1)

    with lb.Pool(lb.load(HOST), {"env": {"f": f}}, max=3) as pool:
        with pytest.raises(KeyError) as caught:
            pool.call("inner", 2)
        assert caught.value is boom
        # Three instances of one module, each with its frames.
        assert [frame.func_name for frame in lb.frames(boom)] == ["inner"] * 3
        assert pool.counts.taken == 0
    with lb.Pool(lb.load(THROWER), {"env": {"f": lambda n: None}}) as pool:
        with pytest.raises(lb.TaggedException) as caught:
            pool.call("throw", 1, 2)
        assert caught.value.payload == (1, 2)


def test_start_functions():
    stores, fail = [], False

    @lb.with_caller
    def f(caller, n):
        stores.append(caller.store)
        if fail:
            raise KeyError("start")
        return n

    with lb.Pool(lb.load(STARTS), {"env": {"f": f}}, max=2) as pool:
        assert pool.call("one") == 1 and len(stores) == 2
        with pool.get():
            fail = True
            with pytest.raises(KeyError):
                pool.get()
        # The one that was given back could not be replaced; the next caller hears why.
        with pytest.raises(KeyError):
            pool.get()
        fail = False
        assert pool.call("one") == 1 and pool.counts.taken == 0
    fail = True
    with pytest.raises(KeyError):
        lb.Pool(lb.load(STARTS), {"env": {"f": f}})


def test_threads_share_few_instances():
    results = []
    with counter(max=3) as pool:

        def work():
            for _ in range(100):
                with pool.get() as guest:
                    results.append(guest.exports.next())

        workers = [threading.Thread(target=work) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert results == [1] * 800
        counts = pool.counts
        assert (counts.taken, counts.waiting, counts.served) == (0, 0, 800) and counts.ready <= 3


def test_a_caller_waits_until_one_is_given_back():
    with counter(max=1, wait=60) as pool:
        guest = pool.get()
        threading.Timer(0.05, guest.close).start()
        assert pool.call("next") == 1


def test_closing_ends_those_who_wait():
    pool = counter(max=1, wait=60)
    guest, errors = pool.get(), []

    def wait():
        try:
            pool.get()
        except lb.ClosedError as error:
            errors.append(error.kind)

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(lambda: pool.counts.waiting)
    pool.close()
    waiting.join(30)
    assert errors == ["closed"]
    assert guest.exports.next() == 1  # taken before
    guest.close()
    assert guest.store.closed and pool.counts.taken == 0


@asynchronous
async def test_a_thousand_calls_are_in_flight():
    with counter(max=4) as pool:
        calls = [pool.call_async("next") for _ in range(1000)]
        assert await asyncio.gather(*calls) == [1] * 1000
        counts = pool.counts
        assert (counts.taken, counts.waiting, counts.served) == (0, 0, 1000)


@asynchronous
async def test_calls_are_cancelled_one_by_one():
    with counter(max=2) as pool:
        spins = [pool.call_async("spin") for _ in range(2)]
        later = pool.call_async("next")
        dropped = pool.call_async("next")
        await until(lambda: pool.counts.taken == 2)
        assert not later.done() and dropped.cancel()
        spins[0].cancel()
        assert await later == 1 and not spins[1].done()
        spins[1].cancel()
        assert await pool.call_async("next") == 1
        await until(lambda: not pool.counts.taken)


@asynchronous
async def test_a_coroutine_answers_guests_of_a_pool():
    async def f(n):
        await asyncio.sleep(0)
        return n * 10

    with lb.Pool(lb.load(HOST), {"env": {"f": f}}, max=3) as pool:
        calls = [pool.call_async("inner", n) for n in range(30)]
        assert await asyncio.gather(*calls) == [n * 10 for n in range(30)]
        with pool.get() as guest:
            assert await guest.call_async("inner", 4) == 40


@asynchronous
async def test_closing_while_calls_are_in_flight():
    pool = counter(max=2)
    calls = [pool.call_async("spin") for _ in range(4)]
    await until(lambda: pool.counts.taken == 2)
    pool.close()
    calls[0].cancel()
    calls[1].cancel()
    for call in calls[2:]:
        with pytest.raises(lb.ClosedError):
            await call


@asynchronous
async def test_an_instance_that_is_given_back_with_a_call_in_flight():
    for reset in ("fresh", "reuse"):
        with counter(max=1, reset=reset) as pool:
            guest = pool.get()
            spins = begun(guest)
            spin = guest.call_async("spin")
            await until(spins)
            guest.close()
            with pytest.raises(lb.ClosedError):
                await spin
            assert pool.call("next") == 1
            # An instance that nobody else has lives as long as its call.
            assert await pool.get().call_async("next") == (1 if reset == "fresh" else 2)


def test_an_instance_outlives_its_pool():
    pool = lb.Pool(lb.load(HOST), {"env": {"f": lambda n: n + 1}}, max=1)
    guest = pool.get()
    gone = weakref.ref(pool)
    del pool
    gc.collect()
    assert guest.exports.inner(1) == 2
    del guest
    gc.collect()
    assert gone() is None


def test_a_pool_that_its_host_functions_refer_to_is_collected():
    pools = []
    pool = lb.Pool(lb.load(HOST), {"env": {"f": lambda n: pools and n}}, max=1)
    pools.append(pool)
    with pool.get() as guest:
        pools.append(guest)
        assert guest.exports.inner(1) == 1
    gone = weakref.ref(pool)
    del pool, guest, pools
    gc.collect()
    assert gone() is None


def test_pools_leave_nothing_behind():
    def work(times):
        with lb.Pool(lb.load(REFS), max=2, reset="reuse") as reused, counter() as fresh:
            for n in range(times):
                reused.call("keep", n % 4, object())
                fresh.call("next")
        gc.collect()
        return len(gc.get_objects())

    work(100)
    before = work(100)
    assert work(5000) - before < 100


def test_the_interpreter_ends_with_everything_alive():
    program = """
        import sys
        import landbridge as lb
        from guests import HOST
        pool = lb.Pool(lb.load(HOST), {"env": {"f": lambda n: n}}, max=2)
        guest, other = pool.get(), pool.get()
        other.close()
        sys.kept = [pool, guest, guest.exports.inner]
        print(guest.exports.inner(3))
    """
    assert ended_well(program) == "3"
