"""Searching and explaining, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from xmr_core.errors import QueryError
from xmr_core.explain import Side
from xmr_core.media import Floats
from xmr_core.ui import queries, query_form, uploads
from xmr_core.ui.context import Context, Plain
from xmr_core.ui.rest.asking import ExplainGiven, SearchGiven, TermGiven
from xmr_core.ui.rest.libraries import Item
from xmr_core.ui.rest.models import Explained, File, Found, SideTold

_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries and the files that were handed over."""
    routes = APIRouter()

    @routes.post("/files", status_code=201, tags=["search"], openapi_extra=_BYTES)
    async def file(
        request: Request, name: Annotated[str, Query(min_length=1, max_length=400)]
    ) -> File:
        """Hand over a file of any medium, its bytes as the body; its token is a term then."""
        upload = await uploads.received(context.uploads, request.stream(), name)
        return File(token=upload.token, name=upload.name, modality=upload.modality)

    @routes.post("/search", tags=["search"])
    def search(given: SearchGiven) -> Found:
        """The best hits of the chosen media in one list."""
        asked = queries.asked(context, stated_query(given))
        return Found.of(queries.answer(context, asked, given.k, given.offset))

    @routes.post("/libraries/{name}/items/{item}/explain", tags=["search"])
    def explain(name: str, item: Item, given: ExplainGiven) -> Explained:
        """What of an item answers a term, and what of the term it answers."""
        library = context.shelf.get(name)
        (stated,) = query_form.terms({"terms": [stated_term(given.term) | {"weight": 1.0}]})
        term = queries.engine_term(context, stated, library)
        here = stated["kind"] == "item" and stated["library"] == name
        found = library.explain(stated["id"] if here else term, item, given.method)
        return Explained(
            method=found.method,
            score=float(found.score),
            query=_side(found.query, found.query_heat),
            hit=_side(found.hit, found.hit_heat),
            alignment=found.alignment.tolist(),
        )

    return routes


def stated_query(given: SearchGiven) -> Plain:
    """A query as the pages state it."""
    filters = given.filters.model_dump(exclude_none=True)
    filters["tags"] = ", ".join(given.filters.tags)
    return {
        "terms": [stated_term(term) for term in given.terms],
        "libraries": given.libraries,
        "to": [str(medium) for medium in given.to],
        "corrected": given.corrected,
        "spread": given.spread,
        "filters": filters,
        "marks": {
            "liked": [one.model_dump() for one in given.liked],
            "disliked": [one.model_dump() for one in given.disliked],
        },
    }


def stated_term(given: TermGiven) -> Plain:
    """A term as the pages state it."""
    kinds = ("text", "file", "item", "concept", "collection")
    stated = [kind for kind in kinds if getattr(given, kind) is not None]
    if len(stated) != 1:
        raise QueryError(
            f"A term is one medium, not {len(stated)}.",
            "Give text, file, item, concept or collection, and no other.",
        )
    (kind,) = stated
    term: Plain = {"kind": kind, "weight": given.weight}
    if given.item is not None:
        return term | given.item.model_dump()
    if named := given.concept or given.collection:
        return term | {"library": named.library, "title": named.name}
    return term | ({"text": given.text} if kind == "text" else {"token": given.file})


def _side(side: Side, heat: Floats) -> SideTold:
    return SideTold(
        modality=side.modality,
        labels=list(side.labels),
        boxes=side.boxes.tolist(),
        heat=heat.tolist(),
    )
