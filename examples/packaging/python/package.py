"""A package that has a module inside; see docs/guide/packaging.md, which docs/start/test.py follows."""

# [package]
from importlib.resources import files

import landbridge as lb

_greet = lb.load(files(__name__).joinpath("greet.wasm").read_bytes()).instantiate()


def hello(name: str) -> str:
    """Greets somebody."""
    return _greet.exports.hello(name)
# [end package]
