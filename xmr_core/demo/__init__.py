"""The demo library: a few hundred small files over five media, made on the user's machine.

Photographs come from packages that are installed anyway, everything else is
painted, built, synthesised or written for it. The same files come out each time.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock

from xmr_core.demo import clips, meshes, photos, pictures, sounds, texts
from xmr_core.demo.work import Work, by_theme
from xmr_core.media import Modality

VERSION = 2  # raise it whenever a file comes out differently: older files are then made again

WORKS: tuple[Work, ...] = (
    *photos.WORKS,
    *pictures.WORKS,
    *meshes.WORKS,
    *sounds.WORKS,
    *clips.WORKS,
    *texts.WORKS,
)

THEMES: Mapping[str, Mapping[Modality, tuple[str, ...]]] = by_theme(WORKS)
"""Theme → medium → paths below the demo folder."""

EXAMPLES: tuple[str, ...] = (
    "waves rolling on to the shore",
    "something to drink in the morning",
    "cats/chelsea-the-cat.jpg",
    "clocks/ticking.wav",
    "space/rocket-on-the-pad.jpg",
    "furniture that you sit on",
    "fire/candle.glb",
    "rain/thunder.flac",
)
"""Good first queries: words, and paths below the demo folder."""

_STAMP = ".demo.jsonl"  # hidden, so that a library does not index it
_LOCK = ".demo.lock"
_HALF = ".making-"  # how the names of files begin that are not finished
_CREDITS = "CREDITS.md"


def make(folder: Path, progress: Callable[[int, int, str], None] | None = None) -> list[Path]:
    """Make the demo library, or what is missing of it.

    A file that is there and was made by this version is left alone, so the second
    call writes nothing, and one after an interruption goes on where that ended.

    Args:
        folder: made when it is not there; files of earlier versions in it are replaced.
        progress: called with (done, total, path) after each file, from one thread.

    Returns:
        The files of the library, sorted, without ``CREDITS.md``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / _LOCK, timeout=-1):  # a second process waits, and finds all done
        for half in folder.rglob(f"{_HALF}*"):  # of a process that was killed
            half.unlink()
        _make_missing(folder, progress or (lambda done, total, path: None))
    return sorted(folder / work.path for work in WORKS)


def _make_missing(folder: Path, progress: Callable[[int, int, str], None]) -> None:
    made = _read_stamp(folder)
    wanted = {work.path for work in WORKS}
    for path, version in made.items():
        if path not in wanted and version != VERSION:
            (folder / path).unlink(missing_ok=True)
    todo = [w for w in WORKS if made.get(w.path) != VERSION or not (folder / w.path).is_file()]
    done = len(WORKS) - len(todo)
    for work in _in_parallel(folder, todo):
        with (folder / _STAMP).open("a", encoding="utf-8") as stamp:
            stamp.write(json.dumps([work.path, VERSION]) + "\n")
        done += 1
        progress(done, len(WORKS), work.path)
    credit = _credits().encode()
    if not (folder / _CREDITS).is_file() or (folder / _CREDITS).read_bytes() != credit:
        _write(folder / _CREDITS, credit)


def _in_parallel(folder: Path, works: list[Work]) -> Iterator[Work]:
    """Make files two or more at a time; yields them in order, as they are finished."""

    def one(work: Work) -> Work:
        _write(folder / work.path, work.bytes())
        return work

    pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1))
    try:
        yield from pool.map(one, works)
    finally:
        pool.shutdown(cancel_futures=True)


def _write(path: Path, data: bytes) -> None:
    """All of the file or nothing of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_HALF)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read_stamp(folder: Path) -> dict[str, int]:
    """Path → version of what was finished; a line torn by a crash counts for nothing."""
    made: dict[str, int] = {}
    stamp = folder / _STAMP
    for line in stamp.read_text("utf-8").splitlines() if stamp.is_file() else []:
        try:
            path, version = json.loads(line)
        except ValueError:
            continue
        made[str(path)] = int(version)
    return made


def _credits() -> str:
    return (
        "# Credits\n\nThe photographs of this demo library come from packages installed on this "
        "machine; videos that glide over a photograph share its source. All other files were "
        "painted, built, synthesised or written for XMR and are under the MIT licence.\n\n"
        f"{photos.credits()}\n"
    )


__all__ = ["EXAMPLES", "THEMES", "make"]
