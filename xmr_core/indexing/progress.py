"""What a run tells while it goes on, and how it is told to pause or stop."""

import threading
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        stage: "make" (the files of the demo), "load" (the profile; in bytes, with ``total`` 0
            where none are fetched), "walk", "encode", "project" (stored features into another
            joint space), "look" (into items that are indexed), "compare"
            (what was found in them; in hundredths), "link" (items with each other; in comparisons),
            "topics" (items that are read and looked at), "done" or "cancelled".
        done, total: files handled so far and to handle, unchanged ones not counted;
            while walking, ``done`` is the number of files seen and ``total`` 0.
        skipped: files that have not changed since they were indexed, or since they failed.
        failed: files that could not be indexed, in this run.
        added, changed: files encoded for the first time, or again; copies of known files
            are added without being encoded.
        moved: files found at another place, with their vectors.
        missing: files that are gone; what is known of them is kept.
        doubtful: files that seem gone, but were not marked so because their root is empty or
            has shrunk sharply.
        returned: files that were gone and are back.
        waiting: files that are still being written; the next run takes them.
        rate: files a second, lately.
        left: seconds, about; 0 while it cannot be told.
        current: the path of the file handled last.
        message: what the user should know now, or "".
        warnings: everything of that kind so far.
        paused: it waits to be resumed.
    """

    stage: str
    done: int = 0
    total: int = 0
    skipped: int = 0
    failed: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    doubtful: int = 0
    returned: int = 0
    waiting: int = 0
    rate: float = 0.0
    left: float = 0.0
    current: str = ""
    message: str = ""
    warnings: tuple[str, ...] = ()
    paused: bool = False


class Tally:
    """The progress of a run as it grows.

    Attributes:
        now: how far it is.
    """

    def __init__(self, now: Progress) -> None:
        self.now = now
        self._warned: set[str] = set()

    def set(self, **values: Any) -> Progress:
        """Change some values; how far it is now."""
        self.now = replace(self.now, **values)
        return self.now

    def count(self, **more: int) -> None:
        """Add to some numbers."""
        self.set(**{name: getattr(self.now, name) + n for name, n in more.items()})

    def warn(self, warning: str) -> None:
        """Say something that the user should know, once."""
        if warning not in self._warned:
            self._warned.add(warning)
            self.set(message=warning, warnings=(*self.now.warnings, warning))


class Control:
    """Pauses, resumes or cancels a run, from any thread."""

    def __init__(self) -> None:
        self._paused = threading.Event()
        self._cancelled = threading.Event()

    def pause(self) -> None:
        """Hold on after the file in hand."""
        self._paused.set()

    def resume(self) -> None:
        """Go on."""
        self._paused.clear()

    def cancel(self) -> None:
        """Stop; what is done is kept, and the next run goes on from there."""
        self._cancelled.set()

    @property
    def paused(self) -> bool:
        """Whether it is to hold on."""
        return self._paused.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._cancelled.is_set()
