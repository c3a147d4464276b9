"""One SQLite file: a connection for each thread, one writer at a time, errors in words.

The journal is a write-ahead log with ``synchronous = NORMAL``: a killed process loses
nothing that was committed, a power cut at worst the last commits, never the file's
soundness; what is lost that way is found changed by the next run and done again.
"""

import contextlib
import errno
import itertools
import os
import platform
import shutil
import sqlite3
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from xmr_core.catalogue.connections import Connections
from xmr_core.catalogue.folding import fold
from xmr_core.catalogue.migrations import MIGRATIONS, migrate
from xmr_core.errors import (
    DiskFull,
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
)

_PATIENCE = 30.0  # seconds to wait for another process's transaction
_SPARE = 1 << 20  # bytes; an I/O error with less than this free is a full disk
_numbers = itertools.count()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one that has taken its place; None for none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


class Database:
    """A catalogue's file.

    Args:
        path: of the file; made if it is not there and ``create`` is set.
        create: make it, rather than raise `LibraryNotFound`.

    Attributes:
        path: of the file.
        read_only: its folder or the file cannot be written.

    Raises:
        LibraryNotFound, LibraryReadOnly, LibraryDamaged, LibraryTooNew, DiskFull
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        if not path.exists():
            if not create:
                raise LibraryNotFound(f"There is no catalogue at {path}.", "Check the name.")
            if not os.access(path.parent, os.W_OK):
                raise self._read_only_error()
        self.read_only = path.exists() and not (
            os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        )
        self._immutable = False
        self._connections = Connections(self._connect)
        self._writing = threading.RLock()
        self._marker: Path | None = None
        try:
            dead = self._mark()
            with self.guard():
                self._prepare()
                if dead:
                    self.check()
            self._identity = _identity(path)
            for mark in dead:  # not before: whoever comes next must not take it for sound
                mark.unlink(missing_ok=True)
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        try:
            db = self.connection()
            (version,) = db.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError:
            if not self.read_only:
                raise
            # A write-ahead log needs files of its own beside the catalogue, which a
            # read-only folder refuses; nobody writes there, so none are needed.
            self._immutable = True
            db = self.connection()
            (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise LibraryTooNew(
                f"{self.path} was written by a newer version of XMR "
                f"(catalogue {version}, this version knows {len(MIGRATIONS)}).",
                "Update XMR, or index the folders again into a new library.",
            )
        if version < len(MIGRATIONS):
            if self.read_only:
                raise self._read_only_error()
            migrate(db)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; to be used inside `guard`."""
        return self._connections.mine()

    def _connect(self) -> sqlite3.Connection:
        mode = ("ro&immutable=1" if self._immutable else "ro") if self.read_only else "rwc"
        name = urllib.parse.quote(os.fsencode(self.path.absolute()))
        db = sqlite3.connect(
            f"file:{name}?mode={mode}",
            uri=True,
            timeout=_PATIENCE,
            isolation_level=None,
            check_same_thread=False,  # so that close() may close all of them
        )
        if not self.read_only:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
        db.create_function("folded", 1, fold, deterministic=True)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA cache_size = -16000")  # KiB
        return db

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row of a query."""
        with self.guard():
            return self.connection().execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query, or None."""
        with self.guard():
            return self.connection().execute(sql, values).fetchone()

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing. One inside another joins it."""
        if self.read_only:
            raise self._read_only_error()
        with self._writing, self.guard():
            db = self.connection()
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; nobody closes the connection meanwhile."""
        try:
            with self._connections.held():
                yield
        except sqlite3.Error as error:
            known = self._explain(error)
            if known is None:
                raise
            raise known from error
        except UnicodeDecodeError as error:  # SQLite quotes a damaged schema in its complaint
            raise self._damaged_error("its schema cannot be read") from error

    @contextlib.contextmanager
    def sense(self) -> Iterator[None]:
        """Turn values that make no sense, as damage leaves them, into `LibraryDamaged`."""
        try:
            yield
        except (ValueError, TypeError) as error:
            raise self._damaged_error(f"a value makes no sense: {error}") from error

    def check(self) -> None:
        """Read the whole file and see that its structure is sound.

        Raises:
            LibraryDamaged: it is not.
        """
        with self.guard():
            (result,) = self.connection().execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise self._damaged_error(result)

    @property
    def lost(self) -> bool:
        """Whether its file was deleted, or another one put in its place."""
        return _identity(self.path) != self._identity

    def close(self) -> None:
        """Close the connections of all threads; those in use when what they do is done."""
        self._connections.close()
        if self._marker is not None:
            self._marker.unlink(missing_ok=True)
            self._marker = None

    def _mark(self) -> list[Path]:
        """Leave a mark that the file is open; the marks that dead processes left.

        The mark's name says which process left it; it is removed on closing. Marks of
        other machines, which may share the folder, are left alone.
        """
        if self.read_only:
            return []
        here = f"{self.path.name}.open-{platform.node()}-"
        dead = []
        for mark in self.path.parent.glob(f"{here}*"):
            pid, _, born = mark.name.removeprefix(here).partition("-")
            if not _alive(pid, born.partition("-")[0]):
                dead.append(mark)
        me = psutil.Process()
        self._marker = self.path.with_name(
            f"{here}{me.pid}-{int(me.create_time())}-{next(_numbers)}"
        )
        try:
            self._marker.touch()
        except OSError as error:
            raise self._os_error(error) from error
        return dead

    def _os_error(self, error: OSError) -> LibraryError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return self._full_error()
        return self._read_only_error()

    def _explain(self, error: sqlite3.Error) -> LibraryError | None:
        code = getattr(error, "sqlite_errorcode", None)
        match None if code is None else code & 0xFF:
            case sqlite3.SQLITE_FULL:
                return self._full_error()
            case sqlite3.SQLITE_IOERR:
                if shutil.disk_usage(self.path.parent).free < _SPARE:
                    return self._full_error()
                return self._damaged_error(str(error))
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
                return self._read_only_error()
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return self._damaged_error(str(error))
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return LibraryBusy(
                    f"{self.path} is being written by another process.",
                    "Wait for it to finish, then try again.",
                )
            case sqlite3.SQLITE_ERROR | None if isinstance(error, sqlite3.OperationalError):
                # Our statements fit our schema: a table that is not as it should be, or text
                # that is no text, is damage.
                return self._damaged_error(str(error))
        return None

    def _full_error(self) -> DiskFull:
        return DiskFull(
            f"The disk that holds {self.path.parent} is full.",
            "Free some space and start the run again; what was done so far is kept.",
        )

    def _read_only_error(self) -> LibraryReadOnly:
        return LibraryReadOnly(
            f"{self.path} cannot be written.",
            "Give yourself write permission on its folder, or copy the library elsewhere.",
        )

    def _damaged_error(self, what: str) -> LibraryDamaged:
        return LibraryDamaged(
            f"{self.path} is damaged ({what}).",
            "Put a backup in its place, salvage what can be read, "
            "or delete the library and index its folders again; your own files are untouched.",
        )


def inserted(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> int:
    """Insert one row; its number."""
    return int(db.execute(sql, values).lastrowid or 0)


def _alive(pid: str, born: str) -> bool:
    """Whether the process of that number and birth (whole seconds) still runs."""
    try:
        return bool(abs(psutil.Process(int(pid)).create_time() - int(born)) < 2)
    except (ValueError, psutil.NoSuchProcess):
        return False
    except psutil.AccessDenied:
        return True
