"""Links between items, documents and topics of a library, for programs."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from xmr_core.library.documents import Document
from xmr_core.media import Modality
from xmr_core.ui import documents
from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given, SearchGiven
from xmr_core.ui.rest.libraries import Item
from xmr_core.ui.rest.models import HitTold, ItemTold, RunTold
from xmr_core.ui.rest.searching import stated_query


class LinkTold(BaseModel):
    """Two items that belong together."""

    item: int
    other: int
    kind: str = Field(description="near, stem, folder, refers, duplicate or joined.")
    weight: float


class AroundTold(BaseModel):
    """What lies around an item, itself first, and the links between any two."""

    items: list[ItemTold]
    steps: list[int]
    links: list[LinkTold]
    current: bool = Field(description="Whether the links are of the library as it is now.")


class DocumentTold(BaseModel):
    """Items that are one thing; one alone has no reasons."""

    id: int = Field(description="Of the item that leads.")
    title: str
    why: list[str]
    lead: str = Field(description="How its text begins.")
    members: list[ItemTold]

    @classmethod
    def of(cls, library: str, document: Document) -> "DocumentTold":
        """From the engine's."""
        return cls(
            id=document.id,
            title=document.title,
            why=list(document.why),
            lead=document.lead,
            members=[ItemTold.of(library, item) for item in document.members],
        )


class Documents(BaseModel):
    """Some documents in the order of their titles."""

    documents: list[DocumentTold]
    total: int
    offset: int


class DocumentHitTold(BaseModel):
    """A document that answers, and by which member each term is answered best."""

    rank: int
    strength: float
    document: DocumentTold
    matched: list[HitTold]


class DocumentsFound(BaseModel):
    """The answer to a query, in documents."""

    hits: list[DocumentHitTold]
    total: int
    probably_nothing: bool


class TopicTold(BaseModel):
    """What some items are about."""

    words: list[str]
    items: list[ItemTold] = Field(description="That stand for it, of all its media.")
    counts: Mapping[Modality, int]
    ids: list[int]
    who: list[str]
    where: list[str]
    when: tuple[str, str] = Field(description="Days of the first and the last.")
    dated: bool = Field(description="Whether the files say so; else when they were changed.")


class JoinGiven(Given):
    """Items of a library that belong together."""

    items: Annotated[list[Item], Field(min_length=2, max_length=100)]


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["connections"])

    @routes.post("/libraries/{name}/links", status_code=202)
    def link(name: str) -> RunTold:
        """Bring the links up to date; the library's run says how far that is."""
        library = context.shelf.get(name)
        return RunTold.of(context.jobs.start(name, "Linking items", library.link))

    @routes.get("/libraries/{name}/items/{item}/links")
    def around(
        name: str, item: Item, limit: Annotated[int, Query(ge=1, le=200)] = 40
    ) -> AroundTold:
        """What lies around an item."""
        library = context.shelf.get(name)
        found = library.surroundings(item, limit)
        return AroundTold(
            items=[ItemTold.of(name, one) for one in found.items],
            steps=list(found.steps),
            links=[LinkTold(**link._asdict()) for link in found.links],
            current=library.linked,
        )

    @routes.get("/libraries/{name}/documents")
    def listed(
        name: str,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Documents:
        """Items that belong together."""
        library = context.shelf.get(name)
        found = [DocumentTold.of(name, one) for one in library.documents(offset, limit)]
        return Documents(documents=found, total=library.count_documents(), offset=offset)

    @routes.post("/libraries/{name}/documents", status_code=201)
    def join(name: str, given: JoinGiven) -> DocumentTold:
        """Say that items belong together."""
        return DocumentTold.of(name, context.shelf.get(name).join(given.items))

    @routes.get("/libraries/{name}/items/{item}/document")
    def document(name: str, item: Item) -> DocumentTold:
        """The document that an item belongs to."""
        return DocumentTold.of(name, context.shelf.get(name).document(item))

    @routes.delete("/libraries/{name}/items/{item}/document")
    def split(name: str, item: Item) -> DocumentTold:
        """Take an item out of its document; what is left."""
        return DocumentTold.of(name, context.shelf.get(name).split(item))

    @routes.post("/documents/search")
    def search(given: SearchGiven) -> DocumentsFound:
        """The best documents in one list; items that belong to none are ones, too."""
        found = documents.answer(context, stated_query(given), given.k, given.offset)
        hits = [
            DocumentHitTold(
                rank=rank,
                strength=hit.strength,
                document=DocumentTold.of(name, hit.document),
                matched=[HitTold.of(one) for one in hit.matched],
            )
            for rank, (name, hit) in enumerate(found.hits, start=given.offset + 1)
        ]
        return DocumentsFound(hits=hits, total=found.total, probably_nothing=found.nothing)

    @routes.get("/libraries/{name}/topics")
    def topics(name: str) -> list[TopicTold]:
        """What the library is about, the largest topic first."""
        return [
            TopicTold(
                words=list(topic.words),
                items=[ItemTold.of(name, item) for item in topic.items],
                counts=topic.counts,
                ids=list(topic.ids),
                who=list(topic.who),
                where=list(topic.where),
                when=topic.when,
                dated=topic.dated,
            )
            for topic in context.shelf.get(name).topics()
        ]

    return routes
