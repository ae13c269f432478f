"""Runs every hostile payload in every host, each in a process of its own, and says what each host withstood.

    python3 conformance/hostile/run.py [--hosts core,python] [--only TEXT]

A payload has passed if its process lives, its steps go as they say and in time, and memory stays below what the
guests may have plus 64 MiB, above what the host's runner uses for an empty case. Writes target/hostile.json. Ends with
1 if anything failed.
"""

import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lists

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "hostile"
REPORT = ROOT / "target" / "hostile.json"
MIB = 1 << 20
SPARE_BYTES = 64 * MIB
HARD_LIMIT_SECONDS = 30
# A step that was late on a busy machine is tried again so often.
RETRIES = 3

TOOK = re.compile(r"took ([\d.]+) ms, may take (\d+) ms")
MAVEN = ["mvn", "--batch-mode", "--quiet", "--file", "bindings-jvm/pom.xml"]


def core():
    """The path of the test program of the core, as Cargo tells it."""
    build = "cargo test --locked --release --package landbridge --test conformance --no-run --message-format json"
    told = subprocess.run(build.split(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    built = [json.loads(line) for line in told.stdout.splitlines()]
    programs = [one["executable"] for one in built if one.get("executable")]
    return [programs[-1], "--exact", "corpus_holds", "--nocapture"]


def java():
    """The runner without Maven, in a heap that is in memory from the start and so counts as the runner's."""
    listed = FOLDER / "classpath"
    if not listed.exists() or listed.stat().st_mtime < (ROOT / "bindings-jvm/pom.xml").stat().st_mtime:
        goal = ["dependency:build-classpath", f"-Dmdep.outputFile={listed}"]
        subprocess.run([*MAVEN, *goal], cwd=ROOT, check=True)
    classes = ["bindings-jvm/target/classes", "bindings-jvm/target/test-classes", listed.read_text().strip()]
    return [
        "java", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        f"-XX:ErrorFile={FOLDER}/java.log",
        "-Dlandbridge.conformance=conformance", "-Djava.library.path=target/release",
        "-cp", os.pathsep.join(classes), "dev.landbridge.ConformanceTest",
    ]  # fmt: skip


HOSTS = {
    "core": core,
    "c": lambda: ["target/c/conformance-c", "conformance"],
    "cpp": lambda: ["target/c/conformance-cpp", "conformance"],
    "java": java,
    "python": lambda: ["bindings-python/.venv/bin/python", "bindings-python/tests/conformance.py"],
    "node": lambda: ["node", "bindings-node/test/conformance.test.mjs"],
}


class Run:
    """One process that runs one file of cases: how it ended, what it said, what it used."""

    def __init__(self, host, command, cases):
        self.host = host
        environment = os.environ | {"LANDBRIDGE_CASES": str(cases), "LANDBRIDGE_CACHE": "off"}
        environment.pop("LANDBRIDGE_CASE", None)
        said = FOLDER / f"{host}.out"
        with said.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
            self.wait(process)
        self.said = said.read_text(errors="replace")
        self.times = [(float(took), int(may)) for took, may in TOOK.findall(self.said)]

    def wait(self, process):
        timer = threading.Timer(HARD_LIMIT_SECONDS, process.send_signal, [signal.SIGKILL])
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        self.is_over_time = not timer.is_alive()
        timer.cancel()
        process.returncode = self.exit_code = os.waitstatus_to_exitcode(status)
        self.peak_bytes = used.ru_maxrss * 1024

    @property
    def is_late(self):
        return any(took > may for took, may in self.times)

    @property
    def latest_ms(self):
        """How long after its deadline the latest step came back; before it, if negative."""
        return max((took - (may - lists.ON_TIME_MS) for took, may in self.times), default=-lists.OTHERWISE_MS)

    def failure(self):
        """Why the run failed, or None. Memory is looked at elsewhere."""
        if self.is_over_time:
            return f"it was ended after {HARD_LIMIT_SECONDS} s"
        if self.exit_code < 0:
            return f"the process died of {signal.Signals(-self.exit_code).name}"
        if self.exit_code or f"conformance {self.host}: 2 passed, 0 failed, 0 skipped" not in self.said:
            return f"exit code {self.exit_code}: {self.reason()}"
        return None

    def reason(self):
        # Node.js writes a message of several lines under its key.
        said = re.sub(r"error: \|-\n(( {4,}.*\n)+)", lambda found: f"error: {' '.join(found[1].split())}\n", self.said)
        lines = [line.strip() for line in said.splitlines()]
        told = [line for line in lines if re.match(r"FAIL|error:", line)] or lines[-5:]
        return " / ".join(shortened(line) for line in told[:5])


def shortened(line):
    return line if len(line) <= 400 else f"{line[:150]} ... {line[-250:]}"


class Host:
    """A host's runner, what it uses by itself, and what it withstood."""

    def __init__(self, name, empty):
        self.name = name
        self.command = HOSTS[name]()
        self.own_bytes = max(self.run_empty(empty).peak_bytes for _ in range(3))
        self.results = []

    def run_empty(self, empty):
        run = Run(self.name, self.command, empty["file"])
        if run.failure():
            sys.exit(f"{self.name}: the runner does not run an empty case: {run.failure()}")
        return run

    def is_quick(self):
        return self.name not in ("node", "python")

    def is_alone(self):
        """A JVM that has just started compiles its own code on all cores: nothing else is measured beside it."""
        return self.name == "java"

    def withstand_all(self, payloads):
        for payload in payloads:
            self.withstand(payload)

    def withstand(self, payload):
        """Runs a payload, again if it was late, and says if it failed."""
        runs = [Run(self.name, self.command, payload["file"])]
        while runs[-1].is_late and len(runs) <= RETRIES:
            runs.append(Run(self.name, self.command, payload["file"]))
        above = max(run.peak_bytes for run in runs) - self.own_bytes
        most = payload["cap_bytes"] + SPARE_BYTES
        over = f"{mib(above)} MiB above the runner, may be {mib(most)}" if above > most else None
        failure = runs[-1].failure() or over
        self.results.append({
            "payload": payload["name"], "failure": failure, "memory_above_runner_bytes": above,
            "cap_bytes": payload["cap_bytes"],
            "latest_ms": round(runs[-1].latest_ms, 1), "late_runs": sum(run.is_late for run in runs),
        })  # fmt: skip
        if failure:
            print(f"FAILED {self.name}: {payload['name']}: {failure}", flush=True)

    @property
    def failed(self):
        return sum(result["failure"] is not None for result in self.results)

    def summary(self):
        above = max(result["memory_above_runner_bytes"] for result in self.results)
        latest = max(result["latest_ms"] for result in self.results)
        again = sum(result["late_runs"] for result in self.results)
        passed = len(self.results) - self.failed
        return (
            f"hostile {self.name}: {passed} passed, {self.failed} failed (most memory above the cap-free runner: "
            f"{mib(above)} MiB, latest return: {latest:+.0f} ms, late runs: {again})"
        )


def mib(count):
    return f"{count / MIB:.1f}"


def read_lists(folder):
    """The empty payload and all others. Another process writes them out: the system counts the peak of the process that
    starts a runner to the runner, so this one stays small."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, lists.__file__, folder, FOLDER], check=True)
    return json.loads((FOLDER / "index.json").read_text())


def report(hosts):
    told = {host.name: {"runner_bytes": host.own_bytes, "payloads": host.results} for host in hosts}
    REPORT.write_text(json.dumps(told, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", default=",".join(HOSTS), help="only these, such as core,python")
    parser.add_argument("--only", default="", help="only payloads whose names contain this")
    parser.add_argument("--lists", default=Path(__file__).parent, help="another folder of lists")
    parser.add_argument("--jobs", type=int, default=2, help="how many hosts run at once, 2 if nothing is said")
    chosen = parser.parse_args()
    if unknown := set(chosen.hosts.split(",")) - set(HOSTS):
        parser.error(f"no such host: {', '.join(unknown)}")
    empty, *payloads = read_lists(chosen.lists)
    payloads = [payload for payload in payloads if chosen.only in payload["name"]]
    if not payloads:
        parser.error(f"no payload has {chosen.only!r} in its name")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hosts = [Host(name, empty) for name in chosen.hosts.split(",")]
    together = [host for host in hosts if not host.is_alone()]
    with ThreadPoolExecutor(chosen.jobs) as jobs:
        list(jobs.map(lambda host: host.withstand_all(payloads), sorted(together, key=Host.is_quick)))
    for host in hosts:
        if host.is_alone():
            host.withstand_all(payloads)
    print("\n".join(host.summary() for host in hosts))
    report(hosts)
    return 1 if any(host.failed for host in hosts) else 0


if __name__ == "__main__":
    sys.exit(main())
