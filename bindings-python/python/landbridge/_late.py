"""What is imported when it is first needed, and never in the middle of a fork.

A module that another thread is importing stays half imported in a forked child, and locked. So a fork waits for it.
"""

from __future__ import annotations

# Asks to be told of forks when it is imported. In the middle of a fork it would be told of the second half only.
import concurrent.futures.thread  # noqa: F401
import importlib
import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # PyInstaller and its like find what is imported by its name here.
    from . import _bind, _call, _names, _namespace, _types, _wit  # noqa: F401

_importing = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_importing.acquire, after_in_parent=_importing.release, after_in_child=_importing.release
    )


def module(name: str) -> Any:
    """A module of this package, such as ``landbridge._call``, which asynchronous calls need, and asyncio for them."""
    with _importing:
        return importlib.import_module(name)
