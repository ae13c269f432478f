"""What a person sees at a prompt: names, help, signatures, and what objects are."""

import inspect
import pydoc
import threading

import landbridge as lb
import pytest
from guests import CALC, HEAP, HOST, PROGRAM
from landbridge import importer

PUBLIC = [name for name in dir(lb) if not name.startswith("_")]


def test_dir_shows_what_is_public_and_nothing_else():
    assert {*PUBLIC} == {name for name in lb.__all__ if name != "__version__"} | {"errors", "importer"}
    assert all(hasattr(lb, name) for name in dir(lb))
    assert not {"Any", "Callable", "annotations", "os", "MappingProxyType"} & {*dir(lb)}


def test_dir_of_the_modules_shows_what_is_theirs():
    public = {module: {name for name in dir(module) if not name.startswith("_")} for module in (lb.errors, importer)}
    assert {"WasmError", "IoFileNotFoundError", "Frame", "frames", "CLASSES"} <= public[lb.errors]
    assert {"install", "provide", "WasmFinder"} <= public[importer]
    for module, names in public.items():
        assert not {"Any", "Iterable", "NamedTuple", "annotations", "os", "sys", "lb"} & names
        assert all(hasattr(module, name) for name in dir(module))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_has_help(name):
    assert pydoc.render_doc(getattr(lb, name))
    if inspect.isclass(getattr(lb, name)):
        assert isinstance(getattr(lb, name).__doc__, str)


# These are made by others, and cannot be called.
MADE = {"Caller", "Exports", "GcRef", "Instance", "MemoryType", "Module", "TableType", "GlobalType", "TagType",
        "StructType", "ArrayType", "FieldType"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in PUBLIC if callable(getattr(lb, name)) and name not in MADE])
def test_every_callable_has_a_signature(name):
    assert inspect.signature(getattr(lb, name))


@pytest.mark.parametrize("name", [name for name in PUBLIC if inspect.isclass(getattr(lb, name))])
def test_every_method_has_a_signature_and_help(name):
    cls = getattr(lb, name)
    if issubclass(cls, (BaseException, lb.Stream)):
        return  # Their methods are Python's own.
    for method in dir(cls):
        if not method.startswith("_") and callable(getattr(cls, method)):
            assert inspect.signature(getattr(cls, method)), method
            assert getattr(cls, method).__doc__, method


def test_the_class_of_functions_is_no_function():
    assert str(inspect.signature(lb.Func)) == "(store, type, callable, /)"
    assert lb.Func.__doc__.startswith("A function of a guest") and lb.Func.__name__ == "Func"
    add = lb.load(CALC).instantiate().exports.add
    assert add.__doc__ == "add(i32, i32) -> i32" and add.__name__ == "add"
    assert str(inspect.signature(add)) == "(arg1: int, arg2: int, /) -> int"
    told = pydoc.plain(pydoc.render_doc(lb.Func))
    assert "A function of a guest" in told and "call_async" in told
    assert pydoc.render_doc(add)
    for change in (lambda: setattr(add, "__doc__", "x"), lambda: setattr(lb.Func, "mine", 1)):
        with pytest.raises((AttributeError, TypeError)):
            change()


def test_objects_say_what_they_are():
    guest = lb.load(CALC).instantiate()
    exports = guest.exports
    assert repr(guest).startswith("<Instance calc { memory: memory 1 4, count: global (mut i32), ")
    assert "add: (i32, i32) -> i32" in repr(guest) and "more }>" in repr(guest) and "\n" not in repr(guest)
    assert repr(lb.load(CALC)).startswith("<Module calc { memory: memory 1 4, ")
    assert repr(lb.load("(module)")) == "<Module>"
    assert repr(exports.memory) == "<Memory 1 4, 65536 bytes>"
    assert repr(exports.objects) == "<Table 2 5 externref, size 2>"
    assert repr(exports.count) == "<Global (mut i32) = 7>"
    assert repr(exports.add) == "<Func add(i32, i32) -> i32>"
    assert repr(exports.swap) == "<Func swap(i32, i64) -> (i64, i32)>"
    assert repr(guest.store) == "<Store instances: 1, bytes of memory: 65536>"
    heap = lb.load(HEAP).instantiate().exports
    assert repr(heap.kept) == "<Global (mut anyref)>"
    assert repr(lb.Limits(fuel=3)) == "Limits(fuel=3)"
    assert repr(lb.Policy()).startswith('<Policy {"args":[]')
    memory = exports.memory
    guest.close()
    assert repr(memory) == "<Memory (closed)>" and repr(guest.store) == "<Store (closed)>"
    assert repr(guest).endswith("(closed)>")


def test_nobody_waits_to_see_what_an_object_is():
    begun, gate = threading.Event(), threading.Event()

    def f(n):
        assert repr(store).startswith("<Store instances: 2, ")  # from inside
        begun.set()
        gate.wait(30)
        return n

    with lb.Store() as store:
        memory = store.instantiate(lb.load(CALC)).exports.memory
        guest = store.instantiate(lb.load(HOST), {"env": {"f": f}})
        thread = threading.Thread(target=guest.exports.inner, args=(1,))
        thread.start()
        assert begun.wait(30)
        assert (repr(memory), repr(store)) == ("<Memory (busy)>", "<Store (busy)>")
        gate.set()
        thread.join()
        assert repr(memory) == "<Memory 1 4, 65536 bytes>"


def test_a_program_names_what_it_exports():
    assert "_start: ()" in repr(lb.load(PROGRAM))
