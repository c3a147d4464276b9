"""Nearest neighbours among many rows: all compared in few dimensions, the best again in all.

The few dimensions are those in which queries differ most: the leading eigenvectors of the second
moment of queries, not of rows. Words lie in a narrow cone of the joint space, away from pictures,
and most of what pictures differ in is nothing to them, so that the rows' own principal axes,
product quantisation and single bits keep what no query asks for. With 256 of 1,157 dimensions
and 400 compared again, 99% of the ten nearest of 100,000 are found and 98% of those of a million
(``tools/scale.py``), of which more are compared; codes of 145 to 290 bytes, trained on the rows,
found 15 to 80%.

The rows themselves are not held: they are fetched where they are kept, which is the catalogue.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core import index_file
from xmr_core.index import POOL, Ids, Stamp, faiss
from xmr_core.media import Floats

Fetch = Callable[[Ids], tuple[Ids, Floats]]
"""Ids i64 (n,), ascending → those that there are, and the first c dimensions f32 of their rows."""

KIND = "projected"
_NARROW = 256  # dimensions in which all rows are compared
_AGAIN, _MORE = 400, 2000  # best rows of those that are compared in all dimensions; and a 2000th
_BLOCK = 65_536  # rows that one processor looks through at once
_QUERIES = 32  # whose best rows are fetched together


def basis(queries: Floats, narrow: int = _NARROW) -> Floats:
    """The directions in which queries are long, f32 (d, m): columns of length one.

    Args:
        queries: f32 (q, d), as they will be asked.
        narrow: m at most.
    """
    _, vectors = np.linalg.eigh(queries.T.astype(np.float64) @ queries)  # ascending
    return np.ascontiguousarray(vectors[:, ::-1][:, :narrow], np.float32)


class ProjectedIndex:
    """Nearest neighbours by inner product; every method may be called from any thread.

    Args:
        basis: f32 (d, m), see :func:`basis`.
        fetch: gives rows by their ids; what it does not give is found no more.
        width: c of ``fetch``; dimensions beyond it are held here.
        room: rows that there will be, if that is known.

    Attributes:
        dim: d.
        stamp: set by whoever fills it.
    """

    def __init__(self, basis: Floats, fetch: Fetch, width: int, room: int = 0) -> None:
        self.dim = len(basis)
        self.stamp = Stamp()
        self._basis, self._fetch, self._width = basis, fetch, width
        self._count = 0
        self._ids: Ids = np.empty(room, np.int64)
        self._near: Floats = np.empty((room, basis.shape[1]), np.float32)
        self._tails: Floats = np.empty((room, self.dim - width), np.float32)
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return self._count

    def add(self, ids: Ids, vectors: Floats) -> None:
        """Add vectors f32 (n, d) under new ids i64 (n,), as ``fetch`` gives them.

        Raises:
            ValueError: shapes that do not fit.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"{len(ids)} ids and vectors {vectors.shape} for d = {self.dim}")
        with self._lock:
            end = self._count + len(ids)
            if end > len(self._ids):
                self._resize(max(end, len(self._ids) + len(self._ids) // 4))
            new = slice(self._count, end)
            self._ids[new], self._tails[new] = ids, vectors[:, self._width :]
            np.matmul(vectors, self._basis, out=self._near[new])
            self._count = end

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """See `Index.search`; nearly all of the best are found, and their scores are exact."""
        queries = np.ascontiguousarray(queries, np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries {queries.shape} for d = {self.dim}")
        with self._lock:
            n = self._count
            chosen = None if allow is None else np.isin(self._ids[:n], allow)
            k = min(k, n if chosen is None else int(chosen.sum()))
            scores = np.full((len(queries), max(k, 0)), -np.inf, np.float32)
            ids = np.full(scores.shape, -1, np.int64)
            again = max(_AGAIN + n // _MORE, 2 * k)
            for start in range(0, len(queries) if k > 0 else 0, _QUERIES):
                some = slice(start, start + _QUERIES)
                near = self._nearest(queries[some] @ self._basis, again, chosen)
                best, found = self._again(queries[some], np.unique(near), k)
                scores[some, : found.shape[1]], ids[some, : found.shape[1]] = best, found
            return scores, ids

    def take(self, ids: Ids) -> Floats:
        """See `Index.take`; a row that ``fetch`` gives no more is zeros as far as it gave it."""
        with self._lock:
            places = np.flatnonzero(np.isin(self._ids[: self._count], ids))
            places = places[np.argsort(self._ids[places])]
            found, heads = self._fetch(self._ids[places])
            rows = np.zeros((len(places), self.dim), np.float32)
            rows[:, self._width :] = self._tails[places]
            rows[np.isin(self._ids[places], found), : self._width] = heads
            return rows

    def _nearest(self, narrow: Floats, k: int, chosen: npt.NDArray[np.bool_] | None) -> Ids:
        """Positions i64 (q, k') of the best rows in few dimensions, in any order."""

        def part(start: int) -> tuple[Floats, Ids]:
            faiss.omp_set_num_threads(1)  # of this thread alone
            block = slice(start, min(start + _BLOCK, self._count))
            rows, at = self._near[block], np.arange(block.start, block.stop)
            if chosen is not None:
                rows, at = rows[chosen[block]], at[chosen[block]]
            if not len(rows):
                return np.zeros((len(narrow), 0), np.float32), np.zeros((len(narrow), 0), np.int64)
            scores, found = faiss.knn(
                narrow, rows, min(k, len(rows)), metric=faiss.METRIC_INNER_PRODUCT
            )
            return scores, at[found]

        found = list(POOL.map(part, range(0, self._count, _BLOCK)))
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

    def _resize(self, room: int) -> None:
        """Make room for so many rows."""
        for name in ("_ids", "_near", "_tails"):
            old = getattr(self, name)
            new = np.empty((room, *old.shape[1:]), old.dtype)
            new[: self._count] = old[: self._count]
            setattr(self, name, new)

    def save(self, path: Path) -> None:
        """See `VectorIndex.save`."""
        with self._lock:
            n = self._count
            head = {"kind": KIND, "dim": self.dim, "n": n, "narrow": self._basis.shape[1]}
            pieces = [self._ids[:n].astype("<i8"), self._basis, self._tails[:n], self._near[:n]]
            index_file.write(path, head | asdict(self.stamp), pieces)

    @classmethod
    def load(cls, path: Path, stamp: Stamp, fetch: Fetch, width: int) -> "ProjectedIndex | None":
        """Read one back; None as of `VectorIndex.load`."""
        try:
            with path.open("rb") as file:
                return cls._read(index_file.Reading(file), stamp, fetch, width)
        # absent, cut off or overwritten
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    @classmethod
    def _read(
        cls, file: index_file.Reading, stamp: Stamp, fetch: Fetch, width: int
    ) -> "ProjectedIndex | None":
        n, dim, narrow = (file.head[key] for key in ("n", "dim", "narrow"))
        made = Stamp(file.head["generation"], file.head["fingerprint"])
        if file.head["kind"] != KIND or made != stamp or not 0 <= width <= dim or narrow < 1:
            return None
        if n < 0 or file.left != 8 * n + 4 * (dim * narrow + n * (dim - width) + n * narrow):
            return None
        index = cls(np.empty((dim, narrow), np.float32), fetch, width, n)
        for room in (index._ids, index._basis, index._tails, index._near):
            if room.size:
                file.fill(memoryview(room.data).cast("B"))
        if not file.sound():
            return None
        index._count, index.stamp = n, stamp
        return index
