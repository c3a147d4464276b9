"""Links between items: which belong together, of what kind, and how closely.

A link has no direction: the item with the lower id comes first.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue.keeping import Keeping
from xmr_core.catalogue.vectors import matrix
from xmr_core.media import Floats, Modality

Ids = npt.NDArray[np.int64]

SAID = ("joined", "parted")
"""Kinds that the user's own links have: they outlive whatever is found out."""

_CHUNK = 4096  # rows of vectors read at a time
_SAME = 20  # items of one content from which on it is everywhere, such as an empty file


class Link(NamedTuple):
    """Two items that belong together, or, where the kind is "parted", do not.

    Attributes:
        item, other: their ids, the lower one first.
        kind: why.
        weight: how closely, 0…1.
    """

    item: int
    other: int
    kind: str
    weight: float


class Place(NamedTuple):
    """Where a present item lies.

    Attributes:
        id, modality, hash: of the item.
        root: the registered folder.
        path: below it, with ``/``.
    """

    id: int
    modality: Modality
    hash: str
    root: Path
    path: str


class Links(Keeping):
    """Links of items, and what they are found by."""

    def links(self, item_id: int | None = None, kinds: Sequence[str] = ()) -> list[Link]:
        """Links between present items, in the order of their ids.

        Args:
            item_id: only those of this item.
            kinds: only these; all if empty.
        """
        condition, values = "", list[object]()
        if item_id is not None:
            condition += " AND (l.item_id = ? OR l.other_id = ?)"
            values += [int(item_id)] * 2
        if kinds:
            condition += " AND l.kind IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(kinds)))
        rows = self._db.rows(
            "SELECT l.item_id, l.other_id, l.kind, l.weight FROM links l"  # noqa: S608
            " JOIN items a ON a.id = l.item_id JOIN items b ON b.id = l.other_id"
            f" WHERE a.missing = 0 AND b.missing = 0{condition}"
            " ORDER BY l.item_id, l.other_id, l.kind",
            values,
        )
        return [Link(*row) for row in rows]

    def of_content(self, hash: str) -> list[int]:
        """Ids of present items whose file has this content; none where very many have it."""
        rows = self._db.rows(
            "SELECT id FROM items WHERE hash = ? AND missing = 0 ORDER BY id LIMIT ?",
            (hash, _SAME),
        )
        return [id for (id,) in rows] if len(rows) < _SAME else []

    def named_alike(self, item_id: int) -> dict[int, str]:
        """Paths by id of the present items in an item's folder whose names begin with its own up
        to the ending, itself among them."""
        row = self._db.row("SELECT root_id, path FROM items WHERE id = ?", (int(item_id),))
        if row is None:
            return {}
        root, path = row
        begin = os.fsencode(PurePosixPath(os.fsdecode(path)).with_suffix(""))
        rows = self._db.rows(
            "SELECT id, path FROM items WHERE root_id = ? AND path > ? AND path < ?"
            " AND missing = 0",
            (root, begin + b".", begin + b"/"),  # the sign after the dot; no folder is below
        )
        return {id: os.fsdecode(path) for id, path in rows} | {int(item_id): os.fsdecode(path)}

    def keep_links(self, kinds: Sequence[str], links: Iterable[Link]) -> tuple[int, int]:
        """Keep links in place of all that there are of some kinds; only what differs is written.

        Args:
            kinds: that the links are of.
            links: two of one kind between the same items count once; those of items that are
                not there any more are left out.

        Returns:
            how many links were added or changed, and how many were dropped.
        """
        wanted = {(link.item, link.other, link.kind): link.weight for link in links}
        with self._db.write() as db:
            there = {
                (item, other, kind): weight
                for item, other, kind, weight in db.execute(
                    "SELECT item_id, other_id, kind, weight FROM links"
                    " WHERE kind IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(kinds)),),
                )
            }
            gone = [key for key in there if key not in wanted]
            new = [(*key, weight) for key, weight in wanted.items() if there.get(key) != weight]
            db.executemany(
                "DELETE FROM links WHERE item_id = ? AND other_id = ? AND kind = ?", gone
            )
            db.executemany(
                "INSERT INTO links (item_id, other_id, kind, weight) SELECT ?, ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM items WHERE id = ?)"
                " AND EXISTS (SELECT 1 FROM items WHERE id = ?)"
                " ON CONFLICT (item_id, other_id, kind) DO UPDATE SET weight = excluded.weight",
                [(*row, row[0], row[1]) for row in new],
            )
        return len(new), len(gone)

    def say_links(self, kind: str, pairs: Iterable[tuple[int, int]]) -> None:
        """Keep what the user says of pairs of items, in place of what was said before.

        Args:
            kind: one of `SAID`.
            pairs: ids, in any order.
        """
        with self._db.write() as db:
            for one, other in pairs:
                low, high = sorted((int(one), int(other)))
                db.execute(
                    "DELETE FROM links WHERE item_id = ? AND other_id = ?"
                    " AND kind IN (SELECT value FROM json_each(?))",
                    (low, high, json.dumps(SAID)),
                )
                db.execute(
                    "INSERT INTO links (item_id, other_id, kind, weight) VALUES (?, ?, ?, 1.0)",
                    (low, high, kind),
                )

    def places(self) -> list[Place]:
        """Where all present items lie, in the order of their ids."""
        rows = self._db.rows(
            "SELECT i.id, i.modality, i.hash, r.path, i.path FROM items i"
            " JOIN roots r ON r.id = i.root_id WHERE i.missing = 0 ORDER BY i.id"
        )
        with self._db.sense():
            roots = {row[3]: Path(os.fsdecode(row[3])) for row in rows}
            return [
                Place(id, Modality(modality), hash, roots[root], os.fsdecode(path))
                for id, modality, hash, root, path in rows
            ]

    def whole_rows(self, modality: Modality) -> tuple[Ids, Ids]:
        """The rows of the vectors of present items as wholes, and the items' ids; i64 (n,) each,
        ascending by row."""
        found = self._db.rows(
            "SELECT v.row, v.item_id FROM vectors v INDEXED BY vectors_by_modality"
            " JOIN items i ON i.id = v.item_id"
            " WHERE v.space = ? AND v.modality = ? AND v.no = 0 AND i.missing = 0 ORDER BY v.row",
            (self._active(), modality),
        )
        table = np.array(found, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def row_vectors(self, rows: Ids) -> Floats:
        """The vectors f32 (n, d) of rows i64 (n,), ascending, that are there."""
        chunks = [
            matrix(
                [
                    joint
                    for (joint,) in self._db.rows(
                        "SELECT joint FROM vectors WHERE row IN (SELECT value FROM json_each(?))"
                        " ORDER BY row",
                        (json.dumps(rows[start : start + _CHUNK].tolist()),),
                    )
                ]
            )
            for start in range(0, len(rows), _CHUNK)
        ]
        return np.concatenate(chunks) if chunks else np.zeros((0, 0), np.float32)
