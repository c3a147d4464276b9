"""When what changed has come to rest, so that it is worth a look."""

import time
from collections.abc import Callable
from pathlib import Path

_QUIET = 3.0  # seconds without a change after which files count as written
_LONGEST = 60.0  # seconds that changes wait at most while more of them come
_REST = 600.0  # seconds between two looks at most, where changes never cease
_FOLDERS = 100  # that are told one by one; beyond, those that hold them


class Settling:
    """Folders with changes, gathered until nothing has changed in them for a while.

    Copying a thousand pictures is a thousand changes and one look. A program that writes all
    the time gets one a minute at first, then ever fewer: each look that no rest came before
    doubles the wait for the next, up to ten minutes.

    Args:
        clock: seconds, monotonic.

    >>> now = [0.0]
    >>> settling = Settling(lambda: now[0])
    >>> settling.note(Path("/music/new")); settling.note(Path("/music"))
    >>> settling.due()
    frozenset()
    >>> now[0] = 3.0
    >>> [str(folder) for folder in settling.due()], settling.due()
    (['/music'], frozenset())
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._folders: set[Path] = set()
        self._first = self._last = clock()
        self._patience = _LONGEST

    def note(self, folder: Path) -> None:
        """Something in a folder changed."""
        self._last = self._clock()
        if not self._folders:
            self._first = self._last
        self._folders.add(folder)
        if len(self._folders) > _FOLDERS:
            self._folders = {folder.parent for folder in self._folders}

    def due(self) -> frozenset[Path]:
        """The folders that are worth a look now, none of them inside another; then forgotten."""
        if not self._folders:
            return frozenset()
        now = self._clock()
        quiet = now - self._last >= _QUIET
        if not quiet and now - self._first < self._patience:
            return frozenset()
        self._patience = _LONGEST if quiet else min(_REST, 2 * self._patience)
        folders, self._folders = self._folders, set()
        return frozenset(f for f in folders if not any(up in folders for up in f.parents))
