"""`run`, and what is Python's of what guests write."""

import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading

import landbridge as lb
import pytest

MODULES = pathlib.Path(__file__).resolve().parents[2] / "conformance/modules"
ARGS = MODULES / "args.wat"
SURVEY = MODULES / "survey_rust.wasm"


def run_in_child(code, **options):
    command = [sys.executable, "-c", f"import landbridge as lb, sys\n{code}"]
    return subprocess.run(command, capture_output=True, timeout=60, **options)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a program and data, to be in."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "poem.txt").write_text("one two\nthree\n")
    shutil.copy(MODULES / "count.wasm", tmp_path)
    monkeypatch.chdir(tmp_path)


def test_the_guide_runs_a_program(here, capfd):
    # [run]
    code = lb.run(
        "count.wasm",
        "/data/poem.txt",
        dirs={"/data": lb.ReadOnly("data")},
        env={"LANG": "C"},
        limits=lb.Limits(memory_bytes=64 << 20),
    )
    # [end run]
    assert (code, capfd.readouterr().out) == (0, "2 3 14 /data/poem.txt\n")


def test_the_guide_takes_lines(here):
    # [lines]
    lines = []
    lb.run("count.wasm", stdin=b"some text\n", stdout=lb.Lines(lines.append), stderr=lb.Lines(print))
    # [end lines]
    assert lines == ["1 2 10 -"]


def test_a_program_has_the_streams_of_the_process():
    code = f"sys.exit(lb.run({str(SURVEY)!r}, 'first', 'exit=7', env={{'A': '1'}}))"
    ran = run_in_child(code, input=b"one\ntwo\n")
    told = ran.stdout.decode().splitlines()
    assert told[:4] == ["argument first", "argument exit=7", "variable A=1", "input 8 bytes, 2 lines"]
    assert (ran.returncode, ran.stderr) == (7, b"")


def test_folders_and_environment_are_granted_by_keywords(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    lines = []
    code = lb.run(
        str(SURVEY),
        dirs={"/data": lb.ReadOnly(tmp_path)},
        env={"LANG": "C"},
        stdin=b"",
        stdout=lb.Lines(lines.append),
        stderr=None,
    )
    assert (code, lines[0], "file a.txt 5 bytes" in lines) == (0, "variable LANG=C", True)
    with pytest.raises(lb.TypeMismatch, match="give either them or policy"):
        lb.run(SURVEY, policy=lb.Policy(), env={"A": "1"})


def test_a_program_may_be_a_module_or_what_load_takes():
    out = []
    for program in (lb.load(ARGS), ARGS.read_text(), io.BytesIO(lb.load(ARGS).bytes)):
        assert lb.run(program, "x", stdout=out.append) == 0
    assert out == [b"args\0x\0", b"program\0x\0", b"program\0x\0"]
    with pytest.raises(lb.TypeMismatch, match="args"):
        lb.run(ARGS, 1)


def test_a_library_is_no_program():
    with pytest.raises(lb.NotFoundError, match="no _start; it exports add"):
        lb.run('(module (func (export "add")))')


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_a_program():
    # Whoever starts the tests may have it ignored.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            lb.run(ARGS, "loop", stdout=None)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, former)


def test_the_traceback_shows_what_the_guest_wrote():
    ran = run_in_child(f"lb.load({str(SURVEY)!r}).instantiate().run()")
    told = ran.stderr.decode()
    assert "landbridge.errors.Trap: wasm `unreachable`" in told
    assert "\nthe guest wrote to stderr:\n    | thread 'main'" in told
    assert "\nWASI refused the guest:\n    | clock_time_get: the policy grants no clock\n" in told


def test_lines_takes_a_function():
    assert lb.Lines(print) == lb.Lines(print)
    with pytest.raises(lb.TypeMismatch, match="Lines"):
        lb.Lines("out.txt")


def test_what_the_function_for_lines_raises_comes_out():
    def fail(line):
        raise KeyError(line)

    with pytest.raises(KeyError, match="one"):
        lb.run(ARGS, "one", stdout=lb.Lines(fail))


@pytest.mark.parametrize("form", [lambda function: function, lb.Lines], ids=["bytes", "lines"])
def test_a_guest_whose_store_is_closed_by_the_function_for_its_output_writes_no_more(form):
    guest, written = None, []

    def close(text):
        written.append(text)
        guest.close()

    guest = lb.load(WRITES_TWICE).instantiate(stdout=form(close))
    with pytest.raises(lb.ClosedError):
        guest.run()
    assert len(written) == 1


WRITES_TWICE = r"""(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\08\00\00\00\06\00\00\00a\0ab\0ac\0a")
  (func $w (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
  (func (export "_start") (call $w) (call $w)))"""
