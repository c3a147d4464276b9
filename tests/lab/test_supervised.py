"""What holds for all methods that learn from classes, and what each adds to its formula."""

import numpy as np
import pytest

from tests.lab.planted import CLASSES, IMAGE, TEXT, planted
from xmr_core.lab import method, supervised
from xmr_core.lab.supervised.classes import indicators, shares


def precision(space, things, source, target) -> float:
    """Of the ten nearest, how many share a class, f64."""
    found = space.embed(source, things.views[source], "query") @ (
        space.embed(target, things.views[target], "gallery").T
    )
    order = np.argsort(-found, axis=1, kind="stable")[:, :10]
    same = things.labels[:, None] == things.labels
    return float(np.take_along_axis(same, order, axis=1).mean())


@pytest.mark.parametrize("name", supervised.METHODS)
def test_pairs_of_several_classes_are_learned_from(name: str):
    """Each class and a second one that every other pair has: what was planted is still found."""
    train, fresh = planted(), planted(120, draw=1)
    table = np.zeros((240, CLASSES + 2), bool)
    table[np.arange(240), train.labels] = True
    table[::2, CLASSES] = True
    table[5] = False  # one pair of no class at all
    space = method(name).fit(train.views, table)
    for source, target in ((IMAGE, TEXT), (TEXT, IMAGE)):
        assert precision(space, fresh, source, target) > 2 / CLASSES, (source, target)


@pytest.mark.parametrize("name", supervised.METHODS)
def test_two_classes_given_as_one_column_are_learned(name: str):
    train, fresh = planted(), planted(120, draw=1)
    space = method(name).fit(train.views, (train.labels < 2)[:, None])
    found = space.embed(IMAGE, fresh.views[IMAGE], "query") @ (
        space.embed(TEXT, fresh.views[TEXT], "gallery").T
    )
    same = (fresh.labels < 2)[:, None] == (fresh.labels < 2)
    order = np.argsort(-found, axis=1, kind="stable")[:, :10]
    assert np.take_along_axis(same, order, axis=1).mean() > 0.7


@pytest.mark.parametrize("name", supervised.METHODS)
def test_numbers_of_classes_may_have_gaps(name: str):
    """A class 10⁹ costs no more than a class 3."""
    train, fresh = planted(), planted(120, draw=1)
    space = method(name).fit(train.views, train.labels * 250_000_000 + 7)
    assert precision(space, fresh, IMAGE, TEXT) > 2 / CLASSES


@pytest.mark.parametrize("name", supervised.METHODS)
def test_a_feature_that_never_varies_does_no_harm(name: str):
    train = planted()
    views = {
        m: np.hstack([view, np.full((240, 1), 3, np.float32)]) for m, view in train.views.items()
    }
    space = method(name).fit(views, train.labels)
    assert np.isfinite(space.embed(IMAGE, views[IMAGE])).all()


def test_shares_of_a_pair_sum_to_one():
    rng = np.random.default_rng(0)
    table = rng.random((50, 6)) < 0.4
    assert set(shares(table).sum(axis=1).round(6)) <= {0.0, 1.0}
    np.testing.assert_array_equal(indicators(table), table)
