"""Checks that the committed guests are those of SHA256SUMS, that each is listed, and that none
imports anything."""

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
IMPORT_SECTION = 2


def sections(module: bytes):
    """The numbers of a module's sections."""
    assert module[:8] == b"\0asm\1\0\0\0", "not a WebAssembly module"
    at = 8
    while at < len(module):
        number, size, shift = module[at], 0, 0
        while True:
            at += 1
            size |= (module[at] & 127) << shift
            shift += 7
            if module[at] < 128:
                break
        at += 1 + size
        yield number


def problems():
    listed = dict(line.split()[::-1] for line in (HERE / "SHA256SUMS").read_text().splitlines())
    found = {path.name: path.read_bytes() for path in HERE.glob("*.wasm")}
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield f"{name}: listed in SHA256SUMS, but not there"
        elif name not in listed:
            yield f"{name}: not listed in SHA256SUMS"
        elif hashlib.sha256(found[name]).hexdigest() != listed[name]:
            yield f"{name}: not the bytes of SHA256SUMS"
        elif IMPORT_SECTION in sections(found[name]):
            yield f"{name}: imports something"
    if len(listed) < 4:
        yield "SHA256SUMS lists fewer than 4 guests"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "guests: all as listed")
    sys.exit(bool(found))
