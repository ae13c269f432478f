#!/usr/bin/env python3
"""Runs the fuzzers of the hosts, one after the other. See README.md.

    python3 fuzz/run.py [--calls 1000000] [--seed 1] [--hosts c,python] [--from 0] [--threads 4] [--seconds 0]
"""

import argparse
import secrets
import subprocess
import sys
import time

import drivers

# Which part of the operations each host makes, in thousandths: the cheaper they are, the more.
SHARES = {"c": 550, "python": 150, "node": 150, "java": 150}
# The most seconds that a host may take for a thousand operations, and to start. A fuzzer has a watchdog of its own;
# this is for one that hangs as a whole.
DEADLINE_S = 2
START_S = 120


def run(host: str, calls: int, options: argparse.Namespace) -> bool:
    command = [*drivers.fuzzer(host), "--guests", str(drivers.HERE), "--calls", str(calls), "--seed", str(options.seed)]
    command += ["--from", str(getattr(options, "from")), "--threads", str(options.threads)]
    command += ["--seconds", str(options.seconds)]
    start = time.monotonic()
    try:
        code = subprocess.run(command, env=drivers.environment(), stdin=subprocess.DEVNULL, timeout=START_S + calls * DEADLINE_S / 1000).returncode
    except subprocess.TimeoutExpired:
        code = "none: it hangs"
    print(f"{host}: {time.monotonic() - start:.0f} s", flush=True)
    if code:
        print(f"{host}: exit code {code}; again by: make fuzz HOSTS={host} SEED={options.seed} CALLS={calls}", flush=True)
    return not code


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1_000_000, help="operations in all, or of the one host")
    parser.add_argument("--seed", type=int, help="a number for each run; one that is made up by default")
    parser.add_argument("--hosts", default=",".join(drivers.HOSTS))
    parser.add_argument("--from", type=int, default=0, help="the operation to begin with")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=0, help="ends each host then, if not 0")
    options = parser.parse_args()
    options.seed = options.seed if options.seed is not None else secrets.randbelow(10**9)
    hosts = options.hosts.split(",")
    whole = sum(SHARES[host] for host in hosts)
    failed = [host for host in hosts if not run(host, options.calls * SHARES[host] // whole, options)]
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
