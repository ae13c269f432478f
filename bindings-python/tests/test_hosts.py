"""Host functions, imports, exceptions."""

import abc
import os
import threading
import types

import landbridge as lb
import pytest
from guests import CALC, HOST


class Boom(BaseException):
    pass


def host(function, module=lb.load(HOST)):
    return module.instantiate({"env": {"f": function}})


def raiser(error):
    def f(n):
        raise error

    return f


@pytest.mark.parametrize("shape", ["dict", "object", "module", "mixed"])
def test_imports_come_in_many_shapes(shape):
    def double(n):
        return n * 2

    space = types.SimpleNamespace(f=double)
    imports = {
        "dict": {"env": {"f": double}, "more": {}},
        "object": types.SimpleNamespace(env=space),
        "module": {"env": types.ModuleType("env")},
        "mixed": types.MappingProxyType({"env": space}),
    }[shape]
    if shape == "module":
        imports["env"].f = double
        imports["env"].__all__ = ["f"]
    assert lb.load(HOST).instantiate(imports).exports.inner(4) == 8


def test_a_guest_does_not_choose_among_what_python_needs_of_an_object():
    class Env:
        _secret = staticmethod(lambda: 1)
        inner = os

        def f(self):
            return 1

    module = types.ModuleType("module")
    exec("import os\nfrom os import getpid\ndef f(): return 1", module.__dict__)
    for name in ("_secret", "__class__", "__init__", "__reduce__", "__setattr__", "getpid", "inner", "os"):
        guest = lb.load(f'(module (import "env" "{name}" (func)))')
        for env in (Env(), Env, module):
            with pytest.raises(lb.LinkError, match="1 import is missing"):
                guest.instantiate({"env": env})
    module.__all__ = ["f", "_secret", "__class__"]
    module._secret = lambda: 1
    for name in ("_secret", "__class__", "getpid"):
        with pytest.raises(lb.LinkError, match="1 import is missing"):
            lb.load(f'(module (import "env" "{name}" (func)))').instantiate({"env": module})
    for holder, name in ((Env(), "inner"), (module, "os"), (module, "__builtins__"), (Env(), "__class__")):
        with pytest.raises(lb.LinkError, match="1 import is missing"):
            lb.load(f'(module (import "{name}" "abort" (func)))').instantiate(holder)
    for env in (Env(), module):
        lb.load('(module (import "env" "f" (func (result i32))))').instantiate({"env": env})


def test_a_class_lends_what_it_defines_and_not_what_classes_have():
    class Base:
        @staticmethod
        def f():
            return 1

    class Env(Base, abc.ABC):
        @classmethod
        def g(cls):
            return 2 if cls is Env else 3

    def lend(name):
        return lb.load(f'(module (import "env" "{name}" (func (result i32))))').instantiate({"env": Env})

    assert lend("f") and lend("g")
    for name in ("mro", "register", "__subclasses__", "_abc_impl"):
        with pytest.raises(lb.LinkError, match="1 import is missing"):
            lend(name)


def test_names_of_one_s_own_come_from_mappings():
    guest = lb.load('(module (import "_env" "_f" (func (result i32))) (export "f" (func 0)))')
    assert guest.instantiate({"_env": {"_f": lambda: 7}}).exports.f() == 7


def test_missing_imports_are_told_with_their_types():
    with pytest.raises(lb.LinkError, match=r"env.f: func \(i32\) -> \(i32\)"):
        lb.load(HOST).instantiate()
    with pytest.raises(lb.LinkError, match="env.f: .* expected a callable .* got int"):
        host(3)


def test_instances_of_one_store_lend_to_each_other():
    with lb.Store() as store:
        text = '(module (func (export "f") (param i32) (result i32) (i32.const 5)))'
        lender = store.instantiate(lb.load(text))
        for env in (lender, lender.exports, {"f": lender.exports.f}):
            assert store.instantiate(lb.load(HOST), {"env": env}).exports.inner(1) == 5
        with pytest.raises(lb.WrongStoreError):
            lb.load(HOST).instantiate({"env": lender})


