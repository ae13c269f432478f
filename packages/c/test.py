#!/usr/bin/env python3
"""Compiles and runs small programs outside of the tree that have nothing but the unpacked SDK: packages/c/test.py [NAME...]"""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import consumers  # noqa: E402
from consumers import must_be  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CONSUMERS = HERE / "consumers"
ABI = common.ROOT / "bindings-c/abi"
# What a new machine may lack. The first come from PyPI then, into target/; the others are left out, and the last lines say so.
FROM_PYPI = {"cmake": "cmake", "ninja": "ninja", "pkg-config": "pkgconf"}
LACKING = {"clang": "clang is not here (apt-get install clang)", "clang++": "clang++ is not here (apt-get install clang)"}
TOOLS = common.TARGET / "c-tools"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
TOLD = f"{common.version()} 10 unreachable\n"


def tool(name):
    """Where a command is."""
    found = shutil.which(name) or shutil.which(name, path=TOOLS / "bin")
    if not found and name in FROM_PYPI:
        common.run(sys.executable, "-m", "venv", TOOLS)
        common.run(TOOLS / "bin/pip", "install", "--quiet", "--disable-pip-version-check", FROM_PYPI[name])
        found = shutil.which(name, path=TOOLS / "bin")
    if not found:
        raise consumers.Skipped(LACKING[name])
    return found


def clean(folder, **more):
    """An environment without anything of the tree."""
    return consumers.environment(folder, LC_ALL="C", **more)


def archive():
    return common.only("c/*.tar.gz", "dist-c")


def unpacked(folder):
    """The SDK, as a user unpacks it."""
    return common.unpacked(archive(), folder)


def project(folder, *names):
    """A folder with the sources of some projects."""
    return consumers.project(folder, *(CONSUMERS / name for name in names))


def flags(folder, prefix, *asked):
    """What pkg-config says, read as a shell reads it."""
    env = clean(folder, PKG_CONFIG_PATH=str(prefix / "lib/pkgconfig"))
    said = common.run(tool("pkg-config"), *asked, "landbridge", env=env).strip()
    words = common.run("sh", "-c", 'eval "set -- $1"; printf "%s\\n" "$@"', "sh", said)
    return words.splitlines()


def compiled(folder, prefix, compiler, standard, source, is_static=False, more=()):
    """Compiles and runs a program with pkg-config, shared with a path to the library in it, or static."""
    work = source.parent
    program = work / f"{source.stem}-{pathlib.Path(compiler).name}-{standard}{'-static' if is_static else ''}"
    link = flags(folder, prefix, "--libs")
    if is_static:
        link = ["-l:liblandbridge.a" if it == "-llandbridge" else it for it in flags(folder, prefix, "--static", "--libs")]
    else:
        link.append(f"-Wl,-rpath,{prefix / 'lib'}")
    common.run(tool(compiler), f"-std={standard}", *WARNINGS, *more, *flags(folder, prefix, "--cflags"), source, *link, "-o", program,
               cwd=work, env=clean(folder))
    told = common.run(program, cwd=work, env=clean(folder))
    needs = common.run("readelf", "--dynamic", program)
    if ("liblandbridge.so.0" in needs) == is_static:
        sys.exit(f"{program.name} was linked in another way than it was asked to")
    return told, program


def c(folder, compilers=("gcc",)):
    """C99 and C11, shared and static."""
    sdk, work = unpacked(folder), project(folder, "app")
    for compiler in compilers:
        for standard in ("c99", "c11"):
            for is_static in (False, True):
                told, program = compiled(folder, sdk, compiler, standard, work / "app.c", is_static)
                must_be(told, TOLD)
                if not is_static and "LANDBRIDGE_1" not in common.run("readelf", "--version-info", program):
                    sys.exit("the program does not ask for versions of symbols")


def cpp(folder, compilers=("g++",)):
    """C++20, shared and static."""
    sdk, work = unpacked(folder), project(folder, "app")
    for compiler in compilers:
        told, _ = compiled(folder, sdk, compiler, "c++20", work / "app.cpp", is_static=compiler.endswith("clang++"))
        must_be(told, TOLD)


def no_exceptions(folder, compilers=("g++",)):
    """C++20 without exceptions and without RTTI."""
    sdk, work = unpacked(folder), project(folder, "no_exceptions")
    for compiler in compilers:
        told, _ = compiled(folder, sdk, compiler, "c++20", work / "app.cpp", more=["-fno-exceptions", "-fno-rtti"])
        must_be(told, "5\nAda\nthe program is wrong: no export is named \"nothing\"; there is nothing\n")


def no_exceptions_clang(folder):
    no_exceptions(folder, [tool("clang++")])


def c_clang(folder):
    c(folder, [tool("clang")])


def cpp_clang(folder):
    cpp(folder, [tool("clang++")])


