#!/usr/bin/env python3
"""Installs the SDK of dist/c: packages/c/install.py PREFIX. It is what `make install PREFIX=... DESTDIR=...` does."""
import pathlib
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402


def main():
    archives = list((common.DIST / "c").glob("*.tar.gz"))
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit(__doc__)
    if len(archives) != 1:
        sys.exit("dist/c does not hold one archive: run `make dist-libraries dist-c` first")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="tar")
        installer = next(pathlib.Path(folder).glob("*/install.sh"))
        sys.exit(subprocess.run(["sh", installer, sys.argv[1]]).returncode)


if __name__ == "__main__":
    main()
