"""Limits, policies, streams, programs, and how calls are ended."""

import gc
import io
import ipaddress
import os
import pathlib
import pickle
import sys
import threading
import time
import weakref

import landbridge as lb
import pytest
from guests import CALC, PROGRAM
from test_threads import ended_well, in_thread

WASI = pathlib.Path(__file__).resolve().parents[2] / "conformance/modules/wasi.wat"
FILES = WASI.with_name("files.wat")
NAMES = [
    "memory_bytes",
    "table_elements",
    "instances",
    "fuel",
    "output_bytes",
    "written_bytes",
    "open_files",
    "timeout_ms",
    "transfer_bytes",
    "handles",
]


def program(**keywords):
    return lb.load(PROGRAM).instantiate(**keywords)


# Limits


def test_limits_are_values():
    limits = lb.Limits(fuel=10, timeout_ms=500)
    assert (limits.fuel, limits.timeout_ms, limits.memory_bytes) == (10, 500, None)
    assert limits == lb.Limits(timeout_ms=500, fuel=10) != lb.Limits(fuel=10)
    assert len({limits, lb.Limits(timeout_ms=500, fuel=10), lb.Limits()}) == 2
    assert eval(repr(limits), {"Limits": lb.Limits}) == limits
    with pytest.raises(AttributeError):
        limits.fuel = 3


def test_limits_are_read_from_json_and_written():
    limits = lb.Limits.from_json('{"fuel": 18446744073709551615, "timeout_ms": 500}')
    assert limits == lb.Limits(fuel=2**64 - 1, timeout_ms=500)
    assert limits.to_json() == '{"fuel":18446744073709551615,"timeout_ms":500}'
    assert lb.Limits().to_json() == "{}"
    assert lb.Limits.from_json(lb.Limits.from_json('{"timeout_ms": 0.25}').to_json()).to_json() == '{"timeout_ms":0.25}'
    with pytest.raises(lb.TypeMismatch, match='"fuels"'):
        lb.Limits.from_json('{"fuels": 1}')


@pytest.mark.parametrize("name", NAMES)
def test_wrong_limits(name):
    assert getattr(lb.Limits(**{name: 2**64 - 1}), name) == 2**64 - 1
    assert getattr(lb.Limits(**{name: 0}), name) == 0
    for number in (-1, 2**64, -(2**70)):
        with pytest.raises(lb.RangeError, match=f"{name}: {number} is out of range"):
            lb.Limits(**{name: number})
    for other in ("1", 1.5, True, [], b"1"):
        with pytest.raises(lb.TypeMismatch, match=f"{name}: expected an integer, got "):
            lb.Limits(**{name: other})


def test_unknown_keywords():
    with pytest.raises(TypeError, match="memory"):
        lb.Limits(memory=1)
    with pytest.raises(TypeError, match="dir"):
        lb.Policy(dir={})
    with pytest.raises(TypeError):
        lb.load(CALC).instantiate(limits={"fuel": 1})
    with pytest.raises(TypeError):
        lb.Store(policy="{}")


def test_a_store_that_is_there_is_not_closed_in():
    with lb.Store() as store:
        for keyword in ({"limits": lb.Limits()}, {"policy": lb.Policy()}, {"refusals": lb.CAPTURE}):
            with pytest.raises(lb.TypeMismatch, match="give them to Store"):
                lb.load(CALC).instantiate(store=store, **keyword)
        assert lb.load(CALC).instantiate(store=store, stdin=None).exports.add(1, 2) == 3


def test_usage():
    app = program(limits=lb.Limits(fuel=10_000_000), stdout=lb.CAPTURE)
    app.exports.write(1)
    app.exports.sleep(20)
    usage = app.store.usage()
    assert isinstance(usage, lb.Usage)
    assert (usage.memory_bytes, usage.peak_memory_bytes, usage.output_bytes) == (65536, 65536, 6)
    assert (usage.instances, usage.table_elements) == (1, 0)
    assert 0 < usage.fuel_used < 1000 and usage.last_call_seconds >= 0.01
    app.exports.one()
    assert app.store.usage().last_call_seconds < 5
    with pytest.raises(AttributeError):
        usage.fuel_used = 3
    app.close()
    with pytest.raises(lb.ClosedError):
        app.store.usage()


