"""Greenlets and gevent: what may switch where. A crash would be the end of a child process."""

from children import ended_well
from test_interpreters import interpreters

# Greenlets with an instance each, whose host function lets others run.
GREENLETS = """
    import landbridge as lb
    from greenlet import GreenletExit, getcurrent, greenlet
    from guests import CALC, HOST

    main, host = getcurrent(), lb.load(HOST)

    def switching(n):
        if n >= 100 and getcurrent() is not main:
            main.switch()
        return n + 1

    def new(store=None):
        return host.instantiate({"env": {"f": switching}}, store=store)

    def refused(what):
        try:
            found = what()
        except lb.BusyError as error:
            assert "another coroutine of this thread is inside of a guest" in str(error), error
        else:
            raise AssertionError(f"{found!r} instead of BusyError")

    def under(frames, what):
        return what() if frames == 0 else under(frames - 1, what)

    def traps(what):
        try:
            what()
        except lb.Trap as trap:
            return trap.code
"""


def greenlets(program):
    """What a program with greenlets writes."""
    return ended_well(GREENLETS + program)


def test_greenlets_that_switch_between_calls():
    program = """
    calc, shared = lb.load(CALC).instantiate(), new()
    done = []

    def work(n):
        own = new()
        for k in range(50):
            assert calc.exports.add(n, k) == n + k
            assert own.exports.inner(n) == shared.exports.inner(n) == n + 1
            main.switch()
            if k % 10 == 0:
                assert traps(calc.exports.down) == "stack_overflow"
                assert traps(lambda: own.exports.div(0)) == "integer_division_by_zero"
        done.append(n)

    all = [greenlet(lambda n=n: under(n * 5, lambda: work(n))) for n in range(10)]
    while not all[-1].dead:
        for it in all:
            it.switch()
    print(sorted(done))
    """
    assert greenlets(program) == str(list(range(10)))


def test_a_greenlet_inside_of_a_guest_keeps_the_others_out():
    for store in ("None", "lb.Store()"):
        program = f"""
    store = {store}
    one, two = new(store), new(store)
    div = {{it: it.exports.div for it in (one, two)}}
    memory = lb.load('(module (memory (export "memory") 1))').instantiate(store=store).exports.memory

    def inside():
        for n in range(100, 120):
            assert one.exports.inner(n) == n + 1
            assert traps(lambda: one.exports.div(0)) == "integer_division_by_zero"

    def outside(frames):
        for k in range(3):
            for instance in (one, two):
                under(frames, lambda: refused(lambda: instance.exports.inner(3)))
                under(frames, lambda: refused(lambda: div[instance](3)))
            refused(lambda: memory.grow(1))
            refused(new)
            refused(lb.Store)
            main.switch()

    # Greenlets that began above the one that is inside, below it, and from the main one.
    first = greenlet(inside)
    deep = [greenlet(lambda frames=frames: outside(frames)) for frames in (0, 1, 10, 100, 400)]
    under(50, first.switch)
    for k in range(3):
        for it in deep:
            under(7 * k, it.switch)
        refused(lambda: two.exports.inner(3))
        under(k, first.switch)
    while not first.dead:
        first.switch()
    assert one.exports.inner(1) == two.exports.inner(1) == 2
    print("done")
    """
        assert greenlets(program) == "done"


def test_a_greenlet_that_a_host_function_makes():
    program = """
    def f(n):
        child = greenlet(lambda: under(100, lambda: refused(lambda: two.exports.inner(n))))
        child.switch()
        assert child.dead
        # In this greenlet another guest may be called, as ever.
        return two.exports.div(n)

    one, two = host.instantiate({"env": {"f": f}}), new()
    print(one.exports.inner(6), greenlet(one.exports.inner).switch(6), one.exports.inner(3))
    """
    assert greenlets(program) == "10 10 20"


def test_greenlets_that_come_after_the_library():
    program = """
        import sys
        import landbridge as lb
        from guests import HOST

        def f(n):
            if n == 1:
                return n
            from greenlet import greenlet
            outcome = []

            def inside():
                try:
                    instance.exports.inner(1)
                except lb.BusyError as error:
                    outcome.append(error.kind)

            greenlet(inside).switch()
            return len(outcome)

        instance = lb.load(HOST).instantiate({"env": {"f": f}})
        assert instance.exports.inner(1) == 1 and "greenlet" not in sys.modules
        print(instance.exports.inner(5), instance.exports.inner(1), instance.exports.inner(5))
    """
    assert ended_well(program) == "1 1 1"


def test_a_greenlet_that_ends_inside_of_a_guest():
    program = """
    one, two = new(), new()
    ended = []

    def inside():
        try:
            one.exports.inner(100)
        except GreenletExit as error:
            ended.append(error)
            raise

    for _ in range(3):
        it = greenlet(inside)
        it.switch()
        refused(lambda: two.exports.inner(1))
        it.throw()
        assert it.dead and two.exports.inner(1) == one.exports.inner(1) == 2
    # One that nobody knows any more is ended by Python.
    it = greenlet(inside)
    it.switch()
    del it
    assert two.exports.inner(1) == one.exports.inner(1) == 2
    print(len(ended))
    """
    assert greenlets(program) == "4"


def test_greenlets_of_several_threads():
    program = """
    import threading
    counts = []

    def thread():
        own = getcurrent()
        instance = host.instantiate({"env": {"f": lambda n: own.switch() or n}})
        other = new()
        for n in range(50):
            it = greenlet(instance.exports.inner)
            it.switch(n)
            refused(lambda: other.exports.inner(n))
            assert it.switch() == n
            assert other.exports.inner(1) == 2
        counts.append(n)

    threads = [threading.Thread(target=thread) for _ in range(4)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    print(counts)
    """
    assert greenlets(program) == str([49] * 4)


