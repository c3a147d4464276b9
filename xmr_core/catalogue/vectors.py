"""Vectors: what encoders gave, and where it lies in the joint space.

They are kept as float16. An item has one pooled vector (part number 0) and one for each
coarse part, in the encoder's own space (features) and in the joint space (vectors).
"""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue.items import Items
from xmr_core.errors import LibraryError
from xmr_core.media import Floats, Ints, Modality

Ids = npt.NDArray[np.int64]

_CHUNK = 4096  # rows of vectors read at a time


class Vectors(Items):
    """Joint vectors of the active space, features of any encoder."""

    def vectors(
        self, modality: Modality, since_row: int = 0
    ) -> Iterator[tuple[Ids, Ids, Ints, Floats]]:
        """The active space's vectors of present items, in chunks, ascending by row.

        Args:
            modality: of the items.
            since_row: only rows above this one. Rows are never used twice, and what changed
                gets new rows, so that an index can catch up from its highest row after
                dropping what is no longer among :meth:`rows`; an item that returns after it
                was missing brings its old rows back.

        Yields:
            rows i64 (c,), item ids i64 (c,), part numbers i32 (c,), joint f32 (c, d).
        """
        space = self._active()
        while True:
            found = self._db.rows(
                "SELECT v.row, v.item_id, v.no, v.joint, i.missing"
                " FROM vectors v INDEXED BY vectors_by_modality JOIN items i ON i.id = v.item_id"
                " WHERE v.space = ? AND v.modality = ? AND v.row > ? ORDER BY v.row LIMIT ?",
                (space, modality, since_row, _CHUNK),
            )
            if not found:
                return
            since_row = found[-1][0]
            if present := [row for row in found if not row[4]]:
                rows, items, nos, joint, _ = zip(*present, strict=True)
                with self._db.sense():
                    chunk = (np.array(rows), np.array(items), np.array(nos, np.int32))
                    vectors = matrix(joint)
                yield *chunk, vectors

    def placed(self, modality: Modality) -> tuple[Ids, Ids, Ids]:
        """What the active space's vectors of present items are of, without reading them.

        Returns:
            rows i64 (n,), ascending, item ids i64 (n,), part numbers i64 (n,).
        """
        # Items first: the index of an item's vectors has all that is asked, so that their pages,
        # 4 GB of a million, are left alone.
        found = self._db.rows(
            "SELECT v.row, v.item_id, v.no FROM items i CROSS JOIN vectors v"
            " ON v.item_id = i.id AND v.space = ? WHERE i.modality = ? AND i.missing = 0",
            (self._active(), modality),
        )
        table = np.array(found, np.int64).reshape(-1, 3)
        rows, items, nos = table[np.argsort(table[:, 0])].T.copy()
        return rows, items, nos

    def rows(self, modality: Modality) -> Ids:
        """The rows i64 (n,), ascending, of the active space's vectors of present items."""
        return self.placed(modality)[0]

    def row_count(self, modality: Modality) -> int:
        """How many vectors the active space has of a modality, missing items' among them."""
        row = self._db.row(
            "SELECT COUNT(*) FROM vectors INDEXED BY vectors_by_modality"
            " WHERE space = ? AND modality = ?",
            (self._active(), modality),
        )
        return 0 if row is None else int(row[0])

    def joint(self, rows: Ids) -> tuple[Ids, Floats]:
        """The vectors of rows i64 (n,): those rows that there are, ascending, and f32 (c, d)."""
        found = self._db.rows(
            "SELECT row, joint FROM vectors WHERE row IN (SELECT value FROM json_each(?))"
            " ORDER BY row",
            (json.dumps(rows.tolist()),),
        )
        with self._db.sense():
            return np.array([row for row, _ in found], np.int64), matrix([v for _, v in found])

    def sample(self, modality: Modality, n: int) -> tuple[Ids, Floats]:
        """Up to n pooled vectors, evenly spread over the present items.

        Returns:
            item ids i64 (c,), joint f32 (c, d); (0, 0) where there are none.
        """
        rows, _, nos = self.placed(modality)
        rows = rows[nos == 0]
        if len(rows) == 0 or n < 1:
            return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
        chosen = np.unique(np.linspace(0, len(rows) - 1, min(n, len(rows))).round().astype(int))
        found = self._db.rows(
            "SELECT item_id, joint FROM vectors WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(rows[chosen].tolist()),),
        )
        with self._db.sense():
            return np.array([i for i, _ in found]), matrix([joint for _, joint in found])

    def item_vectors(self, item_id: int) -> tuple[Ids, Floats]:
        """An item's vectors in the active space.

        Returns:
            part numbers i64 (1 + p,), ascending, joint f32 (1 + p, d); (0, 0) if it has none.
        """
        found = self._db.rows(
            "SELECT no, joint FROM vectors WHERE item_id = ? AND space = ? ORDER BY no",
            (int(item_id), self._active()),
        )
        with self._db.sense():
            nos = np.array([no for no, _ in found], np.int64)
            return nos, matrix([joint for _, joint in found])

    def feature(self, item_id: int) -> tuple[Floats, str]:
        """An item's newest pooled features f32 (m,) and the fingerprint of their encoder.

        Raises:
            LibraryError: it has none.
        """
        row = self._db.row(
            "SELECT f.feature, p.value FROM features f JOIN fingerprints p ON p.id = f.encoder"
            " WHERE f.item_id = ? AND f.no = 0 ORDER BY f.rowid DESC LIMIT 1",
            (int(item_id),),
        )
        if row is None:
            raise LibraryError(
                f"The library has no vectors of item {item_id}.", "Index its folder again."
            )
        return np.frombuffer(row[0], np.float16).astype(np.float32), str(row[1])

    def item_features(self, item_id: int, encoder: str) -> tuple[Ids, Floats]:
        """What an encoder, by its fingerprint, gave for an item and its coarse parts.

        Returns:
            part numbers i64 (1 + p,), ascending, features f32 (1 + p, m); (0, 0) if nothing.
        """
        found = self._db.rows(
            "SELECT no, feature FROM features WHERE item_id = ? AND encoder ="
            " (SELECT id FROM fingerprints WHERE value = ?) ORDER BY no",
            (int(item_id), encoder),
        )
        with self._db.sense():
            nos = np.array([no for no, _ in found], np.int64)
            return nos, matrix([feature for _, feature in found])

    def features(
        self, modality: Modality, encoder: str, lacking: str | None = None
    ) -> Iterator[tuple[Ids, Ints, Floats]]:
        """What an encoder gave for the items of a modality, missing ones included, in chunks.

        Args:
            modality: of the items.
            encoder: its fingerprint.
            lacking: only what has no vector in the joint space of this fingerprint.

        Yields:
            item ids i64 (c,), part numbers i32 (c,), features f32 (c, m).
        """
        space = -1 if lacking is None else self._fingerprint(lacking)
        last = 0
        while True:
            found = self._db.rows(
                "SELECT f.rowid, f.item_id, f.no, f.feature"
                " FROM features f JOIN items i ON i.id = f.item_id"
                " WHERE f.rowid > ? AND f.encoder = (SELECT id FROM fingerprints WHERE value = ?)"
                " AND i.modality = ? AND NOT EXISTS (SELECT 1 FROM vectors v"
                " WHERE v.item_id = f.item_id AND v.space = ? AND v.no = f.no)"
                " ORDER BY f.rowid LIMIT ?",
                (last, encoder, modality, space, _CHUNK // 4),
            )
            if not found:
                return
            rows, items, nos, features = zip(*found, strict=True)
            last = rows[-1]
            with self._db.sense():
                found_features = matrix(features)
            yield np.array(items), np.array(nos, np.int32), found_features

    def add_vectors(
        self, modality: Modality, space: str, items: Ids, nos: Ints, joint: Floats
    ) -> None:
        """Keep vectors f32 (c, d) of a joint space beside those that are there."""
        with self._db.write() as db:
            number = self._numbered(space)
            db.executemany(
                "INSERT INTO vectors (item_id, space, modality, no, joint) VALUES (?, ?, ?, ?, ?)",
                zip(
                    items.tolist(),
                    [number] * len(items),
                    [modality] * len(items),
                    nos.tolist(),
                    blobs(joint),
                    strict=True,
                ),
            )
            if self.meta("fingerprint") == space:
                self._changed()

    def lacking(self, space: str) -> int:
        """How many present items have no vector in a joint space."""
        (n,) = self._db.row(
            "SELECT COUNT(*) FROM items i WHERE i.missing = 0 AND NOT EXISTS (SELECT 1"
            " FROM vectors v WHERE v.item_id = i.id AND v.space = ? AND v.no = 0)",
            (self._fingerprint(space),),
        )
        return int(n)

    def activate(self, space: str) -> None:
        """Search a joint space from now on, and drop the vectors of all others.

        Features of other encoders go too where an item has newer ones; where it has none,
        they stay for the day their encoder is back.
        """
        if self.meta("fingerprint") == space:
            return
        with self._db.write() as db:
            db.execute("DELETE FROM vectors WHERE space != ?", (self._numbered(space),))
            db.execute(
                "DELETE FROM features WHERE rowid IN (SELECT old.rowid FROM features old"
                " JOIN features new ON new.item_id = old.item_id AND new.no = 0"
                " AND new.encoder != old.encoder AND new.rowid > old.rowid)"
            )
            self.set_meta("fingerprint", space)
            self._changed()


def blobs(rows: Floats) -> list[bytes]:
    """Rows f32 (n, m) as float16 bytes; beyond its range, its largest number."""
    top = np.finfo(np.float16).max
    return [row.tobytes() for row in np.clip(rows, -top, top).astype(np.float16)]


def matrix(blobs: Sequence[bytes]) -> Floats:
    """Float16 bytes of equal length, as :func:`blobs` makes them → f32 (n, m)."""
    if not blobs:
        return np.zeros((0, 0), np.float32)
    joined = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    return joined.reshape(len(blobs), -1)
