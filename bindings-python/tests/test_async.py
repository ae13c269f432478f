"""Asynchronous calls: threads, order, cancellation, host functions that are awaited, and the end."""

import asyncio
import contextvars
import functools
import gc
import os
import threading
import time
import weakref

import landbridge as lb
import pytest
from children import ended_well
from guests import CALC, HOST, PROGRAM, THROWER, begun

ASK = """(module $ask
  (import "env" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1)
  (func $ask (export "ask") (param i32) (result i32) (call $f (local.get 0)))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "spin") (loop (br 0))))"""


def asynchronous(test):
    """Runs a test in an event loop, for a minute at most."""

    @functools.wraps(test)
    def run(*args, **keys):
        async def timed():
            async with asyncio.timeout(60):
                await test(*args, **keys)

        asyncio.run(timed())

    return run


def calc(**keys):
    return lb.load(CALC).instantiate(**keys)


def asking(function, **keys):
    return lb.load(ASK).instantiate({"env": {"f": function}}, **keys)


async def until(holds):
    while not holds():
        await asyncio.sleep(0.001)  # sleeps: a poll


@asynchronous
async def test_functions_names_and_programs():
    guest = calc()
    assert await guest.exports.add.call_async(2, 3) == 5
    assert await guest.call_async("swap", 1, 2) == (2, 1)
    assert await guest.exports.nothing.call_async() is None
    program = lb.load(PROGRAM).instantiate(policy=lb.Policy(args=["a", "b"]), stdout=lb.CAPTURE)
    assert await program.run_async() == 2
    assert program.store.stdout() == b"hello\n"


@asynchronous
async def test_what_is_given_is_a_future_that_started():
    guest = calc()
    future = guest.exports.add.call_async(2, 3)
    assert isinstance(future, asyncio.Future) and not future.done()
    await until(future.done)
    assert future.result() == await future == 5


@asynchronous
async def test_a_thousand_calls_of_one_store_keep_their_order():
    seen = []
    guest = asking(lambda n: seen.append(n) or n)
    calls = [guest.exports.ask.call_async(n) for n in range(1000)]
    assert await asyncio.gather(*calls) == seen == list(range(1000))


@asynchronous
async def test_stores_run_side_by_side_on_named_threads():
    meet, names = threading.Barrier(3), set()

    def f(n):
        names.add(threading.current_thread().name.rpartition("_")[0])
        return meet.wait(30) * 0 + n

    engine = lb.Engine(call_threads=3)
    module = lb.load(ASK, engine=engine)
    guests = [module.instantiate({"env": {"f": f}}) for _ in range(3)]
    assert await asyncio.gather(*[it.exports.ask.call_async(1) for it in guests]) == [1, 1, 1]
    assert names == {"landbridge-call"} and engine.call_threads == 3


@asynchronous
async def test_a_busy_store_holds_one_thread():
    module = lb.load(CALC, engine=lb.Engine(call_threads=2))
    busy, other = module.instantiate(), module.instantiate()
    spins = [busy.exports.spin.call_async() for _ in range(10)]
    assert await other.exports.add.call_async(1, 2) == 3
    spins[0].cancel()
    for spin in spins[1:]:
        with pytest.raises(lb.PoisonedError):
            await spin


@asynchronous
async def test_what_is_wrong_with_a_call_is_told_at_once():
    guest = calc()
    with pytest.raises(lb.TypeMismatch, match="arguments of add: expected 2"):
        guest.exports.add.call_async(1)
    with pytest.raises(lb.TypeMismatch, match="arguments of add: expected 2"):
        guest.call_async("add", 1)
    with pytest.raises(lb.NotFoundError, match="no export is named"):
        guest.call_async("nope")
    with pytest.raises(lb.NotFoundError, match="is a memory, not a func"):
        guest.call_async("memory")
    guest.close()
    with pytest.raises(lb.ClosedError):
        guest.call_async("add", 1, 2)
    with pytest.raises(lb.TypeMismatch):
        await calc().exports.add.call_async("a", 2)


def test_it_needs_an_event_loop():
    guest = calc()
    with pytest.raises(lb.UnsupportedError, match="while an event loop runs"):
        guest.exports.add.call_async(1, 2)
    assert guest.exports.add(1, 2) == 3


