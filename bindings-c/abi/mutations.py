#!/usr/bin/env python3
"""Changes the header in ways that break programs, and in ways that do not, and sees that abi.py can tell them apart."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent / "include" / "landbridge.h"


def named(items, name):
    return next(it for it in items if it["name"] == name)


def member(struct, name, type_, before=None):
    """A change that puts a member into a struct, at the end or before another one."""
    def change(text, all_):
        members = named(all_["types"], struct)["members"]
        at = members.index(named(members, before)) if before else len(members)
        members.insert(at, {"name": name, "type": type_})
        head, body = text.split(f"typedef struct {struct} {{", 1)
        inside, tail = body.split(f"\n}} {struct};", 1)
        lines = inside.split("\n")
        place = next(i for i, line in enumerate(lines) if before and line.endswith(f" {before};")) if before else len(lines)
        lines.insert(place, f"  {type_} {name};")
        return head + f"typedef struct {struct} {{" + "\n".join(lines) + f"\n}} {struct};" + tail
    return change


def no_function(text, all_):
    all_["functions"].remove(named(all_["functions"], "lb_func_same"))
    return text


def other_parameter(text, all_):
    named(all_["functions"], "lb_memory_grow")["params"][1]["type"] = "uint32_t"
    return text


def other_order(text, all_):
    """Both parameters are a uint64_t."""
    params = named(all_["functions"], "lb_policy_clock_stepped")["params"]
    params[1], params[2] = params[2], params[1]
    before, after = text.split("lb_error_t *lb_policy_clock_stepped(", 1)
    inside, after = after.split(");", 1)
    inside = inside.replace("start_ns", "between").replace("step_ns", "start_ns").replace("between", "step_ns")
    return f"{before}lb_error_t *lb_policy_clock_stepped({inside});{after}"


def other_number(text, all_):
    named(named(all_["enums"], "LB_KIND_")["values"], "LB_KIND_TRAP")["number"] = 4
    return text


def other_storage(text, all_):
    named(all_["types"], "lb_kind_t")["type"] = "uint64_t"
    return text


def new_function(text, all_):
    all_["functions"].append({"name": "lb_new", "result": {"type": "void"}, "params": []})
    return text


# What is done, how abi.py takes it, and a word of what it says.
CASES = [
    (no_function, "functions: lb_func_same is gone"),
    (other_parameter, "functions: lb_memory_grow was"),
    (other_order, "lb_policy_clock_stepped: the parameters were policy, start_ns, step_ns"),
    (other_number, "numbers: LB_KIND_TRAP was `3` and is `4`"),
    (other_storage, "numbers: lb_kind_t was"),
    (member("lb_limits_t", "more", "uint64_t", before="fuel"), "layouts: lb_limits_t.fuel was"),
    (member("lb_pool_options_t", "more", "bool"), "lies inside of the old struct"),
    (member("lb_memory_type_t", "more", "uint64_t"), "layouts: lb_memory_type_t was"),
    (member("lb_memory_type_t", "more", "bool"), "lies inside of the old struct"),
    (new_function, "functions: lb_new is new\nPut them on the lists"),
    (member("lb_limits_t", "more", "uint64_t"), "layouts: lb_limits_t has grown"),
    (member("lb_frame_t", "more", "uint64_t"), "layouts: lb_frame_t has grown"),
]


def list_is_changed():
    """A function of the first version whose line says that it came later: the linker would give it another version."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name, "abi")
        shutil.copytree(HERE, folder)
        functions = folder / "functions.txt"
        functions.write_text(functions.read_text(encoding="utf-8").replace("\n1 lb_func_call:", "\n9 lb_func_call:"), encoding="utf-8")
        done = subprocess.run([sys.executable, folder / "abi.py", "--header", HEADER], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode == 0 or "lb_func_call: in landbridge-0.1.h" not in done.stdout:
            sys.exit(f"a symbol got another version, and abi.py said:\n{done.stdout}")


def main():
    list_is_changed()
    for change, expected in CASES:
        with tempfile.TemporaryDirectory() as folder:
            header = pathlib.Path(folder, "landbridge.h")
            all_ = json.loads(HEADER.with_suffix(".json").read_text(encoding="utf-8"))
            header.write_text(change(HEADER.read_text(encoding="utf-8"), all_), encoding="utf-8")
            header.with_suffix(".json").write_text(json.dumps(all_), encoding="utf-8")
            done = subprocess.run([sys.executable, HERE / "abi.py", "--header", header], text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            is_broken = "Programs that were compiled before would break" in done.stdout
            if done.returncode == 0 or expected not in done.stdout or is_broken != ("is new\n" not in expected and "grown" not in expected):
                sys.exit(f"expected `{expected}`, and abi.py said:\n{done.stdout}")
    print(f"abi: {len(CASES)} changes of the header and one of a list are told")


if __name__ == "__main__":
    main()
