"""Items and their parts, as they are read."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue.folders import Folders
from xmr_core.catalogue.selection import where
from xmr_core.filters import Filters
from xmr_core.media import Item, Modality, Part

Ids = npt.NDArray[np.int64]

_ITEM = (
    "i.id, r.path, i.path, i.modality, i.size, i.mtime_ns, i.hash, i.title, i.facts"
    " FROM items i JOIN roots r ON r.id = i.root_id"
)


class Items(Folders):
    """Items and parts by id, by filter, and counted."""

    _counts: tuple[int, dict[Modality, int]] = (-1, {})  # with their generation

    def item(self, id: int) -> Item | None:
        """One item, or None."""
        return next(iter(self.items([id])), None)

    def items(self, ids: Sequence[int]) -> list[Item]:
        """Items in the order of their ids given; those that are not there are left out."""
        rows = self._db.rows(
            f"SELECT {_ITEM} WHERE i.id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps([int(i) for i in ids]),),
        )
        with self._db.sense():
            found = {row[0]: _item(row) for row in rows}
        return [found[i] for i in ids if i in found]

    def find(self, filters: Filters, offset: int = 0, limit: int = 100) -> list[Item]:
        """A page of items, in the order of their paths."""
        condition, values = where(filters, self.roots())
        rows = self._db.rows(
            f"SELECT {_ITEM} WHERE {condition} ORDER BY i.root_id, i.path LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        with self._db.sense():
            return [_item(row) for row in rows]

    def allowed(self, filters: Filters) -> Ids | None:
        """Ids i64 (n,), ascending, of the items that pass; None if nothing but the modality
        restricts, which choosing among the indexes does already."""
        if filters == Filters(modalities=filters.modalities):
            return None
        condition, values = where(filters, self.roots())
        sql = f"SELECT i.id FROM items i WHERE {condition} ORDER BY i.id"  # noqa: S608
        rows = self._db.rows(sql, values)
        return np.fromiter((id for (id,) in rows), np.int64, len(rows))

    def counts(self) -> dict[Modality, int]:
        """Present items by modality."""
        generation = self.generation
        if self._counts[0] != generation:
            rows = self._db.rows(
                "SELECT modality, COUNT(*) FROM items WHERE missing = 0 GROUP BY modality"
            )
            with self._db.sense():
                self._counts = (generation, {Modality(m): n for m, n in rows})
        return dict(self._counts[1])

    def part(self, item_id: int, no: int) -> Part | None:
        """One part of an item, or None."""
        row = self._db.row(
            "SELECT no, label, low, high, text FROM parts WHERE item_id = ? AND no = ?",
            (int(item_id), int(no)),
        )
        with self._db.sense():
            return None if row is None else _part(row)

    def parts(self, item_id: int) -> list[Part]:
        """All parts of an item, in order."""
        rows = self._db.rows(
            "SELECT no, label, low, high, text FROM parts WHERE item_id = ? ORDER BY no",
            (int(item_id),),
        )
        with self._db.sense():
            return [_part(row) for row in rows]


def _item(row: Any) -> Item:
    id, root, path, modality, size, mtime_ns, hash, title, facts = row
    return Item(
        id=id,
        root=Path(os.fsdecode(root)),
        path=os.fsdecode(path),
        modality=Modality(modality),
        size=size,
        mtime=mtime_ns / 1e9,
        hash=hash,
        title=title,
        facts=json.loads(facts),
    )


def _part(row: Any) -> Part:
    no, label, low, high, text = row
    return Part(no, label, axes(low), axes(high), text)


def axes(blob: bytes) -> tuple[float, ...]:
    """A corner of a box, as it was kept."""
    return tuple(np.frombuffer(blob, np.float32).tolist())


def corner(axes: Sequence[float]) -> bytes:
    """A corner of a box, as it is kept."""
    return np.array(axes, np.float32).tobytes()
