"""Regions of documents, and of what the corpus compares."""

from words import KINDS, LIMITS, TRAPS, TYPES, json_name, told


def surface(indent):
    """The names and numbers that each host is compared with."""
    for word, items in (("kind", KINDS), ("trap", TRAPS), ("type", TYPES)):
        yield from (f'{word} {item["name"]} {item["number"]}' for item in items)


def limits(indent):
    yield from ["| limit | what it bounds |", "| --- | --- |"]
    yield from (f'| `{json_name(limit)}` | {told("guide", limit)} |' for limit in LIMITS)
