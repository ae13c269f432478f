"""Forked children go on with what their parent had, or are told why not. They never hang."""

import http.client
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

import pytest
from test_threads import ended_well

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
HERE = pathlib.Path(__file__).resolve().parent


def pool(call):
    """What a pool of four forked processes makes of it."""
    return ended_well(
        f"""
        import forked, multiprocessing
        import landbridge as lb
        assert forked.add(1) == 2 and forked.late_before(0) == "timeout"
        forked.timed = lb.load(forked.SPIN).instantiate(limits=lb.Limits(timeout_ms=20))
        with multiprocessing.get_context("fork").Pool(4) as pool:
            print({call}.get(25))
        """
    )


def test_a_pool_calls_an_instance_of_before_the_fork():
    assert pool("pool.map_async(forked.add, range(100))") == str(list(range(1, 101)))


def test_a_pool_calls_instances_of_after_the_fork():
    sums = [sum(range(2, n + 2)) for n in range(1, 41)]
    assert pool("pool.map_async(forked.through_the_host, range(1, 41))") == str(sums)


def test_a_pool_compiles():
    assert pool("pool.map_async(forked.new_module, range(20))") == str(list(range(20)))


def test_deadlines_fire_in_a_pool():
    assert pool("pool.starmap_async(forked.late, [()] * 8)") == str(["timeout"] * 8)
    # A deadline poisons its store: one call for each worker's copy of it.
    assert pool("pool.map_async(forked.late_before, [0])") == str(["timeout"])


def test_a_store_that_a_thread_was_inside_of_says_so():
    program = """
        import forked, threading, time
        import landbridge as lb
        runs = forked.begun(forked.before)
        threading.Thread(target=forked.before.exports.spin, daemon=True).start()
        forked.wait_until(runs)

        def child():
            error = forked.refused(lb.PoisonedError, lambda: forked.add(1))
            assert "make a new one in the child" in str(error)
            assert lb.load(forked.CALC).instantiate().exports.add(1, 2) == 3

        forked.in_child(child)
        forked.in_child(lambda: forked.in_child(child))
        print("done")
    """
    assert ended_well(program) == "done"


def test_a_fork_inside_of_a_host_function():
    program = """
        import forked, os
        import landbridge as lb
        child = []

        def f(n):
            child.append(os.fork())
            return n + 1

        instance = lb.load(forked.HOST).instantiate({"env": {"f": f}})
        found = instance.exports.spin_then(4)
        if child == [0]:
            forked.leave(lambda: print(found, instance.exports.div(2), forked.late(), flush=True))
        assert os.waitpid(child[0], 0)[1] == 0 and found == 5
        print(instance.exports.div(3))
    """
    assert ended_well(program).split() == ["5", "30", "timeout", "20"]


def test_two_hundred_forks_while_threads_call():
    program = """
        import forked, sys, time
        import landbridge as lb
        sys.setswitchinterval(0.0005)
        own = lb.load(forked.CALC).instantiate()
        one, two = (lb.load(forked.HOST).instantiate({"env": {"f": lambda n: n}}) for _ in "ab")
        refs = lb.load('(module (func (export "same") (param externref) (result externref) local.get 0))')
        refs = refs.instantiate()
        forked.keep_busy(
            lambda: forked.add(1),
            lambda: one.exports.many(100),
            lambda: two.exports.spin_then(1),
            lambda: refs.exports.same(object()),
        )

        def child():
            assert own.exports.add(1, 2) == 3 and forked.through_the_host(2) == 5

        for _ in range(200):
            time.sleep(0.001)  # sleeps: so that each child is made in the middle of something else
            forked.in_child(child)
        print("done")
    """
    assert ended_well(program) == "done"


BUSY = {
    "load": "lambda: forked.new_module(next(numbers))",
    "instantiate": "lambda: lb.load(forked.HOST).instantiate({'env': {'f': int}}).close()",
    "trap": "lambda: forked.refused(lb.Trap, traps.exports.trap)",
    "export": "lambda: lb.load(forked.CALC).instantiate().exports.add(1, 2)",
}


