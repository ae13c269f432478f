"""Every operation, kind, trap code and type that each host must offer."""

import asyncio
import errno
import pathlib

import landbridge as lb
import pytest

SURFACE = pathlib.Path(__file__).resolve().parents[2] / "conformance/surface.txt"
LINES = [line.split() for line in SURFACE.read_text().splitlines() if line and line[0] != "#"]

REFS = lb.load('(module (func (export "f")) (memory (export "m") 1))').instantiate()


class Holds:
    """An operation that is no name of the package's own, but what Python itself has for it: so this must be true."""

    def __init__(self, holds):
        self.holds = holds


# Where Python has each operation: a name in the package, or an attribute that a class in it has of its own.
OPERATIONS = {
    "version": "__version__",
    "engine.new": "Engine",
    "module.load_file": "Module.from_file",
    "module.load": "load",
    "module.load_text": "Module.from_text",
    "module.load_bytes": "Module.from_bytes",
    "module.name": "Module.name",
    "module.imports": "Module.imports",
    "module.load_async": "load_async",
    "func.same": "Func.__eq__",
    "memory.same": "Memory.__eq__",
    "table.same": "Table.__eq__",
    "global.same": "Global.__eq__",
    "tag.same": "Tag.__eq__",
    "module.exports": "Module.exports",
    "module.bytes": "Module.bytes",
    "module.digest": "Module.digest",
    "module.compile": "Module.compile",
    "module.load_precompiled": "Module.load_precompiled",
    "module.instantiate": "Module.instantiate",
    "inspect": "inspect",
    "inspection.to_json": "Inspection.to_json",
    "store.new": "Store",
    # By the keywords policy, limits, stdin, stdout, stderr, refusals.
    "store.with_sandbox": "Store",
    "store.instantiate": "Store.instantiate",
    "store.usage": "Store.usage",
    "store.set_fuel": "Store.set_fuel",
    "store.cancel": "Store.cancel",
    "store.stdout": "Store.stdout",
    "store.stderr": "Store.stderr",
    "store.stdout_text": "Store.stdout_text",
    "store.stderr_text": "Store.stderr_text",
    "store.refusals": "Store.refusals",
    "store.output": "Store.output",
    "store.gc": "Store.gc",
    "store.close": "Store.close",
    # Imports are mappings of Python's own, given to these.
    "imports.func": "Module.instantiate",
    "imports.define": "Module.instantiate",
    "imports.value": "Module.instantiate",
    "imports.instance": "Module.instantiate",
    "imports.initialize": "Module.instantiate",
    "instance.func": "Instance.func",
    "instance.memory": "Instance.memory",
    "instance.table": "Instance.table",
    "instance.global": "Instance.global_",
    "instance.tag": "Instance.tag",
    "instance.exports": "Instance.exports",
    "instance.call": "Instance.call",
    "instance.run": "Instance.run",
    "instance.close": "Instance.close",
    "instance.call_async": "Instance.call_async",
    "instance.run_async": "Instance.run_async",
    "func.new": "Func",
    "func.call": "Func.__call__",
    "func.call_async": "Func.call_async",
    "call.cancel": Holds(lambda: asyncio.run(cancelled())),
    "func.type": "Func.type",
    "func.name": "Func.name",
    "memory.new": "Memory",
    "memory.read": "Memory.read",
    "memory.write": "Memory.write",
    "memory.read_text": "Memory.read_text",
    "memory.read_c_string": "Memory.read_c_string",
    "memory.write_text": "Memory.write_text",
    "memory.grow": "Memory.grow",
    "memory.size_bytes": "Memory.size_bytes",
    "memory.size_pages": "Memory.size_pages",
    "memory.type": "Memory.type",
    "func.map": "Func.map",
    "memory.view": Holds(lambda: memoryview(REFS.memory("m")).nbytes == 65536),
    "table.new": "Table",
    "table.get": "Table.get",
    "table.set": "Table.set",
    "table.grow": "Table.grow",
    "table.size": "Table.size",
    "table.type": "Table.type",
    "global.new": "Global",
    "global.get": "Global.value",
    "global.set": "Global.value",
    "global.type": "Global.type",
    "tag.new": "Tag",
    "tag.type": "Tag.type",
    "exception.new": "TaggedException",
    "exception.tag": "TaggedException.__init__",
    "exception.payload": "TaggedException.payload",
    "gcref.type": "GcRef.type",
    "gcref.len": "GcRef.__len__",
    "gcref.get": "GcRef.__getitem__",
    "gcref.set": "GcRef.__setitem__",
    "policy.new": "Policy",
    "policy.program": "Policy.program",
    "policy.memory_dir": "MemoryDir",
    "policy.network": "Network",
    "limits.from_json": "Limits.from_json",
    "limits.to_json": "Limits.to_json",
    "policy.from_json": "Policy.from_json",
    "policy.from_file": "Policy.from_file",
    "policy.to_json": "Policy.to_json",
    "policy.restrict": "Policy.restrict",
    "policy.allows": "Policy.allows",
    "policy.allows_tcp_connect": "Policy.allows_tcp_connect",
    "policy.allows_tcp_bind": "Policy.allows_tcp_bind",
    "policy.allows_udp_connect": "Policy.allows_udp_connect",
    "policy.allows_udp_bind": "Policy.allows_udp_bind",
    "policy.allows_name": "Policy.allows_name",
    "policy.allows_name_port": "Policy.allows_name_port",
    "policy.allows_http": "Policy.allows_http",
    "pool.new": "Pool",
    "pool.get": "Pool.get",
    "pool.call": "Pool.call",
    "pool.call_async": "Pool.call_async",
    "pool.wit_call": "Pool.call",
    "pool.wit_call_async": "Pool.call_async",
    "instance.wit_func": "Instance.wit_func",
    "wit_func.call": "WitFunc.__call__",
    "wit_func.call_async": "WitFunc.call_async",
    "wit_func.type": "WitFunc.type",
    "wit_func.name": "WitFunc.name",
    "wit_type.sort": "WitType.sort",
    "wit_type.name": "WitType.name",
    "wit_type.text": "WitType.__str__",
    "wit_type.parse": "WitType.parse",
    "wit_type.format": "WitType.format",
    # By the objects that are given as imports.
    "imports.wit_func": "Module.instantiate",
    "imports.wit_resource": "Module.instantiate",
    "wit_resource.close": "Resource.close",
    "wit_resource.is_closed": "Resource.closed",
    "wit_error.new": "WitError",
    "error.payload": Holds(lambda: lb.WitError(5).payload == 5),
    "pool.counts": "Pool.counts",
    "pool.close": "Pool.close",
    "context.export": "Caller.export",
    "error.kind": "WasmError.kind",
    "error.trap_code": Holds(lambda: lb.Trap("why", "unreachable").code == "unreachable"),
    "error.message": Holds(lambda: lb.Trap("why", "unreachable").message == "why"),
    "error.frames": "frames",
    "error.host_exception": Holds(lambda: raised() is THROWN),
    "error.exception": "TaggedException",
    "error.exit_code": "Exit.exit_code",
    "error.output": "WasmError.output",
    "output.lines": "Lines",
    "run": "run",
    "error.os_code": Holds(lambda: refused().errno == errno.ENOENT),
    "error.row": Holds(lambda: row_of_failure() == 1),
    "error.path": Holds(lambda: refused().filename == "/no/such.wasm"),
    "instance.wit_func": "Instance.wit_func",
    "wit_func.call": "WitFunc.__call__",
    "wit_func.call_async": "WitFunc.call_async",
    "wit_func.type": "WitFunc.type",
    "wit_func.name": "WitFunc.name",
    "wit_type.sort": "WitType.sort",
    "wit_type.name": "WitType.name",
    "wit_type.text": "WitType.__str__",
    "wit_type.parse": "WitType.parse",
    "wit_type.format": "WitType.format",
    "imports.wit_func": "Module.instantiate",
    "imports.wit_resource": "Module.instantiate",
    "wit_resource.close": "Resource.close",
    "wit_resource.is_closed": "Resource.closed",
    "wit_error.new": "WitError",
    "error.payload": Holds(lambda: lb.WitError(3).payload == 3),
    "pool.wit_call": "Pool.call",
    "pool.wit_call_async": "Pool.call_async",
}

