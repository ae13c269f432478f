"""Steps with limits, policies, streams and files."""

from __future__ import annotations

import json
import os
from json import dumps

import landbridge as lb
from conformance_values import CORPUS, Mismatch, expect


class SandboxSteps:
    def sandbox(self, limits=None, policy=None, stdin=None, **outputs):
        expect("unknown keys", outputs.keys() - {"stdout", "stderr", "refusals"}, set())
        keywords = {stream: self.output(name) for stream, name in outputs.items()}
        if stdin is not None:
            keywords["stdin"] = stdin.encode()
        if limits is not None:
            keywords["limits"] = lb.Limits(**{name: int(most) for name, most in limits.items()})
        if policy is not None:
            text = json.dumps(policy).replace("CASE/", f"{self.folder}/")
            keywords["policy"] = lb.Policy.from_json(text)
        return keywords

    def output(self, name):
        match name and name.split():
            case None:
                return None
            case ["capture"]:
                return lb.CAPTURE
            case ["callback"]:
                return self.written.extend
            case ["lines"]:
                return lb.Lines(lambda line: self.written.extend(f"[{line}]".encode()))
            case ["throw", exception]:
                return self.host_throw((), exception)
            case ["call", instance, func]:
                return lambda piece: self.known[instance].call(func)
            case [file]:
                return self.folder / file
        raise Mismatch(f"unknown output {name!r}")

    def store_of(self, target):
        known = self.known[target]
        return known if isinstance(known, lb.Store) else known.store

    def do_usage(self, target, equals):
        found = self.store_of(target).usage()
        for key, wanted in equals.items():
            expect(key, getattr(found, key), wanted)

    def do_set_fuel(self, target, fuel):
        self.store_of(target).set_fuel(int(fuel))

    def do_cancel(self, target):
        self.store_of(target).cancel()

    def do_output(self, target, stream, text):
        store = self.store_of(target)
        found = store.output() if stream == "nowhere" else getattr(store, stream)().decode()
        expect(stream, found, text)

    def do_output_text(self, target, stream, text):
        store = self.store_of(target)
        expect(stream, {"stdout": store.stdout_text, "stderr": store.stderr_text}[stream](), text)

    def do_written(self, text):
        written = bytes(self.written)
        self.written.clear()
        expect("output", written.decode(), text)

    def do_run_program(self, module, exit, args=(), **keys):
        path, engine = CORPUS / "modules" / module, self.engine_of(None)
        expect("exit code", lb.run(path, *args, engine=engine, **self.sandbox(**keys)), exit)

    def do_run(self, instance, exit=None):
        code = self.known[instance].run()
        if exit is not None:
            expect("exit code", code, exit)

    def do_write_file(self, file, text):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def do_symlink(self, file, to):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(to)

    def do_make_pipe(self, file, is_held):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        if is_held:  # until the process ends
            os.open(path, os.O_RDWR)

    def do_read_file(self, file, text):
        expect(file, (self.folder / file).read_text(), text)

    def do_file_exists(self, file, equals):
        expect(f"{file} exists", (self.folder / file).exists(), equals)

    def do_policy(self, from_, json):
        expect("policy", lb.Policy.from_json(from_).to_json(), json)

    def do_limits_json(self, from_, json):
        expect("limits", lb.Limits.from_json(from_).to_json(), json)

    def do_restrict(self, policy, by, json):
        first, by = lb.Policy.from_json(dumps(policy)), lb.Policy.from_json(dumps(by))
        found = first.restrict(by)
        expect("allowed by both", (first.allows(found), by.allows(found)), (True, True))
        expect("policy", found.to_json(), json)

    def do_allows(self, policy, question, equals, address=None, **keys):
        ask = getattr(lb.Policy.from_json(dumps(policy)), f"allows_{question}")
        if address is not None:
            ip, _, port = address.rpartition(":")
            keys.update(address=ip.strip("[]"), port=int(port))
        expect("allowed", ask(**keys), equals)

    # The guest's heap
