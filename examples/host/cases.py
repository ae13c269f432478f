#!/usr/bin/env python3
"""Runs the conformance cases that need no more than host.py has: cases.py LIBRARY HEADERS CONFORMANCE."""

import json
import os
import pathlib
import signal
import struct
import sys
import threading

from host import Host, Loop, WasmError

TYPES = {"i32", "i64", "f32", "f64", "v128"}
KEYS = {
    "load": {"module", "as"},
    "load_text": {"text", "as"},
    "instantiate": {"module", "as", "imports"},
    "call": {"instance", "func", "args", "results"},
    "close": {"target"},
    "log": {"equals"},
    "in_threads": {"threads", "times", "steps"},
}
FAILS = {"kind", "code", "message", "frames", "exception"}
DOES = {"give": {"results"}, "echo": set(), "add": set(), "record": {"results"}, "throw": {"exception"},
        "call": {"instance", "func", "args"}}  # fmt: skip


def knows(step):
    """Whether this small host has all that a step asks for."""
    if not set(step) - {"do", "fails", "within_ms"} <= KEYS.get(step["do"], set()):
        return False
    lent = [one.get("host") for one in step.get("imports", [])]
    values = step.get("args", []) + step.get("results", []) + sum(step.get("equals", []), [])
    values += sum((host.get(key, []) for host in lent if host for key in ("args", "results")), [])
    return (
        set(step.get("fails", {})) <= FAILS
        and all(host and set(host) - {"does"} <= DOES.get(host["does"], set()) for host in lent)
        and all(set(value) <= TYPES and not is_signalling(value) for value in values)
        and all(knows(inner) for inner in step.get("steps", []))
    )


def is_signalling(tagged):
    """ctypes carries a float in a double, and a NaN of 32 bits that signals is another one then."""
    bits = int(tagged.get("f32", "0"), 16)
    return bits & 0x7FC00000 == 0x7F800000 and bits & 0x3FFFFF != 0


def value(tagged):
    ((name, text),) = tagged.items()
    match name:
        case "i32" | "i64":
            return name, int(text)
        case "f32":
            return name, struct.unpack("<f", int(text, 16).to_bytes(4, "little"))[0]
        case "f64":
            return name, struct.unpack("<d", int(text, 16).to_bytes(8, "little"))[0]
        case _:
            return name, int(text, 16).to_bytes(16, "little")


def bits(held):
    """For comparing: a NaN is equal to itself."""
    name, it = held
    return name, struct.pack({"f32": "<f", "f64": "<d"}[name], it) if name in ("f32", "f64") else it


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} is not {wanted!r}")


