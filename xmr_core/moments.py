"""Moments: where inside sounds, videos and texts a query is answered, and one thing after another.

A part's log-odds are read on the same scale as a hit's, so that the best moment of an item is as
strong as the item. Of several things in their order all have to be there: an item's probability
is the product of its steps', at those places in it, one after the other, that make it largest.
They are found by dynamic programming over its parts, the way that temporal queries of known-item
search are answered (J. Lokoč et al., "Is the Reign of Interactive Search Eternal?", ACM TOMM
17(3), 2021).
"""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xmr_core.calibration import strength
from xmr_core.errors import QueryError
from xmr_core.media import Floats, Item, Modality, Part
from xmr_core.query import Query
from xmr_core.results import Hit
from xmr_core.search import Searcher
from xmr_core.shelf import Ids, extend

TIMED = frozenset({Modality.TEXT, Modality.AUDIO, Modality.VIDEO})
"""Media whose parts come one after the other."""
MAX_STEPS = 5
_POOL = 300  # items of each medium that each step is looked for in


@dataclass(frozen=True, slots=True)
class Moment:
    """A part of an item, and the log-odds that it answers the query."""

    part: Part
    odds: float

    @property
    def strength(self) -> float:
        """The same as a probability."""
        return strength(self.odds)


@dataclass(frozen=True, slots=True)
class Course:
    """An item in which several things come one after the other.

    Attributes:
        hit: the item, at its first step; its strength is the probability that all are right, its
            cosine and score are those of its weakest step, corrected if the queries are.
        steps: a moment for each query, in order.
    """

    hit: Hit
    steps: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    value: float
    score: float
    item: int
    steps: tuple[Moment, ...]


def moments(searcher: Searcher, query: Query, item: Item) -> list[Moment]:
    """The parts of an item, in their order, each with what the query finds in it.

    Args:
        searcher: of the item's library.
        query: its filters are not asked.
        item: of :data:`TIMED` media; one of others, or without parts, has no moments.

    Raises:
        QueryError: as :meth:`xmr_core.search.Searcher.search`.
    """
    if item.modality not in TIMED:
        return []
    _, nos, _, odds = _parts(searcher, [query], item.modality, {item.id})
    known = dict(zip(nos.tolist(), odds[0].tolist(), strict=True))
    return [Moment(part, known[part.no]) for part in _ordered(searcher, item.id, known)]


def courses(searcher: Searcher, steps: Sequence[Query], k: int = 24) -> list[Course]:
    """Items in which the answers to several queries come one after the other, best first.

    Args:
        searcher: of the library.
        steps: from two to five; the filters of the first say which items may answer.
        k: how many.

    Raises:
        QueryError: too few steps or too many, or as :meth:`xmr_core.search.Searcher.search`.
    """
    if not 2 <= len(steps) <= MAX_STEPS:
        raise QueryError(
            f"{len(steps)} things one after the other cannot be looked for.",
            f"Give from two to {MAX_STEPS}.",
        )
    filters = steps[0].filters
    found: list[_Found] = []
    for modality in sorted((filters.modalities or TIMED) & TIMED):
        only = replace(filters, modalities=frozenset({modality}))
        pool = {
            hit.item.id
            for step in steps
            for hit in searcher.search(replace(step, filters=only, k=_POOL, offset=0)).hits
        }
        items, nos, scores, odds = _parts(searcher, steps, modality, pool)
        for item in np.unique(items).tolist():
            at = dict(zip(nos[items == item].tolist(), np.flatnonzero(items == item), strict=True))
            parts = _ordered(searcher, item, at)
            places = [at[part.no] for part in parts]
            boxes = np.array([(p.low[0], p.high[0]) for p in parts], np.float32).reshape(-1, 2)
            value, chosen = in_order(_log_chance(odds[:, places]), boxes)
            if chosen:
                each = [(step, places[p]) for step, p in enumerate(chosen)]
                moments_ = tuple(
                    Moment(parts[p], float(odds[where]))
                    for p, where in zip(chosen, each, strict=True)
                )
                least = min(float(scores[where]) for where in each)
                found.append(_Found(value, least, item, moments_))
    found.sort(key=lambda one: -one.value)
    return _told(searcher, found[:k])


def as_hit(course: Course) -> Hit:
    """An item at its first step, the places of all of them told."""
    places = " → ".join(moment.part.label for moment in course.steps)
    return replace(course.hit, part=replace(course.steps[0].part, label=places))


