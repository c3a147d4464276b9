"""Each measure against the plainest version of itself, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from xmr_core import metrics


def plain_rank(scores, relevant):
    best = max(s for s, r in zip(scores, relevant, strict=True) if r)
    return 1 + sum(s >= best and not r for s, r in zip(scores, relevant, strict=True))


def plain_average_precision(scores, relevant):
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], relevant[i]))
    found, total = 0, 0.0
    for rank, i in enumerate(order, start=1):
        if relevant[i]:
            found += 1
            total += found / rank
    return total / max(found, 1)


@pytest.fixture(params=range(5))
def case(request):
    rng = np.random.default_rng(request.param)
    scores = rng.normal(size=(20, 50)).astype(np.float32) - 1  # mostly negative, as cosines may be
    if request.param == 4:
        scores = scores.round(0)  # many ties
    relevant = rng.random((20, 50)) < 0.15
    relevant[:, 0] = True
    return scores, relevant


def test_first_ranks_equal_the_plain_version(case):
    scores, relevant = case
    expected = [plain_rank(s, r) for s, r in zip(scores, relevant, strict=True)]
    assert metrics.first_ranks(scores, relevant).tolist() == expected


def test_average_precision_equals_the_plain_version(case):
    scores, relevant = case
    expected = [plain_average_precision(s, r) for s, r in zip(scores, relevant, strict=True)]
    np.testing.assert_allclose(metrics.average_precision(scores, relevant), expected)


def test_average_precision_equals_scikit_learn_where_nothing_ties():
    rng = np.random.default_rng(7)
    scores, relevant = rng.normal(size=(10, 40)), rng.random((10, 40)) < 0.3
    expected = [average_precision_score(r, s) for s, r in zip(scores, relevant, strict=True)]
    np.testing.assert_allclose(metrics.average_precision(scores, relevant), expected)


def test_constant_scores_earn_nothing():
    scores, relevant = np.zeros((3, 10)), np.eye(3, 10, dtype=bool)
    assert metrics.recalls(scores, relevant)["recall@5"] == 0
    assert metrics.average_precision(scores, relevant).tolist() == [0.1, 0.1, 0.1]


def test_precision_counts_the_first_k_only(case):
    scores, relevant = case
    got = metrics.precision_at(scores, relevant, 10)
    for row, s, r in zip(got, scores, relevant, strict=True):
        order = sorted(range(50), key=lambda i: (-s[i], r[i]))[:10]
        assert row == pytest.approx(sum(r[i] for i in order) / 10)


def test_rsum_of_a_perfect_system_is_600():
    perfect = metrics.recalls(np.eye(20), np.eye(20, dtype=bool))
    assert metrics.rsum(perfect, perfect) == 600


def test_auroc_equals_scikit_learn():
    rng = np.random.default_rng(3)
    positive, negative = rng.normal(0.5, 1, 30).round(1), rng.normal(0, 1, 40).round(1)
    truth = np.r_[np.ones(30), np.zeros(40)]
    expected = roc_auc_score(truth, np.r_[positive, negative])
    assert metrics.auroc(positive, negative) == pytest.approx(expected)
