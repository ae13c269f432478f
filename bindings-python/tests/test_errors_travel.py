"""Errors are pickled and copied with all that they say."""

import copy
import copyreg
import pickle

import cloudpickle
import landbridge as lb
import pytest
import tblib.pickling_support
from guests import CALC
from landbridge import errors

OF_FILES = tuple(lb.IoError.__subclasses__())
ALL = [cls for cls in errors.CLASSES.values() if cls is not lb.TaggedException] + list(OF_FILES)

WAYS = {
    **{f"pickle {n}": lambda it, n=n: pickle.loads(pickle.dumps(it, n)) for n in range(6)},
    "cloudpickle": lambda it: pickle.loads(cloudpickle.dumps(it)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.fixture(params=[*WAYS, "tblib"])
def sent(request):
    """Sends an error in one of the ways. That of tblib is put into every class, so it is taken away again."""
    if request.param != "tblib":
        yield WAYS[request.param]
        return
    before = dict(copyreg.dispatch_table)
    tblib.pickling_support.install()
    yield WAYS["pickle 5"]
    copyreg.dispatch_table.clear()
    copyreg.dispatch_table.update(before)


def same(received, error):
    assert received is not error and type(received) is type(error)
    assert (str(received), received.args, received.kind) == (str(error), error.args, error.kind)
    for name in ("code", "frames", "message", "exit_code", "__notes__", "errno", "strerror", "filename", "mine"):
        assert getattr(received, name, None) == getattr(error, name, None), name
    return True


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_each_class(cls, sent):
    # One has a payload in place of all that.
    more = () if cls is lb.WitError else ("unreachable", [lb.Frame("m", 1, "f", 3)])
    error = cls("why", *more)
    error.add_note("a note")
    error.mine = [1]
    try:
        raise error
    except lb.WasmError:
        assert same(sent(error), error)


def test_the_payload_goes_along(sent):
    error = lb.WitError({"why": [1]})
    received = sent(error)
    assert same(received, error) and received.payload == {"why": [1]} and str(received) == "err({'why': [1]})"
    assert str(lb.WitError()) == "err" and lb.WitError().payload is None
    assert str(lb.WitError("x", "because")) == "because"


def test_what_a_guest_does(sent):
    with pytest.raises(lb.Trap) as caught:
        lb.load(CALC).instantiate().exports.div(1, 0)
    assert same(sent(caught.value), caught.value)
    assert sent(caught.value).frames[0].func_name == "div" and sent(caught.value).__notes__
    error = lb.Exit(exit_code=3)
    assert same(sent(error), error)


def test_what_the_operating_system_refused(sent):
    with pytest.raises(lb.IoError) as caught:
        lb.load("no such file.wasm")
    assert same(sent(caught.value), caught.value)
    assert sent(caught.value).filename == "no such file.wasm"


def test_a_subclass_that_is_made_in_a_way_of_its_own(sent):
    error = Own(1, 2)
    assert same(sent(error), error) and sent(error).sum == 3


class Own(lb.Trap):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")
        self.sum = a + b
