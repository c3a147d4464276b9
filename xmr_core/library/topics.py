"""Topics of a library: its clusters across media, told in words, and who, where and when."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from xmr_core import clusters, indexing, topics
from xmr_core.catalogue import Line
from xmr_core.chart import Chart
from xmr_core.indexing import Control, Progress
from xmr_core.library.documents import Documents
from xmr_core.media import Floats, Item, Modality
from xmr_core.space import JointSpace, unit

_TEXT = 2000  # characters of an item that have a say
_SENTENCES = 12  # of the profile, nearest to a topic, that have one
_FIELDS = ("title", "keywords", "album", "tag", "written", "spoken", "subtitles")
_PICTURES = 48  # of a topic that are asked where they were taken: each is opened
_SOME = 3  # names and places of a topic


@dataclass(frozen=True)
class Topic:
    """What some items are about.

    Attributes:
        words: that are its own, the most telling first.
        items: that stand for it, of all its media.
        counts: of its items, by medium.
        ids: of all its items.
        who: names in its texts, and authors that its files name.
        where: where its pictures were taken (latitude and longitude in degrees), and the folders
            that hold most of it.
        when: days of the first and the last, as the files say or as they were last changed.
        dated: whether the files say so.
    """

    words: tuple[str, ...]
    items: tuple[Item, ...]
    counts: dict[Modality, int]
    ids: tuple[int, ...]
    who: tuple[str, ...]
    where: tuple[str, ...]
    when: tuple[str, str]
    dated: bool


class Topics(Documents):
    """Topics, found for the library's present state and kept until it changes."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._topics: tuple[int, list[Topic]] | None = None

    def topics(self) -> list[Topic]:
        """The topics, the largest first.

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        return self._find(lambda done, total: None)

    def known_topics(self) -> list[Topic] | None:
        """The topics if they have been found for the library's present state, else None."""
        known = self._topics
        return known[1] if known and known[0] == self.catalogue.generation else None

    def find_topics(self, control: Control | None = None) -> Iterator[Progress]:
        """Find the topics, to be had from :meth:`known_topics`.

        Args:
            control: pauses and cancels; cancelled, nothing is kept.

        Yields:
            progress of the stage "topics".

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        found = yield from indexing.follow(self._find, "topics", control or Control())
        yield Progress("cancelled") if found is None else Progress("done", 1, 1)

    def _find(self, tell: Callable[[int, int], None]) -> list[Topic]:
        chart = self.chart()
        if self._topics is None or self._topics[0] != chart.pieces.generation:
            self._topics = (chart.pieces.generation, self._found(chart, tell))
        return self._topics[1]

    def _found(self, chart: Chart, tell: Callable[[int, int], None]) -> list[Topic]:
        """The topics of a chart; ``tell`` is told how many items were read and looked at, of
        twice as many, and may stop it."""
        if not len(chart):
            return []
        whole = 2 * len(chart)
        tell(0, whole)
        vectors, media = chart.centred, chart.pieces.codes
        labels, centres = clusters.cluster(vectors, topics.count_for(len(chart)))
        texts = []
        for done, item in enumerate(chart.items):
            tell(done, whole)
            texts.append(self._text(item))
        told = [topics.Told(i.title, text) for i, text in zip(chart.items, texts, strict=True)]
        named = topics.named(labels, told, self._near(centres))
        stand = topics.representatives(vectors, labels, centres, media)
        found: list[Topic] = []
        for topic, (words, places) in enumerate(zip(named, stand, strict=True)):
            tell(len(chart) + sum(len(one.ids) for one in found), whole)
            of = np.flatnonzero(labels == topic).tolist()
            items = [chart.items[i] for i in of]
            authors = [line.text for item in items for line in self._lines(item, ("author",))]
            who = [name for name, _ in Counter(authors).most_common(_SOME)]
            # the parts of a 3D model have names as people have: "Chair Frame"
            said = [i for i in of if chart.items[i].modality is not Modality.MESH]
            who += topics.people((texts[i] for i in said), _SOME)
            when, dated = self._when(items)
            found.append(
                Topic(
                    words=words,
                    items=tuple(chart.items[i] for i in places),
                    counts=dict(Counter(item.modality for item in items)),
                    ids=tuple(item.id for item in items),
                    who=tuple(dict.fromkeys(who)),
                    where=(*_taken(items), *_folders(items)),
                    when=when,
                    dated=dated,
                )
            )
        return found

    def _near(self, centres: Floats) -> list[list[str]]:
        """The profile's sentences nearest to each centre, rather than to all."""
        bank = self.space.bank()[: len(self.space.bank_texts)]
        if not len(bank):
            return []
        cosines = unit(bank - bank.mean(axis=0)) @ centres.T  # (b, c)
        cosines -= cosines.mean(axis=1, keepdims=True)
        best = np.argsort(-cosines, axis=0)[:_SENTENCES]  # (s, c)
        return [[self.space.bank_texts[row] for row in column] for column in best.T.tolist()]

    def _text(self, item: Item) -> str:
        texts = [line.text for line in self._lines(item, _FIELDS)]
        if item.modality is Modality.TEXT:
            texts += [part.text for part in self.catalogue.parts(item.id)]
        return " ".join(texts)[:_TEXT]

    def _lines(self, item: Item, fields: Sequence[str]) -> list[Line]:
        return self.catalogue.lines(item.id, fields)

    def _when(self, items: Sequence[Item]) -> tuple[tuple[str, str], bool]:
        days = [line.text[:10] for item in items for line in self._lines(item, ("date",))]
        dated = [day for day in days if len(day) == 10 and day[:4].isdecimal()]
        days = dated or [
            datetime.fromtimestamp(item.mtime, UTC).strftime("%Y-%m-%d") for item in items
        ]
        return (min(days), max(days)), bool(dated)