def test_usage_inside_of_a_host_function():
    seen = []
    guest = '(module (import "e" "f" (func $f)) (memory 2) (func (export "run") (call $f)))'
    app = lb.load(guest).instantiate({"e": {"f": lambda: seen.append(app.store.usage())}})
    app.exports.run()
    assert seen[0].memory_bytes == 131072 and seen[0].fuel_used is None


def test_fuel():
    app = program(limits=lb.Limits(fuel=1000))
    app.store.set_fuel(5000)
    for wrong, error in ((-1, lb.RangeError), (1.5, lb.TypeMismatch)):
        with pytest.raises(error):
            app.store.set_fuel(wrong)
    with pytest.raises(lb.FuelError) as caught:
        app.exports.spin()
    assert caught.value.kind == "fuel" and caught.value.frames[0].func_name == "spin"
    with pytest.raises(lb.PoisonedError):
        app.exports.one()


# How calls are ended


@pytest.mark.parametrize("call", ["spin", "sleep"])
def test_a_deadline(call):
    app = program(limits=lb.Limits(timeout_ms=30))
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="30 ms") as caught:
        app.call(call, *[60_000] * (call == "sleep"))
    assert time.monotonic() - start < 5
    assert isinstance(caught.value, lb.DeadlineError) and caught.value.frames
    assert app.store.usage().last_call_seconds >= 0.02
    with pytest.raises(lb.PoisonedError):
        app.exports.one()


@pytest.mark.parametrize("call", ["spin", "sleep"])
def test_cancelling_from_another_thread(call):
    app, other = program(), program()
    app.store.cancel()
    assert app.exports.one() == 1, "no call ran"
    timer = threading.Timer(0.1, app.store.cancel)
    timer.start()
    with pytest.raises(lb.CancelledError) as caught:
        app.call(call, *[60_000] * (call == "sleep"))
    assert caught.value.frames[0].func_name is not None
    assert other.exports.one() == 1
    with pytest.raises(lb.PoisonedError):
        app.exports.one()


def test_cancelling_inside_of_a_host_function():
    guest = '(module (import "e" "f" (func $f)) (func (export "run") (loop (call $f) (br 0))))'
    app = lb.load(guest).instantiate({"e": {"f": lambda: app.store.cancel()}})
    with pytest.raises(lb.CancelledError):
        app.exports.run()


@pytest.mark.parametrize("interruptible", [True, False])
def test_other_threads_run_while_a_guest_sleeps(interruptible):
    engine = lb.Engine(interruptible=interruptible)
    app = lb.load(PROGRAM, engine=engine).instantiate()
    sleeping = threading.Thread(target=app.exports.sleep, args=(400,))
    sleeping.start()
    count, end = 0, time.monotonic() + 0.2
    while time.monotonic() < end:
        count += 1
    assert sleeping.is_alive() and count > 10_000
    sleeping.join()


def test_closing_wakes_a_guest_that_sleeps():
    app = program()
    threading.Timer(0.1, app.close).start()
    with pytest.raises(lb.ClosedError):
        app.exports.sleep(60_000)


@pytest.mark.parametrize("call", ["app.exports.sleep(60_000)", "start.instantiate()"])
def test_ctrl_c_wakes_a_guest_that_sleeps(call):
    source = f"""
        import os, signal, threading, time
        import landbridge as lb
        from guests import PROGRAM
        signal.signal(signal.SIGINT, signal.default_int_handler)
        app = lb.load(PROGRAM).instantiate()
        start = lb.load(PROGRAM.replace('(export "spin")', '(export "_initialize")'))
        pid = os.getpid()
        threading.Timer(0.3, lambda: os.kill(pid, signal.SIGINT)).start()
        started = time.monotonic()
        try:
            {call}
        except KeyboardInterrupt as error:
            print("interrupted", time.monotonic() - started, len(lb.frames(error)) > 0)
        assert lb.load(PROGRAM).instantiate().exports.one() == 1
    """
    word, seconds, framed = ended_well(source).split()
    assert word == "interrupted" and float(seconds) < 2 and framed == "True"


