"""Two searches side by side: which hits they share, at which ranks, and which only one has."""

from collections.abc import Mapping
from dataclasses import replace

from xmr_core.errors import XMRError
from xmr_core.library.documents import DocumentHit
from xmr_core.results import Hit
from xmr_core.ui import documents, fields, queries, query_form
from xmr_core.ui.cards import folder
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.feedback_marks import marks
from xmr_core.ui.page import Page
from xmr_core.ui.search_markup import query_box
from xmr_core.ui.words import esc, media_url, strength

SIDES = ("left", "right")
_SHOWN = 20


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return {"compare": lambda payload: compare(context, payload)}


def compare(context: Context, payload: Plain) -> Plain:
    """``{left, right, k, documents}``, two stated queries → their hits, and what becomes of each
    in the other.

    A hit is the same in both where its file is, so that libraries of one folder under two
    profiles can be compared; a document, where the item that leads it is. What is wrong with one
    side is told there; one that asks for nothing is ``empty``.
    """
    stated = {side: fields.record(payload, side) for side in SIDES}
    k = fields.whole(payload, "k", _SHOWN, 1, queries.MAX_K)
    whole = fields.truth(payload, "documents")
    told: dict[str, Plain] = {}
    found: dict[str, list[Plain]] = {}
    for side, query in stated.items():
        if not query.get("terms") and not marks(query):
            found[side], told[side] = [], {"label": "", "problem": None, "empty": True}
            continue
        try:
            asked = queries.asked(context, query)
            if whole:
                hits = documents.answer(context, query, k).hits
                found[side] = [_document(name, hit, at) for at, (name, hit) in enumerate(hits, 1)]
            else:
                found[side] = [_row(hit) for hit in queries.answer(context, asked, k).hits]
            told[side] = {
                "label": query_form.label(asked.terms),
                "problem": None,
                "empty": False,
            }
        except fields.BadField:
            raise
        except XMRError as error:
            found[side] = []
            problem = {"message": error.message, "hint": error.hint}
            told[side] = {"label": "", "problem": problem, "empty": False}
    places = {side: {row["key"]: row["rank"] for row in rows} for side, rows in found.items()}
    for side, other in (SIDES, SIDES[::-1]):
        told[side]["rows"] = [row | {"other": places[other].get(row["key"])} for row in found[side]]
    shared = len(places["left"].keys() & places["right"].keys())
    return told | {"shared": shared}


def _document(library: str, hit: DocumentHit, rank: int) -> Plain:
    """A document as the page shows it, by its member that answers best."""
    document = hit.document
    row = _row(replace(hit.best, library=library, rank=rank, strength=hit.strength))
    if len(document.members) < 2:
        return row
    about = f"{len(document.members)} items · found by {hit.best.item.title}"
    return row | {
        "key": str(document.members[0].file),
        "title": document.title,
        "where": about,
        "whole": True,
    }


def _row(hit: Hit) -> Plain:
    """A hit as the page shows it."""
    item = hit.item
    return {
        "key": str(item.file),
        "rank": hit.rank,
        "library": hit.library,
        "id": item.id,
        "no": hit.part.no if hit.part else 0,
        "title": item.title,
        "where": " · ".join(filter(None, [folder(item), hit.part.label if hit.part else ""])),
        "modality": item.modality.value,
        "strength": round(hit.strength, 4),
        "match": strength(hit.strength),
        "thumb": media_url(hit.library, item, "thumb"),
    }


def markup(context: Context) -> str:
    """The page's HTML."""
    sides = "".join(_side(side) for side in SIDES)
    switch = "".join(
        f'<button type="button" data-look="{side}" aria-pressed="{str(side == "left").lower()}">'
        f"{side.capitalize()}</button>"
        for side in SIDES
    )
    return (
        '<div class="x x-wrap x-compare"><h1>Two searches side by side</h1>'
        '<p class="x-quiet" role="status" data-part="told">What one search finds and another '
        "does not, and how far a hit moves between them.</p>"
        '<label class="x-check"><input type="checkbox" name="documents"> '
        "Documents: what belongs together as one</label>"
        f'<span class="x-seg x-compare-switch" role="group" aria-label="Side">{switch}</span>'
        f'<div class="x-compare-sides" data-look="left">{sides}'
        '<svg class="x-compare-lines" aria-hidden="true"></svg></div></div>'
    )


def _side(side: str) -> str:
    name = esc(side.capitalize())
    return (
        f'<section class="x-compare-side" data-side="{side}" aria-label="{name} search">'
        f'<form class="x-ask" autocomplete="off">'
        f"{query_box(f'{side.capitalize()}: words', 'Compare', side == 'left')}"
        '<ul class="x-tag-row" data-part="kept" aria-label="What it is kept to"></ul>'
        '<div class="x-compare-set"><label class="x-field">Library<select name="library"></select>'
        '</label><label class="x-field">An earlier search<select name="earlier">'
        '<option value="">Choose …</option></select></label></div>'
        '<label class="x-check"><input type="checkbox" name="corrected" checked> '
        "Push back items that match everything</label></form>"
        f'<ol class="x-compare-list" data-part="{side}-list"></ol></section>'
    )


PAGE = Page(
    "compare",
    "Compare",
    ("sources", "sketchpad", "query", "compare"),
    markup,
    actions,
    listed=False,
)
