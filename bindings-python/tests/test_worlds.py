"""Worlds from a seed: the same results, errors, texts and fuel as in every other host."""

from __future__ import annotations

import json
import os
import pathlib

import landbridge as lb
from conformance import Case
from conformance_modules import fits_name
from conformance_values import Mismatch, expect

WORLDS = pathlib.Path(__file__).resolve().parents[2] / "target/worlds"
FUEL = 1_000_000_000_000


class Run(Case):
    """One world at work."""

    def __init__(self, world, engine):
        super().__init__(None)
        self.world = world
        self.noted = []
        self.module = lb.Module.from_file(WORLDS / world["file"], engine=engine)

    def run(self):
        with self.module.instantiate(self.imports_of(), limits=lb.Limits(fuel=FUEL)) as instance:
            func = instance.wit_func(self.world["func"])
            expect("type", str(func.type), self.world["type"])
            for call in self.world["calls"]:
                self.call(func, call)
                expect("fuel", instance.store.usage().fuel_used, call["fuel"])
            used = instance.store.usage().fuel_used
            for wrong in self.world["wrong"]:
                self.refused(func, **wrong)
            expect("fuel of what was refused", instance.store.usage().fuel_used, used)
        return len(self.world["calls"])

    def imports_of(self):
        if self.world["import"] is None:
            return None
        interface, name = self.world["import"]
        found = [of for full, own, of in self.module.wit_imports if own == name and fits_name(interface, full)]
        self.lent = found[0]
        return {interface: {name: self.give}}

    def give(self, *args):
        params = self.lent.params
        self.noted.append([of.format(arg) for (_, _, of), arg in zip(params, args, strict=True)])
        result = self.current["result"]
        if result is None:
            return None
        given = self.lent.result.parse(result)
        if self.lent.result.sort != "result":
            return given
        if isinstance(given, lb.Err):
            raise lb.WitError(given.value)
        # An `Ok` that is returned would be the value of the outer one, if that holds another result.
        return given.value

    def call(self, func, call):
        self.current = call
        self.noted.clear()
        args = self.wit_args(func.type, call["args"])
        self.wit_check(func.type.result, lambda: func(*args), call["result"], ())
        if self.world["import"] is not None:
            expect("what the host was given", self.noted, [call["args"]])

    def refused(self, func, args, fails):
        try:
            func(*self.wit_args(func.type, args))
        except lb.WasmError as error:
            self.check_failure(error, **fails)
        else:
            raise Mismatch(f"{args} was not refused")


def test_worlds():
    lines = (WORLDS / "worlds.jsonl").read_bytes().split(b"\n")
    worlds = [json.loads(line) for line in lines if line]
    worlds = worlds[: int(os.environ.get("LANDBRIDGE_WORLDS", len(worlds)))]
    engine = lb.Engine(cache=WORLDS / "cache")
    calls = 0
    for world in worlds:
        try:
            calls += Run(world, engine).run()
        except BaseException as error:
            again = f"make worlds SEED={world['seed']} COUNT=1 FIRST={world['number']}"
            raise Mismatch(f"{type(error).__name__}: {error}\n{again}") from error
    print(f"worlds python: {len(worlds)} worlds, {calls} calls")
    assert worlds
