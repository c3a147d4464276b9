"""Why an item of a library answers a query."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from xmr_core import indexing, readers
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.errors import ExplanationError
from xmr_core.library.maps import Maps
from xmr_core.library.queries import What, make_query
from xmr_core.media import Audio, Item, Media, Modality, Text
from xmr_core.query import Concept, Features, Query
from xmr_core.results import Hit
from xmr_core.space import JointSpace

if TYPE_CHECKING:  # a search explains nothing, and has no use for what does
    from xmr_core.explain import Explanation, Side
    from xmr_core.explain.breakdown import Breakdown
    from xmr_core.explain.cache import SideCache

_INSTANT = 1e-3  # seconds: times of files are kept as floating-point numbers


@functools.cache
def _sides() -> "SideCache":
    """Of all libraries together, so that its bound is one of the process."""
    from xmr_core.explain.cache import SideCache

    return SideCache()


class Explanations(Maps):
    """Pairs of a query and an item, taken apart."""

    def explain(self, query: What | int, item_id: int, method: str | None = None) -> "Explanation":
        """What of an item answers a query, and what of the query it answers.

        Args:
            query: words (str), a file (Path), a medium, a term, or the number of an item of
                this library.
            item_id: the hit.
            method: a key of :data:`xmr_core.explain.methods.METHODS`; the best for the pair
                if None.

        Raises:
            ExplanationError: nothing to point at, no such method, or one for other encoders.
            LibraryError: no such item, or its file is gone.
            MediaError: a file that cannot be read.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        from xmr_core.explain.methods import METHODS, default_method

        if method is not None and method not in METHODS:
            raise ExplanationError(
                f"There is no method '{method}'.", f"The methods are: {', '.join(METHODS)}."
            )
        indexing.check_profile(self.catalogue, self.space)
        asked, found = self.side(query), self.side(item_id)
        chosen = method or default_method(asked, found)
        return METHODS[chosen](asked, found, self.space)

    def breakdown(self, query: Query, hit: Hit) -> "Breakdown":
        """The score of a hit of this library taken apart; see :mod:`xmr_core.explain.breakdown`.

        Args:
            query: as it was asked, such as :func:`xmr_core.library.make_query` makes it.
            hit: one of its answers.

        Raises:
            ExplanationError: a hit of another library, or an item that has gone.
            QueryError: a term that the profile does not cover.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        from xmr_core.explain.breakdown import breakdown

        indexing.check_profile(self.catalogue, self.space)
        return breakdown(self.searcher, self.accompanied(query), hit)

    def side(self, what: What | int) -> "Side":
        """A medium, or an item by its number, in its parts.

        Raises:
            ExplanationError: it cannot be taken apart.
            LibraryError: no such item, or its file is gone.
            MediaError: a file that cannot be read.
        """
        if isinstance(what, int):
            item, path = self.item(what), self.media_path(what)
            key = f"{item.hash} {_written(path)}"
            return _sides().side_by(
                key, item.modality, lambda: readers.read(path), self.space, self._maker(item, path)
            )
        (term,) = make_query([what]).terms
        return _sides().side(_media(term.media), self.space)

    def _maker(self, item: Item, path: Path) -> "Callable[[Media, JointSpace], Side]":
        """Takes an item apart: a long sound by the windows that the catalogue has of it, a long
        text by the passages."""
        from xmr_core.explain.sides import audio, side_of, source_of, text

        encoder = self.space.encoders.get(item.modality)
        if encoder is None or not _as_indexed(item, path):
            return side_of
        sound = isinstance(encoder, AudioEncoder) and item.facts.get("seconds", 0) > audio.LONG
        words = item.modality is Modality.TEXT and source_of(encoder) in (text.WORDED, text.ANY)
        if not (sound or words):
            return side_of
        parts = self.catalogue.parts(item.id)
        if len(parts) <= (text.PASSAGES if words else 0):
            return side_of
        nos, features = self.catalogue.item_features(item.id, encoder.fingerprint)
        if nos.tolist() != [0, *(part.no for part in parts)]:
            return side_of
        spans = np.array([[part.low[0], part.high[0]] for part in parts], np.float32)
        if words:
            return lambda media, _: text.by_passages(
                cast("Text", media), features[0], features[1:], spans[:, :, None]
            )
        return lambda media, _: audio.by_windows(
            cast("Audio", media), features[0], features[1:], spans
        )


def _as_indexed(item: Item, path: Path) -> bool:
    """Whether a file is still what the catalogue knows."""
    state = path.stat()
    return state.st_size == item.size and abs(state.st_mtime - item.mtime) < _INSTANT


def _written(path: Path) -> str:
    """When a file was last written, and its size: of what has changed since it was indexed,
    the new content is explained."""
    try:
        state = path.stat()
    except OSError:
        return ""  # gone this moment: reading it says so
    return f"{state.st_mtime_ns} {state.st_size}"


def _media(media: Media | Features | Concept) -> Media:
    if isinstance(media, Features | Concept):
        raise ExplanationError(
            "Of that query only its features are known, not the medium itself.",
            "Explain it by the number of its item.",
        )
    return media
