"""What people keep of their items: collections, notes, tags.

Notes and tags are lines of the fields ``note`` and ``tag``, so that they are found as words are.
They and the places in collections stay with an item when its file changes, moves or is away; they
go when its folder is taken out of the library.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xmr_core.catalogue.database import inserted
from xmr_core.catalogue.findings import Findings
from xmr_core.catalogue.folding import fold
from xmr_core.errors import KeepingError, LibraryError, LibraryExists

MOST_COLLECTIONS = 1_000
MOST_COLLECTED = 100_000
"""Items of one collection."""
MOST_TAGS = 60
"""Tags of one item."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of items.

    Attributes:
        id: never used twice.
        name: unlike any other's, whatever the case of its letters.
        items: how many of its items are there.
        missing: how many have files that are gone for now.
        when: it was made, seconds since 1970.
    """

    id: int
    name: str
    items: int
    missing: int
    when: float


class Keeping(Findings):
    """Collections, notes and tags of items."""

    # -- collections

    def collections(self) -> list[Collection]:
        """All of them, by name."""
        found = self._collections("1", ())
        return sorted(found, key=lambda one: (fold(one.name), one.id))

    def collection(self, name: str) -> Collection | None:
        """The one of a name, in whatever case; None if there is none."""
        return next(iter(self._collections("folded(c.name) = ?", (fold(name),))), None)

    def collections_of(self, item_id: int) -> list[Collection]:
        """Those that an item is in, by name."""
        inside = "c.id IN (SELECT collection_id FROM collected WHERE item_id = ?)"
        found = self._collections(inside, (int(item_id),))
        return sorted(found, key=lambda one: (fold(one.name), one.id))

    def make_collection(self, name: str) -> int:
        """A new, empty one; its id.

        Raises:
            LibraryExists: the name is taken.
            KeepingError: there are too many.
        """
        with self._db.write() as db:
            self._check_free(name)
            (count,) = db.execute("SELECT COUNT(*) FROM collections").fetchone()
            if count >= MOST_COLLECTIONS:
                raise KeepingError(
                    f"A library holds {MOST_COLLECTIONS:,} collections, and all are there.",
                    "Delete one, or tell items apart by tags.",
                )
            sql = "INSERT INTO collections (name, at) VALUES (?, ?)"
            return inserted(db, sql, (name, time.time()))

    def rename_collection(self, id: int, name: str) -> None:
        """Give it another name.

        Raises:
            LibraryExists: the name is taken by another one.
        """
        with self._db.write() as db:
            self._check_free(name, id)
            db.execute("UPDATE collections SET name = ? WHERE id = ?", (name, id))

    def delete_collection(self, id: int) -> None:
        """Forget it; its items stay."""
        with self._db.write() as db:
            db.execute("DELETE FROM collections WHERE id = ?", (id,))

    def collect(self, id: int, items: Iterable[int]) -> int:
        """Put items into a collection; how many were not in it yet.

        Raises:
            LibraryError: no such item, or the collection is gone.
            KeepingError: more than it can hold.
        """
        with self._db.write() as db:
            if db.execute("SELECT 1 FROM collections WHERE id = ?", (id,)).fetchone() is None:
                raise LibraryError("This collection is gone.", "Make it again.")
            given = _known(db, items)
            before = self._held(db, id)
            now = time.time()
            db.executemany(
                "INSERT OR IGNORE INTO collected (collection_id, item_id, at) VALUES (?, ?, ?)",
                [(id, item, now) for item in given],
            )
            after = self._held(db, id)
            if after > MOST_COLLECTED:
                raise KeepingError(
                    f"A collection holds {MOST_COLLECTED:,} items at most.",
                    "Make a second one, or take some out.",
                )
        return after - before

    def uncollect(self, id: int, items: Iterable[int]) -> int:
        """Take items out of a collection; how many were in it."""
        with self._db.write() as db:
            before = self._held(db, id)
            db.executemany(
                "DELETE FROM collected WHERE collection_id = ? AND item_id = ?",
                [(id, int(item)) for item in items],
            )
            return before - self._held(db, id)

    def collected(self, id: int) -> list[int]:
        """Ids of the present items of a collection, in the order they came into it."""
        rows = self._db.rows(
            "SELECT c.item_id FROM collected c JOIN items i ON i.id = c.item_id"
            " WHERE c.collection_id = ? AND i.missing = 0 ORDER BY c.id",
            (int(id),),
        )
        return [item for (item,) in rows]

    def _collections(self, condition: str, values: Sequence[object]) -> list[Collection]:
        rows = self._db.rows(
            "SELECT c.id, c.name, COUNT(i.id) - TOTAL(i.missing), TOTAL(i.missing), c.at"  # noqa: S608
            " FROM collections c LEFT JOIN collected k ON k.collection_id = c.id"
            f" LEFT JOIN items i ON i.id = k.item_id WHERE {condition} GROUP BY c.id",
            values,
        )
        return [
            Collection(id, name, int(items), int(missing), when)
            for id, name, items, missing, when in rows
        ]

    def _check_free(self, name: str, but: int = 0) -> None:
        there = self.collection(name)
        if there is not None and there.id != but:
            raise LibraryExists(
                f"There is a collection '{there.name}' already.", "Choose another name."
            )

    @staticmethod
    def _held(db: sqlite3.Connection, id: int) -> int:
        sql = "SELECT COUNT(*) FROM collected WHERE collection_id = ?"
        return int(db.execute(sql, (id,)).fetchone()[0])

    # -- notes

    def note(self, item_id: int) -> str:
        """What somebody wrote beside an item; "" for nothing."""
        return "\n".join(line.text for line in self.lines(item_id, ("note",)))

    def set_note(self, item_id: int, text: str) -> None:
        """Write it, in place of what was there; "" takes it away.

        Raises:
            LibraryError: no such item.
        """
        with self._db.write() as db:
            _known(db, [item_id])
            db.execute("DELETE FROM lines WHERE item_id = ? AND field = 'note'", (item_id,))
            if text:
                sql = "INSERT INTO lines (item_id, field, text) VALUES (?, 'note', ?)"
                db.execute(sql, (item_id, text))

    # -- tags

    def tags(self, item_id: int) -> list[str]:
        """The tags of an item, by name."""
        one_each = {fold(line.text): line.text for line in self.lines(item_id, ("tag",))}
        return [one_each[key] for key in sorted(one_each)]

    def all_tags(self) -> list[tuple[str, int]]:
        """Every tag and how many present items have it, by name."""
        rows = self._db.rows(
            "SELECT MIN(l.text), COUNT(DISTINCT l.item_id) FROM lines l"
            " JOIN items i ON i.id = l.item_id WHERE l.field = 'tag' AND i.missing = 0"
            " GROUP BY folded(l.text) ORDER BY folded(l.text)"
        )
        return [(tag, count) for tag, count in rows]

    def add_tags(self, items: Iterable[int], tags: Sequence[str]) -> int:
        """Give tags to items; how many items had not all of them.

        A tag that differs from one that is there in the case of letters alone is that one.

        Raises:
            LibraryError: no such item.
            KeepingError: more than an item can have.
        """
        changed = 0
        with self._db.write() as db:
            spelt = {fold(tag): tag for tag, _ in self.all_tags()}
            wanted = {fold(tag): spelt.get(fold(tag), tag) for tag in tags}
            for item in _known(db, items):
                there = {fold(tag) for tag in self.tags(item)}
                new = [(item, tag) for key, tag in wanted.items() if key not in there]
                if len(there) + len(new) > MOST_TAGS:
                    raise KeepingError(
                        f"An item has {MOST_TAGS} tags at most.", "Take some of its tags away."
                    )
                db.executemany("INSERT INTO lines (item_id, field, text) VALUES (?, 'tag', ?)", new)
                changed += bool(new)
        return changed

    def remove_tags(self, items: Iterable[int], tags: Sequence[str]) -> int:
        """Take tags from items; how many items had any of them."""
        changed = 0
        with self._db.write() as db:
            for item in items:
                gone = db.execute(
                    "DELETE FROM lines WHERE item_id = ? AND field = 'tag'"
                    " AND folded(text) IN (SELECT value FROM json_each(?))",
                    (int(item), json.dumps([fold(tag) for tag in tags])),
                ).rowcount
                changed += gone > 0
        return changed


def _known(db: sqlite3.Connection, items: Iterable[int]) -> list[int]:
    """The ids, each once, in their order.

    Raises:
        LibraryError: one of them is no item's.
    """
    given = list(dict.fromkeys(int(item) for item in items))
    sql = "SELECT id FROM items WHERE id IN (SELECT value FROM json_each(?))"
    there = {id for (id,) in db.execute(sql, (json.dumps(given),))}
    for item in given:
        if item not in there:
            raise LibraryError(f"There is no item {item}.", "Search again.")
    return given
