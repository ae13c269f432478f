"""The order of the calls of a store, and loading in an event loop."""

import asyncio
import threading

import pytest

import landbridge as lb

COUNTER = """(module (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"""


def large(n: int) -> str:
    return f'(module (func (export "f{n}") {"(drop (i32.const 1))" * 20000}))'


def test_a_synchronous_call_waits_for_those_made_before() -> None:
    async def main() -> None:
        guest = lb.load(COUNTER).instantiate()
        following = guest.exports.next
        for n in range(1, 900, 3):
            calls = [following.call_async(), following.call_async()]
            assert following() == n + 2
            assert [await call for call in calls] == [n, n + 1]

    asyncio.run(main())


def test_the_order_holds_in_a_thread_beside_the_loop() -> None:
    async def main() -> None:
        guest = lb.load(COUNTER).instantiate()
        following = guest.exports.next
        for n in range(1, 200, 2):
            call = following.call_async()
            assert await asyncio.to_thread(following) == n + 1
            assert await call == n

    asyncio.run(main())


def test_a_call_that_was_cancelled_first_holds_nobody_up() -> None:
    async def main() -> None:
        slow = threading.Event()
        module = lb.load(
            '(module (import "env" "f" (func $f)) (func (export "ask") (call $f)) (func (export "one")'
            " (result i32) (i32.const 1)))"
        )
        guest = module.instantiate({"env": {"f": lambda: None if slow.wait(30) else None}})
        one = guest.exports.one
        running = guest.exports.ask.call_async()
        waiting = one.call_async()
        waiting.cancel()
        slow.set()
        assert one() == 1
        await running
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())


def test_waiting_for_a_thread_that_waits_for_the_loop_is_told() -> None:
    engine = lb.Engine(call_threads=1)
    module = lb.load(
        '(module (import "env" "f" (func $f)) (func (export "ask") (call $f))'
        ' (func (export "one") (result i32) (i32.const 1)))',
        engine=engine,
    )
    other = module.instantiate({"env": {"f": lambda: None}})
    told: list[str] = []

    async def answer() -> None:
        await asyncio.sleep(0)
        pending = other.exports.one.call_async()
        with pytest.raises(lb.DeadlockError) as error:
            other.exports.one()
        told.append(str(error.value))
        pending.cancel()

    guest = module.instantiate({"env": {"f": answer}})

    async def main() -> None:
        await guest.exports.ask.call_async()

    asyncio.run(main())
    assert "call_threads" in told[0]
    assert other.exports.one() == 1


def test_things_of_a_store_are_equal_wherever_they_are_found() -> None:
    store = lb.Store()
    a = store.instantiate(
        lb.load(
            '(module (func (export "f")) (memory (export "m") 1) (table (export "t") 1 funcref)'
            ' (global (export "g") i32 (i32.const 1)) (tag (export "e")))'
        )
    )
    b = store.instantiate(
        lb.load(
            '(module (import "a" "f" (func)) (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref))'
            ' (import "a" "g" (global i32)) (import "a" "e" (tag)) (export "f" (func 0)) (export "m" (memory 0))'
            ' (export "t" (table 0)) (export "g" (global 0)) (export "e" (tag 0)))'
        ),
        {"a": a},
    )
    for name in "fmtge":
        one, two = a.exports[name], b.exports[name]
        assert one == two and hash(one) == hash(two) and len({one, two}) == 1, name
        assert one != 1


def test_a_module_is_loaded_while_the_loop_turns() -> None:
    async def main() -> None:
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        turning = asyncio.create_task(turn())
        modules = await asyncio.gather(lb.load_async(COUNTER), lb.load_async(bytearray(lb.load(COUNTER).bytes)))
        assert [module.instantiate().exports.next() for module in modules] == [1, 1]
        with pytest.raises(lb.CompileError):
            await lb.load_async("(module (func")
        with pytest.raises(lb.IoError):
            await lb.load_async("nowhere.wasm")
        for nothing in (5, 10**18, None, [0, 97, 115, 109], object()):
            with pytest.raises(TypeError):
                await lb.load_async(nothing)
        turning.cancel()
        assert turns

    asyncio.run(main())
    with pytest.raises(lb.UnsupportedError):
        lb.load_async(COUNTER)


def test_what_is_cancelled_before_it_begins_is_not_loaded() -> None:
    async def main() -> None:
        engine = lb.Engine(cache=False)
        loads = [lb.load_async(large(n), engine=engine) for n in range(8)]
        for load in loads[2:]:
            assert load.cancel()
        await asyncio.gather(*loads[:2])
        for load in loads[2:]:
            with pytest.raises(asyncio.CancelledError):
                await load

    asyncio.run(main())


def test_what_a_call_lets_go_of_goes_before_calls_made_later() -> None:
    told: list[int] = []

    class Last:
        def __index__(self) -> int:
            return 1

        def __del__(self) -> None:
            told.append(one())

    module = lb.load(
        '(module (func (export "take") (param i32)) (func (export "one") (result i32) (i32.const 1)))'
    )
    guest = module.instantiate()
    one = guest.exports.one

    async def main() -> None:
        calls = [guest.exports.take.call_async(Last()) for _ in range(20)]
        await asyncio.wait_for(asyncio.gather(*calls), 60)

    asyncio.run(main())
    assert told == [1] * 20