def test_methods_and_callable_objects():
    class Adder:
        def __init__(self, by):
            self.by = by

        def __call__(self, n):
            return n + self.by

        @lb.with_caller
        def named(self, caller, n):
            return n + len(caller.name)

    assert host(Adder(2)).exports.inner(1) == 3
    assert host(Adder(0).named).exports.inner(1) == 1 + len("env.f")


def test_a_caller_ends_with_its_call():
    kept = []

    @lb.with_caller
    def f(caller, n):
        kept.append(caller)
        assert caller.export("nope") is None
        return caller.export("div")(n)

    instance = host(f)
    assert instance.exports.inner(2) == 30
    assert kept[0].store is instance.store
    with pytest.raises(lb.ClosedError):
        kept[0].export("div")


@pytest.mark.parametrize("wrong", ["1", 2.0, (1,), [1], object()])
def test_a_wrong_result_names_its_place(wrong):
    with pytest.raises(TypeError, match="result 1 of env.f: expected i32, got") as caught:
        host(lambda n: wrong).exports.inner(1)
    assert [frame.func_name for frame in caught.value.frames] == ["inner"]


@pytest.mark.parametrize("wrong, count", [(None, 0), ((), 0), ((1, 2), 2)])
def test_a_wrong_count_of_results(wrong, count):
    with pytest.raises(TypeError, match=rf"results of env.f: expected 1 \(i32\), got {count}"):
        host(lambda n: wrong).exports.inner(1)


def test_a_function_without_results_returns_none():
    text = '(module (import "env" "f" (func $f)) (func (export "run") (call $f)))'
    assert lb.load(text).instantiate({"env": {"f": lambda: None}}).exports.run() is None
    with pytest.raises(TypeError, match="results of env.f"):
        lb.load(text).instantiate({"env": {"f": lambda: 1}}).exports.run()


@pytest.mark.parametrize("error", [ValueError("v"), Boom(), KeyboardInterrupt(), SystemExit(3)])
def test_an_exception_arrives_as_itself(error):
    instance = host(raiser(error))
    with pytest.raises(BaseException) as caught:
        instance.exports.inner(1)
    assert caught.value is error
    assert [frame.func_name for frame in lb.frames(error)] == ["inner"]
    assert len(error.__notes__) == 1 and "host!inner" in error.__notes__[0]
    names = []
    traceback = error.__traceback__
    while traceback:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert names[-1] == "f"
    # A plain failure leaves the instance alive.
    assert instance.exports.div(2) == 30


def test_an_exception_passes_nested_calls_as_itself():
    error = ValueError("deep")
    inner = host(raiser(error))
    outer = host(lambda n: inner.exports.inner(n))
    with pytest.raises(ValueError) as caught:
        outer.exports.inner(1)
    assert caught.value is error
    assert len(lb.frames(error)) == 2 and len(error.__notes__) == 1


def test_a_trap_below_a_host_function_stays_that_trap():
    seen = []

    def f(n):
        try:
            return instance.exports.div(n)
        except lb.Trap as trap:
            seen.append(trap)
            raise

    instance = host(f)
    with pytest.raises(lb.Trap) as caught:
        instance.exports.inner(0)
    assert caught.value is seen[0]
    assert caught.value.code == "integer_division_by_zero"
    assert [frame.func_name for frame in caught.value.frames] == ["div", "inner"]


def test_an_exception_of_the_start_function_comes_out():
    text = '(module (import "env" "f" (func $f)) (start $f))'
    error = ValueError("start")
    with pytest.raises(ValueError) as caught:
        lb.load(text).instantiate({"env": {"f": lambda: raiser(error)(1)}})
    assert caught.value is error


def test_an_exception_without_room_for_notes_comes_out():
    class Closed(Exception):
        def __setattr__(self, name, value):
            raise RuntimeError("no attributes here")

    error = Closed()
    with pytest.raises(Closed) as caught:
        host(raiser(error)).exports.inner(1)
    assert caught.value is error


def test_one_exception_raised_again_and_again_does_not_grow_for_ever():
    error = ValueError("one")
    instance = host(raiser(error))
    for _ in range(2000):
        with pytest.raises(ValueError):
            instance.exports.inner(1)
        error.__traceback__ = None
    assert len(error.__notes__) == 1 and len(lb.frames(error)) == 1


