"""docs/guide/errors.md: each kind's example fails with that kind and that message, and leaves the instance as the page's table has it."""

import pathlib
import re
import threading

import landbridge as lb
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/guide/errors.md").read_text(encoding="utf-8")
# What a guest of Python's cannot bring about: the host's own exceptions are not changed, nothing is denied, and no defect is known.
ELSEWHERE = {"host", "denied", "internal"}

GUEST = """(module
  (import "env" "call" (func $call (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (tag $refused (param i32))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00") (data (i32.const 16) "eight by")
  (func (export "one") (result i32) i32.const 1)
  (func (export "div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
  (func (export "exit") (call $exit (i32.const 3)))
  (func (export "throw") (throw $refused (i32.const 7)))
  (func (export "spin") (loop (br 0)))
  (func (export "grow") (if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable)))
  (func (export "print") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "call_and_spin") (drop (call $call)) (loop (br 0)))
  (func (export "call") (result i32) call $call))"""
MEMORY = '(module (import "env" "memory" (memory 1)))'
PROGRAM = '(module (memory (export "memory") 1) (func (export "_start")))'
PAINT = ROOT / "core/tests/guide/paint.wat"


def made(call=lambda: 1, **keywords):
    return lb.load(GUEST).instantiate({"env": {"call": call}}, **keywords)


def link(_):
    lb.load('(module (import "env" "log" (func (param i32))))').instantiate({"env": {"Log": print}})


def unsupported(_):
    program = lb.load(PROGRAM).instantiate()
    program.run()
    program.run()


def closed(_):
    guest = made()
    guest.close()
    guest.exports.one()


def wrong_store(guest):
    lb.load(MEMORY).instantiate({"env": {"memory": guest.exports.memory}}, store=lb.Store())


class Journal:
    def write(self, line):
        pass


def painted(price):
    """Calls a component that asks for a price, which `price` gives; it gets the component's functions."""
    given = {"prices": {"price": lambda colour: price(shapes)}, "journals": {"Journal": Journal}}
    shapes = lb.load(PAINT).instantiate(given).exports.shapes
    shapes.cost({"colour": "red", "coats": b"\1"})


def busy(_):
    painted(lambda shapes: shapes.area({"circle": 1.0}))


def deadlock(_):
    """Two guests whose host functions call each other's, at once."""
    both, caught, guests = threading.Barrier(2), [], []

    def other(index):
        both.wait()
        return guests[index].exports.one()

    guests += [made(lambda: other(1)), made(lambda: other(0))]
    # Found and checked before, so that nothing but the calls is left.
    calls = [guest.exports.call for guest in guests if guest.exports.one() == 1]

    def run(call):
        try:
            call()
        except lb.WasmError as error:
            caught.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(caught) == 1
    raise caught[0]


def cancelled(_):
    def cancel():
        guest.store.cancel()  # from inside of the call, so that no time has to pass
        return 1

    guest = made(cancel)
    guest.exports.call_and_spin()


def poisoned(guest):
    with pytest.raises(lb.FuelError):
        guest.exports.spin()
    guest.exports.one()


def wit(_):
    def sold_out(shapes):
        raise lb.WitError("sold out")

    painted(sold_out)


LIMITS = {
    "fuel": {"fuel": 1000}, "poisoned": {"fuel": 1000}, "timeout": {"timeout_ms": 50},
    "memory_limit": {"memory_bytes": 1 << 20}, "limit": {"output_bytes": 7},
}
DOES = {
    "compile": lambda _: lb.load("(module (memory 1 1 shared))"),
    "link": link,
    "io": lambda _: lb.load("nope.wasm"),
    "unsupported": unsupported,
    "type": lambda guest: guest.exports.div(1),
    "range": lambda guest: guest.exports.div(2**32, 1),
    "not_found": lambda _: lb.load("""(module (func (export "div")) (memory (export "memory") 1)
        (func (export "load")))""").instantiate().exports.divv,
    "out_of_bounds": lambda guest: guest.exports.memory.read(65530, 100),
    "closed": closed,
    "wrong_store": wrong_store,
    "busy": busy,
    "deadlock": deadlock,
    "trap": lambda guest: guest.exports.div(1, 0),
    "exception": lambda guest: guest.exports.throw(),
    "exit": lambda guest: guest.exports.exit(),
    "wit": wit,
    "timeout": lambda guest: guest.exports.spin(),
    "fuel": lambda guest: guest.exports.spin(),
    "memory_limit": lambda guest: guest.exports.grow(),
    "limit": lambda guest: guest.exports.print(),
    "cancelled": cancelled,
    "poisoned": poisoned,
}


def example(kind):
    """What the section of a kind shows as messages: code with a space in it."""
    section = PAGE.split(f"\n### {kind}\n")[1].split("\n### ")[0]
    text = section.split("**Example.**")[1].split("**What to do.**")[0]
    return [shown.strip() for _, shown in re.findall(r"(`+)(.+?)\1(?!`)", " ".join(text.split())) if " " in shown.strip()]


def afterwards(kind):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| [`{kind}`]"))
    return row.split(" | ")[2].removesuffix(" |")


def test_each_kind_is_here():
    assert set(DOES) | ELSEWHERE == set(re.findall(r"^### (\w+)$", PAGE, re.M)) == set(lb.KINDS)


@pytest.mark.parametrize("kind", DOES)
def test_the_example_fails_so(kind):
    guest = made(limits=lb.Limits(**LIMITS.get(kind, {})), stdout=lb.CAPTURE)
    with pytest.raises(lb.WasmError) as caught:
        DOES[kind](guest)
    assert caught.value.kind == kind
    said = " ".join(str(caught.value).split())
    assert kind == "wit" or any(shown in said for shown in example(kind)), (said, example(kind))
    if afterwards(kind).startswith("usable"):
        assert guest.exports.one() == 1
    elif afterwards(kind).startswith("poisoned") and kind != "cancelled":
        with pytest.raises(lb.PoisonedError):
            guest.exports.one()
