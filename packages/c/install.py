#!/usr/bin/env python3
"""Installs the SDK of dist/c: packages/c/install.py PREFIX. It is what `make install PREFIX=... DESTDIR=...` does."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402


def main():
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit(__doc__)
    archive = common.only("c/*.tar.gz", "dist-libraries dist-c")
    with tempfile.TemporaryDirectory() as folder:
        installer = common.unpacked(archive, pathlib.Path(folder)) / "install.sh"
        return subprocess.run(["sh", installer, sys.argv[1]], timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
