"""Regions of Java."""

from words import (
    KINDS, LIMITS, OPTIONS, ROOT, TRAPS, TYPES, USAGE, block, camel, is_time, json_name, kind_class, member, pascal, told, wrapped,
)

CLASSES = ROOT / "bindings-jvm/src/main/java/dev/landbridge"


def constants(items, indent, value=lambda item: ""):
    for item in items:
        yield from block(told("java", item), "java", indent)
        yield f'{item["name"].upper()}{value(item)}{";" if item is items[-1] else ","}'


def kinds(indent):
    return constants(KINDS, indent, lambda kind: f"({kind.get('java', {}).get('maker', kind_class('java', kind))}::new)")


def traps(indent):
    return constants(TRAPS, indent)


def types(indent):
    return constants(TYPES, indent, lambda type: f'("{type["name"]}"{", " + type["top"].upper() if "top" in type else ""})')


# ---- The classes of the kinds.


def plain_kinds():
    return [kind for kind in KINDS if "java" not in kind.get("by_hand", [])]


def new_classes():
    """Makes the files of classes that are not there yet."""
    for kind in plain_kinds():
        path = CLASSES / f"{kind_class('java', kind)}.java"
        if not path.exists():
            path.write_text(f'// generated: java.error {kind["name"]}\n// end generated\n')


def error(indent, name):
    kind = next(kind for kind in plain_kinds() if kind["name"] == name)
    made, base = kind_class("java", kind), kind.get("java", {}).get("base", "WasmException")
    code, passed = ("int code, ", "code, ") if base != "WasmException" else ("", "")
    return [
        "package dev.landbridge;", "", "import java.util.List;", "", *block(told("java", kind), "java", 0),
        f"public final class {made} extends {base} {{",
        "    private static final long serialVersionUID = 1;", "",
        f"    {made}(ErrorKind kind, {code}String message, List<Frame> frames) {{",
        f"        super(kind, {passed}message, frames);", "    }", "}",
    ]


# ---- Limits and usage.


def params(items, text=lambda item: told("java", item)):
    """The `@param` lines of a comment: they begin in lower case and have no full stop at the end."""
    for item in items:
        doc = text(item)
        doc = doc[0].lower() + doc[1:].removesuffix(".")
        yield from wrapped(f"@param {member('java', item)} {doc}", "java", 0, " * ", " *     ")


def record(items, types):
    for item in items:
        yield f"        {types(item)} {member('java', item)}{',' if item is not items[-1] else ')'}"


def limits(indent):
    return [
        "/**",
        " * How much the guests of one store may use. What is empty is not bounded, unless it says so. Each limit has an error kind",
        " * of its own, all of them a {@link LimitExceeded}; those of files are errors of WASI in the guest. They can be serialized.",
        " *", *params(LIMITS), " * @serial exclude", " */",
        "public record Limits(",
        *record(LIMITS, lambda limit: "Optional<Duration>" if is_time(limit) else "OptionalLong"),
    ]


def limits_checked(indent):
    return [
        "/**", " * The limits of a store.", " *", *params(LIMITS, lambda limit: f"bounds {told_bounds(limit)}"),
        " * @throws WasmException {@code range} if one is negative", " */",
        "public Limits {",
        *(f'    {limit["name"]}.ifPresent(it -> check("{limit["name"]}", it));' if is_time(limit)
          else f'    check("{member("java", limit)}", {member("java", limit)});' for limit in LIMITS),
        "}",
    ]


def limits_shown(indent):
    return (f'{member("java", limit)}.ifPresent(it -> told.add("{member("java", limit)}=" + it));' for limit in LIMITS)


def told_bounds(limit):
    return told("java", {"doc": limit["bounds"]})


def limit_fields(indent):
    for limit in LIMITS:
        holder = "Optional<Duration>" if is_time(limit) else "OptionalLong"
        yield f'private {holder} {member("java", limit)} = {holder.split("<")[0]}.empty();'


