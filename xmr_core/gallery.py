"""The searchable side of one library: a corrected, calibrated index for each modality.

Everything here is a cache of the catalogue.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core import shelf_file
from xmr_core.catalogue import Catalogue
from xmr_core.index import Stamp
from xmr_core.media import Floats, Modality
from xmr_core.shelf import Bank, Shares, Shelf, extend
from xmr_core.shelving import Shelving
from xmr_core.space import JointSpace
from xmr_core.stores import FileStore, Store

Ids = npt.NDArray[np.int64]

_WRITTEN = 3600.0  # seconds after which a file is not being written any more
_LARGE = 20_000  # rows; no search waits for as many to be read or made, and most are taken over
_REST = 10.0  # a refresh during a run waits ten times as long as the last one took


class Gallery:
    """The shelves of a library, loaded from their files or rebuilt from the catalogue.

    Args:
        catalogue: the truth.
        space: the joint space its vectors are in.
        folder: where the files of this cache live.
        store: of the vectors; files in that folder if None.
    """

    def __init__(
        self, catalogue: Catalogue, space: JointSpace, folder: Path, store: Store | None = None
    ) -> None:
        self._catalogue, self._space, self._folder = catalogue, space, folder
        self._store = store or FileStore(folder)
        self._shelving = Shelving(catalogue, space, self._store)
        self._shelves: dict[Modality, Shelf] = {}
        self._generation = -1
        self._took = self._when = 0.0
        self._lock = threading.RLock()
        self._refresh: threading.Thread | None = None
        self._closed = False

    def shelves(self, fresh: bool = False) -> Mapping[Modality, Shelf]:
        """The shelves, brought up to the catalogue's generation.

        While a run commits batch after batch, they are refreshed only so often that
        searching does not slow down. Large ones are refreshed beside the searches, which go on
        with the former until then. ``fresh`` insists, and waits.
        """
        with self._lock:
            generation = self._catalogue.generation
            rested = time.monotonic() - self._when > _REST * self._took
            if generation == self._generation or not (fresh or rested or not self._shelves):
                return self._shelves
            if fresh or sum(len(shelf.rows) for shelf in self._shelves.values()) <= _LARGE:
                self._renew(generation)
            elif self._refresh is None:
                self._refresh = threading.Thread(
                    target=self._renew, args=[generation], name="xmr-shelves", daemon=True
                )
                self._refresh.start()
            return self._shelves

    def _renew(self, generation: int) -> None:
        """Put shelves of a generation into force."""
        aside = threading.current_thread() is self._refresh
        start = time.monotonic()
        try:
            shelves = self._load(generation) or self._build(generation)
        except Exception:
            if not aside:
                raise
            if not self._closed:  # the former serve on, and it is tried again after a rest
                logging.getLogger(__name__).exception("The index was not brought up to date.")
            shelves = None
        with self._lock:
            if shelves is not None and generation > self._generation:
                self._shelves, self._generation = shelves, generation
            self._took, self._when = time.monotonic() - start, time.monotonic()
            if aside:
                self._refresh = None

    def search(
        self,
        vector: Floats,
        shares: Shares,
        target: Modality,
        k: int,
        allowed: Ids | None = None,
        corrected: bool = True,
    ) -> list[tuple[float, int, int]]:
        """The best k items of one modality.

        Args:
            vector: the query, unit, f32 (d,).
            shares: of each modality in the query, summing to 1.
            target: whose shelf.
            k: items, each with its best row.
            allowed: ids of the items to choose from; None for all.
            corrected: subtract the hub bias.

        Returns:
            (score, item, part number), best first.
        """
        shelf = self.shelves().get(target)
        if shelf is None or len(shelf.rows) == 0:
            return []
        rows = None if allowed is None else shelf.rows[np.isin(shelf.items, allowed)]
        total = len(shelf.rows) if rows is None else len(rows)
        query = extend(vector[None], shares if corrected else None)
        ask = min(total, 2 * k + 32)
        while ask:
            scores, found = shelf.index.search(query, ask, rows)
            at = shelf.place(found[0][found[0] >= 0])
            _, first = np.unique(shelf.items[at], return_index=True)  # best row of each item
            if len(first) >= k or ask >= total:
                best = np.sort(first)[:k]
                return [
                    (float(scores[0, i]), int(shelf.items[at[i]]), int(shelf.nos[at[i]]))
                    for i in best
                ]
            ask = min(total, 4 * ask)
        return []

    def _build(self, generation: int) -> dict[Modality, Shelf]:
        self._sweep()
        own = self._shelving.banks()
        shelves = {}
        for target in Modality:
            shelf = former = self._former(target, generation)
            if former is not None:
                shelf = self._shelving.caught_up(former, target, own)
            if shelf is None:
                shelf = self._shelving.whole(target, own)
            if shelf is None:  # nothing of files that are gone stays behind
                self._drop(target)
                continue
            shelf.index.stamp = Stamp(generation, self._space.fingerprint)
            if shelf is not former:
                self._save(target, shelf)
            shelves[target] = shelf
        return shelves

    def _former(self, target: Modality, generation: int) -> Shelf | None:
        """A large shelf as it was before the catalogue changed."""
        if self._catalogue.row_count(target) <= _LARGE:
            return None
        return self._shelves.get(target) or self._read(target, generation, former=True)

    def banks(self, target: Modality) -> dict[Modality, Bank]:
        """Background queries by modality, as they look for a target: those of its shelf.

        The library's own, else the profile's sentences; as a shelf would have them that were
        made now, where there is none.
        """
        shelf = self._shelves.get(target)
        own = self._shelving.banks() if shelf is None else shelf.banks
        return self._shelving.aimed(own, target)

    def _sweep(self) -> None:
        """Remove what writers that died left half written."""
        for pattern in (".*.part", "*.tmp"):
            for left in self._folder.glob(pattern):
                with contextlib.suppress(OSError):
                    if time.time() - left.stat().st_mtime > _WRITTEN:
                        left.unlink()

    def close(self) -> None:
        """Let go of the store; a refresh that goes on keeps nothing."""
        self._closed = True
        self._store.close()

    def _drop(self, target: Modality) -> None:
        self._store.drop(target)
        with contextlib.suppress(OSError):
            self._table(target).unlink(missing_ok=True)

    def _table(self, target: Modality) -> Path:
        return self._folder / f"{target}.npz"

    def _save(self, target: Modality, shelf: Shelf) -> None:
        if self._closed:
            return  # its folder may have been deleted, and is not to come back
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shelf_file.write(self._table(target), shelf, self._space.aims)
            self._store.keep(target, shelf.index)
        except OSError:  # a cache that cannot be kept is made again next time
            self._store.drop(target)

    def _load(self, generation: int) -> dict[Modality, Shelf] | None:
        shelves = {}
        for target in (m for m, n in self._catalogue.counts().items() if n):
            shelf = self._read(target, generation)
            if shelf is None:
                return None
            shelves[target] = shelf
        return shelves

    def _read(self, target: Modality, generation: int, former: bool = False) -> Shelf | None:
        """A shelf from its files, as they were made from a generation, or from a former one."""
        stamp = Stamp(generation, self._space.fingerprint)
        index = self._store.kept(target, stamp, self._shelving.source, former)
        if index is None:
            return None
        return shelf_file.read(self._table(target), index, self._space.aims)
