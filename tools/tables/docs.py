"""Regions of documents, and of what the corpus compares."""

from words import KINDS, LIMITS, TRAPS, TYPES, json_name, kind_class, pascal, told


def surface(indent):
    """The names and numbers that each host is compared with."""
    for word, items in (("kind", KINDS), ("trap", TRAPS), ("type", TYPES)):
        yield from (f'{word} {item["name"]} {item["number"]}' for item in items)


def limits(indent):
    yield from ["| limit | what it bounds |", "| --- | --- |"]
    yield from (f'| `{json_name(limit)}` | {told("guide", limit)} |' for limit in LIMITS)


# ---- docs/guide/errors.md: each kind has a section with its name, to which the table leads.


def kinds(indent):
    yield from ["| kind | what it means | the instance afterwards |", "| --- | --- | --- |"]
    yield from (f'| [`{kind["name"]}`](#{kind["name"]}) | {told("guide", kind)} | {kind["after"]} |' for kind in KINDS)


def kind(indent, name):
    """What the kind is called in each host."""
    one = next(kind for kind in KINDS if kind["name"] == name)
    classes = {}
    for host, title in (("python", "Python"), ("java", "Java"), ("node", "Node.js"), ("cpp", "C++")):
        classes.setdefault(kind_class(host, one), []).append(title)
    told_by = [f'`{made}` in {" and ".join(hosts) if len(hosts) < 3 else ", ".join(hosts[:-1]) + " and " + hosts[-1]}'
               for made, hosts in classes.items()]
    return [f'{"; ".join(told_by)}; `LB_KIND_{name.upper()}` in C; `ErrorKind::{pascal(name)}` in Rust. Number {one["number"]}.']


def traps(indent):
    yield from ["| code | number | what it means | usual cause |", "| --- | --- | --- | --- |"]
    yield from (f'| `{trap["name"]}` | {trap["number"]} | {told("guide", trap)} | {trap["cause"]} |' for trap in TRAPS)
