"""Multimedia documents of a library: what belongs together, and searching it as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from xmr_core.calibration import strength
from xmr_core.documents.gather import JOINED, MOST, PARTED, WHY, Gathered, gather
from xmr_core.documents.scoring import fused
from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.library.graph import Graphs
from xmr_core.library.queries import What, make_query
from xmr_core.media import Item, Modality
from xmr_core.query import Marks, Query
from xmr_core.results import PRESENT, Hit

_LEAD = 320  # characters of the text that a sketch begins with
_FIRST = 300  # items that each term of a query finds, whose documents are ranked


@dataclass(frozen=True)
class Document:
    """Items that are one thing.

    Attributes:
        id: of the item that leads.
        title: what it is called.
        why: the rules that put its items together, in words; () for an item alone.
        members: its items, the one that leads first.
        lead: how its text begins, "" where it has none.
    """

    id: int
    title: str
    why: tuple[str, ...]
    members: tuple[Item, ...]
    lead: str = ""

    def of(self, modality: Modality) -> tuple[Item, ...]:
        """Its items of one medium."""
        return tuple(item for item in self.members if item.modality is modality)


@dataclass(frozen=True)
class DocumentHit:
    """A document that answers a query.

    Attributes:
        document: what answers.
        odds, strength: that it is right, as of a `Hit`.
        matched: for each term that is added, the member that answers it best, as a hit by this
            term alone.
        rank: from 1.
    """

    document: Document
    odds: float
    strength: float
    matched: tuple[Hit, ...]
    rank: int

    @property
    def best(self) -> Hit:
        """The member that answers best of all."""
        return max(self.matched, key=lambda hit: hit.odds)


@dataclass(frozen=True)
class DocumentResults:
    """The documents that answer a query, best first.

    Attributes:
        hits: a page of them.
        total: how many were ranked.
        cut: those of the best items alone were ranked; there are more.
    """

    hits: tuple[DocumentHit, ...]
    total: int
    cut: bool = False

    @property
    def probably_nothing(self) -> bool:
        """No document is likely to be right."""
        return all(hit.strength < PRESENT for hit in self.hits)


class Documents(Graphs):
    """Documents, made anew from the links whenever they are asked for."""

    def documents(self, offset: int = 0, limit: int = 100) -> list[Document]:
        """Documents of several items, in the order of their titles."""
        made = sorted(self._gathered(), key=lambda one: (one.title.lower(), one.members))
        return self._documents(made[offset : offset + limit])

    def document(self, item_id: int) -> Document:
        """The document that an item belongs to, which may be the item alone.

        Raises:
            LibraryError: no such item.
        """
        item = self.item(item_id)
        for one in self._gathered():
            if item_id in one.members:
                return self._documents([one])[0]
        return self._alone(item)

    def count_documents(self) -> int:
        """How many documents of several items there are."""
        return len(self._gathered())

    def join(self, item_ids: Sequence[int]) -> Document:
        """Say that items belong together, with all that belongs to them already.

        Raises:
            LibraryError: no such item, fewer than two, or too many for one document.
        """
        ids = list(dict.fromkeys(item_ids))
        if len(ids) < 2:
            raise LibraryError("A document needs two items.", "Choose another item to join.")
        parts = [[member.id for member in self.document(id).members] for id in ids]
        members = list(dict.fromkeys(id for part in parts for id in part))
        if len(members) > MOST:
            raise LibraryError(
                f"Together they have {len(members)} items; a document has {MOST} at most.",
                "Leave some out.",
            )
        # All pairs: the document stays whole when one of its other reasons goes
        self.catalogue.say_links(JOINED, combinations(members, 2))
        return self.document(ids[0])

    def split(self, item_id: int) -> Document:
        """Take an item out of its document, for good; what is left.

        Raises:
            LibraryError: no such item, or it is alone.
        """
        members = [member.id for member in self.document(item_id).members]
        if len(members) < 2:
            raise LibraryError(
                f"{self.item(item_id).title} is no part of a document.",
                "There is nothing to split.",
            )
        others = [id for id in members if id != item_id]
        self.catalogue.say_links(PARTED, [(item_id, other) for other in others])
        return self.document(others[0])

    def search_documents(
        self,
        *what: What,
        minus: Sequence[What] = (),
        k: int = 24,
        offset: int = 0,
        filters: Filters | None = None,
    ) -> DocumentResults:
        """Search documents by keyword, by example, or by both.

        Args:
            what: words (str), files (Path), media or weighted terms; a document is found by the
                best members of each medium, and each term may be answered by another one.
            minus: the same, subtracted.
            k, offset: how many documents, after how many.
            filters: which items may answer; a document is found by those of its members.

        Raises:
            QueryError: nothing to look for, or a medium that the profile does not cover.
            MediaError: a file that cannot be read.
        """
        return self.answer_documents(make_query(what, minus, (), k, offset, filters, True))

    def answer_documents(self, query: Query) -> DocumentResults:
        """Answer a prepared query with documents; items that belong to none are ones, too.

        Raises:
            QueryError: nothing to look for, or a medium that the profile does not cover.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        wide = max(_FIRST, 4 * (query.offset + query.k))
        whole = replace(query, k=wide, offset=0)
        answer = self.answer(whole)
        found = {hit.item.id: hit for hit in answer.hits}
        gathered = {id: made for made in self._gathered() for id in made.members}
        keys = {gathered[id].members if id in gathered else (id,) for id in found}
        ranked = _ranked(sorted(keys), found)
        page = ranked[query.offset : query.offset + query.k]
        terms = [term for term in query.terms if term.weight > 0]
        by_term = [found]
        if len(terms) > 1:
            alone = replace(whole, spread=False, marks=Marks())
            by_term = [
                {hit.item.id: hit for hit in self.answer(replace(alone, terms=(term,))).hits}
                for term in terms
            ]
        made = {one.members: one for one in gathered.values()}
        some = [made[key] for key, _ in page if key in made]
        lonely = self.catalogue.items([key[0] for key, _ in page if key not in made])
        documents = {one.members: doc for one, doc in zip(some, self._documents(some), strict=True)}
        documents |= {(item.id,): self._alone(item) for item in lonely}
        hits = [
            DocumentHit(documents[key], odds, strength(odds), _matched(key, by_term, found), rank)
            for rank, (key, odds) in enumerate(page, start=query.offset + 1)
            if key in documents  # gone since the search
        ]
        return DocumentResults(tuple(hits), len(ranked), answer.total > len(found))

    # -- making them

    def _gathered(self) -> list[Gathered]:
        return gather(self.catalogue.places(), self.catalogue.links(kinds=(*WHY, PARTED)))

    def _documents(self, made: Sequence[Gathered]) -> list[Document]:
        items = {
            item.id: item
            for item in self.catalogue.items([id for one in made for id in one.members])
        }
        documents = []
        for one in made:
            members = tuple(items[id] for id in one.members if id in items)
            why = tuple(WHY[rule] for rule in one.rules)
            documents.append(Document(one.members[0], one.title, why, members, self._lead(members)))
        return documents

    def _alone(self, item: Item) -> Document:
        return Document(item.id, item.title, (), (item,), self._lead([item]))

    def _lead(self, members: Sequence[Item]) -> str:
        """How the first text begins, cut at a word."""
        for item in members:
            if item.modality is Modality.TEXT:
                part = self.catalogue.part(item.id, 1)
                text = " ".join((part.text if part else "").split())
                return text if len(text) <= _LEAD else text[:_LEAD].rpartition(" ")[0] + " …"
        return ""


def _ranked(
    keys: Sequence[tuple[int, ...]], found: Mapping[int, Hit]
) -> list[tuple[tuple[int, ...], float]]:
    """Documents, by the ids of their members, and their odds, best first."""
    members = [[found[id] for id in key if id in found] for key in keys]
    odds = fused([[(hit.item.modality, hit.odds) for hit in hits] for hits in members])
    order = np.argsort(-odds, kind="stable")
    return [(keys[i], float(odds[i])) for i in order.tolist()]


def _matched(
    members: Sequence[int], by_term: Sequence[Mapping[int, Hit]], found: Mapping[int, Hit]
) -> tuple[Hit, ...]:
    """The member that answers each term best; of a term that found none, the one that answers the
    whole query best."""
    best = []
    for hits in by_term:
        some = [hits[id] for id in members if id in hits]
        some = some or [found[id] for id in members if id in found]
        best.append(max(some, key=lambda hit: hit.odds))
    return tuple(best)
