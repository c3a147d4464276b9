"""The history of searches and the saved ones, of all libraries, as a page shows them."""

import logging
from collections.abc import Mapping
from sqlite3 import Error as DatabaseError

from xmr_core.catalogue import Search
from xmr_core.catalogue.folding import fold
from xmr_core.errors import QueryError, XMRError
from xmr_core.library import Library
from xmr_core.ui import fields, query_form
from xmr_core.ui.context import Action, Context, Plain

SHOWN = 30
_NAME = 120  # characters of a name, those of a query among them

_log = logging.getLogger(__name__)


def actions(context: Context) -> Mapping[str, Action]:
    """List, save, forget."""
    return {
        "searches": lambda _: _listed(context),
        "searches.save": lambda payload: _save(context, payload),
        "searches.forget": lambda payload: _forget(context, payload),
    }


def remember(library: Library, query: Plain) -> None:
    """Add a search to a library's history; one that cannot be written is no reason to fail."""
    try:
        library.remember(query)
    except (XMRError, DatabaseError, OSError):
        _log.info("the history of %r cannot be written", library.name, exc_info=True)


def _listed(context: Context) -> Plain:
    saved: list[Plain] = []
    past: list[Plain] = []
    for name in context.shelf.names():
        try:
            library = context.shelf.get(name)
            saved += [_plain(name, search) for search in library.saved_searches()]
            past += [_plain(name, search) for search in library.history(SHOWN)]
        except XMRError:
            continue  # the Library page says what is wrong with it
    past.sort(key=lambda one: -one["when"])
    saved.sort(key=lambda one: str(one["name"]).casefold())
    return {"saved": saved, "history": past[:SHOWN]}


def _plain(library: str, search: Search) -> Plain:
    terms = search.query.get("terms", [])
    return {
        "library": library,
        "id": search.id,
        "name": _short(search.name or query_form.label(terms)),
        "query": search.query,
        "when": search.when,
        "modality": next((t.get("modality") or "text" for t in terms), "text"),
    }


def _short(name: str) -> str:
    """A name in one line, cut where it is a whole text.

    >>> _short("a  dog"), len(_short("word " * 4_000)), _short("word " * 4_000)[-3:]
    ('a dog', 120, 'rd…')
    """
    line = " ".join(name.split())
    return line if len(line) <= _NAME else line[: _NAME - 1].rstrip() + "…"


def _save(context: Context, payload: Plain) -> Plain:
    query = query_form.plain_query(fields.record(payload, "query"))
    name = fields.text(payload, "name").strip()[:_NAME]
    over = fields.truth(payload, "replace")
    if not name:
        raise QueryError("The search has no name.", "Give it one.")
    if not query["libraries"]:
        raise QueryError("No library is chosen.", "Choose one beside the query box.")
    library = context.shelf.get(query["libraries"][0])
    taken = [one for one in library.saved_searches() if fold(one.name or "") == fold(name)]
    if taken and not over:
        return {"taken": taken[0].name}
    for one in taken:
        library.forget_search(one.id)
    return {"id": library.save_search(name, query), "library": library.name}


def _forget(context: Context, payload: Plain) -> Plain:
    number = fields.whole(payload, "id")
    context.shelf.get(fields.text(payload, "library")).forget_search(number)
    return {}
