"""The programs of the guide; each block there is cut from here."""

import importlib
import sys
import threading

import landbridge as lb
import pytest
from guests import CALC

APP = """(module $app
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello")
  (func $run (export "run") (call $log (i32.const 16) (i32.const 5))))"""


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "calc.wasm").write_text(CALC)
    (tmp_path / "app.wasm").write_text(APP)
    yield
    sys.modules.pop("calc", None)
    importlib.invalidate_caches()


def test_load():
    # [load]
    import landbridge as lb

    calc = lb.load("calc.wasm").instantiate()  # path, bytes, WAT text, file object
    five = calc.exports.add(2, 3)
    # [end load]
    assert five == 5


def test_call():
    calc = lb.load("calc.wasm").instantiate()
    # [call]
    add = calc.exports.add  # resolved once, called fast
    assert add(2, 3) == 5
    assert add.__doc__ == "add(i32, i32) -> i32"

    assert calc.exports["add"] is add  # by key, for names that are no identifiers
    assert "add" in calc.exports
    assert calc.exports.swap(1, 2) == (2, 1)  # several results are a tuple
    # [end call]


def test_imports(capsys):
    # [imports]
    def log(ptr: int, length: int) -> None:
        print(app.exports.memory[ptr : ptr + length].decode())

    with lb.load("app.wasm").instantiate({"env": {"log": log}}) as app:
        app.exports.run()
    # [end imports]
    assert capsys.readouterr().out == "hello\n"


def test_caller(capsys):
    # [caller]
    @lb.with_caller
    def log(caller: lb.Caller, ptr: int, length: int) -> None:
        print(caller.export("memory").read(ptr, length).decode())

    lb.load("app.wasm").instantiate({"env": {"log": log}}).exports.run()
    # [end caller]
    assert capsys.readouterr().out == "hello\n"


def test_memory():
    calc = lb.load("calc.wasm").instantiate()
    # [memory]
    memory = calc.exports.memory
    memory[0:5] = b"hello"  # slices are copies, cut to size as those of bytes are
    assert memory[0:5] == b"hello"
    memory.write(8, b"world")  # read and write refuse what is outside
    assert memory.read(8, 5) == b"world"

    view = memoryview(memory)  # in place, writable; numpy.frombuffer(memory) too
    view[0] = ord("j")
    memory.grow(1)  # the view stays valid and keeps its length
    assert (bytes(view[:5]), len(view), len(memory)) == (b"jello", 65536, 131072)
    # [end memory]


def test_errors(capsys):
    calc = lb.load("calc.wasm").instantiate()
    # [errors]
    try:
        calc.exports.div(1, 0)
    except lb.Trap as trap:
        print(trap.code)  # integer_division_by_zero
        print(trap.frames[0])  # calc!div @ 0x...
    # [end errors]
    assert capsys.readouterr().out.startswith("integer_division_by_zero\ncalc!div @ 0x")


def test_exceptions():
    # [exceptions]
    error = KeyError("mine")

    def log(ptr: int, length: int) -> None:
        raise error

    app = lb.load("app.wasm").instantiate({"env": {"log": log}})
    try:
        app.exports.run()
    except KeyError as caught:
        assert caught is error  # the very object, with its traceback
        assert lb.frames(caught)[0].func_name == "run"  # and the guest's frames in a note
    # [end exceptions]
    else:
        pytest.fail("nothing was raised")


def test_threads():
    calc = lb.load("calc.wasm").instantiate()
    # [threads]
    results = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(calc.exports.add(n, 1)))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2, 3, 4]
    # [end threads]


def test_store():
    lender = '(module (memory (export "memory") 1))'
    user = '(module (import "lender" "memory" (memory 1)) (export "memory" (memory 0)))'
    # [store]
    with lb.Store() as store:
        one = lb.load(lender).instantiate(store=store)
        two = lb.load(user).instantiate({"lender": one}, store=store)
        assert one.exports.memory == two.exports.memory
    # [end store]


def test_importer():
    # [importer]
    import landbridge.importer  # from now on Python finds .wasm files

    import calc  # finds calc.wasm on sys.path

    assert calc.add(2, 3) == 5
    # [end importer]


def test_closing():
    # [closing]
    with lb.load("calc.wasm").instantiate() as calc:
        view = memoryview(calc.exports.memory)
        add = calc.exports.add
    try:
        add(2, 3)
    except lb.ClosedError:
        assert view[0] == 0  # the memory is freed after its last view
    # [end closing]
    else:
        pytest.fail("it is closed")