OWN = {lb, *(it for name in lb.__all__ if isinstance(it := getattr(lb, name), type))}
THROWN = KeyError("it")


def row_of_failure():
    half = lb.load('(module (func (export "f") (param i32) (result i32) (i32.div_u (i32.const 8) (local.get 0))))')
    try:
        half.instantiate().exports.f.map([1, 0])
    except lb.Trap as error:
        return error.row


async def cancelled():
    call = REFS.func("f").call_async()
    call.cancel()
    try:
        await call
    except asyncio.CancelledError:
        return True
    return False


def raised():
    def throw():
        raise THROWN

    with pytest.raises(KeyError) as caught:
        lb.Func(REFS.store, lb.FuncType([]), throw)()
    return caught.value


def refused():
    with pytest.raises(lb.IoError) as caught:
        lb.load("/no/such.wasm")
    return caught.value


@pytest.mark.parametrize("operation", [line[1] for line in LINES if line[0] == "op"])
def test_operation(operation):
    where = OPERATIONS[operation]
    if isinstance(where, Holds):
        assert where.holds()
        return
    found = lb
    for name in where.split("."):
        owner, found = found, getattr(found, name)
    bases = owner.__mro__ if isinstance(owner, type) else (owner,)
    assert any(name in vars(base) and base in OWN for base in bases), f"{where} is of Python itself: say by Holds what must be true"


def numbered(sort):
    return {line[1]: int(line[2]) for line in LINES if line[0] == sort}


def test_numbers_and_names_are_those_of_every_host():
    assert dict(lb.KINDS) == numbered("kind")
    assert dict(lb.TRAP_CODES) == numbered("trap")
    assert dict(lb.TYPES) == numbered("type")


def test_each_kind_has_a_class_in_order():
    from landbridge.errors import CLASSES

    assert list(CLASSES) == list(lb.KINDS)
    assert all(cls.kind == kind for kind, cls in CLASSES.items())
    assert all(getattr(lb, cls.__name__) is cls for cls in CLASSES.values())


def test_an_error_has_kind_code_message_and_frames():
    error = lb.Trap("message", "unreachable", [lb.Frame("m", 1, "f", 2)])
    assert (error.kind, error.code, error.message) == ("trap", "unreachable", "message")
    assert str(error.frames[0]) == "m!f @ 0x2"
