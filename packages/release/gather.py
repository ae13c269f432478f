#!/usr/bin/env python3
"""Brings together what the machines of each platform built, for a release: packages/release/gather.py FOLDER

FOLDER/natives-TRIPLE/ holds the `dist/` and the libraries of `target/dist/` of one platform, as .github/workflows/release.yml stores
them. Packages go to dist/, libraries to target/TRIPLE/dist, where the packages of Node.js are made from, and to
target/natives/NAME, for those of Java. A package that two machines built has to have the same bytes.
"""
import filecmp
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

# The platforms of a release, by the names that Java has for them.
PLATFORMS = {
    "x86_64-unknown-linux-gnu": "linux-x86_64",
    "aarch64-unknown-linux-gnu": "linux-aarch_64",
    "x86_64-unknown-linux-musl": "linux-x86_64-musl",
    "aarch64-unknown-linux-musl": "linux-aarch_64-musl",
    "x86_64-apple-darwin": "osx-x86_64",
    "aarch64-apple-darwin": "osx-aarch_64",
    "x86_64-pc-windows-msvc": "windows-x86_64",
}


def place(source, target):
    """Copies a file; one that is there already must be the same."""
    if target.exists() and not filecmp.cmp(source, target, shallow=False):
        sys.exit(f"{source} is not what another machine built as {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def gather(folder, dist, target):
    for triple in PLATFORMS:
        if not (folder / f"natives-{triple}").is_dir():
            sys.exit(f"{folder}/natives-{triple} is not there: a release has all of {', '.join(PLATFORMS)}")
    for triple, name in PLATFORMS.items():
        natives = folder / f"natives-{triple}"
        for file in sorted(path for path in (natives / "dist").rglob("*") if path.is_file()):
            # Sums and reports are made of the whole.
            if file.name not in ("SHA256SUMS", "report.md") and file.parent.name != "sbom":
                place(file, dist / file.relative_to(natives / "dist"))
        for library in sorted(path for path in (natives / "target/dist").iterdir() if path.is_file()):
            place(library, target / triple / "dist" / library.name)
            if "landbridge_jvm" in library.name:
                place(library, target / "natives" / name / library.name)
    # The machine that puts a release together is one of them, and its packages look for its libraries here.
    own = target / "x86_64-unknown-linux-gnu/dist"
    for library in own.iterdir():
        place(library, target / "dist" / library.name)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    gather(pathlib.Path(sys.argv[1]).resolve(), common.DIST, common.TARGET)
    print(f"gathered {len(PLATFORMS)} platforms")


if __name__ == "__main__":
    main()
