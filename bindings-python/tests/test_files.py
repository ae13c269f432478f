"""A file that the system refuses is the error of Python's own for it, and one of ours."""

import os

import landbridge as lb
import pytest
from children import ended_well, run
from guests import PROGRAM

GONE = "no such folder/no such file"


def refused(call, cls):
    with pytest.raises(cls) as caught:
        call()
    assert isinstance(caught.value, lb.IoError) and caught.value.kind == "io" and caught.value.code is None
    return caught.value


USES = {
    "load": lambda path: lb.load(path),
    "load a path": lambda path: lb.load(os.fspath(path)),
    "inspect": lambda path: lb.inspect(path),
    "precompiled": lambda path: lb.Module.load_precompiled(path),
    "compile": lambda path: lb.load("(module)").compile(path),
    "policy": lambda path: lb.Policy.from_file(path),
    "folder": lambda path: lb.load(PROGRAM).instantiate(policy=lb.Policy(dirs={"/d": lb.ReadOnly(path)})),
    "stdin": lambda path: lb.load(PROGRAM).instantiate(stdin=Path(path)),
    "stdout": lambda path: lb.load(PROGRAM).instantiate(stdout=Path(path)),
}


class Path:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


@pytest.mark.parametrize("use", USES)
def test_a_file_that_is_not_there(use):
    error = refused(lambda: USES[use](GONE), FileNotFoundError)
    assert (error.errno, error.strerror, error.filename) == (2, os.strerror(2), GONE)
    assert str(error) == error.message and GONE in str(error)
    with pytest.raises(OSError):
        USES[use](GONE)


def test_what_else_the_system_says(tmp_path):
    assert refused(lambda: lb.load(tmp_path), IsADirectoryError).errno == 21
    (tmp_path / "file").write_text("")
    assert refused(lambda: lb.load(tmp_path / "file" / "inside"), NotADirectoryError).errno == 20
    policy = lb.Policy(dirs={"/d": lb.ReadOnly(tmp_path / "file")})
    refused(lambda: lb.load(PROGRAM).instantiate(policy=policy), NotADirectoryError)
    assert refused(lambda: lb.load("x" * 5000), lb.IoError).errno == 36


def test_a_file_that_one_may_not_read(tmp_path):
    """As root one may read all, so a child gives that up."""
    (tmp_path / "secret.wasm").write_text("(module)")
    (tmp_path / "secret.wasm").chmod(0)
    tmp_path.chmod(0o755)
    program = """
        import os, sys
        import landbridge as lb
        os.chdir(sys.argv[1])
        if os.geteuid() == 0:
            os.setegid(65534)
            os.seteuid(65534)
        try:
            lb.load("secret.wasm")
        except PermissionError as error:
            assert isinstance(error, lb.IoError) and error.errno == 13 and error.filename == "secret.wasm"
            print("refused")
    """
    assert ended_well(program, os.fspath(tmp_path)) == "refused"


def test_a_path_that_is_not_utf8_stays_what_it_is():
    path = os.fsdecode(b"no\xffsuch")
    assert refused(lambda: lb.load(path), FileNotFoundError).filename == path


def test_what_is_not_of_a_file_has_no_number():
    error = lb.IoError("mine")
    assert (error.errno, error.filename, str(error)) == (None, None, "mine")


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_library_that_cannot_be_loaded_is_told_alike_each_time(tmp_path, damage):
    import shutil

    package = tmp_path / "landbridge"
    native = os.path.basename(lb._native.__file__)
    shutil.copytree(os.path.dirname(lb.__file__), package, ignore=shutil.ignore_patterns(native, "__pycache__"))
    if damage == "damaged":
        (package / native).write_text("no library")
    program = f"""
        import sys
        sys.path.insert(0, {os.fspath(tmp_path)!r})
        for module in ("landbridge", "landbridge", "landbridge.importer", "landbridge.errors", "landbridge"):
            try:
                __import__(module)
            except ImportError as error:
                assert error.__cause__ is not None
                print(error)
    """
    told = run(program).stdout.splitlines()
    assert len(told) == 5 and len(set(told)) == 1, told
    assert "the native library for " in told[0] and "cannot be loaded: " in told[0]
