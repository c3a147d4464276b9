"""The truth about a library: its folders, items, parts, vectors, failures, runs, searches.

Vectors are kept as float16. An item has one pooled vector (part number 0) and one for each
coarse part, in the encoder's own space (features) and in the joint space (vectors). Only
vectors of the *active* joint space, named by the ``fingerprint`` in ``meta``, are searched;
those of the next space may lie beside them while a library changes its profile.
Items whose files are gone stay, since files come back, but are not searched.
"""

import contextlib
from collections.abc import Iterator
from typing import Self

from xmr_core.catalogue.concepts import Concepts
from xmr_core.catalogue.keeping import Collection
from xmr_core.catalogue.links import Link, Links, Place
from xmr_core.catalogue.records import (
    Failure,
    Known,
    KnownFailure,
    Line,
    Print,
    Record,
    Root,
    Run,
    Search,
    title_of,
)
from xmr_core.catalogue.said import Said
from xmr_core.catalogue.salvage import salvage
from xmr_core.catalogue.words import Words

__all__ = [
    "Catalogue",
    "Collection",
    "Failure",
    "Known",
    "KnownFailure",
    "Line",
    "Link",
    "Place",
    "Print",
    "Record",
    "Root",
    "Run",
    "Said",
    "Search",
    "salvage",
    "title_of",
]


class Catalogue(Concepts, Links, Words):
    """The catalogue of one library; every method may be called from any thread.

    Args:
        path: of its file.
        create: make it if it is not there.

    Raises:
        LibraryNotFound, LibraryReadOnly, LibraryDamaged, LibraryTooNew, DiskFull: on opening;
            every other method may raise the last three and `LibraryBusy` as well.
    """

    @property
    def read_only(self) -> bool:
        """Its folder cannot be written."""
        return self._db.read_only

    @property
    def lost(self) -> bool:
        """Its file was deleted, or another one put in its place."""
        return self._db.lost

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
