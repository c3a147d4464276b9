"""Intervals and significance: against theory, exact enumeration and scipy."""

from itertools import product

import numpy as np
import pytest
import scipy.stats

from xmr_core.metrics import compare, intervals


def test_the_interval_of_a_mean_is_as_wide_as_theory_says():
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = intervals.mean(values, draws=4000)
    error = values.std() / np.sqrt(400)
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.08)


def test_scipy_draws_the_same_interval_of_a_median():
    values = np.random.default_rng(1).integers(1, 200, 301)
    found = intervals.median(values, draws=4000)
    theirs = scipy.stats.bootstrap(
        (values,), np.median, n_resamples=4000, method="percentile", rng=0
    ).confidence_interval
    assert found.value == np.median(values)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=6)


def test_medians_of_even_numbers_are_halfway():
    assert intervals.median(np.array([1, 2, 3, 10])).value == 2.5
    ranked = np.array([[1.0, 1.0, 0.0, 2.0], [2.0, 0.0, 1.0, 1.0]])  # weights of two draws
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "weights", lambda *_: iter([ranked]))
        found = intervals.median(np.array([1, 2, 3, 10]))
    # Drawn 1 2 10 10 and 1 1 3 10: medians 6 and 2
    assert (found.low, found.high) == pytest.approx((2.1, 5.9))


def test_captions_of_one_picture_are_no_independent_queries():
    rng = np.random.default_rng(2)
    values, groups = np.repeat(rng.normal(size=60), 5), np.repeat(np.arange(60), 5)
    alone, together = intervals.mean(values), intervals.mean(values, groups)
    assert together.high - together.low == pytest.approx(
        np.sqrt(5) * (alone.high - alone.low), rel=0.15
    )


def test_groups_of_unequal_size_weigh_by_their_queries():
    values, groups = np.array([1.0, 1.0, 1.0, 0.0]), np.array([7, 7, 7, 8])
    found = intervals.mean(values, groups)
    assert (found.value, found.low, found.high) == (0.75, 0.0, 1.0)
    drawn = np.unique(intervals.means(values[:, None], groups, 200)[:, 0])
    assert drawn.tolist() == [0.0, 0.75, 1.0]


def test_draws_are_the_same_however_many_are_held(monkeypatch):
    values = np.random.default_rng(3).random(50)
    whole = intervals.means(values[:, None], np.arange(50), 30, 4)
    monkeypatch.setattr(intervals, "_CELLS", 100)
    np.testing.assert_allclose(intervals.means(values[:, None], np.arange(50), 30, 4), whole)


def test_significance_equals_exact_enumeration():
    rng = np.random.default_rng(4)
    one = rng.random(10)
    other = one - rng.normal(0.1, 0.2, 10)
    apart = one - other
    sums = [abs(np.dot(signs, apart)) for signs in product((-1, 1), repeat=10)]
    exact = np.mean(np.array(sums) >= abs(apart.sum()) - 1e-12)
    assert compare(one, other, draws=20_000).p == pytest.approx(exact, abs=0.01)


def test_scipy_finds_the_same_significance():
    rng = np.random.default_rng(5)
    one, other = rng.normal(0.1, 1, 200), rng.normal(0, 1, 200)
    theirs = scipy.stats.permutation_test(
        (one, other), lambda a, b: (a - b).mean(), permutation_type="samples",
        n_resamples=4000, rng=0, vectorized=False,
    ).pvalue  # fmt: skip
    assert compare(one, other, draws=4000).p == pytest.approx(theirs, abs=0.03)


def test_the_same_results_do_not_differ():
    values = np.random.default_rng(6).random(30)
    found = compare(values, values)
    assert found.p == 1 and (found.value.value, found.value.low, found.value.high) == (0, 0, 0)


def test_chance_is_significant_as_often_as_it_says():
    rng = np.random.default_rng(7)
    p = [compare(*rng.random((2, 40)), draws=199, seed=i).p for i in range(300)]
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=0.05)


def test_a_group_changes_sides_as_one():
    """Sixty captions of six pictures say no more than six pictures."""
    rng = np.random.default_rng(8)
    one, groups = np.repeat(rng.normal(0.5, 1, 6), 10), np.repeat(np.arange(6), 10)
    alone, together = compare(one, 0 * one), compare(one, 0 * one, groups)
    assert together.p > 0.03 and alone.p < together.p


def test_several_measures_are_drawn_together_as_each_alone():
    rng = np.random.default_rng(9)
    columns = {"a": rng.random(40), "b": rng.random(40)}
    groups = rng.integers(0, 12, 40)
    made = intervals.each_mean(columns, groups, 100, 3)
    for name, column in columns.items():
        alone = intervals.mean(column, groups, 100, 3)
        assert made[name].value == alone.value
        assert (made[name].low, made[name].high) == pytest.approx((alone.low, alone.high))


def test_drawn_means_are_those_of_the_drawn_queries():
    rng = np.random.default_rng(10)
    values, groups = rng.random((30, 2)), rng.integers(0, 9, 30)
    (drawn,) = intervals.weights(groups, 20, 5)
    expected = [[np.average(column, weights=w) for column in values.T] for w in drawn]
    np.testing.assert_allclose(intervals.means(values, groups, 20, 5), expected)
