"""`import calc` finds calc.wasm."""

import importlib
import os
import sys

import landbridge as lb
import pytest
from shop import GUIDE

# (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
#         (memory (export "memory") 1))
ADD = bytes.fromhex(
    "0061736d01000000010701 60027f7f017f 03020100 0503010001 071002 036164640000 066d656d6f727902 00"
    "0a09010700 200020016a0b".replace(" ", "")
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    import landbridge.importer

    monkeypatch.setattr(landbridge.importer, "_lent", {})
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_a_module_is_imported(folder):
    (folder / "calc_guest.wasm").write_bytes(ADD)
    import calc_guest

    # All of it, though nothing was used yet.
    everything = {}
    exec("from calc_guest import *", everything)
    assert everything.keys() - {"__builtins__"} == {"add", "memory"}
    assert calc_guest.add(2, 3) == 5
    assert calc_guest.add is calc_guest.add
    assert calc_guest.__file__ == str(folder / "calc_guest.wasm")
    assert calc_guest.__spec__.name == calc_guest.__name__ == "calc_guest"
    assert {"add", "memory", "__file__"} <= set(dir(calc_guest))
    assert len(calc_guest.memory) == 65536
    from calc_guest import add

    assert add(1, 1) == 2
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        calc_guest.nope
    with pytest.raises(ImportError):
        from calc_guest import nope  # noqa: F401


def test_a_module_in_a_package(folder):
    package = folder / "guest_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "calc.wasm").write_bytes(ADD)
    from guest_package import calc

    assert calc.add(2, 3) == 5 and calc.__name__ == "guest_package.calc"


def guest(module, name, ty="(param i32) (result i32)"):
    """A guest that imports a function, and gives it on as ``run``."""
    return f'(module (import "{module}" "{name}" (func {ty})) (export "run" (func 0)))'


def test_imports_come_from_what_was_lent(folder):
    (folder / "user_guest.wasm").write_text(guest("user_env", "f"))
    (folder / "user_env.py").write_text("def f(n):\n    return n * 3\n")
    with pytest.raises(ImportError, match=r"user_env.f: func \(i32\) -> \(i32\)\n.*importer.provide"):
        import user_guest
    import user_env
    from landbridge import importer

    importer.provide("user_env", user_env)
    import user_guest

    assert user_guest.run(2) == 6
    importer.provide("user_env", {"f": lambda n: n * 5})
    del sys.modules["user_guest"]
    import user_guest

    assert user_guest.run(2) == 10


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "abort"),
        ("os", "getpid"),
        ("ctypes", "memset"),
        ("subprocess", "getoutput"),
        ("sys", "exit"),
        ("builtins", "id"),
        ("builtins", "__import__"),
        ("importlib", "import_module"),
        ("landbridge", "load"),
        ("landbridge.importer", "provide"),
        ("pytest", "exit"),
        ("beside", "f"),
        (".beside", "f"),
        ("pack", "f"),
        ("pack.beside", "f"),
        ("low", "div"),
        ("__main__", "f"),
        ("", ""),
    ],
)
def test_nothing_is_there_by_itself(folder, module, name):
    (folder / "asking_guest.wasm").write_text(guest(module, name, ""))
    (folder / "beside.py").write_text("raise SystemExit('this ran')")
    (folder / "pack").mkdir()
    (folder / "pack" / "__init__.py").write_text("raise SystemExit('this ran')")
    (folder / "low.wasm").write_text('(module (func (export "div")))')
    before = set(sys.modules)
    with pytest.raises(ImportError, match="1 import is missing") as caught:
        import asking_guest  # noqa: F401
    assert isinstance(caught.value.__cause__, lb.LinkError)
    assert caught.value.name == "asking_guest"
    assert set(sys.modules) == before


MIXED = """
import os
from os import getpid
from subprocess import run
from math import cos
import landbridge as lb

def f(n): return n + 1
def _private(n): return n
limit = 7
class Space:
    @staticmethod
    def f(n): return n
"""


def test_a_module_lends_what_it_defines_itself(folder):
    from landbridge import importer

    (folder / "mixed_env.py").write_text(MIXED)
    import mixed_env

    importer.provide("mixed", mixed_env)
    (folder / "own_guest.wasm").write_text(guest("mixed", "f"))
    import own_guest

    assert own_guest.run(1) == 2
    names = ("getpid", "run", "cos", "_private", "os", "lb", "__getattribute__", "__class__", "__init__", "nope")
    for number, name in enumerate(names):
        (folder / f"mixed_guest{number}.wasm").write_text(guest("mixed", name, ""))
        with pytest.raises(ImportError, match=f"missing:\n    mixed.{name}: func"):
            importlib.import_module(f"mixed_guest{number}")
    mixed_env.__all__ = ["getpid", "_private"]
    (folder / "named_guest.wasm").write_text(guest("mixed", "getpid", "(result i32)"))
    import named_guest

    assert named_guest.run() == mixed_env.getpid()
    del sys.modules["own_guest"]
    with pytest.raises(ImportError, match="mixed.f"):
        import own_guest


