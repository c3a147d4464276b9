"""A query as a page states it, in plain JSON: checked, and read.

::

    {"terms": [{"kind": "text", "text": "a dog", "weight": 1},
               {"kind": "file", "token": "…", "name": "cat.png", "modality": "image", "weight": -1},
               {"kind": "item", "library": "demo", "id": 7, "title": "…", "modality": "audio",
                "src": "/media/demo/7?v=…", "weight": 0.5},
               {"kind": "collection", "library": "demo", "title": "Birds", "modality": "image",
                "weight": 1}, {"kind": "concept", "library": "demo", "title": "sea birds"}],
     "libraries": ["demo"], "to": ["image"], "corrected": true,
     "filters": {"folder": "", "after": "2024-01-31", "before": "", "min_mb": 1, "max_mb": "",
                 "min_seconds": "", "max_seconds": "", "text": "", "collection": "Birds",
                 "tags": "blue, tall"},
     "marks": {"liked": [{"library": "demo", "id": 7}], "disliked": []}}

The same form is what the history and the saved searches keep.
"""

import time
from collections.abc import Iterable
from contextlib import suppress

from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.media import Modality
from xmr_core.ui import fields
from xmr_core.ui.context import Plain
from xmr_core.ui.feedback_marks import marks

MAX_TERMS = 40
MAX_TEXT = 20_000  # characters of one term
_KINDS = {
    "text": (),
    "file": ("token", "name", "modality"),
    "item": ("library", "title", "modality", "src"),
    "collection": ("library", "title", "modality"),
    "concept": ("library", "title", "modality"),
}
_FILTERS = frozenset(
    {
        *("folder", "after", "before", "min_mb", "max_mb", "min_seconds", "max_seconds", "text"),
        *("collection", "tags"),
    }
)
_CALLED = {
    "weight": "weight", "min_mb": "size", "max_mb": "size", "min_seconds": "length",
    "max_seconds": "length",
}  # fmt: skip
_TYPED = 100  # characters of a number or a date
_DAY = 86_400.0
_MB = 1_000_000
_MOST = 2**62  # bytes; no file is larger, and the catalogue counts no further


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
        collection=fields.text(given, "collection").strip() or None,
        tags=frozenset(filter(None, map(str.strip, fields.text(given, "tags").split(",")))),
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
        **({"spread": True} if fields.truth(given, "spread") else {}),
    } | marks(given).plain
