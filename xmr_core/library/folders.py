"""The user's folders that a library holds, and what of them it leaves out."""

import json
import stat
from collections.abc import Sequence
from pathlib import Path

from xmr_core.catalogue import Root
from xmr_core.errors import LibraryError, RootMissing
from xmr_core.indexing import THUMBS
from xmr_core.library.binding import Binding
from xmr_core.library.places import belongs_to_a_library


class Folders(Binding):
    """Root folders and patterns."""

    def roots(self) -> list[Root]:
        """The folders that the library holds."""
        return self.catalogue.roots()

    def add_root(self, folder: Path | str) -> Root:
        """Register a folder; :meth:`index` then reads it.

        Raises:
            RootMissing: there is no such folder.
            LibraryError: it is a file, or belongs to a library.
        """
        return self.catalogue.add_root(media_folder(folder))

    def remove_root(self, root_id: int) -> None:
        """Forget a folder and what was found in it; its files stay where they are."""
        for item_id in self.catalogue.remove_root(root_id):
            for end in THUMBS:
                self._thumb(item_id, end).unlink(missing_ok=True)

    def move_root(self, root_id: int, folder: Path | str) -> None:
        """The same folder at a new place: nothing is read again.

        Raises:
            RootMissing: there is no such folder.
            LibraryError: it is a file, belongs to a library, or overlaps another root.
        """
        self.catalogue.move_root(root_id, media_folder(folder))

    def patterns(self) -> list[str]:
        """What runs leave out, in the syntax of gitignore."""
        return list(json.loads(self.catalogue.meta("ignore") or "[]"))

    def keep_patterns(self, ignore: Sequence[str]) -> None:
        """Leave out what these patterns say from the next run on."""
        if list(ignore) != self.patterns():
            self.catalogue.set_meta("ignore", json.dumps(list(ignore)))

    def _folders(self, folders: Sequence[Path | str]) -> list[Path]:
        """The folders given, or all roots if none are."""
        if folders:
            return [resolved(folder) for folder in folders]
        return [root.path for root in self.roots()]


def resolved(folder: Path | str) -> Path:
    """Absolute, without links and ``~``.

    Raises:
        RootMissing: it cannot be told where that is.
    """
    try:
        return Path(folder).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop, no such user, a zero byte
        raise RootMissing(f"There is no folder {folder}.", "Check its path.") from error


def media_folder(folder: Path | str) -> Path:
    """A folder of media as roots are kept: absolute, without links.

    Raises:
        RootMissing: there is no such folder.
        LibraryError: it is a file, cannot be opened, or belongs to a library.
    """
    path = resolved(folder)
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError as error:
        raise LibraryError(
            f"{path} cannot be opened (permission denied).", "Give yourself permission to read it."
        ) from error
    except OSError as error:
        raise RootMissing(
            f"There is no folder {path}.", "Check its path, or connect its disk."
        ) from error
    if not is_folder:
        raise LibraryError(f"{path} is not a folder.", "Give the path of an existing folder.")
    if belongs_to_a_library(path):
        raise LibraryError(f"{path} belongs to a library.", "Choose another folder.")
    return path
