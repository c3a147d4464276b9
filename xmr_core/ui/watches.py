"""The libraries whose folders are watched while this server runs, each by a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from xmr_core.errors import LibraryBusy, XMRError
from xmr_core.indexing import Control, Progress
from xmr_core.library import Library
from xmr_core.ui.jobs import JobBoard
from xmr_core.ui.shelf import Shelf
from xmr_core.watching import Noticed

_log = logging.getLogger(__name__)

WHAT = "Looking at what changed"
_PATIENCE = 15.0  # seconds that a watch gets to end, which takes one unless a share hangs


@dataclass(eq=False)
class _Watch:
    library: Library
    stop: threading.Event = field(default_factory=threading.Event)
    latest: Noticed | None = None
    thread: threading.Thread | None = None


class Watches:
    """Starts, stops and tells of watches; what they notice becomes index runs on the board.

    Args:
        shelf, jobs: of this server.
    """

    def __init__(self, shelf: Shelf, jobs: JobBoard) -> None:
        self._shelf, self._jobs = shelf, jobs
        self._watches: dict[str, _Watch] = {}
        self._lock = threading.Lock()
        self._beginning: threading.Thread | None = None
        self._closed = threading.Event()

    def begin(self) -> None:
        """Watch every library that is to be watched; returns at once."""

        def look() -> None:
            for name in self._shelf.names():
                if self._closed.is_set():
                    return
                try:
                    self.follow(name)
                except XMRError:  # one that cannot be opened tells why on its own sheet
                    continue

        self._beginning = threading.Thread(target=look, name="xmr-watches", daemon=True)
        self._beginning.start()

    def follow(self, name: str) -> None:
        """Watch a library, or cease to, as it says.

        Raises:
            LibraryNotFound and other library errors: it cannot be opened.
        """
        library = self._shelf.get(name)
        with self._lock:
            self._end(name)
            if library.watched:
                watch = self._watches[name] = _Watch(library)
                watch.thread = threading.Thread(
                    target=self._keep, args=(watch,), name=f"xmr-watch-{name}", daemon=True
                )
                watch.thread.start()

    def cease(self, name: str) -> None:
        """Leave a library alone, because it goes or gets another name."""
        with self._lock:
            self._end(name)

    def latest(self, name: str) -> Noticed | None:
        """What a watch noticed last; None where there is none, or nothing yet."""
        watch = self._watches.get(name)
        return watch.latest if watch else None

    def close(self, timeout: float = _PATIENCE) -> None:
        """End all watches, and wait until none of them asks its library any more.

        A catalogue must not be closed while another thread reads it.
        """
        self._closed.set()
        if self._beginning is not None:
            self._beginning.join(timeout)
        with self._lock:
            for watch in self._watches.values():
                watch.stop.set()
            for name in list(self._watches):
                self._end(name, timeout)

    def _end(self, name: str, timeout: float = _PATIENCE) -> None:
        """End a watch, and wait until it asks its library no more."""
        if watch := self._watches.pop(name, None):
            watch.stop.set()
            if watch.thread is not None:
                watch.thread.join(timeout)

    def _keep(self, watch: _Watch) -> None:
        library = watch.library
        watcher = library.watcher(watch.stop)
        try:
            for noticed in watcher:
                watch.latest = noticed
                if noticed.folders:
                    try:
                        self._jobs.start(library.name, WHAT, _index(library, noticed))
                    except LibraryBusy:
                        watcher.again(noticed.folders)
        except XMRError:  # it was deleted, or given another name: nothing to watch any more
            return
        except Exception:
            _log.exception("watching %r stopped", library.name)


def _index(library: Library, noticed: Noticed) -> Callable[[Control], Iterator[Progress]]:
    return lambda control: library.index(*noticed.folders, control=control)