@asynchronous
async def test_a_trap_comes_out_with_its_frames():
    with pytest.raises(lb.Trap) as caught:
        await calc().exports.div.call_async(1, 0)
    assert caught.value.code == "integer_division_by_zero"
    assert [frame.func_name for frame in caught.value.frames] == ["div"]


@pytest.mark.parametrize("is_async", [False, True])
@asynchronous
async def test_an_exception_comes_out_as_the_very_object(is_async):
    boom = KeyError("boom")

    def f(n):
        raise boom

    async def g(n):
        await asyncio.sleep(0)
        raise boom

    guest = asking(g if is_async else f)
    with pytest.raises(KeyError) as caught:
        await guest.exports.ask.call_async(1)
    assert caught.value is boom
    assert [frame.func_name for frame in lb.frames(boom)] == ["ask"]
    assert guest.exports.twice(4) == 8


@asynchronous
async def test_a_tagged_exception_of_a_coroutine_is_caught_by_the_guest():
    async def f(n):
        raise lb.TaggedException(guest.exports.number, n, 7)

    guest = lb.load(THROWER).instantiate({"env": {"f": f}})
    assert await guest.exports["catch"].call_async(5) == (5, 7)


@asynchronous
async def test_stop_iteration_does_not_end_the_loop():
    def f(n):
        raise StopIteration(n)

    with pytest.raises(RuntimeError, match="StopIteration") as caught:
        await asking(f).exports.ask.call_async(1)
    assert isinstance(caught.value.__cause__, StopIteration)


@asynchronous
async def test_what_has_not_begun_is_cancelled_without_harm():
    gate, seen = threading.Event(), []

    def f(n):
        seen.append(n)
        gate.wait(30)
        return n

    guest = asking(f)
    first, second, third = [guest.exports.ask.call_async(n) for n in range(3)]
    await until(lambda: seen)
    assert second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.set()
    assert (await first, await third) == (0, 2)
    assert seen == [0, 2]
    assert not third.cancel() and await third == 2  # done: nothing happens
    assert guest.exports.twice(4) == 8


@asynchronous
async def test_what_runs_is_ended_and_nothing_else():
    guest, other = calc(), calc()
    both = begun(guest), begun(other)
    spin, more = guest.exports.spin.call_async(), other.exports.spin.call_async()
    await until(lambda: all(it() for it in both))
    spin.cancel()
    assert spin.cancelled()
    with pytest.raises(asyncio.CancelledError):
        await spin
    with pytest.raises(lb.PoisonedError):
        await guest.exports.add.call_async(1, 2)
    assert not more.done()
    more.cancel()


@asynchronous
async def test_cancelling_does_not_reach_the_call_that_comes_next():
    guest = lb.load(PROGRAM).instantiate()
    for _ in range(300):
        calls = [guest.exports.one.call_async() for _ in range(3)]
        await asyncio.sleep(0)
        calls[0].cancel()
        assert await asyncio.gather(*calls[1:]) == [1, 1]


@asynchronous
async def test_time_outs_and_task_groups():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(calc().exports.spin.call_async(), 0.05)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await calc().exports.spin.call_async()

    async def spin(guest):
        await guest.exports.spin.call_async()

    spinning = calc()
    spins = begun(spinning)
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as group:
            group.create_task(spin(spinning))
            await until(spins)
            raise KeyError("mine")
    assert caught.group_contains(KeyError)
    with pytest.raises(lb.PoisonedError):
        await spinning.exports.add.call_async(1, 2)


@asynchronous
async def test_a_deadline():
    with pytest.raises(lb.DeadlineError):
        await calc(limits=lb.Limits(timeout_ms=30)).exports.spin.call_async()


@asynchronous
async def test_a_store_that_is_cancelled():
    guest = calc()
    spins = begun(guest)
    spin = guest.exports.spin.call_async()
    await until(spins)
    guest.store.cancel()
    with pytest.raises(lb.CancelledError):
        await spin


@asynchronous
async def test_a_store_that_is_closed():
    guest = calc()
    spins = begun(guest)
    calls = [guest.exports.spin.call_async() for _ in range(5)]
    await until(spins)
    guest.close()
    for call in calls:
        with pytest.raises(lb.ClosedError):
            await call


# Host functions that are awaited


