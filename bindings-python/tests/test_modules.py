"""Modules: their bytes, their travels, precompiled files, inspection, engines, and values lent."""

import copy
import dataclasses
import io
import os
import pathlib
import pickle
import subprocess
import sys
import types

import landbridge as lb
import pytest
from children import ended_well
from guests import CALC, PROGRAM
from landbridge._names import arrived
from landbridge._native import digest_of


def test_bytes_and_digest():
    module = lb.load(CALC)
    assert module.bytes.startswith(b"\0asm") and lb.load(module.bytes).digest == module.digest
    assert len(module.digest) == 64 and int(module.digest, 16)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_module_is_pickled(protocol):
    module = lb.load(CALC)
    received = pickle.loads(pickle.dumps([module, module], protocol))
    assert received[0] is received[1] is not module
    assert received[0].instantiate().exports.add(2, 3) == 5
    assert (received[0].digest, received[0].name) == (module.digest, "calc")


def test_a_copy_is_the_module_itself():
    module = lb.load(CALC, engine=lb.Engine(cache=False))
    assert copy.copy(module) is module and copy.deepcopy({"m": module})["m"] is module


def test_a_pickled_module_arrives_in_the_shared_engine():
    received = pickle.loads(pickle.dumps(lb.load(CALC, engine=lb.Engine(cache=False))))
    assert lb.Store().instantiate(received).exports.add(2, 3) == 5


def test_a_module_that_was_altered_on_its_way():
    module, other = lb.load(CALC), lb.load("(module)")
    with pytest.raises(lb.CompileError, match="altered on its way: its digest is .*, not .*"):
        arrived(other.bytes, module.digest)
    with pytest.raises(lb.CompileError):
        arrived(module.bytes[:-5], module.digest)
    sent = pickle.dumps(module).replace(module.digest.encode(), other.digest.encode())
    with pytest.raises(lb.CompileError, match="altered on its way"):
        pickle.loads(sent)


def test_machine_code_does_not_arrive(tmp_path):
    module = lb.load(CALC)
    module.compile(tmp_path / "code")
    code = (tmp_path / "code").read_bytes()
    with pytest.raises(lb.CompileError, match="altered on its way"):
        arrived(code, module.digest)
    with pytest.raises(lb.CompileError, match="load_precompiled"):
        arrived(code, digest_of(code))


def test_a_precompiled_module(tmp_path):
    module, engine = lb.load(CALC), lb.Engine(interruptible=False)
    for path in (tmp_path / "code", str(tmp_path / "text")):
        module.compile(path)
        loaded = lb.Module.load_precompiled(path)
        assert loaded.instantiate().exports.add(2, 3) == 5
        assert (loaded.bytes, loaded.digest, loaded.name) == (module.bytes, module.digest, "calc")
        assert pickle.loads(pickle.dumps(loaded)).digest == module.digest
    assert os.stat(tmp_path / "code").st_mode & 0o077 == 0
    with pytest.raises(lb.CompileError, match="another configuration"):
        lb.Module.load_precompiled(tmp_path / "code", engine=engine)
    lb.load(CALC, engine=engine).compile(tmp_path / "code")
    assert lb.Module.load_precompiled(tmp_path / "code", engine=engine).name == "calc"
    for missing in (tmp_path / "no", tmp_path / "no" / "code"):
        with pytest.raises(lb.IoError):
            lb.Module.load_precompiled(missing)
    with pytest.raises(lb.IoError):
        module.compile(tmp_path / "no" / "code")
    for wrong in (3, None, b"\0asm\x01"):
        with pytest.raises((TypeError, OSError)):
            lb.Module.load_precompiled(wrong)


