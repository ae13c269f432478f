"""The table, and what each host calls the things in it."""

import pathlib
import re
import textwrap
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = tomllib.loads((ROOT / "core/tables.toml").read_text())
KINDS, TRAPS, TYPES = TABLE["kind"], TABLE["trap"], TABLE["type"]
LIMITS, USAGE, OPTIONS = TABLE["limit"], TABLE["usage"], TABLE["engine_option"]

for items in TABLE.values():
    if sorted(item["number"] for item in items) != list(range(1, len(items) + 1)):
        raise ValueError("core/tables.toml: each number from 1 must be there once in each table")
for option in OPTIONS:
    if option["type"] == "flag" and "param" not in option.get("java", {}):
        raise ValueError(f'core/tables.toml: {option["name"]} is a flag, so it needs java = {{ param = "whether …" }}')
    if option["type"] in ("number", "size") and "unit" not in option:
        raise ValueError(f'core/tables.toml: {option["name"]} is a {option["type"]}, so it needs a unit')

# A space at which no line ends.
UNBROKEN = "\u00a0"
WIDTHS = {"rust": 100, "c": 100, "cpp": 120, "java": 120, "python": 100, "node": 120}
HOSTS = {"rust": "the host", "c": "the program", "cpp": "the program", "java": "Java", "python": "Python", "node": "the program",
         "guide": "the host"}
# How a host writes the names of members, and how it says that something is code.
CAMEL_CASE = ("java", "node")
CODE = {"rust": "`{}`", "c": "{}", "cpp": "{}", "java": "{{@code {}}}", "python": "``{}``", "node": "`{}`",
        "guide": "`{}`"}
# Times end with their unit where they are plain numbers.
UNITS = {
    ("c", "limit"): ("ms", "milliseconds"), ("c", "usage"): ("ns", "nanoseconds"),
    ("python", "limit"): ("ms", "milliseconds"), ("python", "usage"): ("seconds", "seconds"),
    ("node", "limit"): ("ms", "milliseconds"), ("node", "usage"): ("ms", "milliseconds"),
}
WORDS = {
    "trap_code": {"rust": "[`Error::trap_code`]", "c": "lb_error_trap_code()", "java": "{@link Trap#code()}",
                  "python": "``code``", "node": "`code`", "guide": "its [code](#trap-codes)"},
    "exception": {"rust": "[`Error::exception`]", "c": "lb_error_exception()", "java": "{@link TaggedException}",
                  "guide": "[its section](#exception)"},
    "none": {"rust": "`None`", "c": "LB_NO_FUEL", "cpp": "nothing", "java": "empty", "python": "None", "node": "`undefined`"},
    "most": {"rust": "[`u64::MAX`]", "c": "UINT64_MAX", "cpp": "UINT64_MAX", "java": "{@link Long#MAX_VALUE}",
             "python": "``2**64 - 1``", "node": "`Infinity`"},
    "compile_cost": {"rust": "[`Inspection::compile_cost`](crate::Inspection::compile_cost)",
                     "c": "lb_inspection_compile_cost()", "cpp": "Inspection", "java": "{@link Inspection#compileCost}",
                     "python": "``inspect``", "node": "{@link Inspection.compileCost}"},
    "cache": {"c": 'NULL for the user\'s cache folder, "off" for nowhere, else a folder',
              "cpp": 'empty for the user\'s cache folder, "off" for nowhere, else a folder',
              "python": "True for the user's cache folder, or where the environment variable ``LANDBRIDGE_CACHE`` says "
                        "(a folder, or ``off``); False for nowhere; a path for a folder",
              "node": "the user's cache folder (`true`, the default), or where the environment variable `LANDBRIDGE_CACHE` "
                      "says; nowhere (`false`); or this folder"},
}


