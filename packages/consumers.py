"""Tries small projects that have nothing of Landbridge but its packages, each in a folder outside of the tree.

A project is a function of its folder, which is removed afterwards; KEEP=1 leaves it there. It ends with words (`sys.exit`) if
something is wrong, and raises `Skipped` if it cannot be tried here. What it has left out, and why, it gives as texts.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import traceback

import common

# What the machine has configured and a project may see: programs, certificates, proxies, and where registries are.
KEPT = re.compile(r"(PATH|LANG|TMPDIR|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(PIP|MAVEN|NPM_CONFIG)_\w+)", re.IGNORECASE)


class Skipped(Exception):
    """Why a project cannot be tried on this machine."""


def outside():
    """A folder outside of the tree."""
    return pathlib.Path(tempfile.mkdtemp(prefix="landbridge-consumer-"))


def remove(folder):
    """Removes a folder, in which some may be read-only."""
    try:
        shutil.rmtree(folder)
    except PermissionError:
        for place in [folder, *folder.rglob("*")]:
            if place.is_dir() and not place.is_symlink():
                place.chmod(0o700)
        shutil.rmtree(folder)


def environment(folder, **more):
    """What a project in a folder sees: a home of its own, and nothing of the tree or of Landbridge's settings."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), **more}


def project(folder, *sources):
    """Copies files, and what is in folders, to FOLDER/project, one over the other, and gives that."""
    made = folder / "project"
    made.mkdir()
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, made, dirs_exist_ok=True)
        else:
            shutil.copy(source, made)
    return made


def must_be(told, wanted):
    if told != wanted:
        sys.exit(f"expected\n{wanted}\nbut it wrote\n{told}")


def must_have(told, *parts):
    for part in parts:
        if part not in told:
            sys.exit(f"{part!r} is not in\n{told}")


def must_fail(said, *command, **options):
    """Runs a command that must not work, and say this."""
    told, code = common.outcome(*command, **options)
    if code in (0, None) or said not in told:
        sys.exit(f"{' '.join(map(str, command))}\nended with {code}, and was to fail and say {said!r}:\n{told}")


def tried(name, one):
    """Tries one project, says how it went, and gives a word for it and for each part that it left out."""
    begun, folder, left_out = time.monotonic(), outside(), []
    try:
        left_out = one(folder) or []
        word, why = "ok", f"  {time.monotonic() - begun:.1f} s"
    except Skipped as reason:
        word, why = "skipped", f": {reason}"
    except SystemExit as failure:
        word, why = "FAILED", f": {failure}"
    except Exception:
        word, why = "FAILED", f": {traceback.format_exc()}"
    lines = [f"{word} {name}{why}", *(f"skipped {name}, {part}" for part in left_out)]
    if os.environ.get("KEEP"):
        lines.append(f"kept {name}: {folder}")
    else:
        remove(folder)
    print("\n".join(lines), flush=True)
    return [word, *("skipped" for _ in left_out)]


def main(part, projects, left_out=None, at_once=1):
    """Tries the projects that the command line names, else all but those with a reason in `left_out`. Gives the exit code."""
    unknown = [name for name in sys.argv[1:] if name not in projects]
    if unknown:
        sys.exit(f"{part} has no {', '.join(unknown)}; there are {', '.join(projects)}")
    left_out = {} if sys.argv[1:] else left_out or {}
    chosen = sys.argv[1:] or [name for name in projects if name not in left_out]
    count = collections.Counter(skipped=len(left_out))
    for name, why in left_out.items():
        print(f"skipped {name}: {why}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        # One after the other they run in this thread, so that Ctrl-C ends what runs.
        for words in (pool.map if at_once > 1 else map)(lambda name: tried(name, projects[name]), chosen):
            count.update(words)
    print(f"{part}: {count['ok']} passed, {count['FAILED']} failed, {count['skipped']} skipped", flush=True)
    return int(count["FAILED"] > 0 or count["ok"] == 0)
