"""What sounds and videos say of themselves: ID3, Vorbis comments, MP4 and Matroska tags."""

from collections.abc import Iterator

from xmr_core.readers import container
from xmr_core.readers.source import Source

_FIELDS = {
    "title": "title", "artist": "author", "album_artist": "author", "author": "author",
    "composer": "author", "performer": "author", "album": "album", "show": "album",
    "comment": "comment", "description": "comment", "synopsis": "comment", "lyrics": "comment",
    "genre": "keywords", "keywords": "keywords", "date": "date", "year": "date",
    "creation_time": "date", "make": "camera", "model": "camera",
    "com.apple.quicktime.make": "camera", "com.apple.quicktime.model": "camera",
}  # fmt: skip
_DAY = 10  # characters of 2024-01-31, before the time


def told(source: Source, kind: str) -> Iterator[tuple[str, str]]:
    """Fields and their words, of the file and of its streams."""
    with container.opened(source, kind) as box:
        for tags in (box.metadata, *(stream.metadata for stream in box.streams)):
            for key, value in tags.items():
                name = key.lower()
                # of one language, as lyrics-eng
                field = _FIELDS.get(name) or _FIELDS.get(name.partition("-")[0])
                if field:
                    yield field, value[:_DAY] if field == "date" else value
