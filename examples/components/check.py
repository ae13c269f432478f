"""Checks that the committed guests are those of SHA256SUMS, that each is listed, and that none asks for WASI."""

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
COMPONENT = b"\0asm\x0d\0\1\0"


def problems():
    listed = dict(line.split()[::-1] for line in (HERE / "SHA256SUMS").read_text().splitlines())
    there = {path.name for path in HERE.glob("*.wasm")}
    for name in sorted(there - listed.keys()):
        yield f"{name}: not listed in SHA256SUMS"
    for name, digest in listed.items():
        if not (HERE / name).is_file():
            yield f"{name}: listed in SHA256SUMS, but not there"
            continue
        guest = (HERE / name).read_bytes()
        if hashlib.sha256(guest).hexdigest() != digest:
            yield f"{name}: not the bytes of SHA256SUMS"
        if not guest.startswith(COMPONENT):
            yield f"{name}: no component"
        if b"wasi:" in guest or b"wasi_snapshot" in guest:
            yield f"{name}: asks for WASI"
    if len(listed) < 3:
        yield "SHA256SUMS lists fewer than 3 guests"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "components: all as listed")
    sys.exit(bool(found))
