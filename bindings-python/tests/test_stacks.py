"""Endless recursion ends as an error on the smallest stacks, and what comes after goes on."""

import sys

import landbridge as lb
import pytest
from guests import CALC, HOST
from test_threads import ended_well, in_thread

ROUNDS = 20
SMALL = [32 << 10, 40 << 10, 48 << 10, 64 << 10, 128 << 10, 256 << 10]  # the least that Python allows is first
START = "(module (start $s) (func $s (call $s)))"
START_OF_HOST = '(module (import "env" "again" (func $again)) (start $again))'

engine = lb.Engine(cache=False)
calc = lb.load(CALC).instantiate()
host = lb.load(HOST).instantiate({"env": {"f": lambda n: host.exports.inner(n)}})


def start_again():
    lb.load(START_OF_HOST).instantiate({"env": {"again": start_again}})


RECURSIONS = {
    "guest": calc.exports.down,
    "guest and host": lambda: host.exports.inner(1),
    "start function": lambda: lb.load(START).instantiate(),
    "start function and host": start_again,
}


@pytest.mark.parametrize("recursion", RECURSIONS)
@pytest.mark.parametrize("stack", SMALL)
def test_endless_recursion_is_a_trap_on_a_small_stack(stack, recursion):
    for n in range(ROUNDS):
        outcome = in_thread(RECURSIONS[recursion], stack)
        assert isinstance(outcome, lb.Trap) and outcome.code == "stack_overflow", repr(outcome)
        assert in_thread(lambda: calc.exports.add(n, 1), stack) == n + 1


@pytest.mark.parametrize("recursion", RECURSIONS)
@pytest.mark.parametrize("stack", [1 << 20, 0, None], ids=["1 MiB", "default", "main thread"])
def test_endless_recursion_is_an_error_on_any_stack(stack, recursion):
    for _ in range(3):
        if stack is None:
            with pytest.raises((lb.Trap, RecursionError)) as caught:
                RECURSIONS[recursion]()
            outcome = caught.value
        else:
            outcome = in_thread(RECURSIONS[recursion], stack)
        # Python's own limit comes first where there is much stack.
        pythons = isinstance(outcome, RecursionError) and "host" in recursion
        assert pythons or outcome.code == "stack_overflow", repr(outcome)
        assert calc.exports.add(1, 2) == 3


def test_a_program_that_raised_the_limit_of_recursion():
    program = f"""
        import sys
        import test_stacks
        sys.setrecursionlimit(1_000_000)
        for recursion in test_stacks.RECURSIONS.values():
            outcome = test_stacks.in_thread(recursion, {1 << 20})
            assert outcome.code == "stack_overflow", repr(outcome)
        print(test_stacks.calc.exports.add(1, 2))
    """
    assert ended_well(program) == "3"


def test_deep_frames_of_python_above_the_guest():
    def under(frames, what):
        return what() if frames == 0 else under(frames - 1, what)

    former = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        for frames in (10, 500, 5_000, 15_000):
            with pytest.raises(lb.Trap) as caught:
                under(frames, calc.exports.down)
            assert caught.value.code == "stack_overflow"
            assert under(frames, lambda: calc.exports.add(1, 2)) == 3
    finally:
        sys.setrecursionlimit(former)


@pytest.mark.parametrize("stack", SMALL)
def test_a_module_compiles_on_a_small_stack(stack):
    text = CALC.replace("calc", f"calc{stack}")
    work = lambda: lb.load(text, engine=engine).instantiate().exports.add(1, 2)
    assert in_thread(work, stack) == 3
