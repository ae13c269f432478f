"""Regions of Python and its stubs."""

from words import KINDS, LIMITS, OPTIONS, TYPES, USAGE, kind_class, member, told, wrapped


def docstring(text, indent):
    """A docstring, of a first line and a paragraph if it is long."""
    short = f'"""{text}"""'
    if indent + len(short) <= 100:
        return [short]
    return [*wrapped(text, "python", indent, '"""', ""), '"""']


def errors(indent):
    """The classes that have nothing of their own."""
    for kind in KINDS:
        if "python" in kind.get("by_hand", []):
            continue
        bases = ", ".join(["WasmError", *kind.get("python", {}).get("bases", [])])
        yield from [f"class {kind_class('python', kind)}({bases}):",
                    *(f"    {line}" for line in docstring(told("python", kind), 4)), "",
                    f'    kind = "{kind["name"]}"', "", ""]


def error_names(indent):
    return (f"{kind_class('python', kind)}," for kind in KINDS)


def error_texts(indent):
    return (f'"{kind_class("python", kind)}",' for kind in KINDS)


def reference_types(indent):
    return (f'"{type["name"]}",' for type in TYPES if type["name"].endswith("ref"))


def limit_arguments(indent):
    return (f"{member('python', limit)}: int | None = None," for limit in LIMITS)


def limits(indent):
    for limit in LIMITS:
        yield from ["@property", f"def {member('python', limit)}(self) -> int | None:",
                    *(f"    {line}" for line in docstring(told("python", limit), indent + 4)), ""]


def usage(indent):
    types = {"fuel": "int | None", "time": "float"}
    for one in USAGE:
        yield f'{member("python", one)}: {types.get(one.get("type"), "int")}'
        yield from docstring(told("python", one), indent)


def option_arguments(indent):
    for option in OPTIONS:
        kinds = {"cache": "bool | str | PathLike[str] = ...", "flag": f'bool = {option.get("default")}'}
        yield f'{option["name"]}: {kinds.get(option["type"], "int | None = None")},'


def options(indent):
    types = {"cache": "bool | Path", "flag": "bool"}
    for option in OPTIONS:
        yield from ["@property", f'def {option["name"]}(self) -> {types.get(option["type"], "int")}:',
                    *(f"    {line}" for line in docstring(told("python", option), indent + 4)), ""]
