#!/usr/bin/env python3
"""Writes the crates to dist/rust and the command's archive to dist/bin.

The crates are what `cargo publish` would send. `packages/rust/test.py` compiles them, so they are not compiled here.
"""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

# In the order in which they have to be published: each needs those before it.
CRATES = ["landbridge-derive", "landbridge", "landbridge-cli"]
# Where each shell looks for completions, below the folder the archive is unpacked to.
COMPLETIONS = {
    "bash": "share/bash-completion/completions/landbridge",
    "zsh": "share/zsh/site-functions/_landbridge",
    "fish": "share/fish/vendor_completions.d/landbridge.fish",
}


def crates():
    folder = common.fresh(common.DIST / "rust")
    packed = common.TARGET / "package"
    chosen = [part for crate in CRATES for part in ("-p", crate)]
    # What is not committed yet may be tried, too. A release is built by CI from a commit.
    common.run("cargo", "package", "--locked", "--no-verify", "--allow-dirty", *chosen, cwd=common.ROOT)
    for crate in CRATES:
        shutil.copy(packed / f"{crate}-{common.version()}.crate", folder)
    # A crate is source and holds no crates of others: what it is compiled with stands beside it.
    shutil.copy(common.sbom("rust"), folder / f"landbridge-{common.version()}.cdx.json")


def command():
    """The command with its manual, completions and licences, as one archive to unpack under /usr/local or elsewhere."""
    program = common.command()
    name = "-".join(("landbridge", common.version(), *common.system()))
    files = [(f"bin/{program.name}", program, 0o755)]
    files += [(f"share/man/man1/{page.name}", page, 0o644) for page in (common.ROOT / "cli/man").glob("*.1")]
    files += [(place, common.run(program, "completions", shell).encode(), 0o644) for shell, place in COMPLETIONS.items()]
    doc = "share/doc/landbridge"
    files += [(f"{doc}/{file.name}", file, 0o644) for file in [*common.LEGAL, common.ROOT / "cli/README.md"]]
    files.append((f"{doc}/landbridge.cdx.json", common.sbom("cli"), 0o644))
    target = common.fresh(common.DIST / "bin") / f"{name}.tar.gz"
    common.tar_gz(target, [(f"{name}/{place}", source, mode) for place, source, mode in files])


def main():
    crates()
    command()
    for file in sorted([*(common.DIST / "rust").iterdir(), *(common.DIST / "bin").iterdir()]):
        print(f"{file.relative_to(common.ROOT)}  {file.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
