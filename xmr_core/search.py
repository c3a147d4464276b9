"""Answering queries: algebra on media, per-modality search, one fused list."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.asking import Asking
from xmr_core.calibration import strength
from xmr_core.catalogue import Catalogue
from xmr_core.evidence import Evidence
from xmr_core.feedback import Feedback
from xmr_core.gallery import Gallery
from xmr_core.lexical import Held, Lexical, Named, among
from xmr_core.media import Floats, Modality
from xmr_core.query import Query, Term
from xmr_core.results import Hit, Results, ordered
from xmr_core.shelf import Shares, Shelf, extend
from xmr_core.space import JointSpace

_POOL = 2000  # items of a medium that marks rank, the moved query's best

Ids = npt.NDArray[np.int64]
_Best = tuple[float, int, int]  # score, item, part number
_NamedBy = dict[tuple[tuple[str, float], ...], Mapping[int, Named]]  # by words and their shares


@dataclass(frozen=True, slots=True)
class _Found:
    odds: float
    score: float
    item: int
    no: int


class Searcher(Asking):
    """Answers queries on one library.

    Args:
        name: of the library, put into its hits.
        catalogue, space, gallery: of the library.
    """

    def __init__(
        self, name: str, catalogue: Catalogue, space: JointSpace, gallery: Gallery
    ) -> None:
        super().__init__(space, gallery)
        self.name = name
        self._catalogue = catalogue
        self._lexical = Lexical(catalogue, space)

    @property
    def catalogue(self) -> Catalogue:
        """The library's catalogue."""
        return self._catalogue

    def shelves(self) -> Mapping[Modality, Shelf]:
        """The library's shelves, brought up to date now."""
        return self._gallery.shelves(fresh=True)

    def search(self, query: Query) -> Results:
        """Answer a query.

        Raises:
            QueryError: no positive term, or a medium that the profile does not cover.
        """
        started = time.perf_counter()
        query = query.opened()
        coded = self._coded(query)
        _, shares = self._sum(coded.terms, coded.rows)
        encoded = time.perf_counter()
        allowed = self._lexical.allowed(query)
        targets = query.filters.modalities or frozenset(Modality)
        counts = self._catalogue.counts()
        items = sum(counts.values())
        held = self._lexical.held(query.wording, allowed, items)
        shelves = self._gallery.shelves()
        found: list[_Found] = []
        presence: dict[Modality, float] = {}
        vectors: dict[Modality, Floats] = {}
        evidence: dict[Modality, Evidence] = {}
        named: _NamedBy = {}
        for target in sorted(targets & shelves.keys()):
            shelf = shelves[target]
            vector, feedback = self._asked(coded, target)
            vectors[target] = vector
            chance = shelf.chance(shares, query.corrected)
            scale = self._space.scales.mixed(target, shares, shelf.own)
            (typical,) = shelf.typical(vector[None], shares if query.corrected else None).tolist()
            wide = max(query.offset + query.k, _POOL if feedback else 0)
            best = self._gallery.search(vector, shares, target, wide, allowed, query.corrected)
            if feedback and best:
                best = self._rescored(feedback, shelf, shares if query.corrected else None, best)
            told = evidence[target] = self._evidence(query, held, target, items, named)
            if told.items:
                ranked = {item for _, item, _ in best}
                unranked = np.array(sorted(told.items - ranked), np.int64)
                more = among(unranked, allowed)
                best += self._gallery.search(
                    vector, shares, target, len(more), more, query.corrected
                )
            here = [
                _Found(
                    scale.odds(chance.standard(score, typical)) + told.added(item),
                    score,
                    item,
                    no,
                )
                for score, item, no in best
            ]
            if here:
                presence[target] = strength(max(f.odds for f in here))
            found += here
        found.sort(key=lambda f: (ordered(f.odds), f.item))
        searched = time.perf_counter()
        page = found[query.offset : query.offset + query.k]
        hits = self._fetch(page, vectors, evidence, query.offset)
        total = sum(counts.get(t, 0) for t in targets) if allowed is None else len(allowed)
        seconds = {
            "encode": encoded - started,
            "search": searched - encoded,
            "fetch": time.perf_counter() - searched,
        }
        return Results(hits, total, presence, seconds)

    def evidence(self, query: Query, target: Modality) -> Evidence:
        """What speaks for the items of a medium beside their vectors."""
        query = query.opened()
        items = sum(self._catalogue.counts().values())
        held = self._lexical.held(query.wording, self._lexical.allowed(query), items)
        return self._evidence(query, held, target, items, {})

    def _evidence(
        self, query: Query, held: Held, target: Modality, items: int, known: _NamedBy
    ) -> Evidence:
        """What speaks for a medium's items; `known` keeps names from one medium to the next."""
        added = [term for term in query.terms if term.weight > 0]
        whole = sum(term.weight for term in added)
        told = tuple(
            (words, share * term.weight / whole)
            for term in added
            for words, share in self._told(term, target)
        )
        if query.names and told not in known:
            known[told] = self._lexical.named(told, items)
        return Evidence(held, known.get(told, {}), query.beside)

    def _told(self, term: Term, target: Modality) -> list[tuple[str, float]]:
        """The words that a term is of, or through which it looks for a target, and their shares."""
        return [(term.wording.meaning, 1.0)] if term.wording else self.seen_as(term, target)

    def taught(self, query: Query, target: Modality) -> dict[int, float]:
        """The scores of a medium's items that the marks of a query rank; of none without marks."""
        query = query.opened()
        feedback, shelf = self.feedback(query, target), self._gallery.shelves().get(target)
        if feedback is None or shelf is None:
            return {}
        _, shares = self.vector(query.terms)
        allowed = self._lexical.allowed(query)
        best = self._gallery.search(
            feedback.vector, shares, target, _POOL, allowed, query.corrected
        )
        ranked = self._rescored(feedback, shelf, shares if query.corrected else None, best)
        return {item: score for score, item, _ in ranked}

    def _rescored(
        self, feedback: Feedback, shelf: Shelf, shares: Shares | None, best: Sequence[_Best]
    ) -> list[_Best]:
        """The best of a shelf, as the marks rank them; the query itself scores the row found."""
        d, whole = self._space.dim, shelf.nos == 0
        told = np.isin([item for _, item, _ in best], shelf.items[whole])
        known = sorted((f for f, has in zip(best, told, strict=True) if has), key=lambda f: f[1])
        if not known:
            return []
        items, nos = (np.array([found[n] for found in known], np.int64) for n in (1, 2))
        wholes = _taken(shelf, items, np.zeros_like(nos))
        before, after = (extend(v[None], shares)[0] for v in (feedback.query, feedback.vector))
        scores = feedback.rescored(
            (_taken(shelf, items, nos) if nos.any() else wholes) @ before,
            wholes[:, :d],
            shelf.sample[:, :d],
            shelf.sample @ before,
            shelf.sample @ after,
        )
        again = [(float(s), item, no) for s, (_, item, no) in zip(scores, known, strict=True)]
        return sorted(again, key=lambda found: -found[0])

    def _fetch(
        self,
        page: Sequence[_Found],
        vectors: Mapping[Modality, Floats],
        evidence: Mapping[Modality, Evidence],
        offset: int,
    ) -> tuple[Hit, ...]:
        items = {item.id: item for item in self._catalogue.items([f.item for f in page])}
        hits: list[Hit] = []
        for found in page:
            if found.item not in items:
                continue  # deleted between search and fetch
            nos, joint = self._catalogue.item_vectors(found.item)  # (1 + p,), (1 + p, d)
            if found.no not in nos:
                continue  # encoded again since the index was made
            cosines = joint @ vectors[items[found.item].modality]
            no = found.no
            if no == 0 and len(nos) > 1:  # found as a whole: say which part is nearest
                parts = np.flatnonzero(nos)
                no = int(nos[parts[cosines[parts].argmax()]])
            told = evidence[items[found.item].modality]
            no = told.held.part(found.item) or no
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
                    matched=told.matched(found.item),
                )
            )
        return tuple(hits)


def _taken(shelf: Shelf, items: Ids, nos: Ids) -> Floats:
    """Rows f32 (c, d + 5) of parts that a shelf has, of one of each item; items ascend."""
    some = np.flatnonzero(np.isin(shelf.items, items))
    at = some[shelf.nos[some] == nos[np.searchsorted(items, shelf.items[some])]]
    return shelf.index.take(shelf.rows[at])[np.argsort(shelf.items[at], kind="stable")]
