"""Answers, documents and chosen items as tables and as data."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xmr_core.library.documents import DocumentHit, DocumentResults
from xmr_core.media import Item
from xmr_core.results import Hit, Results

_COLUMNS = ("rank", "strength", "score", "medium", "library", "path", "part")
_KEPT_COLUMNS = ("no", "medium", "library", "path", "tags", "note")
_MEMBER_COLUMNS = (
    *("rank", "strength", "document", "medium", "library", "path", "matched", "part"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An item that was chosen, not found: with what was written beside it, and no strength."""

    library: str
    item: Item
    tags: tuple[str, ...] = ()
    note: str = ""


Chosen = Results | DocumentResults | Sequence[Kept]
"""What can be taken away."""


def data(chosen: Chosen, label: str) -> dict[str, Any]:
    """What is taken away as JSON can say it."""
    if isinstance(chosen, Results):
        return as_plain(chosen)
    if isinstance(chosen, DocumentResults):
        return documents_as_plain(chosen)
    return kept_as_plain(label, chosen)


def table(chosen: Chosen, *, whole: bool = True) -> bytes:
    """The same as CSV, with a mark that tells Excel that this is UTF-8.

    Args:
        chosen: what is taken away.
        whole: paths from the top of this machine; only from the registered folder on otherwise,
            which is all that others need to know.
    """
    if isinstance(chosen, Results):
        text = as_csv(chosen.hits, whole=whole)
    elif isinstance(chosen, DocumentResults):
        text = documents_as_csv(chosen.hits, whole=whole)
    else:
        text = kept_as_csv(chosen, whole=whole)
    # names of files need not be valid Unicode
    return text.encode("utf-8-sig", "replace")


def as_plain(results: Results) -> dict[str, Any]:
    """An answer as JSON can say it."""
    return {
        "probably_nothing": results.probably_nothing,
        "presence": {str(m): round(v, 4) for m, v in results.presence.items()},
        "total": results.total,
        "hits": [
            {
                "rank": hit.rank,
                "library": hit.library,
                "id": hit.item.id,
                "modality": str(hit.item.modality),
                "path": str(hit.item.file),
                "part": hit.part.label if hit.part else None,
                "score": round(hit.score, 5),
                "cosine": round(hit.cosine, 5),
                "strength": round(hit.strength, 4),
            }
            for hit in results.hits
        ],
    }


def as_csv(hits: Sequence[Hit], *, whole: bool = True) -> str:
    """A table, a line for each hit, for spreadsheets and scripts."""
    sink = io.StringIO()
    rows = csv.writer(sink)
    rows.writerow(_COLUMNS)
    for hit in hits:
        numbers = (hit.rank, f"{hit.strength:.4f}", f"{hit.score:.5f}", str(hit.item.modality))
        words = (hit.library, _path(hit.item, whole), hit.part.label if hit.part else "")
        rows.writerow([*numbers, *map(_harmless, words)])
    return sink.getvalue()


def kept_as_plain(label: str, items: Sequence[Kept]) -> dict[str, Any]:
    """Chosen items as JSON can say them."""
    return {
        "name": label,
        "items": [
            {
                "library": one.library,
                "id": one.item.id,
                "modality": str(one.item.modality),
                "path": str(one.item.file),
                "tags": list(one.tags),
                "note": one.note,
            }
            for one in items
        ],
    }


def kept_as_csv(items: Sequence[Kept], *, whole: bool = True) -> str:
    """A table, a line for each item."""
    sink = io.StringIO()
    rows = csv.writer(sink)
    rows.writerow(_KEPT_COLUMNS)
    for number, one in enumerate(items, start=1):
        words = (one.library, _path(one.item, whole), ", ".join(one.tags), one.note)
        rows.writerow([number, str(one.item.modality), *map(_harmless, words)])
    return sink.getvalue()


def documents_as_plain(results: DocumentResults) -> dict[str, Any]:
    """Documents with their members, and which of those matched, as JSON can say it."""
    return {
        "probably_nothing": results.probably_nothing,
        "total": results.total,
        "documents": [
            {
                "rank": hit.rank,
                "library": hit.best.library,
                "id": hit.document.id,
                "title": hit.document.title,
                "why": list(hit.document.why),
                "lead": hit.document.lead,
                "strength": round(hit.strength, 4),
                "members": [
                    {
                        "id": item.id,
                        "modality": str(item.modality),
                        "path": str(item.file),
                        "matched": item.id in places,
                        "part": places.get(item.id) or None,
                    }
                    for item in hit.document.members
                ],
            }
            for hit, places in ((hit, where(hit)) for hit in results.hits)
        ],
    }


def documents_as_csv(hits: Iterable[DocumentHit], *, whole: bool = True) -> str:
    """A table, a line for each member of each document."""
    sink = io.StringIO()
    rows = csv.writer(sink)
    rows.writerow(_MEMBER_COLUMNS)
    for hit in hits:
        places = where(hit)
        for item in hit.document.members:
            matched = "yes" if item.id in places else ""
            words = (hit.best.library, _path(item, whole), matched, places.get(item.id, ""))
            about = (hit.rank, f"{hit.strength:.4f}", _harmless(hit.document.title))
            rows.writerow([*about, str(item.modality), *map(_harmless, words)])
    return sink.getvalue()


def _path(item: Item, whole: bool) -> str:
    return str(item.file) if whole else f"{item.root.name}/{item.path}"


def where(hit: DocumentHit) -> dict[int, str]:
    """The members by which a document was found, and where in each the match is best."""
    return {one.item.id: one.part.label if one.part else "" for one in hit.matched}


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    >>> _harmless("=1+1"), _harmless("a.png")
    ("'=1+1", 'a.png')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