def test_inspection_takes_what_load_takes(tmp_path):
    path = tmp_path / "calc.wat"
    path.write_text(CALC)
    sources = [path, str(path), CALC, CALC.encode(), bytearray(CALC.encode())]
    sources += [memoryview(CALC.encode()), io.BytesIO(CALC.encode()), io.StringIO(CALC)]
    module = lb.load(CALC)
    for source in sources:
        found = lb.inspect(source)
        assert (found.name, list(found.exports)) == ("calc", module.exports)
    for wrong in (3, None, object()):
        with pytest.raises(TypeError):
            lb.inspect(wrong)
    with pytest.raises(lb.IoError):
        lb.inspect(tmp_path / "missing")
    with pytest.raises(lb.CompileError, match="calc.wat"):
        path.write_text("(module")
        lb.inspect(path)


def test_an_inspection_is_plain_data():
    found = lb.inspect("""(module $m (@custom "note" "abc") (@producers (language "Rust" "1.95"))
      (import "e" "m" (memory i64 1 2)) (import "e" "t" (tag (param i32))))""")
    assert found.imports[0] == ("e", "m", found.memories[0]) and found.memories[0].is_64
    assert str(found.imports[1].type) == "tag (i32)"
    assert (found.producers, found.exports) == ((("language", "Rust", "1.95"),), ())
    sections = {section.name: section.bytes for section in found.custom_sections}
    assert sections["note"] == b"abc" and set(sections) == {"note", "producers", "name"}
    assert {"memory64", "exceptions"} <= set(found.features)
    assert found.asks == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "other"
    assert hash(found) and found == dataclasses.replace(found)


def test_what_an_inspection_says_is_asked_of_wasi():
    found = lb.inspect(PROGRAM)
    assert [ask.what for ask in found.asks] == ["args", "streams", "poll", "exit"]
    assert found.asks[-1] == lb.Ask("exit", ("proc_exit",))
    assert lb.ASKS[:2] == ("args", "env") and set(lb.ASKS) >= {ask.what for ask in found.asks}


def test_an_engine_without_signal_handlers():
    assert lb.Engine().signal_handlers
    engine = lb.Engine(signal_handlers=False)
    assert not engine.signal_handlers
    with pytest.raises(lb.Trap) as caught:
        lb.load(CALC, engine=engine).instantiate().exports.div(1, 0)
    assert caught.value.code == "integer_division_by_zero"
    with pytest.raises(TypeError, match="signal_handlers"):
        lb.Engine(signal_handlers="off")


