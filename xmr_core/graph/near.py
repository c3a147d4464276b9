"""The nearest items of every item in every medium, kept up as items come and go.

What is found must not depend on the order in which items came: an item that is placed later
gets the neighbours, and becomes the neighbour, that it would have if all were compared anew. So
cosines are compared as whole numbers, whose sums are the same however they are added up, and of
two that are equally near the one with the lower row comes first.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Ids = npt.NDArray[np.int64]
Wholes = Callable[[int], tuple[Ids, Floats]]
"""The number of a medium → rows i64 (c,), ascending, and unit vectors f32 (c, d) of its items."""

Tell = Callable[[int, int], None]

KEPT = 6
"""Neighbours kept in each medium; as many or fewer can be asked to be mutual."""

# Unit vectors times this, rounded. By Cauchy and Schwarz no partial sum of a product of two is
# above 2**22 or so: float32 holds whole numbers up to 2**24, and adds them without an error.
_SCALE = 2048
_CHUNK = 128  # rows compared at a time: 128 × 100,000 products are 100 MB as whole numbers
_NONE = -(1 << 30)  # the score of an empty place


@dataclass(frozen=True, eq=False)
class Near:
    """Who is nearest to whom.

    Attributes:
        rows: i64 (n,), ascending: the row of each item's vector in the catalogue. A row is
            never used twice, and an item whose content changes gets another one.
        media: u8 (n,), the number of each item's medium.
        nearest: i64 (n, media, KEPT), rows, the nearest first; −1 where there are no more.
        scores: i32 (n, media, KEPT), cosines as whole numbers.
    """

    rows: Ids
    media: npt.NDArray[np.uint8]
    nearest: Ids
    scores: npt.NDArray[np.int32]

    @classmethod
    def empty(cls, media: int) -> "Near":
        """Nobody, of so many media."""
        shape = (0, media, KEPT)
        return cls(
            np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(shape, np.int64),
            np.zeros(shape, np.int32),
        )  # fmt: skip

    def updated(self, present: list[Ids], wholes: Wholes, tell: Tell = lambda *_: None) -> "Near":
        """The same for the items that there are now; only what is new is compared.

        Args:
            present: by medium, the rows i64 (c,), ascending, of its items now.
            wholes: gives the vectors of a medium.
            tell: called with how many of how many comparisons are done.
        """
        kinds = len(present)
        rows = np.concatenate([np.zeros(0, np.int64), *present])
        media = np.concatenate(
            [np.zeros(0, np.uint8), *(np.full(len(r), m, np.uint8) for m, r in enumerate(present))]
        )
        order = np.argsort(rows, kind="stable")
        rows, media = rows[order], media[order]
        nearest = np.full((len(rows), kinds, KEPT), -1, np.int64)
        scores = np.full((len(rows), kinds, KEPT), _NONE, np.int32)
        mine, theirs = np.intersect1d(rows, self.rows, assume_unique=True, return_indices=True)[1:]
        nearest[mine], scores[mine] = self.nearest[theirs], self.scores[theirs]
        old = np.zeros(len(rows), bool)
        old[mine] = True
        gone = np.setdiff1d(self.rows, rows, assume_unique=True)
        # A list that loses somebody must be made again, as the next one on it is not known
        anew = np.isin(nearest, gone).any(axis=2) | ~old[:, None]  # (n, media)
        work = _Work(kinds, rows, media, old, anew, tell)
        for target in range(kinds):
            work.compare(target, wholes, nearest, scores)
        return Near(rows, media, nearest, scores)

    def mutual(self, k: int) -> tuple[Ids, Ids, Floats]:
        """Pairs that are among each other's k nearest of the other's medium.

        Returns:
            places i64 (e,) among the rows, of the one and of the other, the one first; and their
            cosines f32 (e,).
        """
        n, kinds, _ = self.nearest.shape
        listed = self.nearest[:, :, :k]
        one = np.repeat(np.arange(n), kinds * listed.shape[2])
        rows = listed.reshape(-1)
        other = np.searchsorted(self.rows, rows)
        there = rows >= 0
        one, other, scores = one[there], other[there], self.scores[:, :, :k].reshape(-1)[there]
        forth, back = one * n + other, other * n + one
        both = (one < other) & np.isin(forth, back)
        return one[both], other[both], (scores[both] / _SCALE**2).astype(np.float32)


@dataclass(eq=False)
class _Work:
    """One bringing up to date: which lists to make again, and which to see new items on."""

    kinds: int
    rows: Ids
    media: npt.NDArray[np.uint8]
    old: npt.NDArray[np.bool_]
    anew: npt.NDArray[np.bool_]
    tell: Tell
    done: int = 0

    @property
    def total(self) -> int:
        """Rows to be compared, each medium counted."""
        return int(self.anew.sum()) + int((~self.anew).sum() if (~self.old).any() else 0)

    def compare(
        self, target: int, wholes: Wholes, nearest: Ids, scores: npt.NDArray[np.int32]
    ) -> None:
        """Bring everybody's list in one medium up to date, in place."""
        whole, fresh = self.anew[:, target], (self.media == target) & ~self.old
        merged = ~whole if fresh.any() else np.zeros(len(self.rows), bool)
        if not (whole.any() or merged.any()):
            return
        key_rows, keys = self._numbers(wholes, target)
        new = np.isin(key_rows, self.rows[fresh])
        for medium in range(self.kinds):
            of = self.media == medium
            if not (of & (whole | merged)).any():
                continue
            asked_rows, asked = (
                (key_rows, keys) if medium == target else self._numbers(wholes, medium)
            )
            for some, chosen, merge in (
                (of & whole, slice(None), False),
                (of & merged, new, True),
            ):
                places = np.flatnonzero(some)
                for start in range(0, len(places), _CHUNK):
                    at = places[start : start + _CHUNK]
                    vectors = asked[np.searchsorted(asked_rows, self.rows[at])]
                    found = _best(self.rows[at], vectors, key_rows[chosen], keys[chosen])
                    if merge:
                        found = _merged(found, (nearest[at, target], scores[at, target]))
                    nearest[at, target], scores[at, target] = found
                    self.done += len(at)
                    self.tell(self.done, self.total)

    @staticmethod
    def _numbers(wholes: Wholes, medium: int) -> tuple[Ids, Floats]:
        rows, vectors = wholes(medium)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled = np.rint(vectors * (_SCALE / np.maximum(lengths, 1e-6)))
        return rows, scaled.astype(np.float32)