@asynchronous
async def test_the_guest_waits_and_the_loop_does_not():
    threads, enough = [], asyncio.Event()

    async def f(n):
        threads.append(threading.get_ident())
        await enough.wait()
        return n + 1

    call = asking(f).exports.ask.call_async(4)
    await until(lambda: threads)
    for _ in range(10):
        await asyncio.sleep(0)  # the loop turns
    enough.set()
    assert await call == 5 and threads == [threading.get_ident()]


@asynchronous
async def test_the_loop_uses_the_instance_while_its_guest_waits():
    async def f(n):
        guest.exports.memory[7] = n
        await asyncio.sleep(0)
        guest.exports.memory.grow(1)
        return guest.exports.twice(guest.exports.memory[7])

    guest = asking(f)
    assert await guest.exports.ask.call_async(4) == 8
    assert guest.exports.memory.size_pages == 2


@asynchronous
async def test_a_call_of_the_loop_that_calls_back():
    """The guest's thread works for the loop and reaches a function of Python's: nobody starves."""

    async def f(n):
        return again.exports.many(200) + n

    with lb.Store() as store:
        again = store.instantiate(lb.load(HOST), {"env": {"f": lambda n: 1}})
        guest = store.instantiate(lb.load(ASK), {"env": {"f": f}})
        for _ in range(20):
            assert await guest.exports.ask.call_async(4) == 204


@asynchronous
async def test_a_loop_that_waits_for_the_store_answers_its_guest():
    async def f(n):
        return n + 1

    guest = asking(f)
    for _ in range(5):
        call = guest.exports.ask.call_async(4)
        # sleeps: the guest waits by now for the loop that stands, which nothing can tell
        time.sleep(0.02)
        assert guest.exports.twice(4) == 8
        assert await call == 5


@asynchronous
async def test_what_a_function_returns_is_awaited():
    class Later:
        def __await__(self):
            yield from asyncio.sleep(0).__await__()
            return 7

    async def one(n):
        return n

    assert await asking(lambda n: Later()).exports.ask.call_async(1) == 7
    assert await asking(lambda n: one(n + 1)).exports.ask.call_async(1) == 2
    assert await asking(functools.partial(one)).exports.ask.call_async(3) == 3
    with pytest.raises(lb.TypeMismatch):
        await asking(lambda n: asyncio.sleep(0, "text")).exports.ask.call_async(1)


@asynchronous
async def test_any_object_may_be_a_result_also_one_that_can_be_awaited():
    text = """(module (import "env" "f" (func $f (param i32) (result externref)))
      (func (export "get") (result externref) (call $f (i32.const 1))))"""
    future = asyncio.get_running_loop().create_future()
    module = lb.load(text)
    assert module.instantiate({"env": {"f": lambda n: future}}).exports.get() is future

    async def f(n):
        return future

    assert await module.instantiate({"env": {"f": f}}).exports.get.call_async() is future
    future.cancel()


@asynchronous
async def test_the_caller_is_asked_while_its_function_is_awaited():
    kept = []

    @lb.with_caller
    async def f(caller, n):
        kept.append(caller)
        await asyncio.sleep(0)
        caller.export("memory")[0] = n
        return caller.export("twice")(n)

    guest = asking(f)
    assert await guest.exports.ask.call_async(4) == 8
    assert guest.exports.memory[0] == 4
    with pytest.raises(lb.ClosedError):
        kept[0].export("memory")


@asynchronous
async def test_context_variables_are_carried_along():
    name = contextvars.ContextVar("name", default="none")
    seen = []

    def f(n):
        seen.append(name.get())
        return n

    async def g(n):
        await asyncio.sleep(0)
        return f(n)

    name.set("mine")
    await asking(f).exports.ask.call_async(1)
    await asking(g).exports.ask.call_async(1)
    assert seen == ["mine", "mine"]


@pytest.mark.parametrize("ends", ["cancelled", "late", "closed"])
@asynchronous
async def test_a_call_that_ends_cancels_its_coroutine(ends):
    outcome = []

    async def f(n):
        outcome.append("begun")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            outcome.append("cancelled")
            raise

    timeout = {"timeout_ms": 50} if ends == "late" else {}
    guest = asking(f, limits=lb.Limits(**timeout))
    call = guest.exports.ask.call_async(1)
    await until(lambda: outcome)
    match ends:
        case "cancelled":
            call.cancel()
        case "closed":
            guest.close()
    error = {"cancelled": asyncio.CancelledError, "late": lb.DeadlineError, "closed": lb.ClosedError}
    with pytest.raises(error[ends]):
        await call
    await until(lambda: outcome == ["begun", "cancelled"])


