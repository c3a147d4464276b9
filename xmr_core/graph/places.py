"""What belongs together by where it lies: files of one name, files of one small folder."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path, PurePosixPath

from xmr_core.catalogue.links import Link, Place

STEM, FOLDER = "stem", "folder"

SMALL = 12
"""Items directly in a folder up to which lying there together means something."""

_SAME = 8  # files of one name: more of them share a habit of naming, not a thing
_PARALLEL = 3  # names that two folders must share before they are taken for two sides of one
_SUBTITLES = frozenset({".srt", ".vtt"})
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:[-_][a-z0-9]{2,8})?$")


def stem_of(path: str) -> str:
    """A file's name without its ending, and subtitles' without their language.

    >>> stem_of("films/Heart Monitor.mp4"), stem_of("films/heart monitor.en.srt")
    ('heart monitor', 'heart monitor')
    """
    name = PurePosixPath(path)
    stem = name.stem.lower()
    return _LANGUAGE.sub("", stem) if name.suffix.lower() in _SUBTITLES else stem


def by_stem(places: Iterable[Place]) -> Iterator[Link]:
    """Files of one name: in one folder, or in two folders that hold several names in common.

    >>> from xmr_core.media import Modality
    >>> files = [("a/robin.jpg", Modality.IMAGE), ("a/robin.wav", Modality.AUDIO)]
    >>> places = [Place(i, m, "", Path("/r"), p) for i, (p, m) in enumerate(files)]
    >>> [link.weight for link in by_stem(places)]
    [1.0]
    """
    named: dict[tuple[Path, str], dict[str, list[Place]]] = defaultdict(dict)
    for place in places:
        folder = str(PurePosixPath(place.path).parent)
        named[place.root, stem_of(place.path)].setdefault(folder, []).append(place)
    apart: dict[tuple[Path, str, str], list[tuple[Place, Place]]] = defaultdict(list)
    for (root, _), folders in named.items():
        for together in folders.values():
            if 1 < len(together) <= _SAME:
                yield from _pairs(together, STEM, 1.0)
        alone = {folder: some[0] for folder, some in folders.items() if len(some) == 1}
        if 1 < len(alone) <= _SAME:
            for one, other in combinations(sorted(alone), 2):
                if alone[one].modality != alone[other].modality:
                    apart[root, one, other].append((alone[one], alone[other]))
    for pairs in apart.values():
        if len(pairs) >= _PARALLEL:
            for two in pairs:
                yield from _pairs(two, STEM, 1.0)


def by_folder(places: Iterable[Place]) -> Iterator[Link]:
    """Files that lie directly in one small folder: the fewer there are, the more it says.

    The top of a registered folder is none: what lies there was not sorted by anybody.

    >>> from xmr_core.media import Modality
    >>> places = [Place(i, Modality.TEXT, "", Path("/r"), f"a/{i}.txt") for i in range(3)]
    >>> [link.weight for link in by_folder(places)]
    [0.5, 0.5, 0.5]
    """
    for together in in_folders(places).values():
        if 1 < len(together) <= SMALL:
            yield from _pairs(together, FOLDER, round(1 / (len(together) - 1), 2))


def in_folders(places: Iterable[Place]) -> dict[tuple[Path, str], list[Place]]:
    """The items directly in each folder below a registered one, by root and path."""
    folders: dict[tuple[Path, str], list[Place]] = defaultdict(list)
    for place in places:
        folder, slash, _ = place.path.rpartition("/")
        if slash:
            folders[place.root, folder].append(place)
    return folders


def _pairs(places: Sequence[Place], kind: str, weight: float) -> Iterator[Link]:
    for one, other in combinations(sorted(place.id for place in places), 2):
        yield Link(one, other, kind, weight)
