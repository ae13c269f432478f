"""A module to load: large, and made of nothing but functions."""


def leb(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def large_module(size):
    """A module of about so many bytes: functions of some 300 bytes, as compilers make them, each calling the one before."""

    def section(kind, items):
        body = leb(len(items)) + b"".join(items)
        return bytes([kind]) + leb(len(body)) + body

    def function(i):
        before = b"\x20\x00\x20\x01\x10" + leb(i - 1) if i else b"\x20\x00"
        steps = b"".join(b"\x20\x01\x6a\x41" + leb(i * 7 % 64) + b"\x73" for _ in range(60))
        body = b"\x00" + before + steps + b"\x0b"
        return leb(len(body)) + body

    functions, length = [], 0
    while length < size - size // 60:
        functions.append(function(len(functions)))
        length += len(functions[-1]) + 1
    return b"".join([
        b"\x00asm\x01\x00\x00\x00",
        section(1, [b"\x60\x02\x7f\x7f\x01\x7f"]),
        section(3, [b"\x00"] * len(functions)),
        section(7, [b"\x03run\x00" + leb(len(functions) - 1)]),
        section(10, functions),
    ])
