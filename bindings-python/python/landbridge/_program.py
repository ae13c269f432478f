"""Programs of WASI that are run from their start to their end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Unpack

from . import _late, _source, errors
from ._native import Module, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._names import MemoryDir, ReadOnly, ReadWrite
    from ._native import Engine, _Sandbox


def run(
    program: Any,
    /,
    *args: str,
    dirs: Mapping[str, ReadOnly | ReadWrite | MemoryDir] | None = None,
    env: Mapping[str, str] | None = None,
    engine: Engine | None = None,
    **sandbox: Unpack[_Sandbox],
) -> int:
    """Runs a program of WASI, as ``docker run`` would, and returns its exit code.

        lb.run("app.wasm", "--verbose", "in.txt", dirs={"/data": lb.ReadOnly("./data")})

    ``program`` is what ``load`` takes, or a ``Module``. The program has the process's own streams, the arguments, the
    real clock and secure random numbers. It has nothing else unless you grant it: folders by ``dirs``, the environment by
    ``env``. ``policy`` takes the place of all these grants, the clock and the random numbers too. ``limits``, ``stdin``,
    ``stdout``, ``stderr`` and ``refusals`` are those of ``Store``; None discards a stream.

    Its first argument is the name of the file. Ctrl-C ends it.

    Raises ``NotFoundError`` if the module is no program, and as ``load``, ``Module.instantiate`` and ``Func``. An exit code
    is never an exception.
    """
    module, name = _load(program, engine)
    policy = sandbox.get("policy")
    if policy is None:
        policy = Policy(dirs=dirs, env=env, clock="real", random="secure")
    elif dirs is not None or env is not None:
        raise errors.TypeMismatch("dirs and env are part of a policy: give either them or policy")
    own = _late.module("landbridge._names").Stream.INHERIT
    inherited: Any = dict.fromkeys(("stdin", "stdout", "stderr"), own)
    sandbox = {**inherited, **sandbox, "policy": module._program(name, args, policy)}
    try:
        with module.instantiate(**sandbox) as instance:
            return instance.run()
    except errors.Exit as ended:
        # It may end itself while it is instantiated.
        return ended.exit_code


def _load(program: Any, engine: Engine | None) -> tuple[Module, str]:
    """The module of a program, and the name that it sees."""
    if isinstance(program, Module):
        return program, program.name or "program"
    form, held = _source.read(program)
    # A file object was read; a string is a path or text, and what could be loaded from a path is there.
    module = _source.load(held, engine=engine)
    is_path = form == "file" or (form == "string" and os.path.exists(held))
    return module, os.path.basename(os.fsdecode(held)) if is_path else "program"
