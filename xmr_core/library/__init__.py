"""A library: folders of media, indexed under a name, searched by any medium."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from xmr_core import indexing
from xmr_core.catalogue import Catalogue, salvage
from xmr_core.errors import LibraryExists
from xmr_core.library import places
from xmr_core.library.duplicates import Duplicates
from xmr_core.library.feedback import Refining
from xmr_core.library.moments import Moments
from xmr_core.library.queries import What, make_query
from xmr_core.library.topics import Topics
from xmr_core.library.translation import Translations
from xmr_core.library.watching import Watching
from xmr_core.library.words import Words
from xmr_core.profiles import describe_profile
from xmr_core.query import Query
from xmr_core.results import Results, fuse
from xmr_core.space import JointSpace
from xmr_core.stores import FAISS

__all__ = ["Library", "What", "make_query", "search_libraries"]


class Library(Watching, Translations, Moments, Duplicates, Refining, Topics, Words):
    """One folder under ``indexes/``: a catalogue, its index files and its thumbnails.

    Open one with :meth:`open` or :meth:`create`; close it, or use it in a ``with`` block.

    >>> Library.check_name("My photos")
    'My photos'
    """

    @staticmethod
    def check_name(name: str) -> str:
        """The name, if it can be a folder's on any system.

        Raises:
            LibraryError: it cannot.
        """
        return places.checked(name)

    @classmethod
    def create(
        cls,
        name: str,
        profile: str = "embedded",
        home: Path | None = None,
        space: JointSpace | None = None,
    ) -> Self:
        """Make an empty library.

        Args:
            name: its folder's name.
            profile: see :data:`xmr_core.profiles.PROFILES`.
            home: the folder of libraries; the default one if None.
            space: use this joint space instead of loading the profile.

        Raises:
            LibraryExists: there is one of that name.
            UnknownProfile: there is no such profile.
            LibraryReadOnly, DiskFull: it cannot be written.
        """
        path = places.place(name, home)
        if (path / places.CATALOGUE).exists():
            raise LibraryExists(f"There is a library '{name}' already.", "Choose another name.")
        if space is None:
            describe_profile(profile)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise indexing.os_error(error, path) from error
        library = cls(path, space)
        library.catalogue.set_meta("profile", profile)
        return library

    @classmethod
    def open(cls, name: str, home: Path | None = None, space: JointSpace | None = None) -> Self:
        """Open a library that exists.

        Raises:
            LibraryNotFound: there is none of that name.
        """
        return cls(places.existing(name, home), space)

    @staticmethod
    def names(home: Path | None = None) -> list[str]:
        """The names of all libraries, sorted."""
        return places.names(home)

    def size_on_disk(self) -> int:
        """Bytes that the library takes, the user's own files not counted."""
        total = 0
        for file in self.path.rglob("*"):
            with suppress(OSError):  # files of a run in progress come and go
                total += file.stat().st_size
        return total

    def rename(self, name: str) -> None:
        """Give the library another name.

        Raises:
            LibraryExists: the name is taken.
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be renamed.
        """
        target = places.place(name, self.path.parent)
        if target.exists():
            raise LibraryExists(f"There is a library '{name}' already.", "Choose another name.")
        indexing.check_idle(self.catalogue)
        self._let_go()
        self.catalogue.close()
        try:
            self.path.rename(target)
            self.path, self.name = target, target.name
        except OSError as error:
            raise indexing.os_error(error, self.path) from error
        finally:
            self.catalogue = Catalogue(self.path / places.CATALOGUE)

    def delete(self) -> None:
        """Delete the library; the user's own files are not touched.

        Raises:
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be written.
        """
        indexing.check_idle(self.catalogue)
        if self.store != FAISS:  # its own files go with the folder
            self._forget_vectors()
        self.catalogue.close()
        self.discard(self.name, self.path.parent)

    @classmethod
    def discard(cls, name: str, home: Path | None = None) -> None:
        """Delete a library that cannot be opened, being damaged or too new.

        What lies in its folder and is not the library's stays, and the folder with it.

        Raises:
            LibraryNotFound: there is none of that name.
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be written.
        """
        path = places.existing(name, home)
        with indexing.held(path):
            pass
        places.erase(path)

    @classmethod
    def salvage(cls, name: str, home: Path | None = None) -> dict[str, int]:
        """Save what can be read of a damaged catalogue; see :func:`xmr_core.catalogue.salvage`.

        Args:
            name: of a library that nobody has open.
            home: the folder of libraries; the default one if None.

        Returns:
            rows kept, by table; the next run encodes what was lost.
        """
        path = places.existing(name, home)
        with indexing.held(path):
            return salvage(path / places.CATALOGUE)


def search_libraries(libraries: Sequence[Library], query: Query) -> Results:
    """The same query on several libraries, as one list fused by standard score."""
    wide = replace(query, k=query.offset + query.k, offset=0)
    return fuse([library.answer(wide) for library in libraries], query.k, query.offset)