def limit_setters(indent):
    for limit in LIMITS:
        name = member("java", limit)
        value, holder = ("Duration", "Optional") if is_time(limit) else ("long", "OptionalLong")
        yield from [
            "/**", f" * Bounds {told_bounds(limit)}.", " *", f' * @param {name} {limit["unit"]}, not negative',
            " * @return this", " */",
            f"public Builder {name}({value} {name}) {{", f"    this.{name} = {holder}.of({name});", "    return this;", "}", "",
        ]


def limit_names(indent):
    return wrapped(", ".join(member("java", limit) for limit in LIMITS) + ");", "java", indent, "")


def usage(indent):
    types = {"fuel": "OptionalLong", "time": "Duration"}
    return [
        "/**", " * What the guests of a store use and used; see {@link Store#usage()}.", " *", *params(USAGE), " */",
        "public record Usage(", *record(USAGE, lambda one: types.get(one.get("type"), "long")),
    ]


# ---- Options of an engine. Where code is kept has two methods, written by hand.


def plain_options():
    return [option for option in OPTIONS if option["type"] != "cache"]


JAVA_TYPES = {"flag": "boolean", "number": "long", "size": "long"}


def type_of(option):
    return option.get("java", {}).get("type", JAVA_TYPES[option["type"]])


def option_fields(indent):
    for option in plain_options():
        usual = option.get("java", {}).get("default") or ("true" if option["default"] is True else None)
        yield f'private {type_of(option)} {camel(option["name"])}{f" = {usual}" if usual else ""};'


def option_setters(indent):
    for option in plain_options():
        name = camel(option["name"])
        is_flag = option["type"] == "flag"
        doc = told("java", option)
        if is_flag:
            doc += f' {pascal(str(option["default"]))} if not said.'
        most = f"; {{@link Long#MAX_VALUE}} for no bound" if option.get("unbounded") else ""
        what = option["java"]["param"] if is_flag else f'{option["unit"]}, more than 0{most}'
        yield from [
            "/**", *wrapped(doc, "java", indent, " * "), " *", f" * @param {name} {what}", " * @return this",
            *([] if is_flag else [" * @throws WasmException {@code range} if it is not"]), " */",
            f"public Builder {name}({type_of(option)} {name}) {{",
            *([] if is_flag else [f'    more("{name}", {name});']),
            f"    this.{name} = {name};", "    return this;", "}", "",
        ]


# ---- The runner of the corpus.


def case_limits(indent):
    for limit in LIMITS:
        yield f'case "{json_name(limit)}" -> limits.{member("java", limit)}({"Duration.ofMillis(most)" if is_time(limit) else "most"});'


def case_usage(indent):
    for one in USAGE:
        value = f"usage.{member('java', one)}()"
        if one.get("type") == "fuel":
            yield f'case "{one["name"]}" -> {value}.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive({value}.getAsLong());'
        elif not is_time(one):
            yield f'case "{one["name"]}" -> new JsonPrimitive({value});'


# ---- What crosses in a frame.


def limits_read(indent):
    for limit in LIMITS:
        read = "frame.optional(FrameReader::int64).map(Duration::ofNanos)" if is_time(limit) else "frame.optionalLong()"
        yield f'{read}{"," if limit is not LIMITS[-1] else ");"}'


def limits_written(indent):
    for limit in LIMITS:
        name = member("java", limit)
        yield f'frame.optional({f"{name}.stream().mapToLong(Limits::nanos).findFirst()" if is_time(limit) else name});'


def usage_read(indent):
    reads = {"fuel": "frame.optionalLong()", "time": "Duration.ofNanos(frame.cappedLong())"}
    for one in USAGE:
        yield f'{reads.get(one.get("type"), "frame.int64()")}{"," if one is not USAGE[-1] else ");"}'


def options_written(indent):
    writes = {"flag": "options.bool(true).bool({});", "cache": "cache(options);"}
    for option in OPTIONS:
        yield writes.get(option["type"], "options.optional(said({}));").format(camel(option["name"]))
