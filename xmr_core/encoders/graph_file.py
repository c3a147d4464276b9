"""Files of graphs: written whole, and told whole when they are there.

A large graph has its weights in a file beside it, which onnxruntime maps into memory: it is opened
in half the time, in two thirds of the memory.

The SHA-256 of each file lies in a note beside them. Reading a graph again for its digest takes as
long as half of making a session of it, so files that were found true are given one time: as long
as they agree, nobody has written any of them since.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sound(path: Path) -> bool:
    """Whether the graph is whole: untouched since it was found to be, or of the noted digests."""
    note, files = _noted(path), _files(path)
    try:
        noted = note.read_text().split()
        if len(noted) != len(files):  # one of them is gone
            return False
        if len({file.stat().st_mtime_ns for file in (note, *files)}) == 1:
            return True
        whole = noted == [_digest(file) for file in files]
    except OSError:
        return False
    if whole:
        with contextlib.suppress(OSError):  # in a cache of somebody else's
            _trust(path)
    return whole


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A file to write elsewhere, which becomes ``path``, with its weights and its note.

    By one process at a time: what another left half written is cleared.
    """
    for left in path.parent.glob(f"{path.stem}.*.part"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(".part", f"{path.stem}.", path.parent) as place:
        temporary = Path(place) / path.name  # of the same name: a graph names its weights' file
        yield temporary
        files = _files(temporary)
        digests = [_digest(file) for file in files]
        for former in _files(path)[1:]:
            former.unlink()
        for file in reversed(files):
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())
            file.replace(path.with_name(file.name))
        _noted(path).write_text("\n".join(digests))  # last: a graph without it is made again
        _trust(path)


def _files(path: Path) -> list[Path]:
    """The graph, and its weights where they have a file of their own: torch names it so."""
    weights = path.with_name(f"{path.name}.data")
    return [path, weights] if weights.exists() else [path]


def _noted(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _trust(path: Path) -> None:
    changed = path.stat().st_mtime_ns
    for file in (*_files(path)[1:], _noted(path)):
        os.utime(file, ns=(changed, changed))
