"""Making a shelf from the catalogue: whole, or from a former one and what has changed since.

What takes long is to read every vector and to compare it with thousands of background queries.
A row's correction depends on the row and on those queries alone, so that a large shelf keeps its
queries (its banks), and what chance gets on it, while fewer than a tenth of its rows have come or
gone; rows that stayed are taken over. By then its own pictures, as queries, stand for a tenth
less of it, and the best of so many more rows lies higher by chance: both are drawn anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xmr_core.calibration import Chance
from xmr_core.catalogue import Catalogue
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats, Modality
from xmr_core.shelf import QUERIES, WHOLE_ONLY, Bank, Shelf, extend
from xmr_core.space import JointSpace
from xmr_core.stores import Index, Source, Store

Ids = npt.NDArray[np.int64]
Banks = Mapping[Modality, Bank]

_BACKGROUND = 256  # background queries a modality: enough for a median and a percentile
_MIN_BANK = 64  # items of a modality in the library before they serve as its bank
_OWN_ROWS = 16  # an item's own passages and windows may come first when it is the query
_SHARE = 0.1  # of its rows that may have come or gone since a shelf was made whole
_CHUNK = 4096  # new rows that are read at once
_LAST, _ROUNDING = 64, 1e-3  # rows that are looked at, and how far sums of products may differ
_LIKE = 2048  # items that tell an index what its rows are like


class Shelving:
    """Makes the shelves of a library.

    Args:
        catalogue: the truth.
        space: the joint space its vectors are in.
        store: of the vectors.

    Attributes:
        source: where an index finds the vectors that it does not hold.
    """

    def __init__(self, catalogue: Catalogue, space: JointSpace, store: Store) -> None:
        self.source = Source(catalogue.joint, space.dim)
        self._catalogue, self._space, self._store = catalogue, space, store

    def banks(self) -> Banks:
        """Items of the library as background queries, of each modality that has enough."""
        own: dict[Modality, Bank] = {}
        for modality in QUERIES:
            if modality is not Modality.TEXT:
                items, vectors = self._catalogue.sample(modality, _BACKGROUND)
                if len(items) >= _MIN_BANK:
                    own[modality] = Bank(vectors, items)
        return own

    def aimed(self, own: Banks, target: Modality) -> dict[Modality, Bank]:
        """Background queries as they look for a target: own ones, else the profile's sentences."""
        banks = {}
        for m in QUERIES:
            bank = own.get(m)
            if bank is None:
                sentences = self._space.bank(m)
                bank = Bank(sentences, np.full(len(sentences), -1))
            banks[m] = replace(bank, vectors=self._space.aimed(bank.vectors, m, target))
        return banks

    def whole(self, target: Modality, own: Banks) -> Shelf | None:
        """A shelf of all that the catalogue has of a modality; None of nothing.

        Args:
            target: the modality.
            own: its banks, see :meth:`banks`.
        """
        index: Index | None = None
        chunks = []
        banks = self.aimed(own, target)
        for rows, items, nos, joint in self._catalogue.vectors(target):
            keep = _searched(nos, target)
            if index is None:  # not ``or``: an empty one is false, and a server would be asked
                index = self._empty(target, banks)
            index.add(rows[keep], _corrected(joint[keep], banks))
            chunks.append((rows[keep], items[keep], nos[keep]))
        if index is None:
            return None
        rows, items, nos = (np.concatenate(column) for column in zip(*chunks, strict=True))
        shelf = Shelf(index, rows, items, nos.astype(np.int64), {}, dict(own))
        for query in QUERIES:
            for corrected in (True, False):
                shelf.chances[query, corrected] = _chance(shelf, banks[query], query, corrected)
        return shelf

    def caught_up(self, former: Shelf, target: Modality, own: Banks) -> Shelf | None:
        """A former shelf with what has come and without what has gone; None: make it whole.

        The former one stays as it is, and is what is given where nothing has changed.

        Args:
            former: of this catalogue and space.
            target: its modality.
            own: the banks that it would have if it were made whole now.
        """
        rows, items, nos = self._catalogue.placed(target)
        keep = _searched(nos, target)
        rows, items, nos = rows[keep], items[keep], nos[keep]
        new = ~np.isin(rows, former.rows, assume_unique=True)
        left = np.isin(former.rows, rows, assume_unique=True)
        changed = former.changed + int(new.sum()) + int((~left).sum())
        if former.own != frozenset(own) or changed > _SHARE * len(rows):
            return None
        same = (items[~new] == former.items[left]) & (nos[~new] == former.nos[left])
        banks = self.aimed(former.banks, target)
        if not same.all() or not self._alike(former.index, rows[~new][-_LAST:], banks):
            return None
        if changed == former.changed:
            return former
        index = self._store.without(former.index, former.rows[~left])
        if index is None:
            return None
        came = rows[new]
        for start in range(0, len(came), _CHUNK):
            found, joint = self._catalogue.joint(came[start : start + _CHUNK])
            if len(found):  # else they have gone meanwhile, as the next time will show
                index.add(found, _corrected(joint, banks))
        return Shelf(index, rows, items, nos, former.chances, former.banks, changed)

    def _alike(self, index: Index, rows: Ids, banks: Banks) -> bool:
        """Whether some rows are in an index as they would be put there now.

        They are not where a copy of the catalogue was put back, and other items got rows that
        had been used; where sentences of the profile are others than they were, neither.
        """
        found, joint = self._catalogue.joint(rows)
        if len(found) < len(rows):
            return False
        return np.allclose(index.take(rows), _corrected(joint, banks), atol=_ROUNDING)

    def _empty(self, target: Modality, banks: Banks) -> Index:
        return self._store.empty(
            target,
            self._space.dim + len(QUERIES),
            self.source,
            self._catalogue.row_count(target),
            np.vstack([_evened(banks[m].vectors, m) for m in QUERIES]),
            lambda: _corrected(self._catalogue.sample(target, _LIKE)[1], banks),
        )


def _searched(nos: npt.NDArray[np.integer], target: Modality) -> npt.NDArray[np.bool_]:
    """Which parts of items are rows of a shelf."""
    return nos == 0 if target in WHOLE_ONLY else np.ones(len(nos), bool)


def _corrected(joint: Floats, banks: Banks) -> Floats:
    """Vectors f32 (n, d) as an index holds them, f32 (n, d + 5)."""
    return np.hstack([joint, -_biases(joint, [banks[m].vectors for m in QUERIES])])


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
