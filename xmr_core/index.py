"""FAISS behind a small face: ids and vectors in, the best by inner product out.

An index is a cache of the catalogue: it can always be made again, so a file that is
absent, damaged or stamped otherwise is simply not used. FAISS trusts the files it reads
(garbage makes it allocate without bounds or crash), hence a digest over everything is
checked before it sees a byte.

Float16 storage halves the memory but was five times slower than float32 (32 against 6.5 ms
at 100,000 × 389 on two cores), so there is none.
"""

import hashlib
import json
import os
import struct
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Ids = npt.NDArray[np.int64]

faiss: Any = _faiss  # its type stubs do not know its Python layer

_MAGIC = b"XMRINDX1"
_DIGEST = 32  # bytes
_LINKS, _BUILD, _LOOK = 32, 80, 96  # of HNSW: links a node, candidates at building, at searching
_FEW = 0.05  # of the rows: fewer allowed ones are compared one by one
_DEAD = 0.25  # of the rows of an HNSW: with more removed ones it is built again


def _flat(dim: int) -> Any:
    return faiss.IndexFlatIP(dim)


def _hnsw(dim: int) -> Any:
    index = faiss.IndexHNSWFlat(dim, _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _BUILD
    return index


KINDS: dict[str, Callable[[int], Any]] = {"flat": _flat, "hnsw": _hnsw}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was made from: the catalogue's generation and the space's fingerprint."""

    generation: int = 0
    fingerprint: str = ""


class VectorIndex:
    """Nearest neighbours by inner product; every method may be called from any thread.

    Args:
        dim: d.
        kind: "flat", exact; or "hnsw", approximate, for more than some 500,000 rows.

    Attributes:
        stamp: set by whoever fills it.

    >>> index = VectorIndex(2)
    >>> index.add(np.array([7, 9]), np.array([[1, 0], [0, 1]], np.float32))
    >>> scores, ids = index.search(np.array([[0.6, 0.8]], np.float32), 2)
    >>> ids.tolist(), scores.round(1).tolist()
    ([[9, 7]], [[0.800000011920929, 0.6000000238418579]])
    """

    def __init__(self, dim: int, kind: str = "flat") -> None:
        self.dim, self.kind = dim, kind
        self.stamp = Stamp()
        self._index = KINDS[kind](dim)
        self._ids: Ids = np.zeros(0, np.int64)  # by position in the index
        self._live: npt.NDArray[np.bool_] = np.zeros(0, bool)  # HNSW cannot forget a position
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return int(self._live.sum())

    @property
    def ids(self) -> Ids:
        """The ids i64 (n,) that it holds, ascending."""
        with self._lock:
            return np.sort(self._ids[self._live])

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
            taken = np.isin(ids, self._ids[self._live])
            if taken.any() or len(np.unique(ids)) < len(ids):
                raise ValueError("an id is in the index already, or twice among the new ones")
            self._index.add(vectors)
            self._ids = np.concatenate([self._ids, ids])
            self._live = np.concatenate([self._live, np.ones(len(ids), bool)])

    def remove(self, ids: Ids) -> int:
        """Forget ids; how many of them were there."""
        with self._lock:
            gone = np.isin(self._ids, ids) & self._live
            if not gone.any():
                return 0
            self._live &= ~gone
            if self.kind == "flat" or self._live.mean() < 1 - _DEAD:
                self._rebuild()
            return int(gone.sum())

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """The k best rows for each query.

        Args:
            queries: f32 (q, d).
            k: how many.
            allow: only these ids; None for all.

        Returns:
            scores f32 (q, k'), ids i64 (q, k'), best first, with k' ≤ k, as many as there can
            be. An approximate index may find fewer for a query: the rest have id −1 and score −∞.
        """
        queries = np.ascontiguousarray(queries, np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries {queries.shape} for d = {self.dim}")
        with self._lock:
            chosen = self._live if allow is None else self._live & np.isin(self._ids, allow)
            count = int(chosen.sum())
            k = min(k, count)
            if k < 1 or len(queries) == 0:
                shape = (len(queries), max(k, 0))
                return np.zeros(shape, np.float32), np.zeros(shape, np.int64)
            if count <= _FEW * len(chosen):
                return self._compare(queries, k, np.flatnonzero(chosen))
            scores, at = self._index.search(queries, k, params=self._parameters(chosen, k))
            ids = np.where(at >= 0, self._ids[at], -1)  # (q, k)
            return np.where(at >= 0, scores, -np.inf).astype(np.float32), ids

    def take(self, ids: Ids) -> Floats:
        """Copies of the vectors f32 (n, d) of ids, in the order that they were added in."""
        with self._lock:
            return self._vectors()[np.flatnonzero(np.isin(self._ids, ids) & self._live)].copy()

    def _compare(self, queries: Floats, k: int, places: Ids) -> tuple[Floats, Ids]:
        """Exact search among a few positions."""
        scores = queries @ self._vectors()[places].T  # (q, c)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]  # (q, k)
        return np.take_along_axis(scores, best, axis=1), self._ids[places[best]]

    def _parameters(self, chosen: npt.NDArray[np.bool_], k: int) -> Any:
        options: dict[str, Any] = {}
        if not chosen.all():
            options["sel"] = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
        if self.kind == "hnsw":
            return faiss.SearchParametersHNSW(efSearch=max(_LOOK, 2 * k), **options)
        return faiss.SearchParameters(**options) if options else None

    def _vectors(self) -> Floats:
        """The vectors f32 (n, d) by position, without copying them."""
        storage = self._index
        if self.kind == "hnsw":
            storage = faiss.downcast_index(storage.storage)
        flat: Floats = faiss.rev_swig_ptr(storage.get_xb(), storage.ntotal * self.dim)
        return flat.reshape(-1, self.dim)

    def _rebuild(self) -> None:
        """Make it again from the rows that are left."""
        vectors = self._vectors()[self._live]
        self._ids, self._live = self._ids[self._live], np.ones(len(vectors), bool)
        self._index = KINDS[self.kind](self.dim)
        self._index.add(vectors)

    def save(self, path: Path) -> None:
        """Keep it in a file, all of it or nothing.

        Raises:
            OSError: the file cannot be written; a former one stays.
        """
        with self._lock:
            if not self._live.all():
                self._rebuild()
            head = json.dumps(
                {"kind": self.kind, "dim": self.dim, "n": len(self._ids), **asdict(self.stamp)}
            ).encode()
            body: list[Any] = [
                struct.pack("<I", len(head)),
                head,
                self._ids.astype("<i8").tobytes(),
                faiss.serialize_index(self._index),
            ]
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + _digest(*body))
                for piece in body:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    @classmethod
    def load(cls, path: Path, stamp: Stamp | None = None) -> "VectorIndex | None":
        """Read one back.

        Args:
            path: of the file.
            stamp: what it must have been made from; None takes any, see ``stamp`` of the result.

        Returns:
            the index; None where there is no file, where it is damaged, or where it was made
            from something else: then make it again.
        """
        try:
            data = path.read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + _DIGEST
        body = memoryview(data)[start:]
        if data[:start] != _MAGIC + _digest(body):
            return None
        (size,) = struct.unpack_from("<I", body)
        head = json.loads(bytes(body[4 : 4 + size]))
        found = Stamp(head["generation"], head["fingerprint"])
        if head["kind"] not in KINDS or (stamp is not None and found != stamp):
            return None
        index = cls(head["dim"], head["kind"])
        index.stamp = found
        ids = 4 + size
        vectors = ids + 8 * head["n"]
        index._ids = np.frombuffer(body[ids:vectors], "<i8").astype(np.int64)
        index._live = np.ones(head["n"], bool)
        try:
            index._index = faiss.deserialize_index(np.frombuffer(body[vectors:], np.uint8))
        except RuntimeError:  # written by a FAISS that this one does not understand
            return None
        return index


def _digest(*pieces: Any) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _sync_folder(folder: Path) -> None:
    """Make a renaming outlast a power cut; Windows has no such thing."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
