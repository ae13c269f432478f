"""Memory as a sequence, as a buffer, and by read and write."""

import array
import gc

import landbridge as lb
import numpy
import pytest
from guests import CALC




@pytest.fixture
def memory():
    return lb.load(CALC).instantiate().exports.memory


def test_slices_and_indices(memory):
    memory[0:5] = b"hello"
    assert memory[0:5] == b"hello" and memory[:3] == b"hel" and memory[0] == ord("h")
    assert memory[0:5:2] == b"hlo" and memory[4::-1] == b"olleh"
    memory[65535] = 9
    assert memory[65535] == memory[65535:][0] == 9
    memory[0:6:2] = b"XYZ"
    assert memory[0:5] == b"XeYlZ"
    assert len(memory) == memory.size_bytes == 65536 and memory.size_pages == 1
    assert memory[65530:70000] == bytes(5) + b"\x09"


@pytest.mark.parametrize("index", [65536, -65537, 2**63, 2**70])
def test_an_index_outside_is_an_error(memory, index):
    with pytest.raises(IndexError):
        memory[index]
    with pytest.raises(IndexError):
        memory[index] = 1


@pytest.mark.parametrize("p", [-1, -5, -70000, -(2**31), -(2**70)])
def test_a_pointer_that_came_out_signed_is_an_error_that_says_so(memory, p):
    for use in (
        lambda: memory[p],
        lambda: memory[p : p + 5],
        lambda: memory[p : p + 5 : 2],
        lambda: memory[:p],
        lambda: memory.read(p, 5),
        lambda: memory.write(p, b"x"),
        lambda: memory.__setitem__(p, 1),
        lambda: memory.__setitem__(slice(p, p + 1), b"x"),
    ):
        with pytest.raises(IndexError, match="is negative: .* & 0xFFFFFFFF") as caught:
            use()
        assert isinstance(caught.value, lb.OutOfBoundsError)
    assert memory[:] == bytes(65536)


def test_misuse_of_keys_and_values(memory):
    with pytest.raises(TypeError):
        memory["a"]
    with pytest.raises(TypeError):
        memory[0] = "a"
    with pytest.raises(ValueError):
        memory[0] = 256
    with pytest.raises(ValueError, match="5 bytes cannot replace 4"):
        memory[0:4] = b"hello"
    with pytest.raises(TypeError):
        memory[0:4] = 3
    with pytest.raises(TypeError):
        del memory[0]


def test_read_and_write_refuse_what_is_outside(memory):
    memory.write(10, bytearray(b"abc"))
    memory.write(13, memoryview(b"def"))
    memory.write(16, numpy.frombuffer(b"ghi", numpy.uint8))
    memory.write(20, array.array("i", [1]))
    assert memory.read(10, 14) == b"abcdefghi\0\x01\0\0\0"
    for offset, length in ((65536, 1), (-1, 1), (0, 65537), (0, 2**62), (2**63, 1), (2**70, 1)):
        with pytest.raises(lb.OutOfBoundsError):
            memory.read(offset, length)
    with pytest.raises(lb.OutOfBoundsError):
        memory.write(65535, b"ab")
    assert memory[65535] == 0
    with pytest.raises(TypeError):
        memory.write(0, "text")
    with pytest.raises(TypeError):
        memory.read("0", 1)


def test_a_view_is_in_place_and_writable(memory):
    view = memoryview(memory)
    assert (view.format, view.readonly, view.nbytes) == ("B", False, 65536)
    view[0:3] = b"abc"
    assert memory[0:3] == b"abc"
    numbers = numpy.frombuffer(memory, numpy.uint32)
    numbers[1] = 0x01020304
    assert memory[4:8] == b"\4\3\2\1"


def test_a_view_keeps_its_length_when_the_memory_grows(memory):
    view = memoryview(memory)
    assert memory.grow(1) == 1
    view[65535] = 5
    assert (len(view), len(memory), memory[65535]) == (65536, 131072, 5)
    assert len(memoryview(memory)) == 131072


def test_a_view_outlives_closing_and_its_instance():
    instance = lb.load(CALC).instantiate()
    memory = instance.exports.memory
    view = memoryview(memory)
    view[0] = 1
    instance.close()
    with pytest.raises(lb.ClosedError):
        memory[0]
    with pytest.raises(ValueError):
        memoryview(memory)
    del instance, memory
    gc.collect()
    view[1] = 2
    assert bytes(view[:2]) == b"\1\2"
    view.release()


def test_growing_too_far(memory):
    for pages in (4, 2**40, -1):
        with pytest.raises(MemoryError) as caught:
            memory.grow(pages)
        assert caught.value.kind == "memory_limit"


def test_memories_of_the_host():
    with lb.Store() as store:
        memory = lb.Memory(store, 1, 2)
        assert str(memory.type) == "memory 1 2" and memory.store is store
        for sizes in ((2, 1), (-1,), (2**40,)):
            with pytest.raises(lb.LimitError):
                lb.Memory(store, *sizes)


def test_one_memory_is_equal_to_itself():
    instance = lb.load(CALC).instantiate()
    assert instance.exports.memory == instance.memory("memory")
    assert instance.exports.memory != lb.load(CALC).instantiate().exports.memory
    assert instance.exports.memory != 3
