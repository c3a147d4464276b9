"""The score of a hit taken apart: every number that leads from the media to the percentage.

``cosine`` is the sum of what each term of the query and each mark adds, and of what each branch
of the joint space adds; less the hub bias, and with what a classifier of the marks adds, it is
the ``score``; its distance from chance scores, as
it is and beside the query's ``typical`` score, is ``standard``, in spreads; a weighted sum of
both, and what else speaks for the item, are the ``odds``, and those, as a probability,
the ``strength``. Nothing here is fitted or estimated: the same numbers made the ranking.

Letters of shapes: t terms, b branches, d joint dimensions, r rows of an item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from xmr_core.algebra import effective
from xmr_core.calibration import Chance, Scale, Standard, strength
from xmr_core.errors import ExplanationError
from xmr_core.explain.branches import Branch, branches_of
from xmr_core.feedback import PULL, Feedback
from xmr_core.hubness import ALPHA, hub_bias, nearest_queries
from xmr_core.media import Floats, Modality
from xmr_core.query import Query
from xmr_core.results import Hit
from xmr_core.search import Searcher
from xmr_core.shelf import WHOLE_ONLY, Bank, Shares

_SHOWN = 5  # neighbours in the bank that are named


@dataclass(frozen=True, slots=True)
class TermPart:
    """What one term of the query adds to the cosine.

    Attributes:
        label: as the query names it.
        modality: its medium.
        weight: as given; negative ones subtract.
        cosine: of this term alone with the hit.
        by_branch: (b,) numbers, in the order of the breakdown's branches.
        share: what it adds: the sum of ``by_branch``.
        through: names through which it looks for the hit's medium and how much each weighs,
            the heaviest first; none where it is compared as it is.
    """

    label: str
    modality: Modality
    weight: float
    cosine: float
    by_branch: tuple[float, ...]
    through: tuple[tuple[str, float], ...] = ()

    @property
    def share(self) -> float:
        """What the term adds to the cosine of the whole query; negative where it takes away."""
        return sum(self.by_branch)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A background query that the hit is near to.

    Attributes:
        label: the sentence, what kind of cluster it is the middle of, or the title of the
            library's own item.
        item: that item's id, or None for what is not in the library.
        cosine: with the hit.
    """

    label: str
    item: int | None
    cosine: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What is subtracted because a hit is near to many queries, for one medium of the query.

    Attributes:
        modality: of the query.
        share: of that medium in the query.
        alpha: the part of the mean that is subtracted.
        nearest: how many of the nearest background queries the mean is over.
        mean: of their cosines with the hit.
        neighbours: the nearest few of them.
    """

    modality: Modality
    share: float
    alpha: float
    nearest: int
    mean: float
    neighbours: tuple[Neighbour, ...]

    @property
    def bias(self) -> float:
        """What is subtracted for this medium.

        >>> Correction(Modality.TEXT, 0.5, 0.5, 32, 0.4, ()).bias
        0.1
        """
        return self.share * self.alpha * self.mean


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A hit's score in its parts, which add up.

    Attributes:
        no: the row of the item that won: 0 is the whole, others are its parts.
        terms: of the query.
        marks: what was liked, then what was disliked of earlier answers.
        branches: the names of the joint space's branches.
        corrections: by medium of the query; empty where the query asked for none.
        chance: what chance queries get on that shelf.
        typical: the median of the query's own scores there.
        scale: what standard scores are worth for this pair of media.
        evidence: what else speaks for the item, in log-odds; by kinds of `xmr_core.evidence`.
        learned: what the classifier adds to the score that is learned from many marks.
    """

    no: int
    terms: tuple[TermPart, ...]
    branches: tuple[str, ...]
    corrections: tuple[Correction, ...]
    chance: Chance
    typical: float
    scale: Scale
    evidence: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[TermPart, ...] = ()
    learned: float = 0.0

    @property
    def by_branch(self) -> tuple[float, ...]:
        """What each branch of the joint space adds to the cosine."""
        return tuple(
            sum(term.by_branch[b] for term in (*self.terms, *self.marks))
            for b in range(len(self.branches))
        )

    @property
    def cosine(self) -> float:
        """Of the query with the hit: the sum over terms, marks and branches."""
        return sum(term.share for term in (*self.terms, *self.marks))

    @property
    def bias(self) -> float:
        """What the hubness correction subtracts."""
        return sum(correction.bias for correction in self.corrections)

    @property
    def score(self) -> float:
        """The corrected score."""
        return self.cosine - self.bias + self.learned

    @property
    def standard(self) -> Standard:
        """Spreads above the best score of a chance query, and above its lead."""
        return self.chance.standard(self.score, self.typical)

    @property
    def odds(self) -> float:
        """Log-odds that the hit is right."""
        return self.scale.odds(self.standard) + sum(self.evidence.values())

    @property
    def strength(self) -> float:
        """The same as a probability."""
        return strength(self.odds)


