"""The lists of what programs rely on: functions, numbers and layouts, each a line `SINCE NAME: TEXT`."""
import json
import pathlib
import re
import subprocess
import tempfile

# Structs that only the library makes, and hands out by a pointer to one of them: they may grow at the end.
HANDED_OUT = {"lb_frame_t", "lb_wit_world_t"}


def read(file):
    """A list as it is committed; empty if there is none."""
    if not file.exists():
        return {}
    lines = (line.partition(": ") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name.split(" ", 1)[1]: (int(name.split(" ", 1)[0]), text) for name, _, text in lines}


def write(file, items):
    """Writes a list, sorted."""
    head = "# What programs rely on, and the ABI version that it came with. Written by `make -C bindings-c abi-write`; see docs/abi.md.\n"
    lines = (f"{since} {name}: {text}\n" for name, (since, text) in sorted(items.items()))
    file.write_text(head + "".join(lines), encoding="utf-8")


def signature(it):
    """Such as `lb_error_t *(lb_func_t, size_t)`."""
    params = ", ".join(param["type"] if "type" in param else signature(param) for param in it.get("params", []))
    return f"{it['result']['type']} ({params})"


def functions(description):
    """Functions and the types of callbacks."""
    made = {it["name"]: signature(it) for it in description["functions"]}
    for it in description["types"]:
        if it["sort"] == "callback":
            made[it["name"]] = "typedef " + signature(it)
        for member in it.get("members", []):
            if "params" in member:
                made[f"{it['name']}.{member['name']}"] = "typedef " + signature(member)
    return made


def numbers(description):
    """Constants, and what numbers are stored as. The version of the ABI is the one that changes."""
    made = {value["name"]: str(value["number"]) for it in description["enums"] for value in it["values"]}
    made |= {it["name"]: str(it["value"]) for it in description["constants"] if it["name"] != "LB_ABI_VERSION"}
    return made | {it["name"]: it["type"] for it in description["types"] if it["sort"] == "number"}


def layouts(description, header):
    """Sizes and offsets, as the compiler has them."""
    lines = []
    for it in description["types"]:
        if it["sort"] not in ("struct", "union", "handle"):
            continue
        name = it["name"]
        lines.append(f'printf("{name}: size %zu, align %zu\\n", sizeof({name}), _Alignof({name}));')
        for member in it["members"]:
            at = f"{name}, {member['name']}"
            text = member.get("type", "a function")
            lines.append(f'printf("{name}.{member["name"]}: at %zu, size %zu, {text}\\n", '
                         f'offsetof({at}), sizeof((({name} *)0)->{member["name"]}));')
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder, "layouts.c"), pathlib.Path(folder, "layouts")
        body = "\n".join(lines)
        source.write_text(f'#include "{header}"\n#include <stdio.h>\nint main(void) {{\n{body}\nreturn 0; }}\n', encoding="utf-8")
        # Nothing is linked: the functions of the header that are inline are not called.
        subprocess.run(["cc", "-std=gnu11", "-O1", "-w", source, "-o", program], check=True)
        out = subprocess.run([program], check=True, text=True, stdout=subprocess.PIPE).stdout
    return dict(line.split(": ", 1) for line in out.splitlines())


def made(header):
    """All lists, as the header has them now. What is new came with the header's ABI version."""
    description = json.loads(header.with_suffix(".json").read_text(encoding="utf-8"))
    since = next(it["value"] for it in description["constants"] if it["name"] == "LB_ABI_VERSION")
    all_ = {"functions": functions(description), "numbers": numbers(description), "layouts": layouts(description, header)}
    return {name: {key: (since, text) for key, text in items.items()} for name, items in all_.items()}


def growing(layouts_):
    """Structs that may grow at the end: those that begin with their size, and those that only the library makes."""
    sized = (key.partition(".")[0] for key, (_, text) in layouts_.items() if key.endswith(".size") and text.startswith("at 0, size 8, size_t"))
    return sorted(HANDED_OUT | set(sized))


def size(text):
    """Of a line such as `size 24, align 8`."""
    return int(re.match(r"size (\d+)", text).group(1))


def may_become(key, text, now):
    """Whether a struct has only grown."""
    return "." not in key and key in growing(now) and size(now[key][1]) > size(text) and now[key][1].endswith(text.split(", ")[1])


def is_inside(key, now, frozen):
    """Whether a new member lies where a struct was before, so that the library could not tell old programs from new ones. A
    union may have a new member if it stays as large."""
    struct, _, member = key.partition(".")
    if not member or struct not in frozen or not now[key][1].startswith("at "):
        return False
    others = [text for name, (_, text) in now.items() if name.startswith(struct + ".")]
    is_union = all(text.startswith("at 0,") for text in others)
    at = int(re.match(r"at (\d+)", now[key][1]).group(1))
    return not is_union and at < size(frozen[struct][1])
