"""Runs the official test suite through Landbridge's Python API, as conformance/spec/README.md says.

Each method `do_NAME` of a file is the command NAME; its parameters are the command's keys.
"""

from __future__ import annotations

import json
import os
import pathlib
import struct
import sys
import time

import landbridge as lb
from conformance import SIGNALS
from conformance_values import bits_of, double, parameters, widened

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / "target/spec"
PREPARING = {"module", "define", "instance", "register", "action"}
TOPS = {"funcref", "externref", "anyref", "exnref"}


class Wrong(Exception):
    """Something else was found than the suite says."""


def spectest(store):
    """The host module that the suite's modules import from."""

    def print_(*params):
        return lb.Func(store, lb.FuncType(params), lambda *args: None)

    return {
        "print": print_(),
        **{f"print_{type}": print_(type) for type in ("i32", "i64", "f32", "f64")},
        "print_i32_f32": print_("i32", "f32"),
        "print_f64_f64": print_("f64", "f64"),
        **{f"global_{type}": lb.Global(store, type, 666) for type in ("i32", "i64")},
        **{f"global_{type}": lb.Global(store, type, 666.6) for type in ("f32", "f64")},
        "table": lb.Table(store, "funcref", 10, 20),
        "table64": lb.Table(store, "funcref", 10, 20, is_64=True),
        "memory": lb.Memory(store, 1, 2),
    }


# Values


class Thing:
    """An object of the host's own."""


class Objects(dict):
    """The host objects of a file, by name."""

    def __missing__(self, name):
        self[name] = thing = Thing()
        return thing


def number(text):
    return int(text, 16)


NUMBERS = {
    "i32": int,
    "i64": int,
    "f32": lambda text: double(widened(number(text))),
    "f64": lambda text: double(number(text)),
    "v128": lambda text: number(text).to_bytes(16, "little"),
}


def narrowed(wide):
    """The bits of the float that a double holds; for NaN, all of them."""
    if wide == wide:
        return struct.unpack("<I", struct.pack("<f", wide))[0]
    bits = bits_of(wide)
    return bits >> 32 & 0x80000000 | 0x7F800000 | bits >> 29 & 0x7FFFFF


def is_float(bits, wanted, nan, sign):
    """`nan` is the canonical NaN, `sign` the bit that any NaN may have."""
    match wanted:
        case "nan:canonical":
            return bits & ~sign == nan
        case "nan:arithmetic":
            return bits & nan == nan
    return bits == number(wanted)


def is_f32(bits, wanted):
    return is_float(bits, wanted, 0x7FC00000, 1 << 31)


def is_f64(bits, wanted):
    return is_float(bits, wanted, 0x7FF8000000000000, 1 << 63)


def lanes(form, fits):
    def check(found, wanted):
        return type(found) is bytes and all(map(fits, struct.unpack(form, found), wanted))

    return check


def is_object(*sorts):
    return lambda found: type(found) is lb.GcRef and found.sort in sorts


def is_small(found):
    return type(found) is int


REFERENCES = {
    "null": lambda found: found is None,
    "func": lambda found: type(found) is lb.Func,
    "exn": lambda found: type(found) is lb.TaggedException,
    "extern": lambda found: found is not None,
    "any": lambda found: found is not None,
    "eq": lambda found: is_small(found) or is_object("struct", "array")(found),
    "i31": is_small,
    "struct": is_object("struct"),
    "array": is_object("array"),
}

CHECKS = {
    "i32": lambda found, wanted: type(found) is int and found == int(wanted),
    "i64": lambda found, wanted: type(found) is int and found == int(wanted),
    "f32": lambda found, wanted: type(found) is float and is_f32(narrowed(found), wanted),
    "f64": lambda found, wanted: type(found) is float and is_f64(bits_of(found), wanted),
    "v128": lambda found, wanted: found == NUMBERS["v128"](wanted),
    "f32x4": lanes("<4I", is_f32),
    "f64x2": lanes("<2Q", is_f64),
    "ref": lambda found, wanted: REFERENCES[wanted](found),
}


# Files


