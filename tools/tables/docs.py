"""Regions of documents, and of what the corpus compares."""

from words import KINDS, LIMITS, TRAPS, TYPES, USAGE, filled, json_name, told


def surface(indent):
    """The names and numbers that each host is compared with."""
    for word, items in (("kind", KINDS), ("trap", TRAPS), ("type", TYPES)):
        yield from (f'{word} {item["name"]} {item["number"]}' for item in items)


def kinds(indent):
    yield from ["| number | kind | what went wrong |", "| --- | --- | --- |"]
    for kind in KINDS:
        text = told("guide", kind)
        yield f'| {kind["number"]} | `{kind["name"]}` | {text} |'
