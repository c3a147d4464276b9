"""Moments inside long media, and one thing after the other, for programs."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from xmr_core.media import Modality
from xmr_core.moments import MAX_STEPS, Course, Moment
from xmr_core.ui import queries
from xmr_core.ui.context import Context
from xmr_core.ui.query_form import MAX_TERMS
from xmr_core.ui.rest.asking import FiltersGiven, Given, Name, SearchGiven, TermGiven
from xmr_core.ui.rest.libraries import Item
from xmr_core.ui.rest.models import ItemTold, PartTold
from xmr_core.ui.rest.searching import stated_query

Terms = Annotated[list[TermGiven], Field(min_length=1, max_length=MAX_TERMS)]


class MomentsGiven(Given):
    """What is looked for inside an item."""

    terms: Terms
    corrected: bool = True


class CoursesGiven(Given):
    """Things that come one after the other in one file; each is a query of its own."""

    steps: Annotated[list[Terms], Field(min_length=2, max_length=MAX_STEPS)]
    libraries: Annotated[list[Name], Field(min_length=1, max_length=100)]
    to: list[Modality] = Field(default=[], description="text, audio or video; all if empty.")
    filters: FiltersGiven = FiltersGiven()
    k: Annotated[int, Field(ge=1, le=queries.MAX_K)] = 24
    corrected: bool = True


class MomentTold(BaseModel):
    """A part of an item, and how likely it is to answer."""

    part: PartTold
    strength: float

    @classmethod
    def of(cls, moment: Moment) -> "MomentTold":
        """From the engine's."""
        return cls(part=PartTold.of(moment.part), strength=moment.strength)


class CourseTold(BaseModel):
    """An item in which it all comes in that order, and where."""

    rank: int
    strength: float = Field(description="The probability that all steps are right.")
    item: ItemTold
    steps: list[MomentTold]

    @classmethod
    def of(cls, course: Course, rank: int) -> "CourseTold":
        """From the engine's."""
        return cls(
            rank=rank,
            strength=course.hit.strength,
            item=ItemTold.of(course.hit.library, course.hit.item),
            steps=[MomentTold.of(step) for step in course.steps],
        )


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["moments"])

    @routes.post("/libraries/{name}/items/{item}/moments")
    def moments(name: str, item: Item, given: MomentsGiven) -> list[MomentTold]:
        """The parts of a text, a sound or a video in their order, and which of them answer."""
        stated = SearchGiven(terms=given.terms, libraries=[name], corrected=given.corrected)
        asked = queries.asked(context, stated_query(stated))
        (library,) = asked.libraries
        query = queries.engine_query(context, asked, library)
        return [MomentTold.of(moment) for moment in library.moments(query, item)]

    @routes.post("/moments/search")
    def courses(given: CoursesGiven) -> list[CourseTold]:
        """Files in which one thing comes after the other, the likeliest first."""
        stated = [
            SearchGiven(
                terms=terms,
                libraries=given.libraries,
                to=given.to,
                filters=given.filters,
                corrected=given.corrected,
            )
            for terms in given.steps
        ]
        asked = [queries.asked(context, stated_query(one)) for one in stated]
        found: list[Course] = []
        for library in asked[0].libraries:
            steps = [queries.engine_query(context, one, library) for one in asked]
            found += library.courses(steps, given.k)
        found.sort(key=lambda course: -course.hit.odds)
        return [CourseTold.of(course, rank) for rank, course in enumerate(found[: given.k], 1)]

    return routes