@pytest.mark.parametrize("busy", [[it] * 3 for it in BUSY] + [list(BUSY)], ids=",".join)
def test_a_hundred_forks_while_threads_use_the_engine(busy):
    program = f"""
        import forked, itertools, time
        import landbridge as lb
        numbers = itertools.count()
        traps = lb.load('(module (memory 1) (func (export "trap") (drop (i32.load (i32.const -1)))))').instantiate()
        own = lb.load('(module (memory 1) (func (export "trap") (drop (i32.load (i32.const -1)))))').instantiate()
        forked.keep_busy({", ".join(BUSY[it] for it in busy)})

        def child():
            forked.refused(lb.Trap, own.exports.trap)
            assert forked.new_module(7) == 7 and forked.late() == "timeout" and forked.through_the_host(2) == 5
            text = f'(module (func (export "f") (result i64) i64.const {{os.getpid()}}))'
            assert lb.load(text).instantiate().exports.f() == os.getpid()

        import os
        for _ in range(100):
            forked.in_child(child)
        print("done")
    """
    assert ended_well(program, timeout=300) == "done"


# What is made for the first of its kind, and may be half made at a fork. The loop's own first things are there.
FIRST = {
    "asynchronous call": "lambda: asyncio.run(add_async())",
    "asynchronous call of a pool": "lambda: asyncio.run(call_async())",
    "other things": """lambda: (
        lb.inspect(forked.SPIN), forked.before.store.usage, pool.counts, pickle.dumps(module), module.imports,
        module.exports, inspect.signature(forked.before.exports.add), forked.through_the_host(2),
        lb.load(forked.HOST).instantiate({"env": types.MappingProxyType({"f": int})}),
        lb.Store(stdout=lb.CAPTURE), forked.late())""",
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("part", range(4))
def test_a_fork_while_a_thread_does_something_for_the_first_time(first, part):
    program = f"""
        import asyncio, forked, inspect, pickle, sys, threading, time, types
        import landbridge as lb
        asyncio.run(asyncio.sleep(0))
        module = lb.load(forked.CALC)
        pool = lb.Pool(module, max=2)
        first = {FIRST[first]}

        async def add_async():
            assert await forked.before.exports.add.call_async(1, 2) == 3

        async def call_async():
            assert await pool.call_async("add", 1, 2) == 3

        sys.setswitchinterval(1e-5)
        thread = threading.Thread(target=first)
        thread.start()
        time.sleep(float(sys.argv[1]))  # sleeps: the moment of the fork is what is tried
        forked.in_child(first)
        thread.join()
        print("done")
    """
    for n in range(10):
        assert ended_well(program, "%f" % ((4 * n + part) * 0.03 / 40)) == "done"


def test_ctrl_c_ends_a_guest_in_a_child():
    program = """
        import forked, os, signal, threading
        signal.signal(signal.SIGINT, signal.default_int_handler)

        def child():
            threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            forked.refused(KeyboardInterrupt, forked.before.exports.spin)

        forked.in_child(child)
        print("done")
    """
    assert ended_well(program) == "done"


def test_a_child_that_ends_as_an_interpreter_does():
    program = """
        import forked, os, sys, threading, time
        import landbridge as lb
        kept = lb.load(forked.HOST).instantiate({"env": {"f": lambda n: n}})
        runs = forked.begun(forked.before)
        threading.Thread(target=forked.before.exports.spin, daemon=True).start()
        forked.wait_until(runs)
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
        print(kept.exports.inner(3), flush=True)
        sys.exit(0)
    """
    assert ended_well(program) == "3\n3"


# The module is loaded before the server forks its workers; each worker has the copy it got.
SERVER = """
import os
import forked

def app(environ, start_response):
    n = int(environ["QUERY_STRING"])
    body = f"{forked.add(n)} {forked.through_the_host(1)} {forked.late()} {os.getpid()}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def ask(port, n):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/?{n}")
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer.rsplit(" ", 1)


def port_of(server):
    for line in server.stderr:
        if found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise AssertionError("the server ended")


def test_a_server_that_forks_its_workers(tmp_path):
    (tmp_path / "server.py").write_text(SERVER)
    command = "-m gunicorn --preload --workers 2 --timeout 20 --bind 127.0.0.1:0 server:app"
    server = subprocess.Popen(
        [sys.executable, *command.split()],
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{HERE}"},
    )
    hung = threading.Timer(60, server.kill)
    hung.start()
    try:
        port = port_of(server)
        answers = [ask(port, n) for n in range(20)]
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=30)
        hung.cancel()
    assert [said for said, _ in answers] == [f"{n + 1} 2 timeout" for n in range(20)], log
    workers = {pid for _, pid in answers}
    assert str(server.pid) not in workers and server.returncode == 0, log
