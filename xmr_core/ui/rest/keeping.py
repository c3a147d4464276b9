"""Collections, tags and notes of a library, for programs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from xmr_core.catalogue import Collection
from xmr_core.errors import KeepingError
from xmr_core.library.keepsakes import LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, MOST_AT_ONCE
from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given, ItemId
from xmr_core.ui.rest.libraries import Item
from xmr_core.ui.rest.models import ItemTold

Named = Annotated[str, Field(max_length=2 * LONGEST_NAME)]
ItemIds = Annotated[list[ItemId], Field(max_length=MOST_AT_ONCE)]
Tags = Annotated[list[Annotated[str, Field(max_length=2 * LONGEST_TAG)]], Field(max_length=60)]


class CollectionGiven(Given):
    """A new collection, and what is in it from the beginning."""

    name: Named
    items: ItemIds = Field(default=[], description="Their ids.")


class NameGiven(Given):
    """Another name."""

    name: Named


class ItemsGiven(Given):
    """What comes into a collection, and what goes out of it."""

    add: ItemIds = Field(default=[])
    remove: ItemIds = Field(default=[])


class TagsGiven(Given):
    """Which items get which tags, and which they lose."""

    items: Annotated[list[ItemId], Field(min_length=1, max_length=MOST_AT_ONCE)]
    add: Tags = Field(default=[])
    remove: Tags = Field(default=[])


class NoteGiven(Given):
    """What is written beside an item; nothing takes it away."""

    text: Annotated[str, Field(max_length=4 * LONGEST_NOTE)]


class CollectionTold(BaseModel):
    """A named set of items."""

    name: str
    items: int
    missing: int = Field(description="More of its items, whose files are gone for now.")
    made: float = Field(description="Seconds since 1970.")

    @classmethod
    def of(cls, one: Collection) -> "CollectionTold":
        """From the engine's."""
        return cls(name=one.name, items=one.items, missing=one.missing, made=one.when)


class CollectionInItems(BaseModel):
    """A collection with some of its items, in the order they came into it."""

    collection: CollectionTold
    items: list[ItemTold]
    offset: int


class Moved(BaseModel):
    """How many items were not in a collection before, or are not any more."""

    added: int
    removed: int


class TagTold(BaseModel):
    """A tag, and how many items have it."""

    name: str
    items: int


class Changed(BaseModel):
    """How many items are not as they were."""

    changed: int


class KeptTold(BaseModel):
    """What somebody said of an item."""

    note: str
    tags: list[str]
    collections: list[str]


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["keeping"])
    shelf = context.shelf
    at = "/libraries/{name}/collections"
    one = at + "/{collection:path}"  # names may have a slash

    @routes.get(at)
    def listed(name: str) -> list[CollectionTold]:
        """All collections, by name; ``filters.collection`` of a search looks inside one."""
        return [CollectionTold.of(found) for found in shelf.get(name).collections()]

    @routes.post(at, status_code=201)
    def make(name: str, given: CollectionGiven) -> CollectionTold:
        """A new one."""
        library = shelf.get(name)
        with library.catalogue.transaction():  # no empty one is left where an item is unknown
            made = library.make_collection(given.name)
            library.collect(made.name, given.items)
        return CollectionTold.of(library.collection(made.name))

    @routes.get(one)
    def shown(
        name: str,
        collection: str,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> CollectionInItems:
        """A collection with its items."""
        library = shelf.get(name)
        found = library.collected(collection, offset, limit)
        return CollectionInItems(
            collection=CollectionTold.of(library.collection(collection)),
            items=[ItemTold.of(name, item) for item in found],
            offset=offset,
        )

    @routes.patch(one)
    def rename(name: str, collection: str, given: NameGiven) -> CollectionTold:
        """Give it another name."""
        return CollectionTold.of(shelf.get(name).rename_collection(collection, given.name))

    @routes.delete(one, status_code=204)
    def forget(name: str, collection: str) -> None:
        """Forget it; its items stay, with their tags and notes."""
        shelf.get(name).delete_collection(collection)

    @routes.post(one + "/items")
    def move(name: str, collection: str, given: ItemsGiven) -> Moved:
        """Put items into it, take others out."""
        library = shelf.get(name)
        if not given.add and not given.remove:
            raise KeepingError("No item is named.", "Name some, under add or remove.")
        with library.catalogue.transaction():
            gone = library.uncollect(collection, given.remove)
            return Moved(added=library.collect(collection, given.add), removed=gone)

    @routes.get("/libraries/{name}/tags")
    def tags(name: str) -> list[TagTold]:
        """Every tag, by name; ``filters.tags`` of a search asks for them."""
        return [TagTold(name=tag, items=count) for tag, count in shelf.get(name).all_tags()]

    @routes.post("/libraries/{name}/tags")
    def tag(name: str, given: TagsGiven) -> Changed:
        """Give tags to items, and take others away."""
        library = shelf.get(name)
        before = {item: library.tags(item) for item in given.items}
        with library.catalogue.transaction():
            library.remove_tags(given.items, given.remove)
            library.add_tags(given.items, given.add)
        changed = sum(library.tags(item) != tags for item, tags in before.items())
        return Changed(changed=changed)

    @routes.get("/libraries/{name}/items/{item}/kept")
    def kept(name: str, item: Item) -> KeptTold:
        """The note and the tags of an item, and the collections it is in."""
        library = shelf.get(name)
        number = library.item(item).id
        inside = library.catalogue.collections_of(number)
        return KeptTold(
            note=library.note(number),
            tags=library.tags(number),
            collections=[found.name for found in inside],
        )

    @routes.put("/libraries/{name}/items/{item}/note")
    def note(name: str, item: Item, given: NoteGiven) -> KeptTold:
        """Write a note, in place of what was there."""
        shelf.get(name).set_note(item, given.text)
        return kept(name, item)

    return routes
