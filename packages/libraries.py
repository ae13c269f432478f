#!/usr/bin/env python3
"""Builds the native libraries and the command from the profile that packages ship, once for all packages.

    python3 packages/libraries.py

What is built holds no path of the machine that built it, and no names but those that it exports. The names go to
target/dist/NAME.symbols first, which packages/report.py reads.
"""
import os
import pathlib
import shutil
import subprocess
import sys

import common

CRATES = ["landbridge-c", "landbridge-jvm", "landbridge-node", "landbridge-python", "landbridge-cli"]

# The engine's log, which no host can reach. It is a feature of the crate `log`, and is said here because a feature in a manifest
# would silence the programs of people who use the Rust crate, too.
SILENT = ["--cfg", 'feature="max_level_off"']

# Linking all of a program as one takes long on a small machine.
TIME_LIMIT_S = 3 * 60 * 60


def renamed():
    """Folders of this machine, and what stands for them in messages of panics. The last one that fits counts."""
    home = pathlib.Path.home()
    cargo = pathlib.Path(os.environ.get("CARGO_HOME", home / ".cargo"))
    sysroot = common.output("rustc", "--print", "sysroot").strip()
    commit = next(line.split()[1] for line in common.output("rustc", "-vV").splitlines() if line.startswith("commit-hash"))
    pairs = [(home, "/home"), (cargo, "/cargo"), (common.ROOT, "/landbridge"), (common.TARGET, "/landbridge/target"),
             (f"{sysroot}/lib/rustlib/src/rust", f"/rustc/{commit}")]
    # One folder for each registry that crates came from, whose name depends on the registry's address.
    return pairs + [(folder, "/cargo/registry") for folder in sorted(cargo.glob("registry/src/*"))]


def environment():
    """What makes the build write no path of this machine; a path with a space in it is no trouble."""
    pairs = renamed()
    flags = [*(f"--remap-path-prefix={old}={new}" for old, new in pairs), *SILENT]
    own = os.environ.get("CARGO_ENCODED_RUSTFLAGS") or "\x1f".join(os.environ.get("RUSTFLAGS", "").split())
    found = {**os.environ, "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(filter(None, [own, *flags]))}
    if common.system()[0] != "windows":
        mapped = " ".join(f"-ffile-prefix-map={old}={new}" for old, new in pairs if " " not in str(old))
        found["CFLAGS"] = f"{os.environ.get('CFLAGS', '')} {mapped}".strip()
    return found


def built():
    """The files with native code that packages take: shared libraries and the command."""
    names = ["landbridge_c", "landbridge_jvm", "landbridge_node", "landbridge_python"]
    return [*(common.library(name) for name in names), common.command()]


def strip(file):
    """Takes all names out but those that are exported. Cargo puts the file back, with its names, when it runs again."""
    if common.system()[0] == "windows":
        return
    names = common.output("nm", "-S", "--size-sort", "-C", file)
    if names:
        file.with_suffix(".symbols").write_text(names, encoding="utf-8")
    bare = file.with_suffix(".stripped")
    common.run("strip", *(["-x"] if common.system()[0] == "macos" else []), "-o", bare, file)
    shutil.copymode(file, bare)
    bare.replace(file)


def main():
    is_dist = common.PROFILE == "dist"
    command = ["cargo", "build", "--locked", "--profile", common.PROFILE]
    for crate in CRATES:
        command += ["-p", crate]
    # The profile that tests use is taken as they built it.
    done = subprocess.run(command + sys.argv[1:], cwd=common.ROOT, env=environment() if is_dist else None, timeout=TIME_LIMIT_S)
    if done.returncode != 0:
        sys.exit(done.returncode)
    for file in built() if is_dist else []:
        strip(file)


if __name__ == "__main__":
    main()