def _folders(items: Sequence[Item]) -> list[str]:
    """The folders that hold most of some items."""
    counts = Counter(item.path.rpartition("/")[0] for item in items)
    enough = max(2, len(items) // 8)
    return [name for name, n in counts.most_common(_SOME) if name and n >= enough]


def _taken(items: Sequence[Item]) -> list[str]:
    """Where pictures were taken, to a tenth of a degree, some ten kilometres."""
    counts: Counter[str] = Counter()
    pictures = [item for item in items if item.modality is Modality.IMAGE]
    for item in pictures[:: -(-len(pictures) // _PICTURES) or 1]:
        if place := place_of(item.file):
            counts[place_name(*place)] += 1
    return [place for place, _ in counts.most_common(_SOME)]


def place_name(latitude: float, longitude: float) -> str:
    """A place as people write it.

    >>> place_name(-33.5, 151.04), place_name(0, -0.01)
    ('33.5° S 151.0° E', '0.0° N 0.0° W')
    """
    north, east = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{abs(latitude):.1f}° {north} {abs(longitude):.1f}° {east}"


def place_of(file: Path) -> tuple[float, float] | None:
    """Latitude and longitude, in degrees, where a picture says that it was taken."""
    import PIL.Image

    with contextlib.suppress(Exception):  # its header may hold anything
        with PIL.Image.open(file) as picture:
            if picture.format == "PNG" and "exif" not in picture.info:
                return None  # it would be decoded to the end to look behind its pixels
            facts = picture.getexif().get_ifd(0x8825)
        places = []
        for value, sign, negative in ((2, 1, "S"), (4, 3, "W")):
            degrees, minutes, seconds = (float(part) for part in facts[value])
            place = degrees + minutes / 60 + seconds / 3600
            places.append(-place if str(facts[sign]).upper().startswith(negative) else place)
        if abs(places[0]) <= 90 and abs(places[1]) <= 180:
            return places[0], places[1]
    return None
