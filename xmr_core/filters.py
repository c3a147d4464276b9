"""Which items may answer a query."""

from dataclasses import dataclass

from xmr_core.media import Modality


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that an item must all meet; the default lets everything through.

    Attributes:
        modalities: any of these; empty means all.
        folder: an absolute folder, or one relative to any root, with ``/``, after the root's name
            or without; everything below it.
        after, before: of the file's last change, seconds since 1970, both included.
        min_bytes, max_bytes: of the file's size, both included.
        min_seconds, max_seconds: of sounds and videos, both included; other media, which
            have no length, do not meet them.
        text: words that its name or the text inside it contains, as a phrase.
        collection: the name of one that it is in.
        outside: names of collections that it is in none of.
        tags: all of these.

    Names of collections and tags are compared without regard to case.

    >>> bool(Filters()), bool(Filters(folder="birds"))
    (False, True)
    """

    modalities: frozenset[Modality] = frozenset()
    folder: str | None = None
    after: float | None = None
    before: float | None = None
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    text: str | None = None
    collection: str | None = None
    outside: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything could be left out."""
        return self != Filters()
