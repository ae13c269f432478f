"""Loading and inspecting a module, from whatever it is in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _messages, _native
from ._native import Module
from .errors import TypeMismatch

if TYPE_CHECKING:
    from ._call import Call
    from ._names import Inspection
    from ._native import Engine


def load(source: Any, *, engine: Engine | None = None) -> Module:
    """Compiles a module.

    ``source`` is a path, the module's bytes, WebAssembly text, a file object, or anything with
    ``read_bytes()`` such as a resource of a package. A ``str`` is text if it begins like one, with ``(`` or
    ``;;`` after space and a byte order mark, and else a path; a file whose own name begins so is given as a
    ``pathlib.Path``.

    Raises ``IoError`` if a file cannot be read and ``CompileError`` if it does not hold a module.
    """
    form, held = read(source)
    return _LOADS[form](held, engine=engine)


def load_async(source: Any, *, engine: Engine | None = None) -> Call[Module]:
    """The same on a thread of the engine's, to be awaited: the event loop goes on meanwhile, and no call waits.

    Cancelling what awaits it ends the waiting: what has not begun is never done, and what has is compiled to
    its end. Other sources than paths are read at once.

    Raises ``UnsupportedError`` where no event loop runs, and ``LimitError`` if no thread can be started.
    """
    form, held = read(source)
    if form == "bytes" and not isinstance(held, bytes):
        # What holds no bytes is refused where it is loaded.
        with contextlib.suppress(TypeError):
            held = bytes(memoryview(held))
    return _native.load_async(engine, _load_form, (form, held, engine))


def _load_form(form: str, held: Any, engine: Engine | None) -> Module:
    return _LOADS[form](held, engine=engine)


def inspect(source: Any) -> Inspection:
    """Tells what a module is and what it will ask for, without compiling it.

    ``source`` is what ``load`` takes. Raises ``IoError`` if a file cannot be read and ``CompileError`` if it
    does not hold a valid module.
    """
    form, held = read(source)
    return _INSPECTS[form](held)


_LOADS: dict[str, Callable[..., Module]] = {
    "string": Module.from_string,
    "file": Module.from_file,
    "text": Module.from_text,
    "bytes": Module.from_bytes,
}

_INSPECTS: dict[str, Callable[..., Inspection]] = {
    "string": _native.inspect_string,
    "file": _native.inspect_file,
    "text": _native.inspect_text,
    "bytes": _native.inspect_bytes,
}


def read(source: Any) -> tuple[str, Any]:
    """The form of a source, and what it holds; a file by its path. What a string is, the core says."""
    if isinstance(source, str):
        return "string", source
    if isinstance(source, os.PathLike):
        return "file", source
    for name in ("read_bytes", "read"):
        if hasattr(source, name):
            source = getattr(source, name)()
            break
    if isinstance(source, str):
        return "text", source
    try:
        memoryview(source)
    except TypeError:
        what = "a path, bytes, WebAssembly text or a file object"
        raise TypeMismatch(_messages.not_a("source", what, type(source).__name__)) from None
    return "bytes", source
