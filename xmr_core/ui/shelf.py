"""The libraries that this server has open: each once, shared by all tabs."""

import threading
from pathlib import Path

from xmr_core.errors import LibraryError, LibraryNotFound
from xmr_core.library import Library


class Shelf:
    """Opens libraries on first use and keeps them.

    Args:
        home: the folder of libraries; the user's own where None.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = home
        self._open: dict[str, Library] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Every library there is, open or not."""
        return Library.names(home=self.home)

    def get(self, name: str) -> Library:
        """One library; raises LibraryNotFound and the other library errors."""
        with self._lock:
            if name in self._open and (catalogue := self._open[name].catalogue).lost:
                # another process deleted it, and may have made one of the same name
                del self._open[name]
                catalogue.close()
            if name not in self._open:
                self._open[name] = Library.open(name, home=self.home)
            return self._open[name]

    def opened(self) -> list[Library]:
        """The libraries that are open."""
        with self._lock:
            return list(self._open.values())

    def create(self, name: str, profile: str) -> Library:
        """A new, empty library."""
        library = Library.create(name, profile=profile, home=self.home)
        with self._lock:
            self._open[library.name] = library
        return library

    def rename(self, name: str, new: str) -> Library:
        """Give a library another name."""
        library = self.get(name)
        library.rename(new)
        with self._lock:
            self._open.pop(name, None)
            self._open[library.name] = library
        return library

    def delete(self, name: str) -> None:
        """Remove a library: its catalogue, vectors and thumbnails, never the user's files.

        One that cannot be opened, being damaged or too new, goes too.
        """
        try:
            library = self.get(name)
        except LibraryNotFound:
            raise
        except LibraryError:
            Library.discard(name, home=self.home)
        else:
            library.delete()
        with self._lock:
            self._open.pop(name, None)

    def salvage(self, name: str) -> Library:
        """Put what can be read of a damaged library in its place, and open it."""
        with self._lock:
            if damaged := self._open.pop(name, None):
                damaged.close()
        Library.salvage(name, home=self.home)
        return self.get(name)

    def close(self) -> None:
        """Let go of every library."""
        with self._lock:
            for library in self._open.values():
                library.close()
            self._open.clear()
