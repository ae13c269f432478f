"""Runs the smallest program in every host and compares what it prints. The bindings must be built."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "examples/hello"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
LIBRARY = ROOT / "target/c"
CLASSES = ROOT / "bindings-jvm/target/classes"
BUILT = TARGET / "hello"


def run(*command, **options):
    options = {"check": True, "timeout": 900, "cwd": BUILT, **options}
    return subprocess.run([str(part) for part in command], **options)


def place():
    """What the programs find around them: the guest, and for Node.js the package."""
    (BUILT / "node_modules").mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "hello.mjs", BUILT)
    shutil.copy(ROOT / "examples/components/greet.wasm", BUILT)
    package = BUILT / "node_modules/landbridge"
    package.unlink(missing_ok=True)
    package.symlink_to(ROOT / "bindings-node")


def compile_programs():
    run("make", "--no-print-directory", "--silent", "-C", ROOT / "bindings-c", "lib", stdout=sys.stderr)
    library = ["-I", ROOT / "bindings-c/include", "-L", LIBRARY, f"-Wl,-rpath,{LIBRARY}", "-llandbridge"]
    strict = ["-Wall", "-Wextra", "-Werror"]
    run(os.environ.get("CC", "cc"), "-std=c99", *strict, HERE / "hello.c", "-o", "hello-c", *library)
    run(os.environ.get("CXX", "c++"), "-std=c++20", *strict, HERE / "hello.cpp", "-o", "hello-cpp", *library)
    run("javac", "-Werror", "-cp", CLASSES, "-d", BUILT, HERE / "hello.java")
    run("cargo", "build", "--locked", "--release", "--quiet", "-p", "landbridge-demo", "--example", "hello", "--example", "careful",
        cwd=ROOT)
    run("cargo", "build", "--locked", "--release", "--quiet", "-p", "landbridge-cli", cwd=ROOT)


def commands():
    library = f"-Djava.library.path={TARGET / 'release'}"
    return {
        "rust": [TARGET / "release/examples/hello"],
        "rust-careful": [TARGET / "release/examples/careful"],
        "c": [BUILT / "hello-c"],
        "cpp": [BUILT / "hello-cpp"],
        "java": ["java", "-cp", f"{CLASSES}{os.pathsep}{BUILT}", library, "Hello"],
        "python": [ROOT / "bindings-python/.venv/bin/python", HERE / "hello.py"],
        "node": ["node", "hello.mjs"],
        "command": [TARGET / "release/landbridge", "call", "greet.wasm", "hello", "--string", "Ada"],
    }


def main():
    place()
    compile_programs()
    hello = (HERE / "hello.expected").read_text()
    careful = "type: hello: args[0]: the function takes string, not u32\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "bindings-python/python")}
    wrong = 0
    for host, command in commands().items():
        expected = careful if host == "rust-careful" else hello
        try:
            done = run(*command, check=False, capture_output=True, text=True, timeout=60, env=environment)
            right = (done.returncode, done.stdout, done.stderr) == (0, expected, "")
            said = f"ended with {done.returncode}: {done.stdout}{done.stderr}"
        except (OSError, subprocess.TimeoutExpired) as error:
            right, said = False, str(error)
        print(f"hello {host}: {'ok' if right else said}")
        wrong += not right
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
