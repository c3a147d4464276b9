"""The best k of a first ranking, looked at again."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.lab.interaction.contract import Interaction
from xmr_core.lab.interaction.parts import Parts, Rows
from xmr_core.media import Floats, Modality

WEIGHTS = tuple(round(0.1 * i, 1) for i in range(11))


@dataclass(frozen=True, eq=False)
class Shortlist:
    """Of each of q queries the k best, best first.

    Attributes:
        rows: i64 (q, k), what was found.
        scores: f32 (q, k).
    """

    rows: Rows
    scores: Floats


def shortlist(scores: Floats, k: int) -> Shortlist:
    """The best k of each row of scores f32 (q, n), all n where there are fewer.

    >>> shortlist(np.array([[0.1, 0.9, 0.5]], np.float32), 2).rows.tolist()
    [[1, 2]]
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return Shortlist(order, np.take_along_axis(scores, order, axis=1))


def looked_again(
    interaction: Interaction, source: Modality, queries: Parts, hits: Parts, first: Shortlist
) -> Floats:
    """A re-ranker's scores f32 (q, k) of what a first ranking found.

    Args:
        interaction: what a re-ranker has learned.
        source: the queries' medium.
        queries: q of them, embedded.
        hits: of the other medium, embedded.
        first: the first ranking.
    """
    found = [
        interaction.scores(source, queries.of(i), hits, rows) for i, rows in enumerate(first.rows)
    ]
    return np.stack(found)


def fused(first: Shortlist, again: Floats, weight: float) -> Shortlist:
    """What was found, ordered by both scores, each in standard deviations of its query's k.

    Args:
        first: the first ranking.
        again: f32 (q, k), the re-ranker's scores of it.
        weight: of the re-ranker, 0…1; at 0 the order stays as it is.

    >>> first = Shortlist(np.array([[7, 8]]), np.array([[0.9, 0.8]], np.float32))
    >>> fused(first, np.array([[0.1, 0.3]], np.float32), 0.6).rows.tolist()
    [[8, 7]]
    """
    mixed = (1 - weight) * _spread(first.scores) + weight * _spread(again)
    order = np.argsort(-mixed, axis=1, kind="stable")
    return Shortlist(
        np.take_along_axis(first.rows, order, axis=1), np.take_along_axis(mixed, order, axis=1)
    )


def best_weight(first: Shortlist, again: Floats, relevant: npt.NDArray[Any]) -> float:
    """The weight with the largest sum of recalls at 1, 5 and 10; the smallest of equals.

    To be chosen on pairs that neither ranking was learned from, nor is judged on.

    Args:
        first: the first ranking.
        again: f32 (q, k), the re-ranker's scores of it.
        relevant: bool (q, k), what of the first ranking is right.
    """
    sums = []
    for weight in WEIGHTS:
        mixed = (1 - weight) * _spread(first.scores) + weight * _spread(again)
        order = np.argsort(-mixed, axis=1, kind="stable")
        right = np.take_along_axis(relevant, order, axis=1)
        sums.append(sum(float(right[:, :k].any(axis=1).mean()) for k in (1, 5, 10)))
    return WEIGHTS[int(np.argmax(sums))]


def _spread(scores: Floats) -> Floats:
    middle = scores.mean(axis=1, keepdims=True)
    return np.asarray((scores - middle) / (scores.std(axis=1, keepdims=True) + 1e-12), np.float32)
