"""Each measure against the plainest version of itself, and against ranx and scikit-learn.

Cosines may be negative and tied: libraries that mask scores below zero are wrong there.
"""

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score, precision_recall_curve

from xmr_core.metrics import LEVELS, Match, Ranks, ranks_of

KINDS = ("random", "negative", "tied", "constant")
Q, N = 12, 60


def plain_list(scores, relevant):
    """Whether each place of a list is relevant, the best first, irrelevant first among equals."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], relevant[i]))
    return [bool(relevant[i]) for i in order]


def plain_average_precision(hits, top, among):
    found = [i for i, hit in enumerate(hits, start=1) if hit and i <= top]
    total = sum(sum(hits[:i]) / i for i in found)
    return total / max(len(found) if among == "found" else sum(hits), 1)


def plain_f_score(hits, k, beta):
    p, r = sum(hits[:k]) / k, sum(hits[:k]) / max(sum(hits), 1)
    return (1 + beta**2) * p * r / (beta**2 * p + r) if p + r else 0


def plain_ndcg(hits, k):
    gain = sum(1 / math.log2(i + 1) for i, hit in enumerate(hits[:k], start=1) if hit)
    best = sum(1 / math.log2(i + 1) for i in range(1, min(k, sum(hits)) + 1))
    return gain / best if best else 0


def plain_interpolated(hits, level):
    points = [(sum(hits[:i]), sum(hits[:i]) / i) for i in range(1, len(hits) + 1)]
    need = level * sum(hits) - 1e-9
    return max((p for found, p in points if found >= need and sum(hits)), default=0)


@pytest.fixture(params=[(kind, draw) for kind in KINDS for draw in range(2)], ids=str)
def case(request):
    """(scores (q, n), relevant (q, n), ranks): one query has nothing to find, one has all."""
    kind, draw = request.param
    rng = np.random.default_rng(draw)
    scores = rng.normal(size=(Q, N)) / 8
    scores -= {"negative": 2.0}.get(kind, 0.0)
    scores = {"tied": scores.round(1), "constant": scores * 0}.get(kind, scores)
    relevant = rng.random((Q, N)) < 0.15
    relevant[0], relevant[1] = False, True
    lists = [plain_list(s, r) for s, r in zip(scores, relevant, strict=True)]
    places = [np.flatnonzero(hits) + 1 for hits in lists]
    counts = np.array([len(p) for p in places])
    return lists, Ranks(np.concatenate(places), counts, N)


def test_precision_recall_and_hits(case):
    lists, ranks = case
    for k in (1, 5, 10, N):
        assert ranks.precision(k) == pytest.approx([sum(h[:k]) / k for h in lists])
        assert ranks.recall(k) == pytest.approx([sum(h[:k]) / max(sum(h), 1) for h in lists])
        assert ranks.hit(k).tolist() == [any(h[:k]) for h in lists]


def test_the_first_rank(case):
    lists, ranks = case
    assert ranks.first().tolist() == [h.index(True) + 1 if any(h) else N + 1 for h in lists]


@pytest.mark.parametrize("among", ["found", "all"])
@pytest.mark.parametrize("top", [1, 5, 20, N])
def test_average_precision_by_both_denominators(case, top, among):
    lists, ranks = case
    expected = [plain_average_precision(h, top, among) for h in lists]
    assert ranks.average_precision(top, among) == pytest.approx(expected)


def test_over_the_whole_list_both_denominators_are_one(case):
    _, ranks = case
    whole = ranks.average_precision()
    assert whole == pytest.approx(ranks.average_precision(among="all"))
    assert whole == pytest.approx(ranks.average_precision(10 * N))


@pytest.mark.parametrize("beta", [0.5, 1, 2])
def test_f_score(case, beta):
    lists, ranks = case
    assert ranks.f_score(10, beta) == pytest.approx([plain_f_score(h, 10, beta) for h in lists])


@pytest.mark.parametrize("k", [1, 10, N])
def test_ndcg(case, k):
    lists, ranks = case
    assert ranks.ndcg(k) == pytest.approx([plain_ndcg(h, k) for h in lists])
    assert ranks.ndcg() == pytest.approx(ranks.ndcg(N))


def test_interpolated_precision(case):
    lists, ranks = case
    expected = [[plain_interpolated(h, level) for level in LEVELS] for h in lists]
    assert ranks.interpolated() == pytest.approx(np.array(expected))


def test_lists_where_nothing_is_relevant_measure_nothing():
    ranks = Ranks(np.zeros(0, int), np.zeros(3, int), 5)
    measured = (ranks.average_precision(), ranks.ndcg(), ranks.f_score(2), ranks.hit(1))
    assert all(column.tolist() == [0, 0, 0] for column in measured)
    assert ranks.interpolated().tolist() == [[0.0] * len(LEVELS)] * 3


@pytest.fixture(params=[0.0, -2.0], ids=["around zero", "negative"])
def untied(request):
    """Scores without ties, as libraries break them in ways of their own."""
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(Q, N)) + request.param
    relevant = rng.random((Q, N)) < 0.2
    relevant[:, 3] = True
    places = [np.flatnonzero(plain_list(s, r)) + 1 for s, r in zip(scores, relevant, strict=True)]
    return scores, relevant, Ranks(np.concatenate(places), relevant.sum(axis=1), N)


@pytest.mark.slow  # it is compiled first
@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaTypeSafetyWarning")
def test_ranx_measures_the_same(untied):
    from ranx import Qrels, Run, evaluate

    scores, relevant, ranks = untied
    qrels = Qrels(
        {f"q{q:02}": {f"d{i}": 1 for i in np.flatnonzero(row)} for q, row in enumerate(relevant)}
    )
    run = Run(
        {f"q{q:02}": {f"d{i}": float(s) for i, s in enumerate(row)} for q, row in enumerate(scores)}
    )
    mine = {
        "precision@10": ranks.precision(10),
        "recall@10": ranks.recall(10),
        "f1@10": ranks.f_score(10),
        "hit_rate@1": ranks.hit(1),
        "map": ranks.average_precision(),
        "map@10": ranks.average_precision(10, "all"),
        "ndcg@10": ranks.ndcg(10),
        "mrr": 1 / ranks.first(),
    }
    theirs = evaluate(qrels, run, list(mine), make_comparable=True)
    assert {name: column.mean() for name, column in mine.items()} == pytest.approx(theirs)


def test_scikit_learn_measures_the_same(untied):
    scores, relevant, ranks = untied
    precisions = [average_precision_score(r, s) for s, r in zip(scores, relevant, strict=True)]
    assert ranks.average_precision() == pytest.approx(precisions)
    gains = [ndcg_score(r[None], s[None], k=10) for s, r in zip(scores, relevant, strict=True)]
    assert ranks.ndcg(10) == pytest.approx(gains)
    for row, s, r in zip(ranks.interpolated(), scores, relevant, strict=True):
        precision, recall, _ = precision_recall_curve(r, s)
        for level, found in zip(LEVELS[1:], row[1:], strict=True):
            assert found == pytest.approx(precision[:-1][recall[:-1] >= level - 1e-9].max())


def test_ranks_come_from_vectors_as_from_scores(untied):
    """The same lists, found from vectors whose products are the scores."""
    scores, relevant, ranks = untied
    queries = np.eye(Q, dtype=np.float32)
    gallery = (scores.T / 10).astype(np.float32)
    flags = Match(np.eye(Q, dtype=bool), relevant.T)
    ((_, found),) = ranks_of(queries, gallery, flags)
    assert found.ranks.tolist() == ranks.ranks.tolist()
    assert found.counts.tolist() == ranks.counts.tolist()
