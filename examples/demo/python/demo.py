"""Loads modules that others wrote, lets them work on real bytes, and prints one line for each call:
host, module, call, result, digest, milliseconds. Every host has this program."""

import array
import struct
import sys
import time
from pathlib import Path

import landbridge as lb

EXAMPLES = Path(sys.argv[1] if len(sys.argv) > 1 else "examples")
BUILT = EXAMPLES / "modules" / "built"
INPUT = (BUILT / "input.bin").read_bytes()
MESSAGES = ((1, "request.http"), (2, "response.http"))  # With their kinds, as llhttp counts them.
CALLBACKS = (
    "wasm_on_message_begin",
    "wasm_on_url",
    "wasm_on_status",
    "wasm_on_header_field",
    "wasm_on_header_value",
    "wasm_on_headers_complete",
    "wasm_on_body",
    "wasm_on_message_complete",
)


def digest(data):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def line(module, call, result, output, seconds):
    print("python", module, call, result, f"{digest(output):016x}", f"{seconds * 1e3:.2f}", sep="\t")


def timed(func, *args):
    """Calls, and says how long it took."""
    start = time.perf_counter()
    result = func(*args)
    return result, time.perf_counter() - start


def put(memory, alloc, data):
    """Puts bytes into a guest, in room made by its own allocator."""
    address = alloc(len(data)) & 0xFFFFFFFF  # Guests count addresses unsigned.
    memory[address : address + len(data)] = data
    return address


def sha256():
    guest = lb.load(EXAMPLES / "guests/sha256.wasm").instantiate().exports
    data, out = put(guest.memory, guest.alloc, INPUT), guest.alloc(32)
    length, seconds = timed(guest.sha256, data, len(INPUT), out)
    line("sha256", "sha256", length, guest.memory[out : out + length], seconds)


def text():
    guest = lb.load(EXAMPLES / "guests/text.wasm").instantiate().exports
    data, out = put(guest.memory, guest.alloc, INPUT), guest.alloc((len(INPUT) + 2) // 3 * 4)
    length, seconds = timed(guest.base64, data, len(INPUT), out)
    line("text", "base64", length, guest.memory[out : out + length], seconds)

    bits, seconds = timed(guest.entropy, data, len(INPUT))
    line("text", "entropy", f"{bits:.6f}", struct.pack("<d", bits), seconds)


def lz4():
    guest = lb.load(EXAMPLES / "guests/lz4.wasm").instantiate().exports
    data, packed = put(guest.memory, guest.alloc, INPUT), guest.alloc(guest.compress_bound(len(INPUT)))
    size, seconds = timed(guest.compress, data, len(INPUT), packed)
    line("lz4", "compress", size, guest.memory[packed : packed + size], seconds)

    back = guest.alloc(len(INPUT))
    length, seconds = timed(guest.decompress, packed, size, back, len(INPUT))
    line("lz4", "decompress", length, guest.memory[back : back + length], seconds)


def words():
    guest = lb.load(EXAMPLES / "guests/words.wasm").instantiate().exports
    data = put(guest.memory, guest.alloc, INPUT)
    report, seconds = timed(guest.words, data, len(INPUT))
    address, length = divmod(report, 1 << 32)
    line("words", "words", report, guest.memory[address : address + length], seconds)


def xxhash():
    guest = lb.load(BUILT / "xxhash.wasm").instantiate().exports
    guest.mem.grow(-(-len(INPUT) // 65536))
    guest.mem[0 : len(INPUT)] = INPUT
    value, seconds = timed(guest.xxh32, 0, len(INPUT), 0)
    line("xxhash", "xxh32", value, struct.pack("<i", value), seconds)
    value, seconds = timed(guest.xxh64, 0, len(INPUT), 0)
    line("xxhash", "xxh64", value, struct.pack("<q", value), seconds)


def llhttp():
    events = bytearray()

    def callback(name):
        def heard(*args):
            events.extend(event(name, args))
            if len(args) == 3:
                _, at, length = args
                events.extend(guest.memory[at : at + length])
            return 0

        return heard

    imports = {"env": {name: callback(name) for name in CALLBACKS}}
    guest = lb.load(BUILT / "llhttp.wasm").instantiate(imports).exports
    for kind, name in MESSAGES:
        events.clear()
        message = (BUILT / name).read_bytes()
        parser, data = guest.llhttp_alloc(kind), put(guest.memory, guest.malloc, message)
        status, seconds = timed(guest.llhttp_execute, parser, data, len(message))
        line("llhttp", "llhttp_execute", status, events, seconds)


def mappings():
    found = []
    imports = {"env": {"mapping_callback": lambda *args: found.append(event("mapping_callback", args))}}
    guest = lb.load(BUILT / "mappings.wasm").instantiate(imports).exports
    data = put(guest.memory, guest.allocate_mappings, (BUILT / "mappings.txt").read_bytes())
    parsed, seconds = timed(guest.parse_mappings, data)
    line("mappings", "parse_mappings", parsed, struct.pack("<i", parsed), seconds)

    _, seconds = timed(guest.by_generated_location, parsed)
    line("mappings", "by_generated_location", len(found), b"".join(found), seconds)


class Office:
    """What the shop asks of its host. Only the log is needed here."""

    class Journal:
        def write(self, text): ...
        def length(self): ...
        @staticmethod
        def find(title): ...

    def __init__(self):
        self.logged = ""

    def log(self, level, text):
        self.logged += f"{level.value}: {text}"

    def worth(self, code): ...
    def reserve(self, lines): ...
    def close(self, journal): ...
    def title(self, journal): ...


def shop():
    """A component: strings, lists and records cross as what they are in Python."""
    office = Office()
    imports = {"office": office, "currency": lambda: "EUR"}
    guest = lb.load(EXAMPLES / "components/shop-rust.wasm").instantiate(imports).exports
    value, seconds = timed(guest.orders.checksum, INPUT)
    line("shop", "checksum", value, struct.pack("<I", value), seconds)

    lines = INPUT.decode().split("\n")
    same, seconds = timed(guest.echo.echo_strings, lines)
    line("shop", "echo-strings", len(same), "".join(same).encode(), seconds)

    lengths = array.array("d", (len(text.encode()) for text in lines))
    found, seconds = timed(guest.orders.describe, lengths)
    output = struct.pack("<Iddd", found.count, found.least, found.most, found.mean)
    line("shop", "describe", f"{found.mean:.6f}", output, seconds)

    greeting, seconds = timed(guest.greet, "Zoë")
    line("shop", "greet", greeting, office.logged.encode(), seconds)


def trap():
    guest = lb.load(EXAMPLES / "demo/trap.wat").instantiate().exports
    start = time.perf_counter()
    try:
        guest.div(1, 0)
    except lb.Trap as error:
        frame = error.frames[0].func_name or ""
        line("trap", "div", f"{error.kind} {error.code}", frame.encode(), time.perf_counter() - start)


def event(name, args):
    """Notes a callback: its name, then its arguments."""
    return name.encode() + struct.pack(f"<{len(args)}i", *args)


for part in (sha256, text, lz4, words, xxhash, llhttp, mappings, shop, trap):
    part()
