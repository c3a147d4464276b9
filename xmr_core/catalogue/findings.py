"""What was found out about items after they were indexed: words inside them, fingerprints."""

import json
import time
from collections.abc import Iterable, Sequence

from xmr_core.catalogue.items import axes, corner
from xmr_core.catalogue.journal import Journal
from xmr_core.catalogue.records import Line, Print
from xmr_core.media import Modality


class Findings(Journal):
    """Lines of writing and prints of items, and which items were looked into for them."""

    def unlooked(self, work: str, version: str, modalities: Iterable[Modality]) -> list[int]:
        """Ids of the present items of some modalities that a work has not looked into.

        Args:
            work, version: its name, and what changes when it would find something else.
            modalities: that it looks into.
        """
        media = json.dumps(sorted(modalities))
        rows = self._db.rows(
            "SELECT i.id FROM items i LEFT JOIN looked l ON l.item_id = i.id AND l.work = ?"
            " AND l.version = ? WHERE i.missing = 0"
            " AND i.modality IN (SELECT value FROM json_each(?)) AND l.id IS NULL ORDER BY i.id",
            (work, version, media),
        )
        return [id for (id,) in rows]

    def keep_found(
        self,
        item_id: int,
        hash: str,
        work: str,
        version: str,
        lines: Sequence[Line] = (),
        prints: Sequence[Print] = (),
        *,
        fields: Sequence[str] = (),
        kinds: Sequence[str] = (),
        reason: str = "",
    ) -> bool:
        """Keep what a work found in an item, in place of what it found before.

        Args:
            item_id, hash: the item, and the content that was looked into.
            work, version: as for :meth:`unlooked`.
            lines, prints: what was found.
            fields, kinds: of lines and prints that the work finds: those that are there go.
            reason: why nothing could be found; "" where the look came to its end.

        Returns:
            whether the item still has that content; nothing is kept otherwise.
        """
        with self._db.write() as db:
            row = db.execute("SELECT hash FROM items WHERE id = ?", (item_id,)).fetchone()
            if row is None or row[0] != hash:
                return False
            for table, column, named in (("lines", "field", fields), ("prints", "kind", kinds)):
                db.executemany(
                    f"DELETE FROM {table} WHERE item_id = ? AND {column} = ?",  # noqa: S608
                    [(item_id, name) for name in named],
                )
            db.executemany(
                "INSERT INTO lines (item_id, field, low, high, text, confidence)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (item_id, n.field, corner(n.low), corner(n.high), n.text, n.confidence)
                    for n in lines
                ],
            )
            db.executemany(
                "INSERT INTO prints (item_id, kind, no, print) VALUES (?, ?, ?, ?)",
                [(item_id, p.kind, p.no, p.bits) for p in prints],
            )
            db.execute(
                "INSERT OR REPLACE INTO looked (item_id, work, version, reason, at)"
                " VALUES (?, ?, ?, ?, ?)",
                (item_id, work, version, reason, time.time()),
            )
        return True

    def lines(self, item_id: int, fields: Sequence[str] = ()) -> list[Line]:
        """The lines of an item, of some fields or of all, in the order they were found."""
        rows = self._db.rows(
            "SELECT field, text, low, high, confidence FROM lines WHERE item_id = ? ORDER BY row",
            (int(item_id),),
        )
        with self._db.sense():
            return [
                Line(field, text, axes(low), axes(high), confidence)
                for field, text, low, high, confidence in rows
                if not fields or field in fields
            ]

    def prints(self, kind: str) -> list[tuple[int, int, bytes]]:
        """(item id, number, bits) of all prints of a kind, of present items."""
        rows = self._db.rows(
            "SELECT p.item_id, p.no, p.print FROM prints p JOIN items i ON i.id = p.item_id"
            " WHERE p.kind = ? AND i.missing = 0 ORDER BY p.item_id, p.no",
            (kind,),
        )
        return [(id, no, bits) for id, no, bits in rows]

    def looked(self, work: str, version: str = "") -> tuple[int, list[tuple[int, str]]]:
        """How many present items a work has looked into, and (id, reason) of those that it
        could not; in one version if that is given."""
        rows = self._db.rows(
            "SELECT l.item_id, l.reason FROM looked l JOIN items i ON i.id = l.item_id"
            " WHERE l.work = ? AND ? IN ('', l.version) AND i.missing = 0 ORDER BY l.item_id",
            (work, version),
        )
        return len(rows), [(id, reason) for id, reason in rows if reason]

    def look_again(self, work: str) -> None:
        """Let a work look once more into the items that it could not look into."""
        with self._db.write() as db:
            db.execute("DELETE FROM looked WHERE work = ? AND reason != ''", (work,))
