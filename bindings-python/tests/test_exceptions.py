"""Tags, and exceptions of WebAssembly that guests and Python throw to each other."""

import copy
import gc
import pickle
import struct
import threading
import traceback
import weakref

import landbridge as lb
import pytest
from guests import HOST, THROWER

MODULE = lb.load(THROWER)


class Thing:
    pass


def thrower(f=lambda n: None, store=None):
    return MODULE.instantiate({"env": {"f": f}}, store=store).exports


def raised(call, *args):
    """What a call raises."""
    with pytest.raises(BaseException) as caught:
        call(*args)
    return caught.value


def test_what_a_guest_throws():
    guest = thrower()
    error = raised(guest.throw, 5, -6)
    assert isinstance(error, lb.TaggedException) and isinstance(error, lb.WasmError)
    assert (error.kind, error.code, error.tag, error.payload) == ("exception", None, guest.number, (5, -6))
    assert [frame.func_name for frame in error.frames] == ["throw"]
    assert str(error) == error.message == "an exception of a tag (i32, i64) was not caught"
    assert "thrower!throw" in "".join(traceback.format_exception(error))
    assert raised(guest.throw, 5, -6) != error
    assert guest.catch(1) == (0, 0)


def test_what_python_throws_is_caught_by_its_tag():
    def f(n):
        raise lb.TaggedException(guest.number, n, 2**64 - 1)

    guest = thrower(f)
    assert guest.catch(2**32 - 1) == (-1, -1)


def test_what_python_throws_and_no_guest_catches_is_that_very_object():
    class Refused(lb.TaggedException):
        def __init__(self, reason):
            super().__init__(guest.number, len(reason), 0)
            self.reason = reason

    def f(n):
        try:
            raise KeyError(n)
        except KeyError as cause:
            errors.append(Refused("because"))
            raise errors[-1] from cause

    errors = []
    guest = thrower(f)
    error = raised(guest.through, 1)
    assert error is errors[0] and error.reason == "because" and error.payload == (7, 0)
    assert isinstance(error.__cause__, KeyError)
    assert [frame.func_name for frame in error.frames] == ["through"]
    assert raised(guest.again, 1) is errors[1]
    assert guest.catch(1) == (7, 0)


def test_it_passes_nested_calls_as_itself():
    errors = []

    def outer(n):
        return inner.through(n)

    def innermost(n):
        errors.append(lb.TaggedException(inner.number, n, 0))
        raise errors[-1]

    with lb.Store() as store:
        inner = thrower(innermost, store)
        guest = thrower(outer, store)
        error = raised(guest.through, 3)
        assert error is errors[0]
        assert [frame.func_name for frame in error.frames] == ["through", "through"]
        assert len(error.__notes__) == 1
        # The outer guest has a tag of its own.
        assert guest.number != inner.number and raised(guest.catch, 3) is errors[1]


def test_it_passes_other_stores_as_itself():
    errors = []

    def f(n):
        errors.append(lb.TaggedException(inner.number, n, 0))
        raise errors[-1]

    inner = thrower(f)
    host = lb.load(HOST).instantiate({"env": {"f": lambda n: inner.through(n)}})
    assert raised(host.exports.inner, 1) is errors[0]
    outer = thrower(lambda n: host.exports.inner(n))
    assert raised(outer.caught, 1) is errors[1]
    assert [frame.func_name for frame in errors[1].frames] == ["through", "inner", None]


def test_an_exnref_is_an_exception():
    def f(n):
        raise lb.TaggedException(guest.number, n, 8)

    guest = thrower(f)
    error = guest.caught(7)
    assert isinstance(error, lb.TaggedException) and error.payload == (7, 8)
    again = guest.same(error)
    assert again is not error and again == error and hash(again) == hash(error)
    assert error != guest.caught(7) and error != 7
    assert guest.same(None) is None
    assert raised(guest.throw_ref, error) == error
    nested = raised(guest.throw_nested, error)
    assert nested.tag == guest.nested and nested.payload == (error,)
    assert raised(guest.throw_nested, nested).payload[0].payload == (error,)


@pytest.mark.parametrize("wrong", [3, "error", ValueError(), Thing(), lb.TaggedException])
def test_what_is_no_exception(wrong):
    with pytest.raises(lb.TypeMismatch, match="argument 1 of same: expected exnref, got"):
        thrower().same(wrong)


def test_an_exception_can_be_thrown_again():
    guest = thrower(lambda n: raiser(error))

    def raiser(error):
        raise error

    error = raised(guest.throw, 3, 4)
    assert guest.catch(1) == (3, 4)
    assert raised(guest.through, 1) is error
    assert [frame.func_name for frame in error.frames] == ["throw", "through"]


def test_what_it_carries_comes_back_as_itself():
    thing, guest = Thing(), thrower()
    for value in (thing, None, guest.same, ValueError()):
        assert raised(guest.throw_object, value).payload[0] is value
    assert lb.TaggedException(guest.object, thing).payload == (thing,)


def test_what_it_carries_is_what_a_guest_sees():
    store = lb.Store()
    tag = lb.Tag(store, ["i32", "f32", "v128", "f64", "anyref"])
    nan = struct.unpack("<d", struct.pack("<Q", 0x7FF0000020000000))[0]
    error = lb.TaggedException(tag, 2**32 - 1, 0.1, 1, nan, 5)
    assert error.payload[:2] == (-1, struct.unpack("f", struct.pack("f", 0.1))[0])
    assert error.payload[2] == b"\1" + bytes(15) and error.payload[4] == 5
    assert struct.pack("<d", error.payload[3]) == struct.pack("<d", nan)


