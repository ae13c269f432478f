"""Threads, long calls, Ctrl-C, and the end of the interpreter."""

import sys
import threading
import time

import landbridge as lb
import pytest
from children import ended_well
from guests import CALC, HOST


def in_thread(work, stack=0):
    outcome = []

    def guarded():
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)

    former = threading.stack_size(stack)
    try:
        thread = threading.Thread(target=guarded)
        thread.start()
    finally:
        threading.stack_size(former)
    thread.join()
    return outcome[0]


def test_other_threads_run_during_a_long_call():
    instance = lb.load(CALC).instantiate()
    spinning = threading.Thread(target=lambda: pytest.raises(lb.ClosedError, instance.exports.spin))
    spinning.start()
    count, end = 0, time.monotonic() + 0.3
    while time.monotonic() < end:
        count += 1
    assert count > 10_000
    instance.close()
    spinning.join(5)
    assert not spinning.is_alive()


def test_a_long_call_that_calls_back_takes_the_lock_again():
    seen = []

    def f(n):
        seen.append(sys._getframe().f_back is not None)
        return n + 1

    instance = lb.load(HOST).instantiate({"env": {"f": f}})
    counter = {"n": 0}
    stop = threading.Event()

    def count():
        while not stop.is_set():
            counter["n"] += 1

    other = threading.Thread(target=count)
    other.start()
    assert instance.exports.spin_then(4) == 5
    assert instance.exports.many(1000) == sum(range(2, 1002))
    stop.set()
    other.join()
    assert counter["n"] > 0 and len(seen) == 1001


def test_nested_long_calls():
    low = lb.load(HOST).instantiate({"env": {"f": lambda n: n * 2}})
    high = lb.load(HOST).instantiate({"env": {"f": lambda n: low.exports.spin_then(n) + 1}})
    assert high.exports.spin_then(5) == 11
    results = [in_thread(lambda: high.exports.spin_then(n)) for n in range(3)]
    assert results == [1, 3, 5]


