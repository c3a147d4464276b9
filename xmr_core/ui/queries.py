"""A query as a page states it, in plain JSON, and as the engine takes it.

::

    {"terms": [{"kind": "text", "text": "a dog", "weight": 1},
               {"kind": "file", "token": "…", "name": "cat.png", "modality": "image", "weight": -1},
               {"kind": "item", "library": "demo", "id": 7, "title": "…", "modality": "audio",
                "src": "/media/demo/7?v=…", "weight": 0.5}],
     "libraries": ["demo"], "to": ["image"], "corrected": true,
     "filters": {"folder": "", "after": "2024-01-31", "before": "", "min_mb": 1, "max_mb": "",
                 "min_seconds": "", "max_seconds": "", "text": ""}}

The same form is what the history and the saved searches keep.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from xmr_core import readers
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.media import Modality, Text
from xmr_core.search import Query, Results, Term, fuse
from xmr_core.ui import fields
from xmr_core.ui.context import Context, Plain

MAX_TERMS = 40
MAX_K = 200
MAX_OFFSET = 10_000
MAX_TEXT = 20_000  # characters of one term
_KINDS = {
    "text": (),
    "file": ("token", "name", "modality"),
    "item": ("library", "title", "modality", "src"),
}
_FILTERS = frozenset(
    {"folder", "after", "before", "min_mb", "max_mb", "min_seconds", "max_seconds", "text"}
)
_CALLED = {
    "weight": "weight", "min_mb": "size", "max_mb": "size", "min_seconds": "length",
    "max_seconds": "length",
}  # fmt: skip
_TYPED = 100  # characters of a number or a date
_DAY = 86_400.0
_MB = 1_000_000
_MOST = 2**62  # bytes; no file is larger, and the catalogue counts no further


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with everything it names found.

    Attributes:
        libraries: where to look.
        terms: as stated, checked.
        filters, corrected: as the engine takes them.
    """

    libraries: tuple[Library, ...]
    terms: tuple[Plain, ...]
    filters: Filters
    corrected: bool

    @property
    def words(self) -> list[str]:
        """The words that are looked for, to be marked in passages."""
        return [t["text"] for t in self.terms if t["kind"] == "text" and t["weight"] > 0]

    @property
    def itself(self) -> frozenset[tuple[str, int]]:
        """Items that are terms: who has them in the query need not find them again."""
        return frozenset((t["library"], t["id"]) for t in self.terms if t["kind"] == "item")

    def only(self, modality: Modality) -> "Asked":
        """The same in one medium."""
        return replace(self, filters=replace(self.filters, modalities=frozenset({modality})))


def asked(context: Context, plain: Plain) -> Asked:
    """Read a stated query.

    Raises:
        QueryError: it cannot be understood, or looks for nothing.
        LibraryError: a library that cannot be used.
    """
    names = fields.texts(plain, "libraries")
    if not names:
        raise QueryError("No library is chosen.", "Choose one beside the query box.")
    return Asked(
        tuple(context.shelf.get(name) for name in dict.fromkeys(names)),
        tuple(terms(plain)),
        filters(plain),
        fields.truth(plain, "corrected", True),
    )


def terms(plain: Plain) -> list[Plain]:
    """The terms of a stated query, checked, with only what belongs to them.

    >>> terms({"terms": [{"kind": "text", "text": " red ", "weight": 2, "more": 1}]})
    [{'kind': 'text', 'weight': 2.0, 'text': 'red'}]
    >>> terms({"terms": [{"kind": "text", "text": "red \\ud83d", "weight": 1}]})[0]["text"]
    'red ?'
    """
    checked: list[Plain] = []
    for term in fields.records(plain, "terms"):
        kind = fields.text(term, "kind")
        if kind not in _KINDS:
            raise QueryError("A term of the query cannot be read.", "Remove it, and add it again.")
        kept: Plain = {"kind": kind, "weight": number(term, "weight") or 0.0}
        if kind == "text":
            # half a character, as a cut through an emoji leaves, is none
            words = fields.text(term, "text", 2**20).encode("utf-8", "replace").decode("utf-8")
            kept["text"] = words.strip()[:MAX_TEXT]
            if not kept["text"]:
                continue
        else:
            kept |= {name: fields.text(term, name) for name in _KINDS[kind]}
        if kind == "item":
            kept["id"] = fields.whole(term, "id")
        checked.append(kept)
    if not any(term["weight"] > 0 for term in checked):
        raise QueryError(
            "The query has nothing to look for.",
            "Type some words or add a file; what is only subtracted finds nothing.",
        )
    if len(checked) > MAX_TERMS:
        raise QueryError(f"A query can have {MAX_TERMS} terms.", "Remove some of them.")
    return checked


