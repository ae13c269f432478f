"""Values are pickled, copied, compared and hashed."""

import copy
import pickle

import cloudpickle
import landbridge as lb
import pytest
from guests import CALC, HEAP, PROGRAM

WAYS = {
    **{f"pickle {n}": lambda it, n=n: pickle.loads(pickle.dumps(it, n)) for n in range(6)},
    "cloudpickle": lambda it: pickle.loads(cloudpickle.dumps(it)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}

POLICY = lb.Policy(
    dirs={"/r": lb.ReadOnly("a"), "/w": lb.ReadWrite("/b"), "/m": lb.MemoryDir({"f/g": b"\xff\x00"}, "write")},
    env={"A": "ä=1"},
    args=["p", ""],
    clock=lb.SteppedClock(5, 2),
    random=2**64 - 1,
    network=lb.Network(tcp_connect=[("10.0.0.0/8", "1-5")], http=[("https", "*.a.org", 443, "GET")]),
)
LIMITS = lb.Limits(memory_bytes=1, table_elements=2, instances=3, fuel=2**64 - 1, output_bytes=5, written_bytes=6,
                   open_files=7, timeout_ms=8, transfer_bytes=9, handles=10)  # fmt: skip
HEAP_EXPORTS = lb.load(HEAP).instantiate().exports
TYPES = [
    *(export.type for export in lb.load(CALC).exports),
    *(import_.type for import_ in lb.load(PROGRAM).imports),
    *(export.type for export in lb.load(HEAP).exports),
    HEAP_EXPORTS.point(1, 2.0).type,
    HEAP_EXPORTS.bytes(3).type,
    HEAP_EXPORTS.packed(1, 2).type.fields[0],
    lb.load('(module (memory (export "m") i64 1 2) (tag (export "t") (param i32 f64)))').exports[0].type,
    lb.load('(module (memory (export "m") i64 1 2) (tag (export "t") (param i32 f64)))').exports[1].type,
]
VALUES = [POLICY, lb.Policy(), LIMITS, lb.Limits(), lb.Limits(fuel=0), *TYPES]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_out_equal(value, way):
    received = WAYS[way](value)
    assert type(received) is type(value) and received == value and hash(received) == hash(value)
    assert repr(received) == repr(value)


@pytest.mark.parametrize("way", WAYS)
def test_what_holds_values_comes_out_equal(way):
    for whole in (lb.inspect(CALC), lb.load(HEAP).exports, {"limits": LIMITS, "policy": POLICY}):
        assert WAYS[way](whole) == whole


def test_a_policy_works_where_it_arrives():
    received = pickle.loads(pickle.dumps(POLICY))
    assert received.allows(POLICY) and POLICY.allows(received)
    assert received.dirs == POLICY.dirs and received.network == POLICY.network
    assert {POLICY: 1}[received] == 1 and {LIMITS: 2}[pickle.loads(pickle.dumps(LIMITS))] == 2


def test_a_policy_whose_path_cannot_be_written_down_is_not_sent_as_another():
    policy = lb.Policy(dirs={"/d": lb.ReadOnly("\udcff")})
    with pytest.raises(lb.UnsupportedError, match="not UTF-8"):
        pickle.dumps(policy)
    assert copy.deepcopy(policy) == policy


@pytest.mark.parametrize("thing", ["instance", "memory", "store", "func"])
def test_what_lives_in_a_store_stays_there(thing):
    guest = lb.load(CALC).instantiate()
    found = {"instance": guest, "memory": guest.exports.memory, "store": guest.store, "func": guest.exports.add}
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot pickle"):
            way(found[thing])


def test_a_damaged_value_is_an_error():
    sent = pickle.dumps(lb.Limits(fuel=5), 0).replace(b"limits", b"nothing")
    with pytest.raises(lb.TypeMismatch, match="knows no"):
        pickle.loads(sent)
