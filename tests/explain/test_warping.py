import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xmr_core.explain.warping import canonical_warp, cosine_distances, warp

RNG = np.random.default_rng


def every_path(n, m):
    """All paths from corner to corner, as lists of cells."""

    def onwards(path):
        i, j = path[-1]
        if (i, j) == (n - 1, m - 1):
            yield path
            return
        for di, dj in ((1, 0), (0, 1), (1, 1)):
            if i + di < n and j + dj < m:
                yield from onwards([*path, (i + di, j + dj)])

    yield from onwards([(0, 0)])


def weighted(path, table):
    """The sum of a path: 2 for the first cell and after a diagonal step, 1 after a straight one."""
    steps = [2, *((i - k) + (j - h) for (k, h), (i, j) in itertools.pairwise(path))]
    return sum(w * table[i][j] for w, (i, j) in zip(steps, path, strict=True))


def gaps(first, second):
    return np.abs(np.subtract.outer(np.asarray(first, float), np.asarray(second, float)))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10_000))
def test_no_path_of_all_there_are_costs_less(n, m, seed):
    table = RNG(seed).uniform(0, 3, (n, m))
    got = warp(table)
    least = min(weighted(path, table) for path in every_path(n, m))
    assert got.cost * (n + m) == pytest.approx(least)
    assert weighted([tuple(p) for p in got.pairs.tolist()], table) == pytest.approx(least)


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(2, 6), st.integers(1, 3), st.integers(0, 10_000))
def test_in_a_band_no_path_that_keeps_to_it_costs_less(n, m, band, seed):
    table = RNG(seed).uniform(0, 3, (n, m))

    def keeps(path):
        return all(
            abs(j - i * (m - 1) / (n - 1)) <= band or abs(i - j * (n - 1) / (m - 1)) <= band
            for i, j in path
        )

    got = warp(table, band)
    least = min(weighted(path, table) for path in every_path(n, m) if keeps(path))
    assert keeps(got.pairs.tolist())
    assert got.cost * (n + m) == pytest.approx(least)


def test_paths_go_from_corner_to_corner_by_single_steps():
    for seed in range(20):
        n, m = RNG(seed).integers(1, 40, 2)
        pairs = warp(RNG(seed).uniform(size=(n, m))).pairs
        assert pairs[0].tolist() == [0, 0]
        assert pairs[-1].tolist() == [n - 1, m - 1]
        steps = np.diff(pairs, axis=0)
        assert ((steps >= 0) & (steps <= 1)).all()
        assert (steps.sum(axis=1) >= 1).all()


def test_a_sequence_told_slower_costs_nothing():
    """The textbook case: each value is held as long as the other sequence dwells on it."""
    quick, slow = [1, 2, 3, 2, 0], [1, 1, 2, 2, 2, 3, 2, 0, 0]
    got = warp(gaps(quick, slow))
    assert got.cost == 0
    assert [i for i, _ in got.pairs.tolist()] == [0, 0, 1, 1, 1, 2, 3, 4, 4]
    assert [j for _, j in got.pairs.tolist()] == list(range(9))


def test_a_small_table_worked_out_by_hand():
    """4 goes with 3 after a straight step (1), the 8s with 9 after a diagonal and a straight one
    (2 and 1): 4 in all. 4 with an 8 would cost as much at once, and 2 more for what follows."""
    got = warp(gaps([1, 3, 4, 9], [1, 3, 8, 8, 9]))
    assert got.cost * 9 == pytest.approx(4)
    assert got.pairs.tolist() == [[0, 0], [1, 1], [2, 1], [3, 2], [3, 3], [3, 4]]


def test_costs_are_those_of_librosa():
    import librosa

    for seed in range(5):
        table = RNG(seed).uniform(0.1, 1, (12, 17))
        sums, path = librosa.sequence.dtw(
            C=table, step_sizes_sigma=np.array([[1, 1], [1, 0], [0, 1]]), weights_mul=[2, 1, 1]
        )
        got = warp(table)
        # librosa counts the first cell once
        assert got.cost * 29 == pytest.approx(sums[-1, -1] + table[0, 0])
        assert got.pairs.tolist() == path[::-1].tolist()