@pytest.mark.parametrize("error", [ValueError("one"), lb.Trap("mine")])
def test_one_exception_in_a_thousand_instances_has_the_frames_of_the_last(error):
    module = lb.load(HOST)
    for _ in range(1000):
        with pytest.raises(type(error)):
            host(raiser(error), module).exports.inner(1)
        error.__traceback__ = None
        assert [frame.func_name for frame in lb.frames(error)] == ["inner"]
        assert len(error.__notes__) == 1


def test_a_trap_that_is_raised_again_keeps_the_frames_of_its_own():
    calc, module = lb.load(CALC).instantiate(), lb.load(HOST)
    with pytest.raises(lb.Trap) as caught:
        calc.exports.div(1, 0)
    trap = caught.value
    for _ in range(3):
        with pytest.raises(lb.Trap):
            host(raiser(trap), module).exports.inner(1)
        assert [frame.func_name for frame in trap.frames] == ["div", "inner"]
        assert len(trap.__notes__) == 1


def test_an_exception_that_was_sent_to_another_process_begins_anew():
    import pickle

    error, module = ValueError("one"), lb.load(HOST)
    with pytest.raises(ValueError):
        host(raiser(error), module).exports.inner(1)
    sent = pickle.loads(pickle.dumps(error))
    assert lb.frames(sent) == lb.frames(error)
    with pytest.raises(ValueError) as caught:
        host(raiser(sent), module).exports.inner(1)
    assert caught.value is sent and len(lb.frames(sent)) == 1


def test_many_threads_each_get_their_own_exception():
    module = lb.load(HOST)
    lost = []

    def work(mark):
        instance = host(lambda n: raiser(ValueError(mark))(n), module)
        for _ in range(2000):
            try:
                instance.exports.inner(1)
            except ValueError as error:
                if error.args != (mark,):
                    lost.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not lost


def test_a_host_function_can_close_its_own_instance():
    def f(n):
        instance.close()
        return n

    instance = host(f)
    with pytest.raises(lb.ClosedError):
        instance.exports.inner(1)
    with pytest.raises(lb.ClosedError):
        instance.exports.inner


def test_a_func_of_the_host():
    with lb.Store() as store:
        inc = lb.Func(store, lb.FuncType(["i32"], ["i32"]), lambda n: n + 1)
        assert inc(1) == 2 and inc.store is store
        assert store.instantiate(lb.load(HOST), {"env": {"f": inc}}).exports.inner(4) == 5
        table = lb.Table(store, "funcref", 1, init=inc)
        assert table[0] == inc
        for args in ((store, 3, 4), (store,), (store, lb.FuncType(), 3)):
            with pytest.raises(TypeError):
                lb.Func(*args)


def test_errors_have_the_classes_that_python_expects():
    calc = lb.load(CALC).instantiate()
    with pytest.raises(lb.Trap) as caught:
        calc.exports.div(1, 0)
    trap = caught.value
    assert (trap.kind, trap.code) == ("trap", "integer_division_by_zero")
    assert trap.frames[0].module == "calc" and trap.frames[0].func_name == "div"
    assert str(trap) == trap.message and "calc!div" in trap.__notes__[0]
    with pytest.raises(lb.CompileError):
        lb.load("(module (func (result i32)))")
    with pytest.raises(OSError) as missing:
        lb.load("no/such/file.wasm")
    assert isinstance(missing.value, lb.IoError) and "file.wasm" in str(missing.value)


def test_modules_are_loaded_from_many_sources(tmp_path):
    import io

    path = tmp_path / "calc.wat"
    path.write_text(CALC)
    sources = [path, str(path), CALC, CALC.encode(), bytearray(CALC.encode())]
    sources += [memoryview(CALC.encode()), io.BytesIO(CALC.encode()), io.StringIO(CALC)]
    for source in sources:
        assert lb.load(source).instantiate().exports.add(2, 3) == 5
    module = lb.load(path, engine=lb.Engine())
    assert module.name == "calc" and repr(module).startswith("<Module calc { ")
    for wrong in (3, None, object()):
        with pytest.raises(TypeError):
            lb.load(wrong)
    with pytest.raises(lb.WrongStoreError):
        lb.Store().instantiate(module)