def test_ctrl_c_wakes_a_guest_that_waits_for_input():
    source = f"""
        import os, signal, threading, time
        import landbridge as lb
        signal.signal(signal.SIGINT, signal.default_int_handler)
        read, write = os.pipe()
        os.dup2(read, 0)
        app = lb.load({str(WASI)!r}).instantiate(stdin=lb.INHERIT)
        pid = os.getpid()
        threading.Timer(0.3, lambda: os.kill(pid, signal.SIGINT)).start()
        try:
            app.exports.read(0, 10)
        except KeyboardInterrupt:
            print("interrupted")
    """
    assert ended_well(source) == "interrupted"


def test_another_thread_feeds_a_guest_that_waits_for_input():
    source = f"""
        import os, threading
        import landbridge as lb
        read, write = os.pipe()
        os.dup2(read, 0)
        app = lb.load({str(WASI)!r}).instantiate(stdin=lb.INHERIT)
        threading.Timer(0.2, os.write, (write, b"fed")).start()
        print(app.exports.read(0, 10), app.exports.memory[1000:1003])
    """
    assert ended_well(source) == "(0, 3) b'fed'"


def test_the_interpreter_ends_well_while_a_guest_sleeps():
    source = """
        import threading, time
        import landbridge as lb
        from guests import PROGRAM
        app = lb.load(PROGRAM).instantiate()
        threading.Thread(target=app.exports.sleep, args=(60_000,), daemon=True).start()
        time.sleep(0.1)  # sleeps: the guest sleeps by now, which nothing can tell
        print("done")
    """
    assert ended_well(source) == "done"


# Programs and streams


def test_a_program():
    policy = lb.Policy(args=["program", "-v"])
    app = program(policy=policy, stdout=lb.CAPTURE, stderr=lb.CAPTURE)
    assert app.run() == 2
    assert (app.store.stdout(), app.store.stderr()) == (b"hello\n", b"hello\n")
    assert app.store.stdout() == b""
    with pytest.raises(lb.NotFoundError):
        lb.load(CALC).instantiate().run()


RELAY = """(module (import "e" "f" (func $f))
  (memory (export "memory") 1)
  (func $run (export "_start") (call $f)))"""


@pytest.mark.parametrize("code", [0, 1, -1, 77])
def test_a_host_function_ends_its_guest_as_wasi_does(code):
    def leave():
        raise lb.Exit(exit_code=code)

    assert lb.load(RELAY).instantiate({"e": {"f": leave}}).run() == code


def test_an_exit_inside_of_a_host_function_keeps_its_code():
    inner, seen = program(), []

    def call():
        try:
            inner.exports.exit(77)
        except lb.Exit as error:
            seen.append(error)
            raise

    assert lb.load(RELAY).instantiate({"e": {"f": call}}).run() == 77
    with pytest.raises(lb.Exit) as caught:
        lb.load(RELAY).instantiate({"e": {"f": call}}).exports["_start"]()
    assert caught.value is seen[1] and caught.value.exit_code == 77
    assert [frame.func_name for frame in caught.value.frames][-2:] == ["exit", "run"]


@pytest.mark.parametrize("code", ["3", None, 2**40])
def test_an_exit_without_a_code_is_an_exception_like_others(code):
    error = lb.Exit("mine")
    error.exit_code = code

    def leave():
        raise error

    with pytest.raises(lb.Exit, match="mine") as caught:
        lb.load(RELAY).instantiate({"e": {"f": leave}}).run()
    assert caught.value is error


def test_exits_are_told_and_travel():
    error = pickle.loads(pickle.dumps(lb.Exit(exit_code=3)))
    assert (str(error), error.exit_code, error.kind) == ("the guest ended with exit code 3", 3, "exit")
    assert (lb.Exit().exit_code, str(lb.Exit("mine"))) == (0, "mine")


