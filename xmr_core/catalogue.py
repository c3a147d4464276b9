"""The truth about a library: its folders, items, parts, vectors, failures, runs, searches.

Vectors are kept as float16. An item has one pooled vector (part number 0) and one for each
coarse part, in the encoder's own space (features) and in the joint space (vectors). Only
vectors of the *active* joint space, named by the ``fingerprint`` in ``meta``, are searched;
those of the next space may lie beside them while a library changes its profile.
Items whose files are gone stay, since files come back, but are not searched.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from xmr_core.database import Database, inserted
from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.media import Floats, Ints, Item, Modality, Part
from xmr_core.selection import below, where

Ids = npt.NDArray[np.int64]

_CHUNK = 4096  # rows of vectors read at a time
_HISTORY = 500  # searches remembered
_ITEM = (
    "i.id, r.path, i.path, i.modality, i.size, i.mtime_ns, i.hash, i.title, i.facts"
    " FROM items i JOIN roots r ON r.id = i.root_id"
)


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that a library holds."""

    id: int
    path: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that could not be indexed.

    Attributes:
        id: to retry it by.
        root, path: where: the registered folder, and below it with ``/``.
        kind: the name of the error's class, such as ``DamagedMedia``.
        modality: where it is known.
        reason: what happened, for people.
        hint: what to do about it.
        when: seconds since 1970.
    """

    id: int
    root: Path
    path: str
    kind: str
    modality: Modality | None
    reason: str
    hint: str
    when: float

    @property
    def file(self) -> Path:
        """The absolute path."""
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Search:
    """A remembered or saved search; ``query`` is plain data of the caller's own form."""

    id: int
    name: str | None
    query: dict[str, Any]
    when: float


@dataclass(frozen=True, slots=True)
class Run:
    """One index run: its state is running, done, cancelled or failed."""

    id: int
    pid: int
    started: float
    finished: float | None
    state: str
    progress: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What a run needs to know of an item to tell whether its file changed.

    Attributes:
        current: it has a vector in the joint space asked about.
    """

    id: int
    size: int
    mtime_ns: int
    hash: str
    modality: str
    missing: bool
    current: bool


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """What a run needs to know of a failure to tell whether to try again."""

    id: int
    size: int
    mtime_ns: int
    kind: str
    modality: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One encoded file, ready to be kept.

    Attributes:
        root_id, path: where; the path relative to the root, with ``/``.
        encoder, space: fingerprints.
        features: f32 (1 + p, m), the whole first.
        joint: f32 (1 + p, d).
        parts: p of them, numbered from 1.
    """

    root_id: int
    path: str
    modality: Modality
    size: int
    mtime_ns: int
    hash: str
    encoder: str
    space: str
    features: Floats
    joint: Floats
    parts: Sequence[Part] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


def title_of(path: str) -> str:
    """A file's name as text, whatever bytes it is made of.

    >>> title_of("birds/blue tit.jpg")
    'blue tit.jpg'
    """
    name = path.rpartition("/")[2]
    return os.fsencode(name).decode("utf-8", "replace")


