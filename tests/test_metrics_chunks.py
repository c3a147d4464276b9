"""Measures a chunk at a time: the same as from the whole matrix, in little memory."""

import numpy as np
import pytest

from xmr_core import metrics
from xmr_core.metrics import Match, first_ranks_of, ranks_of
from xmr_core.metrics.chunks import CELLS, STEP, chunks

SMALL = 200  # scores at a time


@pytest.fixture(params=["random", "negative", "tied"])
def vectors(request):
    """Unit rows (23, d) and (50, d), of three kinds."""
    rng = np.random.default_rng(1)
    queries, gallery = rng.normal(size=(23, 8)), rng.normal(size=(50, 8))
    if request.param == "negative":
        queries, gallery = np.abs(queries), -np.abs(gallery)
    if request.param == "tied":  # codes of 8 bits: nine distances in all
        queries, gallery = np.sign(queries), np.sign(gallery)
    return tuple(
        (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        for rows in (queries, gallery)
    )


def owners():
    rng = np.random.default_rng(2)
    return np.arange(23), rng.permutation(np.arange(50) % 23)


def exact(queries, gallery):
    return np.round(queries.astype(float) @ gallery.T.astype(float), 7)


@pytest.mark.parametrize("cells", [SMALL, CELLS])
def test_first_ranks_are_those_of_the_whole_matrix(vectors, cells):
    asked, kept = owners()
    expected = metrics.first_ranks(exact(*vectors), asked[:, None] == kept)
    assert first_ranks_of(*vectors, Match(asked, kept), cells).tolist() == expected.tolist()


@pytest.mark.parametrize("cells", [SMALL, CELLS])
def test_average_precision_is_that_of_the_whole_matrix(vectors, cells):
    asked, kept = (column % 3 for column in owners())
    expected = metrics.average_precision(exact(*vectors), asked[:, None] == kept)
    found = np.zeros(23)
    for chunk, ranks in ranks_of(*vectors, Match(asked, kept), cells):
        found[chunk] = ranks.average_precision()
    np.testing.assert_allclose(found, expected)


def test_both_ways_to_rank_agree(vectors):
    asked, kept = owners()
    first = first_ranks_of(*vectors, Match(asked, kept), SMALL)
    for chunk, ranks in ranks_of(*vectors, Match(asked, kept), SMALL):
        assert first[chunk].tolist() == ranks.first().tolist()


@pytest.mark.slow  # it is compiled first
@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaTypeSafetyWarning")
def test_ranx_finds_the_same_from_negative_cosines(vectors):
    from ranx import Qrels, Run, evaluate

    queries, gallery = vectors
    scores = exact(queries, gallery)
    if len(np.unique(scores)) < scores.size:
        pytest.skip("ties are broken in another way there")
    asked, kept = owners()
    qrels = Qrels({f"q{q}": {f"d{i}": 1 for i in np.flatnonzero(kept == q)} for q in asked})
    run = Run({f"q{q}": {f"d{i}": s for i, s in enumerate(row)} for q, row in enumerate(scores)})
    first = first_ranks_of(queries, gallery, Match(asked, kept))
    mine = {f"hit_rate@{k}": float(np.mean(first <= k)) for k in (1, 5, 10)}
    assert mine == pytest.approx(evaluate(qrels, run, list(mine), make_comparable=True))


def test_codes_of_equal_distance_tie_however_products_are_rounded():
    rng = np.random.default_rng(0)
    code = np.sign(rng.normal(size=96))
    near = np.stack([code * np.where(np.arange(96) == i, -1, 1) for i in range(96)])  # one bit off
    near = (near / np.sqrt(96)).astype(np.float32)
    query = (code / np.sqrt(96)).astype(np.float32)[None]
    for own in (0, 50, 95):
        match = Match(np.array([1]), (np.arange(96) == own).astype(int))
        assert first_ranks_of(query, near, match).tolist() == [96]


def test_long_vectors_are_ranked_too():
    rng = np.random.default_rng(0)
    queries, gallery = 1e4 * rng.normal(size=(2, 9, 5)).astype(np.float32)
    match = Match(np.arange(9), np.arange(9))
    expected = metrics.first_ranks(queries @ gallery.T, np.eye(9, dtype=bool))
    assert first_ranks_of(queries, gallery, match).tolist() == expected.tolist()
    ((_, ranks),) = ranks_of(queries, gallery, match)
    assert ranks.first().tolist() == expected.tolist()


def test_no_more_scores_are_held_than_was_said():
    rows = np.ones((100, 2), np.float32)
    shapes = [distances.shape for _, distances in chunks(rows, rows[:30], 300)]
    assert shapes == [(10, 30)] * 10
    assert [d.shape for _, d in chunks(rows[:2], rows, 50)] == [(1, 100)] * 2
    covered = np.concatenate([np.arange(100)[c] for c, _ in chunks(rows, rows, 333)])
    assert covered.tolist() == list(range(100))


def test_a_gallery_that_holds_nothing_relevant_is_searched_to_its_end():
    eye = np.eye(3, dtype=np.float32)
    nothing = Match(np.arange(3), np.full(3, 9))
    assert first_ranks_of(eye, eye, nothing).tolist() == [4, 4, 4]
    ((_, ranks),) = ranks_of(eye, eye, nothing)
    assert ranks.average_precision().tolist() == [0, 0, 0]


def test_steps_are_finer_than_what_cosines_tell_apart():
    assert 1e-7 < STEP < 1e-5
