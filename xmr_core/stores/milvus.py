"""Milvus as the store, through its own client: a server or cluster by URI, Milvus Lite by a folder.

Each index is a collection of ids and vectors, compared by inner product; which one is in force,
and what it was made from, stands in a small file beside the catalogue, so that a build that was
broken off is never taken for whole. Of former collections the last stays until the next build:
another process may be reading it.

https://milvus.io/docs/consistency.md: ``Strong``, so that what was added is found.
"""

import contextlib
import json
import logging
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.errors import LibraryError, StoreUnavailable
from xmr_core.index import Ids, Stamp
from xmr_core.media import Floats
from xmr_core.stores.contract import Index, Source

TOKEN = "XMR_MILVUS_TOKEN"  # noqa: S105 - the variable that holds it, for it is kept nowhere
_SERVER = re.compile(r"https?://([^/@\s]+)/?\w*")
_LINKS, _BUILD, _LOOK = 32, 80, 96  # of HNSW, as in xmr_core.index
_ROWS = 2000  # in one call: well below the 64 MB that gRPC carries
_MOST = 16_384  # answers to a query, a limit of Milvus
_SECONDS = 30.0  # until a server counts as away


def checked(uri: str) -> str:
    """An address as it is kept: of a server, or of a folder of Milvus Lite made absolute.

    Raises:
        LibraryError: it is neither, or holds a password.

    >>> checked("http://127.0.0.1:19530")
    'http://127.0.0.1:19530'
    """
    uri = uri.strip()
    if "://" in uri:
        if "@" in uri:
            raise LibraryError(
                "An address with a password in it would be kept in the library.",
                f"Leave it out, and set {TOKEN} to user:password.",
            )
        if not _SERVER.fullmatch(uri):
            raise LibraryError(f"{uri} is no address of Milvus.", "Give http://HOST:PORT.")
        return uri
    if not uri.endswith(".db"):
        raise LibraryError(
            f"'{uri}' is neither a server nor a folder of Milvus Lite.",
            "Give http://HOST:PORT, or a folder whose name ends in .db.",
        )
    try:
        return str(Path(uri).expanduser().absolute())
    except RuntimeError as error:  # ~ of somebody who is not known here
        raise LibraryError(f"There is no folder '{uri}'.", "Write its path out.") from error