_Lists = tuple[Ids, npt.NDArray[np.int32]]


def _best(rows: Ids, vectors: Floats, key_rows: Ids, keys: Floats) -> _Lists:
    """The nearest of some keys (c, d) to some vectors (q, d), themselves left out: (q, KEPT)."""
    # where there are no keys, nobody knows how long they would be
    scores = (vectors @ keys.reshape(-1, vectors.shape[1]).T).astype(np.int64)  # (q, c)
    scores[rows[:, None] == key_rows[None]] = _NONE
    return _top(np.broadcast_to(key_rows, scores.shape), scores)


def _merged(one: _Lists, other: _Lists) -> _Lists:
    """The nearest of two lists each, (q, KEPT)."""
    return _top(
        np.concatenate([one[0], other[0]], axis=1),
        np.concatenate([one[1], other[1]], axis=1).astype(np.int64),
    )


def _top(rows: Ids, scores: Ids) -> _Lists:
    """The best KEPT of each line (q, c), those of the lower row first among equals."""
    count = min(KEPT, rows.shape[1])
    keys = scores * (1 << 32) - rows
    best = (
        np.argpartition(-keys, count - 1, axis=1)[:, :count] if count else keys[:, :0].astype(int)
    )
    best = np.take_along_axis(
        best, np.argsort(-np.take_along_axis(keys, best, axis=1), axis=1), axis=1
    )
    found = np.full((len(rows), KEPT), -1, np.int64)
    worth = np.full((len(rows), KEPT), _NONE, np.int32)
    worth[:, :count] = np.take_along_axis(scores, best, axis=1)
    found[:, :count] = np.take_along_axis(rows, best, axis=1)
    found[worth == _NONE] = -1
    return found, worth
