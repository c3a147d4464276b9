from dataclasses import fields, replace

import pytest

from xmr_core.filters import Filters
from xmr_core.media import Modality

VALUES = {
    "modalities": frozenset({Modality.IMAGE}),
    "folder": "birds",
    "after": 1.0,
    "before": 2.0,
    "min_bytes": 0,
    "max_bytes": 9,
    "min_seconds": 0.0,
    "max_seconds": 5.0,
    "text": "owl",
    "collection": "birds",
    "outside": frozenset({"seen"}),
    "tags": frozenset({"red"}),
}


def test_the_default_leaves_nothing_out():
    assert not Filters()


@pytest.mark.parametrize("name", [field.name for field in fields(Filters)])
def test_every_condition_counts(name):
    assert Filters(**{name: VALUES[name]})
    assert replace(Filters(), **{name: VALUES[name]}) != Filters()


def test_equal_conditions_are_equal():
    assert Filters(**VALUES) == Filters(**VALUES)
    assert len({Filters(**VALUES), Filters(**VALUES)}) == 1