def camel(name):
    """`memory_bytes` as `memoryBytes`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal(name):
    """`not_found` as `NotFound`."""
    return "".join(word.capitalize() for word in name.split("_"))


def kind_class(host, kind):
    """The name of the exception of a kind."""
    return kind.get(host, {}).get("class") or kind.get("class") or pascal(kind["name"]) + "Error"


def is_time(item):
    return item.get("time", False) or item.get("type") == "time"


def sort(item):
    """Of which table a member is."""
    return "usage" if item in USAGE else "limit" if item in LIMITS else "engine_option"


def member(host, item):
    """The name of a limit, of what is counted or of an option."""
    name = item["name"]
    if is_time(item) and (host, sort(item)) in UNITS:
        name += "_" + UNITS[host, sort(item)][0]
    return camel(name) if host in CAMEL_CASE else name


def json_name(item):
    """The name of a limit in JSON, and of what is counted in the corpus."""
    return member("c", item)


def by_number(items):
    return sorted(items, key=lambda item: item["number"])


def limit_of(host, name):
    """How documents of a host name a limit."""
    name = member("c" if host == "guide" else host, next(limit for limit in LIMITS if limit["name"] == name))
    return {"rust": f"[`Limits::{name}`](crate::Limits::{name})", "c": f"{name} of lb_limits_t", "cpp": f"Limits::{name}",
            "java": f"{{@link Limits#{name}()}}", "python": f"``Limits.{name}``", "node": f"{{@link Limits.{name}}}", "guide": f"[`{name}`](limits.md)"}[host]


def kind_of(host, name):
    """How documents of a host name a kind."""
    kind = next(kind for kind in KINDS if kind["name"] == name)
    return {"rust": f"kind `{name}`", "c": f"LB_KIND_{name.upper()}", "cpp": kind_class("cpp", kind),
            "java": f"kind {{@code {name}}}", "python": f"``{kind_class('python', kind)}``",
            "node": f"{{@link {kind_class('node', kind)}}}", "guide": f"kind `{name}`"}[host]


def operation(host, name):
    """How documents of a host name an operation, such as `Store.set_fuel`."""
    noun, verb = name.split(".")
    return {"rust": f"[`{noun}::{verb}`](crate::{noun}::{verb})", "c": f"lb_{noun.lower()}_{verb}()", "cpp": f"{noun}::{verb}()",
            "java": f"{{@link {noun}#{camel(verb)}}}", "python": f"``{noun}.{verb}``", "node": f"{{@link {noun}.{camel(verb)}}}",
            "guide": f"`{verb}` of the {noun.lower()}"}[host]


def default_of(host, item):
    """What documents say of the default of a number."""
    zero = "0 for the default, " if host in ("c", "cpp") else "by default "
    return f"; {zero}{item['default']}"


def told(host, item):
    """The documentation of an item for a host, on one line."""
    text = " ".join(item.get(host, {}).get("doc", item["doc"]).split())

    def word(found):
        what, _, name = found[1].partition(":")
        if what == "host":
            return HOSTS[host]
        if what == "How long":
            unit = UNITS.get((host, sort(item)))
            return f"How many {unit[1]}" if unit else "How long"
        if what == "default":
            return default_of(host, item)
        by_name = {"kind": kind_of, "limit": limit_of, "op": operation}
        return by_name[what](host, name) if what in by_name else WORDS[what][host]

    own = re.sub(r"`([^`]+)`", lambda found: CODE[host].format(found[1]), text)
    return re.sub(r"\{([A-Za-z_ ]+(?::[A-Za-z_.]+)?)\}", word, own)


def wrapped(text, host, indent, first, others=None):
    """Lines of a comment, which begin with `first` and then with `others`. Code stays on one line."""
    kept = re.sub(r"\{@[^}]*\}|(`+)[^`]*\1", lambda found: found[0].replace(" ", UNBROKEN), text)
    lines = textwrap.wrap(
        kept, WIDTHS[host] - indent, initial_indent=first, subsequent_indent=first if others is None else others,
        break_long_words=False, break_on_hyphens=False,
    )
    return [line.replace(UNBROKEN, " ") for line in lines]


def comment(host, item, indent, mark="///"):
    """The documentation as lines that begin with a mark."""
    return wrapped(told(host, item), host, indent, mark + " ")


def block(text, host, indent):
    """The documentation between `/**` and `*/`, on one line if it fits."""
    short = f"/** {text} */"
    if indent + len(short) <= WIDTHS[host]:
        return [short]
    return ["/**", *wrapped(text, host, indent, " * "), " */"]


def filled(items, host, indent, last=","):
    """Words with commas between them, in full lines."""
    return wrapped(", ".join(items) + last, host, indent, "")