@pytest.mark.parametrize("code", [0, 1, 77, 125])
def test_an_exit(code):
    app = program()
    with pytest.raises(lb.Exit, match=f"exit code {code}") as caught:
        app.exports.exit(code)
    assert (caught.value.exit_code, caught.value.kind) == (code, "exit")
    assert caught.value.frames[0].func_name == "exit"


def test_captured_output_outlives_its_store():
    with program(stdout=lb.CAPTURE) as app:
        app.exports.write(1)
    assert app.store.stdout() == b"hello\n"


def test_a_function_for_output():
    pieces, threads = [], set()

    def take(piece):
        pieces.append(piece)
        threads.add(threading.get_ident())
        return "ignored"

    app = program(stdout=take, stderr=io.BytesIO().write)
    app.exports.write(1)
    app.exports.write(2)
    assert pieces == [b"hello\n"] and type(pieces[0]) is bytes
    assert in_thread(lambda: app.run()) == 0
    assert len(pieces) == len(threads) == 2


def test_a_function_for_output_that_is_called_in_a_long_call():
    seen = []
    source = PROGRAM.replace(
        '(func $one (export "one")',
        '(func (export "late") (call $write (i32.const 1)) (call $nap) (call $write (i32.const 1)))'
        '(func $nap (i64.store (i32.const 124) (i64.const 50000000)) (i32.store (i32.const 116) (i32.const 1))'
        "(drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0))))"
        '(func $one (export "one")',
    )
    app = lb.load(source).instantiate(stdout=lambda piece: seen.append(sys._getframe()))
    app.exports.late()
    assert len(seen) == 2


def test_what_a_function_for_output_raises_comes_out():
    error = KeyError("mine")

    def fail(piece):
        raise error

    for app in (program(stdout=fail), program(stderr=fail)):
        with pytest.raises(KeyError) as caught:
            app.run()
        assert caught.value is error
        assert [frame.func_name for frame in lb.frames(error)][-1] == "_start"


def test_a_function_for_output_cannot_reach_what_is_in_the_store():
    outcomes = []

    def enter(piece):
        for attempt in (lambda: app.exports.spin, lambda: memory[0], app.store.gc):
            try:
                outcomes.append(attempt())
            except lb.BusyError as error:
                outcomes.append(error.kind)

    app = program(stdout=enter)
    memory = app.exports.memory
    app.exports.write(1)
    assert outcomes == ["busy"] * 3


def test_a_function_for_output_that_closes_its_store():
    app = program(stdout=lambda piece: app.close())
    with pytest.raises(lb.ClosedError):
        app.exports.write(1)
        app.exports.one()


def test_a_function_for_output_is_collected_with_its_store():
    class Log:
        def write(self, piece):
            self.app.exports.one()

    log = Log()
    log.app = program(stdout=log.write)
    seen = weakref.ref(log)
    del log
    gc.collect()
    assert seen() is None


def test_files(tmp_path):
    (tmp_path / "in").write_bytes(b"some input")
    keywords = {"stdin": tmp_path / "in", "stdout": tmp_path / "out"}
    app = lb.load(WASI).instantiate(**keywords)
    assert app.exports.read(0, 4) == (0, 4)
    app.exports.memory.write(1000, b"to a file")
    assert app.exports.write(1, 9) == 0
    assert (tmp_path / "out").read_bytes() == b"to a file"
    for keywords in ({"stdin": tmp_path / "no"}, {"stdout": tmp_path / "no" / "out"}):
        with pytest.raises(OSError, match="no"):
            lb.load(WASI).instantiate(**keywords)


def test_inherited_streams(capfd):
    app = program(stdout=lb.INHERIT, stderr=lb.INHERIT)
    app.run()
    assert capfd.readouterr() == ("hello\n", "hello\n")