def test_it_outlives_its_store():
    thing = Thing()

    def f(n):
        raise lb.TaggedException(guest.object, thing)

    with lb.Store() as store:
        guest = thrower(f, store)
        error, same = raised(guest.throw_object, thing), guest.same
        made = lb.TaggedException(guest.number, 1, 2)
        read, unread = guest.caught(1), guest.caught(1)
        assert read.payload == (thing,)
    assert error.payload == read.payload == (thing,) and made.payload == (1, 2)
    assert error.tag == read.tag and hash(error.tag) == hash(error)
    assert error == error and error != read
    for ask in (lambda: unread.payload, lambda: same(read), lambda: lb.TaggedException(made.tag, 1, 2)):
        with pytest.raises(lb.ClosedError):
            ask()


def test_a_payload_that_does_not_fit():
    tag = lb.Tag(lb.Store(), ["i32", "structref"])
    with pytest.raises(lb.TypeMismatch, match=r"payload of an exception: expected 2 \(i32, structref\), got 1"):
        lb.TaggedException(tag, 1)
    with pytest.raises(lb.TypeMismatch, match="value 1 of an exception: expected i32, got str"):
        lb.TaggedException(tag, "1", None)
    with pytest.raises(lb.RangeError, match="value 1 of an exception"):
        lb.TaggedException(tag, 2**32, None)
    with pytest.raises(lb.TypeMismatch, match="value 2 of an exception: expected structref"):
        lb.TaggedException(tag, 1, Thing())
    for wrong in (None, "tag", ["i32"]):
        with pytest.raises(TypeError):
            lb.TaggedException(wrong, 1)


def test_a_payload_may_be_large():
    store = lb.Store()
    tag = lb.Tag(store, ["i32"] * 1000)
    assert lb.TaggedException(tag, *range(1000)).payload == tuple(range(1000))
    with pytest.raises(lb.LimitError):
        lb.Tag(store, ["i32"] * 1001)


def test_a_tag_is_made_and_lent():
    text = """(module (import "env" "tag" (tag $tag (param i32)))
      (func (export "throw") (param i32) (throw $tag (local.get 0))))"""
    with lb.Store() as store:
        tag = lb.Tag(store, ["i32"])
        assert (str(tag.type), tag.type.params, tag.store, repr(tag)) == ("tag (i32)", ("i32",), store, "<Tag (i32)>")
        assert tag == tag != lb.Tag(store, ["i32"]) and tag != 3
        guest = store.instantiate(lb.load(text), {"env": {"tag": tag}}).exports
        assert raised(guest.throw, 3).tag == tag
        assert len({tag, raised(guest.throw, 3).tag}) == 1
        with pytest.raises(lb.LinkError, match="incompatible tag types"):
            store.instantiate(lb.load(text), {"env": {"tag": lb.Tag(store)}})
        with pytest.raises(lb.WrongStoreError):
            lb.load(text).instantiate({"env": {"tag": tag}})
    for wrong in ("i32", ["i3"], [1]):
        with pytest.raises(TypeError):
            lb.Tag(lb.Store(), wrong)
    with pytest.raises(lb.ClosedError):
        lb.Tag(store)


def test_tags_are_exports():
    instance = MODULE.instantiate({"env": {"f": lambda n: None}})
    assert instance.tag("number") == instance.exports.number == instance.exports["number"]
    assert "number" in instance.exports and list(instance.exports)[:3] == ["number", "object", "nested"]
    with pytest.raises(lb.NotFoundError, match='the export "throw" is a func, not a tag'):
        instance.tag("throw")


def test_a_subclass_that_was_not_made_is_an_ordinary_exception():
    class Careless(lb.TaggedException):
        def __init__(self):
            pass

    def f(n):
        raise error

    error = Careless()
    assert raised(thrower(f).caught, 1) is error


def test_a_start_function_may_throw():
    text = '(module (import "env" "f" (func $f)) (tag $t (export "t")) (func $s (throw $t)) (start $s))'
    error = raised(lb.load(text).instantiate, {"env": {"f": lambda: None}})
    assert isinstance(error, lb.TaggedException) and error.payload == ()


def test_it_leaves_its_tag_behind():
    error = raised(thrower().throw, 1, 2)
    received = pickle.loads(pickle.dumps(error))
    assert received.tag is None and received.payload == error.payload == (1, 2)
    assert received.frames == error.frames != () and str(received) == str(error)
    assert received != error and received == received and hash(received)
    assert copy.copy(error) == copy.deepcopy(error) == error
    assert copy.copy(error).payload == (1, 2) and copy.copy(error).tag == error.tag


def test_what_came_by_pickle_passes_a_guest_as_any_exception_does():
    received = pickle.loads(pickle.dumps(raised(thrower().throw, 1, 2)))

    def f(n):
        raise received

    assert raised(thrower(f).caught, 1) is received


def test_it_is_let_go():
    def circle():
        guest = thrower(lambda n: None)
        thing = Thing()
        thing.error = raised(guest.throw_object, thing)
        thing.error.__traceback__ = None
        return weakref.ref(thing)

    def passing(guest, store):
        thing = Thing()
        raised(guest.throw_object, thing)
        return weakref.ref(thing)

    seen = [circle() for _ in range(20)]
    with lb.Store() as store:
        guest = thrower(store=store)
        seen.append(passing(guest, store))
        gc.collect()
        store.gc()
        assert [ref() for ref in seen] == [None] * 21


def test_many_threads_each_catch_their_own():
    guest, wrong = thrower(), []

    def work(mark):
        for n in range(500):
            error = raised(guest.throw, mark, n)
            if error.payload != (mark, n):
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_message_may_be_anything() -> None:
    assert str(lb.HostError(7)) == "7"  # type: ignore[arg-type]
