"""Processes that measure: one for each host, or each way to call; README.md has the protocol."""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
RUST = ROOT / "target/release/landbridge-bench"
PYTHON = ROOT / "bindings-python/.venv/bin/python"
BATCH_NS = 1_000_000

# How each host's driver is started, before the paths of bench.wat and of a module to load; `make bench` builds them all first.
HOSTS = {
    "floor": [RUST, "floor"],
    "rust": [RUST, "rust"],
    "c": [ROOT / "target/bench/c"],
    "cpp": [ROOT / "target/bench/cpp"],
    "java": [HERE / "java/driver.sh"],
    "python": [PYTHON, HERE / "python/driver.py"],
    "node": ["node", HERE / "node/driver.mjs"],
}


class Driver:
    """A process that stays alive, and how often it runs each of its cases in a batch."""

    def __init__(self, name, command, most_ns=None, batch_ns=BATCH_NS):
        self.name = name
        # In all, of one case: what takes longer is measured less often.
        self.most_ns = most_ns
        self.batch_ns = batch_ns
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        ready, *self.cases = self.process.stdout.readline().split() or [""]
        if ready != "ready":
            sys.exit(f"the driver of {name} said {ready!r} instead of 'ready'")

    def calibrate(self, cases):
        """So many iterations that a batch takes about as long as it should."""
        self.samples = {case: [] for case in cases}
        self.took_ns = dict.fromkeys(cases, 0)
        self.iterations = {case: self.iterations_of(case) for case in cases}

    def iterations_of(self, case):
        iterations = 1
        while (took := self.best(case, iterations)) < self.batch_ns / 2 and iterations < 1 << 20:
            iterations *= 2
        return max(1, iterations * self.batch_ns // max(took, 1)) if took < self.batch_ns else iterations

    def best(self, case, iterations):
        """Of three, since the first may be slow: it brings the code along, or somebody else has the core. Long ones need no second."""
        took = self.run(case, iterations)
        return min(took, *(self.run(case, iterations) for _ in range(2))) if took < 10 * self.batch_ns else took

    def run(self, case, iterations):
        self.process.stdin.write(f"{case} {iterations}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().strip()
        if not line.isdigit():
            sys.exit(f"the driver of {self.name} answered {line!r} to {case}")
        return int(line)

    def sample(self, case):
        """Runs a batch, if the case has any time left."""
        if self.most_ns and self.took_ns[case] >= self.most_ns:
            return
        iterations = self.iterations[case]
        took = self.run(case, iterations)
        self.took_ns[case] += took
        self.samples[case].append(took / iterations)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
