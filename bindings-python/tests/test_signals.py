"""Traps that are signals, and the signals of everybody else in the process."""

import signal

import pytest
from children import ended_well, run

GUEST = """
import faulthandler, os, signal, sys, threading
{first}
import landbridge as lb
{second}
TIMES = 10_000
GUEST = '''(module (memory 1 1)
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))
  (func $down (export "down") (call $down)))'''
# Little stack, so that overflowing it ten thousand times does not take long.
guest = lb.load(GUEST, engine=lb.Engine(stack_bytes=65536))

def trap(code, function, *args):
    try:
        function(*args)
    except lb.Trap as error:
        assert error.code == code
    else:
        raise AssertionError(code)

def traps(exports):
    trap("memory_out_of_bounds", exports.load, 70_000)
    trap("integer_division_by_zero", exports.div, 0)
    trap("stack_overflow", exports.down)
    assert exports.div(2) == 3

def many(times):
    exports = guest.instantiate().exports
    for _ in range(times):
        traps(exports)
"""


def program(body, first="", second=""):
    return GUEST.format(first=first, second=second) + body


PLACES = pytest.mark.parametrize(
    "place", [{}, {"first": "faulthandler.enable()"}, {"second": "faulthandler.enable()"}], ids=str
)


@PLACES
def test_traps_stay_exceptions_with_a_fault_handler(place):
    body = """
many(TIMES)
threads = [threading.Thread(target=many, args=(TIMES // 4,)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
many(1)
print(faulthandler.is_enabled())
"""
    assert ended_well(program(body, **place)) == str(bool(place))


@pytest.mark.parametrize("handler", ["faulthandler.enable()", "signal.signal(signal.SIGSEGV, print)"])
def test_a_handler_that_comes_later_is_put_behind_the_engine(handler):
    body = f"""
many(100)
{handler}
many(100)
exports = guest.instantiate().exports
import time
faulthandler.disable()
signal.signal(signal.SIGSEGV, signal.SIG_DFL)
{handler}
time.sleep(0.1)  # sleeps: the engine looks at handlers once in a while
for _ in range(100): traps(exports)
print("lives")
"""
    assert ended_well(program(body)) == "lives"


def test_a_fault_of_the_process_reaches_a_handler_that_came_later():
    body = """
many(100)
faulthandler.enable()
many(100)
import ctypes
ctypes.string_at(0)
"""
    done = run(program(body))
    assert done.returncode == -signal.SIGSEGV
    assert "Segmentation fault" in done.stderr and "most recent call first" in done.stderr


def test_the_fault_handler_writes_where_threads_are():
    body = """
many(100)
def f():
    faulthandler.dump_traceback()
    many(1)
host = lb.load('(module (import "e" "f" (func $f)) (func (export "run") (call $f)))')
host = host.instantiate({"e": {"f": f}})
host.exports.run()
faulthandler.dump_traceback()
"""
    done = run(program(body, "faulthandler.enable()"))
    assert done.returncode == 0
    assert done.stderr.count("Current thread") == 2 and " in f" in done.stderr


def test_a_fault_of_the_process_still_ends_it_as_it_would():
    body = """
many(100)
import ctypes
print("before", flush=True)
ctypes.string_at(0)
"""
    done = run(program(body, "faulthandler.enable()"))
    assert done.stdout.strip() == "before" and done.returncode == -signal.SIGSEGV
    assert "Segmentation fault" in done.stderr and "most recent call first" in done.stderr
    done = run(program(body))
    assert done.returncode == -signal.SIGSEGV and not done.stderr


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGINT", "SIGALRM"])
def test_signal_handlers_and_traps_alternate(name):
    body = f"""
exports = guest.instantiate().exports
seen = []
signal.signal(signal.{name}, lambda *_: seen.append(trap("integer_division_by_zero", exports.div, 0)))
for n in range(TIMES):
    traps(exports)
    signal.raise_signal(signal.{name})
    assert len(seen) == n + 1
print("done")
"""
    assert ended_well(program(body)) == "done"


def test_handlers_of_the_signals_that_traps_are():
    first = """
seen = []
for name in ("SIGSEGV", "SIGFPE", "SIGILL", "SIGBUS"):
    signal.signal(getattr(signal, name), lambda number, frame: seen.append(number))
"""
    body = """
exports = guest.instantiate().exports
for n in range(TIMES // 4):
    traps(exports)
    for number in (signal.SIGSEGV, signal.SIGFPE, signal.SIGILL, signal.SIGBUS):
        signal.raise_signal(number)
        assert seen.pop() == number and not seen
print("done")
"""
    assert ended_well(program(body, first)) == "done"


@pytest.mark.parametrize("place", [{}, {"first": "faulthandler.enable()"}, {"second": "faulthandler.enable()"}], ids=str)
def test_a_fault_handler_comes_and_goes(place):
    body = """
exports = guest.instantiate().exports
for _ in range(200):
    traps(exports)
    faulthandler.disable()
    traps(exports)
    faulthandler.enable()
    traps(exports)
    faulthandler.enable()
threads = [threading.Thread(target=many, args=(100,)) for _ in range(4)]
for thread in threads: thread.start()
for _ in range(200): faulthandler.disable(), faulthandler.enable()
for thread in threads: thread.join()
many(1)
print(faulthandler.is_enabled())
"""
    assert ended_well(program(body, **place)) == "True"


@pytest.mark.parametrize("enabled", [True, False])
def test_a_fault_of_the_process_after_a_fault_handler_came_and_went(enabled):
    body = f"""
many(1)
for _ in range(5):
    faulthandler.disable()
    faulthandler.enable()
    many(1)
if not {enabled}: faulthandler.disable()
many(1)
import ctypes
print("before", flush=True)
ctypes.string_at(0)
"""
    for place in ({}, {"first": "faulthandler.enable()"}):
        done = run(program(body, **place))
        assert done.stdout.strip() == "before" and done.returncode == -signal.SIGSEGV
        assert ("Segmentation fault" in done.stderr) is enabled
        assert done.stderr.count("most recent call first") == enabled


def test_the_standard_action_is_set_again_and_again():
    body = """
import time
exports = guest.instantiate().exports
for _ in range(20):
    for number in (signal.SIGSEGV, signal.SIGFPE, signal.SIGILL):
        signal.signal(number, signal.SIG_DFL)
    time.sleep(0.02)  # sleeps: the engine looks at handlers once in a while
    exports.div(2)
    traps(exports)
print("lives", flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
print("alive")
"""
    done = run(program(body))
    assert (done.stdout.strip(), done.returncode) == ("lives", -signal.SIGSEGV)
