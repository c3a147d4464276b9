"""Searching a library, and the searches that it keeps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xmr_core import indexing
from xmr_core.catalogue import Search
from xmr_core.filters import Filters
from xmr_core.gallery import Gallery
from xmr_core.library.items import Items
from xmr_core.library.queries import What, make_query
from xmr_core.media import Modality
from xmr_core.search import Features, Query, Results, Searcher, Term
from xmr_core.space import JointSpace


class Searches(Items):
    """Queries, answers, the history and what was saved of it."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._searcher: Searcher | None = None

    @property
    def searcher(self) -> Searcher:
        """The engine that answers queries."""
        if self._searcher is None:
            gallery = Gallery(self.catalogue, self.space, self.path / "index")
            self._searcher = Searcher(self.name, self.catalogue, self.space, gallery)
        return self._searcher

    def search(
        self,
        *what: What,
        minus: Sequence[What] = (),
        to: Sequence[Modality | str] = (),
        k: int = 24,
        offset: int = 0,
        filters: Filters | None = None,
        corrected: bool = True,
    ) -> Results:
        """Search by any media.

        Args:
            what: words (str), files (Path), media or weighted terms.
            minus: the same, subtracted.
            to: target modalities, all if empty.
            k, offset: how many hits, after how many.
            filters: which items may answer.
            corrected: with hubness correction.

        Raises:
            QueryError: nothing to look for, or a medium that the profile does not cover.
            MediaError: a file that cannot be read.
        """
        return self.answer(make_query(what, minus, to, k, offset, filters, corrected))

    def answer(self, query: Query) -> Results:
        """Answer a prepared query.

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        indexing.check_profile(self.catalogue, self.space)
        return self.searcher.search(query)

    def term(self, item_id: int, weight: float = 1.0) -> Term:
        """An item of this library as a term of a query, without reading its file again."""
        item = self.item(item_id)
        vector, fingerprint = self.catalogue.feature(item_id)
        return Term(Features(item.modality, vector, fingerprint), weight, item.title)

    def more_like(self, item_id: int, k: int = 24, **options: Any) -> Results:
        """Items like this one, itself left out; options as for :meth:`search`."""
        found = self.search(self.term(item_id), k=k + 1, **options)
        hits = tuple(hit for hit in found.hits if hit.item.id != item_id)[:k]
        return Results(hits, found.total, found.presence, found.seconds)

    def save_search(self, name: str, query: dict[str, Any]) -> int:
        """Keep a search under a name; ``query`` is plain data of the caller's own form."""
        return self.catalogue.save_search(name, query)

    def saved_searches(self) -> list[Search]:
        """The searches that were kept, newest first."""
        return self.catalogue.saved_searches()

    def forget_search(self, search_id: int) -> None:
        """Drop a kept search or an entry of the history."""
        self.catalogue.forget_search(search_id)

    def remember(self, query: dict[str, Any]) -> None:
        """Add a search to the history."""
        self.catalogue.remember(query)

    def history(self, limit: int = 50) -> list[Search]:
        """The latest searches, newest first."""
        return self.catalogue.history(limit)
