"""Follows the guide's pages that make components, each in an empty folder: writes each file that a page shows, runs each command as it stands
there, and calls what came out. It needs a network, npm, rustup and target/release/landbridge, and compiles wit-bindgen for the second page.
`python3 guide.py components` follows one page."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.S)
FILE = re.compile(r"`([\w./-]+)`:\s*(?:<!--.*?-->\s*)?\Z")
ADA = '{name: "Ada", age: 36, languages: ["en", "fr"]}'
PAGES = {
    # What each page makes, and the calls that all of it must answer.
    "components": (["greet-js.wasm", "greet-rust.wasm"], "hello", [('"Ada"', '"Hello, Ada!"')]),
    "making-components": (
        [f"greeter-{language}.wasm" for language in ("c", "js", "python", "rust")],
        "greetings#hello",
        [
            (ADA, 'ok("Hello, Ada! At 36 you speak 2 languages.")'),
            ('{name: "", age: 0, languages: []}', 'err("nobody to greet")'),
        ],
    ),
}


def follow(page, folder):
    env = os.environ | {"PATH": f"{ROOT / 'target/release'}{os.pathsep}{os.environ['PATH']}"}
    env.pop("CARGO_TARGET_DIR", None)
    text, end = (ROOT / f"docs/guide/{page}.md").read_text(), 0
    for block in BLOCK.finditer(text):
        named, end = FILE.search(text[end : block.start()]), block.end()
        language, body = block.groups()
        if named:
            path = folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
        elif language == "sh":
            print(body, flush=True)
            subprocess.run(["sh", "-e", "-c", body], cwd=folder, env=env, check=True)
    return env


def check(page):
    """How many calls of what a page makes were answered wrongly."""
    guests, func, calls = PAGES[page]
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        env = follow(page, folder)
        made = sorted(path.name for path in folder.glob("*.wasm"))
        assert made == guests, made
        for guest in guests:
            for args, wanted in calls:
                command = ["landbridge", "call", folder / guest, func, args]
                given = subprocess.run(command, env=env, capture_output=True, text=True)
                if given.stdout.strip() != wanted:
                    print(f"{guest} {args}: {given.stdout}{given.stderr}")
                    wrong += 1
            print(f"{guest}: {(folder / guest).stat().st_size} bytes")
    print(f"guide {page}: {len(guests) * len(calls) - wrong} calls passed, {wrong} failed")
    return wrong


def main():
    sys.exit(bool(sum([check(page) for page in sys.argv[1:] or PAGES])))


if __name__ == "__main__":
    main()
