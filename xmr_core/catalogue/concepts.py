"""Named concepts: queries with their marks, kept as plain data."""

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xmr_core.catalogue.database import inserted
from xmr_core.catalogue.findings import Findings
from xmr_core.catalogue.folding import fold
from xmr_core.errors import LibraryExists


@dataclass(frozen=True, slots=True)
class Kept:
    """A concept as it is kept.

    Attributes:
        id: never used twice.
        name: unlike any other's, whatever the case of its letters.
        query: plain data of the caller's own form.
        when: it was kept, seconds since 1970.
    """

    id: int
    name: str
    query: Mapping[str, Any]
    when: float


class Concepts(Findings):
    """The named concepts of a library."""

    def concepts(self) -> list[Kept]:
        """All of them, by name."""
        rows = self._db.rows("SELECT id, name, query, at FROM concepts")
        found = [Kept(id, name, json.loads(query), at) for id, name, query, at in rows]
        return sorted(found, key=lambda one: (fold(one.name), one.id))

    def concept(self, name: str) -> Kept | None:
        """The one of a name, in whatever case; None if there is none."""
        return next((one for one in self.concepts() if fold(one.name) == fold(name)), None)

    def keep_concept(self, name: str, query: Mapping[str, Any], *, again: bool = False) -> int:
        """Keep a concept.

        Args:
            name: of it.
            query: plain data.
            again: in place of the one of that name, if there is one.

        Returns:
            its id.

        Raises:
            LibraryExists: the name is taken.
        """
        text = json.dumps(query, sort_keys=True)
        with self._db.write() as db:
            if again:
                db.execute("DELETE FROM concepts WHERE folded(name) = ?", (fold(name),))
            _check_free(db, name)
            return inserted(
                db,
                "INSERT INTO concepts (name, at, query) VALUES (?, ?, ?)",
                (name, time.time(), text),
            )

    def rename_concept(self, id: int, name: str) -> None:
        """Give a concept another name.

        Raises:
            LibraryExists: the name is taken.
        """
        with self._db.write() as db:
            _check_free(db, name, id)
            db.execute("UPDATE concepts SET name = ? WHERE id = ?", (name, id))

    def forget_concept(self, id: int) -> None:
        """Drop a concept."""
        with self._db.write() as db:
            db.execute("DELETE FROM concepts WHERE id = ?", (id,))

    def hash_of(self, item_id: int) -> str:
        """The digest of an item's content; "" if there is no such item."""
        row = self._db.row("SELECT hash FROM items WHERE id = ?", (int(item_id),))
        return str(row[0]) if row else ""

    def find_again(self, item_id: int, hash: str) -> int | None:
        """An item by its number, or if that is gone, by what it held; None if both are.

        An item of that number whose content has changed is still what was meant: people mark
        files, and mend them.
        """
        row = self._db.row(
            "SELECT id FROM items WHERE missing = 0 AND (id = ? OR hash = ?)"
            " ORDER BY id = ? DESC, id LIMIT 1",
            (int(item_id), hash, int(item_id)),
        )
        return int(row[0]) if row else None


def _check_free(db: sqlite3.Connection, name: str, besides: int = -1) -> None:
    taken = db.execute(
        "SELECT name FROM concepts WHERE folded(name) = ? AND id != ?", (fold(name), besides)
    ).fetchone()
    if taken:
        raise LibraryExists(
            f"There is a concept '{taken[0]}' already.", "Choose another name, or forget that one."
        )
