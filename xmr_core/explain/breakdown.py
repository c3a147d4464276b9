"""The score of a hit taken apart: every number that leads from the media to the percentage.

``cosine`` is the sum of what each term of the query adds, and of what each branch of the
joint space adds; less the hub bias it is the ``score``; its distance from chance scores, as
it is and beside the query's ``typical`` score, is ``standard``, in spreads; a weighted sum of
both are the ``odds``, and those, as a probability, the ``strength``. Nothing here is fitted
or estimated: the same numbers made the ranking.

Letters of shapes: t terms, b branches, d joint dimensions, r rows of an item.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xmr_core.algebra import effective
from xmr_core.calibration import Chance, Scale, Standard, strength
from xmr_core.errors import ExplanationError
from xmr_core.explain.branches import Branch, branches_of
from xmr_core.gallery import Bank
from xmr_core.hubness import ALPHA, hub_bias, nearest_queries
from xmr_core.media import Floats, Modality
from xmr_core.search import Hit, Query, Searcher
from xmr_core.shelf import WHOLE_ONLY, Shares

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
    """

    label: str
    modality: Modality
    weight: float
    cosine: float
    by_branch: tuple[float, ...]

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
        branches: the names of the joint space's branches.
        corrections: by medium of the query; empty where the query asked for none.
        chance: what chance queries get on that shelf.
        typical: the median of the query's own scores there.
        scale: what standard scores are worth for this pair of media.
    """

    no: int
    terms: tuple[TermPart, ...]
    branches: tuple[str, ...]
    corrections: tuple[Correction, ...]
    chance: Chance
    typical: float
    scale: Scale

    @property
    def by_branch(self) -> tuple[float, ...]:
        """What each branch of the joint space adds to the cosine."""
        return tuple(
            sum(term.by_branch[b] for term in self.terms) for b in range(len(self.branches))
        )

    @property
    def cosine(self) -> float:
        """Of the query with the hit: the sum over terms and branches."""
        return sum(term.share for term in self.terms)

    @property
    def bias(self) -> float:
        """What the hubness correction subtracts."""
        return sum(correction.bias for correction in self.corrections)

    @property
    def score(self) -> float:
        """The corrected score."""
        return self.cosine - self.bias

    @property
    def standard(self) -> Standard:
        """Spreads above the best score of a chance query, and above its lead."""
        return self.chance.standard(self.score, self.typical)

    @property
    def odds(self) -> float:
        """Log-odds that the hit is right."""
        return self.scale.odds(self.standard)

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
    shelf = searcher.shelves().get(target)
    nos, joint = searcher.catalogue.item_vectors(hit.item.id)  # (r,), (r, d)
    if target in WHOLE_ONLY:
        joint, nos = joint[nos == 0], nos[nos == 0]
    if shelf is None or not len(nos):
        raise ExplanationError(
            f"'{hit.item.title}' is no longer in the library '{searcher.name}'.",
            "Search again.",
        )
    vector, shares = searcher.vector(query.terms)
    banks = searcher.gallery.banks() if query.corrected else {}
    row = _best(joint, vector, shares, banks)
    branches = branches_of(searcher.space)
    return Breakdown(
        int(nos[row]),
        tuple(_terms(searcher, query, joint[row], branches)),
        tuple(branch.name for branch in branches),
        tuple(
            _correction(searcher, medium, share, joint[row], banks[medium])
            for medium, share in shares.items()
            if medium in banks
        ),
        shelf.chance(shares, query.corrected),
        float(shelf.typical(vector[None], shares if query.corrected else None)[0]),
        searcher.space.scales.mixed(target, shares, shelf.own),
    )


def _best(joint: Floats, vector: Floats, shares: Shares, banks: "dict[Modality, Bank]") -> int:
    """The row of an item that its score is of."""
    scores = joint @ vector  # (r,)
    for medium, share in shares.items():
        if medium in banks:
            scores = scores - share * hub_bias(joint, banks[medium].vectors)
    return int(scores.argmax())


def _terms(
    searcher: Searcher, query: Query, row: Floats, branches: Sequence[Branch]
) -> list[TermPart]:
    used = [term for term in query.terms if term.weight]
    vectors = np.stack([searcher.encoded(term.media) for term in used]).astype(np.float64)
    weights = np.array([term.weight for term in used], np.float32)
    real = effective(vectors.astype(np.float32), weights).astype(np.float64)
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
        )
        for term, alone, parts in zip(used, vectors, table, strict=True)
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
