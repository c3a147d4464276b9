"""What lies beside the items that a query is made of: an answer before anything is compared.

Whoever asks with a picture of their own for its sound means the recording beside it, however
alike others sound. So a query by an item, or by a file whose content is an item's, favours what
people have put together with it: files of its name, files that name it or that it names, what was
joined by hand. And what was liked of earlier answers is right, what was disliked is wrong.
"""

import math
from dataclasses import replace

from xmr_core.documents.gather import JOINED, PARTED
from xmr_core.evidence import DISLIKED, LIKED, SAME
from xmr_core.graph.mentions import REFERS
from xmr_core.graph.places import STEM, stem_of
from xmr_core.library.searches import Searches
from xmr_core.query import Beside, Features, Query, Term
from xmr_core.results import Results

_SAYS = {JOINED: 8.0, REFERS: 6.0, STEM: 6.0}
"""Kinds of links that count, and the log-odds that one of them adds. On the demo 32 of the 1,774
pairs of two media that have a theme in common are so linked, and none of the 43,583 others: a link
makes it at least 786 times, e to the power of 6.7, as likely that two belong together. What was
joined by hand is as good as certain."""

_MARKED = 40.0  # log-odds that a like adds to the item itself: more than all else can
_ITSELF = 8.0  # and that being the very file adds that is asked with


class Companions(Searches):
    """Answers in which what lies beside the query's own items counts."""

    def answer(self, query: Query) -> Results:
        """Answer a prepared query.

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        return super().answer(self.accompanied(query))

    def accompanied(self, query: Query) -> Query:
        """A query that also knows what lies beside the items that it is made of.

        What that says is divided by how many items have the content, as an icon that lies in some
        folders says less, and among the terms of the query by their weights.
        """
        opened = query.opened()
        added = [term for term in opened.terms if term.weight > 0]
        whole = sum(term.weight for term in added)
        found: dict[int, Beside] = {}
        for term in added:
            own = self._own(term)
            says = {item: (kind, _SAYS[kind]) for item, kind in self._companions(own).items()}
            # An item that is asked with is known to be there.
            if not isinstance(term.media, Features):
                says |= {item: (SAME, _ITSELF) for item in own}
            for item, (kind, odds) in says.items():
                before = found.get(item, Beside(kind, term.label, 0.0))
                more = (odds - math.log(len(own))) * term.weight / whole
                found[item] = replace(before, odds=before.odds + more)
        for kind, marks, odds in (
            (LIKED, opened.marks.liked, _MARKED),
            (DISLIKED, opened.marks.disliked, -_MARKED),
        ):
            for mark in marks:
                for item in self._own(mark):
                    found[item] = Beside(kind, mark.label, odds)
        return replace(query, beside=found) if found else query

    def _own(self, term: Term) -> list[int]:
        """The items whose file a term is."""
        return self.catalogue.of_content(term.content) if term.content else []

    def _companions(self, own: list[int]) -> dict[int, str]:
        """Items beside some items of one content, and why; what the user parted is not."""
        found: dict[int, str] = {}
        parted: set[int] = set()
        for item in own:
            for link in self.catalogue.links(item, (*_SAYS, PARTED)):
                other = link.other if link.item == item else link.item
                if link.kind == PARTED:
                    parted.add(other)
                elif _SAYS[link.kind] > _SAYS.get(found.get(other, ""), 0.0):
                    found[other] = link.kind
            for other in self._named_alike(item):
                found.setdefault(other, STEM)
        return {id: kind for id, kind in found.items() if id not in parted and id not in own}

    def _named_alike(self, item: int) -> list[int]:
        """Files of its name in its folder, which are known before links are made."""
        paths = self.catalogue.named_alike(item)
        return [id for id, path in paths.items() if stem_of(path) == stem_of(paths[item])]
