"""Where inside an item a query is answered: the strip of moments on cards, a search in one item."""

from collections.abc import Mapping

from xmr_core.library import Library
from xmr_core.media import Item, Modality
from xmr_core.moments import TIMED, Moment
from xmr_core.query import Query
from xmr_core.ui import courses, fields, queries, query_form
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.words import icon

_MOST = 400  # moments of one item that are told, the strongest


def actions(context: Context) -> Mapping[str, Action]:
    """What pages ask of the server."""
    return {"moments": lambda payload: moments(context, payload)}


def moments(context: Context, payload: Plain) -> Plain:
    """``{library, id, query}`` → the item's moments in their order, and how long it is.

    Of a query with steps, each moment is as strong as the step that it answers best.
    """
    item_id, stated = fields.whole(payload, "id"), fields.record(payload, "query")
    name = fields.text(payload, "library")
    query_form.plain_query(stated)
    library = context.shelf.get(name)
    asked = queries.asked(context, {**stated, "libraries": [library.name]})
    item = library.item(item_id)
    each = [library.moments(query, item_id) for query in _queries(context, asked, library)]
    best = [max(same, key=lambda moment: moment.odds) for same in zip(*each, strict=True)]
    kept = sorted(best, key=lambda moment: -moment.odds)[:_MOST]
    return {
        "long": _end(item, best),
        "moments": [_plain(moment) for moment in best if moment in kept],
    }


def form(item: Item, parts: int) -> str:
    """The field that finds a place inside a long item; "" for others.

    Args:
        item: of a detail dialog.
        parts: how many it has.
    """
    if item.modality not in TIMED or parts < 3:
        return ""
    what = "a passage" if item.modality is Modality.TEXT else "a moment"
    return (
        '<form class="x-inside" data-form="inside" role="search"><label class="x-sr" '
        f'for="x-inside">Find {what} in it</label><input id="x-inside" name="words" type="search" '
        f'placeholder="Find {what} in it" maxlength="1000" autocomplete="off">'
        f'<button class="x-tool" type="submit" aria-label="Find">{icon("search")}</button></form>'
        '<div class="x-parts" data-part="inside" aria-live="polite"></div>'
    )


def _queries(context: Context, asked: queries.Asked, library: Library) -> list[Query]:
    steps = courses.steps(asked.terms)
    stated = [[{"kind": "text", "text": step, "weight": 1.0}] for step in steps]
    return [
        Query(
            tuple(queries.engine_term(context, term, library) for term in terms),
            corrected=asked.corrected,
        )
        for terms in stated or [queries.spread(context, asked.terms)]
    ]


def _end(item: Item, moments: list[Moment]) -> float:
    """How long an item is, in the axis of its parts."""
    last = max((moment.part.high[0] for moment in moments), default=0.0)
    return max(last, item.facts.get("seconds", 0.0))


def _plain(moment: Moment) -> Plain:
    part = moment.part
    return {
        "no": part.no,
        "at": round(part.low[0], 3),
        "end": round(part.high[0], 3),
        "label": part.label,
        "strength": round(moment.strength, 4),
    }
