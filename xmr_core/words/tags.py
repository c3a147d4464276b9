"""What files say of themselves: title, author, album, keywords, camera, date, comment."""

from collections.abc import Callable, Iterator

from xmr_core import readers
from xmr_core.catalogue import Line
from xmr_core.indexing import Found
from xmr_core.media import Item, Modality
from xmr_core.readers.source import Source
from xmr_core.words import clip_tags, document_tags, mesh_tags, picture_tags

_LONGEST = 2000  # characters of one line
_MOST = 200  # lines of one file

Told = Iterator[tuple[str, str]]
"""Fields and what they say."""

_READERS: dict[Modality, Callable[[Source, str], Told]] = {
    Modality.TEXT: document_tags.told,
    Modality.IMAGE: picture_tags.told,
    Modality.AUDIO: clip_tags.told,
    Modality.VIDEO: clip_tags.told,
    Modality.MESH: mesh_tags.told,
}


class Tags:
    """Lines about the whole of an item, as its file has them."""

    name = "tags"
    version = "1"
    modalities = frozenset(Modality)
    fields: tuple[str, ...] = ("title", "author", "album", "keywords", "camera", "date", "comment")
    kinds: tuple[str, ...] = ()
    threads = 2

    def look(self, item: Item) -> Found:
        """Read what one file says."""
        with readers.known(item.file) as (source, kind):
            told = [(field, clean(text)) for field, text in _READERS[item.modality](source, kind)]
        kept = dict.fromkeys((field, text) for field, text in told if text)
        return Found([Line(field, text) for field, text in list(kept)[:_MOST]])


def clean(text: str) -> str:
    """A tag in one line, without what programs fill up with.

    >>> clean(" Blue\\0\\n tit\\0\\0"), clean("\\0 ")
    ('Blue tit', '')
    """
    return " ".join(text.replace("\0", " ").split())[:_LONGEST]
