"""Moments inside the library's sounds, videos and texts."""

import time
from collections.abc import Sequence

from xmr_core import indexing, moments
from xmr_core.library.searches import Searches
from xmr_core.media import Modality
from xmr_core.moments import Course, Moment
from xmr_core.query import Query
from xmr_core.results import Results

_MOST = 1000  # items


class Moments(Searches):
    """Where in an item a query is answered, and items in which one thing follows another."""

    def moments(self, query: Query, item_id: int) -> list[Moment]:
        """The parts of an item, in their order, each with what the query finds in it.

        Raises:
            LibraryError: no such item.
            QueryError: as for :meth:`search`.
        """
        indexing.check_profile(self.catalogue, self.space)
        return moments.moments(self.searcher, query, self.item(item_id))

    def courses(self, steps: Sequence[Query], k: int = 24) -> list[Course]:
        """Items in which the answers to several queries come one after the other, best first.

        Args:
            steps: from two to five, each from :func:`xmr_core.library.make_query`; the filters
                of the first say which items may answer.
            k: how many.

        Raises:
            QueryError: as for :func:`xmr_core.moments.courses`.
        """
        indexing.check_profile(self.catalogue, self.space)
        return moments.courses(self.searcher, steps, k)

    def in_order(self, steps: Sequence[Query]) -> Results:
        """The same as the answer to a query: each item at its first step, all places told.

        Raises:
            QueryError: as for :meth:`courses`.
        """
        started = time.perf_counter()
        hits = tuple(map(moments.as_hit, self.courses(steps, _MOST)))
        presence: dict[Modality, float] = {}
        for hit in hits:
            presence[hit.item.modality] = max(hit.strength, presence.get(hit.item.modality, 0.0))
        return Results(hits, len(hits), presence, {"search": time.perf_counter() - started})
