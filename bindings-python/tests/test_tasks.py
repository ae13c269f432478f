"""An asynchronous call is a future that has begun, and is taken wherever asyncio takes a coroutine."""

import asyncio
import collections.abc
import gc
import threading

import landbridge as lb
import pytest
import uvloop
from guests import CALC, HOST, begun
from test_async import until

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(params=LOOPS)
def run(request):
    """Runs a coroutine in a loop of this sort, for a minute at most."""

    def run(main):
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            return runner.run(asyncio.wait_for(main, 60))

    return run


def calc():
    return lb.load(CALC).instantiate()


def cancels(make):
    """Cancels a task that ``make`` makes of a call which never ends; gives the call and its guest."""

    async def main(started):
        guest = calc()
        spins = begun(guest)
        call = guest.exports.spin.call_async()
        task = make(call)
        if started:
            await until(spins)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert call.cancelled()
        return guest

    return main


def test_tasks_are_made_of_calls(run):
    async def main():
        guest = calc()
        call = guest.exports.add.call_async(2, 3)
        assert asyncio.iscoroutine(call) and isinstance(call, collections.abc.Coroutine)
        task = asyncio.create_task(call, name="mine")
        assert isinstance(task, asyncio.Task) and task.get_name() == "mine" and "call_async" in repr(task)
        assert await task == await call == 5
        async with asyncio.TaskGroup() as group:
            one = group.create_task(guest.exports.add.call_async(1, 1))
            two = group.create_task(guest.call_async("swap", 1, 2))
        assert (one.result(), two.result()) == (2, (2, 1))
        assert await asyncio.get_running_loop().create_task(guest.exports.nothing.call_async()) is None

    run(main())


def test_what_takes_any_awaitable_takes_it(run):
    async def main():
        add = calc().exports.add.call_async
        assert await asyncio.gather(add(1, 1), asyncio.create_task(add(2, 2))) == [2, 4]
        assert await asyncio.wait_for(add(1, 2), 30) == 3
        assert await asyncio.shield(add(1, 3)) == 4
        assert asyncio.ensure_future(call := add(1, 4)) is call
        assert [await one for one in asyncio.as_completed([call])] == [5]
        async with asyncio.timeout(30):
            assert await add(1, 5) == 6
        done, _ = await asyncio.wait([asyncio.create_task(add(1, 6))])
        assert done.pop().result() == 7

    run(main())


def test_another_thread_hands_it_to_the_loop(run):
    async def main():
        add, loop, results = calc().exports.add, asyncio.get_running_loop(), []

        async def call():
            return add.call_async(1, 2)

        def ask():
            made = asyncio.run_coroutine_threadsafe(call(), loop).result(30)
            results.append(asyncio.run_coroutine_threadsafe(made, loop).result(30))

        thread = threading.Thread(target=ask)
        thread.start()
        await until(lambda: not thread.is_alive())
        assert results == [3]

    run(main())


WAYS = {
    "create_task": asyncio.create_task,
    "gather": asyncio.gather,
    "wait_for": lambda call: asyncio.create_task(asyncio.wait_for(call, 60)),
}


# A `wait_for` that never began knows nothing of the call.
@pytest.mark.parametrize(("way", "started"), [*((way, True) for way in WAYS), ("create_task", False), ("gather", False)])
def test_cancelling_the_task_ends_the_call(run, way, started):
    make = WAYS[way]
    guest = run(cancels(make)(started))
    if started:
        with pytest.raises(lb.PoisonedError):
            guest.exports.add(1, 2)


def test_a_task_group_that_fails_ends_its_calls(run):
    async def main():
        guest = calc()
        spins = begun(guest)
        with pytest.raises(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                call = guest.exports.spin.call_async()
                group.create_task(call)
                await until(spins)
                raise KeyError("mine")
        assert call.cancelled()
        with pytest.raises(lb.PoisonedError):
            guest.exports.add(1, 2)

    run(main())


def test_a_group_that_is_over_ends_the_call_it_is_given(run):
    async def main():
        async with asyncio.TaskGroup() as group:
            pass
        call = calc().exports.spin.call_async()
        with pytest.raises(RuntimeError):
            group.create_task(call)
        call.close()  # as the group does, from Python 3.13 on
        assert call.cancelled()

    run(main())


def test_calls_begin_when_they_are_made_not_when_their_tasks_do(run):
    async def main():
        seen = []
        guest = lb.load(HOST).instantiate({"env": {"f": lambda n: seen.append(n) or n}})
        calls = [guest.exports.inner.call_async(n) for n in range(100)]
        tasks = [asyncio.create_task(call) for call in reversed(calls)]
        assert await asyncio.gather(*tasks) == seen[::-1] == list(range(100))[::-1]

    run(main())


def test_a_call_that_nobody_awaits_is_made_and_its_error_told(run):
    async def main():
        told, done = [], []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
        guest = lb.load(HOST).instantiate({"env": {"f": lambda n: done.append(n) or n}})
        guest.exports.inner.call_async(7)
        guest.exports.div.call_async(0)
        while not told:
            await asyncio.sleep(0.001)  # sleeps: a poll
            gc.collect()
        assert done == [7]
        assert isinstance(told[0]["exception"], lb.Trap) and "never retrieved" in told[0]["message"]

    run(main())


def test_it_is_driven_by_hand_as_a_coroutine_is(run):
    async def main():
        guest = calc()
        call = guest.exports.add.call_async(2, 3)
        waited = call.send(None)
        assert waited is call
        await until(call.done)
        with pytest.raises(StopIteration) as stopped:
            call.send(None)
        assert stopped.value.value == 5
        call.close()
        assert call.result() == 5
        failed = guest.exports.spin.call_async()
        with pytest.raises(KeyError):
            failed.throw(KeyError("mine"))
        assert failed.cancelled()

    run(main())


@pytest.mark.parametrize("waits", [False, True])
def test_several_tasks_are_made_of_one_call(run, waits):
    async def main():
        guest = calc()
        call = guest.exports.add.call_async(2, 3)
        if not waits:
            await call
        tasks = [asyncio.create_task(call) for _ in range(3)]
        assert await asyncio.gather(*tasks) == [5, 5, 5]
        failed = guest.exports.div.call_async(1, 0)
        for task in [asyncio.create_task(failed) for _ in range(2)]:
            with pytest.raises(lb.Trap):
                await task

    run(main())


def test_a_host_function_that_gives_a_call_has_it_awaited(run):
    async def main():
        add = calc().exports.add.call_async
        calls = [add(4, 1), add(4, 2)]
        guest = lb.load(HOST).instantiate({"env": {"f": lambda n: calls[n]}})
        assert await guest.exports.inner.call_async(0) == 5
        with pytest.raises(lb.UnsupportedError):
            guest.exports.inner(1)
        assert await calls[1] == 6  # it had begun by itself, so it is not taken back

    run(main())
