"""The simulated user of the benchmark of feedback, on planted classes."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.bench.feedback import BEST, Gallery
from xmr_core.bench.feedback_stock import classes
from xmr_core.space import unit


@pytest.fixture
def planted():
    """Two hundred items of four classes, each about its own direction."""
    rng = np.random.default_rng(3)
    middles = unit(rng.normal(size=(4, 16)).astype(np.float32))
    labels = np.arange(200) % 4
    rows = unit(middles[labels] + 0.45 * rng.normal(size=(200, 16)).astype(np.float32))
    none = np.zeros(200, np.float32)
    members = labels[:, None] == np.arange(4)
    return Gallery(rows, members, tuple("abcd"), {True: none, False: none})


def test_three_rounds_of_marks_find_more_of_a_planted_class(planted):
    gains = [planted.by_example(c) for c in range(4)]
    before, after = (np.mean([getattr(g, n) for g in gains]) for n in ("before", "after"))
    assert after > before + 0.5 * (1 - before)


def test_items_that_were_marked_or_ask_are_never_counted(planted):
    query = planted.rows[0]
    marked = planted._best(planted.rows @ query, [0], 15).tolist()
    assert 0 not in marked
    rest = planted._best(planted.rows @ query, [*marked, 0], BEST)
    assert not set(rest.tolist()) & {0, *marked} and len(rest) == BEST


def test_labels_without_meaning_bring_nothing(planted):
    rng = np.random.default_rng(0)
    shuffled = Gallery(
        planted.rows, rng.permutation(planted.members), planted.names, planted.biases
    )
    gains = [shuffled.by_example(c) for c in range(4)]
    assert abs(np.mean([g.after - g.before for g in gains])) < 0.1


@pytest.mark.slow
def test_without_data_the_demo_stands_in(tmp_path, cache, home):
    (only,) = classes(tmp_path / "nowhere", fake_space())
    assert only.title == "the demo's pictures"
    assert only.members.shape == (len(only.features), len(only.names))
    assert (only.members.sum(axis=0) >= 5).all() and only.names
