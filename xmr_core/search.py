"""Queries and their answers: algebra on media, per-modality search, one fused list."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from xmr_core.algebra import effective
from xmr_core.calibration import strength
from xmr_core.catalogue import Catalogue
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.gallery import Gallery
from xmr_core.media import Floats, Item, Media, Modality, Part, digest, modality_of
from xmr_core.shelf import Shares, Shelf
from xmr_core.space import JointSpace, unit

# Below this strength of the best hit, what is asked for is probably absent. Of all bounds
# this one is right most often, over pairs of media and queries of which half have an answer
# (tools/train_heads.py strengths). It is less than one half because such a query may miss it.
PRESENT = 0.2
_CACHED_TERMS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Encoder features of something already encoded: an item of a library.

    Attributes:
        modality: whose encoder.
        vector: f32 (m,).
        fingerprint: of that encoder.
    """

    modality: Modality
    vector: Floats
    fingerprint: str


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One medium of a query; a negative weight subtracts it (see :mod:`xmr_core.algebra`)."""

    media: Media | Features
    weight: float = 1.0
    label: str = ""

    @property
    def modality(self) -> Modality:
        """The medium's modality."""
        return self.media.modality if isinstance(self.media, Features) else modality_of(self.media)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is looked for.

    Attributes:
        terms: weighted media, at least one with a positive weight.
        filters: which items may answer.
        k, offset: how many hits, after how many.
        corrected: subtract the hub bias (see :mod:`xmr_core.hubness`).
    """

    terms: tuple[Term, ...]
    filters: Filters = field(default_factory=Filters)
    k: int = 24
    offset: int = 0
    corrected: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """One item that answers a query.

    Attributes:
        library: the name of its library.
        item: the file.
        part: where in it the match is best, or None where it has no parts.
        cosine: in the joint space, −1…1.
        score: the cosine less the hub bias.
        odds: log-odds that the hit is right, comparable across media.
        strength: the same as a probability, for a query whose answer is as likely there as not.
        rank: from 1.
    """

    library: str
    item: Item
    part: Part | None
    cosine: float
    score: float
    odds: float
    strength: float
    rank: int


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    Attributes:
        hits: k at most, best first.
        total: how many items could have answered.
        presence: by target modality, the strength of its best hit.
        seconds: spent in "encode", "search" and "fetch".
    """

    hits: tuple[Hit, ...]
    total: int
    presence: Mapping[Modality, float]
    seconds: Mapping[str, float]

    @property
    def probably_nothing(self) -> bool:
        """No target modality is likely to hold a match."""
        return all(value < PRESENT for value in self.presence.values())


@dataclass(frozen=True, slots=True)
class _Found:
    odds: float
    score: float
    item: int
    no: int


