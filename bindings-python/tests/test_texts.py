"""Texts for reading are short, whatever a guest is named. What is asked for as data is whole."""

import landbridge as lb
import pytest

LONG = "x" * 90_000
EVIL = r"\1b]0;owned\07\c2\9b2J\0a\e2\80\ae"


def module(name):
    params = "i32 " * 1000
    return (
        f'(module (@name "{name}") (type (struct {"(field i32)" * 10_000}))'
        f'(import "{name}" "{name}" (func)) (memory (export "m{name}") 1)'
        f'(func (export "{name}") (param {params})) (func (export "make") (result anyref) (struct.new_default 0))'
        f'(@producers (language "{name}" "{name}")) (@custom "{name}" "{LONG}"))'
    )


@pytest.mark.parametrize("name", [LONG, EVIL])
def test_texts_for_reading_are_short(name):
    text = module(name)
    loaded, found = lb.load(text), lb.inspect(text)
    real = found.name
    instance = loaded.instantiate({real: {real: lambda: None}})
    with lb.Pool(loaded, imports={real: {real: lambda: None}}) as pool:
        things = [pool, loaded, instance, instance.exports, instance.exports[real], found, instance.exports.make()]
        things += [*found.imports, *found.exports, *found.producers, *found.custom_sections]
        things += [instance.exports[real].type, instance.exports.make().type]
        for thing in things:
            for told in (repr(thing), str(thing)):
                assert len(told) < 10_000, told[:100]
                assert told.isprintable(), told[:1000]
        assert len(instance.exports[real].__doc__) < 2_000
    assert found.imports[0].name == found.exports[1].name == instance.exports[real].__name__ == real
    assert LONG.encode() in [section.bytes for section in found.custom_sections]


def test_an_error_of_a_list_is_short():
    many = "".join(f'(import "{LONG}" "{i}" (func))' for i in range(100))
    with pytest.raises(lb.LinkError, match="100 imports are missing") as caught:
        lb.load(f"(module {many})").instantiate()
    assert len(str(caught.value)) < 9_000
