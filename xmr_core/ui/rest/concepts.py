"""Named concepts of a library, queries with their likes and dislikes, for programs."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from xmr_core.library.feedback import LONGEST_NAME, MOST_MARKS, Named
from xmr_core.ui.context import Context
from xmr_core.ui.query_form import MAX_TERMS, MAX_TEXT
from xmr_core.ui.rest.asking import Given, ItemId

Called = Annotated[str, Field(max_length=2 * LONGEST_NAME)]
Marks = Annotated[list[ItemId], Field(max_length=MOST_MARKS)]
Words = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class ConceptGiven(Given):
    """What a concept is made of; weights below zero subtract."""

    name: Called
    words: Mapping[Words, float] = Field(default={}, max_length=MAX_TERMS)
    items: Mapping[ItemId, float] = Field(default={}, max_length=MAX_TERMS)
    liked: Marks = Field(default=[])
    disliked: Marks = Field(default=[])
    replace: bool = Field(default=False, description="The one of that name, if there is one.")


class CalledGiven(Given):
    """Another name."""

    name: Called


class ConceptTold(BaseModel):
    """A concept: it is a term of queries, by its name."""

    name: str
    words: Mapping[str, float]
    items: Mapping[int, float]
    liked: list[int]
    disliked: list[int]
    gone: list[str] = Field(description="Titles of items of it that are no longer there.")
    made: float = Field(description="Seconds since 1970.")

    @classmethod
    def of(cls, one: Named) -> "ConceptTold":
        """From the engine's."""
        return cls(
            name=one.name,
            words=one.words,
            items=one.items,
            liked=list(one.liked),
            disliked=list(one.disliked),
            gone=list(one.gone),
            made=one.when,
        )


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["concepts"])
    at = "/libraries/{name}/concepts"
    one = at + "/{concept:path}"  # names may have a slash

    @routes.get(at)
    def listed(name: str) -> list[ConceptTold]:
        """All concepts, by name."""
        return [ConceptTold.of(found) for found in context.shelf.get(name).concepts()]

    @routes.post(at, status_code=201)
    def save(name: str, given: ConceptGiven) -> ConceptTold:
        """Keep words and items, with what was liked and disliked, under a name."""
        asked: dict[str | int, float] = {
            one: weight for side in (given.words, given.items) for one, weight in side.items()
        }
        made = context.shelf.get(name).save_concept(
            given.name, asked, given.liked, given.disliked, again=given.replace
        )
        return ConceptTold.of(made)

    @routes.get(one)
    def shown(name: str, concept: str) -> ConceptTold:
        """What one is made of."""
        return ConceptTold.of(context.shelf.get(name).concept(concept))

    @routes.patch(one)
    def rename(name: str, concept: str, given: CalledGiven) -> ConceptTold:
        """Give it another name."""
        return ConceptTold.of(context.shelf.get(name).rename_concept(concept, given.name))

    @routes.delete(one, status_code=204)
    def forget(name: str, concept: str) -> None:
        """Forget it; its items stay."""
        context.shelf.get(name).forget_concept(concept)

    return routes
