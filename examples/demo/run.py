"""Runs the demo in every host, prints one table, and fails unless all hosts agree.

Sets up what it needs: the packages of examples/modules, and the programs in C, C++ and Rust. The
bindings must be built, as `make demo` does.
"""

import itertools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
RELEASE = TARGET / "release"
LIBRARY = ROOT / "target/c"
CLASSES = ROOT / "bindings-jvm/target/classes"
PROGRAMS = TARGET / "demo"
HEADER = ("host", "module", "call", "result", "digest", "ms")
ROWS = 17
TIMEOUT_S = 300


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, timeout=900, **options)


def prepare_modules():
    """Installs the packages that hold the modules, unless they are there, and unpacks them."""
    modules = EXAMPLES / "modules"
    lock, installed = modules / "package-lock.json", modules / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=modules, stdout=sys.stderr)
    run("node", modules / "prepare.mjs", stdout=subprocess.DEVNULL)


def compile_programs():
    """The programs in C, C++, Rust and Java."""
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    run("make", "--no-print-directory", "--silent", "-C", ROOT / "bindings-c", "lib", stdout=sys.stderr)
    library = ["-I", ROOT / "bindings-c/include", "-L", LIBRARY, f"-Wl,-rpath,{LIBRARY}", "-llandbridge"]
    warnings = ["-O2", "-Wall", "-Wextra", "-Werror"]
    cc, cxx = os.environ.get("CC", "cc"), os.environ.get("CXX", "c++")
    run(cc, "-std=c11", *warnings, EXAMPLES / "demo/c/demo.c", "-o", PROGRAMS / "demo-c", *library)
    run(cxx, "-std=c++20", *warnings, EXAMPLES / "demo/cpp/demo.cpp", "-o", PROGRAMS / "demo-cpp", *library)
    run("cargo", "build", "--locked", "--release", "--quiet", "-p", "landbridge-demo", cwd=ROOT)
    run("javac", "-Xlint:all", "-Werror", "-cp", CLASSES, "-d", PROGRAMS / "java", EXAMPLES / "demo/java/Demo.java")


def commands():
    library = f"-Djava.library.path={RELEASE}"
    return {
        "rust": [RELEASE / "landbridge-demo"],
        "c": [PROGRAMS / "demo-c"],
        "cpp": [PROGRAMS / "demo-cpp"],
        "java": ["java", "-cp", f"{CLASSES}{os.pathsep}{PROGRAMS / 'java'}", library, "Demo"],
        "python": [ROOT / "bindings-python/.venv/bin/python", EXAMPLES / "demo/python/demo.py"],
        "node": ["node", EXAMPLES / "demo/node/demo.mjs"],
    }


def rows_of(host, command):
    """The lines that a host printed, and what went wrong."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "bindings-python/python")}
    command = [str(part) for part in [*command, EXAMPLES]]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], [f"{host}: {error}"]
    rows = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    problems = [f"{host}: not a row of the table: {row}" for row in rows if len(row) != len(HEADER) or row[0] != host]
    if done.returncode or done.stderr:
        problems.append(f"{host}: ended with {done.returncode}\n{done.stderr}")
    return [row for row in rows if len(row) == len(HEADER)], problems


def disagreements(tables):
    """Where a host's rows, without host and time, are not those of the first host."""
    (first, *others) = tables
    expected = [row[1:5] for row in tables[first]]
    if len(expected) != ROWS:
        yield f"{first}: {len(expected)} rows, not {ROWS}"
    for host in others:
        given = [row[1:5] for row in tables[host]]
        if len(given) != len(expected):
            yield f"{host}: {len(given)} rows, {first} has {len(expected)}"
        for mine, theirs in zip(given, expected):
            if mine != theirs:
                yield f"{host}: {' '.join(mine)}, but {first}: {' '.join(theirs)}"


def show(tables):
    """One table, the hosts of one call together."""
    rows = [row for call in itertools.zip_longest(*tables.values()) for row in call if row]
    widths = [max(len(row[i]) for row in [HEADER, *rows]) for i in range(len(HEADER))]
    for row in [HEADER, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths)]
        print("  ".join([*cells, row[-1].rjust(widths[-1])]))


def main():
    prepare_modules()
    compile_programs()
    tables, problems = {}, []
    for host, command in commands().items():
        tables[host], wrong = rows_of(host, command)
        problems += wrong
    problems += disagreements(tables)
    show({host: rows for host, rows in tables.items() if rows})
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"\n{len(tables)} hosts agree on {ROWS} calls.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