def filters(plain: Plain) -> Filters:
    """The filters of a stated query.

    >>> filters({"to": ["image"], "filters": {"min_mb": 1.5, "text": " "}}).min_bytes
    1500000
    """
    given = fields.record(plain, "filters")
    before = day(given, "before")
    low, high = number(given, "min_mb"), number(given, "max_mb")
    try:
        targets = frozenset(Modality(name) for name in fields.texts(plain, "to"))
    except ValueError as error:
        raise QueryError(f"{error}.", f"The media are: {', '.join(sorted(Modality))}.") from error
    return Filters(
        modalities=frozenset() if len(targets) == len(Modality) else targets,
        folder=fields.text(given, "folder").strip().rstrip("/") or None,
        after=day(given, "after"),
        before=None if before is None else before + _DAY - 1e-3,
        min_bytes=None if low is None else min(_MOST, round(low * _MB)),
        max_bytes=None if high is None else min(_MOST, round(high * _MB)),
        min_seconds=number(given, "min_seconds"),
        max_seconds=number(given, "max_seconds"),
        text=fields.text(given, "text").strip() or None,
    )


def number(given: Plain, name: str) -> float | None:
    """A number, which may come as it was typed; None for nothing.

    >>> number({"min_mb": "2.5"}, "min_mb"), number({"min_mb": ""}, "min_mb"), number({}, "min_mb")
    (2.5, None, None)
    """
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise fields.BadField(name, "a number")
    typed = fields.text(given, name, _TYPED).strip() if isinstance(value, str) else value
    if typed is None or typed == "":
        return None
    with suppress(ValueError, OverflowError):
        found = float(typed)
        if abs(found) < 1e15:  # no infinity, and no NaN either
            return found
    raise QueryError(f"'{typed}' is no {_CALLED[name]}.", "Give a number.")


def day(given: Plain, name: str) -> float | None:
    """The beginning of a day written ``2024-01-31``, in this machine's time; None for nothing.

    >>> day({}, "after"), day({"after": "2024-02-02"}, "after") - day({"a": "2024-02-01"}, "a")
    (None, 86400.0)
    """
    value = fields.text(given, name, _TYPED).strip()
    if not value:
        return None
    try:
        return time.mktime(time.strptime(value, "%Y-%m-%d"))
    except (ValueError, OverflowError) as error:
        raise QueryError(f"'{value}' is no date.", "Write it as 2024-01-31.") from error


def answer(context: Context, query: Asked, k: int, offset: int = 0) -> Results:
    """The hits from ``offset`` on, the items that were asked with left out."""
    hidden = query.itself
    wide = offset + k + len(hidden)
    found = fuse(
        [
            library.answer(
                Query(
                    tuple(engine_term(context, term, library) for term in query.terms),
                    query.filters,
                    wide,
                    0,
                    query.corrected,
                )
            )
            for library in query.libraries
        ],
        wide,
    )
    hits = [hit for hit in found.hits if (hit.library, hit.item.id) not in hidden]
    page = enumerate(hits[offset : offset + k], start=offset + 1)
    return Results(
        tuple(replace(hit, rank=rank) for rank, hit in page),  # without gaps of what is left out
        max(len(hits), found.total - len(hidden)),
        found.presence,
        found.seconds,
    )


def engine_term(context: Context, term: Plain, library: Library) -> Term:
    """One term as the engine takes it, for a search in a library."""
    weight = term["weight"]
    if term["kind"] == "text":
        return Term(Text(term["text"]), weight, term["text"])
    if term["kind"] == "file":
        upload = context.uploads.get(term["token"])
        return Term(upload.media, weight, upload.name)
    source = context.shelf.get(term["library"])
    if source is library or source.profile == library.profile:
        return source.term(term["id"], weight)
    # the other library's vectors mean nothing here, its file does
    item = source.item(term["id"])
    return Term(readers.read(source.media_path(term["id"])), weight, item.title)


def label(checked: Iterable[Plain]) -> str:
    """A query in a line.

    >>> label([{"kind": "text", "text": "red", "weight": 1.0},
    ...        {"kind": "file", "name": "a.png", "weight": -1.0}])
    'red − a.png'
    """
    out = ""
    for term in checked:
        name = str(term.get("text") or term.get("name") or term.get("title") or "a file")
        sign = " − " if term["weight"] < 0 else " + "
        out += (sign if out or term["weight"] < 0 else "") + name
    return out.strip()


def plain_query(given: Plain) -> Plain:
    """A stated query as it is kept: checked, and only what belongs to it.

    Raises:
        QueryError: it cannot be understood.
    """
    filters(given)
    kept = {
        name: value
        for name, value in fields.record(given, "filters").items()
        if value not in (None, "") and name in _FILTERS
    }
    return {
        "terms": terms(given),
        "libraries": fields.texts(given, "libraries"),
        "to": fields.texts(given, "to"),
        "corrected": fields.truth(given, "corrected", True),
        "filters": kept,
    }
