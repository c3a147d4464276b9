"""The vector side of a search: terms and marks as vectors, summed as a medium is looked for."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xmr_core.algebra import effective
from xmr_core.errors import QueryError
from xmr_core.feedback import Feedback, home
from xmr_core.gallery import Gallery
from xmr_core.media import Floats, Media, Modality, digest
from xmr_core.query import Concept, Features, Query, Term
from xmr_core.shelf import Shares
from xmr_core.space import JointSpace, unit

_CACHED_TERMS = 64
_MOSTLY = 0.5  # of a query's weight: a query is of words if they have more


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A query's terms and marks as vectors, encoded once for all media that it looks for."""

    terms: Sequence[Term]  # t that have a weight
    rows: Floats  # (t, d)
    liked: Floats  # (p, d)
    disliked: Floats  # (n, d)
    homes: Floats  # (p + n, d)


class Asking:
    """Queries as vectors in the joint space of a library.

    Args:
        space, gallery: of the library.
    """

    def __init__(self, space: JointSpace, gallery: Gallery) -> None:
        self._space, self._gallery = space, gallery
        self._encoded: dict[str, Floats] = {}
        self._lock = threading.Lock()

    @property
    def space(self) -> JointSpace:
        """The joint space that queries are compared in."""
        return self._space

    @property
    def gallery(self) -> Gallery:
        """The searchable side of the library."""
        return self._gallery

    def asked(self, query: Query, target: Modality) -> tuple[Floats, Feedback | None]:
        """What a medium's items are compared with, f32 (d,), and the marks if there are any."""
        return self._asked(self._coded(query), target)

    def feedback(self, query: Query, target: Modality | None = None) -> Feedback | None:
        """A query, as it looks for a target, and its marks as vectors; None without marks."""
        return self._asked(self._coded(query), target)[1]

    def _coded(self, query: Query) -> _Coded:
        terms = [term for term in query.terms if term.weight]
        marks = (*query.marks.liked, *query.marks.disliked)
        homes = np.zeros((len(marks), self._space.dim), np.float32)
        if marks:
            shelves = self._gallery.shelves()
            means = {m: home(shelf.sample[:, : self._space.dim]) for m, shelf in shelves.items()}
            for place, mark in enumerate(marks):
                homes[place] = means.get(mark.modality, 0.0)
        liked, disliked = (self.rows(m) for m in (query.marks.liked, query.marks.disliked))
        return _Coded(terms, self.rows(terms), liked, disliked, homes)

    def _asked(self, coded: _Coded, target: Modality | None) -> tuple[Floats, Feedback | None]:
        vector, shares = self._sum(coded.terms, coded.rows, target)
        if not len(coded.homes):
            return vector, None
        words = shares.get(Modality.TEXT, 0.0) > _MOSTLY
        feedback = Feedback(vector, coded.liked, coded.disliked, words, coded.homes)
        return feedback.vector, feedback

    def vector(
        self, terms: Sequence[Term], target: Modality | None = None
    ) -> tuple[Floats, Shares]:
        """The query's unit vector f32 (d,) and the shares of its modalities, summing to 1.

        Args:
            terms: of the query.
            target: the medium that is looked for; None for the query as it is.

        Raises:
            QueryError: nothing is added, nothing is left, or as :meth:`encoded`.
        """
        used = [term for term in terms if term.weight]
        return self._sum(used, self.rows(used), target)

    def _sum(
        self, terms: Sequence[Term], rows: Floats, target: Modality | None = None
    ) -> tuple[Floats, Shares]:
        """As `vector`, of terms with weights and their vectors f32 (t, d)."""
        weights = np.array([term.weight for term in terms], np.float32)
        vectors = self._aimed(terms, rows, target)
        total = effective(vectors, weights) @ vectors
        positive = [term for term in terms if term.weight > 0]
        whole = sum(term.weight for term in positive)
        shares: dict[Modality, float] = {}
        for term in positive:
            shares[term.modality] = shares.get(term.modality, 0.0) + term.weight / whole
        joint: Floats = unit(total[None])[0]
        return joint, shares

    def seen_as(self, term: Term, target: Modality) -> list[tuple[str, float]]:
        """The words through which a term looks for a target, and their shares of it, the heaviest
        first; none where it is compared as it is."""
        through = self._space.through(term.modality, target)
        if through is None:
            return []
        best = through.best(self.encoded(term.media))
        return [(self._space.heard_texts[place], share) for place, share in best]

    def rows(self, terms: Sequence[Term], target: Modality | None = None) -> Floats:
        """The vectors of terms, f32 (t, d), as they look for a target or as they are."""
        rows = [self.encoded(term.media) for term in terms]
        made = np.stack(rows) if rows else np.zeros((0, self._space.dim), np.float32)
        return self._aimed(terms, made, target)

    def _aimed(self, terms: Sequence[Term], rows: Floats, target: Modality | None) -> Floats:
        """Vectors of terms f32 (t, d) as they look for a target."""
        if target is None or not len(rows):
            return rows
        pairs = zip(rows, terms, strict=True)
        return np.stack([self._space.aimed(row[None], t.modality, target)[0] for row, t in pairs])

    def encoded(self, media: Media | Features | Concept) -> Floats:
        """One medium's unit vector f32 (d,), remembered by its content.

        Raises:
            QueryError: a medium that the profile does not cover, or of another profile.
        """
        if isinstance(media, Concept):
            feedback = self.feedback(Query(media.terms, marks=media.marks))
            return feedback.vector if feedback else self.vector(media.terms)[0]
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
