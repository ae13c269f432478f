"""Lets ``import calc`` find ``calc.wasm`` on ``sys.path``: ``import landbridge.importer`` first.

The module's attributes are the guest's exports. What the guest imports comes from the Python modules
of those names: ``(import "env" "log" ...)`` takes ``log`` from ``import env``. WASI is there by itself and grants
nothing.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

import landbridge as lb

SUFFIX = ".wasm"
WASI = "wasi_snapshot_preview1"


class WasmModule(ModuleType):
    """A Python module whose attributes are the exports of a guest."""

    __instance__: lb.Instance

    def __getattr__(self, name: str) -> Any:
        instance = self.__dict__.get("__instance__")
        if instance is None or name not in instance.exports:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self)
        export = instance.exports[name]
        # The next access finds it like any attribute of a module.
        self.__dict__[name] = export
        return export

    def __dir__(self) -> Iterable[str]:
        return sorted({*self.__dict__, *self.__instance__.exports})


class WasmLoader:
    """Compiles and instantiates one file."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return WasmModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        try:
            compiled = lb.load(os.fspath(self.path))
            module.__dict__["__instance__"] = compiled.instantiate(self._imports(compiled))
        except (lb.LinkError, lb.CompileError, lb.IoError) as error:
            raise ImportError(f"cannot import {self.name}: {error}", name=self.name, path=self.path) from error

    def get_data(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def _imports(self, compiled: lb.Module) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for wanted in compiled.imports:
            if wanted.module == WASI:
                continue
            source = self._source(wanted)
            if hasattr(source, wanted.name):
                item = getattr(source, wanted.name)
                found.setdefault(wanted.module, {})[wanted.name] = _lent(item)
        return found

    def _source(self, wanted: lb.ImportType) -> ModuleType:
        try:
            return importlib.import_module(wanted.module)
        except ModuleNotFoundError as error:
            if error.name != wanted.module:
                raise
            message = (
                f"{self.name} imports {wanted.module}.{wanted.name} ({wanted.type}), "
                f"but there is no Python module named {wanted.module!r}"
            )
            raise ImportError(message, name=self.name, path=self.path) from error


def _lent(item: Any) -> Any:
    """Another guest's function is lent like a function of Python's: each guest has its own store."""
    return (lambda *args: item(*args)) if isinstance(item, lb.Func) else item


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
