"""Follows a page of docs/guests literally, in an empty folder: writes each file that the page shows, runs each command, and compares what the
commands print with what stands there.

- "`name`:" before a block: the block is that file. "Add to `name`:": it is written behind what is there.
- A block `sh` is run and must not fail. A block `console` has commands after `$ `, and below each what it prints.
- A block `text` is only read: another system's command, or an error.
- `<!-- here: COMMAND -->` before a block `sh`: the tests run that command instead, since the page's own takes minutes.
"""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "packages")]

import common  # noqa: E402
import console  # noqa: E402

HERE = Path(__file__).resolve().parent
BUILT = ROOT / "target/make-a-guest"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
FILE = re.compile(r"(Add to )?`([\w./-]+)`:\s*(?:<!--.*?-->\s*)?\Z")
INSTEAD = re.compile(r"<!-- here: (.*?) -->\s*\Z")
# Kept from one page to the next: what was downloaded, or compiled once.
KEPT = ["tools", "node_modules", "target"]
COMMAND_SECONDS = 1800


def environment():
    """Landbridge as if it were installed: the command, and the package of Python. Node.js finds its own in a folder above."""
    package = BUILT / "node_modules/landbridge"
    package.parent.mkdir(parents=True, exist_ok=True)
    package.unlink(missing_ok=True)
    package.symlink_to(ROOT / "bindings-node")
    path = [ROOT / "target/release", ROOT / "bindings-python/.venv/bin", os.environ["PATH"]]
    env = os.environ | {
        "PATH": os.pathsep.join(map(str, path)),
        "PYTHONPATH": str(ROOT / "bindings-python/python"),
        "ZIG_GLOBAL_CACHE_DIR": str(BUILT / "zig-cache"),
        "ZIG_LOCAL_CACHE_DIR": str(BUILT / "zig-cache"),
        "BINDINGS": str(HERE / "bindings"),
    }
    env.pop("CARGO_TARGET_DIR", None)
    return env


def write(folder, name, body, add):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() + "\n" if add else "") + body)


def run(command, folder, env):
    """Output and exit code of a command, as a terminal shows it."""
    return common.outcome("sh", "-e", "-c", command, cwd=folder, env=env, timeout=COMMAND_SECONDS)


def step(language, body, before, folder, env):
    """Does what a block says, and tells what went wrong."""
    if named := FILE.search(before):
        write(folder, named[2], body, bool(named[1]))
    elif language == "sh":
        instead = INSTEAD.search(before)
        printed, code = run(instead[1] if instead else body, folder, env)
        if code != 0:
            raise RuntimeError(f"ended with {code}:\n{body}{printed}")
    elif language == "console":
        for command, wanted in console.commands(body):
            printed, code = run(command, folder, env)
            if code is None or printed.strip() != wanted.strip():
                yield f"$ {command}\nshould print\n{wanted}but prints\n{printed}"


def follow(page, folder, env):
    """Everything that is wrong with a page."""
    text, end = page.read_text(), 0
    for block in BLOCK.finditer(text):
        before, end = text[end : block.start()], block.end()
        yield from step(block[1], block[2], before, folder, env)


def clear(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for item in folder.iterdir():
        if item.name in KEPT:
            continue
        shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()


def build(language):
    """Follows the page of a language, and leaves what it makes in target/make-a-guest/LANGUAGE. Gives what is wrong."""
    folder, made = BUILT / "empty", BUILT / language
    clear(folder)
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        wrong = list(follow(ROOT / f"docs/guests/{language}.md", folder, environment()))
    except (RuntimeError, OSError) as error:
        wrong = [str(error)]
    for guest in set(folder.glob("*.wasm")) - {folder / "core.wasm"}:
        shutil.copy(guest, made)
    return [f"docs/guests/{language}.md: {it}" for it in wrong]


if __name__ == "__main__":
    found = [line for language in sys.argv[1:] for line in build(language)]
    print("\n".join(found) or "followed to the end")
    sys.exit(bool(found))
