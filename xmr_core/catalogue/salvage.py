"""Saving what can be read of a damaged catalogue."""

import contextlib
import os
import shutil
import sqlite3
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xmr_core.catalogue.database import Database
from xmr_core.errors import LibraryDamaged
from xmr_core.media import Modality

# In the order of their references; passages, writings and names are written again by triggers.
_TABLES = (
    "meta",
    "roots",
    "items",
    "parts",
    "fingerprints",
    "features",
    "vectors",
    "failures",
    "runs",
    "searches",
    "lines",
    "looked",
    "prints",
    "links",
    "concepts",
    "collections",
    "collected",
)
_FARTHEST = 1 << 32  # rows to leap over before the rest of a table is given up


def salvage(path: Path) -> dict[str, int]:
    """Put a new catalogue, with every row that can still be read, in a damaged one's place.

    The damaged file stays beside it, its name ending in ``.damaged``. Items that lost some
    of their vectors are encoded again by the next run.

    Args:
        path: of the catalogue, which nobody has open.

    Returns:
        rows kept, by table.

    Raises:
        LibraryDamaged: nothing can be read.
        DiskFull, LibraryReadOnly: the new one cannot be written.
    """
    fresh = path.with_name(f"{path.name}.salvaged")
    _remove(fresh)
    name = urllib.parse.quote(os.fsencode(path.absolute()))
    old = sqlite3.connect(f"file:{name}?mode=ro", uri=True)
    try:
        kept = _copy(old, fresh)
    finally:
        old.close()
    if not kept["roots"]:
        _remove(fresh)
        raise LibraryDamaged(
            f"Nothing of {path} can be read.",
            "Delete the library and index its folders again; your own files are untouched.",
        )
    _keep_beside(path)
    for end in ("-wal", "-shm"):  # the log belongs to the old file alone
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{end}").replace(f"{path}{end}.damaged")
    fresh.replace(path)
    return kept


def _keep_beside(path: Path) -> None:
    """Another name for the damaged file, so that there is a catalogue at every moment."""
    beside = Path(f"{path}.damaged")
    beside.unlink(missing_ok=True)
    try:
        beside.hardlink_to(path)
    except OSError:  # not on this kind of disk
        shutil.copyfile(path, beside)


def _copy(old: sqlite3.Connection, fresh: Path) -> dict[str, int]:
    new = Database(fresh)
    kept = dict.fromkeys(_TABLES, 0)
    try:
        with new.write() as db:
            for table in _TABLES:
                columns = _shared_columns(old, db, table)
                marks = ", ".join("?" * len(columns))
                insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
                for row in _readable(old, table, columns) if columns else ():
                    with contextlib.suppress(sqlite3.IntegrityError):  # what it refers to is lost
                        db.execute(insert, row)
                        kept[table] += 1
            _drop_nonsense(db)
            # An item is whole when a space has as many vectors of it as it has parts, and one.
            db.execute(
                "DELETE FROM vectors WHERE (item_id, space) IN (SELECT item_id, space"
                " FROM vectors v GROUP BY item_id, space HAVING COUNT(*) !="
                " 1 + (SELECT COUNT(*) FROM parts p WHERE p.item_id = v.item_id))"
            )
            _start_anew(db)
    finally:
        new.close()
    return kept


def _drop_nonsense(db: sqlite3.Connection) -> None:
    """Rows that can be read, but hold what was never written."""
    media = ", ".join(f"'{modality}'" for modality in Modality)
    for table, sane in (
        ("items", f"modality IN ({media}) AND json_valid(facts) AND typeof(path) = 'blob'"),
        ("items", "typeof(size) = 'integer' AND typeof(mtime_ns) = 'integer'"),
        ("failures", f"modality IN ('', {media}) AND typeof(path) = 'blob'"),
        ("parts", "length(low) % 4 = 0 AND length(high) % 4 = 0"),
        ("runs", "json_valid(progress)"),
        ("searches", "json_valid(query)"),
        ("lines", "length(low) % 4 = 0 AND length(high) % 4 = 0 AND typeof(text) = 'text'"),
        ("prints", "typeof(print) = 'blob'"),
        ("links", "typeof(weight) = 'real'"),
        ("concepts", "json_valid(query)"),
    ):
        db.execute(f"DELETE FROM {table} WHERE NOT ({sane})")  # noqa: S608
    for table, of, column in (("vectors", "space", "joint"), ("features", "encoder", "feature")):
        lengths = db.execute(
            f"SELECT {of}, length({column}), COUNT(*) FROM {table} GROUP BY 1, 2 ORDER BY 3"  # noqa: S608
        ).fetchall()
        usual = {group: length for group, length, _ in lengths}  # the commonest comes last
        for group, length in usual.items():
            db.execute(
                f"DELETE FROM {table} WHERE {of} = ? AND length({column}) IS NOT ?",  # noqa: S608
                (group, length),
            )


def _start_anew(db: sqlite3.Connection) -> None:
    """Leave no index file that was made from the damaged catalogue in force."""
    row = db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    former = int(row[0]) if row and str(row[0]).isdigit() else 0
    # Where the number is lost, seconds since 1970 are beyond any that was counted up to.
    value = former + 1 if former else int(time.time())
    db.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (str(value),))


def _shared_columns(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> list[str]:
    """The columns that both have, the key first among rows that have one."""
    there = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    try:
        here = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    except sqlite3.Error:
        return []
    return [column for column in there if column in here]


def _readable(old: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[Any]:
    """The rows of a table, leaping over those that cannot be read."""
    names = ", ".join(columns)
    if table == "meta":  # has no row numbers to go on from
        with contextlib.suppress(sqlite3.Error):
            yield from old.execute(f"SELECT {names} FROM {table}")  # noqa: S608
        return
    last, leap = -1, 1
    while leap < _FARTHEST:
        query = f"SELECT rowid, {names} FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608
        try:
            for rowid, *row in old.execute(query, (last,)):
                last, leap = rowid, 1
                yield row
            return
        except sqlite3.Error:
            last += leap
            leap *= 2


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