def in_order(values: Floats, boxes: Floats) -> tuple[float, list[int]]:
    """The places, each after the one before, with the largest sum of values.

    Args:
        values: f32 (s, p): of each of s steps at each of p places.
        boxes: f32 (p, 2), where the places begin and end. One is after another if it begins when
            more than half of that is over.

    Returns:
        the sum, and a place for each step; −∞ and none where there are too few places.

    >>> values = np.array([[0, -1, -9], [-1, 0, -2]], np.float32)
    >>> in_order(values, np.array([[0, 2], [2, 4], [4, 6]], np.float32))
    (0.0, [0, 1])
    >>> in_order(values[::-1], np.array([[0, 2], [2, 4], [4, 6]], np.float32))
    (-2.0, [0, 1])
    """
    steps, places = values.shape
    if places == 0:
        return -math.inf, []
    middles = boxes.mean(axis=1)  # (p,)
    order = np.argsort(middles, kind="stable")
    before = np.searchsorted(middles[order], boxes[:, 0], side="left")  # how many are over
    best = values[0].astype(np.float64)  # of a course that ends at each place
    came: list[Ids] = []
    for step in range(1, steps):
        first, where = _best_so_far(best[order])
        best = values[step] + first[before]
        came.append(np.concatenate([[-1], order[where]])[before])
    last = int(best.argmax())
    if not np.isfinite(best[last]):
        return -math.inf, []
    chosen = [last]
    for link in reversed(came):
        chosen.append(int(link[chosen[-1]]))
    return float(best[last]), chosen[::-1]


def _best_so_far(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], Ids]:
    """The largest of none, one, two … values (n + 1,), and where that is (n,)."""
    first = np.concatenate([[-np.inf], np.maximum.accumulate(values)])
    higher = values > first[:-1]
    return first, np.maximum.accumulate(np.where(higher, np.arange(len(values)), 0))


def _log_chance(odds: Floats) -> Floats:
    """Log-odds as logarithms of probabilities, without overflow."""
    made: Floats = -np.logaddexp(0.0, -odds)
    return made


def _ordered(searcher: Searcher, item: int, known: Container[int]) -> list[Part]:
    """An item's parts whose numbers are known, as they come one after the other."""
    parts = [part for part in searcher.catalogue.parts(item) if part.no in known]
    return sorted(parts, key=lambda part: part.low)


def _parts(
    searcher: Searcher, queries: Sequence[Query], modality: Modality, wanted: set[int]
) -> tuple[Ids, Ids, Floats, Floats]:
    """The parts of items, and what queries find in them.

    Returns:
        items i64 (p,), numbers i64 (p,), scores f32 (q, p) and log-odds f32 (q, p).
    """
    shelf = searcher.gallery.shelves().get(modality)
    if shelf is None:
        none, nothing = np.zeros(0, np.int64), np.zeros((len(queries), 0), np.float32)
        return none, none, nothing, nothing
    at = np.flatnonzero(np.isin(shelf.items, sorted(wanted)) & (shelf.nos > 0))
    vectors = shelf.index.take(shelf.rows[at])  # (p, d + 5)
    scores, odds = [], []
    for query in queries:
        vector, shares = searcher.vector(query.terms, modality)
        used = shares if query.corrected else None
        scores.append(vectors @ extend(vector[None], used)[0])  # (p,)
        chance = shelf.chance(shares, query.corrected)
        scale = searcher.space.scales.mixed(modality, shares, shelf.own)
        (usual,) = shelf.typical(vector[None], used).tolist()
        odds.append([scale.odds(chance.standard(s, usual)) for s in scores[-1].tolist()])
    return shelf.items[at], shelf.nos[at], np.stack(scores), np.array(odds, np.float32)


def _told(searcher: Searcher, found: Sequence[_Found]) -> list[Course]:
    items = {item.id: item for item in searcher.catalogue.items([one.item for one in found])}
    told: list[Course] = []
    for one in found:
        if one.item not in items:
            continue  # deleted since it was searched
        odds = one.value - math.log(max(1e-12, -math.expm1(one.value)))  # that all are right
        hit = Hit(
            library=searcher.name,
            item=items[one.item],
            part=one.steps[0].part,
            cosine=one.score,
            score=one.score,
            odds=odds,
            strength=strength(odds),
            rank=len(told) + 1,
        )
        told.append(Course(hit, one.steps))
    return told
