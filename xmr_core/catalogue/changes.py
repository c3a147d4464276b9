"""What a run reads of the catalogue to compare, and how it changes items."""

import json
import os
import sqlite3
import time
from collections.abc import Iterable
from pathlib import PurePosixPath

import numpy as np

from xmr_core.catalogue.database import inserted
from xmr_core.catalogue.items import corner
from xmr_core.catalogue.records import Known, KnownFailure, Record, title_of
from xmr_core.catalogue.selection import below
from xmr_core.catalogue.vectors import Vectors, blobs

FOUND = "field NOT IN ('note', 'tag')"
"""Of the lines, those that were made from an item's content; notes and tags are the user's."""


class Changes(Vectors):
    """Comparing, keeping, moving, copying and losing items."""

    def known(self, root_id: int, folder: str, space: str) -> dict[str, Known]:
        """The items below a folder of a root ("" for all of it), by relative path.

        Args:
            root_id, folder: where.
            space: the fingerprint that `Known.current` asks about.
        """
        low, high = below(folder)
        rows = self._db.rows(
            "SELECT i.path, i.id, i.size, i.mtime_ns, i.hash, i.modality, i.missing,"
            " v.row IS NOT NULL FROM items i"
            " LEFT JOIN vectors v ON v.item_id = i.id AND v.space = ? AND v.no = 0"
            " WHERE i.root_id = ? AND i.path >= ?"
            " AND (? IS NULL OR i.path < ?)",
            (self._fingerprint(space), root_id, low, high, high),
        )
        return {
            os.fsdecode(path): Known(id, size, mtime, hash, modality, bool(missing), bool(current))
            for path, id, size, mtime, hash, modality, missing, current in rows
        }

    def known_failures(self, root_id: int, folder: str) -> dict[str, KnownFailure]:
        """The failures below a folder of a root, by relative path."""
        low, high = below(folder)
        rows = self._db.rows(
            "SELECT path, id, size, mtime_ns, kind, modality FROM failures"
            " WHERE root_id = ? AND path >= ? AND (? IS NULL OR path < ?)",
            (root_id, low, high, high),
        )
        return {os.fsdecode(row[0]): KnownFailure(*row[1:]) for row in rows}

    def with_hash(self, hash: str, space: str) -> list[tuple[int, int, str, bool]]:
        """(id, root id, path, missing) of the items that have a content hash and a vector in a
        joint space, missing ones first."""
        rows = self._db.rows(
            "SELECT i.id, i.root_id, i.path, i.missing FROM items i"
            " WHERE i.hash = ? AND EXISTS (SELECT 1 FROM vectors v"
            " WHERE v.item_id = i.id AND v.space = ? AND v.no = 0)"
            " ORDER BY i.missing DESC, i.id",
            (hash, self._fingerprint(space)),
        )
        return [(id, root, os.fsdecode(path), bool(missing)) for id, root, path, missing in rows]

    def hashes(self, space: str) -> frozenset[tuple[str, str]]:
        """The content hashes, with the files' suffixes, of all items with a vector in a space."""
        rows = self._db.rows(
            "SELECT i.hash, i.path FROM items i WHERE EXISTS (SELECT 1 FROM vectors v"
            " WHERE v.item_id = i.id AND v.space = ? AND v.no = 0)",
            (self._fingerprint(space),),
        )
        return frozenset(
            (hash, PurePosixPath(os.fsdecode(path)).suffix.lower()) for hash, path in rows
        )

    def put(self, record: Record) -> int:
        """Keep an encoded file, in place of what was known at its path; the item's id."""
        path = os.fsencode(record.path)
        values = (
            record.modality,
            record.size,
            record.mtime_ns,
            record.hash,
            title_of(record.path),
            record.facts.get("seconds"),
            json.dumps(dict(record.facts)),
            time.time(),
        )
        with self._db.write() as db:
            row = db.execute(
                "SELECT id, hash FROM items WHERE root_id = ? AND path = ?", (record.root_id, path)
            ).fetchone()
            if row is None:
                id = inserted(
                    db,
                    "INSERT INTO items (root_id, path, modality, size, mtime_ns, hash, title,"
                    " seconds, facts, indexed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (record.root_id, path, *values),
                )
            else:
                id = int(row[0])
                db.execute(
                    "UPDATE items SET modality = ?, size = ?, mtime_ns = ?, hash = ?, title = ?,"
                    " seconds = ?, facts = ?, indexed_at = ?, missing = 0 WHERE id = ?",
                    (*values, id),
                )
                # Vectors of the former content say nothing about this one, in any space;
                # those of the same content in the active space serve until it changes.
                if row[1] != record.hash:
                    db.execute("DELETE FROM vectors WHERE item_id = ?", (id,))
                    db.execute("DELETE FROM features WHERE item_id = ?", (id,))
                    _forget_findings(db, id)
                    self._changed()
                db.execute("DELETE FROM parts WHERE item_id = ?", (id,))
            db.execute(
                "DELETE FROM failures WHERE root_id = ? AND path = ?", (record.root_id, path)
            )
            db.executemany(
                "INSERT INTO parts (item_id, no, label, low, high, text) VALUES (?, ?, ?, ?, ?, ?)",
                [(id, p.no, p.label, corner(p.low), corner(p.high), p.text) for p in record.parts],
            )
            encoder = self._numbered(record.encoder)
            db.execute("DELETE FROM features WHERE item_id = ? AND encoder = ?", (id, encoder))
            db.executemany(
                "INSERT INTO features (item_id, encoder, no, feature) VALUES (?, ?, ?, ?)",
                [(id, encoder, no, blob) for no, blob in enumerate(blobs(record.features))],
            )
            space = self._numbered(record.space)
            db.execute("DELETE FROM vectors WHERE item_id = ? AND space = ?", (id, space))
            nos = np.arange(len(record.joint), dtype=np.int32)
            self.add_vectors(
                record.modality, record.space, np.full(len(nos), id), nos, record.joint
            )
        return id

    def move(self, id: int, root_id: int, path: str, size: int, mtime_ns: int) -> None:
        """An item's file is now there, with the same content; it is no longer missing."""
        with self._db.write() as db:
            where_ = (root_id, os.fsencode(path))
            db.execute("DELETE FROM failures WHERE root_id = ? AND path = ?", where_)
            _hand_over(db, where_, id)
            db.execute(
                "DELETE FROM items WHERE root_id = ? AND path = ? AND id != ?", (*where_, id)
            )
            db.execute(
                "UPDATE items SET root_id = ?, path = ?, title = ?, size = ?, mtime_ns = ?,"
                " missing = 0 WHERE id = ?",
                (*where_, title_of(path), size, mtime_ns, id),
            )
            self._changed()

    def copy(self, id: int, root_id: int, path: str, size: int, mtime_ns: int) -> int:
        """Another file has the same content as an item: keep it with the item's vectors.

        Returns:
            the id of the new item, or of the one that was known at that path.
        """
        with self._db.write() as db:
            where_ = (root_id, os.fsencode(path))
            db.execute("DELETE FROM failures WHERE root_id = ? AND path = ?", where_)
            row = db.execute("SELECT id FROM items WHERE root_id = ? AND path = ?", where_)
            old = row.fetchone()
            columns = "modality, size, mtime_ns, hash, title, seconds, facts, indexed_at, missing"
            source = "SELECT modality, ?, ?, hash, ?, seconds, facts, ?, 0 FROM items WHERE id = ?"
            values = (size, mtime_ns, title_of(path), time.time(), id)
            if old is None:
                new = inserted(
                    db,
                    f"INSERT INTO items (root_id, path, {columns})"
                    f" {source.replace('SELECT', 'SELECT ?, ?,')}",
                    (*where_, *values),
                )
            else:
                (new,) = old
                sql = f"UPDATE items SET ({columns}) = ({source}) WHERE id = ?"  # noqa: S608
                db.execute(sql, (*values, new))
                for table in ("parts", "features", "vectors"):
                    db.execute(f"DELETE FROM {table} WHERE item_id = ?", (new,))  # noqa: S608
                _forget_findings(db, new)
            for table, columns, rows in (
                ("parts", "no, label, low, high, text", "1 ORDER BY no"),
                ("features", "encoder, no, feature", "1 ORDER BY no"),
                ("vectors", "space, modality, no, joint", "1 ORDER BY no"),
                ("lines", "field, low, high, text, confidence", f"{FOUND} ORDER BY row"),
                ("looked", "work, version, reason, at", "1"),
                ("prints", "kind, no, print", "1"),
            ):
                db.execute(
                    f"INSERT INTO {table} (item_id, {columns})"  # noqa: S608
                    f" SELECT ?, {columns} FROM {table} WHERE item_id = ? AND {rows}",
                    (new, id),
                )
            self._changed()
            return int(new)

    def set_missing(self, ids: Iterable[int], missing: bool) -> None:
        """Mark items as gone, or as back."""
        values = [(int(missing), int(id)) for id in ids]
        if values:
            with self._db.write() as db:
                db.executemany("UPDATE items SET missing = ? WHERE id = ?", values)
                self._changed()

    def missing(self) -> int:
        """How many items' files are gone."""
        return int(self._db.row("SELECT COUNT(*) FROM items WHERE missing = 1")[0])


def _hand_over(db: sqlite3.Connection, where_: tuple[int, bytes], id: int) -> None:
    """Give an item what people said of another one that was known where it is now."""
    others = "item_id IN (SELECT id FROM items WHERE root_id = ? AND path = ? AND id != ?)"
    db.execute(
        f"UPDATE lines SET item_id = ? WHERE {others} AND NOT ({FOUND})",  # noqa: S608
        (id, *where_, id),
    )
    db.execute(
        f"UPDATE OR IGNORE collected SET item_id = ? WHERE {others}",  # noqa: S608
        (id, *where_, id),
    )


def _forget_findings(db: sqlite3.Connection, id: int) -> None:
    """Drop what was found out from an item's former content; what people said of it stays."""
    db.execute(f"DELETE FROM lines WHERE item_id = ? AND {FOUND}", (id,))  # noqa: S608
    for table in ("looked", "prints"):
        db.execute(f"DELETE FROM {table} WHERE item_id = ?", (id,))  # noqa: S608
    db.execute(
        "DELETE FROM links WHERE (item_id = ? OR other_id = ?)"
        " AND kind NOT IN ('joined', 'parted')",
        (id, id),
    )
