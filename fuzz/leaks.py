#!/usr/bin/env python3
"""Whether memory grows: the situations of leaks.json in every host, each in a process of its own, as a table of bytes a
round. Fails above the bounds that stand there.

    python3 fuzz/leaks.py [--hosts c,python,node,java] [--only NAME,NAME] [--scale 0.1]
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import drivers

HERE = Path(__file__).parent
# The most seconds that one situation may take.
DEADLINE_S = 900
# Bytes that a process may have more in any case, for pages that are touched late.
ALLOWANCE = {"c": 128 << 10, "python": 512 << 10, "node": 12 << 20, "java": 24 << 20}


# How many times as many rounds: what a collector frees comes and goes, and settles late.
TIMES = {"java": 3}


def measure(host: str, name: str, rounds: int) -> float | str:
    """Bytes a round, or what went wrong."""
    rounds *= TIMES.get(host, 1)
    command = [*drivers.leaks(host), str(HERE), name, str(rounds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, env=drivers.environment())
    except subprocess.TimeoutExpired:
        return f"took more than {DEADLINE_S} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:100]
    first, last = map(int, done.stdout.split()[-2:])
    return max(0.0, (last - first - ALLOWANCE[host]) / (rounds - rounds // 5))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", default=",".join(drivers.HOSTS))
    parser.add_argument("--only", default="")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    hosts, only, grows = options.hosts.split(","), set(filter(None, options.only.split(","))), []
    print(f"{'bytes a round':<20}{'rounds':>9}" + "".join(f"{host:>22}" for host in hosts))
    for situation in json.loads((HERE / "leaks.json").read_text())["situations"]:
        name, rounds = situation["name"], max(50, int(situation["rounds"] * options.scale))
        if only and name not in only:
            continue
        print(f"{name:<20}{rounds:>9}", end="", flush=True)
        for host in hosts:
            if host not in situation["bytes"]:
                print(f"{'-':>22}", end="", flush=True)
                continue
            bound, start = situation["bytes"][host], time.monotonic()
            found = measure(host, name, rounds)
            well = isinstance(found, float) and found <= bound
            told = f"{found:.1f} of {bound}" if isinstance(found, float) else "failed"
            print(f"{told + ('' if well else ' !'):>22}", end="", flush=True)
            if not well:
                grows.append(f"{host}, {name}: {found} in {time.monotonic() - start:.0f} s, at most {bound}")
        print()
    print("\n".join(grows), file=sys.stderr)
    return bool(grows)


if __name__ == "__main__":
    sys.exit(main())
