"""Traps that are signals, and ``faulthandler``.

The engine sees within a millisecond that somebody stands before its handlers. That is too late for a trap just
after ``faulthandler.enable()`` or ``faulthandler.disable()``, so both have the engine look at once.
"""

from __future__ import annotations

import faulthandler
import functools
from collections.abc import Callable
from typing import Any

from . import _native


def _looking(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def changed(*args: Any, **kwargs: Any) -> Any:
        try:
            return change(*args, **kwargs)
        finally:
            _native._look_at_handlers()

    changed.__landbridge__ = True  # type: ignore[attr-defined]
    return changed


def install() -> None:
    """Has both look, once in each process."""
    for name in ("enable", "disable"):
        change = getattr(faulthandler, name)
        if not hasattr(change, "__landbridge__"):
            setattr(faulthandler, name, _looking(change))
