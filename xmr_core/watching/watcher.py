"""Folders under watch: the system's own news of changes where it has them, looks where not.

Shares of the network tell nothing of what other machines change there, and a folder tree may
have more folders than the system watches: these are gone through now and then instead, which
costs a listing, since unchanged files are not read. A folder that is away is waited for; what
is known of its files is left alone, and it is gone through when it is back.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmr_core import readers, walk
from xmr_core.watching.mounts import is_remote
from xmr_core.watching.settling import Settling

_TICK = 1.0  # seconds between two looks at what is due
_SWEEP = 900.0  # seconds between two looks through folders that tell no changes
_LIMITED = (
    "There are more folders than this system watches:"
    " they are gone through every quarter of an hour."
)

_Places = dict[Path, tuple[int, int]]
"""Folders that are there, with device and number: a disk that is back is another one."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a watcher has to say.

    Attributes:
        folders: that exist, worth a look, none inside another.
        away: roots that are not there at present.
        swept: roots that tell no changes, and are gone through now and then.
        message: what the user should know, or "".
    """

    folders: tuple[Path, ...]
    away: tuple[Path, ...] = ()
    swept: tuple[Path, ...] = ()
    message: str = ""


class Watcher:
    """Watches folders until it is told to stop.

    Args:
        roots: gives the folders, absolute; asked again all the time.
        stop: ends it.
        clock: seconds, monotonic.
        remote: whether a folder lies on another machine.
    """

    def __init__(
        self,
        roots: Callable[[], Sequence[Path]],
        stop: threading.Event,
        clock: Callable[[], float] = time.monotonic,
        remote: Callable[[Path], bool] = is_remote,
    ) -> None:
        self._roots, self._stop, self._clock, self._remote = roots, stop, clock, remote
        self._settling = Settling(clock)
        self._swept_at: dict[Path, float] = {}
        self._limited = False

    def again(self, folders: Sequence[Path]) -> None:
        """Tell folders once more after a while: what they were told for could not be done."""
        for folder in folders:
            self._settling.note(folder)

    def __iter__(self) -> Iterator[Noticed]:
        """What is noticed; all folders that are there come first."""
        before: _Places | None = None
        while not self._stop.is_set():
            places = self._places()
            new = [root for root in places if places[root] != (before or {}).get(root)]
            if before is None or new or places.keys() != before.keys():
                yield self._noticed(new, places)
            before = places
            yield from self._watched(places)

    def _watched(self, places: _Places) -> Iterator[Noticed]:
        """What is noticed while the same folders are there."""
        swept = [root for root in places if self._limited or self._remote(root)]
        told = [root for root in places if root not in swept]
        try:
            for changes in self._news(told) if told else self._ticks():
                for _, name in changes:
                    if (folder := worth(Path(name), told)) is not None:
                        self._settling.note(folder)
                if self._places() != places:
                    return
                yield from self._due(places, swept)
        except FileNotFoundError:  # gone since it was looked at
            self._stop.wait(_TICK)
        except (OSError, RuntimeError):  # more folders than the system watches
            self._limited = True
            yield self._noticed([], places, _LIMITED)

    def _news(self, roots: Sequence[Path]) -> Iterator[set[tuple[Any, str]]]:
        """What the system tells, and nothing where there was no change for a while."""
        from watchfiles import watch

        return watch(
            *roots,
            watch_filter=None,
            stop_event=self._stop,
            rust_timeout=round(1000 * _TICK),
            yield_on_timeout=True,
            force_polling=False,
            ignore_permission_denied=True,
        )

    def _ticks(self) -> Iterator[set[tuple[Any, str]]]:
        while not self._stop.wait(_TICK):
            yield set()

    def _due(self, places: _Places, swept: Sequence[Path]) -> Iterator[Noticed]:
        folders = [there(folder, places) for folder in self._settling.due()]
        now = self._clock()
        folders += [root for root in swept if now - self._swept_at.get(root, 0.0) >= _SWEEP]
        if found := {folder for folder in folders if folder is not None}:
            yield self._noticed(sorted(found), places)

    def _noticed(self, folders: Sequence[Path], places: _Places, message: str = "") -> Noticed:
        for folder in folders:
            if folder in places:
                self._swept_at[folder] = self._clock()
        away = [root for root in self._roots() if root not in places]
        swept = [root for root in places if self._limited or self._remote(root)]
        return Noticed(tuple(folders), tuple(away), tuple(swept), message)

    def _places(self) -> _Places:
        places: _Places = {}
        for root in self._roots():
            try:
                status = root.stat()
            except OSError:
                continue
            places[root] = (status.st_dev, status.st_ino)
        return places


def worth(path: Path, roots: Sequence[Path]) -> Path | None:
    """The folder to look into after a change, or None where no run would see it.

    Hidden files, those of other kinds and those that programs make for themselves change all
    the time. A name without a suffix is taken for a folder, which may be gone by now.

    >>> roots = [Path("/m")]
    >>> [str(worth(Path(p), roots)) for p in ("/m/a/b.jpg", "/m/a/.b.jpg", "/m/x.tmp", "/m/new")]
    ['/m/a', 'None', 'None', '/m/new']
    """
    root = next((root for root in roots if path.is_relative_to(root)), None)
    if root is None:
        return None
    inside = path.relative_to(root).parts
    if any(walk.passed_over(name) for name in inside) and path.name != walk.IGNORE_FILE:
        return None
    file = path.suffix.lower() in readers.SUFFIXES or path.name == walk.IGNORE_FILE
    if not file and path.suffix and not path.is_dir():
        return None
    folder = path.parent if file else path
    # The system follows links, which runs do not.
    return folder if folder.resolve() == folder else None


def there(folder: Path, places: Sequence[Path] | _Places) -> Path | None:
    """The folder, or the nearest above it that exists; None outside the roots."""
    for place in (folder, *folder.parents):
        if not any(place.is_relative_to(root) for root in places):
            return None
        if place.is_dir():
            return place
    return None
