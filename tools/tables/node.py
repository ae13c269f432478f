"""Regions of JavaScript and its type declarations."""

import json

from words import KINDS, LIMITS, OPTIONS, ROOT, TRAPS, TYPES, UNBROKEN, USAGE, block, camel, filled, json_name, kind_class, member, pascal, told, wrapped


def union(items, indent):
    """Texts, one of which it is."""
    names = f"{UNBROKEN}| ".join(f"'{item['name']}'" for item in items)
    return [line.removesuffix(" |") for line in wrapped(names, "node", indent, "  | ")]


def kinds(indent):
    return ["export type ErrorKind =", *union(KINDS, indent)]


def traps(indent):
    return ["export type TrapCode =", *union(TRAPS, indent)]


def types(indent):
    return union(TYPES, indent)


def error_names(indent):
    """The names of the classes, of which that of exceptions is in a file of its own."""
    return (f"{kind['name']}: '{kind_class('node', kind)}'," for kind in KINDS if kind["name"] != "exception")


def error_bases(indent):
    return (f"{kind['name']}: {kind['node']['bases'][0]}," for kind in KINDS if "bases" in kind.get("node", {}))


def error_exports(indent):
    return filled([kind_class("node", kind) for kind in KINDS], "node", indent)


def errors(indent):
    """The classes that have nothing of their own."""
    for kind in KINDS:
        if "node" in kind.get("by_hand", []):
            continue
        name = kind_class("node", kind)
        yield from block(told("node", kind), "node", indent)
        yield f"export class {name} extends WasmError {{}}"
        yield from (f"export interface {name} extends {base} {{}}" for base in kind.get("node", {}).get("bases", []))


# ---- Limits and usage.


def limit_names(indent):
    return filled([f"'{member('node', limit)}'" for limit in LIMITS], "node", indent)


def limits(indent):
    for limit in LIMITS:
        yield from block(told("node", limit), "node", indent)
        yield f"readonly {member('node', limit)}?: number | bigint | undefined"


def usage(indent):
    for one in USAGE:
        yield from block(told("node", one), "node", indent)
        yield f"readonly {member('node', one)}: {'bigint | undefined' if one.get('type') == 'fuel' else 'number'}"


# ---- Options of an engine.


def option_flags(indent):
    return filled([f"'{camel(option['name'])}'" for option in OPTIONS if option["type"] == "flag"], "node", indent)


def option_names(indent):
    return filled([f"'{camel(option['name'])}'" for option in OPTIONS], "node", indent)


def options(indent):
    types = {"flag": "boolean", "cache": "boolean | string | URL"}
    for option in OPTIONS:
        doc = told("node", option)
        if option["type"] == "flag":
            doc += f" {pascal(str(option['default']))} if not said otherwise."
        yield from block(doc, "node", indent)
        yield f"{camel(option['name'])}?: {types.get(option['type'], 'number')}"


def reference_types(indent):
    types = [type for type in TYPES if type["name"].endswith("ref")]
    return (line.strip() for line in union(types, indent))


# ---- The packages of native addons.

PLATFORMS = json.loads((ROOT / "packages/node/platforms.json").read_text())


def platforms(indent):
    return (f"case '{name}': return require('@landbridge/{name}')" for name in PLATFORMS)


def platform_names(indent):
    return filled([f"'{name}'" for name in PLATFORMS], "node", indent)


# ---- The runner of the corpus.


def case_limits(indent):
    return (f"{json_name(limit)}: '{member('node', limit)}'," for limit in LIMITS)


def case_usage(indent):
    return (f"{one['name']}: '{member('node', one)}'," for one in USAGE)


def usage_read(indent):
    reads = {"fuel": "frame.option(() => frame.big())", "time": "frame.u64() / NANOS_PER_MS"}
    return (f"{member('node', one)}: {reads.get(one.get('type'), 'frame.u64()')}," for one in USAGE)
