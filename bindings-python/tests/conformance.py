"""Runs the cases of the conformance corpus through Landbridge's Python API.

Each method `do_NAME` is the step NAME; its parameters are the step's keys. Each method `host_NAME` makes
a host function that behaves as NAME says. They are in the files `conformance_*.py`, by what they are about.
"""

from __future__ import annotations

import inspect
import json
import os
import pathlib
import sys
import tempfile
import time

import landbridge as lb
from conformance_batches import BatchSteps
from conformance_calls import CallSteps
from conformance_hosts import HostFunctions
from conformance_items import ItemSteps
from conformance_modules import ModuleSteps
from conformance_sandbox import SandboxSteps
from conformance_values import CORPUS, Boom, Mismatch, Thing, bits_of, double, expect, parameters, widened
from conformance_wit import WitHostFunctions, WitSteps

SIGNALS = os.environ.get("LANDBRIDGE_TEST_SIGNALS") != "off"


def files():
    """The file that LANDBRIDGE_CASES names, or all files of the corpus."""
    if "LANDBRIDGE_CASES" in os.environ:
        return [pathlib.Path(os.environ["LANDBRIDGE_CASES"])]
    return sorted((CORPUS / "cases").glob("*.json"))


def cases():
    """All cases, by name, or the one that LANDBRIDGE_CASE names."""
    found = {}
    for path in files():
        for case in json.loads(path.read_text())["cases"]:
            if case["name"] in found:
                raise Mismatch(f"two cases are named {case['name']!r}")
            found[case["name"]] = case
    only = os.environ.get("LANDBRIDGE_CASE")
    return found if only is None else {only: found[only]}


def skips():
    path = CORPUS / "skips.json"
    return json.loads(path.read_text()).get("python", {}) if path.exists() else {}


class Watch:
    """Measures how long a step takes."""

    def __enter__(self):
        self.started = time.perf_counter()

    def __exit__(self, *error):
        self.took_ms = (time.perf_counter() - self.started) * 1000

    def check(self, within_ms):
        told = f"took {self.took_ms:.1f} ms, may take {within_ms} ms"
        print(told)
        if self.took_ms > within_ms:
            raise Mismatch(told)


class Case(ModuleSteps, ItemSteps, SandboxSteps, CallSteps, BatchSteps, WitSteps, HostFunctions, WitHostFunctions):
    """A case at work; `folder` is for the files it writes, and `signals` says whether engines have handlers."""

    def __init__(self, folder, signals=SIGNALS):
        self.signals = signals
        self.known = {}
        self.things = {}
        self.booms = {}
        self.thrown = {}
        self.notes = []
        self.wit_notes = []
        self.wit_results = {}
        self.written = bytearray()
        self.folder = folder

    def run(self, steps):
        for step in steps:
            self.step(step)

    def scope(self):
        """The same case for one of many threads: what it makes from now on is its own."""
        own = Case(self.folder, self.signals)
        own.__dict__.update(self.__dict__, known=dict(self.known))
        return own

    def step(self, step):
        step = dict(step)
        name, fails = step.pop("do"), step.pop("fails", None)
        within_ms = step.pop("within_ms", None)
        method = getattr(self, f"do_{name}")
        bound = inspect.signature(method).bind(**parameters(step))
        watch = Watch()
        try:
            with watch:
                method(*bound.args, **bound.kwargs)
        except Mismatch:
            raise
        except BaseException as error:
            if fails is None:
                raise
            self.check_failure(error, **fails)
        else:
            expect(f"{name} did not fail", fails, None)
        if within_ms is not None:
            watch.check(int(within_ms))

    def check_failure(
        self,
        error,
        kind,
        code=None,
        message=(),
        frames=None,
        frame_count=None,
        exception=None,
        exit=None,
        output=None,
        os_code=None,
        path="",
        row=...,
        **tagged,
    ):
        if exception is not None:
            thrown = self.thrown.get(exception) or self.boom(exception)
            expect("the very exception", error is thrown, True)
        if not isinstance(error, (lb.WasmError, Boom)):
            raise error
        expect("kind", getattr(error, "kind", "host"), kind)
        expect("code", getattr(error, "code", None), code)
        for part in [message] if isinstance(message, str) else message:
            if part not in str(error):
                raise Mismatch(f"{part!r} is not in {str(error)!r}")
        if frames is not None:
            names = [frame.func_name for frame in lb.frames(error)]
            expect("frames", names[: len(frames) or None], frames)
        if frame_count is not None:
            expect("frame_count", len(lb.frames(error)), frame_count)
        if os_code is not None:
            expect("errno", error.errno, os_code)
        if path:
            expect("path", error.filename.endswith(path), True)
        if row is not ...:
            expect("row", lb.errors.row(error), row)
        if exit is not None:
            expect("exit code", error.exit_code, exit)
        if output is not None:
            expect("output", error.output, output)
            notes = [] if not output else [output]
            expect("notes", [it for it in getattr(error, "__notes__", []) if it == error.output], notes)
        self.check_tagged(error, **tagged)

    def check_tagged(self, error, tag=None, payload=None, **keys):
        if tag is not None:
            expect("tag", error.tag, self.known[tag])
        if isinstance(error, lb.WitError) and payload is not None:
            expect("payload", f'"{error.payload}"', payload)
        elif payload is not None:
            self.check_all(error.payload, payload)
        if "as" in keys:
            self.known[keys.pop("as")] = error
        expect("unknown keys", keys, {})

    # Values

    def thing(self, name):
        return self.things.setdefault(name, Thing())

    def boom(self, name):
        return self.booms.setdefault(name, Boom(name))

    def value(self, tagged):
        ((tag, content),) = tagged.items()
        match tag:
            case "i32" | "i64" | "i31" | "int":
                return int(content)
            case "f32":
                return double(widened(int(content, 16)))
            case "f64":
                return double(int(content, 16))
            case "v128":
                return bytes.fromhex(content.removeprefix("0x"))[::-1]
            case "text":
                return content
            case "funcref" | "exnref":
                return None if content is None else self.known[content]
            case "externref" | "anyref":
                return None if content is None else self.thing(content)
            case "gcref" | "outward":
                return self.known[content]
        raise Mismatch(f"unknown value {tagged!r}")

    def values(self, tagged):
        return [self.value(one) for one in tagged or ()]

    def check(self, given, tagged):
        wanted = self.value(tagged)
        (tag,) = tagged
        if tag in ("f32", "f64"):
            expect(tag, type(given), float)
            expect(tag, hex(bits_of(given)), hex(bits_of(wanted)))
        elif tag in ("externref", "anyref"):
            expect("the very object", given is wanted, True)
        else:
            expect(tag, type(given), type(wanted))
            expect(tag, given, wanted)

    def check_all(self, given, tagged):
        expect("number of values", len(given), len(tagged))
        for one, wanted in zip(given, tagged):
            self.check(one, wanted)


def failure(case):
    """Why a case fails, or None."""
    with tempfile.TemporaryDirectory(prefix="landbridge-") as folder:
        try:
            Case(pathlib.Path(folder)).run(case["steps"])
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
    return None


def main():
    """Runs the cases without a test framework, for runs that measure the process."""
    failures = {name: failure(case) for name, case in cases().items() if name not in skips()}
    failed = {name: why for name, why in failures.items() if why is not None}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    skipped = len(cases()) - len(failures)
    passed = len(failures) - len(failed)
    print(f"conformance python: {passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
