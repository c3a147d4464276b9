"""What a run tells while it goes on, and how it is told to pause or stop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from xmr_core.media import Modality


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        stage: "make" (the files of the demo), "load" (the profile; in bytes, with ``total`` 0
            where none are fetched), "walk", "encode", "project" (stored features into another
            joint space), "done" or "cancelled".
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
        left: seconds, about; 0 when it cannot be told yet.
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


class Pace:
    """The rate of a run and the time it has left, smoothed.

    Files of different media take very different times, so progress is measured in expected
    seconds, and how true the expectation is in seconds a second, over the last half minute
    or so.

    Args:
        costs: expected seconds a file, by modality.
        total: expected seconds of the whole run.
        clock: seconds, monotonic.

    >>> now = [0.0]
    >>> pace = Pace({Modality.IMAGE: 0.5}, 100 * 0.5, lambda: now[0])
    >>> for second in range(1, 11):
    ...     now[0] = float(second)
    ...     pace.step(Modality.IMAGE, 4)
    >>> pace.rate, pace.left
    (4.0, 15.0)
    """

    _MEMORY = 30.0  # seconds

    def __init__(
        self,
        costs: dict[Modality, float],
        total: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._costs, self._remaining, self._clock = costs, total, clock
        self._last = clock()
        self._time = self._files = self._cost = 0.0  # fading sums

    def step(self, modality: Modality | None, files: int = 1) -> None:
        """So many files have been handled."""
        self.tick()
        cost = self._costs.get(modality, 0.0) * files if modality else 0.0
        self._files += files
        self._cost += cost
        self._remaining = max(0.0, self._remaining - cost)

    def tick(self) -> None:
        """Time has passed."""
        now = self._clock()
        passed, self._last = now - self._last, now
        fade = 0.5 ** (passed / self._MEMORY)
        self._time = self._time * fade + passed
        self._files *= fade
        self._cost *= fade

    def hold(self) -> None:
        """Time has passed in a pause: it does not count."""
        self._last = self._clock()

    @property
    def rate(self) -> float:
        """Files a second."""
        return round(self._files / self._time, 2) if self._time > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds."""
        return round(self._remaining * self._time / self._cost, 1) if self._cost > 0 else 0.0
