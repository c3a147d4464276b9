"""What the Search page tells of likes and dislikes, and named concepts: list, save, forget."""

from collections.abc import Mapping

from xmr_core.errors import LibraryExists, QueryError, XMRError
from xmr_core.library.feedback import Named
from xmr_core.ui import fields, queries, query_form
from xmr_core.ui.context import Action, Context, Plain


def actions(context: Context) -> Mapping[str, Action]:
    """List, save, rename, forget concepts."""
    return {
        "concepts": lambda payload: _listed(context, payload),
        "concepts.save": lambda payload: _save(context, payload),
        "concepts.rename": lambda payload: _rename(context, payload),
        "concepts.forget": lambda payload: _forget(context, payload),
    }


def told(context: Context, asked: queries.Asked) -> Plain | None:
    """What the marks of a query did to it, in words; None where there are none."""
    if not asked.marks:
        return None
    library = asked.libraries[0]
    found = library.told(queries.engine_query(context, asked, library))
    return {
        "likes": found.likes,
        "dislikes": found.dislikes,
        "toward": list(found.toward),
        "away": list(found.away),
        "kept": round(found.kept, 3),
    }


def _listed(context: Context, payload: Plain) -> Plain:
    """``{libraries}`` → concepts; of all libraries where none are named."""
    listed: list[Plain] = []
    for name in fields.texts(payload, "libraries") or context.shelf.names():
        try:
            concepts = context.shelf.get(name).concepts()
        except XMRError:
            continue  # the Library page says what is wrong with it
        listed += [_plain(name, one) for one in concepts]
    return {"concepts": listed}


def _plain(library: str, one: Named) -> Plain:
    return {
        "library": library,
        "name": one.name,
        "likes": len(one.liked),
        "dislikes": len(one.disliked),
        "gone": list(one.gone),
        "words": list(one.words),
    }


def _save(context: Context, payload: Plain) -> Plain:
    """``{name, query, replace}`` → the concept, and what of the query it cannot keep."""
    name, again = fields.text(payload, "name"), fields.truth(payload, "replace")
    stated = fields.record(payload, "query")
    query_form.plain_query(stated)
    asked = queries.asked(context, stated)
    library = asked.libraries[0]
    made: dict[str | int, float] = {}
    left: list[str] = []
    for term in asked.terms:
        if term["kind"] == "text":
            made[term["text"]] = term["weight"]
        elif term["kind"] == "item" and term["library"] == library.name:
            made[term["id"]] = term["weight"]
        else:
            left.append(query_form.label([term | {"weight": 1.0}]))
    liked, disliked = asked.marks.within(library.name)
    away = len(asked.marks.liked) + len(asked.marks.disliked) - len(liked) - len(disliked)
    left += [f"{away} marks in other libraries"] * bool(away)
    try:
        one = library.save_concept(name, made, liked, disliked, again=again)
    except LibraryExists as error:
        return {"taken": error.message}
    except QueryError as error:
        if not left:
            raise
        raise QueryError(
            f"Nothing of this query can be kept: {', '.join(left)} would be left out.", error.hint
        ) from error
    return _plain(library.name, one) | {"left": left}


def _rename(context: Context, payload: Plain) -> Plain:
    name, new = fields.text(payload, "name"), fields.text(payload, "new")
    library = context.shelf.get(fields.text(payload, "library"))
    return _plain(library.name, library.rename_concept(name, new))


def _forget(context: Context, payload: Plain) -> Plain:
    name = fields.text(payload, "name")
    context.shelf.get(fields.text(payload, "library")).forget_concept(name)
    return {}
