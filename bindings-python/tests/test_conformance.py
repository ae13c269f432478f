"""The behaviours that every host shares."""

import pytest
from conformance import Case, cases, skips

CASES, SKIPS = cases(), skips()


def test_the_corpus_is_there():
    assert len(CASES) >= 80
    assert set(SKIPS) <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_case(name, tmp_path):
    if name in SKIPS:
        pytest.skip(SKIPS[name])
    Case(tmp_path).run(CASES[name]["steps"])
