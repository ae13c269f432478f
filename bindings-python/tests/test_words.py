"""What is said of wrong texts and names, what a string is that is loaded, and texts in memory."""

import os
import pathlib

import landbridge as lb
import pytest

GREET = '(module (memory (export "memory") 1) (func (export "greet") (param i32 i32)))'


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"args": ["p", "a\0b"]}, r"args\[1\] has a zero byte"),
        ({"args": ["p", "q", "a\udc80"]}, r"args\[2\] is not Unicode"),
        ({"env": {"": "1"}}, "no name"),
        ({"env": {"A=B": "1"}}, 'the variable "A=B" has a "="'),
        ({"env": {"A\0": "1"}}, "the name of the variable .* zero byte"),
        ({"env": {"A": "\0"}}, 'the variable "A" has a zero byte'),
        ({"env": {"\udc80": "1"}}, "the name of a variable is not Unicode"),
        ({"env": {"A": "\ud800"}}, 'the variable "A" is not Unicode'),
        ({"dirs": {"/a\0": lb.ReadOnly(".")}}, "the folder .* zero byte"),
        ({"dirs": {"/a": lb.ReadOnly("x\0y")}}, 'the path of the folder "/a" has a zero byte'),
        ({"dirs": {"/a\0": lb.MemoryDir({})}}, "the folder .* zero byte"),
        ({"dirs": {"/\ud800": lb.ReadOnly(".")}}, "the name of a folder is not Unicode"),
    ],
)
def test_texts_that_no_guest_can_be_given(given, told):
    with pytest.raises(lb.TypeMismatch, match=told):
        lb.Policy(**given)


def test_a_string_is_text_or_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.wat", "(1).wat", os.fsdecode(b"\xff.wat")):
        pathlib.Path(name).write_text("(module $file)")
    assert lb.load("a.wat").name == lb.load("./(1).wat").name == lb.load(pathlib.Path("(1).wat")).name == "file"
    assert lb.load(os.fsdecode(b"\xff.wat")).name == "file"
    assert lb.load("\ufeff ;; a\n(module $text)").name == lb.inspect("(module $text)").name == "text"
    assert lb.inspect("a.wat").name == "file"
    with pytest.raises(lb.TypeMismatch, match="not Unicode"):
        lb.load('(module $"\udc80")')
    with pytest.raises(lb.IoError, match="as bytes"):
        lb.load("\0asm\1\0\0\0")
    with open("(1).wat") as file:
        assert lb.load(file).name == "file"


def test_half_of_a_surrogate_pair_is_no_text():
    memory = lb.load(GREET).instantiate().exports.memory
    memory.write(0, b"abc")
    with pytest.raises(lb.TypeMismatch, match="the text is not Unicode"):
        memory.write_text(0, "x\ud800")
    assert memory.read_text(0, 3) == "abc"
    with pytest.raises(lb.TypeMismatch, match="a str"):
        memory.write_text(0, b"x")
    for wrong in (-1, 1 << 70):
        with pytest.raises(lb.OutOfBoundsError):
            memory.read_text(wrong, 1)
        with pytest.raises(lb.OutOfBoundsError):
            memory.read_c_string(0, wrong)


async def call_async(func, *args):
    return await func.call_async(*args)


def test_text_where_numbers_are_expected():
    import asyncio

    guest = lb.load(GREET).instantiate()
    calls = [
        lambda: guest.exports.greet("Ada"),
        lambda: guest.exports.greet("Ada", 3),
        lambda: guest.call("greet", "Ada"),
        lambda: asyncio.run(call_async(guest.exports.greet, "Ada")),
    ]
    for call in calls:
        with pytest.raises(lb.TypeMismatch, match="write_text .* component"):
            call()
    with pytest.raises(lb.TypeMismatch) as caught:
        guest.exports.greet(1)
    assert "write_text" not in str(caught.value)


@pytest.mark.parametrize(
    ("imports", "told"),
    [
        ({"log": print}, r'log was given without a module; did you mean \{"env": \{"log": ...\}\}\?'),
        ({"env": {"Log": print}}, r"env.Log was given; did you mean env.log\?"),
        ({"Env": {"log": print}}, r"Env.log was given; did you mean env.log\?"),
        ({"host": type("Host", (), {"log": print})()}, r"host.log was given; did you mean env.log\?"),
        ({}, r"env.log: func \(\) -> \(\)$"),
    ],
)
def test_what_a_missing_import_was_meant_to_be(imports, told):
    module = lb.load('(module (import "env" "log" (func)))')
    with pytest.raises(lb.LinkError, match=told):
        module.instantiate(imports)


def test_a_keyword_that_is_near():
    with pytest.raises(lb.TypeMismatch, match=r"did you mean \"policy\"\?"):
        lb.load("(module)").instantiate(polcy=lb.Policy())


def test_what_an_object_has_is_offered():
    class Env:
        def __init__(self):
            self.Log = print

    module = lb.load('(module (import "env" "log" (func)))')
    with pytest.raises(lb.LinkError, match="env.Log was given"):
        module.instantiate({"env": Env()})


@pytest.mark.parametrize("source", [None, 3, 10**12, [1], object()])
def test_what_is_no_source(source):
    for take in (lb.load, lb.inspect, lb.load_async):
        with pytest.raises(lb.TypeMismatch, match="source: expected a path, bytes, .* got"):
            take(source)


def test_a_device_is_no_precompiled_module():
    with pytest.raises(lb.CompileError, match="/dev/zero: this is not a precompiled module"):
        lb.Module.load_precompiled("/dev/zero")
