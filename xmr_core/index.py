"""FAISS behind a small face: ids and vectors in, the best by inner product out.

An index is a cache of the catalogue: it can always be made again, so a file that is
absent, damaged or stamped otherwise is simply not used. FAISS trusts the files it reads
(garbage makes it allocate without bounds or crash), hence only numbers are read, and a digest
over everything is checked. They are read straight to where they are searched, so that they are
not there twice.

Float16 storage halves the memory but was five times slower than float32 (32 against 6.5 ms
at 100,000 × 389 on two cores), so there is none. Of more rows than some ten thousand see
:mod:`xmr_core.projected_index`.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from xmr_core import index_file
from xmr_core.media import Floats

Ids = npt.NDArray[np.int64]

faiss: Any = _faiss  # its type stubs do not know its Python layer

KIND = "flat"
_FEW = 0.05  # of the rows: fewer allowed ones are compared one by one
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
POOL = ThreadPoolExecutor(_CORES or 1, "xmr-index")  # starts a thread when there is work for it


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was made from: the catalogue's generation and the space's fingerprint."""

    generation: int = 0
    fingerprint: str = ""

    def serves(self, wanted: "Stamp", former: bool = False) -> bool:
        """Whether what was made from this is what is wanted, or, at will, a former state of it."""
        same = self.fingerprint == wanted.fingerprint and self.generation <= wanted.generation
        return same if former else self == wanted


class VectorIndex:
    """Nearest neighbours by inner product, exact; every method may be called from any thread.

    Args:
        dim: d.

    Attributes:
        stamp: set by whoever fills it.

    >>> index = VectorIndex(2)
    >>> index.add(np.array([7, 9]), np.array([[1, 0], [0, 1]], np.float32))
    >>> scores, ids = index.search(np.array([[0.6, 0.8]], np.float32), 2)
    >>> ids.tolist(), scores.round(1).tolist()
    ([[9, 7]], [[0.800000011920929, 0.6000000238418579]])
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self.stamp = Stamp()
        self._index = faiss.IndexFlatIP(dim)
        self._ids: Ids = np.zeros(0, np.int64)  # by position in the index
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> Ids:
        """The ids i64 (n,) that it holds, ascending."""
        with self._lock:
            return np.sort(self._ids)

    def add(self, ids: Ids, vectors: Floats) -> None:
        """Add vectors f32 (n, d) under ids i64 (n,).

        Raises:
            ValueError: shapes that do not fit, or an id twice.
        """
        ids = np.asarray(ids, np.int64)
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"{len(ids)} ids and vectors {vectors.shape} for d = {self.dim}")
        with self._lock:
            if np.isin(ids, self._ids).any() or len(np.unique(ids)) < len(ids):
                raise ValueError("an id is in the index already, or twice among the new ones")
            self._index.add(vectors)
            self._ids = np.concatenate([self._ids, ids])

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """The k best rows for each query.

        Args:
            queries: f32 (q, d).
            k: how many.
            allow: only these ids; None for all.

        Returns:
            scores f32 (q, k'), ids i64 (q, k'), best first, with k' ≤ k, as many as there are.
        """
        queries = np.ascontiguousarray(queries, np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries {queries.shape} for d = {self.dim}")
        with self._lock:
            chosen = np.ones(len(self._ids), bool) if allow is None else np.isin(self._ids, allow)
            count = int(chosen.sum())
            k = min(k, count)
            if k < 1 or len(queries) == 0:
                shape = (len(queries), max(k, 0))
                return np.zeros(shape, np.float32), np.zeros(shape, np.int64)
            if count <= _FEW * len(chosen):
                return self._compare(queries, k, np.flatnonzero(chosen))
            some = None
            if count < len(chosen):
                bits = np.packbits(chosen, bitorder="little")
                some = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
            scores, at = self._index.search(queries, k, params=some)
            return scores, self._ids[at]

    def take(self, ids: Ids) -> Floats:
        """Copies of the vectors f32 (n, d) of ids, ascending by id."""
        with self._lock:
            at = np.flatnonzero(np.isin(self._ids, ids))
            return self._vectors()[at[np.argsort(self._ids[at])]]

    def without(self, ids: Ids) -> "VectorIndex":
        """A copy without some rows."""
        with self._lock:
            copy, kept = VectorIndex(self.dim), ~np.isin(self._ids, ids)
            copy.add(self._ids[kept], self._vectors()[kept])
            return copy

    def _compare(self, queries: Floats, k: int, places: Ids) -> tuple[Floats, Ids]:
        """Exact search among a few positions."""
        scores = queries @ self._vectors()[places].T  # (q, c)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]  # (q, k)
        return np.take_along_axis(scores, best, axis=1), self._ids[places[best]]

    def _vectors(self) -> Floats:
        """The vectors f32 (n, d) by position, without copying them."""
        flat: Floats = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self.dim)
        return flat.reshape(-1, self.dim)

    def save(self, path: Path) -> None:
        """Keep it in a file, all of it or nothing.

        Raises:
            OSError: the file cannot be written; a former one stays.
        """
        with self._lock:
            head = {"kind": KIND, "dim": self.dim, "n": len(self._ids), **asdict(self.stamp)}
            index_file.write(path, head, [self._ids.astype("<i8"), self._vectors()])

    @classmethod
    def load(
        cls, path: Path, stamp: Stamp | None = None, former: bool = False
    ) -> "VectorIndex | None":
        """Read one back.

        Args:
            path: of the file.
            stamp: what it must have been made from; None takes any, see ``stamp`` of the result.
            former: take an earlier generation of that, too.

        Returns:
            the index; None where there is no file, where it is damaged, or where it was made
            from something else: then make it again.
        """
        try:
            with path.open("rb") as file:
                return cls._read(index_file.Reading(file), stamp, former)
        # absent, cut off, overwritten
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    @classmethod
    def _read(
        cls, file: index_file.Reading, stamp: Stamp | None, former: bool
    ) -> "VectorIndex | None":
        n, dim, kind = file.head["n"], file.head["dim"], file.head["kind"]
        found = Stamp(file.head["generation"], file.head["fingerprint"])
        if kind != KIND or not (stamp is None or found.serves(stamp, former)):
            return None
        if n < 0 or dim < 1 or file.left != n * (8 + 4 * dim):
            return None
        index = cls(dim)
        index.stamp = found
        index._ids = np.frombuffer(file.take(8 * n), "<i8").astype(np.int64)
        index._index.codes.resize(4 * n * dim)
        index._index.ntotal = n
        if n:
            file.fill(memoryview(index._vectors().data).cast("B"))
        return index if file.sound() else None
