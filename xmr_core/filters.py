"""Which items may answer a query."""

from dataclasses import dataclass

from xmr_core.media import Modality


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that an item must all meet; the default lets everything through.

    Attributes:
        modalities: any of these; empty means all.
        folder: an absolute folder, or one relative to any root, with ``/``; everything below it.
        after, before: of the file's last change, seconds since 1970, both included.
        min_bytes, max_bytes: of the file's size, both included.
        min_seconds, max_seconds: of sounds and videos, both included; other media, which
            have no length, do not meet them.
        text: words that its name or the text inside it contains, as a phrase.

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

    def __bool__(self) -> bool:
        """Whether anything could be left out."""
        return self != Filters()