def test_another_thread_reads_what_is_inherited():
    source = f"""
        import os, sys, threading
        import landbridge as lb
        read, write = os.pipe()
        kept = os.dup(1)
        os.dup2(write, 1)
        limits = lb.Limits(output_bytes=1 << 20)
        app = lb.load({str(WASI)!r}).instantiate(stdout=lb.INHERIT, limits=limits)
        def pump():
            while os.read(read, 65536):
                pass
        threading.Thread(target=pump, daemon=True).start()
        try:
            app.exports.flood()
        except lb.LimitError as error:
            os.write(kept, str(error).encode())
    """
    assert "1048576 bytes" in ended_well(source)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_another_thread_feeds_a_named_pipe(tmp_path):
    os.mkfifo(tmp_path / "in")
    source = f"""
        import pathlib, threading
        import landbridge as lb
        path = pathlib.Path({str(tmp_path / "in")!r})
        threading.Timer(0.1, path.write_bytes, (b"hello",)).start()
        app = lb.load({str(WASI)!r}).instantiate(stdin=path)
        print(app.exports.read(0, 9))
    """
    assert ended_well(source) == "(0, 5)"


def test_wrong_streams():
    for name in ("stdin", "stdout", "stderr", "refusals"):
        for wrong in ("out.txt", 3, [], object()):
            with pytest.raises(lb.TypeMismatch, match=f"{name}: expected INHERIT, "):
                program(**{name: wrong})
    with pytest.raises(lb.TypeMismatch):
        program(stdin=lb.CAPTURE)
    with pytest.raises(lb.TypeMismatch):
        program(stdout=b"bytes")


# Policies


def test_policies_are_values():
    policy = lb.Policy(
        dirs={"/data": lb.ReadOnly("./data"), "/out": lb.ReadWrite(pathlib.Path("out"))},
        env={"LANG": "C"},
        args=["p", "q"],
        clock=lb.FixedClock(5),
        random=2**64 - 1,
        network=lb.Network(names=[("example.org", 443)]),
    )
    assert policy.dirs == {"/data": lb.ReadOnly("./data"), "/out": lb.ReadWrite("out")}
    assert (policy.env, policy.args) == ({"LANG": "C"}, ("p", "q"))
    assert (policy.clock, policy.random) == (lb.FixedClock(5), 2**64 - 1)
    again = lb.Policy.from_json(policy.to_json())
    assert again == policy != lb.Policy() and hash(again) == hash(policy)
    same = {name: getattr(policy, name) for name in ("dirs", "env", "args", "clock", "random", "network")}
    assert lb.Policy(**same) == policy
    policy.dirs.clear()
    assert len(policy.dirs) == 2
    with pytest.raises(AttributeError):
        policy.env = {}


@pytest.mark.parametrize("clock", [None, "real", lb.FixedClock(3), lb.SteppedClock(3, 4)])
def test_clocks(clock):
    assert lb.Policy(clock=clock).clock == clock


@pytest.mark.parametrize("random", [None, "secure", 0, 42])
def test_random_numbers(random):
    assert lb.Policy(random=random).random == random


def test_parts_of_policies():
    assert lb.ReadOnly("a") == lb.ReadOnly(pathlib.Path("a")) != lb.ReadWrite("a")
    assert repr(lb.ReadOnly("a")) == "ReadOnly(path='a')"
    assert len({lb.ReadOnly("a"), lb.ReadWrite("a"), lb.ReadWrite("a")}) == 2
    with pytest.raises(TypeError):
        lb.ReadOnly(3)
    with pytest.raises(AttributeError):
        lb.ReadOnly("a").path = "b"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dirs": {"/data": "./data"}},
        {"dirs": {3: lb.ReadOnly("a")}},
        {"dirs": ["/data"]},
        {"env": {"A": 1}},
        {"env": {b"A": "1"}},
        {"env": ["A=1"]},
        {"args": "program"},
        {"args": [1]},
        {"args": 3},
        {"clock": "sundial"},
        {"clock": 3},
        {"clock": lb.FixedClock("3")},
        {"random": "dice"},
        {"random": 1.5},
        {"random": True},
        {"network": [("example.org", 443)]},
    ],
)
def test_wrong_policies(wrong):
    (name,) = wrong
    with pytest.raises(lb.TypeMismatch, match="ns" if wrong.get("clock").__class__ is lb.FixedClock else name):
        lb.Policy(**wrong)