class Case:
    def __init__(self, host, modules, parent=None):
        self.host, self.modules = host, modules
        self.names = dict(parent.names) if parent else {}
        self.exceptions = parent.exceptions if parent else {}
        self.noted = parent.noted if parent else []

    def run(self, steps):
        for step in steps:
            fails = step.get("fails")
            try:
                getattr(self, step["do"])(step)
            except AssertionError:
                raise
            except Exception as error:
                if not fails:
                    raise
                self.failed(fails, error)
            else:
                expect(fails, None, "it went well")

    def failed(self, fails, error):
        if "exception" in fails:
            expect(error is self.exceptions.get(fails["exception"]), True, "the very exception")
        elif "kind" in fails:
            expect(getattr(error, "kind", error), fails["kind"], "kind")
        if "code" in fails:
            expect(error.code, fails["code"], "code")
        for part in fails.get("message", []):
            expect(part in str(error), True, f"{part!r} in {str(error)!r}")
        if "frames" in fails and isinstance(error, WasmError):
            expect(error.frames[: len(fails["frames"])], fails["frames"], "frames")

    def load(self, step):
        self.names[step["as"]] = self.host.load(self.modules / step["module"])

    def load_text(self, step):
        self.names[step.get("as")] = self.host.load_text(step["text"])

    def instantiate(self, step):
        funcs = {(it["module"], it["name"]): self.lent(it["host"]) for it in step.get("imports", [])}
        self.names[step.get("as")] = self.host.instantiate(self.names[step["module"]], funcs)

    def call(self, step):
        given = self.host.invoke(self.names[step["instance"]], step["func"], [value(it) for it in step.get("args", [])])
        if "results" in step:
            expect([bits(it) for it in given], [bits(value(it)) for it in step["results"]], "results")

    def close(self, step):
        self.host.call("lb_instance_close", self.names[step["target"]])

    def log(self, step):
        noted = [[bits(it) for it in entry] for entry in self.noted]
        expect(noted, [[bits(value(it)) for it in entry] for entry in step["equals"]], "log")

    def in_threads(self, step):
        wrong = []

        def run():
            try:
                for _ in range(int(step.get("times", 1))):
                    Case(self.host, self.modules, self).run(step["steps"])
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=run) for _ in range(int(step["threads"]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if wrong:
            raise wrong[0]

    def lent(self, spec):
        results = [value(it) for it in spec.get("results", [])]

        def give(_, args):
            match spec["does"]:
                case "echo":
                    return args
                case "add":
                    (name, first), *rest = args
                    total = first + sum(it for _, it in rest)
                    return [(name, total)]
                case "record":
                    self.noted.append(args)
                case "throw":
                    name = spec["exception"]
                    raise self.exceptions.setdefault(name, Exception(name))
                case "call":
                    own = [value(it) for it in spec["args"]] if "args" in spec else args
                    return self.host.invoke(self.names[spec["instance"]], spec["func"], own)
            return results

        return give


SPINS = """(module (import "env" "fetch" (func $fetch (param i32) (result i32)))
    (func (export "fetch") (param i32) (result i32) (call $fetch (local.get 0)))
    (func (export "spin") (loop $l (br $l))))"""


def habits(host):
    """What no case asks for: a loop that answers, and Ctrl-C."""
    fetch = host.later(Loop(), lambda arg: [("i32", arg[1] + 1)])
    guest = host.instantiate(host.load_text(SPINS), {("env", "fetch"): fetch})
    expect(host.invoke(guest, "fetch", [("i32", 41)]), [("i32", 42)], "an answer of the loop")
    signal.signal(signal.SIGINT, lambda *_: host.interrupted.set())
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        host.invoke(guest, "spin", [])
    except KeyboardInterrupt:
        return
    raise AssertionError("Ctrl-C did not end the guest")


def contended(host):
    """Threads that meet on a store wait as the host waits."""
    met, leave = threading.Event(), threading.Event()

    def rest(_, args):
        met.set()
        leave.wait()
        return args

    guest = host.instantiate(host.load_text(SPINS), {("env", "fetch"): rest})
    other = threading.Thread(target=host.invoke, args=(guest, "fetch", [("i32", 1)]))
    other.start()
    met.wait()

    def wait():
        leave.set()
        Host._wait(host)

    host._wait, before = wait, host.waits
    expect(host.invoke(guest, "fetch", [("i32", 2)]), [("i32", 2)], "a call that waited")
    other.join()
    expect(host.waits, before + 1, "waits")
    del host._wait


def main(library, headers, conformance):
    host, passed, failed, left = Host(library, headers), 0, 0, 0
    root = pathlib.Path(conformance)
    for file in sorted((root / "cases").glob("*.json")):
        for case in json.loads(file.read_text())["cases"]:
            if not all(knows(step) for step in case["steps"]):
                left += 1
                continue
            try:
                Case(host, root / "modules").run(case["steps"])
                passed += 1
            except Exception as error:
                failed += 1
                print(f"FAIL {case['name']}: {error!r}")
    contended(host)
    habits(host)
    expect(host.ticks > 0, True, "ticks")
    print(f"conformance ctypes: {passed} passed, {failed} failed, {left} left to hosts that have more")
    return failed or passed < 100


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])))
