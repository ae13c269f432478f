"""Regions of the C binding, from whose sources landbridge.h is made."""

from words import KINDS, LIMITS, OPTIONS, TRAPS, TYPES, USAGE, WIDTHS, by_number, comment, is_time, member

NUMBERS = {"number": "u64", "size": "usize", "flag": "lb_bool", "cache": "*const c_char"}


def numbered(items, prefix, title, indent):
    yield from [f"/// {title}", "enum {"]
    for item in items:
        yield from (f"  {line}" for line in comment("c", item, indent + 2))
        yield f'  {prefix}{item["name"].upper()} = {item["number"]},'
    yield "};"


def kinds(indent):
    return numbered(KINDS, "LB_KIND_", "Kinds of errors. Numbers and names are the same in every host language.", indent)


def traps(indent):
    return numbered(TRAPS, "LB_TRAP_", "Why a guest trapped.", indent)


def types(indent):
    return numbered(TYPES, "LB_TYPE_", "The types of values.", indent)


def sizes(items, struct):
    """What a program may say that its struct's size is: where it ended in each version of the library."""
    yield from (f'offset_of!({struct}, {member("c", item)}),' for item in by_number(items) if item.get("new_size"))
    yield f"size_of::<{struct}>(),"


def zeros(items, struct, macro, value=lambda item: "0"):
    yield f"#define {macro} {{ sizeof({struct}), {', '.join(map(value, by_number(items)))} }}"


def members(items, indent):
    for item in by_number(items):
        yield from comment("c", item, indent)
        yield f'pub {member("c", item)}: u64,'


# ---- Limits and usage.


def limits(indent):
    return members(LIMITS, indent)


def limit_sizes(indent):
    return sizes(LIMITS, "lb_limits_t")


def limit_zeros(indent):
    return zeros(LIMITS, "lb_limits_t", "LB_LIMITS")


def limits_read(indent):
    for limit in by_number(LIMITS):
        millis = ".map(Duration::from_millis)" if is_time(limit) else ""
        yield f'{limit["name"]}: some(given.{member("c", limit)}){millis},'


def limits_give(indent):
    for limit in by_number(LIMITS):
        name = member("c", limit)
        yield f'{name}: told("{name}", limits.{limit["name"]}{".map(millis)" if is_time(limit) else ""})?,'


def usage(indent):
    return members(USAGE, indent)


def usage_sizes(indent):
    return sizes(USAGE, "lb_usage_t")


def usage_zeros(indent):
    return zeros(USAGE, "lb_usage_t", "LB_USAGE")


def usage_give(indent):
    more = {"fuel": ".unwrap_or(LB_NO_FUEL)", "time": ".as_nanos().try_into().unwrap_or(u64::MAX)"}
    return (f'{member("c", one)}: usage.{one["name"]}{more.get(one.get("type"), "")},' for one in by_number(USAGE))


# ---- Options of an engine.


def options(indent):
    for option in by_number(OPTIONS):
        yield from comment("c", option, indent)
        yield f'pub {option["name"]}: {NUMBERS[option["type"]]},'


def option_sizes(indent):
    return sizes(OPTIONS, "lb_engine_options_t")


def option_zeros(indent):
    values = {"number": "0", "size": "0", "cache": "NULL"}
    return zeros(OPTIONS, "lb_engine_options_t", "LB_ENGINE_OPTIONS",
                 lambda option: values.get(option["type"]) or str(option["default"]).lower())


def options_read(indent):
    first = min(option["number"] for option in OPTIONS if option.get("new_size"))
    for option in by_number(OPTIONS):
        name = option["name"]
        if option["type"] == "cache":
            yield from ["// SAFETY: the caller's promise.", f"{name}: unsafe {{ cache_of(given.{name}) }}?,"]
        elif option["type"] != "flag":
            line = f"{name}: or_default(given.{name}, default.{name}),"
            broken = [f"{name}: or_default(", f"    given.{name},", f"    default.{name},", "),"]
            yield from [line] if indent + len(line) <= WIDTHS["c"] else broken
        elif option["default"] and option["number"] > first:
            # A program that does not know the member wants what was before it.
            yield from [f"{name}: given.{name} != 0", f"    || given.size <= offset_of!(lb_engine_options_t, {name}),"]
        else:
            yield f"{name}: given.{name} != 0,"


# ---- The runner of the corpus.


def case_limits(indent):
    return (f'{{ "{member("c", limit)}", &limits.{member("c", limit)} }},' for limit in LIMITS)


def case_usage(indent):
    return (f'{{ "{member("c", one)}", usage->{member("c", one)} }},' for one in USAGE if not is_time(one))
