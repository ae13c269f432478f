"""`import calc` finds calc.wasm."""

import importlib
import sys

import landbridge as lb
import pytest
from guests import HOST

# (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
#         (memory (export "memory") 1))
ADD = bytes.fromhex(
    "0061736d01000000010701 60027f7f017f 03020100 0503010001 071002 036164640000 066d656d6f727902 00"
    "0a09010700 200020016a0b".replace(" ", "")
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    import landbridge.importer

    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_a_module_is_imported(folder):
    (folder / "calc_guest.wasm").write_bytes(ADD)
    import calc_guest

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


def test_imports_come_from_python_modules(folder):
    (folder / "user_guest.wasm").write_text(HOST.replace('"env"', '"user_env"'))
    (folder / "user_env.py").write_text("def f(n):\n    return n * 3\n")
    import user_guest

    assert user_guest.inner(2) == 6


def test_a_guest_can_import_another(folder):
    (folder / "guest_high.wasm").write_text(HOST.replace('"env" "f"', '"guest_low" "div"'))
    (folder / "guest_low.wasm").write_text(
        '(module (func (export "div") (param i32) (result i32) (i32.const 9)))'
    )
    import guest_high

    assert guest_high.inner(2) == 9


def test_what_is_missing_is_an_import_error(folder):
    (folder / "lost_guest.wasm").write_text(HOST.replace('"env"', '"lost_env"'))
    with pytest.raises(ImportError, match="no Python module named 'lost_env'"):
        importlib.import_module("lost_guest")
    (folder / "lost_env.py").write_text("")
    importlib.invalidate_caches()
    with pytest.raises(ImportError, match=r"lost_env.f: func \(i32\) -> \(i32\)"):
        importlib.import_module("lost_guest")
    (folder / "broken_guest.wasm").write_bytes(b"\0asm")
    with pytest.raises(ImportError, match="cannot import broken_guest"):
        importlib.import_module("broken_guest")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("not_there_at_all")
    assert "lost_guest" not in sys.modules


def test_python_modules_go_first(folder):
    (folder / "both.py").write_text("add = None\n")
    (folder / "both.wasm").write_bytes(ADD)
    import both

    assert both.add is None
    assert isinstance(lb.load(folder / "both.wasm"), lb.Module)
