"""Measures of retrieval from a whole matrix of scores and what is relevant.

Ties count against the system: a relevant item ranks behind all irrelevant ones of equal
score, so that constant scores earn nothing. Scores may be negative.
"""

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Relevance = npt.NDArray[np.bool_]
RECALLS = (1, 5, 10)


def first_ranks(scores: Floats, relevant: Relevance) -> npt.NDArray[np.int64]:
    """The rank of each query's best relevant item, from 1.

    Args:
        scores: f32 (q, n), higher is better.
        relevant: bool (q, n), at least one true in a row.

    Returns:
        i64 (q,).

    >>> first_ranks(np.array([[0.9, 0.5, 0.7]]), np.array([[False, True, False]])).tolist()
    [3]
    """
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)  # (q, 1)
    return np.asarray(1 + ((scores >= best) & ~relevant).sum(axis=1), np.int64)


def recall_at(ranks: npt.NDArray[np.int64], k: int) -> float:
    """The share of queries with a relevant item among the first k (R@k).

    >>> recall_at(np.array([1, 3, 12]), 5)
    0.6666666666666666
    """
    return float(np.mean(ranks <= k))


def average_precision(scores: Floats, relevant: Relevance) -> npt.NDArray[np.float64]:
    """Average precision of each query over the whole list; 0 where nothing is relevant.

    Args:
        scores: f32 (q, n).
        relevant: bool (q, n).

    Returns:
        f64 (q,), the mean of the precision at each relevant item, among all relevant items.

    >>> s = np.array([[0.9, 0.8, 0.7, 0.6]])
    >>> average_precision(s, np.array([[True, False, True, False]])).round(4).tolist()
    [0.8333]
    """
    order = np.lexsort((relevant, -scores), axis=1)  # (q, n), irrelevant first among equals
    hits = np.take_along_axis(relevant, order, axis=1)  # (q, n)
    precision = hits.cumsum(axis=1) / np.arange(1, scores.shape[1] + 1)
    counts = hits.sum(axis=1)
    return np.asarray((precision * hits).sum(axis=1) / np.maximum(counts, 1), np.float64)


def precision_at(scores: Floats, relevant: Relevance, k: int) -> npt.NDArray[np.float64]:
    """The share of relevant items among each query's first k, f64 (q,).

    >>> s = np.array([[0.9, 0.8, 0.7, 0.6]])
    >>> precision_at(s, np.array([[True, False, True, False]]), 2).tolist()
    [0.5]
    """
    order = np.lexsort((relevant, -scores), axis=1)[:, :k]
    return np.asarray(np.take_along_axis(relevant, order, axis=1).mean(axis=1), np.float64)


def recalls(scores: Floats, relevant: Relevance) -> dict[str, float]:
    """R@1, R@5, R@10 and the median rank of one direction.

    >>> recalls(np.eye(3), np.eye(3, dtype=bool))
    {'recall@1': 1.0, 'recall@5': 1.0, 'recall@10': 1.0, 'median_rank': 1.0}
    """
    ranks = first_ranks(scores, relevant)
    return {
        **{f"recall@{k}": recall_at(ranks, k) for k in RECALLS},
        "median_rank": float(np.median(ranks)),
    }


def rsum(*directions: dict[str, float]) -> float:
    """The sum of all recalls in percent, 600 at most for two directions.

    >>> rsum({"recall@1": 0.5, "recall@5": 1.0, "recall@10": 1.0, "median_rank": 1.0})
    250.0
    """
    return 100 * sum(d[f"recall@{k}"] for d in directions for k in RECALLS)


def auroc(positive: Floats, negative: Floats) -> float:
    """The chance that a positive's score is above a negative's; ties count half.

    >>> auroc(np.array([0.9, 0.4]), np.array([0.5, 0.1]))
    0.75
    """
    above = positive[:, None] > negative
    equal = positive[:, None] == negative
    return float(np.mean(above + 0.5 * equal))
