"""Calls every guest of docs/guests from Python, Node.js, Java, C++ and the command, and follows the pages that say how they are made.

    python3 check.py                # the guests that are committed, and all pages whose tools are here
    python3 check.py rust zig       # the guests that are committed, and these pages

It needs the libraries and the command in target/release, and the bindings' own build: `make setup`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import follow

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOSTS = HERE / "hosts"
COMMITTED = HERE / "guests"
BUILT = follow.BUILT
CLASSES = ROOT / "bindings-jvm/target/classes"
LIBRARY = ROOT / "target/c"

# The pages, and for each a command that must work, or else the page cannot be followed here. What it makes is small enough to be committed for
# all but Go, JavaScript and Python, and what is committed is called in any case.
PAGES = {
    "README": ["npm", "--version"],
    "rust": ["rustup", "target", "add", "wasm32-unknown-unknown", "wasm32-wasip1"],
    "c": ["python3", "--version"],
    "cpp": ["python3", "--version"],
    "zig": ["python3", "--version"],
    "go": ["go", "version"],
    "assemblyscript": ["npm", "--version"],
    "javascript": ["npm", "--version"],
    "python": ["python3", "--version"],
}
# Commands of pages that are not run, though all around them is.
NOT_RUN = {"c, cpp, zig": "cargo install wit-bindgen-cli compiles for minutes; what it makes is in bindings/, and is copied from there"}

# What each guest answers, whatever it was made in, and whoever asks.
ANSWERS = {
    "greet": ["5", "Hello, Ada!", "Hello, Zoë!"],
    "countdown": ["3", "2", "1", "3 lines"],
    "greeter": ["Hello, Ada! At 36 you speak 2 languages.", "refused: nobody to greet"],
    "counter": ["3", "2", "1", "3 lines"],
}
ADA = '{name: "Ada", age: 36, languages: ["en", "fr"]}'
# What the command is asked, and answers. It gives a guest no functions, so `countdown` and `counter` are not for it.
ASKED = {
    "greet": [
        (["add", "2", "3"], "5"),
        (["--string", "vowels", "Ada Lovelace"], "6"),
    ],
    "greeter": [
        (["greetings#hello", ADA], 'ok("Hello, Ada! At 36 you speak 2 languages.")'),
        (["greetings#hello", '{name: "", age: 0, languages: []}'], 'err("nobody to greet")'),
    ],
}
SECONDS = 300


def output(command, folder, **options):
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=follow.environment(), capture_output=True, text=True, timeout=SECONDS, **options
    )
    return (done.stdout + done.stderr).strip()


def names(folder):
    return [name for name in ANSWERS if (folder / f"{name}.wasm").exists()]


def wanted(folder):
    return [line for name in names(folder) for line in ANSWERS[name]]


def python(language, folder):
    """Each call as a page shows it. A script of the language's own comes first: Go needs a clock."""
    for name in names(folder):
        own = HERE / language / f"{name}.py"
        script = own if own.exists() and language == "go" else HOSTS / f"{name}.py"
        yield output(["python3", script], folder), "\n".join(ANSWERS[name])


def node(language, folder):
    program = BUILT / "calls.mjs"  # beside node_modules
    shutil.copy(HOSTS / "calls.mjs", program)
    yield output(["node", program], folder), "\n".join(wanted(folder))


def java(language, folder):
    library = f"-Djava.library.path={ROOT / 'target/release'}"
    command = ["java", "-Dstdout.encoding=UTF-8", "-cp", f"{CLASSES}{os.pathsep}{BUILT}", library, "Calls"]
    yield output(command, folder), "\n".join(wanted(folder))


def cpp(language, folder):
    yield output([BUILT / "calls-cpp"], folder), "\n".join(wanted(folder))


def command(language, folder):
    grants = ["--clock", "real", "--random", "secure"] if language == "go" else []
    for name, asked in ASKED.items():
        if not (folder / f"{name}.wasm").exists():
            continue
        for args, answer in asked:
            file = f"{name}.wasm"
            yield output(["landbridge", "call", *grants, file, *args], folder), answer
    yield from programs(folder)


