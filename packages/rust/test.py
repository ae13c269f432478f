#!/usr/bin/env python3
"""Compiles and runs the crates and the command of dist/ outside of the tree: packages/rust/test.py [NAME...]

The engine is taken from target/release, where the tests have compiled it: its crates are the same ones with the same features.
"""
import atexit
import functools
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import consumers  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CONSUMERS = HERE / "consumers"
GUEST = common.ROOT / "examples/components/greet.wasm"


def clean(folder):
    """An environment in which Cargo finds its own folders, and nothing of the tree."""
    home = pathlib.Path.home()
    tools = {name: os.environ.get(name, str(home / default)) for name, default in
             (("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"))}
    return consumers.environment(folder, **tools, CARGO_TARGET_DIR=str(common.TARGET))


@functools.cache
def crates():
    """Unpacks the crates, once so that each is compiled once, and writes what makes Cargo take them in place of those of crates.io."""
    lines, folder = ["[patch.crates-io]"], consumers.outside()
    atexit.register(consumers.remove, folder)
    for archive in sorted((common.DIST / "rust").glob("*.crate")):
        crate = common.unpacked(archive, folder)
        name = crate.name.removesuffix(f"-{common.version()}")
        lines.append(f'{name} = {{ path = "{crate}" }}')
        for legal in ("LICENSE", "README.md"):
            if not (crate / legal).is_file():
                sys.exit(f"{archive.name} holds no {legal}")
    if len(lines) != 4:
        sys.exit("dist/rust does not hold three crates: run `make dist-rust` first")
    return folder, "\n".join(lines) + "\n"


def hello(folder):
    """A program that depends on `landbridge`."""
    _, patch = crates()
    # The same versions of others' crates as the tree has, so that the engine is compiled already.
    project = consumers.project(folder, CONSUMERS / "hello", common.ROOT / "Cargo.lock", GUEST)
    with (project / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n" + patch)
    common.run("cargo", "build", "--release", "--offline", cwd=project, env=clean(folder), timeout=1800)
    told = common.run(common.TARGET / "release/landbridge-consumer-hello", cwd=project, env=clean(folder))
    consumers.must_be(told, (project / "expected.txt").read_text(encoding="utf-8"))


def install(folder):
    """`cargo install --locked landbridge-cli`, from the crate."""
    unpacked_crates, patch = crates()
    crate = unpacked_crates / f"landbridge-cli-{common.version()}"
    with (crate / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n" + patch.replace(f'landbridge-cli = {{ path = "{crate}" }}\n', ""))
    shutil.copy(common.ROOT / "Cargo.lock", crate)
    # Without --locked Cargo takes newer versions of others' crates, and compiles the engine again.
    common.run("cargo", "metadata", "--offline", "--format-version", "1", cwd=crate, env=clean(folder))
    common.run("cargo", "install", "--offline", "--locked", "--path", crate, "--root", folder / "installed", env=clean(folder), timeout=1800)
    told = common.run(folder / "installed/bin/landbridge", "--version", env={"PATH": "/nowhere"})
    consumers.must_be(told, f"landbridge {common.version()}\n")


def command(folder):
    """The archive of the command, unpacked, with nothing else on the PATH."""
    root = common.unpacked(common.only("bin/*.tar.gz", "dist-rust"), folder)
    project = consumers.project(folder, CONSUMERS / "command", GUEST)
    env = consumers.environment(folder, PATH=str(root / "bin"))
    told = common.run("/bin/sh", project / "run.sh", cwd=project, env=env)
    consumers.must_be(told, f"landbridge {common.version()}\n5\n\"Hello, Ada!\"\ngreet.wasm: a component, 13728 bytes\n")
    for place in ("man/man1/landbridge.1", "doc/landbridge/LICENSE", "doc/landbridge/THIRD-PARTY-NOTICES.md",
                  "doc/landbridge/landbridge.cdx.json", "bash-completion/completions/landbridge"):
        if not (root / "share" / place).stat().st_size:
            sys.exit(f"share/{place} is empty")
    common.run("bash", "-n", root / "share/bash-completion/completions/landbridge")


PROJECTS = {one.__name__: one for one in (hello, install, command)}

if __name__ == "__main__":
    sys.exit(consumers.main("rust", PROJECTS))
