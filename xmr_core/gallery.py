"""The searchable side of one library: a corrected, calibrated index for each modality.

Everything here is a cache of the catalogue.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core import shelf_file
from xmr_core.calibration import Chance
from xmr_core.catalogue import Catalogue
from xmr_core.hubness import hub_bias
from xmr_core.index import Stamp
from xmr_core.media import Floats, Modality
from xmr_core.shelf import QUERIES, WHOLE_ONLY, Shares, Shelf, extend
from xmr_core.space import JointSpace
from xmr_core.stores import FileStore, Index, Source, Store

Ids = npt.NDArray[np.int64]

_BACKGROUND = 256  # background queries a modality: enough for a median and a percentile
_MIN_BANK = 64  # items of a modality in the library before they serve as its bank
_OWN_ROWS = 16  # an item's own passages and windows may come first when it is the query
_WRITTEN = 3600.0  # seconds after which a file is not being written any more
_LARGE = 20_000  # rows; no search waits for as many to be read or made anew
_REST = 10.0  # a refresh during a run waits ten times as long as the last one took


@dataclass(frozen=True, eq=False)
class Bank:
    """Background queries: unit ``vectors`` f32 (b, d), and the ``items`` they are, or −1."""

    vectors: Floats
    items: Ids


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
        self._source = Source(catalogue.joint, space.dim)
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
        plain = self.banks()
        own = frozenset(m for m, bank in plain.items() if (bank.items >= 0).any())
        shelves = {}
        for target in Modality:
            index: Index | None = None
            chunks = []
            banks = self._aimed(plain, target)
            for rows, items, nos, joint in self._catalogue.vectors(target):
                keep = nos == 0 if target in WHOLE_ONLY else np.ones(len(nos), bool)
                bias = _biases(joint[keep], [banks[m].vectors for m in QUERIES])
                if index is None:  # not ``or``: an empty one is false, and a server would be asked
                    index = self._store.empty(
                        target,
                        self._space.dim + len(QUERIES),
                        self._source,
                        self._catalogue.row_count(target),
                        np.vstack([_evened(banks[m].vectors, m) for m in QUERIES]),
                    )
                index.add(rows[keep], np.hstack([joint[keep], -bias]))
                chunks.append((rows[keep], items[keep], nos[keep]))
            if index is None:  # nothing of files that are gone stays behind
                self._drop(target)
                continue
            rows, items, nos = (np.concatenate(column) for column in zip(*chunks, strict=True))
            shelf = Shelf(index, rows, items, nos.astype(np.int64), {}, own)
            for query in QUERIES:
                for corrected in (True, False):
                    shelf.chances[query, corrected] = _chance(shelf, banks[query], query, corrected)
            index.stamp = Stamp(generation, self._space.fingerprint)
            self._save(target, shelf)
            shelves[target] = shelf
        return shelves

    def banks(self, target: Modality | None = None) -> dict[Modality, "Bank"]:
        """Background queries by modality: the library's own, else the profile's sentences.

        They are as they are, or as they look for a target.

        Those of the catalogue as it is now; the shelves have had them at their generation.
        """
        banks: dict[Modality, Bank] = {}
        for modality in QUERIES:
            if modality is not Modality.TEXT:
                items, vectors = self._catalogue.sample(modality, _BACKGROUND)
                if len(items) >= _MIN_BANK:
                    banks[modality] = Bank(vectors, items)
                    continue
            sentences = self._space.bank(modality)
            banks[modality] = Bank(sentences, np.full(len(sentences), -1))
        return banks if target is None else self._aimed(banks, target)

    def _aimed(self, banks: Mapping[Modality, "Bank"], target: Modality) -> dict[Modality, "Bank"]:
        return {
            m: replace(bank, vectors=self._space.aimed(bank.vectors, m, target))
            for m, bank in banks.items()
        }

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
        counts = self._catalogue.counts()
        stamp = Stamp(generation, self._space.fingerprint)
        shelves = {}
        for target in (m for m, n in counts.items() if n):
            index = self._store.kept(target, stamp, self._source)
            if index is None:
                return None
            shelf = shelf_file.read(self._table(target), index, self._space.aims)
            if shelf is None:
                return None
            shelves[target] = shelf
        return shelves


def _biases(gallery: Floats, banks: Sequence[Floats]) -> Floats:
    """The hub biases by several banks f32 (n, banks); one bank may stand in for several."""
    made = {id(bank): hub_bias(gallery, bank) for bank in {id(b): b for b in banks}.values()}
    return np.stack([made[id(bank)] for bank in banks], axis=1)


def _evened(bank: Floats, modality: Modality) -> Floats:
    """A bank's queries f32 (b, d + 5), so scaled that a small one counts as much as a large one."""
    return extend(bank, {modality: 1.0}) / np.float32(max(1, len(bank)) ** 0.5)


def _chance(shelf: Shelf, bank: Bank, query: Modality, corrected: bool) -> Chance:
    """What background queries get on a shelf, themselves left out."""
    if len(bank.items) == 0 or len(shelf.rows) == 0:
        return Chance.fit(np.zeros(0, np.float32), np.zeros(0, np.float32))
    step = max(1, len(bank.items) // _BACKGROUND)
    vectors, own = bank.vectors[::step], bank.items[::step]
    shares = {query: 1.0} if corrected else None
    scores, found = shelf.index.search(
        extend(vectors, shares), min(_OWN_ROWS, len(shelf.rows))
    )  # (b, k)
    other = (shelf.items[shelf.place(found)] != own[:, None]) & (found >= 0)  # (b, k)
    best = np.take_along_axis(scores, other.argmax(axis=1)[:, None], axis=1)[:, 0]
    some = other.any(axis=1)
    return Chance.fit(best[some], shelf.typical(vectors[some], shares))