def test_numbers_of_policies_out_of_range():
    for wrong in ({"random": -1}, {"random": 2**64}, {"clock": lb.SteppedClock(0, -1)}):
        with pytest.raises(lb.RangeError):
            lb.Policy(**wrong)


def test_a_mapping_that_fails_fails_so():
    class Env(dict):
        def items(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        lb.Policy(env=Env())


def test_policies_of_files(tmp_path):
    (tmp_path / "policy.json").write_text('{"env": {"A": "1"}}')
    assert lb.Policy.from_file(tmp_path / "policy.json") == lb.Policy(env={"A": "1"})
    with pytest.raises(lb.IoError):
        lb.Policy.from_file(tmp_path / "no.json")
    (tmp_path / "policy.json").write_text("{")
    with pytest.raises(lb.TypeMismatch, match="the policy"):
        lb.Policy.from_file(tmp_path / "policy.json")


def test_restricted_policies():
    wide = lb.Policy(dirs={"/d": lb.ReadWrite("x")}, env={"A": "1", "B": "2"}, clock="real")
    slim = lb.Policy(dirs={"/d": lb.ReadOnly("x")}, env={"A": "1"}, random="secure")
    both = wide.restrict(slim)
    assert both == lb.Policy(dirs={"/d": lb.ReadOnly("x")}, env={"A": "1"})
    assert wide.allows(both) and slim.allows(both) and not both.allows(wide)
    with pytest.raises(TypeError):
        wide.restrict({})


def opened(app, name, rights=2, flags=0):
    app.exports.memory.write(1000, name)
    return app.exports.open(3, len(name), flags, rights)


def test_folders(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text("text")
    (tmp_path / "secret.txt").write_text("secret")
    os.symlink("../secret.txt", tmp_path / "data" / "link")
    policy = lb.Policy(dirs={"/data": lb.ReadOnly(tmp_path / "data")})
    app = lb.load(WASI).instantiate(policy=policy)
    error, fd = opened(app, b"a.txt")
    assert error == 0 and app.exports.read(fd, 9) == (0, 4)
    assert app.exports.memory[1000:1004] == b"text"
    for outside in (b"../secret.txt", b"link", str(tmp_path / "secret.txt").encode()):
        assert opened(app, outside)[0] != 0
    assert opened(app, b"new.txt", 64, 1)[0] != 0
    policy = lb.Policy(dirs={"/data": lb.ReadWrite(tmp_path / "data")})
    app = lb.load(WASI).instantiate(policy=policy)
    assert opened(app, b"new.txt", 64, 1)[0] == 0 and (tmp_path / "data" / "new.txt").exists()
    with pytest.raises(OSError):
        policy = lb.Policy(dirs={"/data": lb.ReadOnly(tmp_path / "no")})
        lb.load(WASI).instantiate(policy=policy)


# Folders in memory


def test_folders_in_memory_are_values():
    held = {"b/c.bin": bytearray(b"\0\xff"), "a.txt": "t\u00e9xt"}
    folder = lb.MemoryDir(held, access="write")
    held.clear()
    assert folder.files == {"a.txt": "t\u00e9xt".encode(), "b/c.bin": b"\0\xff"}
    assert eval(repr(folder), {"MemoryDir": lb.MemoryDir}) == folder
    assert pickle.loads(pickle.dumps(folder)) == folder
    assert len({folder, lb.MemoryDir(folder.files, "write"), lb.MemoryDir(folder.files)}) == 2
    assert lb.MemoryDir({}).access == "read"
    policy = lb.Policy(dirs={"/m": folder, "/d": lb.ReadOnly("d")})
    assert policy.dirs == {"/m": folder, "/d": lb.ReadOnly("d")}
    assert lb.Policy(dirs=policy.dirs) == policy
    with pytest.raises(AttributeError):
        folder.access = "read"


def test_wrong_folders_in_memory():
    for files, told in (
        ("a", "files: expected a mapping of names to str or bytes, got str"),
        ([("a", "b")], "files: expected a mapping of names to str or bytes, got list"),
        ({"a": 3}, "files: expected str or bytes, got int"),
        ({"a": None}, "files: expected str or bytes, got NoneType"),
        ({b"a": "b"}, "files: expected a str as a name, got bytes"),
    ):
        with pytest.raises(lb.TypeMismatch, match=told):
            lb.MemoryDir(files)
    with pytest.raises(lb.TypeMismatch, match="access: expected read or write, got 'rw'"):
        lb.MemoryDir({}, "rw")
    for path in ("../a", "/a", "", "a//b"):
        with pytest.raises(lb.TypeMismatch, match="no path of a file inside a folder"):
            lb.Policy(dirs={"/m": lb.MemoryDir({path: ""})})
    with pytest.raises(lb.TypeMismatch, match="is a file and cannot hold"):
        lb.Policy(dirs={"/m": lb.MemoryDir({"a": "", "a/b": ""})})


def test_limits_for_files():
    policy = lb.Policy(dirs={"/m": lb.MemoryDir({"a": "text"}, "write")})
    limits = lb.Limits(written_bytes=4096 + 10, open_files=2)
    app = lb.load(FILES).instantiate(policy=policy, limits=limits)
    assert opened(app, b"new", 66, 1)[0] == 0
    assert opened(app, b"a")[0] == 0
    assert opened(app, b"a")[0] == 33
    assert (app.store.usage().written_bytes, app.store.usage().open_files) == (4096, 2)
    other = lb.load(FILES).instantiate(policy=policy)
    assert opened(other, b"new")[0] == 44, "each store has its own"


def test_refusals(tmp_path):
    policy = lb.Policy(dirs={"/m": lb.MemoryDir({"a": "text"})})
    line = b'refused: path_open "../x" below "/m": not permitted\n'
    pieces = []
    for refusals in (lb.CAPTURE, pieces.append, tmp_path / "log", None):
        app = lb.load(FILES).instantiate(policy=policy, refusals=refusals)
        assert app.store.refusals() == b""
        assert opened(app, b"../x")[0] == 63
        assert app.store.refusals() == (line if refusals is lb.CAPTURE else b"")
        assert app.store.usage().output_bytes == 0
    assert pieces == [line] and (tmp_path / "log").read_bytes() == line


def test_what_a_function_for_refusals_raises_comes_out():
    error = KeyError("mine")

    def fail(line):
        raise error

    policy = lb.Policy(dirs={"/m": lb.MemoryDir({})})
    app = lb.load(FILES).instantiate(policy=policy, refusals=fail)
    with pytest.raises(KeyError) as caught:
        opened(app, b"../x")
    assert caught.value is error


# Networks


def test_networks_are_values():
    network = lb.Network(
        tcp_connect=[("10.0.0.0/8", 443), ("2001:db8::/32", "8000-8999")],
        tcp_bind=[("127.0.0.1", 0)],
        udp_connect=[("192.0.2.1", 53)],
        udp_bind=[("::1", "*")],
        names=iter([("*.example.org", 443)]),
        http=[("https", "api.example.org", "*", "7")],
    )
    assert network.tcp_connect == (("10.0.0.0/8", 443), ("2001:db8::/32", "8000-8999"))
    policy = lb.Policy(network=network)
    spans = {"tcp_bind": "127.0.0.1/32", "udp_connect": "192.0.2.1/32", "udp_bind": "::1/128"}
    for key, span in spans.items():
        assert getattr(policy.network, key)[0][0] == span
    assert policy.network.http == network.http and policy.network.names == network.names
    assert policy.network.tcp_connect == network.tcp_connect
    assert lb.Policy(network=policy.network) == policy == lb.Policy.from_json(policy.to_json())
    assert lb.Policy().network == lb.Network() and hash(lb.Network()) == hash(lb.Network())
    with pytest.raises(AttributeError):
        network.names = ()


def test_questions():
    spans = [("10.0.0.0/8", 443), ("2001:db8::/32", "*")]
    for key in ("tcp_connect", "tcp_bind", "udp_connect", "udp_bind"):
        policy = lb.Policy(network=lb.Network(**{key: spans}))
        asks = getattr(policy, f"allows_{key}")
        assert asks("10.1.2.3", 443) and not asks("10.1.2.3", 80) and not asks("11.1.2.3", 443)
        assert asks(ipaddress.ip_address("10.1.2.3"), 443)
        assert asks(address=ipaddress.ip_address("2001:db8::1"), port=65535)
    network = lb.Network(names=[("example.org", 443)], http=[("https", "example.org", 443, "GET")])
    policy = lb.Policy(network=network)
    assert policy.allows_name("Example.org.") and not policy.allows_name("www.example.org")
    assert policy.allows_name_port("example.org", 443)
    assert not policy.allows_name_port("example.org", 80)
    assert policy.allows_http("https", "example.org", 443, "GET")
    assert not policy.allows_http("http", "example.org", 443, method="GET")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"names": "example.org"}, "names: expected a list of tuples, got str"),
        ({"names": 3}, "names: expected a list of tuples, got int"),
        ({"names": ["example.org"]}, r"names: expected a tuple \(name, ports\), got str"),
        ({"names": [("example.org",)]}, r"names: expected a tuple \(name, ports\), got 1 of them"),
        ({"names": [(b"example.org", 1)]}, "names: expected a str, got bytes"),
        ({"names": [("example.org", 1.5)]}, "names: expected a port, or ports such as .*, got float"),
        ({"names": [("example.org", True)]}, "names: expected a port, or ports such as .*, got bool"),
        ({"names": [("example.org", "9-1")]}, 'no ports are "9-1"; write 443'),
        ({"names": [("10.0.0.1", 1)]}, '"10.0.0.1" is no name of a host'),
        ({"tcp_bind": [("localhost", 1)]}, '"localhost" is no address or network'),
        ({"udp_bind": [["::1", 1]]}, r"udp_bind: expected a tuple \(network, ports\), got list"),
        ({"http": [("https", "a.org", 1)]}, r"http: expected a tuple \(scheme, host, ports, method\), got 3"),
        ({"http": [("ftp", "a.org", 1, "GET")]}, 'no scheme is "ftp"'),
        ({"http": [("https", "a.org", 1, "")]}, "a method is missing"),
        ({"http": [("https", "a.org", 1, None)]}, "http: expected a str, got NoneType"),
    ],
)
def test_wrong_networks(given, told):
    with pytest.raises(lb.TypeMismatch, match=told):
        lb.Policy(network=lb.Network(**given))


