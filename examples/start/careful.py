"""The second program of docs/start/python.md: limits, and an error. docs/start/test.py runs it."""

# [careful]
import landbridge as lb

limits = lb.Limits(memory_bytes=16 << 20, timeout_ms=500)
greet = lb.load("greet.wasm").instantiate(limits=limits)
try:
    greet.exports.hello(42)
except lb.WasmError as error:
    print(f"{error.kind}: {error}")
# [end careful]