def test_a_guest_is_lent_to_another(folder):
    from landbridge import importer

    (folder / "guest_high.wasm").write_text(guest("guest_low", "div"))
    (folder / "guest_low.wasm").write_text(
        '(module (func (export "div") (param i32) (result i32) (i32.const 9)))'
    )
    with pytest.raises(ImportError, match="guest_low.div"):
        import guest_high
    import guest_low

    for source in (guest_low, guest_low.__instance__, guest_low.__instance__.exports, {"div": guest_low.div}):
        importer.provide("guest_low", source)
        import guest_high

        assert guest_high.run(2) == 9
        del sys.modules["guest_high"]


def test_a_name_must_be_a_text(folder):
    from landbridge import importer

    with pytest.raises(TypeError, match="name: expected a str, got module"):
        importer.provide(os, {})


def test_names_that_are_pythons_are_no_attributes(folder):
    names = ("__path__", "__all__", "__wrapped__", "__len__", "_own", "__half")
    exports = "".join(f'(func (export "{name}") (result i32) (i32.const 1))' for name in names)
    (folder / "dunder_guest.wasm").write_text(f"(module {exports})")
    import dunder_guest

    assert not any(hasattr(dunder_guest, name) for name in ("__path__", "__wrapped__", "__len__"))
    assert dunder_guest.__all__ == []
    assert dunder_guest._own() == dunder_guest.__getattr__("__half")() == 1
    assert dunder_guest.__instance__.exports["__path__"]() == 1
    assert not {"__path__", "__all__"} & set(dir(dunder_guest))
    exec("from dunder_guest import *", {})
    with pytest.raises(ModuleNotFoundError, match="not a package"):
        import dunder_guest.inside  # noqa: F401


def test_what_cannot_be_loaded_is_an_import_error(folder):
    (folder / "broken_guest.wasm").write_bytes(b"\0asm")
    with pytest.raises(ImportError, match="cannot import broken_guest"):
        importlib.import_module("broken_guest")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("not_there_at_all")
    assert "broken_guest" not in sys.modules


def test_python_modules_go_first(folder):
    (folder / "both.py").write_text("add = None\n")
    (folder / "both.wasm").write_bytes(ADD)
    import both

    assert both.add is None
    assert isinstance(lb.load(folder / "both.wasm"), lb.Module)


WASI = """(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00hello\\n")
  (func (export "random") (result i32) (call $random (i32.const 100) (i32.const 4)))
  (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 200)))
  (func (export "args") (result i32) (drop (call $args (i32.const 100) (i32.const 104))) (i32.load (i32.const 100)))
  (func (export "folder") (result i32) (call $prestat (i32.const 3) (i32.const 100)))
  (func (export "_start") (call $exit (i32.const 3))))"""


def test_a_guest_of_wasi_finds_it_there_and_it_grants_nothing(folder, capfd):
    (folder / "wasi_guest.wasm").write_text(WASI)
    import wasi_guest

    # Not permitted (76); written, but to nowhere; no arguments; no folder (8).
    assert (wasi_guest.random(), wasi_guest.print(), wasi_guest.args(), wasi_guest.folder()) == (76, 0, 0, 8)
    with pytest.raises(lb.Exit) as caught:
        wasi_guest._start()
    assert caught.value.exit_code == 3 and wasi_guest.print() == 0
    assert capfd.readouterr() == ("", "")


def test_what_is_lent_as_wasi_takes_its_place(folder):
    from landbridge import importer

    importer.provide("wasi_snapshot_preview1", {"sched_yield": lambda: 42})
    text = '(module (import "wasi_snapshot_preview1" "sched_yield" (func $f (result i32))) (export "f" (func $f)))'
    (folder / "yielding.wasm").write_text(text)
    import yielding

    assert yielding.f() == 42


def component(folder, source, name):
    (folder / f"{name}.wasm").write_bytes(lb.load(GUIDE / source).bytes)


def test_a_component_is_imported(folder):
    component(folder, "greet.wat", "greet_guest")
    import greet_guest
    from greet_guest import hello

    assert hello("Ada") == greet_guest.hello("Bob").replace("Bob", "Ada") == "Hello, Ada!"
    assert hello is greet_guest.hello and hello.__name__ == "hello"
    assert "hello" in dir(greet_guest)
    assert not hasattr(greet_guest, "other")
    with pytest.raises(AttributeError, match="no attribute 'other'$"):
        _ = greet_guest.other


def test_a_component_gets_what_is_lent(folder):
    from landbridge import importer

    component(folder, "dealer.wat", "dealer_guest")
    component(folder, "paint.wat", "paint_guest")
    with pytest.raises(ImportError, match="price: func") as caught:
        import paint_guest
    assert "provide(name, source)" in str(caught.value)
    import dealer_guest

    class Journal:
        def write(self, line):
            pass

    importer.provide("prices", dealer_guest)
    importer.provide("journals", {"Journal": Journal})
    import paint_guest

    shapes = paint_guest.shapes
    assert shapes.cost({"colour": "blue", "coats": [2]}) == 1000
    assert shapes.area(shapes.Shape.Circle(1.0)) == pytest.approx(3.14159, abs=1e-4)
