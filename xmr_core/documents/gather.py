"""Which items are one document: by what the user says, by reference, by name, by folder.

An item belongs to one document at most. The rules are tried in that order, and none puts two
items together that the user has parted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePosixPath

from xmr_core.catalogue import Link, Place
from xmr_core.graph.mentions import REFERS
from xmr_core.graph.places import FOLDER, STEM, in_folders, stem_of
from xmr_core.media import Modality

JOINED, PARTED = "joined", "parted"

WHY = {
    JOINED: "joined by you",
    REFERS: "one names the others",
    STEM: "one name",
    FOLDER: "a small folder of several media",
}
"""Rules in words, the strongest first."""

FEW = 6
"""Items of a folder up to which they are one document, if they are of several media."""

MOST = 40  # items of a document: a page that names more is a list of contents


@dataclass(frozen=True)
class Gathered:
    """Items that belong together.

    Attributes:
        members: ids, the one that leads first: a text, where there is one.
        rules: of `WHY`, that put them together, the strongest first.
        title: what it is called.
    """

    members: tuple[int, ...]
    rules: tuple[str, ...]
    title: str


def gather(places: Sequence[Place], links: Iterable[Link]) -> list[Gathered]:
    """The documents of a library, in the order of their leading items.

    Args:
        places: of all items.
        links: between them; kinds that say nothing of documents do not matter.

    >>> from pathlib import Path
    >>> files = [("robin.txt", Modality.TEXT), ("robin.jpg", Modality.IMAGE)]
    >>> places = [Place(i, m, "", Path("/r"), p) for i, (p, m) in enumerate(files)]
    >>> gather(places, [Link(0, 1, "stem", 1.0)])
    [Gathered(members=(0, 1), rules=('stem',), title='robin')]
    """
    where = {place.id: place for place in places}
    by_kind: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for link in links:
        if link.item in where and link.other in where:
            by_kind[link.kind].append((link.item, link.other))
    groups = _Groups(where, by_kind[PARTED])
    for one, other in by_kind[JOINED]:
        groups.join((one, other), JOINED)
    for named in _pages(where, by_kind[REFERS]):
        groups.join(named, REFERS, only_alone=True)
    for one, other in by_kind[STEM]:
        groups.join((one, other), STEM)
    for together in in_folders(places).values():
        if 1 < len(together) <= FEW and len({place.modality for place in together}) > 1:
            for two in combinations([place.id for place in together], 2):
                groups.join(two, FOLDER)
    return sorted(groups.made(), key=lambda made: made.members[0])


def _pages(where: Mapping[int, Place], refers: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """What files name, each with itself first, those that name least first: a picture belongs to
    the page about it rather than to the table of contents. Texts that name texts do not count."""
    named: dict[int, list[int]] = defaultdict(list)
    for one, other in refers:
        media = where[one].modality, where[other].modality
        for page, of in ((one, other), (other, one)):
            text = where[page].modality is Modality.TEXT
            if media[0] != media[1] and (text or Modality.TEXT not in media):
                named[page].append(of)
    pages = [page for page in named if _leads(where, page, named[page])]
    for page in sorted(pages, key=lambda page: (len(named[page]), page)):
        if len(named[page]) < MOST:
            yield [page, *sorted(named[page])]


def _leads(where: Mapping[int, Place], page: int, named: Sequence[int]) -> bool:
    """Whether a file is the one that names the others: a text, or a model and its textures."""
    media = where[page].modality
    return media is Modality.TEXT or (
        media is Modality.MESH and all(where[id].modality is Modality.IMAGE for id in named)
    )


class _Groups:
    """Items put together step by step."""

    def __init__(self, where: Mapping[int, Place], parted: Iterable[tuple[int, int]]) -> None:
        self._where = where
        self._of = {id: id for id in where}
        self._members = {id: [id] for id in where}
        self._rules: dict[int, set[str]] = defaultdict(set)
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, other in parted:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def join(self, ids: Sequence[int], rule: str, *, only_alone: bool = False) -> None:
        """Put items with the first of them, those that may be.

        Args:
            ids: at least two.
            rule: that says so.
            only_alone: leave out what has its document already.
        """
        for id in ids[1:]:
            one, other = self._of[ids[0]], self._of[id]
            if one == other:
                self._rules[one].add(rule)
                continue
            if only_alone and len(self._members[other]) > 1:
                continue
            mine, others = self._members[one], self._members[other]
            if len(mine) + len(others) > MOST:
                continue
            if any(not self._apart[member].isdisjoint(others) for member in mine):
                continue
            for member in others:
                self._of[member] = one
            mine += others
            self._rules[one] |= self._rules[other] | {rule}
            del self._members[other]

    def made(self) -> Iterator[Gathered]:
        """The groups of more than one."""
        for first, members in self._members.items():
            if len(members) > 1:
                rules = tuple(rule for rule in WHY if rule in self._rules[first])
                ordered = sorted(members, key=self._order)
                yield Gathered(tuple(ordered), rules, self._title(ordered, rules))

    def _order(self, id: int) -> tuple[int, str]:
        """Texts first, those of pages before others; then by name."""
        place = self._where[id]
        page = PurePosixPath(place.path).suffix.lower() in (".html", ".htm", ".md", ".pdf")
        subtitles = PurePosixPath(place.path).suffix.lower() in (".srt", ".vtt")
        text = place.modality is Modality.TEXT
        return (0 if text and page else 1 if text and not subtitles else 2), place.path

    def _title(self, members: Sequence[int], rules: Sequence[str]) -> str:
        lead = self._where[members[0]]
        folder = PurePosixPath(lead.path).parent.name
        by_folder = FOLDER in rules and STEM not in rules and REFERS not in rules
        if by_folder and folder:
            return folder
        stems = [PurePosixPath(self._where[id].path).stem for id in members]
        if STEM in rules and REFERS not in rules:
            keys = [stem_of(self._where[id].path) for id in members]
            common = max(sorted(set(keys)), key=keys.count)
            return min(
                (stem for stem, key in zip(stems, keys, strict=True) if key == common), key=len
            )
        return stems[0]
