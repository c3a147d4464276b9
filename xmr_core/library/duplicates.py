"""The near-duplicates of a library: looked for, grouped, told apart by hand. Nothing is deleted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xmr_core import duplicates, indexing
from xmr_core.catalogue import Link
from xmr_core.duplicates import Group, Kind, Pair
from xmr_core.errors import LibraryError
from xmr_core.indexing import Control, Progress
from xmr_core.indexing.holding import held_open
from xmr_core.library.items import Items
from xmr_core.media import Item, Modality

LINK = "duplicate"
"""The kind of links of all pairs; how they are alike stands in a second link of each."""
DIFFERENT = "different"
"""The kind of links of pairs that a person said are different."""

_DETAILS = {f"{LINK}:{kind}": kind for kind in Kind}
_LOOKED = "duplicates"  # in the catalogue's table meta: the generation that was compared


@dataclass(frozen=True, slots=True)
class Copy:
    """An item of a group.

    Attributes:
        item: it.
        kind: how it is alike to the first of its group; None for the first itself.
        similarity: how much, 0…1.
    """

    item: Item
    kind: Kind | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Copies:
    """Items that are alike, the one that is best to keep first.

    Attributes:
        copies: two or more, of one medium.
        reason: why the first one is the best, in a few words.
        similarity: of the least alike.
    """

    copies: tuple[Copy, ...]
    reason: str
    similarity: float

    @property
    def modality(self) -> Modality:
        """The medium."""
        return self.copies[0].item.modality

    @property
    def spare(self) -> int:
        """Bytes of all but the best one."""
        return sum(copy.item.size for copy in self.copies[1:])


@dataclass(frozen=True, slots=True)
class Looked:
    """How much of a library was looked at.

    Attributes:
        items: present ones.
        waiting: that no print was made of yet.
        unread: whose files could not be read.
        current: all are compared with all.
    """

    items: int
    waiting: int
    unread: int
    current: bool


class Duplicates(Items):
    """Looking for near-duplicates, and what was found."""

    def look_for_duplicates(self, control: Control | None = None) -> Iterator[Progress]:
        """Make the prints that are missing, then compare all.

        Args:
            control: pauses and cancels; cancelled, it goes on from there the next time, and
                the pairs found before stay.

        Yields:
            progress of the stages "look" and "compare".

        Raises:
            LibraryBusy: a run holds the library.
        """
        control = control or Control()
        last = Progress("done")
        for last in indexing.look(self.catalogue, duplicates.WORKS, control):
            if last.stage != "done":
                yield last
        if last.stage == "cancelled":
            return
        generation = self.catalogue.generation
        with held_open(self.catalogue):
            pairs = yield from indexing.follow(
                lambda tell: duplicates.all_pairs(
                    self._prints,
                    [(place.id, place.hash) for place in self.catalogue.places()],
                    tell,
                    self._close(),
                ),
                "compare",
                control,
            )
            if pairs is None:
                yield Progress("cancelled", last.done, last.total)
                return
            self._keep(pairs)
            self.catalogue.set_meta(_LOOKED, str(generation))
        yield Progress("done", last.done, last.total, failed=last.failed)

    def looked_for_duplicates(self) -> Looked:
        """How much of the library was looked at."""
        waiting = unread = 0
        for work in duplicates.WORKS:
            waiting += len(self.catalogue.unlooked(work.name, work.version, work.modalities))
            unread += len(self.catalogue.looked(work.name)[1])
        current = self.catalogue.meta(_LOOKED) == str(self.catalogue.generation)
        return Looked(sum(self.counts().values()), waiting, unread, current and not waiting)

    def duplicate_pairs(self) -> list[Pair]:
        """The pairs that were found, in the order of their ids."""
        links = self.catalogue.links(kinds=list(_DETAILS))
        return [Pair(link.item, link.other, _DETAILS[link.kind], link.weight) for link in links]

    def duplicates(
        self,
        media: Sequence[Modality] = (),
        least: float = 0.0,
        offset: int = 0,
        limit: int | None = None,
    ) -> tuple[list[Copies], int]:
        """Groups of near-duplicates, the surest first.

        Args:
            media: only these; all if empty.
            least: similarity, 0…1, of pairs that count.
            offset, limit: a page of them; the rest if None.

        Returns:
            the groups, and how many there are in all.
        """
        groups = self._groups(least)
        firsts = {i.id: i for i in self.catalogue.items([group.middle for group in groups])}
        wanted = [
            group
            for group in groups
            if group.middle in firsts and (not media or firsts[group.middle].modality in media)
        ]
        page = wanted[offset:] if limit is None else wanted[offset : offset + limit]
        items = {i.id: i for i in self.catalogue.items([id for g in page for id in g.ids])}
        return [self._copies(group, items) for group in page], len(wanted)

    def copies_of(self, item_ids: Sequence[int], least: float = 1.0) -> dict[int, list[int]]:
        """The near-duplicates of items, by item; of those that have none, nothing.

        Args:
            item_ids: of this library.
            least: similarity that counts; 1 for files that are the same.
        """
        wanted = set(item_ids)
        found: dict[int, list[int]] = {}
        for group in self._groups(least):
            for id in group.ids:
                if id in wanted:
                    found[id] = [other for other in group.ids if other != id]
        return found

    def mark_different(
        self, item_id: int, others: Sequence[int], *, different: bool = True
    ) -> None:
        """Remember that an item is no copy of others, or forget that again.

        Args:
            item_id, others: of this library.
            different: False takes it back.

        Raises:
            LibraryError: no such item, or no other one.
        """
        one = self.item(item_id).id
        ids = {self.item(id).id for id in others} - {one}
        if not ids:
            raise LibraryError(
                "It takes two items to say that they are different.", "Choose another one as well."
            )
        marked = {(min(one, other), max(one, other)) for other in ids}
        there = {(link.item, link.other) for link in self.catalogue.links(kinds=[DIFFERENT])}
        after = there | marked if different else there - marked
        links = [Link(a, b, DIFFERENT, 1.0) for a, b in after]
        self.catalogue.keep_links([DIFFERENT], links)
        self._keep(self.duplicate_pairs())

    def _groups(self, least: float) -> list[Group]:
        return duplicates.grouped(self.duplicate_pairs(), least, self._different())

    def _different(self) -> set[tuple[int, int]]:
        return {(link.item, link.other) for link in self.catalogue.links(kinds=[DIFFERENT])}

    def _keep(self, pairs: Sequence[Pair]) -> None:
        """Keep all pairs; those that a person told apart are no duplicates for anybody else."""
        different = self._different()
        links = [Link(p.first, p.second, f"{LINK}:{p.kind}", p.similarity) for p in pairs]
        links += [
            Link(p.first, p.second, LINK, p.similarity)
            for p in pairs
            if (p.first, p.second) not in different
        ]
        self.catalogue.keep_links([LINK, *_DETAILS], links)

    def _prints(self, kind: str) -> dict[int, list[bytes]]:
        prints: dict[int, list[bytes]] = {}
        for id, _, bits in self.catalogue.prints(kind):
            prints.setdefault(id, []).append(bits)
        return prints

    def _close(self) -> list[tuple[int, int]]:
        """Pairs of pictures whose vectors are close."""
        chunks = [
            (items[nos == 0], vectors[nos == 0])
            for _, items, nos, vectors in self.catalogue.vectors(Modality.IMAGE)
        ]
        if not chunks:
            return []
        ids, rows = (np.concatenate([chunk[k] for chunk in chunks]) for k in (0, 1))
        return duplicates.close(ids, rows)

    def _copies(self, group: Group, items: dict[int, Item]) -> Copies:
        here = [items[id] for id in group.ids if id in items]
        best, reason = duplicates.best(here)
        told = {member.id: member for member in group.members}
        others = []
        for item in here:
            if item.id == best.id:
                continue
            # where another than the middle is best, the middle is alike to it as it is to it
            member = told.get(item.id) or told[best.id]
            same = item.hash == best.hash
            kind, similarity = (Kind.EXACT, 1.0) if same else (member.kind, member.similarity)
            others.append(Copy(item, kind, similarity))
        others.sort(key=lambda copy: (-copy.similarity, copy.item.path))
        return Copies((Copy(best, None, 1.0), *others), reason, group.similarity)
