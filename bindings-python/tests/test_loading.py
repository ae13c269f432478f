"""How the package is loaded: what it imports, and what it says if its native library cannot be used."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import landbridge as lb

PACKAGE = pathlib.Path(lb.__file__).parent
LIBRARY = pathlib.Path(lb._native.__file__)
# What takes long to import: asyncio and ssl for asynchronous calls, inspect and json for what few programs ask.
SLOW = ("asyncio", "dataclasses", "inspect", "json", "ssl", "landbridge._names", "landbridge._types", "landbridge._wit")


def run(code: str, *options: str, path: pathlib.Path = PACKAGE.parent, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a Python that knows no other package than that in a folder."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")}
    return subprocess.run(
        [sys.executable, "-S", *options, "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{code}"],
        env={**known, **env}, capture_output=True, text=True, timeout=60,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stderr
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith("ImportError: landbridge: "), done.stderr
    return said


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """The files in Python without the native library."""
    package = tmp_path / "landbridge"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    return package


def test_importing_brings_only_what_most_programs_use() -> None:
    done = run(f"import landbridge; print([name for name in {SLOW} if name in sys.modules])")
    assert done.stdout == "[]\n", done.stderr


def test_what_is_imported_later_is_there_all_the_same() -> None:
    code = "import landbridge as lb; print(lb.Stream.INHERIT is lb.INHERIT, lb.ReadOnly('x').path, lb.FuncType(['i32']))"
    assert run(code).stdout.startswith("True x ")
    code = "from landbridge import *; print(sorted(set(landbridge_all) - set(globals())))"
    done = run(code.replace("landbridge_all", "__import__('landbridge').__all__"))
    assert done.stdout == "[]\n", done.stderr
    assert "has no attribute 'nothing'" in run("import landbridge; landbridge.nothing").stderr


def test_a_library_of_another_version_is_told_with_both(copy: pathlib.Path) -> None:
    (copy / LIBRARY.name).symlink_to(LIBRARY)
    file = copy / "__init__.py"
    file.write_text(file.read_text().replace(f'_VERSION: Final = "{lb.__version__}"', '_VERSION: Final = "9.8.7"'))
    said = refusal(run("import landbridge", path=copy.parent))
    assert "9.8.7" in said and lb.__version__ in said and "--force-reinstall" in said


def test_a_library_that_asks_for_what_is_not_there_is_told(copy: pathlib.Path) -> None:
    (copy / LIBRARY.name).symlink_to(LIBRARY)
    file = copy / "errors.py"
    file.write_text(file.read_text().replace("def _make(", "def _made("))
    said = refusal(run("import landbridge", path=copy.parent))
    assert "does not fit" in said and lb.__version__ in said and "_make" in said


def test_no_library_says_what_to_install(copy: pathlib.Path) -> None:
    said = refusal(run("import landbridge", path=copy.parent))
    assert "linux" in said or sys.platform != "linux"
    assert "there is none here" in said and "pip install" in said and "CPython 3." in said


def test_the_library_of_another_platform_says_so(copy: pathlib.Path) -> None:
    (copy / "_native.cpython-399-riscv64-linux-musl.so").write_bytes(b"")
    said = refusal(run("import landbridge", path=copy.parent))
    assert "_native.cpython-399-riscv64-linux-musl.so is here" in said
    assert LIBRARY.name in said, "what this Python looks for"


def test_a_library_of_another_c_library_says_what_to_install(copy: pathlib.Path) -> None:
    (copy / LIBRARY.name).write_bytes(b"no library at all")
    said = refusal(run("import landbridge", path=copy.parent))
    assert "cannot be loaded" in said and "--force-reinstall" in said
    said = hinted("libc.musl-x86_64.so.1: cannot open shared object file")
    assert "musllinux" in said
    assert "older" in hinted("/lib/libc.so.6: version `GLIBC_2.99' not found")
    assert "noexec" in hinted("failed to map segment from shared object")


@pytest.mark.skipif(sys.platform != "linux", reason="the words are those of the loader of glibc")
def test_a_library_that_is_none_of_ours_says_what_to_do(copy: pathlib.Path) -> None:
    library = copy / LIBRARY.name
    library.mkdir()
    said = refusal(run("import landbridge", path=copy.parent))
    assert f"{library.name} is here, but it is no file" in said and "--force-reinstall" in said and "another Python" not in said
    library.rmdir()
    library.symlink_to(copy / "nowhere.so")
    assert "is here, but it is no file" in refusal(run("import landbridge", path=copy.parent))
    library.unlink()
    # The field of an ELF file that names the processor.
    other = bytearray(pathlib.Path(sys.executable).resolve().read_bytes())
    other[18] ^= 0xFF
    library.write_bytes(other)
    assert "for another processor" in refusal(run("import landbridge", path=copy.parent))
    # Another module: which ones are files differs between builds of Python.
    modules = pathlib.Path(next(folder for folder in sys.path if folder.endswith("lib-dynload")))
    shutil.copy(next(modules.glob("*.so")), library)
    said = refusal(run("import landbridge", path=copy.parent))
    assert "does not define module export function" in said and "--force-reinstall" in said


def test_a_file_in_python_that_is_missing_is_told_as_that(copy: pathlib.Path) -> None:
    (copy / LIBRARY.name).symlink_to(LIBRARY)
    (copy / "errors.py").unlink()
    said = refusal(run("import landbridge", path=copy.parent))
    assert "does not fit" in said and "landbridge.errors" in said and "--force-reinstall" in said


def test_a_python_that_is_too_old_is_told_which_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    from landbridge import _library

    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    missing = ModuleNotFoundError("No module named 'landbridge._native'", name="landbridge._native")
    assert str(_library.refused("1.0.0", missing)).endswith("Landbridge needs CPython 3.11 or newer")


def test_it_is_loaded_once_in_a_process() -> None:
    done = run("""
        import landbridge
        for name in [name for name in sys.modules if name.startswith("landbridge")]:
            del sys.modules[name]
        import landbridge
    """.replace("\n        ", "\n"))
    said = refusal(done)
    assert "this process has loaded it already" in said and "sys.modules" in said and "pip" not in said


def hinted(of_loader: str) -> str:
    from landbridge import _library

    return str(_library.refused("1.0.0", ImportError(of_loader)))


def test_a_setting_names_another_library(copy: pathlib.Path, tmp_path: pathlib.Path) -> None:
    named = tmp_path / "elsewhere.so"
    named.symlink_to(LIBRARY)
    done = run("import landbridge; print(landbridge._native.__file__)", path=copy.parent, LANDBRIDGE_LIBRARY_PATH=str(named))
    assert done.stdout.strip() == str(named), done.stderr
    said = refusal(run("import landbridge", LANDBRIDGE_LIBRARY_PATH="nowhere.so"))
    assert "nowhere.so, which LANDBRIDGE_LIBRARY_PATH names" in said
    ignored = run("import landbridge; print(landbridge._native.__file__)", "-E", LANDBRIDGE_LIBRARY_PATH="nowhere.so")
    assert ignored.stdout.strip() == str(LIBRARY), ignored.stderr


def test_a_setting_may_name_a_folder_in_which_each_host_finds_its_own(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "Büro 1"
    folder.mkdir()
    (folder / "landbridge.node").write_bytes(b"")
    said = refusal(run("import landbridge", LANDBRIDGE_LIBRARY_PATH=str(folder)))
    assert f"{folder / LIBRARY.name}, which LANDBRIDGE_LIBRARY_PATH names" in said
    for name in ["liblandbridge_python.so", LIBRARY.name]:
        (folder / name).symlink_to(LIBRARY)
        done = run("import landbridge; print(landbridge._native.__file__)", LANDBRIDGE_LIBRARY_PATH=str(folder))
        assert done.stdout.strip() == str(folder / name), done.stderr


def test_a_setting_that_names_the_library_of_nodejs_is_left_to_it() -> None:
    for name in ["landbridge.node", "mine.node", "liblandbridge_node.so"]:
        done = run("import landbridge; print(landbridge._native.__file__)", LANDBRIDGE_LIBRARY_PATH=f"/nowhere/{name}")
        assert done.stdout.strip() == str(LIBRARY), done.stderr