@asynchronous
async def test_a_coroutine_that_cancels_itself_cancels_its_call():
    async def f(n):
        asyncio.current_task().cancel()
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asking(f).exports.ask.call_async(1)


@asynchronous
async def test_a_synchronous_call_cannot_wait_for_a_coroutine():
    async def f(n):
        return n

    guest = asking(f)
    with pytest.raises(lb.UnsupportedError, match="env.f is asynchronous: call the guest with call_async"):
        guest.exports.ask(1)
    with pytest.raises(lb.UnsupportedError):
        await asyncio.to_thread(guest.exports.ask, 1)
    assert await guest.exports.ask.call_async(1) == 1


@asynchronous
async def test_a_loop_that_waits_for_its_guest_cannot_answer_it():
    async def f(n):
        if n == 0:
            return 5
        return guest.exports.ask(n - 1)

    guest = asking(f)
    with pytest.raises(lb.DeadlockError, match="make it with call_async"):
        await guest.exports.ask.call_async(1)
    assert await guest.exports.ask.call_async(0) == 5


@asynchronous
async def test_a_coroutine_cannot_wait_for_the_guest_that_waits_for_it():
    async def f(n):
        return await guest.exports.twice.call_async(n)

    guest = asking(f)
    with pytest.raises(lb.DeadlockError, match="call it without call_async"):
        await guest.exports.ask.call_async(1)
    assert await guest.exports.twice.call_async(1) == 2


@asynchronous
async def test_guests_call_guests_through_the_loop():
    inner = asking(lambda n: n + 1)

    async def f(n):
        return await inner.exports.ask.call_async(n) * 10

    outer = asking(f)
    calls = [outer.exports.ask.call_async(n) for n in range(50)]
    assert await asyncio.gather(*calls) == [(n + 1) * 10 for n in range(50)]


@asynchronous
async def test_what_a_guest_writes_is_awaited():
    written = []

    async def write(piece):
        await asyncio.sleep(0)
        written.append(piece)

    program = lb.load(PROGRAM).instantiate(stdout=write)
    assert await program.run_async() == 0
    assert written == [b"hello\n"]
    with pytest.raises(lb.UnsupportedError, match="stdout is asynchronous"):
        lb.load(PROGRAM).instantiate(stdout=write).run()


@pytest.mark.parametrize("begun", [False, True])
def test_a_guest_does_not_wait_for_a_loop_that_is_closed(begun):
    seen, coroutines = threading.Event(), []

    async def again():
        try:
            return await asyncio.wait_for(guest.exports.twice.call_async(4), 30)
        except lb.PoisonedError:
            return 8

    async def forever():
        await asyncio.Event().wait()

    def f(n):
        coroutines.append(forever())
        seen.set()
        return coroutines[-1]

    guest, loop = asking(f), asyncio.new_event_loop()

    async def start():
        call = guest.exports.ask.call_async(1)
        while begun and not asyncio.all_tasks() > {asyncio.current_task()}:
            await asyncio.sleep(0.001)  # sleeps: a poll
        if not begun:
            seen.wait(30)
        return call

    call = loop.run_until_complete(start())
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False
    loop.close()
    assert asyncio.run(again()) == 8
    assert not call.done()
    coroutines[0].close()


def test_a_loop_that_stands_is_asked_for_no_longer_than_the_deadline():
    async def f(n):
        await asyncio.Event().wait()

    guest, loop = asking(f, limits=lb.Limits(timeout_ms=100)), asyncio.new_event_loop()

    async def start():
        return guest.exports.ask.call_async(1)

    call = loop.run_until_complete(start())
    time.sleep(0.3)  # sleeps: the loop does not turn
    with pytest.raises(lb.DeadlineError):
        loop.run_until_complete(call)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


# Threads, processes, and the end


def threads():
    return sum(it.name.startswith("landbridge-call") for it in threading.enumerate())