def without_rpath(folder):
    """A program that does not find the library says so, and then each of the ways of the README helps."""
    sdk, work = unpacked(folder), project(folder, "app")
    common.run("cc", "-I", sdk / "include", work / "app.c", "-L", sdk / "lib", "-llandbridge", "-o", work / "app")
    consumers.must_fail("liblandbridge.so.0: cannot open shared object file", work / "app", env=clean(folder))
    must_be(common.run(work / "app", env=clean(folder, LD_LIBRARY_PATH=str(sdk / "lib"))), TOLD)
    common.run("cc", "-I", sdk / "include", work / "app.c", "-L", sdk / "lib", "-llandbridge", "-Wl,-rpath,$ORIGIN", "-o", work / "app")
    shutil.copy(sdk / "lib/liblandbridge.so.0", work)
    must_be(common.run(work / "app", env=clean(folder)), TOLD)


def install(folder):
    """`make install` to a folder with blanks in its name, and as those do it who make packages of a distribution."""
    sdk, work = unpacked(folder), project(folder, "app")
    prefix = folder / "my programs" / "land bridge"
    common.run("make", "-C", sdk, "install", f"PREFIX={prefix}", env=clean(folder))
    shutil.move(sdk, folder / "moved")
    must_be(compiled(folder, prefix, "gcc", "c11", work / "app.c")[0], TOLD)
    common.run("make", "-C", folder / "moved", "install", "PREFIX=/usr", f"DESTDIR={folder / 'image'}", env=clean(folder))
    must_be(compiled(folder, folder / "image/usr", "gcc", "c99", work / "app.c", is_static=True)[0], TOLD)
    common.run("make", "-C", folder / "moved", "uninstall", f"PREFIX={prefix}", env=clean(folder))
    left = [it for it in prefix.rglob("*") if not it.is_dir() or it.name == "landbridge"]
    if left:
        sys.exit(f"uninstall left {left}")
    install_script(folder, folder / "moved")


def install_script(folder, sdk):
    """A prefix that is relative to where the user is, a umask that hides files from others, a CDPATH, and no prefix at all."""
    here = folder / "here"
    here.mkdir()
    common.run("sh", "-c", f'umask 077; sh ../{sdk.name}/install.sh to', cwd=here, env=clean(folder, CDPATH=str(folder)))
    for file in (here / "to").rglob("*"):
        if not file.is_symlink() and file.stat().st_mode & 0o044 != 0o044:
            sys.exit(f"{file} cannot be read by others")
    if not (here / "to/include/landbridge.h").exists() or (sdk / "to").exists():
        sys.exit("a relative prefix was not taken from the user's folder")
    told, code = common.outcome("sh", sdk / "install.sh", "", env=clean(folder), cwd=here)
    if code != 2 or "usage:" not in told:
        sys.exit(f"an empty prefix was taken: {told}")


def side_by_side(folder):
    """Two versions on one machine: each program has its own, and one may be replaced."""
    (folder / "one").mkdir(), (folder / "two").mkdir()
    one, two, work = unpacked(folder / "one"), unpacked(folder / "two"), project(folder, "app")
    # The next version: the same library under the name of its file.
    (two / f"lib/liblandbridge.so.{common.version()}").rename(two / "lib/liblandbridge.so.0.1.99")
    (two / "lib/liblandbridge.so.0").unlink()
    (two / "lib/liblandbridge.so.0").symlink_to("liblandbridge.so.0.1.99")
    for prefix, standard in ((one, "c99"), (two, "c11")):
        told, program = compiled(folder, prefix, "gcc", standard, work / "app.c")
        must_be(told, TOLD)
        used = common.run("ldd", program, env=clean(folder))
        if str(prefix / "lib") not in used:
            sys.exit(f"{program.name} uses another library:\n{used}")


def dlopen(folder):
    """A program that loads the library while it runs, and two copies of it."""
    sdk, work = unpacked(folder), project(folder, "dlopen")
    shutil.copy(sdk / "lib/liblandbridge.so.0", work / "plugin.so")
    common.run("cc", "-std=c99", *WARNINGS, "-I", sdk / "include", work / "app.c", "-ldl", "-o", work / "app")
    told = common.run(work / "app", sdk / "lib/liblandbridge.so.0", work / "plugin.so", env=clean(folder))
    must_be(told, "memory_out_of_bounds\n" * 2)


def two_rusts(folder):
    """The static library beside another one that was made by Rust."""
    sdk, work = unpacked(folder), project(folder, "two_rusts")
    common.run("rustc", "--edition", "2021", "-O", "--crate-type", "staticlib", work / "other.rs", "-o", work / "libother.a")
    for order in (["libother.a", sdk / "lib/liblandbridge.a"], [sdk / "lib/liblandbridge.a", "libother.a"]):
        common.run("cc", "-I", sdk / "include", work / "app.c", *order, "-lpthread", "-ldl", "-lm", "-o", work / "app", cwd=work)
        must_be(common.run(work / "app", env=clean(folder)), "compile 10\n")


