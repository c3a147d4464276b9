"""What people keep in a library: collections, notes, tags."""

from collections.abc import Iterable, Sequence

from xmr_core.catalogue import Collection
from xmr_core.catalogue.folding import fold
from xmr_core.errors import KeepingError, LibraryError, QueryError
from xmr_core.filters import Filters
from xmr_core.library.items import Items
from xmr_core.media import Item

LONGEST_NAME = 100  # characters
LONGEST_NOTE = 10_000
LONGEST_TAG = 60
MOST_AT_ONCE = 10_000
"""Items that one call changes."""


class Keepsakes(Items):
    """Collections, notes and tags; all by name, and names without regard to case."""

    # -- collections

    def collections(self) -> list[Collection]:
        """All of them, by name, with the number of their items."""
        return self.catalogue.collections()

    def collection(self, name: str) -> Collection:
        """One of them.

        Raises:
            LibraryError: there is none of that name.
        """
        found = self.catalogue.collection(name)
        if found is None:
            raise LibraryError(
                f"{self.name} has no collection '{name}'.",
                _there_are("collections", [one.name for one in self.collections()]),
            )
        return found

    def make_collection(self, name: str) -> Collection:
        """A new, empty one.

        Raises:
            LibraryExists: the name is taken.
            KeepingError: the name cannot be one, or there are too many.
        """
        name = collection_name(name)
        self.catalogue.make_collection(name)
        return self.collection(name)

    def rename_collection(self, name: str, new: str) -> Collection:
        """Give it another name.

        Raises:
            LibraryError: there is none of that name.
            LibraryExists: the new one is taken.
            KeepingError: the new one cannot be a name.
        """
        new = collection_name(new)
        self.catalogue.rename_collection(self.collection(name).id, new)
        return self.collection(new)

    def delete_collection(self, name: str) -> None:
        """Forget a collection; its items stay.

        Raises:
            LibraryError: there is none of that name.
        """
        self.catalogue.delete_collection(self.collection(name).id)

    def collect(self, name: str, items: Iterable[int], *, make: bool = False) -> int:
        """Put items into a collection.

        Args:
            name: its name.
            items: their ids.
            make: the collection, if there is none of that name.

        Returns:
            how many were not in it yet.

        Raises:
            LibraryError: no such collection, or no such item; nothing is changed then.
            KeepingError: too many items.
        """
        given = _few(items)
        with self.catalogue.transaction():
            if make and self.catalogue.collection(name) is None:
                self.make_collection(name)
            return self.catalogue.collect(self.collection(name).id, given)

    def uncollect(self, name: str, items: Iterable[int]) -> int:
        """Take items out of a collection; how many were in it.

        Raises:
            LibraryError: no such collection.
        """
        return self.catalogue.uncollect(self.collection(name).id, _few(items))

    def collected(self, name: str, offset: int = 0, limit: int = 100) -> list[Item]:
        """Items of a collection, in the order they came into it.

        Raises:
            LibraryError: no such collection.
        """
        ids = self.catalogue.collected(self.collection(name).id)
        return self.catalogue.items(ids[offset : offset + limit])

    # -- notes and tags

    def note(self, item_id: int) -> str:
        """What somebody wrote beside an item; "" for nothing."""
        return self.catalogue.note(item_id)

    def set_note(self, item_id: int, text: str) -> str:
        """Write it, in place of what was there; "" takes it away. The note as it is kept.

        Raises:
            LibraryError: no such item.
            KeepingError: it is too long.
        """
        text = _sound(text).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_NOTE:
            raise KeepingError(
                f"A note has {LONGEST_NOTE:,} characters at most, this one {len(text):,}.",
                "Shorten it, or put it into a text file beside the item.",
            )
        self.catalogue.set_note(item_id, text)
        return text

    def tags(self, item_id: int) -> list[str]:
        """The tags of an item, by name."""
        return self.catalogue.tags(item_id)

    def all_tags(self) -> list[tuple[str, int]]:
        """Every tag and how many items have it, by name."""
        return self.catalogue.all_tags()

    def add_tags(self, items: Iterable[int], tags: Sequence[str]) -> int:
        """Give tags to items; how many items had not all of them.

        Raises:
            LibraryError: no such item; nothing is changed then.
            KeepingError: no tag can be called so, or too many of them.
        """
        return self.catalogue.add_tags(_few(items), [tag_name(tag) for tag in tags])

    def remove_tags(self, items: Iterable[int], tags: Sequence[str]) -> int:
        """Take tags from items; how many items had any of them."""
        return self.catalogue.remove_tags(_few(items), tags)


def check_kept(libraries: Sequence[Keepsakes], filters: Filters) -> None:
    """See that what filters name is there: in one of the libraries that are searched, at least.

    Raises:
        QueryError: it is in none.
    """
    named = {fold(name): name for name in (filters.collection, *filters.outside) if name}
    for key, name in named.items():
        if not any(library.catalogue.collection(key) for library in libraries):
            every = [one.name for library in libraries for one in library.collections()]
            raise QueryError(
                f"There is no collection '{name}' here.", _there_are("collections", every)
            )
    if filters.tags:
        every = [tag for library in libraries for tag, _ in library.all_tags()]
        known = {fold(tag) for tag in every}
        for tag in sorted(filters.tags):
            if fold(tag) not in known:
                raise QueryError(f"No item here has the tag '{tag}'.", _there_are("tags", every))


def collection_name(given: str) -> str:
    """A name that a collection can have, spaces put right.

    Raises:
        KeepingError: it is empty or too long.

    >>> collection_name("  Birds of   prey ")
    'Birds of prey'
    """
    return _name(given, "collection", LONGEST_NAME)


def tag_name(given: str) -> str:
    """A name that a tag can have, spaces put right.

    Raises:
        KeepingError: it is empty or too long, or has a comma, which stands between tags.

    >>> tag_name(" red   wine")
    'red wine'
    """
    name = _name(given, "tag", LONGEST_TAG)
    if "," in name:
        raise KeepingError(f"The tag '{name}' has a comma.", "Give two tags, or leave it out.")
    return name


def _name(given: str, what: str, longest: int) -> str:
    name = " ".join(_sound(given).split())
    if not any(c.isalnum() or not c.isascii() for c in name):
        raise KeepingError(f"The {what} has no name.", "Give it one, with a letter or a digit.")
    if len(name) > longest:
        raise KeepingError(
            f"The name of a {what} has {longest} characters at most, this one {len(name)}.",
            "Shorten it.",
        )
    return name


def _sound(text: str) -> str:
    """A text that SQLite takes: half a character is none, and a zero byte would be its end."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _few(items: Iterable[int]) -> list[int]:
    given = list(dict.fromkeys(items))
    if len(given) > MOST_AT_ONCE:
        raise KeepingError(
            f"{len(given):,} items are too many at once; {MOST_AT_ONCE:,} go.", "Do it in parts."
        )
    return given


def _there_are(what: str, names: Sequence[str]) -> str:
    """What there is, as a hint.

    >>> _there_are("tags", ["red", "Blue"]), _there_are("tags", [])
    ('The tags are: Blue, red.', 'There are no tags yet.')
    """
    if not names:
        return f"There are no {what} yet."
    listed = sorted(dict.fromkeys(names), key=fold)
    more = f", and {len(listed) - 20} more" if len(listed) > 20 else ""
    return f"The {what} are: {', '.join(listed[:20])}{more}."
