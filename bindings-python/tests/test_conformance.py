"""The behaviours that every host shares."""

import os

import pytest
from conformance import SIGNALS, Case, cases, skips

CASES, SKIPS = cases(), skips()


@pytest.mark.skipif("LANDBRIDGE_CASES" in os.environ, reason="one file is no corpus")
@pytest.mark.skipif("LANDBRIDGE_CASE" in os.environ, reason="one case is no corpus")
def test_the_corpus_is_there():
    assert len(CASES) >= 80
    assert set(SKIPS) <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_case(name, tmp_path):
    if name in SKIPS:
        pytest.skip(SKIPS[name])
    Case(tmp_path).run(CASES[name]["steps"])


@pytest.mark.skipif(not SIGNALS, reason="the cases above have none either")
@pytest.mark.parametrize("name", CASES)
def test_case_without_signal_handlers(name, tmp_path):
    if name in SKIPS:
        pytest.skip(SKIPS[name])
    Case(tmp_path, signals=False).run(CASES[name]["steps"])
