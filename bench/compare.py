#!/usr/bin/env python3
"""Installs Landbridge's peers and measures them beside it, on the same modules, in one run; see README.md.

    make bench-peers                              # all, and writes peers.json, peers.md and peers.svg
    python3 bench/compare.py 1 5 v8,node          # a quick look: one start, 5 rounds, two lanes; writes no files
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import compared
from drivers import HERE, PYTHON, ROOT, Driver
from large import large_module

OUT = ROOT / "target/bench/peers"
DATA = OUT / "data"
VENV = OUT / "newest/bin/python"
SIZES = json.loads((HERE / "kernels/sizes.json").read_text())
CASES = ["call", "callback", "text", "bytes_in", "bytes_out", "batch", "instantiate", "load_cached", "load", *(f"kernel_{name}" for name in SIZES)]
ROWS = 1_000_000
BATCH_NS = 1_000_000
# What a case of a lane may take in all in one process; a single operation may take longer.
MOST_NS = 40_000_000
# As the driver of jco, which has components only, names its cases.
OF_COMPONENTS = {"add": "call", "host-add": "callback", "text": "text", "bytes-in": "bytes_in", "bytes-out": "bytes_out"}


class Absent(Exception):
    """A peer that cannot be had here, with the reason."""


def do(what, command, **more):
    """Runs a step of installing, and says in one line why it failed."""
    print(f"  {what}", file=sys.stderr, flush=True)
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, timeout=300, **more)
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise Absent(f"{what} failed: {' '.join(said[-2:])[:200]}")
    return done.stdout


def java():
    """The newest JDK that is here: GraalWasm wants 21 or later."""
    newer = [it for it in sorted(pathlib.Path("/usr/lib/jvm").glob("*")) if "25" in it.name and (it / "bin/java").exists()]
    return pathlib.Path(os.environ.get("JAVA25_HOME") or newer[0]) / "bin" if newer or "JAVA25_HOME" in os.environ else pathlib.Path()


def python_peers():
    if not VENV.exists():
        do("a virtual environment", ["python3", "-m", "venv", OUT / "newest"])
    for line in (HERE / "peers/newest.txt").read_text().split():
        try:
            do(f"pip install {line}", [VENV, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", line])
        except Absent as reason:
            yield line.split("==")[0], str(reason)


def node_peers():
    DATA.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (OUT / name).write_bytes((HERE / "peers" / name).read_bytes())
    do("npm ci", ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=OUT)


def java_peers():
    do("maven: Endive and GraalWasm", ["mvn", "--batch-mode", "--quiet", "--file", HERE / "peers/pom.xml", "dependency:copy-dependencies",
                                       f"-DoutputDirectory={OUT}/jars"])
    classes = f"{ROOT}/bindings-jvm/target/classes:{OUT}/jars/*"
    do("javac", [java() / "javac", "-d", OUT / "java", "-cp", classes, *sorted((HERE / "peers/java").glob("*.java"))])


def c_peers():
    flags = ["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
    c = ROOT / "target/c"
    do("Landbridge in C", [*flags, "-o", OUT / "landbridge-c", HERE / "peers/landbridge.c", f"-I{ROOT}/bindings-c/include", f"-L{c}",
                           f"-Wl,-rpath,{c}", "-llandbridge"])
    library = next(OUT.glob("newest/lib/*/site-packages/wasmtime/*/_libwasmtime.*"), None)
    if not library:
        raise Absent("the wheel of wasmtime is not there")
    for name, more in (("wasmtime-core", []), ("wasmtime-core-unchecked", ["-DUNCHECKED"])):
        do(f"{name} in C", [*flags, *more, "-o", OUT / name, HERE / "peers/wasmtime_core.c", f"-L{library.parent}", f"-l:{library.name}",
                            f"-Wl,-rpath,{library.parent}"])


def jco_peer():
    do("jco transpile", ["npx", "jco", "transpile", HERE / "component.wasm", "--instantiation", "sync", "--name", "bench", "--out-dir", "jco", "--quiet"], cwd=OUT)


def modules():
    """The guests of all lanes, in one folder."""
    DATA.mkdir(parents=True, exist_ok=True)
    for name in ("guest", "extism", "command"):
        text = (HERE / f"peers/{name}.wat").read_text()
        made = do(f"{name}.wasm", [VENV, "-c", "import sys, wasmtime; sys.stdout.buffer.write(wasmtime.wat2wasm(sys.argv[1]).hex().encode())", text])
        (DATA / f"{name}.wasm").write_bytes(bytes.fromhex(made))
    (DATA / "kernels.wasm").write_bytes((HERE / "kernels.wasm").read_bytes())
    (DATA / "large.wasm").write_bytes(large_module(1 << 20))
    (DATA / "middle.wasm").write_bytes(large_module(1 << 17))
    # Where Node.js looks for what is installed.
    (DATA / "package.json").write_text("{}\n")


def install():
    """Reasons by the group of peers that could not be had."""
    absent = {}
    OUT.mkdir(parents=True, exist_ok=True)
    print("installing peers into target/bench/peers", file=sys.stderr)
    absent.update(python_peers())
    for group, step in (("node", node_peers), ("java", java_peers), ("modules", modules), ("c", c_peers), ("jco", jco_peer)):
        try:
            step()
        except (Absent, subprocess.TimeoutExpired, OSError) as reason:
            absent[group] = str(reason)
    return absent


def lanes():
    """How each driver is started."""
    rest = [DATA, *(f"{name}={it['size']}={it['checksum']}" for name, it in SIZES.items())]
    classes = f"{OUT}/java:{ROOT}/bindings-jvm/target/classes:{OUT}/jars/*"
    jvm = [java() / "java", "--enable-native-access=ALL-UNNAMED", f"-Djava.library.path={ROOT}/target/release", "-cp", classes]
    of_python = {name: [VENV, HERE / "peers/peers.py", peer, *rest]
                 for name, peer in (("wasmtime-py", "wasmtime"), ("pywasm3", "pywasm3"), ("extism-py", "extism"), ("wasmer-py", "wasmer"))}
    of_node = {name: ["node", HERE / "peers/peers.mjs", peer, *rest]
               for name, peer in (("node", "landbridge"), ("v8", "v8"), ("extism-js", "extism"), ("wasmer-js", "wasmer"))}
    of_java = {name: [*jvm, peer, *rest] for name, peer in (("java", "LandbridgePeer"), ("endive", "EndivePeer"), ("graalwasm", "GraalPeer"))}
    return {"c": [OUT / "landbridge-c", *rest], "wasmtime-c": [OUT / "wasmtime-core", *rest],
            "wasmtime-c-unchecked": [OUT / "wasmtime-core-unchecked", *rest],
            "python": [PYTHON, HERE / "peers/peers.py", "landbridge", *rest], **of_python, **of_node,
            "jco": ["node", HERE / "peers/jco.mjs", OUT / "jco"], **of_java}


def started(lane, command):
    """The driver, or None with the reason why not."""
    try:
        driver = Driver(lane, command, MOST_NS, BATCH_NS)
    except (SystemExit, OSError) as reason:
        return None, f"its driver does not start: {reason}"
    driver.calibrate([it for it in driver.cases if OF_COMPONENTS.get(it, it) in CASES])
    return driver, None


def sampled(driver, rounds):
    """Cases in turn; a slow one is measured less often, at least once."""
    for _ in range(rounds):
        for case in driver.samples:
            driver.sample(case)
    driver.close()
    return driver.samples


def measure(chosen, starts, rounds):
    """Batches by lane and case, and reasons by lane. Lanes take turns: one process at a time, each several times."""
    samples, absent, begin = {}, {}, time.monotonic()
    for number in range(starts):
        for lane, command in chosen.items():
            if lane in absent:
                continue
            driver, reason = started(lane, command)
            if not driver:
                absent[lane] = reason
                continue
            for case, batches in sampled(driver, rounds).items():
                name = OF_COMPONENTS.get(case, case) if lane == "jco" else case
                rows = ROWS if name == "batch" else 1
                samples.setdefault(lane, {}).setdefault(name, []).extend(ns / rows for ns in batches)
            print(f"start {number + 1} of {starts}, {lane}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    return samples, absent


def rows(samples):
    """One for each lane and case; ratios are to Landbridge in the same language."""
    found = []
    for lane, cases in samples.items():
        host = compared.HOST[lane]
        for case in [it for it in CASES if it in cases]:
            least, ours = min(cases[case]), samples.get(host, {}).get(case)
            found.append({"host": host, "peer": lane, "case": case, "ns": round(least, 2), "ns_median": round(statistics.median(cases[case]), 2),
                          "ratio": round(least / min(ours), 2) if ours else None})
    return found


def main():
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    failed = install()
    every = lanes()
    names = sys.argv[3].split(",") if len(sys.argv) > 3 else list(every)
    samples, absent = measure({name: every[name] for name in names}, starts, rounds)
    reasons = absent | {f"({group})": why for group, why in failed.items()}
    measured = rows(samples)
    text = compared.markdown(measured, CASES, reasons, starts, rounds)
    print(text)
    if names == list(every):
        (HERE / "peers.json").write_text(json.dumps({"cases": measured, "absent": reasons}, indent=1) + "\n")
        (HERE / "peers.md").write_text(text)
        (HERE / "peers.svg").write_text(compared.picture(measured))


if __name__ == "__main__":
    main()