def breakdown(searcher: Searcher, query: Query, hit: Hit) -> Breakdown:
    """Take the score of a hit apart.

    Args:
        searcher: of the library that gave the hit.
        query: as it was asked.
        hit: one of its answers.

    Returns:
        The numbers as they are now: those of the hit, if the library has not changed since.

    Raises:
        ExplanationError: a hit of another library, or an item that has gone.
        QueryError: a term that the profile does not cover.
    """
    if hit.library != searcher.name:
        raise ExplanationError(
            f"This hit is from the library '{hit.library}', not from '{searcher.name}'.",
            "Open the library that it is from.",
        )
    target = hit.item.modality
    shelf = searcher.gallery.shelves().get(target)
    nos, joint = searcher.catalogue.item_vectors(hit.item.id)  # (r,), (r, d)
    if target in WHOLE_ONLY:
        joint, nos = joint[nos == 0], nos[nos == 0]
    if shelf is None or not len(nos):
        raise ExplanationError(
            f"'{hit.item.title}' is no longer in the library '{searcher.name}'.",
            "Search again.",
        )
    query = query.opened()
    _, shares = searcher.vector(query.terms)
    vector, feedback = searcher.asked(query, target)
    banks = searcher.gallery.banks(target) if query.corrected else {}
    row = _best(joint, vector, shares, banks)
    branches = branches_of(searcher.space)
    parts = _terms(searcher, query, feedback, target, joint[row], branches)
    asked = len(parts) - (len(feedback.homes) if feedback else 0)
    made = Breakdown(
        int(nos[row]),
        tuple(parts[:asked]),
        tuple(branch.name for branch in branches),
        tuple(
            _correction(searcher, medium, share, joint[row], banks[medium])
            for medium, share in shares.items()
            if medium in banks
        ),
        shelf.chance(shares, query.corrected),
        float(shelf.typical(vector[None], shares if query.corrected else None)[0]),
        searcher.space.scales.mixed(target, shares, shelf.own),
        searcher.evidence(query, target).parts(hit.item.id),
        tuple(parts[asked:]),
    )
    after = searcher.taught(query, target).get(hit.item.id)
    return made if after is None else replace(made, learned=after - made.score)


def _best(joint: Floats, vector: Floats, shares: Shares, banks: "dict[Modality, Bank]") -> int:
    """The row of an item that its score is of."""
    scores = joint @ vector  # (r,)
    for medium, share in shares.items():
        if medium in banks:
            scores = scores - share * hub_bias(joint, banks[medium].vectors)
    return int(scores.argmax())


def _terms(
    searcher: Searcher,
    query: Query,
    feedback: Feedback | None,
    target: Modality,
    row: Floats,
    branches: Sequence[Branch],
) -> list[TermPart]:
    """What terms add, and after them what likes and dislikes add, as Rocchio has them."""
    used = [term for term in query.terms if term.weight]
    asked, vectors = len(used), searcher.rows(used, target).astype(np.float64)
    weights = np.array([term.weight for term in used], np.float32)
    real = effective(vectors.astype(np.float32), weights).astype(np.float64)
    if feedback is not None:
        liked, disliked = query.marks.liked, query.marks.disliked
        pull, push = PULL[feedback.words]
        signed = [pull / max(1, len(liked))] * len(liked)
        signed += [-push / max(1, len(disliked))] * len(disliked)
        real = np.concatenate([real / np.linalg.norm(real @ vectors), signed])
        vectors = np.concatenate([vectors, feedback.liked, feedback.disliked])
        marks = zip((*liked, *disliked), signed, strict=True)
        used += [replace(term, weight=weight) for term, weight in marks]
    length = float(np.linalg.norm(real @ vectors))
    added = real[:, None] * vectors * row.astype(np.float64) / length  # (t, d)
    table = np.stack([added[:, b.start : b.stop].sum(axis=1) for b in branches], axis=1)  # (t, b)
    return [
        TermPart(
            term.label,
            term.modality,
            term.weight,
            float(alone @ row),
            tuple(map(float, parts)),
            tuple(searcher.seen_as(term, target)) if place < asked else (),
        )
        for place, (term, alone, parts) in enumerate(zip(used, vectors, table, strict=True))
    ]


def _correction(
    searcher: Searcher, modality: Modality, share: float, row: Floats, bank: Bank
) -> Correction:
    """The hub bias of one row, with who it comes from."""
    places, cosines = nearest_queries(row, bank.vectors)  # (k,) each
    return Correction(
        modality,
        share,
        ALPHA,
        len(places),
        float(cosines.mean(dtype=np.float64)) if len(places) else 0.0,
        tuple(
            _neighbour(searcher, modality, bank, int(place), float(cosine))
            for place, cosine in zip(places[:_SHOWN], cosines, strict=False)
        ),
    )


def _neighbour(
    searcher: Searcher, modality: Modality, bank: Bank, place: int, cosine: float
) -> Neighbour:
    item = int(bank.items[place])
    if item < 0:
        return Neighbour(searcher.space.stand_in(place, modality), None, cosine)
    known = searcher.catalogue.item(item)
    return Neighbour(known.title if known else "", item, cosine)
