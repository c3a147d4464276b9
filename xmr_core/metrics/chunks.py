"""Measures from vectors, a few queries at a time: the matrix of all scores is never held.

Letters of shapes: q queries, n items of the gallery, b queries of a chunk, d dimensions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats
from xmr_core.metrics.matrix import Relevance
from xmr_core.metrics.ranks import Ranks, Whole

STEP = 2.0**-20
"""Cosines nearer than this to the same multiple of it are equal.

Products of matrices are rounded differently from place to place; codes of equal Hamming
distance would tie or not by chance.
"""

CELLS = 1 << 22
"""Scores of a chunk: 16 MB."""

Keys = npt.NDArray[Any]
"""i64 (n,), one key an item, or bool (n, c), any number of them."""


@dataclass(frozen=True, eq=False)
class Match:
    """Which items of a gallery answer which queries: those that share a key.

    Attributes:
        queries, gallery: their keys, owners or classes: i64 (q,) and (n,), or bool (q, c)
            and (n, c).

    >>> Match(np.array([0, 1]), np.array([1, 1, 0])).rows(slice(0, 2)).tolist()
    [[False, False, True], [True, True, False]]
    """

    queries: Keys
    gallery: Keys

    def rows(self, chunk: slice) -> Relevance:
        """Whether each item is relevant to each query of a chunk, bool (b, n)."""
        if self.queries.ndim == 1:
            same: Relevance = self.queries[chunk, None] == self.gallery
            return same
        shared = self.queries[chunk].astype(np.float32) @ self.gallery.astype(np.float32).T
        return np.asarray(shared > 0.5)


def chunks(queries: Floats, gallery: Floats, cells: int = CELLS) -> Iterator[tuple[slice, Floats]]:
    """Distances of queries to the gallery, in whole steps of ``STEP``, chunk by chunk.

    Args:
        queries: f32 (q, d).
        gallery: f32 (n, d); inner products are compared, cosines where all rows are unit.
        cells: scores at a time.

    Yields:
        which queries, and f32 (b, n): whole numbers, less is better, of 2³⁰ at most.
    """
    longest = [
        float(np.sqrt(np.einsum("ij,ij->i", x, x).max(initial=0))) for x in (queries, gallery)
    ]
    scale = -1 / (STEP * max(longest[0] * longest[1], 1.0))
    asked = queries * np.float32(scale)
    rows = max(1, cells // max(len(gallery), 1))
    for start in range(0, len(queries), rows):
        chunk = slice(start, min(start + rows, len(queries)))
        distances = asked[chunk] @ gallery.T
        yield chunk, np.rint(distances, out=distances)


def first_ranks_of(queries: Floats, gallery: Floats, match: Match, cells: int = CELLS) -> Whole:
    """The rank of each query's best relevant item, from 1; n + 1 where there is none.

    For few relevant items a query (partners, captions): they are looked up, and what is not
    farther is counted. Ties count against the system.

    Args:
        queries, gallery: f32 (q, d) and (n, d).
        match: by one key each, i64 (q,) and (n,).
        cells: scores at a time.

    Returns:
        i64 (q,).

    >>> eye = np.eye(3, dtype=np.float32)
    >>> first_ranks_of(eye, eye[[1, 2, 0]], Match(np.arange(3), np.array([1, 2, 1]))).tolist()
    [4, 1, 1]
    """
    order = np.argsort(match.gallery, kind="stable")
    low, high = (
        np.searchsorted(match.gallery, match.queries, side, sorter=order)
        for side in ("left", "right")
    )  # (q,)
    counts = high - low
    ranks = np.full(len(queries), len(gallery) + 1, np.int64)
    for chunk, distances in chunks(queries, gallery, cells):
        some = np.flatnonzero(counts[chunk])
        if not len(some):
            continue
        sizes = counts[chunk][some]
        starts = np.cumsum(sizes) - sizes
        nth = np.arange(sizes.sum()) - np.repeat(starts, sizes)
        relevant = order[np.repeat(low[chunk][some], sizes) + nth]
        theirs = distances[np.repeat(some, sizes), relevant]
        best = np.minimum.reduceat(theirs, starts)  # (some,)
        tied = np.add.reduceat(theirs == np.repeat(best, sizes), starts)
        for place, least, own in zip(some, best, tied, strict=True):
            nearer = np.count_nonzero(distances[place] <= least)
            ranks[chunk.start + place] = 1 + nearer - own
    return ranks


def ranks_of(
    queries: Floats, gallery: Floats, match: Match, cells: int = CELLS
) -> Iterator[tuple[slice, Ranks]]:
    """Where all relevant items came, chunk by chunk; for measures over the whole list.

    A distance and whether its item is relevant are packed into one whole number, so that one
    sort of numbers ranks a list, irrelevant items first among equals.

    Args:
        queries, gallery: f32 (q, d) and (n, d).
        match: which items are relevant.
        cells: scores at a time.

    Yields:
        which queries, and their ranks.
    """
    for chunk, distances in chunks(queries, gallery, cells):
        keys = distances.astype(np.int32)
        keys <<= 1
        keys |= match.rows(chunk)
        keys.sort(axis=1)
        places = np.flatnonzero((keys & 1).astype(bool))
        query, place = np.divmod(places, len(gallery))
        counts = np.bincount(query, minlength=chunk.stop - chunk.start)
        yield chunk, Ranks(place + 1, counts, len(gallery))
