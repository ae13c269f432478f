#!/usr/bin/env python3
"""Keeps what docs/abi.md promises. It compares landbridge.h with the lists beside this file, which say what programs rely on:

    abi.py                  fails if something was removed or changed, or is not on the lists yet
    abi.py --write          puts what was added on the lists; refuses what was removed or changed
    abi.py --write --break  writes the lists anew, for a library of another SONAME or before the first release
    abi.py --freeze         copies the header to landbridge-VERSION.h, when that version is released
    abi.py --library FILE   also compares the functions that a shared library exports
    abi.py --abidiff        also asks abidiff, of Debian's abigail-tools, whether it sees what this program does not
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import lists

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent / "include" / "landbridge.h"


def compare(name, frozen, now):
    """What was removed or changed, and what was added, as two lists of sentences."""
    broken, added = [], []
    for key, (since, text) in frozen.items():
        if key not in now:
            broken.append(f"{name}: {key} is gone")
        elif now[key][1] != text and not lists.may_become(key, text, now):
            broken.append(f"{name}: {key} was `{text}` and is `{now[key][1]}`")
        elif now[key][1] != text:
            added.append(f"{name}: {key} has grown")
        else:
            now[key] = (since, text)
    for key in now:
        if key not in frozen:
            (broken if lists.is_inside(key, now, frozen) else added).append(f"{name}: {key} is new" + (
                " and lies inside of the old struct: make it as wide as a pointer, so that the struct grows"
                if lists.is_inside(key, now, frozen) else ""))
    return broken, added


def check(header, write, is_break):
    """Compares all lists, or writes them."""
    made = lists.made(header)
    broken, added = [], []
    for name, now in made.items():
        frozen = lists.read(HERE / f"{name}.txt")
        if is_break:
            frozen = {}
        ours = compare(name, frozen, now)
        broken, added = broken + ours[0], added + ours[1]
    if broken:
        sys.exit("\n".join(broken) + "\nPrograms that were compiled before would break: see docs/abi.md.")
    if write:
        for name, now in made.items():
            lists.write(HERE / f"{name}.txt", now)
        print(f"abi: {len(added)} additions are on the lists now")
    elif added:
        sys.exit("\n".join(added) + "\nPut them on the lists: make -C bindings-c abi-write")
    return made


def released():
    """The headers of released versions, the newest last."""
    def number(file):
        return tuple(int(part) for part in re.findall(r"\d+", file.stem))
    return sorted(HERE.glob("landbridge-*.h"), key=number)


def version_is_raised(made):
    """What came after the last release has a higher number than that."""
    newest = released()[-1]
    text = newest.read_text(encoding="utf-8")
    abi = int(re.search(r"#define LB_ABI_VERSION (\d+)", text).group(1))
    names = set(re.findall(r"\blb_\w+|\bLB_\w+", text))
    late = [key for all_ in made.values() for key, (since, _) in all_.items()
            if since <= abi and re.match(r"\w+", key).group(0) not in names]
    moved = [key for key, (since, _) in made["functions"].items() if since > abi and key in names]
    if moved:
        sys.exit(f"{', '.join(moved)}: in {newest.name}, which has ABI version {abi}, and the list says that it came later. Programs ask for "
                 f"it by the version LANDBRIDGE_{abi}: put the old number back")
    if late:
        sys.exit(f"{', '.join(late)}: not in {newest.name}, which has ABI version {abi}. Raise LB_ABI_VERSION in bindings-c/src/lib.rs, "
                 "or, if that version is not released yet, freeze it anew: make -C bindings-c abi-freeze")


def parameters(text):
    """The names of the parameters of each function of a header, in their order."""
    found = re.findall(r"^(?:(?:const|struct) )*\w+ \**(lb_\w+)\(([^;{}]*)\);", text, re.MULTILINE)
    return {name: [it.split()[-1].lstrip("*") for it in inside.split(",")] for name, inside in found}


def parameters_stay_in_order(header):
    """Two parameters of one type that change places: all types stay, and every program passes the wrong values."""
    now = parameters(re.sub(r"//.*", "", header.read_text(encoding="utf-8")))
    for old in released():
        for name, before in parameters(old.read_text(encoding="utf-8")).items():
            after = now.get(name, before)
            if after != before and sorted(after) == sorted(before):
                sys.exit(f"{name}: the parameters were {', '.join(before)} in {old.name}, and are {', '.join(after)}\n"
                         "Programs that were compiled before would break: see docs/abi.md.")


def program_uses(made):
    """The program of old headers hands over every struct that may grow: a size that is no longer known is noticed."""
    text = (HERE / "program.c").read_text(encoding="utf-8")
    unused = [it for it in lists.growing(made["layouts"]) if it not in lists.HANDED_OUT and f"{it} " not in text]
    if unused:
        sys.exit(f"{', '.join(unused)}: not used in program.c, which is compiled with the headers of earlier versions")


def freeze():
    """The header without its comments, as programs of this version are compiled with it."""
    text = HEADER.read_text(encoding="utf-8")
    version = re.search(r'#define LB_VERSION_STRING "(\d+\.\d+)', text).group(1)
    body = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//"))
    target = HERE / f"landbridge-{version}.h"
    target.write_text(f"// landbridge.h of version {version} without its comments. Programs were compiled with it: do not edit.\n{body}\n",
                      encoding="utf-8")
    print(f"abi: {target.name} is written")


def exported(library, made):
    """A library exports what the header declares, and nothing else."""
    out = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library], check=True, text=True, stdout=subprocess.PIPE)
    found = {line.split()[0].split("@")[0] for line in out.stdout.splitlines() if line.split()[1] != "A"}
    declared = {key for key, (_, text) in made["functions"].items() if not text.startswith("typedef")}
    if found != declared:
        sys.exit(f"{library}: exported and not declared: {sorted(found - declared)}; declared and not exported: {sorted(declared - found)}")
    print(f"abi: the library exports {len(found)} functions, as the header says")


def stub(header, folder):
    """A library of empty functions with all that a debugger knows of a header."""
    text = "\n".join(line for line in re.sub(r"//.*", "", header.read_text(encoding="utf-8")).splitlines())
    functions = re.findall(r"^((?:(?:const|struct) )*\w+ \**lb_\w+\([^;{}]*\));", text, re.MULTILINE)
    source = folder / f"{header.stem}.c"
    source.write_text(f'#include "{header}"\n' + "\n".join(f"{it} {{ __builtin_trap(); }}" for it in functions), encoding="utf-8")
    library = folder / f"{header.stem}.so"
    subprocess.run(["cc", "-g", "-w", "-std=gnu11", "-shared", "-fPIC", source, "-o", library], check=True)
    return library, len(functions)


def abidiff(made):
    """Compares the header with those of all released versions by a tool that others wrote."""
    if not shutil.which("abidiff"):
        print("abi: abidiff is not here (apt-get install abigail-tools), so it was not asked")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        grows = "\n".join(f"[suppress_type]\nname = {it}\nhas_data_member_inserted_at = end\n" for it in lists.growing(made["layouts"]))
        (folder / "suppressions").write_text(grows, encoding="utf-8")
        new, count = stub(HEADER, folder)
        if count != sum(not text.startswith("typedef") for _, text in made["functions"].values()):
            sys.exit(f"abi: {count} functions were found in landbridge.h, and the description has another number")
        for header in released():
            old, _ = stub(header, folder)
            done = subprocess.run(["abidiff", "--no-added-syms", "--suppressions", folder / "suppressions", old, new],
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                sys.exit(f"{done.stdout}\nabidiff: landbridge.h differs from {header.name}")
            print(f"abi: abidiff finds that programs of {header.stem} run")


def version_script(made):
    """For the linker: only our functions are seen, each with the ABI version that it came with."""
    nodes = {}
    for key, (since, text) in made["functions"].items():
        if not text.startswith("typedef"):
            nodes.setdefault(since, []).append(key)
    script, before = "", ""
    for since in sorted(nodes):
        names = "".join(f"    {name};\n" for name in sorted(nodes[since]))
        rest = "" if before else "  local:\n    *;\n"
        script += f"LANDBRIDGE_{since} {{\n  global:\n{names}{rest}}}{before};\n"
        before = f" LANDBRIDGE_{since}"
    return script


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--break", dest="is_break", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    parser.add_argument("--library")
    parser.add_argument("--header", type=pathlib.Path, default=HEADER)
    parser.add_argument("--abidiff", action="store_true")
    args = parser.parse_args()
    made = check(args.header, args.write, args.is_break and args.write)
    if args.freeze:
        freeze()
    version_is_raised(made)
    parameters_stay_in_order(args.header)
    program_uses(made)
    if args.library:
        exported(args.library, made)
    if args.abidiff:
        abidiff(made)
    print("abi: landbridge.h keeps what was promised")


if __name__ == "__main__":
    main()
