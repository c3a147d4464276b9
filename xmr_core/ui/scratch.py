"""A private folder of this process, and what processes that were killed left of theirs.

Beside each folder lies a lock, held as long as its process lives; the system lets go of it however
the process ends. So a folder whose lock can be had belongs to nobody any more. (The number of a
process would not do: the system gives it away again.)
"""

import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "xmr-query-"
LOCK = ".lock"


class Scratch:
    """A folder that goes when it is closed, or with its process.

    Args:
        among: the folder it is made in; the system's one for temporary files if None. What killed
            processes left in there is removed first.
    """

    def __init__(self, among: Path | None = None) -> None:
        among = among or Path(tempfile.gettempdir())
        sweep(among)
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=LOCK, dir=among)
        os.close(handle)
        lock = FileLock(name)
        lock.acquire()
        self.path = Path(name.removesuffix(LOCK))
        """Where it is."""
        self.path.mkdir(mode=0o700)  # once its lock is held, so that it is never without
        self._end = weakref.finalize(self, _remove, self.path, lock)

    def close(self) -> None:
        """Remove it."""
        self._end()


def sweep(among: Path) -> list[Path]:
    """Remove the folders of processes that are gone; those that were removed.

    A folder without a lock is not touched: nothing tells whose it is.
    """
    gone: list[Path] = []
    for file in sorted(among.glob(f"{PREFIX}*{LOCK}")):
        folder = file.with_suffix("")
        if not _ours(file, stat.S_ISREG) or not _ours(folder, stat.S_ISDIR):
            continue
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        _remove(folder, lock)
        gone.append(folder)
    return gone


def _remove(folder: Path, lock: FileLock) -> None:
    """A folder and its lock, which is held."""
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()  # first: some systems keep a file that somebody has open
    Path(lock.lock_file).unlink(missing_ok=True)


def _ours(path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether it is of this kind and this user's: others may write into the system's folder."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return kind(facts.st_mode) and (os.name == "nt" or facts.st_uid == os.getuid())
