"""Bits that nearly agree, found by comparing all with all.

One core compares some three thousand million pairs of rows in a second: 100,000 rows take
three seconds. Hash tables that flip bits of the question (FAISS's multi-hash) were slower
at every number that was tried, because hashes of pictures crowd in few of their buckets, and
inverted lists of one in eight missed pairs at ten bits.
"""

from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from xmr_core.media import Bytes

faiss: Any = _faiss  # its type stubs do not know its Python layer

_CHUNK = 20_000  # rows asked about at a time
_CROWD = 200  # neighbours of a row above which it says nothing: a plain colour, a black frame


def within(asked: Bytes, stored: Bytes, radius: int) -> npt.NDArray[np.int64]:
    """Pairs of rows whose bits differ in few places.

    Args:
        asked, stored: u8 (n, 8) and (m, 8).
        radius: the most bits that differ.

    Returns:
        i64 (p, 2): numbers of rows of ``asked`` and of ``stored``. Rows with more than
        200 neighbours are left out.

    >>> rows = np.array([[0] * 8, [1] + [0] * 7, [255] * 8], np.uint8)
    >>> within(rows, rows, 1).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1], [2, 2]]
    """
    if not len(asked) or not len(stored):
        return np.zeros((0, 2), np.int64)
    index = faiss.IndexBinaryFlat(8 * stored.shape[1])
    index.add(np.ascontiguousarray(stored))
    found = []
    for begin in range(0, len(asked), _CHUNK):
        some = np.ascontiguousarray(asked[begin : begin + _CHUNK])
        limits, _, there = index.range_search(some, radius + 1)
        counts = np.diff(limits.astype(np.int64))
        here = np.repeat(np.arange(begin, begin + len(some)), counts)
        few = np.repeat(counts <= _CROWD, counts)
        found.append(np.stack([here[few], there[few]], axis=1))
    rows = np.concatenate(found)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]