def fully_static(folder):
    """A program without any shared library, as for a container that holds nothing else."""
    sdk, work = unpacked(folder), project(folder, "app")
    common.run("cc", "-static", "-I", sdk / "include", work / "app.c", sdk / "lib/liblandbridge.a", "-lpthread", "-ldl", "-lm", "-o", work / "app")
    if "NEEDED" in common.run("readelf", "--dynamic", work / "app"):
        sys.exit("the program needs shared libraries")
    must_be(common.run(work / "app", env={"HOME": str(folder)}), TOLD)


def cmake(folder):
    """find_package with each generator, and a version that is not there."""
    sdk, work = unpacked(folder), project(folder, "cmake", "app")
    for generator, program in (("Unix Makefiles", "make"), ("Ninja", "ninja")):
        build = work / generator
        common.run(tool("cmake"), "-S", work, "-B", build, "-G", generator, f"-DCMAKE_MAKE_PROGRAM={tool(program)}", f"-DCMAKE_PREFIX_PATH={sdk}",
                   env=clean(folder))
        targets = ["app-c", "app-c-static", "app-cpp"] if generator == "Unix Makefiles" else ["app-c"]
        common.run(tool("cmake"), "--build", build, "--target", *targets, env=clean(folder))
        for target in targets:
            must_be(common.run(build / target, env=clean(folder)), TOLD)
    newer = folder / "newer"
    newer.mkdir()
    shutil.copy(work / "newer.cmake", newer / "CMakeLists.txt")
    consumers.must_fail(f"version: {common.version()}", tool("cmake"), "-S", newer, "-B", newer / "build", f"-DCMAKE_PREFIX_PATH={sdk}", env=clean(folder))
    consumers.must_fail("not for Linux riscv64)", tool("cmake"), "-S", work, "-B", folder / "other", f"-DCMAKE_PREFIX_PATH={sdk}",
                        "-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=riscv64", env=clean(folder))


def add_subdirectory(folder):
    """The SDK as a folder of a project."""
    sdk, work = unpacked(folder), project(folder, "add_subdirectory", "app")
    (work / "third_party").mkdir()
    shutil.move(sdk, work / "third_party/landbridge")
    common.run(tool("cmake"), "-S", work, "-B", work / "build", env=clean(folder))
    common.run(tool("cmake"), "--build", work / "build", env=clean(folder))
    must_be(common.run(work / "build/app", env=clean(folder)), TOLD)


def fetch_content(folder):
    """CMake unpacks the archive by itself."""
    work = project(folder, "fetch", "app")
    common.run(tool("cmake"), "-S", work, "-B", work / "build", f"-DSDK={archive()}", env=clean(folder))
    common.run(tool("cmake"), "--build", work / "build", env=clean(folder))
    must_be(common.run(work / "build/app", env=clean(folder)), TOLD)


def old_programs(folder):
    """Programs that were compiled with the headers of released versions run with this library."""
    sdk, work = unpacked(folder), consumers.project(folder, ABI / "program.c", *ABI.glob("landbridge-*.h"))
    for header in sorted(work.glob("*.h")):
        common.run("cc", "-std=c99", f'-DLANDBRIDGE_HEADER="{header.name}"', work / "program.c", "-L", sdk / "lib", "-llandbridge",
                   f"-Wl,-rpath,{sdk / 'lib'}", "-o", work / "program")
        must_be(common.run(work / "program", env=clean(folder)), "abi: ok\n")
    common.run(sys.executable, ABI / "abi.py", "--library", sdk / "lib/liblandbridge.so")


def conformance(folder):
    """The cases of all hosts, by the runner of the tests, with the library of the SDK in place of theirs."""
    runner = common.ROOT / "target/c/conformance-c"
    if not runner.exists():
        raise consumers.Skipped("its runner is not built: make -C bindings-c runners")
    sdk = unpacked(folder)
    env = clean(folder, LD_LIBRARY_PATH=str(sdk / "lib"))
    consumers.must_have(common.run("ldd", runner, env=env), str(sdk / "lib"))
    consumers.must_have(common.run(runner, "conformance", cwd=common.ROOT, env=env), ", 0 failed")


PROJECTS = [c, c_clang, cpp, cpp_clang, no_exceptions, no_exceptions_clang, without_rpath, install, side_by_side, dlopen, two_rusts,
            fully_static, cmake, add_subdirectory, fetch_content, old_programs, conformance]

if __name__ == "__main__":
    sys.exit(consumers.main("c", {one.__name__: one for one in PROJECTS}))
