"""Vectors made smaller, and search in what is left: floats, product-quantised bytes, bits.

Letters of shapes: n items, q queries, d dimensions, b bits.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.errors import LabError
from xmr_core.lab.contract import SEED
from xmr_core.lab.hashing.itq import itq
from xmr_core.media import Floats

Packed = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Found = tuple[Floats, Positions]
"""Scores f32 (q, k) and positions i64 (q, k), best first."""

STEPS = ("float32", "float16", "pq64", "pq32", "pq16", "256", "128", "64", "32", "16", "8")
"""From the largest to the smallest; pq16 is 16 bytes an item, 256 is bits."""

_ROUNDS = 50
_LEARNED_FROM = 5000  # rows: more turn the space the same way
_WORDS = 8  # bits of a byte of a product quantiser
_FEWEST_WORDS = 3  # FAISS compares words by eights
FEWEST_ROWS = 2 ** (_FEWEST_WORDS + 1)
"""That products can be quantised by."""

_LINKS = 32  # of HNSW, a node


def packed(codes: Floats) -> Packed:
    """Rows of −1 and 1, of any length, as bytes u8 (n, ⌈b / 8⌉), the first bit highest.

    >>> packed(np.array([[1, -1, -1, -1, -1, -1, -1, 1, 1]], np.float32)).tolist()
    [[129, 128]]
    """
    return np.packbits(codes > 0, axis=1)


class BitIndex:
    """Codes under FAISS's binary indexes, compared by Hamming distance.

    Args:
        codes: f32 (n, b), rows of −1 and 1 of any length, as spaces of hashing methods give.
        kind: "flat", exact and in the order of the rows among equals; or "hnsw", approximate.

    Attributes:
        bits: b.
        bytes: of a code.

    >>> index = BitIndex(np.array([[1, 1, 1], [1, -1, 1], [-1, -1, -1]], np.float32))
    >>> scores, at = index.search(np.array([[1, -1, -1]], np.float32), 3)
    >>> at.tolist(), scores.round(2).tolist()
    ([[1, 2, 0]], [[0.33000001311302185, 0.33000001311302185, -0.33000001311302185]])
    """

    def __init__(self, codes: Floats, kind: str = "flat") -> None:
        import faiss

        self.bits = codes.shape[1]
        rows = packed(codes)
        self.bytes = rows.shape[1]
        self._index: Any
        if kind == "hnsw":
            self._index = faiss.IndexBinaryHNSW(8 * self.bytes, _LINKS)
        elif kind == "flat":
            self._index = faiss.IndexBinaryFlat(8 * self.bytes)
        else:
            raise ValueError(f"an index of bits is flat or hnsw, not {kind}")
        self._index.add(rows)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Floats, k: int) -> Found:
        """The k codes with the fewest other bits; scores are cosines of codes, 1 − 2 h / b.

        An approximate index may find fewer: the rest have position −1 and score −∞.
        """
        k = min(k, len(self))
        if len(queries) == 0 or k < 1:
            return np.zeros((len(queries), k), np.float32), np.zeros((len(queries), k), np.int64)
        differ, at = self._index.search(packed(queries), k)
        scores = 1 - np.float32(2 / self.bits) * differ.astype(np.float32)
        return np.where(at >= 0, scores, np.float32(-np.inf)), at


@dataclass(frozen=True, eq=False)
class Compressed:
    """Vectors kept in fewer bytes.

    Attributes:
        how: one of ``STEPS``.
        bytes: an item.
        search: (unit rows f32 (q, d), k) → the k best by what was kept.
    """

    how: str
    bytes: int
    search: Callable[[Floats, int], Found]

    def seconds(self, queries: Floats, k: int = 10, times: int = 5) -> float:
        """What one query takes among them: the median of so many searches of all, divided."""
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            self.search(queries, k)
            taken.append(time.perf_counter() - begun)
        return float(np.median(taken)) / max(len(queries), 1)


def compress(
    vectors: Floats, how: str, *, learn_from: Floats | None = None, seed: int = SEED
) -> Compressed:
    """Keep unit rows f32 (n, d) in fewer bytes.

    Floats are compared as they are; product quantisation (Jégou, Douze and Schmid, TPAMI 2011)
    with the query as it is; bits with the query's bits. Bits are signs of principal components
    turned by iterative quantization (:mod:`xmr_core.lab.hashing.itq`); where more are asked for
    than there are dimensions, further turns of the same space give the rest.

    Args:
        vectors: of the gallery.
        how: one of ``STEPS``, or pq and any number of bytes, or any number of bits.
        learn_from: rows f32 (l, d) that are like queries and gallery; the gallery itself where
            there are none. Where two media lie apart in the space, rows of both belong in it.
        seed: of what is drawn.

    Raises:
        LabError: no such way, or vectors that nothing can be learned from.

    >>> rows = np.eye(4, dtype=np.float32)
    >>> small = compress(rows, "float16")
    >>> small.bytes, small.search(rows[:1], 1)[1].tolist()
    (8, [[0]])
    """
    vectors = np.ascontiguousarray(vectors, np.float32)
    rows = vectors if learn_from is None else np.ascontiguousarray(learn_from, np.float32)
    if vectors.ndim != 2 or rows.ndim != 2 or vectors.shape[1] != rows.shape[1] or len(rows) < 2:
        raise LabError(
            f"Vectors {vectors.shape} cannot be made smaller by what rows {rows.shape} are like.",
            "Give two rows or more, of one width.",
        )
    size = how.removeprefix("pq")
    if how not in ("float32", "float16") and not (size.isdecimal() and int(size) > 0):
        raise LabError(f"Vectors cannot be kept as '{how}'.", f"There are: {', '.join(STEPS)}.")
    if len(rows) > _LEARNED_FROM:
        rows = rows[np.random.default_rng(seed).permutation(len(rows))[:_LEARNED_FROM]]
    if how.startswith("float"):
        return _floats(vectors, how)
    if how.startswith("pq"):
        return _products(vectors, how, rows, seed)
    return _bits(vectors, how, rows, seed)


def _floats(vectors: Floats, how: str) -> Compressed:
    import faiss

    d = vectors.shape[1]
    index: Any = faiss.IndexFlatIP(d)
    if how == "float16":
        half = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexScalarQuantizer(d, half, faiss.METRIC_INNER_PRODUCT)
    index.add(vectors)
    return Compressed(how, 4 * d if how == "float32" else 2 * d, _searching(index, d))


def _products(vectors: Floats, how: str, rows: Floats, seed: int) -> Compressed:
    import faiss

    d = vectors.shape[1]
    pieces = min(int(how[2:]), d)
    wide = -(-d // pieces) * pieces  # columns of zeros make pieces of one width
    # No more words than half of the rows: a word for each row would learn nothing
    words = min(_WORDS, int(np.log2(len(rows))) - 1)
    if words < _FEWEST_WORDS:
        raise LabError(
            f"{len(rows)} rows are too few to learn from.", f"Give {FEWEST_ROWS} or more."
        )
    index: Any = faiss.IndexPQ(wide, pieces, words, faiss.METRIC_INNER_PRODUCT)
    index.pq.cp.min_points_per_centroid = 1
    index.pq.cp.seed = seed
    index.train(_padded(rows, wide))
    index.add(_padded(vectors, wide))
    return Compressed(how, int(index.pq.code_size), _searching(index, wide))


def _bits(vectors: Floats, how: str, rows: Floats, seed: int) -> Compressed:
    mean = rows.mean(axis=0)
    moved = (rows - mean).astype(np.float64)
    axes = np.linalg.eigh(moved.T @ moved)[1][:, ::-1]  # (d, d), the widest first
    rng = np.random.default_rng(seed)
    left, turns = int(how), []
    while left > 0:
        few = axes[:, : min(left, axes.shape[1])]
        placed = moved @ few
        spread = float(np.sqrt(np.mean(placed**2)))
        turns.append(few @ itq(placed / max(spread, 1e-12), _ROUNDS, rng))
        left -= few.shape[1]
    turn = np.hstack(turns).astype(np.float32)  # (d, b)

    def code(x: Floats) -> Floats:
        made: Floats = (x - mean) @ turn
        return made

    index = BitIndex(code(vectors))
    return Compressed(how, index.bytes, lambda queries, k: index.search(code(queries), k))


def _padded(x: Floats, wide: int) -> Floats:
    return np.ascontiguousarray(np.pad(x, ((0, 0), (0, wide - x.shape[1]))), np.float32)


def _searching(index: Any, wide: int) -> Callable[[Floats, int], Found]:
    def search(queries: Floats, k: int) -> Found:
        k = min(k, int(index.ntotal))
        if len(queries) == 0 or k < 1:
            return np.zeros((len(queries), k), np.float32), np.zeros((len(queries), k), np.int64)
        scores, at = index.search(_padded(queries, wide), k)
        return scores, at

    return search


def kept(found: Positions, exact: Positions) -> npt.NDArray[np.float64]:
    """The share of each query's exact best (q, k) that is among what was found (q, k'); (q,).

    >>> kept(np.array([[3, 1, 2]]), np.array([[1, 5]])).tolist()
    [0.5]
    """
    shared = (exact[:, :, None] == found[:, None, :]).any(axis=2)
    return np.asarray(shared.mean(axis=1), np.float64)
