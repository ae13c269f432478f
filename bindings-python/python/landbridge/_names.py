"""Plain Python parts of the native classes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from . import ExternType, FuncType


class ImportType(NamedTuple):
    """What a module asks its host for."""

    module: str
    name: str
    type: ExternType


class ExportType(NamedTuple):
    """What a module exports."""

    name: str
    type: ExternType


_ANNOTATIONS: dict[str, Any] = {"i32": int, "i64": int, "f32": float, "f64": float, "v128": bytes}


def _annotation(name: str) -> Any:
    return _ANNOTATIONS.get(name, Any)


def signature(type: FuncType) -> inspect.Signature:
    """The signature of a function, for ``inspect.signature``."""
    parameters = [
        inspect.Parameter(
            f"arg{index}", inspect.Parameter.POSITIONAL_ONLY, annotation=_annotation(name)
        )
        for index, name in enumerate(type.params, 1)
    ]
    results = [_annotation(name) for name in type.results]
    match results:
        case []:
            returned: Any = None
        case [one]:
            returned = one
        case _:
            returned = tuple[tuple(results)]  # type: ignore[misc]
    return inspect.Signature(parameters, return_annotation=returned)