def test_exchanging_the_sequences_exchanges_the_path():
    table = RNG(3).uniform(size=(9, 14))
    one, other = warp(table), warp(table.T)
    assert one.cost == pytest.approx(other.cost)
    assert one.pairs.tolist() == other.pairs[:, ::-1].tolist()


def test_of_equal_paths_the_diagonal_one_is_taken():
    assert warp(np.zeros((4, 4))).pairs.tolist() == [[i, i] for i in range(4)]


@pytest.mark.parametrize(
    "table", [[], [1, 2], [[]], [[np.nan]], [[np.inf, 1]]], ids=["none", "row", "empty", "nan", "∞"]
)
def test_what_is_no_table_is_refused(table):
    with pytest.raises(ValueError, match="finite"):
        warp(table)


def test_long_sequences_take_a_moment():
    pairs = warp(RNG(0).uniform(size=(512, 512))).pairs
    assert 512 <= len(pairs) < 1024


def test_distances_of_joint_vectors_are_small_where_they_are_alike():
    rows = np.eye(3, dtype=np.float32)
    got = warp(cosine_distances(rows, rows[[0, 0, 1, 2, 2]]))
    assert got.cost == 0
    assert got.pairs.tolist() == [[0, 0], [0, 1], [1, 2], [2, 3], [2, 4]]


def planted(seed, noise=0.02):
    """One walk in two dimensions, seen twice: other features, another pace, and noise.

    Returns both sequences and, for each moment of either, where on the walk it is.
    """
    rng = RNG(seed)
    s = np.linspace(0, 1, 60)
    t = np.linspace(0, 1, 80) ** 2.2  # lingers at first, then hurries

    def walk(at):
        return np.stack([np.sin(5 * at) + at, np.cos(9 * at) - 2 * at], axis=1)

    first = walk(s) @ rng.normal(size=(2, 7)) + noise * rng.normal(size=(60, 7))
    second = walk(t) @ rng.normal(size=(2, 5)) + noise * rng.normal(size=(80, 5))
    return first.astype(np.float32), second.astype(np.float32), s, t


@pytest.mark.parametrize("seed", range(4))
def test_canonical_warping_finds_the_pace_between_different_features(seed):
    first, second, s, t = planted(seed)
    got = canonical_warp(first, second, components=2)
    i, j = got.warp.pairs.T
    off = np.abs(s[i] - t[j]).mean()
    k = np.arange(80)
    straight = np.abs(s[k * 60 // 80] - t).mean()
    assert straight > 0.15
    assert off < 0.05
    assert (got.correlations > 0.9).all()
    assert got.first.shape == (60, 2)
    assert got.second.shape == (80, 2)


def test_canonical_projections_of_what_the_path_joins_are_near():
    first, second, _, _ = planted(1)
    got = canonical_warp(first, second)
    i, j = got.warp.pairs.T
    joined = np.square(got.first[i] - got.second[j]).sum(axis=1).mean()
    strangers = np.square(got.first[i] - got.second[j[::-1]]).sum(axis=1).mean()
    assert joined < 0.2 * strangers


def test_canonical_warping_does_not_mind_turns_and_shifts_of_a_sequence():
    first, second, _, _ = planted(2)
    turn = np.linalg.qr(RNG(0).normal(size=(7, 7)))[0]
    plain, turned = (
        canonical_warp(first, second),
        canonical_warp((first @ turn + 3).astype(np.float32), second),
    )
    assert plain.warp.pairs.tolist() == turned.warp.pairs.tolist()
    assert plain.warp.cost == pytest.approx(turned.warp.cost, rel=1e-3)


def test_canonical_warping_takes_many_features_of_few_moments():
    rng = RNG(0)
    got = canonical_warp(
        rng.normal(size=(5, 300)).astype(np.float32), rng.normal(size=(4, 200)).astype(np.float32)
    )
    assert np.isfinite(got.first).all()
    assert got.warp.pairs[-1].tolist() == [4, 3]


@pytest.mark.parametrize("rows", [np.zeros((0, 3)), np.ones((1, 3)), np.ones((6, 3))])
def test_sequences_without_change_cannot_be_warped_canonically(rows):
    good = RNG(0).normal(size=(5, 3)).astype(np.float32)
    with pytest.raises(ValueError, match="second"):
        canonical_warp(good, rows.astype(np.float32))
