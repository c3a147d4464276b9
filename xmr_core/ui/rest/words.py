"""Words inside media of a library, for programs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from xmr_core.errors import LibraryReadOnly
from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given
from xmr_core.ui.rest.libraries import Item
from xmr_core.ui.rest.models import ItemTold, MatchedTold, RunTold
from xmr_core.words import WORKS

_FAILED = 200  # that are told of each work


class FailedTold(BaseModel):
    """An item that could not be looked into."""

    item: int
    path: str
    reason: str


class WorkTold(BaseModel):
    """How far one kind of looking has come."""

    name: str
    done: int
    waiting: int
    failed: list[FailedTold] = Field(description=f"The first {_FAILED}.")


class LookGiven(Given):
    """What is to be looked for."""

    works: list[str] = Field(
        default=[], max_length=20, description=f"Of {', '.join(WORKS)}; all if empty."
    )
    again: bool = Field(default=False, description="What could not be read is tried once more.")


class LineTold(BaseModel):
    """Words in an item or about it."""

    field: str = Field(description="written, spoken, subtitles, title, author, note, tag …")
    text: str
    low: tuple[float, ...] = Field(description="Where in the medium; empty for the whole.")
    high: tuple[float, ...]
    confidence: float


class HoldingTold(BaseModel):
    """An item that holds the words, and where."""

    item: ItemTold
    matched: MatchedTold


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["words"])

    @routes.get("/libraries/{name}/words")
    def state(name: str) -> list[WorkTold]:
        """How far each kind of looking has come."""
        return [
            WorkTold(
                name=one.name,
                done=one.done,
                waiting=one.waiting,
                failed=[
                    FailedTold(item=item.id, path=item.path, reason=reason)
                    for item, reason in one.failed[:_FAILED]
                ],
            )
            for one in context.shelf.get(name).looked_into()
        ]

    @routes.post("/libraries/{name}/words", status_code=202)
    def look(name: str, given: LookGiven) -> RunTold:
        """Look for words; the library's run says how far that is."""
        library = context.shelf.get(name)
        if library.catalogue.read_only:
            raise LibraryReadOnly(
                f"The library '{name}' cannot be written.", "Give yourself write permission."
            )
        works = tuple(dict.fromkeys(given.works))
        library.look(works)  # begins nothing: an unknown work is told at once
        return RunTold.of(
            context.jobs.start(
                name,
                "Looking for words",
                lambda control: library.look(works, control, again=given.again),
            )
        )

    @routes.get("/libraries/{name}/words/find")
    def find(
        name: str,
        text: Annotated[str, Query(min_length=1, max_length=2000)],
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[HoldingTold]:
        """Items by their words alone: words, "exact phrases", field:words, -field:words."""
        return [
            HoldingTold(item=ItemTold.of(name, one.item), matched=MatchedTold.of(one.matched))
            for one in context.shelf.get(name).find_words(text, limit)
        ]

    @routes.get("/libraries/{name}/items/{item}/words")
    def lines(name: str, item: Item) -> list[LineTold]:
        """The words inside an item and about it."""
        library = context.shelf.get(name)
        found = library.lines(library.item(item).id)
        return [
            LineTold(
                field=line.field,
                text=line.text,
                low=line.low,
                high=line.high,
                confidence=line.confidence,
            )
            for line in found
        ]

    return routes
