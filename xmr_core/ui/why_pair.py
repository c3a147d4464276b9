"""A query and one of its hits, as the page Why names them, and the two taken apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core import readers
from xmr_core.explain import Explanation, Side
from xmr_core.filters import Filters
from xmr_core.indexing import check_profile
from xmr_core.library import Library
from xmr_core.media import Floats, Item, Media, Modality
from xmr_core.query import Features, Query, Term
from xmr_core.ui import fields, queries, query_form
from xmr_core.ui.context import Context, Plain
from xmr_core.ui.feedback_marks import Stated, marks, unfolded

SIDES = ("query", "hit")
_MOST_BOXES = 200
_AXES = {
    Modality.TEXT: 1,
    Modality.IMAGE: 2,
    Modality.AUDIO: 2,
    Modality.VIDEO: 3,
    Modality.MESH: 3,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A hit, the query that found it, and which of the query's terms is looked at.

    Attributes:
        library: of the hit.
        item: the hit.
        terms: of the query, checked, as a page states them, with what concepts are made of.
        at: the place of the term that is explained.
        stated: the same terms as the page stated them, concepts whole.
        marks: what was liked and disliked of earlier answers.
        corrected: whether the search subtracted the hub bias.
    """

    context: Context
    library: Library
    item: Item
    terms: tuple[Plain, ...]
    at: int
    corrected: bool
    stated: tuple[Plain, ...]
    marks: Stated

    @property
    def term(self) -> Plain:
        """The term that is explained."""
        return self.terms[self.at]

    def engine_terms(self, instead: Media | Features | None = None) -> tuple[Term, ...]:
        """All terms as the engine takes them, the explained one with something in its place."""
        made = [queries.engine_term(self.context, term, self.library) for term in self.terms]
        if instead is not None:
            made[self.at] = Term(instead, made[self.at].weight, made[self.at].label)
        return tuple(made)

    def check(self) -> None:
        """Whether the library's vectors are of the joint space that it has now.

        Raises:
            ProfileMismatch: they are of another one.
        """
        check_profile(self.library.catalogue, self.library.space)

    def query(self) -> Query:
        """The query as it was searched, without filters, which do not change a score."""
        asked = queries.Asked(
            (self.library,), self.stated, Filters(), self.corrected, marks=self.marks
        )
        return queries.engine_query(self.context, asked, self.library)

    def asked(self) -> str | Media | int:
        """The explained term, as a library takes it apart."""
        term = self.term
        if term["kind"] == "text":
            return str(term["text"])
        if term["kind"] == "file":
            return self.context.uploads.get(term["token"]).media
        source = self.context.shelf.get(term["library"])
        if source is self.library:
            return int(term["id"])
        return _read(source.media_path(term["id"]), source.item(term["id"]).hash)

    def side(self, which: str) -> Side:
        """One of the two, taken apart; it is remembered for a while."""
        return self.library.side(self.item.id if which == "hit" else self.asked())

    def explain(self, method: str | None) -> Explanation:
        """Why they match, by one method."""
        return self.library.explain(self.asked(), self.item.id, method)

    def medium(self, which: str) -> Modality:
        """The medium of one of the two."""
        if which == "hit":
            return self.item.modality
        term = self.term
        if term["kind"] == "text":
            return Modality.TEXT
        if term["kind"] == "file":
            return self.context.uploads.get(term["token"]).modality
        return self.context.shelf.get(term["library"]).item(term["id"]).modality


def pair(context: Context, payload: Plain) -> Pair:
    """``{library, id, query, term}``, everything it names found.

    Args:
        context: of the server.
        payload: ``query`` in its plain form, ``term`` the place of the one to explain; without
            it, the one that weighs most.

    Raises:
        QueryError: the query cannot be understood.
        LibraryError: the library or the item is gone.
    """
    name, item_id = fields.text(payload, "library"), fields.whole(payload, "id")
    stated = fields.record(payload, "query")
    given = tuple(query_form.terms(stated))
    terms = tuple(queries.spread(context, unfolded(context, given)))
    heaviest = max(range(len(terms)), key=lambda i: terms[i]["weight"])
    at = fields.whole(payload, "term", heaviest, high=len(terms) - 1)
    corrected = fields.truth(stated, "corrected", True)
    library = context.shelf.get(name)
    item = library.item(item_id)
    return Pair(context, library, item, terms, at, corrected, given, marks(stated))


def which_side(payload: Plain) -> str:
    """``{side}``: query or hit.

    Raises:
        BadField: it is neither.
    """
    side = fields.text(payload, "side") or "hit"
    if side not in SIDES:
        raise fields.BadField("side", "'query' or 'hit'")
    return side


def boxes(payload: Plain, name: str, modality: Modality) -> Floats:
    """A list of boxes, ``[[low…], [high…]]`` each, in the axes of a medium: f32 (r, 2, a).

    Raises:
        BadField: it is something else.
    """
    axes = _AXES[modality]
    kind = f"a list of boxes of {axes} numbers"
    return _array(payload.get(name), name, kind, (2, axes))


def spans(payload: Plain, name: str) -> Floats:
    """A list of spans of seconds: f32 (r, 2).

    Raises:
        BadField: it is something else.
    """
    return _array(payload.get(name), name, "a list of spans of seconds", (2,))


def _array(value: Any, name: str, kind: str, shape: Sequence[int]) -> Floats:
    if value is None or value == []:
        return np.zeros((0, *shape), np.float32)
    if not isinstance(value, list) or len(value) > _MOST_BOXES or not _numbers(value, len(shape)):
        raise fields.BadField(name, kind)
    try:
        made = np.array(value, np.float32)
    except (ValueError, OverflowError) as error:
        raise fields.BadField(name, kind) from error
    if made.shape[1:] != tuple(shape) or not np.isfinite(made).all():
        raise fields.BadField(name, kind)
    return made


def _numbers(value: Any, depth: int) -> bool:
    """Whether lists in lists, so deep, hold numbers alone."""
    if depth < 0:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    return isinstance(value, list) and all(_numbers(one, depth - 1) for one in value)


def removed(payload: Plain, pair: Pair) -> Mapping[str, tuple[Floats, Floats]]:
    """``{without: {query: {boxes, sounds}, hit: {…}}}`` by side: boxes, and spans of the sound.

    Raises:
        BadField: boxes of another medium.
    """
    given = fields.record(payload, "without")
    taken: dict[str, tuple[Floats, Floats]] = {}
    for which in SIDES:
        one = fields.record(given, which)
        if one:
            taken[which] = boxes(one, "boxes", pair.medium(which)), spans(one, "sounds")
    return taken


@lru_cache(maxsize=3)
def _read(path: Path, content: str) -> Media:
    """A file of another library; the hash keeps a changed one from being mistaken."""
    return readers.read(path)
