"""``xmr bench feedback``: what likes and dislikes bring to a search, with a simulated user.

A query asks for a class, by its name or by one of its items. The user marks the five best items
that are not marked yet by whether they are of the class, three times; each time the query is
refined. Precision at 20 is measured over the items that were never marked, by the query as it was
asked and as it is now.

With ``XMR_DATA``: photographs of one thing each (Flickr8k, where most captions agree on it),
cut-out pictures by topic and sounds by animal. Every second class by name served to choose the
form of the feedback; all make the two bars, and those that did not are told apart.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core.bench.feedback_stock import Classes, Members, classes
from xmr_core.bench.report import Figure
from xmr_core.feedback import Feedback, home
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.space import JointSpace

BAR = 50.0  # per cent of what was missing
ROUNDS, SHOWN, BEST = 3, 5, 20
_SMALL = 1, 5  # the same for classes of a handful of items
_EXAMPLES = 6  # items of a class that ask for it
_BANK = 256

Ids = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Gain:
    """One class, one way to ask for it: precision before and after, over what was never marked."""

    before: float
    after: float


def bench_feedback(folder: Path | None = None) -> Iterator[Figure]:
    """Precision at 20 (of the demo's pictures at 5) before and after three rounds of marks.

    Args:
        folder: of the data; ``XMR_DATA`` if None. Without data the demo's own pictures are used,
            whose classes are too small for the bar.
    """
    space = load_profile("embedded")
    data = folder or Path(os.environ.get("XMR_DATA") or "/nowhere")
    found = classes(data, space)
    real = data.is_dir()
    game = (SHOWN, BEST) if real else _SMALL
    kinds: dict[str, list[Gain]] = {"example": [], "name": []}
    others: dict[str, list[Gain]] = {"example": [], "name": []}
    for one in found:
        gallery = Gallery.of(one, space, *game)
        for kind, gains in kinds.items():
            made = [
                gallery.by_name(c, space) if kind == "name" else gallery.by_example(c)
                for c in range(len(one.names))
            ]
            gains += made
            others[kind] += made[1::2]
            yield from _told(f"{one.title}, by {kind}", made)
    for kind, gains in kinds.items():
        yield from _told(f"all classes, by {kind}", gains, bar=real)
    for kind, gains in others.items():
        yield _gained(f"all classes, by {kind}, the half that was not chosen on", gains)
    if not real:
        yield Figure("bar skipped: no classes of forty items without XMR_DATA", len(found), "sets")


def _told(what: str, gains: Sequence[Gain], bar: bool = False) -> Iterator[Figure]:
    before, after = (float(np.mean([getattr(g, n) for g in gains])) for n in ("before", "after"))
    yield Figure(f"{what}, {len(gains)} classes: precision before", before, "")
    yield Figure(f"{what}, {len(gains)} classes: precision after", after, "")
    yield _gained(what, gains, bar)


def _gained(what: str, gains: Sequence[Gain], bar: bool = False) -> Figure:
    """The share of what was missing that was gained, in per cent."""
    before, after = (float(np.mean([getattr(g, n) for g in gains])) for n in ("before", "after"))
    value = 100 * (after - before) / max(1 - before, 1e-3)
    return Figure(f"{what}: gained of what was missing", value, "%", bar=BAR if bar else None)


@dataclass(frozen=True, eq=False)
class Gallery:
    """The items of one set, ranked as a library ranks them.

    Attributes:
        rows: unit, f32 (n, d).
        members: which item is of which class, (n, c).
        names: of the classes.
        biases: hub biases for words and for items as queries, f32 (n,) each.
        shown: items that are marked in each round.
        best: items that precision is measured on.
    """

    rows: Floats
    members: Members
    names: Sequence[str]
    biases: Mapping[bool, Floats]
    shown: int = SHOWN
    best: int = BEST

    @classmethod
    def of(cls, one: Classes, space: JointSpace, shown: int, best: int) -> "Gallery":
        """A set's items in the joint space."""
        rows = space.embed(one.modality, one.features)
        own = rows[np.linspace(0, len(rows) - 1, min(_BANK, len(rows))).round().astype(int)]
        biases = {True: hub_bias(rows, space.bank(Modality.TEXT)), False: hub_bias(rows, own)}
        return cls(rows, one.members, one.names, biases, shown, best)

    def by_name(self, c: int, space: JointSpace) -> Gain:
        """A class asked for by its name."""
        (query,) = space.encode([Text(self.names[c])], "query")
        return self._simulated(c, query, words=True)

    def by_example(self, c: int) -> Gain:
        """A class asked for by some of its items in turn, the mean of them."""
        own = np.flatnonzero(self.members[:, c])
        chosen = np.random.default_rng(c).choice(own, min(_EXAMPLES, len(own)), replace=False)
        gains = [self._simulated(c, self.rows[i], words=False, itself=int(i)) for i in chosen]
        return Gain(
            float(np.mean([g.before for g in gains])), float(np.mean([g.after for g in gains]))
        )

    def _simulated(self, c: int, query: Floats, words: bool, itself: int = -1) -> Gain:
        """Rounds of marks by one user.

        Args:
            c: the class that is meant.
            query: unit, f32 (d,).
            words: it is a name.
            itself: the item that asks, which is not found again; −1 for none.
        """
        right, bias = self.members[:, c], self.biases[words]
        first = now = self.rows @ query - bias
        marked: list[int] = []
        for _ in range(ROUNDS):
            marked += self._best(now, [*marked, itself], self.shown).tolist()
            liked, disliked = ([i for i in marked if right[i] == side] for side in (True, False))
            told = Feedback(
                query,
                self.rows[liked],
                self.rows[disliked],
                words,
                np.tile(home(self.rows), (len(marked), 1)),
            )
            now = told.rescored(first, self.rows, self.rows, first, self.rows @ told.vector - bias)
        before, after = (
            float(right[self._best(scores, [*marked, itself], self.best)].mean())
            for scores in (first, now)
        )
        return Gain(before, after)

    @staticmethod
    def _best(scores: Floats, without: Sequence[int], k: int) -> Ids:
        """The places of the k best scores, some items left out."""
        free = scores.astype(np.float64)
        free[[i for i in without if i >= 0]] = -np.inf
        return np.argsort(-free, kind="stable")[:k]
