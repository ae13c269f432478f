"""Regions of the C++ headers. A member that is too long for one line is not there: a comment stands before it."""

from words import KINDS, LIMITS, OPTIONS, TRAPS, TYPES, USAGE, by_number, comment, filled, is_time, kind_class, member


def kinds(indent):
    """The kinds whose exceptions are made by a macro."""
    rows = [f"KIND({kind['name'].upper()}, {kind['name']}, {kind_class('cpp', kind)})" for kind in KINDS
            if "cpp" not in kind.get("by_hand", [])]
    lines = ["#define LANDBRIDGE_PLAIN_KINDS(KIND)", *(f"  {row}" for row in rows)]
    width = max(map(len, lines)) + 1
    return [*(f"{line:{width}}\\" for line in lines[:-1]), lines[-1]]


def enumerators(items, prefix):
    return (f'{item["name"]} = {prefix}{item["name"].upper()},' for item in items)


def traps(indent):
    return enumerators(TRAPS, "LB_TRAP_")


def types(indent):
    return enumerators(TYPES, "LB_TYPE_")


# ---- Limits and usage.


def limits(indent):
    for limit in LIMITS:
        yield from comment("cpp", limit, indent, "//")
        yield f'std::optional<{"std::chrono::milliseconds" if is_time(limit) else "uint64_t"}> {limit["name"]} = {{}};'


def limits_raw(indent):
    return (f'raw.{member("c", limit)} = raw_of({limit["name"]});' for limit in LIMITS)


def limits_of(indent):
    for limit in LIMITS:
        name, read = member("c", limit), "time_of" if is_time(limit) else "limit_of"
        yield f'limits.{limit["name"]} = {read}(raw.{name});'


def usage(indent):
    types = {"fuel": "std::optional<uint64_t>", "time": "std::chrono::nanoseconds"}
    for one in USAGE:
        yield from comment("cpp", one, indent, "//")
        yield f'{types.get(one.get("type"), "uint64_t")} {one["name"]};'


def usage_of(indent):
    for one in USAGE:
        name = f'raw.{member("c", one)}'
        yield {"fuel": f"{name} == LB_NO_FUEL ? std::nullopt : std::optional<uint64_t>({name}),",
               "time": f"std::chrono::nanoseconds({name}),"}.get(one.get("type"), f"{name},")


# ---- Options of an engine.


def options(indent):
    types = {"flag": "bool", "size": "size_t", "number": "uint64_t", "cache": "std::filesystem::path"}
    for option in by_number(OPTIONS):
        usual = {"flag": str(option.get("default")).lower(), "cache": "{}"}.get(option["type"], "0")
        yield from comment("cpp", option, indent, "//")
        yield f'{types[option["type"]]} {option["name"]} = {usual};'


def options_raw(indent):
    return (f'raw.{option["name"]} = options.{option["name"]};' for option in OPTIONS if option["type"] != "cache")


# ---- The runner of the corpus.


def case_limits(indent):
    for limit in LIMITS:
        value = f'limit_of(*given, "{member("c", limit)}")'
        yield f'.{limit["name"]} = {f"millis({value})" if is_time(limit) else value},'


def case_limit_names(indent):
    return filled([f'"{member("c", limit)}"' for limit in LIMITS], "cpp", indent)


def case_usage(indent):
    for one in USAGE:
        name = one["name"]
        value = f"usage.{name} ? std::to_string(*usage.{name}) : std::string()" if "type" in one else f"std::to_string(usage.{name})"
        if not is_time(one):
            yield f'{{"{name}", {value}}},'


def case_numbers(indent):
    for word, name, items in (("kind", "Kind", KINDS), ("trap", "TrapCode", TRAPS), ("type", "Type", TYPES)):
        for item in items:
            yield f'{{"{word} {item["name"]}", static_cast<uint32_t>({name}::{item["name"]})}},'
