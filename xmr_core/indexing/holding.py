"""Holding a library: the lock of its one run, and what a folder says that cannot be written."""

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from xmr_core.catalogue import Catalogue
from xmr_core.errors import DiskFull, LibraryBusy, LibraryError, LibraryReadOnly


def check_idle(catalogue: Catalogue) -> None:
    """Raise `LibraryBusy` while a run holds the library."""
    with held_open(catalogue):
        pass


def is_held(catalogue: Catalogue) -> bool:
    """Whether a run holds the library, in this process or another.

    A library that cannot be written says no: no run of this user holds it.
    """
    try:
        check_idle(catalogue)
    except LibraryBusy:
        return True
    except LibraryReadOnly:
        return False
    return False


@contextlib.contextmanager
def held_open(catalogue: Catalogue) -> Iterator[None]:
    """Hold the lock of an open library; as :func:`held`."""
    if catalogue.read_only:
        raise LibraryReadOnly(
            f"{catalogue.path.parent} cannot be written.",
            "Give yourself write permission on it, or copy the library elsewhere.",
        )
    with held(catalogue.path.parent, catalogue):
        yield


@contextlib.contextmanager
def held(folder: Path, catalogue: Catalogue | None = None) -> Iterator[None]:
    """Hold a library's lock.

    Args:
        folder: of the library.
        catalogue: of it, where it can be opened: it knows which process has the lock.

    Raises:
        LibraryBusy: a run holds it, in this process or another.
        LibraryReadOnly: its folder cannot be written.
    """
    from filelock import FileLock, Timeout

    # A generator may be resumed by another thread than the one that started it.
    lock = FileLock(folder / "run.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        latest = next(iter(catalogue.runs(1)), None) if catalogue is not None else None
        who = f" (process {latest.pid})" if latest is not None else ""
        raise LibraryBusy(
            f"Another run holds {folder.name}{who}.",
            "Wait for it to finish, or cancel it.",
        ) from error
    except OSError as error:
        raise os_error(error, folder) from error
    try:
        yield
    finally:
        lock.release()


def os_error(error: OSError, folder: Path) -> LibraryError:
    """A library's folder that does not take what is written to it."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or shutil.disk_usage(there).free == 0:
        return DiskFull(
            f"The disk that holds {folder} is full.",
            "Free some space and start the run again; what was done so far is kept.",
        )
    return LibraryReadOnly(
        f"{folder} cannot be written ({error.strerror or error}).",
        "Give yourself write permission on it, or copy the library elsewhere.",
    )
