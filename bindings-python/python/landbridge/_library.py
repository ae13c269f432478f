"""The native library of this package where it is not simply there: one that a setting names, and what is said if it cannot be used."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import platform
import sys
import sysconfig

_AGAIN = "python -m pip install --force-reinstall --no-cache-dir landbridge"
_FROM_SOURCES = "python -m pip install --no-binary landbridge landbridge"


# As Cargo builds it.
_BUILT = ("liblandbridge_python.so", "liblandbridge_python.dylib", "landbridge_python.dll")


def load_named(path: str) -> None:
    """Loads the file that ``LANDBRIDGE_LIBRARY_PATH`` names, in place of the one in this package.

    Node.js reads this variable, too, and a process hands it on to those that it starts: so it may name a folder, in which each
    finds its own library, and a file is left to whom its name says it is for.
    """
    if not path or sys.flags.ignore_environment or _is_of_node(os.path.basename(path)):
        return
    if os.path.isdir(path):
        path = _file_in(path)
    name = "landbridge._native"
    spec = importlib.util.spec_from_file_location(
        name, path, loader=importlib.machinery.ExtensionFileLoader(name, path)
    )
    try:
        if spec is None or spec.loader is None:
            raise ImportError("this is no file")
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise ImportError(f"{path}, which LANDBRIDGE_LIBRARY_PATH names: {error}", name=name, path=path) from error


def _is_of_node(name: str) -> bool:
    return name.endswith(".node") or "landbridge_node" in name


def _file_in(folder: str) -> str:
    """The library in a folder, or where it would be."""
    packed = [f"_native{suffix}" for suffix in importlib.machinery.EXTENSION_SUFFIXES]
    files = [os.path.join(folder, name) for name in [*packed, *_BUILT]]
    return next(filter(os.path.exists, files), files[0])


def refused(version: str, error: Exception | None = None) -> ImportError:
    """Why ``import landbridge`` failed. ``version`` is that of the files in Python; without an error the library has another."""
    library = sys.modules.get("landbridge._native")
    if error is None:
        file, of_library = getattr(library, "__file__", None), getattr(library, "__version__", "none")
        why = (
            f"the files in Python are of version {version} and the native library is of version {of_library} ({file}). "
            f"An installation was mixed or left half done. Install it again: {_AGAIN}"
        )
        return ImportError(f"landbridge: {why}", name="landbridge._native", path=file)
    text = f"landbridge: the native library for {_here()} cannot be loaded: {_why(version, error)}"
    return ImportError(text, name=getattr(error, "name", None), path=getattr(error, "path", None))


def _why(version: str, error: Exception) -> str:
    if _is_missing(error):
        return _missing(_libraries())
    if isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError):
        return f"{error}{_hint(str(error), error.path)}"
    return f"it does not fit the files in Python, which are of version {version}: {error!r}. Install it again: {_AGAIN}"


def _is_missing(error: Exception) -> bool:
    return isinstance(error, ModuleNotFoundError) and error.name == "landbridge._native"


def _libraries() -> list[str]:
    """The native libraries that lie in this package, for whatever platform."""
    try:
        names = os.listdir(os.path.dirname(__file__))
    except OSError:
        # As in a zip file, out of which no library can be loaded.
        return []
    return sorted(name for name in names if name.startswith("_native.") and not name.endswith(".pyi"))


def _here() -> str:
    """This platform, as the tags of wheels tell it."""
    libc = " with musl" if _is_musl() else ""
    threads = " free-threaded" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    implementation = platform.python_implementation()
    return f"{platform.system().lower()}-{platform.machine()}{libc}, {implementation} {platform.python_version()}{threads}"


def _is_musl() -> bool:
    return "musl" in (sysconfig.get_config_var("SOABI") or "") or "musl" in (sysconfig.get_config_var("MULTIARCH") or "")


def _missing(found: list[str]) -> str:
    if platform.python_implementation() != "CPython":
        return "Landbridge needs CPython 3.11 or newer"
    if not os.path.isdir(os.path.dirname(__file__)):
        return "Python loads no native library out of a zip file: unpack the package into a folder"
    if sys.version_info < (3, 11):
        return "Landbridge needs CPython 3.11 or newer"
    wanted = importlib.machinery.EXTENSION_SUFFIXES[0]
    if f"_native{wanted}" in found:
        # A folder, or a link to what is not there.
        return f"_native{wanted} is here, but it is no file. Install the package again: {_AGAIN}"
    there = f"{', '.join(found)} is here" if found else "there is none here"
    if found:
        there += f", but this Python looks for _native{wanted}: the package was installed by another Python, or for another platform"
    return f"{there}. Install the wheel of this platform: {_AGAIN}. If pip finds none, build it: {_FROM_SOURCES} (needs Rust)"


def _hint(text: str, path: str | None) -> str:
    """What to do about what the loader of the system said."""
    if "GLIBC_" in text:
        libc = " ".join(platform.libc_ver())
        return f". This system's C library is older ({libc}) than the one of the wheel: build it here: {_FROM_SOURCES} (needs Rust)"
    if "ld-linux" in text or "libc.musl" in text:
        return f". The wheel is for another C library; on Alpine take the musllinux wheel: {_AGAIN}"
    if "failed to map segment" in text:
        return ". The folder is mounted noexec: install the package into another one"
    if path is None or os.path.dirname(path) != os.path.dirname(__file__):
        return ""
    # What is said of a file in this package, which pip wrote.
    if "No such file" in text and os.path.exists(path):
        return f". The file is there, so it is for another processor. Install the wheel of this platform: {_AGAIN}"
    if any(sign in text for sign in _DAMAGED):
        return f". The file is damaged, or of another package. Install it again: {_AGAIN}"
    return ""


_DAMAGED = ("file too short", "invalid ELF header", "wrong ELF class", "ELF load command", "slice is not valid mach-o", "not a mach-o",
            "not a valid Win32 application", "does not define module export function")
