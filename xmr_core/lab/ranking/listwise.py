"""The most violated ranking of a list, and what it costs: structural hinge of average precision.

Letters of shapes: q queries, n documents of a list, p relevant ones among them, u = n − p others.
"""

import numpy as np

from xmr_core.media import Floats


def most_violated(scores: Floats, p: int) -> tuple[Floats, Floats]:
    r"""max over rankings y of Δ(y) + F(y) − F(y*), and its slope in the scores.

    Δ = 1 − average precision of y, y* ranks all relevant documents first, and F of a ranking
    is the mean over all p·u pairs of a relevant document i and another one j of ±(s_i − s_j), +
    where i is ranked before j (Yue, Finley, Radlinski and Joachims, "A support vector method for
    optimizing average precision", SIGIR 2007). Both kinds of documents keep the order of their
    scores in it, and how many relevant ones stand before the j-th other can be chosen for each j
    alone: Δ is a sum over inverted pairs, too, since that the j-th other joins those before
    the i-th relevant one costs

    .. math:: \frac{1}{p} \left( \frac{j}{i + j} - \frac{j - 1}{i + j - 1} \right).

    Args:
        scores: f32 (q, n), the p relevant documents in the first columns.
        p: how many; 0 < p < n.

    Returns:
        the hinge (q,), 0 or more, and its slope (q, n): of relevant ones −2/pu for each other
        before it, of others 2/pu for each relevant one after it.

    >>> hinge, slope = most_violated(np.array([[0.0, 1.0]], np.float32), 1)
    >>> hinge.tolist(), slope.tolist()
    ([2.5], [[-2.0, 2.0]])
    """
    q, n = scores.shape
    u = n - p
    weight = np.float32(2 / (p * u))
    places = [np.argsort(-part, axis=1) for part in (scores[:, :p], scores[:, p:])]
    places[1] = places[1] + p
    good, bad = (np.take_along_axis(scores, place, axis=1) for place in places)
    i, j = np.arange(1, p + 1, dtype=np.float32), np.arange(1, u + 1, dtype=np.float32)[:, None]
    cost = (j / (i + j) - (j - 1) / (i + j - 1)) / np.float32(p)  # (u, p)
    # Of inverting: all relevant ones from the i-th on come after the j-th other
    gain = cost - weight * (good[:, None, :] - bad[:, :, None])  # (q, u, p)
    sums = np.cumsum(gain[:, :, ::-1], axis=2)  # the last, the last two …
    most = sums.argmax(axis=2)  # (q, u)
    best = np.take_along_axis(sums, most[:, :, None], axis=2)[:, :, 0]
    after = np.where(best > 0, most + 1, 0)  # relevant ones after each other
    hinge = np.maximum(best, 0).sum(axis=1)
    # The i-th relevant one has those others before it that have p − i + 1 or more after them
    counts = np.zeros((q, p + 2), np.float32)
    np.add.at(counts, (np.arange(q)[:, None], after), 1)
    before = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1][:, p:0:-1]  # (q, p)
    slope = np.empty((q, n), np.float32)
    np.put_along_axis(slope, places[0], -weight * before, axis=1)
    np.put_along_axis(slope, places[1], weight * after.astype(np.float32), axis=1)
    return hinge.astype(np.float32), slope