class MilvusStore:
    """Collections of one library.

    Args:
        uri: as of :func:`checked`.
        folder: where the files that name the collections lie.
        key: what the library's collections are called after; letters and digits.
    """

    def __init__(self, uri: str, folder: Path, key: str) -> None:
        self.uri = uri
        self._folder = folder
        self._prefix = f"xmr_{key}_"
        self._made: Any = None
        self._lock = threading.Lock()

    @property
    def lite(self) -> bool:
        """Milvus Lite keeps it in a folder, which one process holds at a time."""
        return "://" not in self.uri

    def empty(
        self,
        name: str,
        dim: int,
        source: Source | None = None,
        count: int = 0,
        queries: Floats | None = None,
        rows: Callable[[], Floats] | None = None,
    ) -> Index:
        """See `Store.empty`; raises StoreUnavailable."""
        collection = f"{self._prefix}{name}_{secrets.token_hex(4)}"
        with self.guard() as client:
            from pymilvus import DataType, MilvusClient

            schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            kinds = MilvusClient.prepare_index_params()
            # Lite is for few rows, and exact
            kind: dict[str, Any] = {"index_type": "FLAT"}
            if not self.lite:
                kind = {
                    "index_type": "HNSW",
                    "params": {"M": _LINKS, "efConstruction": _BUILD},
                }
            kinds.add_index("vector", metric_type="IP", **kind)
            client.create_collection(
                collection, schema=schema, index_params=kinds, consistency_level="Strong"
            )
        return MilvusIndex(self, collection, dim)

    def keep(self, name: str, index: Index) -> None:
        """See `Store.keep`."""
        if not isinstance(index, MilvusIndex):
            raise TypeError("an index of another store")
        index.settle()
        former = self._named(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(name)
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        told = {"collection": index.collection, "uri": self.uri, "n": len(index), "dim": index.dim}
        temporary.write_text(json.dumps(told | asdict(index.stamp)), "utf-8")
        temporary.replace(file)
        self._clear(name, {index.collection, former.get("collection")})

    def without(self, index: Index, ids: Ids) -> Index | None:
        """See `Store.without`: a collection that is in force is not changed."""
        return None

    def kept(
        self, name: str, stamp: Stamp, source: Source | None = None, former: bool = False
    ) -> Index | None:
        """See `Store.kept`, none of a former state; raises StoreUnavailable."""
        told = self._named(name)
        if told.get("uri") != self.uri or Stamp(told["generation"], told["fingerprint"]) != stamp:
            return None
        with self.guard() as client:
            if not client.has_collection(told["collection"]):
                return None
            client.load_collection(told["collection"])
        index = MilvusIndex(self, told["collection"], told["dim"])
        if len(index) != told["n"]:
            return None
        index.stamp = stamp
        return index

    def drop(self, name: str) -> None:
        """See `Store.drop`; what cannot be reached now goes with the next build."""
        if self._file(name).exists():
            with contextlib.suppress(OSError):
                self._file(name).unlink()
            with contextlib.suppress(StoreUnavailable):
                self._clear(name, set())

    def reach(self) -> None:
        """See `Store.reach`."""
        with self.guard() as client:
            client.list_collections()

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._made is not None:
                self._made.close()
                self._made = None

    @contextlib.contextmanager
    def guard(self) -> Iterator[Any]:
        """The client; what it raises becomes StoreUnavailable."""
        try:
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            raise StoreUnavailable(
                "The package for Milvus is not installed.", "Run: pip install 'xmr[milvus]'."
            ) from error
        try:
            yield self._client()
        except (MilvusException, OSError, ValueError) as error:
            if not self.lite:
                hint = f"Start it, look at its address, or set {TOKEN} to user:password."
            elif isinstance(error, OSError):
                hint = "Give another name, in a folder that can be written."
            else:
                hint = "Close the other program that uses it, or give another name."
            raise StoreUnavailable(
                f"Milvus at {self.uri} cannot be used ({getattr(error, 'message', error)}).",
                f"{hint} To search without it: xmr index --library NAME --store faiss.",
            ) from error

    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                from pymilvus import MilvusClient

                if self.lite:
                    _make_room(Path(self.uri))
                token = os.environ.get(TOKEN, "")
                self._made = MilvusClient(self.uri, token=token, timeout=_SECONDS)
            return self._made

    def _clear(self, name: str, left: set[str | None]) -> None:
        """Drop the collections of a name but these."""
        with self.guard() as client:
            for collection in client.list_collections():
                if collection.startswith(f"{self._prefix}{name}_") and collection not in left:
                    client.drop_collection(collection)

    def _named(self, name: str) -> dict[str, Any]:
        """What the file of a name says; nothing where it says nothing that makes sense."""
        try:
            told = json.loads(self._file(name).read_text("utf-8"))
            wanted = {"collection": str, "uri": str, "n": int, "dim": int}
            wanted |= {"generation": int, "fingerprint": str}
            sound = all(isinstance(told[key], kind) for key, kind in wanted.items())
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return told if sound else {}

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.milvus.json"


def _make_room(place: Path) -> None:
    """Have Milvus Lite find a folder of its own, or none, and keep what it logs to itself."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and not (place.is_dir() and _is_lites(place)):
        raise FileExistsError("something else is there")
    logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)  # its errors come as our own


def _is_lites(folder: Path) -> bool:
    return (folder / "collections").is_dir() or not any(folder.iterdir())


class MilvusIndex:
    """One collection.

    Args:
        store: that it lies in.
        collection: its name there.
        dim: d.
    """

    def __init__(self, store: MilvusStore, collection: str, dim: int) -> None:
        self.collection = collection
        self.dim = dim
        self.stamp = Stamp()
        self._store = store
        self._settled = True

    def __len__(self) -> int:
        with self._store.guard() as client:
            (row,) = client.query(self.collection, filter="", output_fields=["count(*)"])
            return int(row["count(*)"])

    def add(self, ids: Ids, vectors: Floats) -> None:
        """See `Index.add`."""
        ids = np.asarray(ids, np.int64)
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"{len(ids)} ids and vectors {vectors.shape} for d = {self.dim}")
        for start in range(0, len(ids), _ROWS):
            some = slice(start, start + _ROWS)
            rows = [
                {"id": id, "vector": vector}
                for id, vector in zip(ids[some].tolist(), vectors[some], strict=True)
            ]
            with self._store.guard() as client:
                client.insert(self.collection, rows)
        self._settled = self._settled and not len(ids)

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """See `Index.search`."""
        queries = np.ascontiguousarray(queries, np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries {queries.shape} for d = {self.dim}")
        self.settle()
        k = min(k, _MOST)
        answers: list[Any] = []
        if k > 0 and len(queries) and (allow is None or len(allow)):
            # the client knows no arrays in an expression; written out they are ten bytes an id
            among = "" if allow is None else f"id in {np.asarray(allow).tolist()}"
            with self._store.guard() as client:
                answers = client.search(
                    self.collection,
                    data=list(queries),
                    limit=k,
                    filter=among,
                    search_params={"metric_type": "IP", "params": {"ef": max(_LOOK, 2 * k)}},
                )
        shape = (len(queries), max(map(len, answers), default=0))
        scores, ids = np.full(shape, -np.inf, np.float32), np.full(shape, -1, np.int64)
        for row, hits in enumerate(answers):
            scores[row, : len(hits)] = [hit["distance"] for hit in hits]
            ids[row, : len(hits)] = [hit["id"] for hit in hits]
        return scores, ids

    def take(self, ids: Ids) -> Floats:
        """See `Index.take`."""
        ids, taken = np.unique(ids), [np.zeros((0, self.dim), np.float32)]
        for start in range(0, len(ids), _ROWS):
            with self._store.guard() as client:
                rows = client.get(self.collection, ids=ids[start : start + _ROWS].tolist())
            rows = sorted(rows, key=lambda row: row["id"])
            if rows:
                taken.append(np.array([row["vector"] for row in rows], np.float32))
        return np.concatenate(taken)

    def settle(self) -> None:
        """Have what was added sealed, indexed and in memory; searching what is not is slow."""
        if not self._settled:
            with self._store.guard() as client:
                client.flush(self.collection)
                client.load_collection(self.collection)
            self._settled = True
