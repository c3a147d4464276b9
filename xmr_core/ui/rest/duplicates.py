"""Near-duplicates of a library, for programs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from xmr_core.duplicates import Kind
from xmr_core.media import Modality
from xmr_core.ui import duplicates
from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given, ItemId
from xmr_core.ui.rest.models import ItemTold, RunTold


class CopyTold(Given):
    """An item of a group; the first of each is the best one to keep and is alike to itself."""

    item: ItemTold
    alike: Kind | None
    similarity: float


class CopiesTold(Given):
    """Items that are alike."""

    copies: list[CopyTold]
    reason: str
    similarity: float


class DifferentGiven(Given):
    """An item that is no copy of others."""

    item: ItemId
    others: Annotated[list[ItemId], Field(min_length=1, max_length=1000)]
    different: bool = Field(default=True, description="False takes that back.")


class DuplicatesTold(Given):
    """A page of groups, and how many files were not looked at yet."""

    groups: list[CopiesTold]
    total: int
    offset: int
    waiting: int
    current: bool


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter()

    @routes.get("/libraries/{name}/duplicates", tags=["duplicates"])
    def groups(
        name: str,
        modality: Annotated[list[Modality] | None, Query()] = None,
        least: Annotated[float, Query(ge=0, le=1)] = 0.0,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> DuplicatesTold:
        """Groups of near-duplicates, the surest first."""
        library = context.shelf.get(name)
        found, total = library.duplicates(modality or (), least, offset, limit)
        looked = library.looked_for_duplicates()
        told = [
            CopiesTold(
                copies=[
                    CopyTold(
                        item=ItemTold.of(name, copy.item),
                        alike=copy.kind,
                        similarity=copy.similarity,
                    )
                    for copy in group.copies
                ],
                reason=group.reason,
                similarity=group.similarity,
            )
            for group in found
        ]
        return DuplicatesTold(
            groups=told, total=total, offset=offset, waiting=looked.waiting, current=looked.current
        )

    @routes.post("/libraries/{name}/duplicates", status_code=202, tags=["duplicates"])
    def look(name: str) -> RunTold:
        """Look for them; the library's run says how far that is, and nothing is ever deleted."""
        return RunTold.of(duplicates.start(context, context.shelf.get(name)))

    @routes.post("/libraries/{name}/duplicates/different", status_code=204, tags=["duplicates"])
    def different(name: str, given: DifferentGiven) -> None:
        """Remember that an item is no copy of others."""
        library = context.shelf.get(name)
        library.mark_different(given.item, given.others, different=given.different)

    return routes
