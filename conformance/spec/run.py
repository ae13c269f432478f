"""Runs the official test suite in every host, and writes down what passed.

    python3 conformance/spec/run.py [--hosts core,python]

Shows what failed, prints a table, writes conformance/spec-report.json. Ends with 1 if anything failed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "spec"
SKIPS = ROOT / "conformance" / "spec-skips.json"
REPORT = ROOT / "conformance" / "spec-report.json"

LISTS = "cargo run --locked --quiet --release -p landbridge-spec -- target/spec"
HOSTS = {
    "core": "cargo test --locked --quiet --release -p landbridge --test spec -- --nocapture",
    "c": "bindings-c/build/spec-c",
    "cpp": "bindings-c/build/spec-cpp",
    "java": "mvn --batch-mode --no-transfer-progress --file bindings-jvm/pom.xml test -Dtest=SpecTest",
    "python": "bindings-python/.venv/bin/python bindings-python/tests/spec.py",
    "node": "node bindings-node/test/spec.mjs",
}

LAST_LINE = re.compile(
    r"spec (?P<host>\w+): (?P<files>\d+) files, (?P<passed>\d+) passed, (?P<failed>\d+) failed, "
    r"(?P<skipped>\d+) skipped, (?P<seconds>[\d.]+) s"
)
MOST_SHOWN = 40
COUNTS = ["files", "passed", "failed", "skipped"]


def check_skips():
    """A skip must name a file, or a line that has a command."""
    names = json.loads((FOLDER / "index.json").read_text())
    for skip in (skip for skips in json.loads(SKIPS.read_text()).values() for skip in skips):
        name, _, line = skip.partition(":")
        if name not in names or line and f'"line":{line},' not in (FOLDER / f"{name}.json").read_text():
            sys.exit(f"{SKIPS.name}: there is no {skip}")


def run(host):
    """The numbers of the host's last line, or None if it printed none."""
    try:
        done = subprocess.run(HOSTS[host].split(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = done.stdout.decode(errors="replace")
    except OSError as error:
        output = str(error)
    last = [found for found in LAST_LINE.finditer(output) if found["host"] == host]
    show(output.splitlines(), ended=bool(last))
    return last[-1].groupdict() if last else None


def show(lines, ended):
    """The failures; all that was said at the end if the runner did not reach its last line."""
    failures = [line for line in lines if "FAILED" in line]
    for line in failures[:MOST_SHOWN] if ended else lines[-MOST_SHOWN:]:
        print(line)
    if ended and len(failures) > MOST_SHOWN:
        print(f"and {len(failures) - MOST_SHOWN} more")


def table(results):
    print(f"{'host':8}{'files':>8}{'assertions':>12}{'passed':>9}{'failed':>9}{'skipped':>9}{'seconds':>9}")
    for host, result in results.items():
        print(row(host, result) if result else f"{host:8}  did not reach its end")


def row(host, result):
    files, passed, failed, skipped = (int(result[count]) for count in COUNTS)
    numbers = f"{files:8}{passed + failed + skipped:12}{passed:9}{failed:9}{skipped:9}"
    return f"{host:8}{numbers}{float(result['seconds']):9.1f}"


def report(results):
    """Hosts that were not asked for keep what they had."""
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    for host, result in results.items():
        known[host] = result and {count: int(result[count]) for count in COUNTS}
    lines = (f"  {json.dumps(host)}: {json.dumps(known[host])}" for host in HOSTS if known.get(host))
    REPORT.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", default=",".join(HOSTS), help="only these, such as core,python")
    hosts = parser.parse_args().hosts.split(",")
    if unknown := set(hosts) - set(HOSTS):
        parser.error(f"no such host: {', '.join(unknown)}")
    subprocess.run(LISTS.split(), cwd=ROOT, check=True)
    check_skips()
    results = {host: run(host) for host in hosts}
    table(results)
    if not os.environ.get("SPEC"):
        report(results)
    return 0 if all(result and result["failed"] == "0" for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