ADDRESS_SPACE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
import landbridge as lb
engine = lb.Engine(memory_reservation_bytes=int(sys.argv[2]) if sys.argv[2] else None, cache=False)
module = lb.load(b'(module (memory (export "memory") 1))', engine=engine)
kept = [module.instantiate() for _ in range(int(sys.argv[3]))]
assert all(one.exports.memory.grow(2) == 1 for one in kept)
print(engine.memory_reservation_bytes)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_AS")
@pytest.mark.parametrize(
    "space, reservation, count, told",
    [(4 << 30, "", 5, 256 << 20), (1 << 30, 4 << 20, 100, 4 << 20)],
)
def test_memories_fit_into_a_limited_address_space(space, reservation, count, told):
    ran = subprocess.run(
        [sys.executable, "-c", ADDRESS_SPACE, str(space), str(reservation), str(count)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (0, f"{told}\n"), ran.stderr


def test_options_of_an_engine(tmp_path):
    default = lb.Engine()
    assert (default.wide_arithmetic, default.custom_page_sizes, default.cache) == (False, False, True)
    assert default.compile_cost == 1_000_000 and lb.Engine(compile_cost=2**64 - 1).compile_cost == 2**64 - 1
    assert (default.memory_reservation_bytes, default.deterministic) == (4 << 30, False)
    small = lb.Engine(memory_reservation_bytes=1 << 20, deterministic=True)
    assert (small.memory_reservation_bytes, small.deterministic) == (1 << 20, True)
    memory = lb.Memory(lb.Store(engine=small), 16)
    with pytest.raises(lb.MemoryLimitError, match="ends at 1048576 bytes.*memory_reservation_bytes"):
        memory.grow(1)
    with pytest.raises((OverflowError, lb.RangeError)):
        lb.Engine(memory_reservation_bytes=-1)
    engine = lb.Engine(wide_arithmetic=True, custom_page_sizes=True, cache=tmp_path / "code")
    assert (engine.wide_arithmetic, engine.custom_page_sizes) == (True, True)
    assert engine.cache == tmp_path / "code" and isinstance(engine.cache, pathlib.Path)
    memory = lb.Memory(lb.Store(engine=engine), 3, 7, page_bytes=1)
    assert (len(memory), memory.type.page_bytes, memory.grow(4), len(memory)) == (3, 1, 3, 7)
    for wrong in (3, None, 1.5):
        with pytest.raises(TypeError):
            lb.Engine(cache=wrong)


def test_a_cache_is_a_folder_or_off(tmp_path):
    folder = tmp_path / "made" / "code"
    for _ in range(2):
        module = lb.load(CALC, engine=lb.Engine(cache=str(folder)))
        assert module.instantiate().exports.add(2, 3) == 5
    assert [path for path in folder.rglob("*") if path.is_file()]
    assert lb.Engine(cache=False).cache is False
    assert lb.load(CALC, engine=lb.Engine(cache=False)).instantiate().exports.add(2, 3) == 5


def test_wide_memories_and_tables():
    store = lb.Store()
    memory, table = lb.Memory(store, 1, is_64=True), lb.Table(store, "funcref", 1, is_64=True)
    assert (str(memory.type), str(table.type)) == ("memory i64 1", "table i64 1 funcref")
    assert memory.type.is_64 and table.type.is_64
    with pytest.raises(lb.LimitError, match="a page of a memory has 1 or 65536 bytes"):
        lb.Memory(store, 1, page_bytes=4096)


GLOBALS = """(module (import "e" "n" (global $n i64)) (import "e" "o" (global $o externref))
  (import "e" "a" (global $a anyref))
  (export "n" (global $n)) (export "o" (global $o)) (export "a" (global $a)))"""


def test_values_are_lent_for_globals():
    thing = types.SimpleNamespace(n=2**64 - 1, o=[1], a=True)
    for space in (thing, vars(thing)):
        guest = lb.load(GLOBALS).instantiate({"e": space}).exports
        assert guest.n.value == -1 and guest.o.value is thing.o and guest.a.value is True
        assert not guest.n.type.mutable
    guest = lb.load(GLOBALS).instantiate({"e": {"n": 0, "o": None, "a": -3}}).exports
    assert guest.o.value is None and guest.a.value == -3


@pytest.mark.parametrize(
    "given, error, match",
    [
        ({"n": "1", "o": 0, "a": 0}, lb.TypeMismatch, "e.n: global i64: expected i64, got str"),
        ({"n": 2**64, "o": 0, "a": 0}, lb.RangeError, "e.n: global i64"),
        ({"n": 1, "o": 0, "a": 2**30}, lb.RangeError, "e.a: global anyref"),
        ({"n": 1, "o": print, "a": 0}, lb.LinkError, "e.o: global externref .a func was given"),
        ({"n": 1, "o": 0}, lb.LinkError, "1 import is missing"),
    ],
)
def test_a_value_that_is_not_lent(given, error, match):
    with pytest.raises(error, match=match):
        lb.load(GLOBALS).instantiate({"e": given})


def test_what_the_validator_of_components_panics_on_is_one_error():
    program = """
        import landbridge as lb

        text = '''(component
            (component $c
                (type $t (instance (type $u u32) (export "t" (type (eq $u)))))
                (import "a" (instance (type $t)))
                (import "b" (instance (type $t))))
            (type $u u32)
            (instance $i (export "t" (type $u)))
            (instance (instantiate $c (with "a" (instance $i)) (with "b" (instance $i)))))'''
        try:
            lb.load(text)
        except lb.CompileError as error:
            print(error)
    """
    # Nothing is printed besides.
    assert "this component cannot be read" in ended_well(program)
