"""Files of graphs: written whole, and told whole when they are there.

The SHA-256 of each lies in a note beside it. Reading a graph again for its digest takes as long as
half of making a session of it, so a note that was found true is given the graph's own time of
change: as long as the two agree, nobody has written either since.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sound(path: Path) -> bool:
    """Whether the graph is whole: untouched since it was found to be, or of the noted digest."""
    note = _noted(path)
    try:
        if note.stat().st_mtime_ns == path.stat().st_mtime_ns:
            return True
        whole = note.read_text().strip() == _digest(path)
    except OSError:
        return False
    if whole:
        with contextlib.suppress(OSError):  # in a cache of somebody else's
            _trust(path)
    return whole


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A file to write beside ``path``, which it becomes, with its note."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    try:
        yield temporary
        digest = _digest(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        _noted(path).write_text(digest)  # last: a graph without its digest is made again
        _trust(path)
    finally:
        temporary.unlink(missing_ok=True)


def _noted(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _trust(path: Path) -> None:
    changed = path.stat().st_mtime_ns
    os.utime(_noted(path), ns=(changed, changed))
