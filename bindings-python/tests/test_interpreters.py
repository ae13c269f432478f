"""Subinterpreters, as of mod_wsgi and uWSGI: refused in plain words, and no harm to the main one."""

import importlib

import pytest
from children import ended_well, run

try:
    interpreters = importlib.import_module("_xxsubinterpreters").__name__
except ImportError:
    interpreters = "_interpreters"

IMPORT = """
import sys
sys.path[:] = {path!r}
told = set()
for _ in range(2):
    try:
        import landbridge
    except ImportError as error:
        assert "main interpreter" in str(error) and "mod_wsgi" in str(error), error
        told.add(str(error))
    else:
        raise AssertionError("loaded")
assert len(told) == 1, told
"""

PREPARE = f"""
import sys, threading, time
import {interpreters} as interpreters
refused = {IMPORT!r}.format(path=sys.path)
def in_another(program):
    name = interpreters.create()
    try:
        interpreters.run_string(name, program)
    finally:
        interpreters.destroy(name)
"""


@pytest.mark.parametrize("first", ["", "import landbridge"], ids=["first there", "first in the main one"])
def test_a_subinterpreter_is_refused(first):
    program = f"""
{PREPARE}
{first}
in_another(refused)
thread = threading.Thread(target=in_another, args=(refused,))
thread.start()
thread.join()
import landbridge as lb
from guests import CALC
assert lb.load(CALC).instantiate().exports.add(1, 2) == 3
print("done")
"""
    assert ended_well(program, timeout=30) == "done"


def test_the_main_interpreter_is_not_harmed():
    program = f"""
{PREPARE}
import landbridge as lb
from guests import CALC, HOST
in_another(refused)
kept = interpreters.create()
calc = lb.load(CALC).instantiate()
def spins():
    instance = lb.load('(module (func (export "spin") (loop $l (br $l))))').instantiate(
        limits=lb.Limits(timeout_ms=50))
    try:
        instance.exports.spin()
    except lb.DeadlineError:
        return True
def inside(n):
    # Another interpreter runs on this thread while a guest waits for it.
    interpreters.run_string(kept, "x = sum(range(1000))")
    in_another(refused)
    return calc.exports.add(n, 1)
host = lb.load(HOST).instantiate({{"env": {{"f": inside}}}})
def all():
    assert spins() and calc.exports.add(1, 2) == 3 and host.exports.inner(1) == 2
    try:
        calc.exports.add("one", 2)
    except lb.TypeMismatch:
        return
    raise AssertionError("taken")
all()
failed = []
threading.excepthook = lambda args: failed.append(args)
threads = [threading.Thread(target=all) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failed, failed
print("done")
"""
    assert ended_well(program, timeout=60) == "done"


def test_daemons_and_a_subinterpreter_at_the_end():
    program = f"""
{PREPARE}
import landbridge as lb
from guests import CALC
calc = lb.load(CALC).instantiate()
def work():
    while True:
        calc.exports.add(1, 2)
        lb.load(CALC).instantiate().exports.add(1, 2)
for _ in range(3): threading.Thread(target=work, daemon=True).start()
in_another("x = 1")
time.sleep(0.1)  # sleeps: so that each is somewhere in the middle of its work
"""
    done = run(program, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