class Catalogue:
    """The catalogue of one library; every method may be called from any thread.

    Args:
        path: of its file.
        create: make it if it is not there.

    Raises:
        LibraryNotFound, LibraryReadOnly, LibraryDamaged, LibraryTooNew, DiskFull: on opening;
            every other method may raise the last three and `LibraryBusy` as well.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._db = Database(path, create=create)
        self._counts: tuple[int, dict[Modality, int]] = (-1, {})

    @property
    def read_only(self) -> bool:
        """Its folder cannot be written."""
        return self._db.read_only

    def close(self) -> None:
        """Close it in all threads."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(self) -> None:
        """Read the whole file and see that it is sound; raises `LibraryDamaged`."""
        self._db.check()

    def tidy(self) -> None:
        """Fold the write-ahead log into the file and refresh the query planner's numbers."""
        with self._db.guard():
            self._db.connection().execute("PRAGMA optimize")
            self._db.connection().execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything changed inside is kept together, or not at all."""
        with self._db.write():
            yield

    # -- meta

    def meta(self, key: str) -> str | None:
        """A value kept under a key: ``profile``, ``fingerprint`` …"""
        row = self._db.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        with self._db.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Grows with every committed change of what can be found."""
        return int(self.meta("generation") or 0)

    def _changed(self) -> None:
        self.set_meta("generation", str(self.generation + 1))

    # -- roots

    def roots(self) -> list[Root]:
        """The registered folders, in the order they came."""
        rows = self._db.rows("SELECT id, path FROM roots ORDER BY id")
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

    # -- items and parts

    def item(self, id: int) -> Item | None:
        """One item, or None."""
        return next(iter(self.items([id])), None)

    def items(self, ids: Sequence[int]) -> list[Item]:
        """Items in the order of their ids given; those that are not there are left out."""
        rows = self._db.rows(
            f"SELECT {_ITEM} WHERE i.id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps([int(i) for i in ids]),),
        )
        found = {row[0]: _item(row) for row in rows}
        return [found[i] for i in ids if i in found]

    def find(self, filters: Filters, offset: int = 0, limit: int = 100) -> list[Item]:
        """A page of items, in the order of their paths."""
        condition, values = where(filters, self.roots())
        rows = self._db.rows(
            f"SELECT {_ITEM} WHERE {condition} ORDER BY i.root_id, i.path LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
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
            self._counts = (generation, {Modality(m): n for m, n in rows})
        return dict(self._counts[1])

    def part(self, item_id: int, no: int) -> Part | None:
        """One part of an item, or None."""
        row = self._db.row(
            "SELECT no, label, low, high, text FROM parts WHERE item_id = ? AND no = ?",
            (int(item_id), int(no)),
        )
        return None if row is None else _part(row)

    def parts(self, item_id: int) -> list[Part]:
        """All parts of an item, in order."""
        rows = self._db.rows(
            "SELECT no, label, low, high, text FROM parts WHERE item_id = ? ORDER BY no",
            (int(item_id),),
        )
        return [_part(row) for row in rows]

    # -- vectors

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
                yield np.array(rows), np.array(items), np.array(nos, np.int32), _matrix(joint)

    def rows(self, modality: Modality) -> Ids:
        """The rows i64 (n,), ascending, of the active space's vectors of present items."""
        found = self._db.rows(
            "SELECT v.row FROM vectors v INDEXED BY vectors_by_modality"
            " JOIN items i ON i.id = v.item_id"
            " WHERE v.space = ? AND v.modality = ? AND i.missing = 0 ORDER BY v.row",
            (self._active(), modality),
        )
        return np.fromiter((row for (row,) in found), np.int64, len(found))

    def sample(self, modality: Modality, n: int) -> tuple[Ids, Floats]:
        """Up to n pooled vectors, evenly spread over the present items.

        Returns:
            item ids i64 (c,), joint f32 (c, d); (0, 0) where there are none.
        """
        ids = self._db.rows(
            "SELECT v.row FROM vectors v INDEXED BY vectors_by_modality"
            " JOIN items i ON i.id = v.item_id"
            " WHERE v.space = ? AND v.modality = ? AND v.no = 0 AND i.missing = 0 ORDER BY v.row",
            (self._active(), modality),
        )
        if not ids or n < 1:
            return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
        chosen = np.unique(np.linspace(0, len(ids) - 1, min(n, len(ids))).round().astype(int))
        found = self._db.rows(
            "SELECT item_id, joint FROM vectors WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps([ids[i][0] for i in chosen]),),
        )
        return np.array([i for i, _ in found]), _matrix([joint for _, joint in found])

    def item_vectors(self, item_id: int) -> tuple[Ids, Floats]:
        """An item's vectors in the active space.

        Returns:
            part numbers i64 (1 + p,), ascending, joint f32 (1 + p, d); (0, 0) if it has none.
        """
        found = self._db.rows(
            "SELECT no, joint FROM vectors WHERE item_id = ? AND space = ? ORDER BY no",
            (int(item_id), self._active()),
        )
        return np.array([no for no, _ in found], np.int64), _matrix([joint for _, joint in found])

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
            yield np.array(items), np.array(nos, np.int32), _matrix(features)

    # -- the joint space

    def _active(self) -> int:
        fingerprint = self.meta("fingerprint")
        return -1 if fingerprint is None else self._fingerprint(fingerprint)

    def _fingerprint(self, value: str) -> int:
        """The number that stands for a fingerprint; −1 for one never written."""
        row = self._db.row("SELECT id FROM fingerprints WHERE value = ?", (value,))
        return -1 if row is None else int(row[0])

    def _numbered(self, value: str) -> int:
        """The number that stands for a fingerprint, given to it now if need be."""
        with self._db.write() as db:
            db.execute("INSERT OR IGNORE INTO fingerprints (value) VALUES (?)", (value,))
        return self._fingerprint(value)

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
                    _blobs(joint),
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

    # -- what a run writes

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

    def with_hash(self, hash: str, space: str) -> list[tuple[int, str, bool]]:
        """(id, path, missing) of the items that have a content hash and a vector in a joint
        space, missing ones first."""
        rows = self._db.rows(
            "SELECT i.id, i.path, i.missing FROM items i WHERE i.hash = ? AND EXISTS (SELECT 1"
            " FROM vectors v WHERE v.item_id = i.id AND v.space = ? AND v.no = 0)"
            " ORDER BY i.missing DESC, i.id",
            (hash, self._fingerprint(space)),
        )
        return [(id, os.fsdecode(path), bool(missing)) for id, path, missing in rows]

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
                db.execute("DELETE FROM parts WHERE item_id = ?", (id,))
            db.execute(
                "DELETE FROM failures WHERE root_id = ? AND path = ?", (record.root_id, path)
            )
            db.executemany(
                "INSERT INTO parts (item_id, no, label, low, high, text) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (id, p.no, p.label, _corner(p.low), _corner(p.high), p.text)
                    for p in record.parts
                ],
            )
            encoder = self._numbered(record.encoder)
            db.execute("DELETE FROM features WHERE item_id = ? AND encoder = ?", (id, encoder))
            db.executemany(
                "INSERT INTO features (item_id, encoder, no, feature) VALUES (?, ?, ?, ?)",
                [(id, encoder, no, blob) for no, blob in enumerate(_blobs(record.features))],
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
            for table, columns in (
                ("parts", "no, label, low, high, text"),
                ("features", "encoder, no, feature"),
                ("vectors", "space, modality, no, joint"),
            ):
                db.execute(
                    f"INSERT INTO {table} (item_id, {columns})"  # noqa: S608
                    f" SELECT ?, {columns} FROM {table} WHERE item_id = ? ORDER BY no",
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

    # -- failures

    def failures(self) -> list[Failure]:
        """What could not be indexed, newest first."""
        rows = self._db.rows(
            "SELECT f.id, r.path, f.path, f.kind, f.modality, f.reason, f.hint, f.at"
            " FROM failures f JOIN roots r ON r.id = f.root_id ORDER BY f.at DESC, f.id DESC"
        )
        return [
            Failure(
                id,
                Path(os.fsdecode(root)),
                os.fsdecode(path),
                kind,
                Modality(modality) if modality else None,
                reason,
                hint,
                when,
            )
            for id, root, path, kind, modality, reason, hint, when in rows
        ]

    def add_failure(
        self,
        root_id: int,
        path: str,
        kind: str,
        reason: str,
        hint: str = "",
        *,
        modality: Modality | None = None,
        size: int = -1,
        mtime_ns: int = -1,
    ) -> None:
        """Keep what went wrong with a file or folder.

        An item that was known at that path, with another content, is no longer found.
        """
        where_ = (root_id, os.fsencode(path))
        with self._db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO failures"
                " (root_id, path, kind, modality, size, mtime_ns, reason, hint, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*where_, kind, modality or "", size, mtime_ns, reason, hint, time.time()),
            )
            stale = db.execute(
                "SELECT id FROM items WHERE root_id = ? AND path = ? AND missing = 0"
                " AND (size != ? OR mtime_ns != ?)",
                (*where_, size, mtime_ns),
            ).fetchall()
            self.set_missing([id for (id,) in stale], True)

    def retry(self, ids: Sequence[int] | None = None) -> None:
        """Let the next run try failed files again, all of them if no ids are given."""
        with self._db.write() as db:
            db.execute(
                "UPDATE failures SET size = -1, mtime_ns = -1"
                " WHERE ? IS NULL OR id IN (SELECT value FROM json_each(?))",
                (None if ids is None else 1, json.dumps([int(i) for i in ids or ()])),
            )

    def forget_failures(self, ids: Iterable[int]) -> None:
        """Drop failures whose files are gone or work now."""
        values = [(int(id),) for id in ids]
        if values:
            with self._db.write() as db:
                db.executemany("DELETE FROM failures WHERE id = ?", values)

    # -- runs

    def start_run(self) -> int:
        """Note that a run of this process has begun; runs left by dead processes end here."""
        with self._db.write() as db:
            db.execute("UPDATE runs SET state = 'failed' WHERE state = 'running'")
            id = inserted(
                db,
                "INSERT INTO runs (pid, started, state, progress) VALUES (?, ?, 'running', '{}')",
                (os.getpid(), time.time()),
            )
        return id

    def save_run(self, id: int, progress: Mapping[str, Any], state: str = "running") -> None:
        """Note how far a run is, and its end if ``state`` says so."""
        with self._db.write() as db:
            db.execute(
                "UPDATE runs SET progress = ?, state = ?, finished = ? WHERE id = ?",
                (json.dumps(progress), state, None if state == "running" else time.time(), id),
            )

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest runs, newest first."""
        rows = self._db.rows(
            "SELECT id, pid, started, finished, state, progress FROM runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [
            Run(id, pid, started, finished, state, json.loads(progress))
            for id, pid, started, finished, state, progress in rows
        ]

    # -- searches

    def remember(self, query: Mapping[str, Any]) -> None:
        """Add a search to the history; the same one again only moves to the front."""
        text = json.dumps(query, sort_keys=True)
        with self._db.write() as db:
            db.execute("DELETE FROM searches WHERE name IS NULL AND query = ?", (text,))
            db.execute("INSERT INTO searches (at, query) VALUES (?, ?)", (time.time(), text))
            db.execute(
                "DELETE FROM searches WHERE name IS NULL AND id NOT IN (SELECT id FROM searches"
                " WHERE name IS NULL ORDER BY id DESC LIMIT ?)",
                (_HISTORY,),
            )

    def history(self, limit: int = 50) -> list[Search]:
        """The latest searches, newest first."""
        return self._searches("name IS NULL", limit)

    def save_search(self, name: str, query: Mapping[str, Any]) -> int:
        """Keep a search under a name; its id."""
        with self._db.write() as db:
            id = inserted(
                db,
                "INSERT INTO searches (at, name, query) VALUES (?, ?, ?)",
                (time.time(), name, json.dumps(query, sort_keys=True)),
            )
        return id

    def saved_searches(self) -> list[Search]:
        """The searches kept under names, newest first."""
        return self._searches("name IS NOT NULL", -1)

    def forget_search(self, id: int) -> None:
        """Drop a kept search or an entry of the history."""
        with self._db.write() as db:
            db.execute("DELETE FROM searches WHERE id = ?", (id,))

    def _searches(self, condition: str, limit: int) -> list[Search]:
        rows = self._db.rows(
            f"SELECT id, name, query, at FROM searches WHERE {condition}"  # noqa: S608
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [Search(id, name, json.loads(query), when) for id, name, query, when in rows]


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
    return Part(no, label, _axes(low), _axes(high), text)


def _corner(axes: Sequence[float]) -> bytes:
    return np.array(axes, np.float32).tobytes()


def _axes(blob: bytes) -> tuple[float, ...]:
    return tuple(np.frombuffer(blob, np.float32).tolist())


def _blobs(rows: Floats) -> list[bytes]:
    """Rows f32 (n, m) as float16 bytes; beyond its range, its largest number."""
    top = np.finfo(np.float16).max
    return [row.tobytes() for row in np.clip(rows, -top, top).astype(np.float16)]


def _matrix(blobs: Sequence[bytes]) -> Floats:
    """Float16 bytes of equal length → f32 (n, m)."""
    if not blobs:
        return np.zeros((0, 0), np.float32)
    joined = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    return joined.reshape(len(blobs), -1)
