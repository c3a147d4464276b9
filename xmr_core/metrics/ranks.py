"""Measures of retrieval from the ranks at which the relevant items came.

Letters of shapes: b queries, n items of the gallery, m relevant items of all b queries.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Among = Literal["found", "all"]
"""The denominator of average precision at R: relevant items among the first R, or in all."""

LEVELS = np.linspace(0, 1, 11)
"""Recalls at which precision is interpolated."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """Where the relevant items of b queries came in their lists of n items.

    Attributes:
        ranks: i64 (m,), from 1, ascending within a query.
        counts: i64 (b,), relevant items of each query; all measures are 0 where there are none.
        n: length of the lists.

    >>> lists = Ranks(np.array([1, 3, 2]), np.array([2, 1]), 4)
    >>> lists.average_precision().round(4).tolist()
    [0.8333, 0.5]
    """

    ranks: Whole
    counts: Whole
    n: int

    @cached_property
    def _queries(self) -> Whole:
        """Which query each rank belongs to, i64 (m,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def _nth(self) -> Whole:
        """1 for the best relevant item of a query, 2 for the next …, i64 (m,)."""
        starts = np.cumsum(self.counts) - self.counts
        return np.arange(1, len(self.ranks) + 1) - np.repeat(starts, self.counts)

    def _sums(self, of: npt.NDArray[np.generic]) -> Doubles:
        """(m,) summed query by query, f64 (b,)."""
        sums = np.bincount(self._queries, weights=of, minlength=len(self.counts))
        return sums.astype(np.float64)  # of nothing, bincount makes whole numbers

    def _within(self, k: int) -> Doubles:
        """Relevant items among the first k, f64 (b,)."""
        return self._sums(self.ranks <= k)

    def first(self) -> Whole:
        """The rank of each query's best relevant item, i64 (b,); n + 1 where there is none.

        >>> Ranks(np.array([1, 3, 2]), np.array([2, 1]), 4).first().tolist()
        [1, 2]
        """
        best = np.full(len(self.counts), self.n + 1, np.int64)
        some = self.counts > 0
        best[some] = self.ranks[(np.cumsum(self.counts) - self.counts)[some]]
        return best

    def hit(self, k: int) -> Doubles:
        """1 where a relevant item is among the first k: its mean is the field's R@k, f64 (b,)."""
        return (self.first() <= k).astype(np.float64)

    def precision(self, k: int) -> Doubles:
        """The share of relevant items among the first k, f64 (b,)."""
        return self._within(k) / min(k, self.n)

    def recall(self, k: int) -> Doubles:
        """The share of the relevant items that are among the first k, f64 (b,)."""
        return self._within(k) / np.maximum(self.counts, 1)

    def f_score(self, k: int, beta: float = 1.0) -> Doubles:
        """The weighted harmonic mean of precision and recall of the first k, f64 (b,).

        Args:
            k: how many of the list.
            beta: recall counts ``beta`` times as much as precision.

        >>> Ranks(np.array([1, 3]), np.array([2]), 4).f_score(2).tolist()
        [0.5]
        """
        precision, recall = self.precision(k), self.recall(k)
        below = beta**2 * precision + recall
        return (1 + beta**2) * precision * recall / np.where(below > 0, below, 1)

    def average_precision(self, top: int | None = None, among: Among = "found") -> Doubles:
        """The precisions at the relevant items among the first ``top``, summed and divided.

        Papers divide by different numbers, and one table must not mix them: by the relevant
        items *found* among the first ``top`` (surveys of cross-media retrieval, as mAP@50), or
        by the relevant items in *all* (so that a list that stops early is punished for what it
        left out). Over the whole list both are the same.

        Args:
            top: R; the whole list if None.
            among: which relevant items are counted below the line.

        Returns:
            f64 (b,).

        >>> one = Ranks(np.array([1, 3, 4]), np.array([3]), 4)
        >>> one.average_precision(2).tolist(), one.average_precision(2, "all").round(4).tolist()
        ([1.0], [0.3333])
        """
        inside = self.ranks <= (self.n if top is None else top)
        sums = self._sums(np.where(inside, self._nth / self.ranks, 0))
        below = self._sums(inside) if among == "found" else self.counts
        return sums / np.maximum(below, 1)

    def ndcg(self, k: int | None = None) -> Doubles:
        """Normalised discounted cumulative gain of the first k, gains 0 or 1, f64 (b,).

        >>> Ranks(np.array([2]), np.array([1]), 4).ndcg(3).round(4).tolist()
        [0.6309]
        """
        k = self.n if k is None else min(k, self.n)
        gains = self._sums(np.where(self.ranks <= k, 1 / np.log2(self.ranks + 1.0), 0))
        ideal = np.r_[0, np.cumsum(1 / np.log2(np.arange(2, k + 2)))]  # (k + 1,)
        best: Doubles = ideal[np.minimum(self.counts, k)]
        return gains / np.where(best > 0, best, 1)

    def interpolated(self, levels: Doubles = LEVELS) -> Doubles:
        """The best precision at each recall or beyond it, f64 (b, levels).

        >>> Ranks(np.array([1, 3]), np.array([2]), 4).interpolated(np.array([0.5, 1.0])).round(4)
        array([[1.    , 0.6667]])
        """
        made = np.zeros((len(self.counts), len(levels)))
        if not len(self.ranks):
            return made
        # The best from here to the query's end: a running maximum from the back, where each
        # query is lifted above the one behind it so that they do not mix.
        lift = 2.0 * (len(self.counts) - self._queries)
        lifted = (self._nth / self.ranks + lift)[::-1]
        best = np.maximum.accumulate(lifted)[::-1] - lift  # (m,)
        starts = (np.cumsum(self.counts) - self.counts)[:, None]
        needed = np.ceil(levels * self.counts[:, None] - 1e-9).astype(np.int64)
        at = starts + np.maximum(needed, 1) - 1  # (b, levels)
        some = self.counts > 0
        made[some] = best[at[some]]
        return made
