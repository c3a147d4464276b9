"""Where libraries lie: their names, their folders, and what of a folder is a library's own."""

import os
import re
import shutil
from pathlib import Path

from xmr_core.errors import LibraryError, LibraryNotFound, LibraryReadOnly
from xmr_core.paths import indexes_dir

CATALOGUE = "catalogue.sqlite"

_NAME = re.compile(r"[\w][\w .-]{0,63}")
_NAME_BYTES = 200  # of a name: folders may have 255, and files inside repeat nothing of it
_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # devices there
# All that a library's folder holds of ours; whatever else lies in it is the user's.
_OURS = (f"{CATALOGUE}*", "run.lock", "index", "map", "thumbs")


def checked(name: str) -> str:
    """The name, if it can be a folder's on any system.

    Raises:
        LibraryError: it cannot.

    >>> checked(" My photos ")
    'My photos'
    """
    name = name.strip()
    fits = _NAME.fullmatch(name) and len(name.encode("utf-8", "replace")) <= _NAME_BYTES
    if _WINDOWS.fullmatch(name):
        raise LibraryError(
            f"'{name}' cannot be a library's name: Windows keeps it for a device.",
            "Choose another one; a library's folder can then be copied to any system.",
        )
    if not fits or name.endswith("."):
        raise LibraryError(
            f"'{name}' cannot be a library's name.",
            "Use up to 64 letters, digits, spaces, dots and hyphens, a letter or digit first.",
        )
    return name


def place(name: str, home: Path | None = None) -> Path:
    """The folder that a library of that name has, or would have.

    Args:
        name: of the library.
        home: the folder of libraries; the default one if None.

    Raises:
        LibraryError: no library can be called so.
    """
    return (home or indexes_dir()) / checked(name)


def existing(name: str, home: Path | None = None) -> Path:
    """The folder of a library that is there; as :func:`place`.

    Raises:
        LibraryNotFound: there is none of that name.
    """
    path = place(name, home)
    if not (path / CATALOGUE).exists():
        there = names(home)
        raise LibraryNotFound(
            f"There is no library '{name}'.",
            f"There are: {', '.join(there)}."
            if there
            else f"Make it: xmr index FOLDER --library '{name}', or xmr demo.",
        )
    return path


def names(home: Path | None = None) -> list[str]:
    """The names of all libraries, sorted."""
    try:
        folders = list((home or indexes_dir()).iterdir())
    except OSError:  # none was made yet
        return []
    return sorted(p.name for p in folders if os.path.isfile(p / CATALOGUE))  # noqa: PTH113 - never raises


def belongs_to_a_library(folder: Path) -> bool:
    """Whether a folder is a library's, or lies in one."""
    return any((place / CATALOGUE).is_file() for place in (folder, *folder.parents))


def erase(path: Path) -> None:
    """Delete what is a library's own in its folder, and the folder if nothing else is in it.

    Raises:
        LibraryReadOnly: the folder cannot be written.
    """
    try:
        for pattern in _OURS:
            for ours in path.glob(pattern):
                if ours.is_dir() and not ours.is_symlink():
                    shutil.rmtree(ours)
                else:
                    ours.unlink(missing_ok=True)
        if not any(path.iterdir()):
            path.rmdir()
    except OSError as error:
        raise LibraryReadOnly(
            f"{error.filename or path} cannot be deleted ({error.strerror or error}).",
            "Give yourself write permission on it, then delete the library again.",
        ) from error
