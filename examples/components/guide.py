"""Follows docs/guide/making-components.md in an empty folder: writes each file that it shows, runs each command as it stands there, and
calls what came out. It needs a network, npm, rustup and target/release/landbridge, and compiles wit-bindgen."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/guide/making-components.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.S)
FILE = re.compile(r"`([\w./-]+)`:\s*(?:<!--.*?-->\s*)?\Z")
HELLO = "greetings#hello"
CALLS = [
    ('{name: "Ada", age: 36, languages: ["en", "fr"]}', 'ok("Hello, Ada! At 36 you speak 2 languages.")'),
    ('{name: "", age: 0, languages: []}', 'err("nobody to greet")'),
]


def follow(folder):
    env = os.environ | {"PATH": f"{ROOT / 'target/release'}{os.pathsep}{os.environ['PATH']}"}
    env.pop("CARGO_TARGET_DIR", None)
    page, end = PAGE.read_text(), 0
    for block in BLOCK.finditer(page):
        named, end = FILE.search(page[end : block.start()]), block.end()
        language, text = block.groups()
        if named:
            path = folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif language == "sh":
            print(text, flush=True)
            subprocess.run(["sh", "-e", "-c", text], cwd=folder, env=env, check=True)
    return env


def main():
    with tempfile.TemporaryDirectory() as name:
        folder, wrong = pathlib.Path(name), 0
        env = follow(folder)
        guests = sorted(folder.glob("greeter-*.wasm"))
        assert len(guests) == 4, guests
        for guest in guests:
            for args, wanted in CALLS:
                given = subprocess.run(
                    ["landbridge", "call", guest, HELLO, args], env=env, capture_output=True, text=True
                )
                if given.stdout.strip() != wanted:
                    print(f"{guest.name} {args}: {given.stdout}{given.stderr}")
                    wrong += 1
            print(f"{guest.name}: {guest.stat().st_size} bytes")
    print(f"guide: {len(guests) * len(CALLS) - wrong} calls passed, {wrong} failed")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
