"""Messages of core/messages.toml, as functions of each host. In Rust, C++, Java and JavaScript they make the error of their kind,
in Python the text: its classes are in a file that says some of them."""

import re
import textwrap
import tomllib

from words import KINDS, ROOT, UNBROKEN, camel, kind_class, pascal

MESSAGES = tomllib.loads((ROOT / "core/messages.toml").read_text())["message"]


def said_in(host):
    return [message for message in MESSAGES if host in message.get("in", [])]


def given(message):
    """What is given, each once and in the order of the text."""
    return list(dict.fromkeys(re.findall(r"\{(\w+)\}", message["text"])))


def error_class(host, message):
    return kind_class(host, next(kind for kind in KINDS if kind["name"] == message["kind"]))


def joined(message, show=lambda name: name):
    """The text as literals and what is given, with plus signs between them."""
    parts = re.split(r"\{(\w+)\}", message["text"])
    parts = [show(part) if i % 2 else f'"{part}"' for i, part in enumerate(parts) if part]
    return " + ".join(parts)


def rust(indent):
    for message in MESSAGES:
        if not message.get("rust", True):
            continue
        names = given(message)
        takes = [f"{name}: impl Display" for name in names]
        gives = "Error" if "kind" in message else "String" if names else "&'static str"
        head = f"pub fn {message['name']}({', '.join(takes)}) -> {gives} {{"
        yield "#[cold]"
        if len(head) > 100:
            yield from [f"pub fn {message['name']}(", *(f"    {one}," for one in takes), f") -> {gives} {{"]
        else:
            yield head
        body = f'"{message["text"]}"'
        if names:
            body = f"format!({body})"
        if "kind" in message:
            yield from rust_let(message, bool(names))
            yield f"    Error::new(ErrorKind::{pascal(message['kind'])}, text)"
        else:
            yield f"    {body}"
        yield from ["}", ""]


def rust_let(message, is_made):
    text = f'"{message["text"]}"'
    line = f"    let text = {f'format!({text})' if is_made else text};"
    if len(line) <= 100:
        return [line]
    if not is_made:
        return ["    let text =", f"        {text};"]
    if len(text) + 17 <= 100:
        return ["    let text =", f"        format!({text});"]
    if len(text) + 8 <= 100:
        return ["    let text = format!(", f"        {text}", "    );"]
    first, *others = textwrap.wrap(text, 90, break_long_words=False, break_on_hyphens=False)
    lines = [f"        {first}", *(f"         {line}" for line in others)]
    return ["    let text = format!(", *(f"{line} \\" for line in lines[:-1]), lines[-1], "    );"]


def java(indent):
    yield from ["package dev.landbridge;", "",
                "/** What hosts say when something is wrong, where Java says it itself: from core/messages.toml. */",
                "final class Messages {", "    private Messages() {}"]
    for message in said_in("java"):
        takes = ", ".join(f"Object {camel(name)}" for name in given(message))
        text = joined(message, camel)
        gives = "WasmException" if "kind" in message else "String"
        yield from ["", f"    static {gives} {camel(message['name'])}({takes}) {{"]
        if "kind" in message:
            start = f"return WasmException.of(ErrorKind.{message['kind'].upper()}, "
            if len(start) + len(text) + 10 > 120:
                yield from [f"        {start.strip()}", f"                {text});", "    }"]
            else:
                yield from [f"        {start}{text});", "    }"]
        else:
            yield from [f"        return {text};", "    }"]
    yield "}"


def node(indent):
    for message in said_in("node"):
        name = camel(message["name"])
        takes = [camel(one) for one in given(message)]
        text = re.sub(r"\{(\w+)\}", lambda found: f"${{{camel(found[1])}}}", message["text"])
        text = f"`{text}`" if takes else f"'{text}'"
        body = f"fail('{message['kind']}', {text}, {name})" if "kind" in message else text
        yield from [f"function {name}({', '.join(takes)}) {{", f"  return {body}", "}", ""]
    yield f"module.exports = {{ {', '.join(sorted(camel(message['name']) for message in said_in('node')))} }}"


def python(indent):
    for message in said_in("python"):
        takes = ", ".join(f"{name}: object" for name in given(message))
        text = f'"{message["text"]}"'
        yield from ["", "", f"def {message['name']}({takes}) -> str:", f"    return {'f' if takes else ''}{text}"]


def cpp(indent):
    for message in said_in("cpp"):
        takes = [f"const std::string &{name}" for name in given(message)]
        text = joined(message)
        gives = error_class("cpp", message) if "kind" in message else "std::string"
        head = f"inline {gives} {message['name']}("
        yield from wrapped_cpp(head, takes)
        yield from [f"  return {f'{gives}({text})' if 'kind' in message else text};", "}", ""]


def wrapped_cpp(head, takes):
    kept = ", ".join(take.replace(" ", UNBROKEN) for take in takes) + f"){UNBROKEN}{{"
    lines = textwrap.wrap(kept, 120 - len(head), break_long_words=False)
    lines = [line.replace(UNBROKEN, " ") for line in lines]
    return [head + lines[0], *(" " * len(head) + line for line in lines[1:])]