class File:
    """What the commands of a file know, by name; what was made last has the name None."""

    def __init__(self, engine, name):
        self.engine, self.store = engine, lb.Store(engine=engine)
        self.modules = (SUITE / f"{name}.bin").read_bytes()
        self.imports = {"spectest": spectest(self.store)}
        self.definitions, self.instances, self.objects = {}, {}, Objects()

    # Commands

    def do_module(self, at, size, text=False, as_=None):
        self.instances.pop(None, None)
        self.instantiate(self.load(at, size), as_)

    def do_define(self, at, size, text=False, as_=None):
        self.definitions.pop(None, None)
        self.definitions[None] = self.definitions[as_] = self.load(at, size)

    def do_instance(self, of=None, as_=None):
        self.instances.pop(None, None)
        self.instantiate(self.known(self.definitions, of), as_)

    def do_register(self, name, of=None):
        self.imports[name] = self.known(self.instances, of)

    def do_action(self, action):
        self.act(**action)

    def do_return(self, action, results):
        found = self.act(**action)
        if len(results) == 1:
            found = (found,)
        found = () if found is None else found
        if len(found) != len(results) or not all(map(self.fits, found, results)):
            raise Wrong(f"found {found!r}, expected {results!r}")

    def do_trap(self, action=None, at=None, size=None, code=None, codes=()):
        module = self.load(at, size) if action is None else None
        try:
            self.link(module) if action is None else self.act(**action)
        except lb.Trap as trap:
            if trap.code not in (code, *codes):
                raise Wrong(f"trapped with {trap.code}: {trap}") from None
        else:
            raise Wrong("did not trap")

    def do_exception(self, action):
        self.must_raise(lb.TaggedException, lambda: self.act(**action))

    def do_invalid(self, at, size, text=False):
        self.must_raise(lb.CompileError, lambda: self.load(at, size))

    do_malformed = do_invalid

    def do_unlinkable(self, at, size):
        module = self.load(at, size)
        self.must_raise(lb.LinkError, lambda: self.link(module))

    # What they are made of

    def must_raise(self, kind, what):
        try:
            what()
        except kind:
            return
        raise Wrong(f"must fail with {kind.kind}, but succeeded")

    def load(self, at, size):
        return lb.Module.from_bytes(self.modules[at : at + size], engine=self.engine)

    def link(self, module):
        return self.store.instantiate(module, self.imports)

    def instantiate(self, module, name):
        self.instances[None] = self.instances[name] = self.link(module)

    def known(self, found, name):
        if name not in found:
            raise Wrong(f"nothing is known as {name}")
        return found[name]

    def act(self, type, name, args=(), of=None):
        instance = self.known(self.instances, of)
        match type:
            case "invoke":
                return instance.call(name, *map(self.value, args))
            case "get":
                return instance.global_(name).value
        raise Wrong(f"unknown action {type!r}")

    # Values

    def value(self, tagged):
        ((tag, inner),) = tagged.items()
        if make := NUMBERS.get(tag):
            return make(inner)
        if tag not in TOPS or inner is not None and tag not in ("externref", "anyref"):
            raise Wrong(f"unknown value {tagged!r}")
        return None if inner is None else self.objects[inner]

    def fits(self, found, tagged):
        ((tag, inner),) = tagged.items()
        if check := CHECKS.get(tag):
            return check(found, inner)
        if tag == "either":
            return any(self.fits(found, one) for one in inner)
        return found is self.value(tagged)


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def file(self, engine, skips, name):
        file, whole = File(engine, name), name in skips
        for command in json.loads((SUITE / f"{name}.json").read_text())["commands"]:
            do, line = command.pop("do"), command.pop("line")
            if whole or f"{name}:{line}" in skips:
                self.skipped += not whole or do not in PREPARING
                continue
            try:
                getattr(file, f"do_{do}")(**parameters(command))
                self.passed += do not in PREPARING
            except Exception as error:
                self.failed += 1
                print(f"FAILED {name}:{line} {do}: {type(error).__name__}: {error}")
        file.store.close()


def main():
    start, counts = time.monotonic(), Counts()
    options = {"wide_arithmetic": True, "custom_page_sizes": True, "signal_handlers": SIGNALS}
    engine = lb.Engine(**options)
    lists = json.loads((ROOT / "conformance/spec-skips.json").read_text())
    skips = {name for names in lists.values() for name in names}
    names = json.loads((SUITE / "index.json").read_text())
    names = [name for name in names if os.environ.get("SPEC", "") in name]
    for name in names:
        counts.file(engine, skips, name)
    print(
        f"spec python: {len(names)} files, {counts.passed} passed, {counts.failed} failed, "
        f"{counts.skipped} skipped, {time.monotonic() - start:.1f} s"
    )
    return counts.failed != 0


if __name__ == "__main__":
    sys.exit(main())
