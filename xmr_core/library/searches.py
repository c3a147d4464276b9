"""Searching a library, and the searches that it keeps."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xmr_core import indexing
from xmr_core.catalogue import Search
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.gallery import Gallery
from xmr_core.library.keepsakes import Keepsakes, check_kept
from xmr_core.library.queries import What, make_query
from xmr_core.media import Item, Modality
from xmr_core.query import Features, Query, Term
from xmr_core.results import Results
from xmr_core.search import Searcher
from xmr_core.space import JointSpace
from xmr_core.stores import FAISS, check, open_store, parse

_INDEX = "index"  # the folder of files of this cache
_STORE, _KEY = "store", "store key"  # what the catalogue calls them
_SPEAKERS = 40  # items that stand for a collection in a query


class Searches(Keepsakes):
    """Queries, answers, the history and what was saved of it."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._searcher: Searcher | None = None

    @property
    def searcher(self) -> Searcher:
        """The engine that answers queries."""
        if self._searcher is None:
            folder = self.path / _INDEX
            store = open_store(self.store, folder, self.catalogue.meta(_KEY) or "")
            gallery = Gallery(self.catalogue, self.space, folder, store)
            self._searcher = Searcher(self.name, self.catalogue, self.space, gallery)
        return self._searcher

    @property
    def store(self) -> str:
        """Where its vectors are searched, a setting of `xmr_core.stores`."""
        return self.catalogue.meta(_STORE) or FAISS

    def use_store(self, setting: str) -> None:
        """Have its vectors searched elsewhere; they are put there when next searched for.

        Raises:
            LibraryError: there is no such store.
            StoreUnavailable: it cannot be reached.
        """
        if parse(setting) == self.store:
            return
        setting = check(setting)
        self._forget_vectors()
        with self.catalogue.transaction():
            self.catalogue.set_meta(_STORE, setting)
            self.catalogue.set_meta(_KEY, secrets.token_hex(8))

    def close(self) -> None:
        """Let go of the catalogue and the store."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._searcher is not None:
            self._searcher.gallery.close()
            self._searcher = None

    def _forget_vectors(self) -> None:
        """Drop what its store keeps, as far as it can be reached."""
        self._let_go()
        store = open_store(self.store, self.path / _INDEX, self.catalogue.meta(_KEY) or "")
        for target in Modality:
            store.drop(target)
        store.close()

    def search(
        self,
        *what: What,
        minus: Sequence[What] = (),
        to: Sequence[Modality | str] = (),
        k: int = 24,
        offset: int = 0,
        filters: Filters | None = None,
        corrected: bool = True,
        spread: bool = False,
    ) -> Results:
        """Search by any media.

        Args:
            what: words (str), files (Path), media or weighted terms.
            minus: the same, subtracted.
            to: target modalities, all if empty.
            k, offset: how many hits, after how many.
            filters: which items may answer.
            corrected: with hubness correction.
            spread: let hits lend to what they are linked with.

        Raises:
            QueryError: nothing to look for, a medium that the profile does not cover, or a
                collection or tag that is not there.
            MediaError: a file that cannot be read.
        """
        check_kept([self], filters or Filters())
        query = make_query(what, minus, to, k, offset, filters, corrected)
        return self.answer(replace(query, spread=spread))

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
        features = Features(item.modality, vector, fingerprint)
        return Term(features, weight, item.title, content=item.hash)

    def more_like(self, item_id: int, k: int = 24, **options: Any) -> Results:
        """Items like this one, itself left out; options as for :meth:`search`."""
        found = self.search(self.term(item_id), k=k + 1, **options)
        hits = tuple(hit for hit in found.hits if hit.item.id != item_id)[:k]
        return Results(hits, found.total, found.presence, found.seconds)

    def speakers(self, name: str) -> list[Item]:
        """The items that stand for a collection in a query: all, or of a large one some at even
        steps.

        Raises:
            LibraryError: no such collection.
            QueryError: nothing is in it, or nothing whose file is there.
        """
        ids = self.catalogue.collected(self.collection(name).id)
        if not ids:
            raise QueryError(f"The collection '{name}' is empty.", "Put some items into it.")
        return self.catalogue.items(ids[:: -(-len(ids) // _SPEAKERS)])

    def collection_terms(self, name: str, weight: float = 1.0) -> list[Term]:
        """A collection as terms of a query, which share its weight; see :meth:`speakers`."""
        items = self.speakers(name)
        return [self.term(item.id, weight / len(items)) for item in items]

    def more_like_collection(
        self, name: str, filters: Filters | None = None, **options: Any
    ) -> Results:
        """Items like those of a collection, themselves left out; options as for :meth:`search`."""
        filters = filters or Filters()
        filters = replace(filters, outside=filters.outside | {name})
        return self.search(*self.collection_terms(name), filters=filters, **options)

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