def test_many_engines_and_their_threads_go():
    before = threads()

    async def call():
        engines = [lb.Engine(call_threads=2, cache=False) for _ in range(10)]
        guests = [lb.load(CALC, engine=engine).instantiate() for engine in engines]
        found = await asyncio.gather(*[it.exports.add.call_async(1, 2) for it in guests])
        assert found == [3] * 10 and threads() >= before + 10

    asyncio.run(call())
    gc.collect()
    end = time.monotonic() + 30
    while threads() > before:
        assert time.monotonic() < end
        time.sleep(0.01)  # sleeps: a poll


@asynchronous
async def test_a_thread_that_cannot_be_started(monkeypatch):
    guest = lb.load(CALC, engine=lb.Engine()).instantiate()

    def start(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(lb.LimitError, match="cannot be started: can't start new thread"):
            guest.exports.add.call_async(1, 2)
    assert await guest.exports.add.call_async(1, 2) == 3


@asynchronous
async def test_calls_leave_nothing_behind():
    async def f(n):
        return n

    others, engine = threads(), lb.Engine(call_threads=2)
    add, ask = lb.load(CALC, engine=engine), lb.load(ASK, engine=engine)
    hosts = [{"env": {"f": f}}, {"env": {"f": lambda n: 1 // n}}]
    guests = [add.instantiate(), *map(ask.instantiate, hosts)]

    async def work(times):
        for _ in range(times):
            await asyncio.gather(
                *[guests[0].exports.add.call_async(n, 1) for n in range(80)],
                *[guests[1].exports.ask.call_async(n) for n in range(10)],
                *[guests[2].exports.ask.call_async(0) for n in range(10)],
                return_exceptions=True,
            )

    def counts():
        gc.collect()
        return len(gc.get_objects()), len(os.listdir("/proc/self/fd")), resident()

    await work(20)
    before = counts()
    await work(100)  # 10,000 calls
    after = counts()
    assert after[0] - before[0] < 200
    assert after[1] == before[1]
    assert after[2] - before[2] < 8 << 20
    assert threads() <= others + 2


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@asynchronous
async def test_a_call_that_failed_is_no_circle():
    guest = asking(lambda n: 1 // n)
    gc.collect()
    gc.disable()
    try:
        call = guest.exports.ask.call_async(0)
        gone = weakref.ref(call)
        with pytest.raises(ZeroDivisionError) as caught:
            await call
        del call, caught
        await until(lambda: gone() is None)
    finally:
        gc.enable()


PENDING = {
    "a guest that runs": "calc.exports.spin.call_async()",
    "guests that wait": "[calc.exports.spin.call_async() for _ in range(100)]",
    "a coroutine": "asking.exports.inner.call_async(1)",
    "a guest that sleeps": "program.exports.sleep.call_async(10**6)",
    "a pool": "[pool.call_async('spin') for _ in range(100)]",
}


@pytest.mark.parametrize("pending", PENDING)
@pytest.mark.parametrize("how", ["returns", "exits", "a thread's loop", "a daemon's loop"])
def test_the_interpreter_ends_with_calls_in_flight(pending, how):
    program = f"""
        import asyncio, sys, threading, time
        import landbridge as lb
        from guests import CALC, HOST, PROGRAM
        calc = lb.load(CALC).instantiate()
        program = lb.load(PROGRAM).instantiate()
        pool = lb.Pool(lb.load(CALC), max=2)
        async def f(n):
            await asyncio.Event().wait()
        asking = lb.load(HOST).instantiate({{"env": {{"f": f}}}})
        begun = threading.Event()
        async def main():
            calls = {PENDING[pending]}
            await asyncio.sleep(0.1)  # sleeps: so that all are in the middle of what they do
            print("in flight", flush=True)
            begun.set()
            if {how!r} == "exits":
                sys.exit(0)
            if {how!r} == "a daemon's loop":
                await asyncio.Event().wait()
        if "loop" in {how!r}:
            daemon = "daemon" in {how!r}
            threading.Thread(target=lambda: asyncio.run(main()), daemon=daemon).start()
            begun.wait(30)
        else:
            asyncio.run(main())
    """
    started = time.monotonic()
    assert ended_well(program) == "in flight"
    assert time.monotonic() - started < 20


def test_a_loop_that_is_never_closed_at_the_end():
    program = """
        import asyncio
        import landbridge as lb
        from guests import CALC, HOST
        begun = asyncio.Event()
        async def f(n):
            begun.set()
            await asyncio.Event().wait()
        guest = lb.load(HOST).instantiate({"env": {"f": f}})
        loop = asyncio.new_event_loop()
        async def start():
            call = guest.exports.inner.call_async(1)
            await begun.wait()
            return call
        call = loop.run_until_complete(start())
        print("in flight", flush=True)
        import os
        os.close(2)  # what asyncio says of tasks that are pending
    """
    assert ended_well(program) == "in flight"


def test_a_forked_child_makes_calls_of_its_own():
    program = """
        import asyncio, os, threading, warnings
        import landbridge as lb
        from guests import CALC, begun, wait_until
        warnings.simplefilter("ignore")
        busy, guest = lb.load(CALC).instantiate(), lb.load(CALC).instantiate()
        pool = lb.Pool(lb.load(CALC), max=2)
        async def add():
            calls = [guest.exports.add.call_async(1, n) for n in range(100)]
            calls += [pool.call_async("add", 1, n) for n in range(100)]
            assert await asyncio.gather(*calls) == [n + 1 for n in range(100)] * 2
        spinning = threading.Event()
        async def spin():
            spins = [busy.exports.spin.call_async() for _ in range(3)]
            spinning.set()
            await asyncio.Event().wait()
        asyncio.run(add())
        runs = begun(busy)
        threading.Thread(target=lambda: asyncio.run(spin()), daemon=True).start()
        spinning.wait()
        wait_until(runs)
        child = os.fork()
        asyncio.run(add())
        if child == 0:
            print("child", flush=True)
        else:
            _, status = os.waitpid(child, 0)
            print("parent", os.waitstatus_to_exitcode(status))
    """
    assert ended_well(program) == "child\nparent 0"


def test_a_forked_child_is_told_of_a_guest_that_waits():
    program = """
        import asyncio, os, warnings
        import landbridge as lb
        from guests import HOST
        warnings.simplefilter("ignore")
        async def f(n):
            assert guest.exports.div(2) == 30
            child = os.fork()
            if child == 0:
                try:
                    guest.exports.div(2)
                except lb.PoisonedError:
                    os._exit(3)
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status)
        guest = lb.load(HOST).instantiate({"env": {"f": f}})
        async def main():
            print(await guest.exports.inner.call_async(1))
        asyncio.run(main())
    """
    assert ended_well(program) == "3"


@pytest.mark.parametrize("waiting", ["guest.exports.add(1, 2)", "pool.get()", "pool.call('add', 1, 2)"])
def test_ctrl_c_reaches_a_main_thread_that_waits(waiting):
    program = f"""
        import os, signal, threading, time
        import landbridge as lb
        from guests import CALC, begun, wait_until
        signal.signal(signal.SIGINT, signal.default_int_handler)
        guest = lb.load(CALC).instantiate()
        guest.exports.add(1, 2)
        pool = lb.Pool(lb.load(CALC), max=1)
        taken = pool.get()
        spinning = threading.Thread(target=lambda: print("ended", ended()))
        def ended():
            try:
                guest.exports.spin()
            except lb.CancelledError as error:
                return error.kind
        runs = begun(guest)
        spinning.start()
        wait_until(runs)
        pid = os.getpid()
        threading.Timer(0.3, lambda: os.kill(pid, signal.SIGINT)).start()
        started = time.monotonic()
        try:
            {waiting}
        except KeyboardInterrupt:
            print("interrupted", time.monotonic() - started < 10)
        guest.store.cancel()
        spinning.join()
        taken.close()
        print(pool.call("add", 1, 2), pool.counts.waiting)
    """
    assert ended_well(program) == "interrupted True\nended cancelled\n3 0"


def test_ctrl_c_ends_what_a_program_awaits():
    program = """
        import asyncio, os, signal, threading, time
        import landbridge as lb
        from guests import CALC
        signal.signal(signal.SIGINT, signal.default_int_handler)
        guest = lb.load(CALC).instantiate()
        pid = os.getpid()
        threading.Timer(0.3, lambda: os.kill(pid, signal.SIGINT)).start()
        async def main():
            await guest.exports.spin.call_async()
        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("interrupted")
        try:
            guest.exports.add(1, 2)
        except lb.PoisonedError:
            print("poisoned")
    """
    assert ended_well(program) == "interrupted\npoisoned"
