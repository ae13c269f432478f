"""Each message that docs/guide/troubleshooting.md shows is what is said, word by word."""

import pathlib
import re

import landbridge as lb
import pytest

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs/guide/troubleshooting.md").read_text(encoding="utf-8")
SHOWN = [body.strip() for body in re.findall(r"```text\n(.*?)```", PAGE, re.S)]
# What only a system that forbids to make machine code says; no test can bring it about everywhere.
ELSEWHERE = ["unable to make memory executable: failed to make memory executable: Permission denied (os error 13)"]

GUEST = """(module (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func (export "div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
  (func (export "un") unreachable)
  (func $rec (export "rec") call $rec))"""
LOOP = '(module (func (export "spin") (loop br 0)))'
PROGRAM = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 3))))"""


def made(text, imports=None, **limits):
    return lb.load(text).instantiate(imports, limits=lb.Limits(**limits) if limits else None)


def poisoned():
    guest = made(LOOP, timeout_ms=20)
    with pytest.raises(lb.DeadlineError):
        guest.exports.spin()
    guest.exports.spin()


def web_page(folder):
    (folder / "html.wasm").write_text("<html>404</html>")
    try:
        lb.load(folder / "html.wasm")
    except lb.CompileError as error:
        raise ValueError(str(error).replace(str(folder) + "/", "")) from error


def another_store():
    made('(module (import "m" "memory" (memory 1)))', {"m": {"memory": made(GUEST).exports.memory}})


SAID = [
    web_page,
    lambda _: made('(module (import "env" "log" (func (param i32))))', {"env": {"logg": print}}),
    lambda _: made('(module (import "wbg" "__wbg_log_1" (func (param i32))))'),
    lambda _: made(GUEST).exports.ad,
    lambda _: made(GUEST).exports.add(1.5, 2),
    lambda _: made(GUEST).exports.add(2**40, 2),
    lambda _: made(GUEST).exports.memory.read(-1, 4),
    lambda _: made(GUEST).exports.un(),
    lambda _: made(LOOP, timeout_ms=20).exports.spin(),
    lambda _: made(GUEST, memory_bytes=1000),
    lambda _: poisoned(),
    lambda _: another_store(),
    lambda _: made(PROGRAM).exports._start(),
]


def said(does, folder):
    with pytest.raises(Exception) as caught:
        does(folder)
    return str(caught.value)


def test_what_is_shown_is_what_is_said(tmp_path):
    messages = [said(does, tmp_path) for does in SAID] + ELSEWHERE
    for shown in SHOWN:
        # A line of a longer message is enough.
        assert any(shown == message or message.endswith("\n" + shown) for message in messages), shown


@pytest.mark.parametrize("name", ["call stack exhausted", "integer divide by zero"])
def test_headings_are_messages(name):
    guest = made(GUEST)
    with pytest.raises(lb.Trap, match=name):
        guest.exports.rec() if name.startswith("call") else guest.exports.div(1, 0)
    assert f"### {name}" in PAGE