def programs(folder):
    """The program, which counts the words of its input."""
    if (folder / "words.wasm").exists():
        text = "one two\nthree  four five\n"
        yield output(["landbridge", "run", "words.wasm"], folder, input=text), "5 words"


ALL = {"python": python, "node": node, "java": java, "cpp": cpp, "command": command}


def call(language, folder):
    """Everything that the guests in a folder answer wrongly."""
    wrong, start = [], time.monotonic()
    for host, calls in ALL.items():
        for given, answer in calls(language, folder):
            if given != answer:
                wrong.append(f"{language}, called by {host}: answered\n{given}\nand not\n{answer}")
    made = ", ".join(f"{path.stem} {path.stat().st_size / 1000:.1f} kB" for path in sorted(folder.glob("*.wasm")))
    print(f"{'FAILED' if wrong else 'ok'} {folder.parent.name}/{language}  {time.monotonic() - start:.1f} s: {made}", flush=True)
    return wrong


def compile_hosts():
    """What the compilers say; nothing, if all is well."""
    BUILT.mkdir(parents=True, exist_ok=True)
    compiler, flags = os.environ.get("CXX", "c++"), ["-std=c++20", "-Wall", "-Wextra", "-Werror"]
    library = ["-I", ROOT / "bindings-c/include", "-L", LIBRARY, f"-Wl,-rpath,{LIBRARY}", "-llandbridge"]
    yield output(["javac", "-encoding", "UTF-8", "-cp", CLASSES, "-d", BUILT, HOSTS / "Calls.java"], HERE)
    subprocess.run(["make", "--no-print-directory", "--silent", "-C", ROOT / "bindings-c", "lib"], check=True, stdout=sys.stderr, timeout=SECONDS)
    yield output([compiler, *flags, HOSTS / "calls.cpp", "-o", BUILT / "calls-cpp", *library], HERE)


def unlisted():
    """Committed guests are those of SHA256SUMS."""
    listed = dict(line.split()[::-1] for line in (HERE / "SHA256SUMS").read_text().splitlines())
    there = {str(path.relative_to(HERE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in COMMITTED.glob("*/*.wasm")}
    for name in sorted(listed.keys() ^ there.keys()):
        yield f"{name}: in SHA256SUMS and in guests/ must be the same files"
    for name in sorted(listed.keys() & there.keys()):
        if listed[name] != there[name]:
            yield f"{name}: not the bytes of SHA256SUMS"


def altered(language):
    """Guests that a page makes are those that are committed. Rust's depend on the compiler that is here, so theirs may differ."""
    for path in sorted((COMMITTED / language).glob("*.wasm")):
        made = BUILT / language / path.name
        if made.exists() and made.read_bytes() == path.read_bytes():
            continue
        if language == "rust":
            print(f"rust: {path.name} has other bytes than the one that is committed: another rustc made it")
        else:
            yield f"docs/guests/{language}.md makes another {path.name} than guests/{language}"


def missing(probe):
    """Why a page cannot be followed here, if it cannot."""
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stderr.strip() or f"ended with {done.returncode}") if done.returncode else ""


def chosen(words):
    """The pages that are followed."""
    for pages, reason in NOT_RUN.items():
        print(f"skipped of {pages}: {reason}")
    for page in words or PAGES:
        if why := missing(PAGES[page]):
            print(f"skipped {page}: {' '.join(PAGES[page])}: {why}", flush=True)
        else:
            yield page


def main():
    unknown = [page for page in sys.argv[1:] if page not in PAGES]
    if unknown:
        sys.exit(f"there is no page {', '.join(unknown)}; there are {', '.join(PAGES)}")
    wrong = [*filter(None, compile_hosts()), *unlisted()]
    for folder in sorted(COMMITTED.iterdir()):
        wrong += call(folder.name, folder)
    followed = 0
    for language in chosen(sys.argv[1:]):
        start, found = time.monotonic(), follow.build(language)
        print(f"{'FAILED' if found else 'ok'} docs/guests/{language}.md  {time.monotonic() - start:.1f} s", flush=True)
        # What README makes is called in README.
        wrong += found + ([*call(language, BUILT / language), *altered(language)] if language != "README" else [])
        followed += 1
    print("\n".join(wrong))
    print(f"make a guest: {followed} pages followed, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
