"""Nearest neighbours among many rows: all compared in few dimensions, the best again in all.

The few dimensions are those in which queries differ most: the leading eigenvectors of the second
moment of queries, not of rows. Words lie in a narrow cone of the joint space, away from pictures,
and most of what pictures differ in is nothing to them, so that the rows' own principal axes,
product quantisation and single bits keep what no query asks for. With 256 of 1,157 dimensions
and 400 compared again, 99% of the ten nearest of 100,000 are found and 98% of those of a million
(``tools/scale.py``), of which more are compared; codes of 145 to 290 bytes, trained on the rows,
found 15 to 80%.

In the few dimensions rows and queries are whole numbers of eight bits, which loses none of that
and is compared three times as fast as floating point, for memory is what holds that up. A step of
a row is as wide as the root of its direction's spread: rows alone would have it as wide as the
spread, queries, which are scaled the other way round, as wide in all directions.

The rows themselves are not held: they are fetched where they are kept, which is the catalogue.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core import index_file
from xmr_core.index import POOL, Ids, Stamp, faiss
from xmr_core.media import Floats

Fetch = Callable[[Ids], tuple[Ids, Floats]]
"""Ids i64 (n,), ascending → those that there are, and the first c dimensions f32 of their rows."""
Codes = npt.NDArray[np.uint8]

KIND = "projected, bytes"
_NARROW = 256  # dimensions in which all rows are compared
_AGAIN, _MORE = 400, 2000  # best rows of those that are compared in all dimensions; and a 2000th
_BLOCK = 65_536  # rows that one processor looks through at once
_QUERIES = 32  # whose best rows are fetched together
_REACH = 2.0  # spreads of the widest direction that fit into eight bits; of others more do
_TOP = 127  # the largest number of eight bits; the smallest is as far below zero


def basis(queries: Floats, narrow: int = _NARROW) -> Floats:
    """The directions in which queries are long, f32 (d, m): columns of length one.

    Args:
        queries: f32 (q, d), as they will be asked.
        narrow: m at most.
    """
    _, vectors = np.linalg.eigh(queries.T.astype(np.float64) @ queries)  # ascending
    return np.ascontiguousarray(vectors[:, ::-1][:, :narrow], np.float32)


def levels(near: Floats) -> Floats:
    """The middle and the step of each direction, f32 (2, m), for eight bits a number.

    Args:
        near: some rows along the directions, f32 (r, m), like those that will be held; numbers
            farther out than theirs are cut off.

    >>> middle, step = levels(np.array([[1, 5], [3, 5]], np.float32))
    >>> middle.tolist(), (1 / step).round().tolist()
    ([2.0, 5.0], [64.0, 2008.0])
    """
    spread = near.std(axis=0)
    spread = np.maximum(spread, max(float(spread.max()) / 1000, 1e-6))  # some do not vary at all
    step = _REACH / _TOP * np.sqrt(spread * spread.max())
    return np.asarray([near.mean(axis=0), step], np.float32)


class ProjectedIndex:
    """Nearest neighbours by inner product; every method may be called from any thread.

    Args:
        basis: f32 (d, m), see :func:`basis`.
        levels: f32 (2, m), see :func:`levels`.
        fetch: gives rows by their ids; what it does not give is found no more.
        width: c of ``fetch``; dimensions beyond it are held here.

    Attributes:
        dim: d.
        stamp: set by whoever fills it.
    """

    def __init__(self, basis: Floats, levels: Floats, fetch: Fetch, width: int) -> None:
        self.dim = len(basis)
        self.stamp = Stamp()
        self._basis, self._levels, self._fetch, self._width = basis, levels, fetch, width
        self._ids: Ids = np.empty(0, np.int64)
        self._tails: Floats = np.empty((0, self.dim - width), np.float32)
        self._near: list[Any] = []  # of FAISS, each of _BLOCK rows, but for the last
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Ids, vectors: Floats) -> None:
        """Add vectors f32 (n, d) under new ids i64 (n,), as ``fetch`` gives them.

        Raises:
            ValueError: shapes that do not fit.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"{len(ids)} ids and vectors {vectors.shape} for d = {self.dim}")
        middle, step = self._levels
        codes = np.rint((vectors @ self._basis - middle) / step).clip(-_TOP, _TOP)  # (n, m)
        with self._lock:
            self._put(ids, vectors[:, self._width :], (codes + (_TOP + 1)).astype(np.uint8))

    def without(self, ids: Ids) -> "ProjectedIndex":
        """A copy without some rows."""
        with self._lock:
            copy = ProjectedIndex(self._basis, self._levels, self._fetch, self._width)
            kept = ~np.isin(self._ids, ids)
            for start, block in self._blocks():
                some = slice(start, start + block.ntotal)
                keep = kept[some]
                copy._put(self._ids[some][keep], self._tails[some][keep], self._codes(block)[keep])
            return copy

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """See `Index.search`; nearly all of the best are found, and their scores are exact."""
        queries = np.ascontiguousarray(queries, np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries {queries.shape} for d = {self.dim}")
        with self._lock:
            n = len(self._ids)
            chosen = None if allow is None else np.isin(self._ids, allow)
            k = min(k, n if chosen is None else int(chosen.sum()))
            scores = np.full((len(queries), max(k, 0)), -np.inf, np.float32)
            ids = np.full(scores.shape, -1, np.int64)
            again = max(_AGAIN + n // _MORE, 2 * k)
            for start in range(0, len(queries) if k > 0 else 0, _QUERIES):
                some = slice(start, start + _QUERIES)
                near = self._nearest(self._narrowed(queries[some]), again, chosen)
                best, found = self._again(queries[some], np.unique(near), k)
                scores[some, : found.shape[1]], ids[some, : found.shape[1]] = best, found
            return scores, ids

    def take(self, ids: Ids) -> Floats:
        """See `Index.take`; a row that ``fetch`` gives no more is zeros as far as it gave it."""
        with self._lock:
            places = np.flatnonzero(np.isin(self._ids, ids))
            places = places[np.argsort(self._ids[places])]
            found, heads = self._fetch(self._ids[places])
            rows = np.zeros((len(places), self.dim), np.float32)
            rows[:, self._width :] = self._tails[places]
            rows[np.isin(self._ids[places], found), : self._width] = heads
            return rows

    def _narrowed(self, queries: Floats) -> Floats:
        """Queries as whole numbers f32 (q, m); by how much they were scaled changes no order."""
        narrow = queries @ self._basis * self._levels[1]
        longest = np.abs(narrow).max(axis=1, keepdims=True)
        return np.asarray(np.rint(narrow * (_TOP / np.maximum(longest, 1e-30))), np.float32)

    def _nearest(self, narrow: Floats, k: int, chosen: npt.NDArray[np.bool_] | None) -> Ids:
        """Positions i64 (q, k') of the best rows in few dimensions, in any order."""

        def part(numbered: tuple[int, Any]) -> tuple[Floats, Ids]:
            faiss.omp_set_num_threads(1)  # of this thread alone
            start, block = numbered
            count, some = block.ntotal, None
            if chosen is not None:
                here = chosen[start : start + count]
                count = int(here.sum())
                bits = np.packbits(here, bitorder="little")
                some = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
            if not count:
                return np.zeros((len(narrow), 0), np.float32), np.zeros((len(narrow), 0), np.int64)
            scores, at = block.search(narrow, min(k, count), params=some)
            return scores, at + start

        found = list(POOL.map(part, self._blocks()))
        scores, at = (np.hstack(column) for column in zip(*found, strict=True))
        if scores.shape[1] <= k:
            return at
        best = np.argpartition(-scores, k, axis=1)[:, :k]
        return np.take_along_axis(at, best, axis=1)

    def _again(self, queries: Floats, places: Ids, k: int) -> tuple[Floats, Ids]:
        """The k best of some positions in all dimensions: scores f32 and ids i64 (q, k)."""
        places = places[np.argsort(self._ids[places])]
        ids, heads = self._fetch(self._ids[places])
        tails = self._tails[places[np.isin(self._ids[places], ids)]]
        split = self._width
        exact = queries[:, :split] @ heads.reshape(-1, split).T + queries[:, split:] @ tails.T
        best = np.argsort(-exact, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(exact, best, axis=1), ids[best]

    def _put(self, ids: Ids, tails: Floats, codes: Codes) -> None:
        """Append rows whose numbers in few dimensions u8 (n, m) are known, moved up by 128."""
        self._ids = np.concatenate([self._ids, ids])
        self._tails = np.concatenate([self._tails, tails])
        while len(codes):
            if not self._near or self._near[-1].ntotal == _BLOCK:
                kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
                block = faiss.IndexScalarQuantizer(codes.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
                self._near.append(block)
            room = _BLOCK - self._near[-1].ntotal
            self._near[-1].add_sa_codes(np.ascontiguousarray(codes[:room]))
            codes = codes[room:]

    def _blocks(self) -> list[tuple[int, Any]]:
        """The position of the first row of each block, and the block."""
        return [(number * _BLOCK, block) for number, block in enumerate(self._near)]

    def _codes(self, block: Any) -> Codes:
        """The numbers u8 (n, m) of a block, without copying them."""
        width = self._basis.shape[1]
        codes: Codes = faiss.rev_swig_ptr(block.codes.data(), block.ntotal * width)
        return codes.reshape(-1, width)

    def save(self, path: Path) -> None:
        """See `VectorIndex.save`."""
        with self._lock:
            head = {"kind": KIND, "dim": self.dim, "n": len(self), "narrow": self._basis.shape[1]}
            pieces = [self._ids.astype("<i8"), self._basis, self._levels, self._tails]
            pieces += [self._codes(block) for _, block in self._blocks()]
            index_file.write(path, head | asdict(self.stamp), pieces)

    @classmethod
    def load(
        cls, path: Path, stamp: Stamp, fetch: Fetch, width: int, former: bool = False
    ) -> "ProjectedIndex | None":
        """Read one back; ``stamp``, ``former`` and None as of `VectorIndex.load`."""
        try:
            with path.open("rb") as file:
                return cls._read(index_file.Reading(file), stamp, fetch, width, former)
        # absent, cut off or overwritten
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    @classmethod
    def _read(
        cls, file: index_file.Reading, stamp: Stamp, fetch: Fetch, width: int, former: bool
    ) -> "ProjectedIndex | None":
        n, dim, narrow = (file.head[key] for key in ("n", "dim", "narrow"))
        made = Stamp(file.head["generation"], file.head["fingerprint"])
        if file.head["kind"] != KIND or not made.serves(stamp, former):
            return None
        if not 0 <= width <= dim or narrow < 1 or n < 0:
            return None
        if file.left != 8 * n + 4 * (narrow * (dim + 2) + n * (dim - width)) + n * narrow:
            return None
        basis, levels = np.empty((dim, narrow), np.float32), np.empty((2, narrow), np.float32)
        ids, tails = np.empty(n, np.int64), np.empty((n, dim - width), np.float32)
        for room in (ids, basis, levels, tails):
            _fill(file, room)
        index = cls(basis, levels, fetch, width)
        for start in range(0, n, _BLOCK):
            some = slice(start, start + _BLOCK)
            codes = np.empty((len(ids[some]), narrow), np.uint8)
            _fill(file, codes)
            index._put(ids[some], tails[some], codes)
        index.stamp = made
        return index if file.sound() else None


def _fill(file: index_file.Reading, room: npt.NDArray[Any]) -> None:
    if room.size:
        file.fill(memoryview(room.data).cast("B"))
