"""Pairs of one's own libraries as data of the lab."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from xmr_core.datasets import FEWEST, Encoders, halves, own_pairs, shared
from xmr_core.datasets.own import Row
from xmr_core.errors import LabError
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.media import Item, Modality
from xmr_core.profiles import load_profile
from xmr_core.profiles.fitted import PREFIX, Fitted
from xmr_core.ui.context import Plain
from xmr_core.ui.lab_data import Data, Read, Tell
from xmr_core.ui.words import NAMES

OWN = "library:"
"""What the names of such data begin with."""

_ALL = 10**9
_WORDS = 2000  # characters of a text that it is called by
_WHAT = (
    "Two files of different media are a pair when they have the same name, as robin.jpg and "
    "robin.wav, or as a picture and robin.txt, which holds its caption. Where a name stands in "
    "several folders, only files of one folder are. A video and its own sound are a pair, too."
)

Media = tuple[Modality, ...]
"""Two media whose files share names, or videos alone: what they show beside their sound."""


def told(library: Library) -> Plain:
    """What pairs a library holds, those of most things first; what to do where they are few."""
    files = [(_path(item), item.modality) for item in _items(library)]
    kinds: dict[Media, int] = {media: things for media, things in shared(files).items()}
    if videos := library.counts().get(Modality.VIDEO, 0):
        kinds[Modality.VIDEO,] = videos
    order = sorted(kinds, key=lambda media: -kinds[media])
    return {
        "library": library.name,
        "needed": FEWEST,
        "kinds": [
            {
                "media": [str(m) for m in media],
                "title": _title(media),
                "things": kinds[media],
                "said": _said(media, kinds[media]),
                "enough": kinds[media] >= FEWEST,
            }
            for media in order
        ],
        "said": "" if kinds else f"No two files here are a pair, and {FEWEST} pairs are needed.",
        "what": _WHAT,
    }


def data_of(library: Library, media: Media) -> Data:
    """The pairs of a library as data.

    Args:
        library: its features are used as they are.
        media: as :func:`told` gives them.

    Raises:
        LabError: other media.
    """
    if len(media) != 2 and media != (Modality.VIDEO,):
        raise LabError("Pairs are of two media.", "Choose the media of the pairs.")
    stamp = f"{library.identity} {library.catalogue.generation} {library.profile}"
    name = library.profile
    return Data(
        name=OWN + library.name,
        key=f"{OWN}{library.name} {stamp} {' '.join(media)}",
        title=f"{_title(media)} of the library {library.name}",
        read=partial(_read, library, media),
        profile=Fitted(name).base if name.startswith(PREFIX) else name,
    )


def _read(library: Library, media: Media, tell: Tell) -> Read:
    encoders = load_profile(library.profile, partial(tell, "model")).encoders
    tell("media", 0, 0)
    items = {item.id: item for item in _items(library)}
    if media == (Modality.VIDEO,):
        pair = (Modality.IMAGE, Modality.AUDIO)
        rows = list(halves(_rows(library, items, media, encoders), encoders[pair[0]].dim))
    else:
        pair = (media[0], media[1])
        rows = list(_rows(library, items, pair, encoders))
    texts = [i for i in items.values() if i.modality is Modality.TEXT and Modality.TEXT in pair]
    called = {_path(item): _words(library, item) for item in texts}
    return Read(own_pairs(rows, encoders, pair, library.name, called), encoders)


def _rows(
    library: Library, items: Mapping[int, Item], media: Media, encoders: Encoders
) -> Iterator[Row]:
    """What the encoders gave for the items of some media as wholes."""
    for modality in media:
        if modality not in encoders:
            raise LabError(
                f"The profile of {library.name} has no encoder for {modality}.",
                "Choose other media.",
            )
        fingerprint = encoders[modality].fingerprint
        for ids, parts, features in library.catalogue.features(modality, fingerprint):
            for i, part, row in zip(ids.tolist(), parts.tolist(), features, strict=True):
                if part == 0 and i in items:
                    yield _path(items[i]), modality, row


def _items(library: Library) -> list[Item]:
    return library.catalogue.find(Filters(), 0, _ALL)


def _path(item: Item) -> str:
    """Where it lies: items of two roots may have one path below them."""
    return item.file.as_posix()


def _words(library: Library, item: Item) -> str:
    """What a text says, as far as it is read."""
    said = " ".join(part.text for part in library.parts(item.id)).strip()
    return said[:_WORDS] or Path(item.path).name


def _title(media: Media) -> str:
    """Media in words.

    >>> _title((Modality.IMAGE, Modality.TEXT)), _title((Modality.VIDEO,))
    ('Pictures and texts', 'Videos and their sound')
    """
    names = [NAMES[m][1] for m in media]
    if len(media) == 1:
        return f"{names[0]} and their sound"
    return f"{names[0]} and {names[1].lower().replace('3d', '3D')}"


def _said(media: Media, things: int) -> str:
    """How many pairs there are, and how many are needed.

    >>> _said((Modality.IMAGE, Modality.TEXT), 7)
    'Pictures and texts share 7 names; 20 or more are needed, better hundreds.'
    >>> _said((Modality.IMAGE, Modality.TEXT), 1300)
    'Pictures and texts share 1,300 names.'
    """
    if len(media) == 1:
        start = f"There are {things:,} videos; those that have a sound count"
    else:
        start = f"{_title(media)} share {things:,} name{'' if things == 1 else 's'}"
    return (
        f"{start}."
        if things >= FEWEST
        else f"{start}; {FEWEST} or more are needed, better hundreds."
    )
