"""A connection for each thread, closed together, but never under somebody's hands.

SQLite allows a connection to be closed by any thread; closing one that another thread is reading
from ends the process (https://www.sqlite.org/threadsafe.html, and ``sqlite3_close``). So that a
server may close a library whose last answers are still being read, those in use are closed by
their own threads when what they do is done.
"""

import contextlib
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator


class _Use:
    """A thread's connection, and how many of its calls are under way; goes with its thread."""

    def __init__(self) -> None:
        self.db: sqlite3.Connection | None = None
        self.depth = 0
        self.thread = threading.get_ident()

    def close(self) -> None:
        if self.db is not None:
            with contextlib.suppress(sqlite3.Error):
                self.db.close()

    __del__ = close


class Connections:
    """The connections of all threads to one file.

    Args:
        connect: opens one; called in the thread that is to use it.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._uses: weakref.WeakSet[_Use] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False

    def __len__(self) -> int:
        """How many threads have one."""
        return len(self._uses)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """While inside, no other thread closes this thread's connection."""
        with self._lock:
            use = self._mine()
            use.depth += 1
        try:
            yield
        finally:
            with self._lock:
                use.depth -= 1
                if self._closed and not use.depth:
                    use.close()

    def mine(self) -> sqlite3.Connection:
        """This thread's connection; to be used inside `held`.

        Raises:
            sqlite3.ProgrammingError: they have been closed.
        """
        if self._closed:
            raise sqlite3.ProgrammingError("the catalogue has been closed")
        use = self._mine()
        if use.db is None:
            use.db = self._connect()
        return use.db

    def close(self) -> None:
        """Close those of this thread and of idle ones now, the others when they become idle."""
        with self._lock:
            self._closed = True
            for use in list(self._uses):
                if not use.depth or use.thread == threading.get_ident():
                    use.close()

    def _mine(self) -> _Use:
        use: _Use | None = getattr(self._local, "use", None)
        if use is None:
            use = self._local.use = _Use()
            self._uses.add(use)
        return use
