"""What the drivers of peers in Python share: the protocol of bench/README.md, and cases for hosts that call exports."""

import sys
import time
from itertools import repeat
from pathlib import Path

MIB = 1 << 20
ROWS = 1_000_000
TEXT = "0123456789abcdef" * 4
FOLDER = Path(sys.argv[2])
GUEST, LARGE, MIDDLE, KERNELS = (FOLDER / f"{name}.wasm" for name in ("guest", "large", "middle", "kernels"))


def inc(n):
    return n + 1


def repeated(what, *args):
    def run(n):
        for _ in repeat(None, n):
            what(*args)

    return run


def of_exports(add, callbacks, echo, write, read):
    """Cases of a guest whose exports can be called and whose memory can be read and written."""
    block = bytes(MIB)

    def text():
        data = TEXT.encode()
        write(1024, data)
        return bytes(read(echo(1024, len(data)), len(data))).decode()

    assert text() == TEXT
    return {"call": repeated(add, 2, 3), "callback": callbacks, "text": repeated(text),
            "bytes_in": repeated(write, 8192, block), "bytes_out": repeated(read, 8192, MIB)}


def of_kernels(call):
    """Kernels named on the command line as NAME=SIZE=CHECKSUM: `call` finds one by its name. What a peer cannot run is left out."""
    cases = {}
    for text in sys.argv[3:]:
        name, size, checksum = text.split("=")
        try:
            run = call(name)
            right = run(int(size), 1) & 0xFFFF_FFFF == int(checksum)
        except RuntimeError as error:
            print(f"{sys.argv[1]} cannot run the kernel {name}: {error}", file=sys.stderr)
            continue
        assert right, name
        cases[f"kernel_{name}"] = repeated(run, int(size), 1)
    return cases


def loop_of(add):
    """A batch where there is none: a loop over two lists. An iteration is all rows."""
    xs, ys = list(range(ROWS)), list(range(ROWS))
    return lambda n: [list(map(add, xs, ys)) for _ in repeat(None, n)] and None


def serve(cases):
    for name in ("call", "text", "callback"):
        if name in cases:
            cases[name](10)
    print("ready", *cases, flush=True)
    for line in sys.stdin:
        case, iterations = line.split()
        run, count = cases[case], int(iterations)
        start = time.perf_counter_ns()
        run(count)
        print(time.perf_counter_ns() - start, flush=True)
