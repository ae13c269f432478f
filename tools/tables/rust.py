"""Regions of Rust: of core, and of the bindings of Python, Java and Node."""

from words import (KINDS, LIMITS, OPTIONS, TRAPS, TYPES, USAGE, comment, is_time, json_name, member, pascal)

NUMBERS = {"number": "u64", "size": "usize", "flag": "bool", "cache": "CompileCache"}


def numbered(items, indent, variant):
    for item in items:
        yield from comment("rust", item, indent)
        yield f'{variant(item)} = {item["number"]}, "{item["name"]}";'


def kinds(indent):
    return numbered(KINDS, indent, lambda kind: pascal(kind["name"]))


def traps(indent):
    return numbered(TRAPS, indent, lambda trap: pascal(trap["name"]))


def types(indent):
    return numbered(TYPES, indent, lambda type: type["variant"])


def engine_traps(indent):
    for trap in TRAPS:
        engine = trap.get("engine", pascal(trap["name"]))
        yield f'{"_" if engine == "_" else "T::" + engine} => TrapCode::{pascal(trap["name"])},'


def limits(indent):
    for limit in LIMITS:
        yield from comment("rust", limit, indent)
        yield f'pub {limit["name"]}: Option<{"Duration" if is_time(limit) else "u64"}>,'


def limits_to_json(indent):
    for limit in LIMITS:
        value = f'self.{limit["name"]}'
        yield f'("{json_name(limit)}", {f"{value}.map(millis)" if is_time(limit) else f"whole({value})"}),'


def limits_from_json(indent):
    return (f'"{limit["name"]}" => &mut limits.{limit["name"]},' for limit in LIMITS if not is_time(limit))


def usage(indent):
    types = {"fuel": "Option<u64>", "time": "Duration"}
    for one in USAGE:
        yield from comment("rust", one, indent)
        yield f'pub {one["name"]}: {types.get(one.get("type"), "u64")},'


def options(indent):
    for option in OPTIONS:
        yield from comment("rust", option, indent)
        yield f'pub {option["name"]}: {NUMBERS[option["type"]]},'


def option_flags(indent):
    return (f'{flag["name"]}: {str(flag["default"]).lower()},' for flag in OPTIONS if flag["type"] == "flag")


# ---- The runner of the corpus.


def case_limits(indent):
    for limit in LIMITS:
        read = f'given.number_or_none("{json_name(limit)}")?'
        yield from ([f'{limit["name"]}: given', f'    .number_or_none("{json_name(limit)}")?', "    .map(Duration::from_millis),"]
                    if is_time(limit) else [f'{limit["name"]}: {read},'])


# ---- The binding of Python.


def py_limit_defaults(indent):
    return (f"{member('python', limit)}=None," for limit in LIMITS)


def py_limit_arguments(indent):
    return (f"{member('python', limit)}: Given<'_, '_>," for limit in LIMITS)


def py_limits(indent):
    for limit in LIMITS:
        name = member("python", limit)
        yield f'{limit["name"]}: limit({name}, "{name}")?{".map(Duration::from_millis)" if is_time(limit) else ""},'


def py_limit_getters(indent):
    for place, limit in enumerate(LIMITS):
        value = f'self.0.{limit["name"]}'
        if is_time(limit):
            value += ".map(|it| it.as_millis() as u64)"
        yield from [""] * bool(place)
        yield from ["#[getter]", f"fn {member('python', limit)}(&self) -> Option<u64> {{", f"    {value}", "}"]


def py_limit_rows(indent):
    return (f'("{member("python", limit)}", self.{member("python", limit)}()),' for limit in LIMITS)


def py_usage(indent):
    return (f'found.{one["name"]}{".as_secs_f64()" if is_time(one) else ""},' for one in USAGE)


def py_option_defaults(indent):
    for option in OPTIONS:
        usual = "Cache(CompileCache::User)" if option["type"] == "cache" else "None"
        yield f'{option["name"]}={str(option["default"]).lower() if option["type"] == "flag" else usual},'


def py_option_arguments(indent):
    types = {"flag": "bool", "cache": "Cache", "number": "Option<u64>", "size": "Option<usize>"}
    return (f'{option["name"]}: {types[option["type"]]},' for option in OPTIONS)


def py_options(indent):
    for option in OPTIONS:
        name = option["name"]
        if option["type"] in ("flag", "cache"):
            yield name + ("," if option["type"] == "flag" else ": cache.0,")
        else:
            least = f".max({option['least']})" if "least" in option else ""
            usual = f".unwrap_or(usual.{name}){least},"
            # As rustfmt has it.
            yield from [f"{name}: {name}{usual}"] if len(name + usual) <= 60 else [f"{name}: {name}", f"    {usual}"]


def py_option_getters(indent):
    plain = [option for option in OPTIONS if option["type"] != "cache"]
    for place, option in enumerate(plain):
        yield from [""] * bool(place)
        yield from ["#[getter]", f'fn {option["name"]}(&self) -> {NUMBERS[option["type"]]} {{',
                    f'    self.native.options().{option["name"]}', "}"]


# ---- What crosses in a frame.


def limit_names(indent):
    return (f'{limit["name"]},' for limit in LIMITS)


def usage_names(indent):
    return (f'{one["name"]},' for one in USAGE)


def options_from_frame(indent):
    for option in OPTIONS:
        name = option["name"]
        usual = f"map_or(usual.{name}, size)" if option["type"] == "size" else f"unwrap_or(usual.{name})"
        line = f"{name}: Option::get(frame)?.{usual},"
        yield from [line] if indent + len(line) <= 100 else [f"{name}: Option::get(frame)?", f"    .{usual},"]


def case_usage(indent):
    return (f'"{one["name"]}": found.{one["name"]},' for one in USAGE if not is_time(one))


# ---- The bindings of Java and Node.


def jvm_limits_checked(indent):
    return (f'("{json_name(limit)}", limits.{limit["name"]}),' for limit in LIMITS if not is_time(limit))


def node_limits(indent):
    for limit in LIMITS:
        yield f'{limit["name"]}: limit(c"{member("node", limit)}")?{".map(Duration::from_millis)" if is_time(limit) else ""},'


def node_limits_given(indent):
    for limit in LIMITS:
        yield f'("{member("node", limit)}", limits.{limit["name"]}{".map(millis)" if is_time(limit) else ""}),'


def node_options(indent):
    for option in OPTIONS:
        name = option["name"]
        told = f'c"{member("node", option)}"'
        if option["type"] == "flag":
            yield f"{name}: is({told}, usual.{name})?,"
        elif option["type"] == "cache":
            yield f"{name}: cache(env, field({told})?)?,"
        elif option["type"] == "size":
            yield f"{name}: size(whole, {told}, usual.{name})?,"
        else:
            whole, usual = f"{name}: whole({told})?", f".unwrap_or(usual.{name}),"
            # As rustfmt has it.
            yield from [whole + usual] if len(whole + usual) - len(name) <= 62 else [whole, f"    {usual}"]