GEVENT = """
    import gevent.monkey
    gevent.monkey.patch_all()
    import collections, gevent
    import landbridge as lb
    from guests import HOST

    host, seen = lb.load(HOST), collections.Counter()

    # [gevent-host]
    def fetch(n):
        gevent.sleep(0.001)  # or any I/O
        return n + 1
    # [end gevent-host]

    def work(n):
        instance = host.instantiate({"env": {"f": fetch}})
        for k in range(5):
            assert instance.exports.many(n) == sum(range(2, n + 2))
            try:
                instance.exports.div(0)
            except lb.Trap as trap:
                seen[trap.code] += 1

    def careful(n):
        try:
            work(n)
            seen["right"] += 1
        except lb.BusyError as error:
            assert "another coroutine" in str(error), error
            seen["busy"] += 1
"""


def test_gevent_that_waits_in_host_functions():
    program = """
    gevent.joinall([gevent.spawn(careful, n) for n in range(1, 20)], raise_error=True)
    assert seen["right"] >= 1 and seen["busy"] >= 1 and seen["right"] + seen["busy"] == 19, seen
    careful(3)
    print(seen["right"] >= 2)
    """
    assert ended_well(GEVENT + program) == "True"


def test_gevent_that_takes_turns_with_a_lock():
    program = """
    import gevent.lock
    guest = host.instantiate({"env": {"f": fetch}})

    # [gevent-lock]
    turn = gevent.lock.RLock()  # one for all guests of this thread

    def polite(n):
        with turn:
            return guest.exports.inner(n)
    # [end gevent-lock]

    calls = [gevent.spawn(polite, n) for n in range(10)]
    gevent.joinall(calls, raise_error=True)
    print([call.value for call in calls])
    """
    assert ended_well(GEVENT + program) == str(list(range(1, 11)))


def test_ctrl_c_under_gevent():
    program = """
    import os, signal, threading
    from guests import CALC
    signal.signal(signal.SIGINT, signal.default_int_handler)
    guest = lb.load(CALC).instantiate()
    original = gevent.monkey.get_original("_thread", "start_new_thread")
    sleep = gevent.monkey.get_original("time", "sleep")
    # sleeps: the guest runs by now, which no other thread can ask under gevent
    original(lambda: (sleep(0.3), os.kill(os.getpid(), signal.SIGINT)), ())
    try:
        guest.exports.spin()
    except KeyboardInterrupt:
        print("ended")
    """
    assert ended_well(GEVENT + program, timeout=20) == "ended"


def test_gevent_that_calls_on_threads():
    program = """
    guest = host.instantiate({"env": {"f": lambda n: n + 1}})
    # [gevent-threads]
    result = gevent.get_hub().threadpool.apply(guest.exports.inner, (5,))
    # [end gevent-threads]
    threads = gevent.get_hub().threadpool
    waits = [gevent.spawn(threads.apply, work, (n,)) for n in range(1, 20)]
    gevent.joinall(waits, raise_error=True)
    print(result, seen["integer_division_by_zero"])
    """
    assert ended_well(GEVENT + program) == "6 95"


# A guest that runs for long before it calls its host function with references.
LONG = GEVENT + """
    refs = lb.load('''(module (import "env" "f" (func $f (param externref) (result externref)))
      (func (export "go") (param externref i32) (result externref) (local $i i32)
        (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (local.get 1))))
        (call $f (local.get 0))))''')

    def long(n, f=lambda given: given):
        given = object()
        return refs.instantiate({"env": {"f": f}}).exports.go(given, 8_000_000 * n) is given
"""


def test_gevent_and_references_after_a_long_run():
    program = """
    calls = [gevent.spawn(long, n) for n in range(6)]
    gevent.joinall(calls, raise_error=True)
    threads = gevent.get_hub().threadpool
    print([call.value for call in calls], [threads.apply(long, (n,)) for n in range(6)])
    """
    assert ended_well(LONG + program) == f"{[True] * 6} {[True] * 6}"


def test_a_greenlet_inside_of_a_guest_that_ran_for_long():
    program = """
    from greenlet import getcurrent, greenlet
    main, small = getcurrent(), host.instantiate({"env": {"f": lambda n: n + 1}})

    def switching(given):
        main.switch()
        assert long(3) and small.exports.inner(1) == 2
        return given

    inside = greenlet(long)
    inside.switch(4, switching)
    for what in (lambda: small.exports.inner(1), lambda: long(4)):
        try:
            what()
        except lb.BusyError as error:
            assert "another coroutine" in str(error), error
        else:
            raise AssertionError("not refused")
    print(inside.switch(), long(4))
    """
    assert ended_well(LONG + program) == "True True"


def test_greenlets_beside_a_subinterpreter():
    program = f"""
    import {interpreters} as interpreters
    kept = interpreters.create()
    done = [gevent.spawn(long, n) for n in range(4)]
    gevent.joinall(done, raise_error=True)
    threads = gevent.get_hub().threadpool
    waits = [gevent.spawn(threads.apply, long, (n,)) for n in range(8)]
    gevent.joinall(waits, raise_error=True)
    interpreters.destroy(kept)
    print(all(it.value for it in done + waits))
    """
    assert ended_well(LONG + program) == "True"
