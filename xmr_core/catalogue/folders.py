"""The folders that a library holds."""

import os
from pathlib import Path

from xmr_core.catalogue.database import inserted
from xmr_core.catalogue.records import Root
from xmr_core.catalogue.store import Store
from xmr_core.errors import LibraryError


class Folders(Store):
    """Roots: registered folders, none inside another."""

    def roots(self) -> list[Root]:
        """The registered folders, in the order they came."""
        rows = self._db.rows("SELECT id, path FROM roots ORDER BY id")
        with self._db.sense():
            return [Root(id, Path(os.fsdecode(path))) for id, path in rows]

    def add_root(self, path: Path) -> Root:
        """Register a folder.

        A folder inside a root needs no root of its own: that root is returned. Roots inside
        the new folder are taken up into it, with all that is known of them.
        """
        with self._db.write() as db:
            for root in self.roots():
                if path.is_relative_to(root.path):
                    return root
            inside = [root for root in self.roots() if root.path.is_relative_to(path)]
            new = inserted(db, "INSERT INTO roots (path) VALUES (?)", (os.fsencode(path),))
            for root in inside:
                prefix = os.fsencode(root.path.relative_to(path).as_posix()) + b"/"
                for table in ("items", "failures"):
                    db.execute(
                        f"UPDATE {table} SET root_id = ?, path = CAST(? || path AS BLOB)"  # noqa: S608
                        " WHERE root_id = ?",
                        (new, prefix, root.id),
                    )
                db.execute("DELETE FROM roots WHERE id = ?", (root.id,))
            return Root(new, path)

    def remove_root(self, id: int) -> list[int]:
        """Forget a folder and all that was found in it; the ids of the items that went."""
        with self._db.write() as db:
            gone = [i for (i,) in db.execute("SELECT id FROM items WHERE root_id = ?", (id,))]
            db.execute("DELETE FROM roots WHERE id = ?", (id,))
            self._changed()
        return gone

    def move_root(self, id: int, path: Path) -> None:
        """The same folder at a new place.

        Raises:
            LibraryError: the new place overlaps another root.
        """
        for root in self.roots():
            if root.id != id and (path.is_relative_to(root.path) or root.path.is_relative_to(path)):
                raise LibraryError(
                    f"{path} overlaps {root.path}, which the library holds already.",
                    "Choose a folder apart from it, or remove that one first.",
                )
        with self._db.write() as db:
            db.execute("UPDATE roots SET path = ? WHERE id = ?", (os.fsencode(path), id))
