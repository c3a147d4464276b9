"""Watching the folders of a library, off unless asked for."""

import threading

from xmr_core.library.folders import Folders
from xmr_core.watching import Watcher


class Watching(Folders):
    """Whether the library's folders are watched, and what notices changes in them."""

    @property
    def watched(self) -> bool:
        """Whether an application that serves the library is to watch its folders."""
        return self.catalogue.meta("watch") == "1"

    def set_watched(self, on: bool) -> None:
        """Have its folders watched by applications that serve it, or not.

        Raises:
            LibraryReadOnly: it cannot be written.
        """
        self.catalogue.set_meta("watch", "1" if on else "0")

    def watcher(self, stop: threading.Event) -> Watcher:
        """Gives the folders that are worth an index run, all of them first; see :meth:`index`.

        Args:
            stop: ends it.
        """
        return Watcher(lambda: [root.path for root in self.roots()], stop)
