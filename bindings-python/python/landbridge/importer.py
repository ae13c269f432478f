"""Lets ``import calc`` find ``calc.wasm`` on ``sys.path``: ``import landbridge.importer`` first.

The module's attributes are the guest's exports; of a component, its functions, types and interfaces. A ``.wasm`` that is imported is a guest, not source code: what it
imports comes from what you gave by name before, with ``provide``, and from nothing else.

    import landbridge.importer

    landbridge.importer.provide("env", {"log": print})  # for (import "env" "log" ...), or the interface env of a component
    import calc

WASI is there by itself and grants nothing.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import landbridge as lb

SUFFIX = ".wasm"
HINT = (
    "a .wasm that is imported is a guest and gets only what was provided by name; "
    "provide it with landbridge.importer.provide(name, source) before the import"
)

_lent: dict[str, object] = {}


def provide(name: str, source: object) -> None:
    """Lends ``source`` to all ``.wasm`` files that are imported from now on, as what they import from ``name``.

    ``source`` is a mapping, an object with attributes, another guest (imported, or an instance), or a Python
    module. Of a module it provides the names in its ``__all__``; of one without, what it defines itself under a name
    that does not begin with ``_``. A name that is provided again has only the last source.

    To provide something to one guest alone, load and instantiate it: ``lb.load("calc.wasm").instantiate(imports)``.
    """
    if not isinstance(name, str):
        raise TypeError(f"name: expected a str, got {type(name).__name__}")
    if isinstance(source, WasmModule):
        source = source.__instance__
    if isinstance(source, lb.Instance):
        # Of a component, what it exports as the interface of this name.
        is_component = source.exports._types is not None
        source = source.exports[name] if is_component else source.exports
    if isinstance(source, Mapping):
        source = {key: _bridged(item) for key, item in source.items()}
    _lent[name] = source


def _bridged(item: Any) -> Any:
    """Another guest's function is provided like a function of Python's: each guest has its own store."""
    return (lambda *args: item(*args)) if isinstance(item, lb.Func) else item


class WasmModule(ModuleType):
    """A Python module whose attributes are the exports of a guest.

    Names such as ``__path__`` mean something to Python, which a guest does not decide: exports that are named
    so are in ``__instance__.exports`` only.
    """

    __instance__: lb.Instance

    def __getattr__(self, name: str) -> Any:
        instance = self.__dict__.get("__instance__")
        text = f"module {self.__name__!r} has no attribute {name!r}"
        if instance is not None and name == "__all__":
            # For `from calc import *`: what is there, and not only what was used already.
            return [export for export in dir(instance.exports) if not export.startswith("_")]
        if instance is None or _is_of_python(name):
            raise AttributeError(text, name=name, obj=self)
        try:
            export = instance.exports[name]
        except lb.NotFoundError:
            raise AttributeError(text, name=name, obj=self) from None
        # The next access finds it like any attribute of a module.
        self.__dict__[name] = export
        return export

    def __dir__(self) -> Iterable[str]:
        exports = (name for name in dir(self.__instance__.exports) if not _is_of_python(name))
        return sorted({*self.__dict__, *exports})


def _is_of_python(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


class WasmLoader:
    """Compiles and instantiates one file."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return WasmModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        try:
            compiled = lb.Module.from_file(self.path)
        except (lb.CompileError, lb.IoError) as error:
            raise self._failed(str(error)) from error
        try:
            module.__dict__["__instance__"] = compiled.instantiate(dict(_lent))
        except lb.LinkError as error:
            raise self._failed(f"{error}\n{HINT}") from error
        except (lb.CompileError, lb.IoError) as error:
            raise self._failed(str(error)) from error

    def get_data(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def _failed(self, why: str) -> ImportError:
        return ImportError(f"cannot import {self.name}: {why}", name=self.name, path=self.path)


class WasmFinder:
    """Finds modules in the places where Python looks for its own."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        for folder in sys.path if path is None else path:
            file = os.path.join(folder or os.getcwd(), name.rpartition(".")[2] + SUFFIX)
            if os.path.isfile(file):
                loader = WasmLoader(name, file)
                return importlib.util.spec_from_file_location(name, file, loader=loader)  # type: ignore[arg-type]
        return None


def install() -> None:
    """Adds the finder behind Python's own. Done by importing this module; twice is no error."""
    if WasmFinder not in sys.meta_path:
        sys.meta_path.append(WasmFinder)


install()


def __dir__() -> list[str]:
    """The public names, without what this module needs itself."""
    own = (name for name, value in globals().items() if getattr(value, "__module__", None) == __name__)
    dunders = (name for name in globals() if name.startswith("__"))
    return sorted({*dunders, *(name for name in own if not name.startswith("_"))})
