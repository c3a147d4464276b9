"""The cross-index graph of a library: its links, what lies around an item, and ranking by it."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core import indexing
from xmr_core.catalogue import Link
from xmr_core.errors import LibraryError
from xmr_core.graph import build
from xmr_core.graph.spread import SHARE, SPREADING, matrix, spread
from xmr_core.indexing import Control, Progress
from xmr_core.indexing.holding import held_open
from xmr_core.library.explanations import Explanations
from xmr_core.media import Item
from xmr_core.query import Query
from xmr_core.results import Hit, Results
from xmr_core.space import JointSpace

FIRST = 300
"""Hits that lend to each other when a search follows links."""

REASONS = {
    "refers": "one names the other",
    "stem": "same name",
    "joined": "joined by you",
    "duplicate": "near-duplicates",
    "near": "alike",
    "folder": "same folder",
}
"""Kinds of links in words, those that say most first."""

_AROUND = 10  # links followed from each item, the ones that say most


@dataclass(frozen=True)
class Surroundings:
    """What lies around an item in the graph.

    Attributes:
        items: the item itself first, then by how many steps away they are.
        steps: of each of them.
        links: between any two of them.
    """

    items: tuple[Item, ...]
    steps: tuple[int, ...]
    links: tuple[Link, ...]


class Graphs(Explanations):
    """Links between the library's items."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._adjacent: tuple[str, Any, Any] | None = None
        self._adjoining = threading.Lock()

    def link(self, control: Control | None = None) -> Iterator[Progress]:
        """Bring the links up to date: only what is new since the last time is compared.

        Args:
            control: pauses and cancels; cancelled, the links stay as they were.

        Yields:
            progress of the stage "link".

        Raises:
            LibraryBusy: a run holds the library.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        control = control or Control()
        indexing.check_profile(self.catalogue, self.space)
        with held_open(self.catalogue):
            if not self.linked:
                made = yield from indexing.follow(
                    lambda tell: build.update(
                        self.catalogue,
                        self.space,
                        self.searcher.gallery,
                        self.path / "index",
                        tell,
                    ),
                    "link",
                    control,
                )
                if made is None:
                    yield Progress("cancelled")
                    return
        yield Progress("done", 1, 1)

    @property
    def linked(self) -> bool:
        """Whether the links are those of the library as it is now."""
        return build.is_current(self.catalogue)

    def links(self, item_id: int | None = None) -> list[Link]:
        """Links between items, or those of one item, as they were last made.

        Raises:
            LibraryError: no such item.
        """
        if item_id is not None:
            self.item(item_id)
        return [link for link in self.catalogue.links(item_id) if link.kind in REASONS]

    def surroundings(self, item_id: int, most: int = 40, kinds: Sequence[str] = ()) -> Surroundings:
        """What lies around an item: what it is linked with, what that is linked with, and so on.

        Args:
            item_id: in the middle.
            most: items.
            kinds: of links to follow; all if empty.

        Raises:
            LibraryError: no such item.
        """
        middle = self.item(item_id)
        adjacent: dict[int, list[Link]] = defaultdict(list)
        links = [link for link in self.links() if not kinds or link.kind in kinds]
        for link in links:
            adjacent[link.item].append(link)
            adjacent[link.other].append(link)
        steps = {item_id: 0}
        edge = [item_id]
        while edge and len(steps) < most:
            beyond: list[int] = []
            for id in edge:
                for link in sorted(adjacent[id], key=_telling)[:_AROUND]:
                    other = link.other if link.item == id else link.item
                    if other not in steps and len(steps) < most:
                        steps[other] = steps[id] + 1
                        beyond.append(other)
            edge = beyond
        items = {item.id: item for item in self.catalogue.items(list(steps))}
        items.setdefault(item_id, middle)
        there = [id for id in steps if id in items]
        return Surroundings(
            tuple(items[id] for id in there),
            tuple(steps[id] for id in there),
            tuple(link for link in links if link.item in items and link.other in items),
        )

    # -- ranking

    def answer(self, query: Query) -> Results:
        """Answer a prepared query; where it says so, hits lend to what they are linked with.

        Raises:
            LibraryError: it is to follow links, and there are none yet.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        if not query.spread:
            return super().answer(query)
        wide = max(FIRST, query.offset + query.k)
        found = super().answer(replace(query, k=wide, offset=0, spread=False))
        hits = self.spread(found.hits)[query.offset : query.offset + query.k]
        ranked = (replace(hit, rank=query.offset + i) for i, hit in enumerate(hits, start=1))
        return replace(found, hits=tuple(ranked))

    def spread(self, hits: Sequence[Hit]) -> list[Hit]:
        """Hits of this library in the order that they have once they lend to each other.

        Their odds are those of what they are worth then, so that lists of several libraries keep
        that order; their strengths stay the match of each with the query alone.

        Raises:
            LibraryError: there are no links yet.
        """
        ids, links = self._matrix()
        there = np.array([hit.item.id for hit in hits], np.int64)
        known = np.isin(there, ids)
        at = np.searchsorted(ids, there[known])
        strengths = np.zeros(len(ids))
        alone = np.array([hit.strength for hit in hits], np.float64)
        strengths[at] = alone[known]
        worth = alone * (1 - SHARE)  # what is too new to be linked has only its own
        worth[known] = spread(links, strengths)[at]
        order = np.argsort(-worth, kind="stable")
        odds = np.log(np.clip(worth, 1e-9, 1 - 1e-9) / (1 - np.clip(worth, 1e-9, 1 - 1e-9)))
        return [replace(hits[i], odds=float(odds[i])) for i in order.tolist()]

    def _matrix(self) -> tuple[Any, Any]:
        if not build.is_linked(self.catalogue):
            raise LibraryError(
                f"The items of {self.name} have not been linked yet.",
                f"Open the page Links, or run: xmr graph build {self.name}",
            )
        mark = self.catalogue.meta(build.STAMP) or ""
        with self._adjoining:
            if self._adjacent is None or self._adjacent[0] != mark:
                links = self.catalogue.links(kinds=SPREADING)
                ids = np.array([place.id for place in self.catalogue.places()], np.int64)
                self._adjacent = (mark, ids, matrix(ids, links))
            return self._adjacent[1:]


def by_other(item_id: int, links: Sequence[Link]) -> dict[int, list[Link]]:
    """Links of an item by whom they lead to, what says most first.

    >>> found = by_other(2, [Link(1, 2, "near", 0.4), Link(2, 3, "stem", 1.0)])
    >>> {other: [link.kind for link in links] for other, links in found.items()}
    {3: ['stem'], 1: ['near']}
    """
    found: dict[int, list[Link]] = defaultdict(list)
    for link in sorted(links, key=_telling):
        found[link.other if link.item == item_id else link.item].append(link)
    return dict(found)


def _telling(link: Link) -> tuple[int, float]:
    """What says most comes first: names and references, then likeness, then folders."""
    return list(REASONS).index(link.kind), -link.weight
