"""Links the libraries of the SDK from the static library that Cargo built.

The static library becomes one object in which only our own functions are global. So a program may link it beside other static
libraries that hold Rust, whose standard library has the same names. The shared library is linked from that object too, since the
linker gives functions their versions only if rustc's own list of them is not in the way.
"""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

sys.path.insert(0, str(common.ROOT / "bindings-c/abi"))
import abi  # noqa: E402
import lists  # noqa: E402

# Functions lie in sections of their own until those which nobody calls are left out. Sections that are not named stay as they are.
MERGED = """SECTIONS {
  .text : { *(.text .text.*) }
  .rodata : { *(.rodata .rodata.*) }
  .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) }
  .data : { *(.data .data.*) }
  .bss : { *(.bss .bss.*) }
  .tdata : { *(.tdata .tdata.*) }
  .tbss : { *(.tbss .tbss.*) }
  .gcc_except_table : { *(.gcc_except_table .gcc_except_table.*) }
  /DISCARD/ : { *(.llvmbc) *(.llvmcmd) *(.comment) *(.debug*) *(.rustc*) }
}
"""
# As rustc links a shared library. It stays mapped after dlclose, since a thread and handlers of signals run its code.
SHARED = ["-Wl,-z,relro,-z,now,-z,nodelete", "-Wl,-z,noexecstack", "-Wl,-O1", "-Wl,--hash-style=gnu", "-Wl,--as-needed", "-Wl,--no-undefined",
          "-Wl,--build-id=sha1", "-nodefaultlibs"]
LIBRARIES = ["-lgcc_s", "-lpthread", "-lm", "-ldl", "-lc"]


def functions():
    """All functions of landbridge.h, and the script that gives each its version."""
    made = lists.made(abi.HEADER)
    # The committed lists know since when each is there.
    made["functions"] |= {name: line for name, line in lists.read(abi.HERE / "functions.txt").items() if name in made["functions"]}
    names = sorted(name for name, (_, text) in made["functions"].items() if not text.startswith("typedef"))
    return names, abi.version_script(made)


def one_object(folder):
    """The whole static library as one object, without debug information."""
    names, _ = functions()
    script, keep = folder / "merged.ld", folder / "functions"
    script.write_text(MERGED, encoding="utf-8")
    keep.write_text("\n".join(names) + "\n", encoding="utf-8")
    reached, merged, linked = folder / "reached.o", folder / "merged.o", folder / "landbridge.o"
    roots = [part for name in names for part in ("-u", name)]
    common.run("ld", "-r", "--gc-sections", "-o", reached, *roots, common.library("landbridge_c", "a"))
    common.run("ld", "-r", "--force-group-allocation", "-T", script, "-o", merged, reached)
    common.run("objcopy", "--strip-debug", "--strip-unneeded", f"--keep-global-symbols={keep}", merged, linked)
    sections = common.run("readelf", "--sections", "--wide", linked)
    for needed in (".eh_frame", ".gcc_except_table", ".init_array"):
        if f" {needed}" not in sections:
            sys.exit(f"{needed} was lost while linking: panics could not be caught")
    return linked


def linux(folder, soname):
    """The shared and the static library."""
    linked = one_object(folder)
    script, shared, static = folder / "landbridge.map", folder / "liblandbridge.so", folder / "liblandbridge.a"
    script.write_text(functions()[1], encoding="utf-8")
    common.run("cc", "-shared", "-o", shared, linked, f"-Wl,--version-script={script}", f"-Wl,-soname,{soname}", *SHARED, *LIBRARIES)
    common.run("strip", "--strip-all", "--remove-section=.comment", shared)
    static.unlink(missing_ok=True)
    common.run("ar", "rcsD", static, linked)
    return shared, static


def as_built(folder, _):
    """Where there are no version scripts: the libraries as Cargo built them."""
    shared, static = folder / "liblandbridge.dylib", folder / "liblandbridge.a"
    shutil.copy(common.library("landbridge_c"), shared)
    shutil.copy(common.library("landbridge_c", "a"), static)
    return shared, static
