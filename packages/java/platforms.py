"""The platforms that there are native libraries for, by the names that os-maven-plugin has, with `-musl` behind where musl is meant.

`LibraryPlatform.java` has the same list, and `module-info.java` names the modules.
"""
import pathlib
import platform

import common

# The file of the library for each.
LIBRARIES = {
    "linux-x86_64": "liblandbridge_jvm.so",
    "linux-aarch_64": "liblandbridge_jvm.so",
    "linux-x86_64-musl": "liblandbridge_jvm.so",
    "linux-aarch_64-musl": "liblandbridge_jvm.so",
    "osx-x86_64": "liblandbridge_jvm.dylib",
    "osx-aarch_64": "liblandbridge_jvm.dylib",
    "windows-x86_64": "landbridge_jvm.dll",
}


def here():
    """What this machine is called."""
    system, machine = common.system()
    is_musl = system == "linux" and platform.libc_ver()[0] != "glibc" and any(pathlib.Path("/lib").glob("ld-musl-*"))
    return {"macos": "osx"}.get(system, system) + "-" + machine.replace("aarch64", "aarch_64") + ("-musl" if is_musl else "")


def found(folder):
    """The libraries that there are, by platform: that of this machine, and those in FOLDER/PLATFORM/ that others built."""
    libraries = {here(): common.library("landbridge_jvm")}
    for name, file in LIBRARIES.items():
        if folder and (folder / name / file).exists():
            libraries[name] = folder / name / file
    return {name: libraries[name] for name in LIBRARIES if name in libraries}


def artifact(name):
    return f"landbridge-natives-{name}"


def module(name):
    return "dev.landbridge.natives." + name.replace("-", ".")
