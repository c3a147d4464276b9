"""What all sides of the catalogue share: its file, and values kept under keys."""

import itertools
from pathlib import Path

from xmr_core.catalogue.database import Database

_opened = itertools.count(1)


class Store:
    """A catalogue's file, its small values, and the joint space it is in.

    Attributes:
        path: of its file.
        identity: a number that no other catalogue had that this process opened. What is kept of
            a library in memory is kept under it: another one may later have the same name, and
            as many changes behind it.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self.identity = next(_opened)
        self._db = Database(path, create=create)

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
        with self._db.sense():
            return int(self.meta("generation") or 0)

    def _changed(self) -> None:
        self.set_meta("generation", str(self.generation + 1))

    def _active(self) -> int:
        """The number of the joint space that is searched."""
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