def test_threads_take_turns_on_one_instance():
    instance = lb.load(HOST).instantiate({"env": {"f": lambda n: n + 1}})
    totals = []

    def work():
        totals.append(sum(instance.exports.many(10) for _ in range(500)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [500 * sum(range(2, 12))] * 4


def test_waiting_in_a_circle_is_an_error():
    meet = threading.Barrier(2)
    pair = []

    def other(index):
        def f(n):
            meet.wait(10)
            return pair[1 - index].exports.div(1)

        return f

    pair += [lb.load(HOST).instantiate({"env": {"f": other(index)}}) for index in (0, 1)]
    outcomes = []

    def work(index):
        try:
            outcomes.append(pair[index].exports.inner(1))
        except lb.DeadlockError as error:
            outcomes.append(error.kind)

    threads = [threading.Thread(target=work, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, outcomes)) == ["60", "deadlock"]


@pytest.mark.parametrize("call", ["calc.exports.spin()", "host.exports.inner(1)", "lb.load(START)"])
def test_ctrl_c_ends_a_guest(call):
    program = f"""
        import os, signal, threading, time
        import landbridge as lb
        from guests import CALC, HOST
        # A job that a shell runs in the background is started with the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        START = '(module (start $s) (func $s (loop (br 0))))'
        calc = lb.load(CALC).instantiate()
        host = lb.load(HOST).instantiate({{"env": {{"f": lambda n: calc.exports.spin()}}}})
        pid = os.getpid()
        threading.Timer(0.3, lambda: os.kill(pid, signal.SIGINT)).start()
        started = time.monotonic()
        try:
            {call}{".instantiate()" if "START" in call else ""}
        except KeyboardInterrupt as error:
            print("interrupted", time.monotonic() - started, len(lb.frames(error)) > 0)
        again = lb.load(CALC).instantiate()
        assert again.exports.add(1, 2) == 3
    """
    word, seconds, framed = ended_well(program).split()
    assert word == "interrupted" and float(seconds) < 2 and framed == "True"


def test_a_signal_handler_runs_during_a_long_call_and_the_call_goes_on():
    program = """
        import os, signal, threading
        import landbridge as lb
        from guests import HOST
        seen = []
        signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
        instance = lb.load(HOST).instantiate({"env": {"f": lambda n: len(seen)}})
        pid = os.getpid()
        stop = threading.Event()
        def kill():
            while not stop.wait(0.002):
                os.kill(pid, signal.SIGUSR1)
        thread = threading.Thread(target=kill)
        thread.start()
        total = sum(instance.exports.spin_then(1) for _ in range(20))
        stop.set()
        thread.join()
        print(total > 0)
    """
    assert ended_well(program) == "True"


@pytest.mark.parametrize("work", ["calc.exports.spin()", "[host.exports.many(10) for _ in iter(int, 1)]"])
def test_the_interpreter_ends_well_while_a_thread_runs(work):
    program = f"""
        import threading, time
        import landbridge as lb
        from guests import CALC, HOST
        calc = lb.load(CALC).instantiate()
        host = lb.load(HOST).instantiate({{"env": {{"f": lambda n: sum(range(50))}}}})
        for _ in range(2):
            threading.Thread(target=lambda: {work}, daemon=True).start()
        view = memoryview(calc.exports.memory) if "many" in {work!r} else None
        time.sleep(0.2)  # sleeps: so that each is somewhere in the middle of its work
        print("done")
    """
    for _ in range(5):
        assert ended_well(program) == "done"


def test_the_interpreter_ends_well_with_everything_alive():
    program = """
        import sys
        import landbridge as lb
        from guests import CALC, HOST, REFS
        calc = lb.load(CALC).instantiate()
        host = lb.load(HOST).instantiate({"env": {"f": lambda n: calc.exports.add(n, 1)}})
        refs = lb.load(REFS).instantiate()
        class Last:
            def __del__(self):
                assert host.exports.inner(1) == 2
        refs.exports.keep(0, Last())
        last = Last()
        view = memoryview(calc.exports.memory)
        sys.kept = [calc, host, refs, view, calc.exports.add]
        print(host.exports.inner(1))
    """
    assert ended_well(program) == "2"


def test_finalizers_that_fail_while_the_interpreter_ends():
    program = """
        import os, sys
        import landbridge as lb
        from guests import CALC, HOST, REFS
        def f(n):
            raise ValueError("x")
        calc = lb.load(CALC).instantiate()
        host = lb.load(HOST).instantiate({"env": {"f": f}})
        refs = lb.load(REFS).instantiate()
        class Last:
            def __del__(self, calc=calc, host=host, refs=refs, os=os, sys=sys):
                failures = 0
                for call in (
                    lambda: calc.exports.div(1, 0),
                    lambda: calc.exports.swap("a", 0),
                    lambda: host.exports.inner(1),
                    lambda: calc.exports.nope,
                    lambda: calc.exports.memory.read(0, 2**40),
                ):
                    try:
                        call()
                    except Exception:
                        failures += 1
                assert refs.exports.same(self) is self
                assert calc.exports.add(1, 2) == 3
                os.write(1, b"%d %d" % (sys.is_finalizing(), failures))
        circle = [Last(), calc.exports.add]
        circle.append(circle)
    """
    assert ended_well(program) == "1 5"


def test_spawned_processes():
    done = ended_well(
        """
        import multiprocessing, spawned
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(2) as pool:
                print(pool.map(spawned.work, range(4)))
        """
    )
    assert done == "[1, 2, 3, 4]"


def test_a_module_goes_to_spawned_processes():
    done = ended_well(
        """
        import multiprocessing, spawned
        import landbridge as lb
        if __name__ == "__main__":
            module = lb.load(spawned.CALC)
            with multiprocessing.get_context("spawn").Pool(2) as pool:
                print(pool.starmap(spawned.add, [(module, n) for n in range(4)]))
        """
    )
    assert done == "[1, 2, 3, 4]"


def test_objects_of_the_guest_at_the_end_of_the_interpreter():
    program = """
        import landbridge as lb
        from guests import HEAP, THROWER
        heap = lb.load(HEAP).instantiate().exports
        guest = lb.load(THROWER).instantiate({"env": {"f": lambda n: None}}).exports
        class Last:
            def __del__(self):
                self.held[0] = 3
                assert list(self.held)[0] == 3 and guest.same(self.error) == self.error
                try:
                    raise lb.TaggedException(guest.number, 1, 2)
                except lb.TaggedException as error:
                    print(error.payload)
        last = Last()
        last.held, last.error = heap.packed(1, 2), None
        try:
            guest.throw_object(last)
        except lb.TaggedException as error:
            last.error = error
        last.held[2] = last
    """
    assert ended_well(program) == "(1, 2)"
