"""What the steps of the corpus are read and compared with."""

from __future__ import annotations

import keyword
import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "conformance"


class Mismatch(AssertionError):
    """A case did not go as it says."""


def parameters(step):
    """A step's keys as names of parameters."""
    return {name + "_" * keyword.iskeyword(name): value for name, value in step.items()}


def expect(what, given, wanted):
    if given != wanted:
        raise Mismatch(f"{what}: {given!r} instead of {wanted!r}")


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bits_of(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def widened(bits):
    """The bits of the double that holds these bits of a float; for NaN, all of them."""
    if bits & 0x7F800000 == 0x7F800000:
        return (bits & 0x80000000) << 32 | 0x7FF0000000000000 | (bits & 0x7FFFFF) << 29
    return bits_of(struct.unpack("<f", struct.pack("<I", bits))[0])


def one_or_tuple(values):
    return {0: None, 1: values[0] if values else None}.get(len(values), tuple(values))


def text_of(type):
    return f"func {type}" if type.sort == "func" else str(type)


class Thing:
    """An object of the host's own."""


class Boom(Exception):
    """The host's own exception."""
