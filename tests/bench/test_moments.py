"""Sounds of three pitches, joined: the order can be told without a mistake."""

import pytest

from tests import named
from tests.indexing.world import write_sound
from xmr_core import moments
from xmr_core.bench.moments import bench_moments
from xmr_core.bench.stock import Stock, Thing
from xmr_core.profiles import load_profile


@pytest.fixture
def measured(tmp_path):
    def measure():
        colours = ("red", "green", "blue")
        sounds = [
            Thing(write_sound(tmp_path / f"{name}.wav", name, 2.0), (name,), name)
            for name in colours
        ]
        with named.registered():
            space = load_profile("colours")
            found = list(bench_moments(Stock({"sounds": sounds}), space))
        return {figure.name.partition(", ")[0]: figure.value for figure in found}

    return measure


def test_what_can_be_told_is_told(measured):
    found = measured()
    assert found["one sound after another"] == 100
    assert found["two sounds by their names in order"] == 1
    assert found["two sounds by their names in no order"] < 1


def test_where_the_order_is_lost_it_shows(measured, monkeypatch):
    real = moments.in_order
    monkeypatch.setattr(moments, "in_order", lambda values, boxes: real(values[::-1], boxes))
    assert measured()["one sound after another"] < 50
