"""What docs/coming-from shows of Python; it is cut from here."""

import landbridge as lb
import pytest

GUEST = """(module (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func $run (export "run") (call $log (i32.const 7)))
  (func $un (export "un") unreachable)
  (func (export "spin") (loop br 0)))"""


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.wasm").write_text(GUEST)


def test_the_same_program(capsys):
    # [program]
    import landbridge as lb

    def log(number: int) -> None:
        print("log", number)

    app = lb.load("app.wasm").instantiate({"env": {"log": log}})
    print(app.exports.add(2, 3))
    app.exports.run()
    app.exports.memory[0:2] = b"hi"
    print(app.exports.memory[0:2])
    # [end program]
    assert capsys.readouterr().out == "5\nlog 7\nb'hi'\n"


def test_limits(capsys):
    imports = {"env": {"log": print}}
    # [limits]
    limits = lb.Limits(memory_bytes=1 << 20, timeout_ms=50, fuel=1_000_000_000)
    app = lb.load("app.wasm").instantiate(imports, limits=limits)
    try:
        app.exports.spin()
    except lb.WasmError as error:
        print(error.kind, isinstance(error, (lb.DeadlineError, lb.FuelError)))
    # [end limits]
    assert capsys.readouterr().out.split()[1] == "True"


def test_errors():
    class Mine(Exception):
        pass

    def log(number):
        raise Mine

    app = lb.load("app.wasm").instantiate({"env": {"log": log}})
    with pytest.raises(Mine) as caught:
        app.exports.run()
    assert lb.frames(caught.value)[0].func_name == "run"
    with pytest.raises(lb.Trap) as trap:
        app.exports.un()
    assert (trap.value.code, trap.value.frames[0].func_name) == ("unreachable", "un")
    with pytest.raises(OverflowError):
        app.exports.add(2**40 + 5, 0)
    with pytest.raises(lb.TypeMismatch):
        app.exports.add(1)


def test_wasi():
    policy = lb.Policy(dirs={"/data": lb.ReadWrite(".")}, env={"A": "B"}, args=["a", "b"])
    app = lb.load('(module (memory (export "memory") 1) (func (export "_start")))').instantiate(policy=policy, stdout=lb.INHERIT)
    assert app.run() == 0


def test_compiled():
    lb.load("app.wasm").compile("app.code")
    assert [it.name for it in lb.Module.load_precompiled("app.code").exports][1] == "add"
