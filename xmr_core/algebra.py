"""Queries of several terms: what is added is summed, what is subtracted is taken out of the sum.

Two things that have something in common are near in a joint space: of "fruit" with all of "banana"
subtracted, next to nothing is left. So a subtracted term takes away what the sum has of it, along
its own direction, as Gram and Schmidt do, and a little more, that what has much of it steps back.
"""

import numpy as np

from xmr_core.errors import QueryError
from xmr_core.media import Floats

_PUSH = 0.15  # of what is left: more, and little is left to look for; none, and "beach" has people
_LEAST = 1e-3  # of the added weights: a shorter sum is the rounding of terms that cancel out


def effective(vectors: Floats, weights: Floats) -> Floats:
    """The weights with which terms really add up: the query is their sum with the vectors.

    Args:
        vectors: unit rows f32 (t, d).
        weights: f32 (t,), as they were given; negative ones subtract.

    Returns:
        f32 (t,): added terms keep theirs; subtracted ones, in their order, have theirs times
        what the sum so far has of them, and a share of what is left then.

    Raises:
        QueryError: nothing is added, or nothing is left.

    >>> v = np.array([[1, 0], [0.6, 0.8]], np.float32)
    >>> effective(v, np.array([1, -1], np.float32)).round(2).tolist()
    [1.0, -0.7200000286102295]
    """
    added = weights > 0
    if not added.any():
        raise QueryError(
            "The query has nothing to look for.",
            "Give a text or a file, or set a weight above zero.",
        )
    made = np.where(added, weights, 0).astype(np.float32)
    total = made @ vectors  # (d,)
    for term in np.flatnonzero(weights < 0):
        common = max(0.0, float(total @ vectors[term]))
        left = np.linalg.norm(total + weights[term] * common * vectors[term])
        made[term] = weights[term] * (common + _PUSH * left)
        total = total + made[term] * vectors[term]
    if np.linalg.norm(total) < _LEAST * weights[added].sum():
        raise QueryError(
            "The terms take each other away, and nothing is left to look for.",
            "Remove one of them, or give it less weight.",
        )
    return made