class Searcher:
    """Answers queries on one library.

    Args:
        name: of the library, put into its hits.
        catalogue, space, gallery: of the library.
    """

    def __init__(
        self, name: str, catalogue: Catalogue, space: JointSpace, gallery: Gallery
    ) -> None:
        self.name = name
        self._catalogue, self._space, self._gallery = catalogue, space, gallery
        self._encoded: dict[str, Floats] = {}
        self._lock = threading.Lock()

    @property
    def catalogue(self) -> Catalogue:
        """The library's catalogue."""
        return self._catalogue

    @property
    def space(self) -> JointSpace:
        """The joint space that queries are compared in."""
        return self._space

    @property
    def gallery(self) -> Gallery:
        """The searchable side of the library."""
        return self._gallery

    def shelves(self) -> Mapping[Modality, Shelf]:
        """The library's shelves, brought up to date now."""
        return self._gallery.shelves(fresh=True)

    def search(self, query: Query) -> Results:
        """Answer a query.

        Raises:
            QueryError: no positive term, or a medium that the profile does not cover.
        """
        started = time.perf_counter()
        vector, shares = self.vector(query.terms)
        encoded = time.perf_counter()
        allowed = self._catalogue.allowed(query.filters)
        targets = query.filters.modalities or frozenset(Modality)
        counts = self._catalogue.counts()
        shelves = self._gallery.shelves()
        found: list[_Found] = []
        presence: dict[Modality, float] = {}
        for target in sorted(targets & shelves.keys()):
            shelf = shelves[target]
            chance = shelf.chance(shares, query.corrected)
            scale = self._space.scales.mixed(target, shares, shelf.own)
            (typical,) = shelf.typical(vector[None], shares if query.corrected else None).tolist()
            best = self._gallery.search(
                vector, shares, target, query.offset + query.k, allowed, query.corrected
            )
            found += [
                _Found(scale.odds(chance.standard(score, typical)), score, item, no)
                for score, item, no in best
            ]
            if best:
                presence[target] = strength(found[-len(best)].odds)
        found.sort(key=lambda f: -f.odds)
        searched = time.perf_counter()
        page = found[query.offset : query.offset + query.k]
        hits = self._fetch(page, vector, query.offset)
        total = sum(counts.get(t, 0) for t in targets) if allowed is None else len(allowed)
        seconds = {
            "encode": encoded - started,
            "search": searched - encoded,
            "fetch": time.perf_counter() - searched,
        }
        return Results(hits, total, presence, seconds)

    def vector(self, terms: Sequence[Term]) -> tuple[Floats, Shares]:
        """The query's unit vector f32 (d,) and the shares of its modalities, summing to 1.

        Raises:
            QueryError: nothing is added, nothing is left, or as :meth:`encoded`.
        """
        used = [term for term in terms if term.weight]
        weights = np.array([term.weight for term in used], np.float32)
        vectors = self._rows(used)
        total = effective(vectors, weights) @ vectors
        positive = [term for term in used if term.weight > 0]
        whole = sum(term.weight for term in positive)
        shares: dict[Modality, float] = {}
        for term in positive:
            shares[term.modality] = shares.get(term.modality, 0.0) + term.weight / whole
        joint: Floats = unit(total[None])[0]
        return joint, shares

    def _rows(self, terms: Sequence[Term]) -> Floats:
        """The vectors of terms, f32 (t, d)."""
        rows = [self.encoded(term.media) for term in terms]
        return np.stack(rows) if rows else np.zeros((0, self._space.dim), np.float32)

    def encoded(self, media: Media | Features) -> Floats:
        """One medium's unit vector f32 (d,), remembered by its content.

        Raises:
            QueryError: a medium that the profile does not cover, or of another profile.
        """
        if isinstance(media, Features):
            encoder = self._space.encoders.get(media.modality)
            if encoder is None or encoder.fingerprint != media.fingerprint:
                raise QueryError(
                    "That item was encoded by another profile.",
                    "Index its library again with the present profile, or drop its file in.",
                )
            joint: Floats = self._space.embed(media.modality, media.vector[None], "query")[0]
            return joint
        key = digest(media)
        with self._lock:
            vector = self._encoded.pop(key, None)
        if vector is None:
            vector = self._space.encode([media], "query")[0]
        with self._lock:
            self._encoded[key] = vector  # the one that nobody has asked for the longest goes
            while len(self._encoded) > _CACHED_TERMS:
                del self._encoded[next(iter(self._encoded))]
        return vector

    def _fetch(self, page: Sequence[_Found], vector: Floats, offset: int) -> tuple[Hit, ...]:
        items = {item.id: item for item in self._catalogue.items([f.item for f in page])}
        hits: list[Hit] = []
        for found in page:
            if found.item not in items:
                continue  # deleted between search and fetch
            nos, joint = self._catalogue.item_vectors(found.item)  # (1 + p,), (1 + p, d)
            if found.no not in nos:
                continue  # encoded again since the index was made
            cosines = joint @ vector
            no = found.no
            if no == 0 and len(nos) > 1:  # found as a whole: say which part is nearest
                parts = np.flatnonzero(nos)
                no = int(nos[parts[cosines[parts].argmax()]])
            hits.append(
                Hit(
                    library=self.name,
                    item=items[found.item],
                    part=self._catalogue.part(found.item, no) if no else None,
                    cosine=float(cosines[nos == found.no][0]),
                    score=found.score,
                    odds=found.odds,
                    strength=strength(found.odds),
                    rank=offset + len(hits) + 1,
                )
            )
        return tuple(hits)


def fuse(answers: Sequence[Results], k: int, offset: int = 0) -> Results:
    """One list from the answers of several libraries to the same query, each asked for
    ``offset + k`` hits from the first."""
    hits = sorted((hit for answer in answers for hit in answer.hits), key=lambda h: -h.odds)
    presence: dict[Modality, float] = {}
    for answer in answers:
        for modality, value in answer.presence.items():
            presence[modality] = max(value, presence.get(modality, 0.0))
    names = dict.fromkeys(name for answer in answers for name in answer.seconds)
    page = enumerate(hits[offset : offset + k], start=offset + 1)
    return Results(
        tuple(replace(hit, rank=rank) for rank, hit in page),
        sum(answer.total for answer in answers),
        presence,
        {name: sum(answer.seconds.get(name, 0.0) for answer in answers) for name in names},
    )
