"""What the tests of forks run, in an interpreter of their own."""

import os
import signal
import threading
import traceback

import landbridge as lb
from guests import CALC, HOST, begun, wait_until  # noqa: F401

SPIN = '(module (func (export "spin") (loop (br 0))))'

# Ends a child that hangs, however it was forked.
os.register_at_fork(after_in_child=lambda: signal.alarm(20))


def in_child(what):
    """Runs `what` in a forked child, which must come back from it without an exception."""
    child = os.fork()
    if child == 0:
        leave(what)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"the child ended with {os.waitstatus_to_exitcode(status)}"


def leave(what):
    """Runs `what`, and ends the process at once: without finalizers, as servers' workers do."""
    code = 1
    try:
        what()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def refused(kind, what):
    """The error of this kind that `what` must end with."""
    try:
        found = what()
    except kind as error:
        return error
    raise AssertionError(f"{found!r} instead of {kind.__name__}")


def new_module(n):
    """Compiles a module that no process has compiled before, and calls it."""
    text = f'(module (func (export "f") (result i64) i64.const {os.getpid() << 20 | n}))'
    module = lb.load(text, engine=lb.Engine(cache=False))
    return module.instantiate().exports.f() & 0xFFFFF


def late():
    """A deadline that must fire."""
    instance = lb.load(SPIN).instantiate(limits=lb.Limits(timeout_ms=20))
    return refused(lb.DeadlineError, instance.exports.spin).kind


def through_the_host(n):
    """An instance with a host function, from loading to closing."""
    with lb.load(HOST).instantiate({"env": {"f": lambda n: n + 1}}) as instance:
        return instance.exports.many(n)


def keep_busy(*works):
    """Runs each of these for ever in a thread of its own."""

    def repeat(work):
        while True:
            work()

    for work in works:
        threading.Thread(target=repeat, args=(work,), daemon=True).start()


before = lb.load(CALC).instantiate()
timed = lb.load(SPIN).instantiate(limits=lb.Limits(timeout_ms=20))


def add(n):
    return before.exports.add(n, 1)


def late_before(_):
    return refused(lb.DeadlineError, timed.exports.spin).kind