def test_wrong_questions():
    policy = lb.Policy()
    for address in ("localhost", "10.0.0.1:80", 3, None, "[::1]", b"10.0.0.1"):
        with pytest.raises(lb.TypeMismatch, match="address: expected one such as 192.0.2.1 or 2001:db8::1, got "):
            policy.allows_tcp_connect(address, 80)
    for port in ("80", None, 1.5, True):
        with pytest.raises(lb.TypeMismatch, match="port: expected an integer, got"):
            policy.allows_udp_bind("::1", port)
    for port in (-1, 65536, 2**70):
        with pytest.raises(lb.RangeError, match=rf"port: {port} is out of range \(0 to 65535\)"):
            policy.allows_name_port("example.org", port)
        with pytest.raises(lb.RangeError, match="names: .* is out of range"):
            lb.Policy(network=lb.Network(names=[("example.org", port)]))
    with pytest.raises(lb.TypeMismatch, match="name: expected a str, got int"):
        policy.allows_name(3)
    with pytest.raises(lb.TypeMismatch, match="method: expected a str, got bytes"):
        policy.allows_http("http", "example.org", 80, b"GET")


def test_a_function_of_python_goes_before_one_of_wasi():
    seen = []
    imports = {"wasi_snapshot_preview1": {"proc_exit": seen.append}}
    app = lb.load(PROGRAM).instantiate(imports)
    app.exports.exit(5)
    assert seen == [5]


def test_a_wasi_module_is_imported(tmp_path, monkeypatch):
    import landbridge.importer  # noqa: F401

    (tmp_path / "wasi_program.wasm").write_text(PROGRAM)
    monkeypatch.syspath_prepend(str(tmp_path))
    import wasi_program

    assert wasi_program.one() == 1
    with pytest.raises(lb.Exit):
        wasi_program.exit(1)
