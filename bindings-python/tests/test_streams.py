"""Streams that nobody reads or writes, in processes of their own: their stdout is not this one's."""

import os
import pathlib

import pytest
from children import ended_well

import landbridge as lb

WASI = pathlib.Path(__file__).parents[2] / "conformance" / "modules" / "wasi.wat"

# stdout is a pipe that nobody reads; `kept` is the former one.
UNREAD = f"""
import os, signal, sys, threading, time
import landbridge as lb
read, write = os.pipe()
kept = os.dup(1)
os.dup2(write, 1)
def say(text):
    os.write(kept, text.encode())
def app(**limits):
    return lb.load({str(WASI)!r}).instantiate(stdout=lb.INHERIT, limits=lb.Limits(**limits))
"""

NAMED_PIPES = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")


def test_ctrl_c_ends_a_write_that_nobody_reads():
    source = """
guest = app()
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    guest.exports.flood()
except KeyboardInterrupt:
    say("interrupted")
"""
    assert ended_well(UNREAD + source) == "interrupted"


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_another_thread_ends_a_write_that_nobody_reads(end):
    source = f"""
guest = app()
threading.Timer(0.3, guest.store.{end}).start()
try:
    guest.exports.flood()
except lb.WasmError as error:
    say(error.kind)
"""
    assert ended_well(UNREAD + source) == {"cancel": "cancelled", "close": "closed"}[end]


@pytest.mark.parametrize("blocks", [True, False])
def test_a_deadline_ends_a_write_that_nobody_reads(blocks):
    source = f"""
os.set_blocking(write, {blocks})
try:
    app(timeout_ms=200).exports.flood()
except lb.DeadlineError as error:
    say(error.kind + str(os.get_blocking(1)))
"""
    assert ended_well(UNREAD + source) == f"timeout{blocks}"


def test_another_thread_reads_what_a_guest_writes_without_blocking():
    source = """
os.set_blocking(write, False)
lengths = []
def pump():
    time.sleep(0.2)  # sleeps: nobody reads for a while
    while sum(lengths) < 1 << 20:
        lengths.append(len(os.read(read, 1 << 16)))
thread = threading.Thread(target=pump)
thread.start()
try:
    app(output_bytes=1 << 20).exports.flood()
except lb.LimitError:
    thread.join()
    say(str(sum(lengths)))
"""
    assert ended_well(UNREAD + source) == str(1 << 20)


def test_a_guest_is_told_that_its_reader_has_left():
    source = """
os.close(read)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
say(str(app().exports.write(1, 10)))
"""
    assert ended_well(UNREAD + source) == "64"


@NAMED_PIPES
def test_named_pipes_without_another_end(tmp_path):
    for name in ("in", "out"):
        os.mkfifo(tmp_path / name)
    limits = lb.Limits(timeout_ms=100)
    module = lb.load(WASI)
    app = module.instantiate(stdin=tmp_path / "in", stdout=tmp_path / "out", limits=limits)
    with pytest.raises(lb.DeadlineError):
        app.exports.read(0, 9)
    app = module.instantiate(stdin=tmp_path / "in", stdout=tmp_path / "out", limits=limits)
    with pytest.raises(lb.DeadlineError):
        app.exports.write(1, 9)


def test_a_file_whose_name_is_no_text_is_told_of(tmp_path):
    raw = (pathlib.Path(__file__).parents[2] / "conformance" / "modules" / "wasi_raw.wat")
    for name in (b"a", b"caf\xe9", b"z"):
        pathlib.Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()
    policy = lb.Policy(dirs={"/d": lb.ReadOnly(tmp_path)})
    app = lb.load(raw).instantiate(policy=policy, refusals=lb.CAPTURE)
    assert app.exports.fd_readdir(3, 1000, 1000, 0, 0) == 0
    length = int.from_bytes(app.exports.memory.read(0, 4), "little")
    listed = app.exports.memory.read(1000, length)
    assert length == 4 * 24 + 5 and {listed[24 * 3 + 3 : 24 * 3 + 4], listed[-1:]} == {b"a", b"z"}
    assert app.store.refusals() == b'refused: fd_readdir "/d": left out "caf\\xe9", as its name is not UTF-8\n'
