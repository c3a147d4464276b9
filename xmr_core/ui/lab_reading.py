"""How far the reading of a dataset is, and how long it will still take."""

import time
from dataclasses import dataclass
from typing import Literal

from xmr_core.ui.context import Plain
from xmr_core.ui.words import span

Stage = Literal["wait", "model", "media"]
"""Waiting for another run, fetching the model that reads media, reading them."""

_SOON = 2.0  # seconds that must be seen before anything is said of those to come


@dataclass
class Reading:
    """One reading as a page shows it.

    Attributes:
        stage: what is done now.
        done, total: of it; 0 of 0 where nothing is told.
        first, begun: what was done when it began, and when, in seconds: what is in the cache
            already took no time.
    """

    stage: Stage = "wait"
    done: int = 0
    total: int = 0
    first: int = 0
    begun: float = 0.0

    def tell(self, stage: Stage, done: int = 0, total: int = 0, now: float | None = None) -> None:
        """It is so far; ``now`` is for tests."""
        if stage != self.stage or not self.total:
            self.stage, self.first = stage, done
            self.begun = time.monotonic() if now is None else now
        self.done, self.total = done, total

    def left(self, now: float | None = None) -> float | None:
        """Seconds to come, or None while nothing can be said of them.

        >>> reading = Reading()
        >>> for done, now in ((50, 0.0), (60, 10.0)):
        ...     reading.tell("media", done, 100, now)
        >>> reading.left(10.0)
        40.0
        """
        seen = (time.monotonic() if now is None else now) - self.begun
        if seen < _SOON or self.done <= self.first:
            return None
        return seen / (self.done - self.first) * (self.total - self.done)

    def told(self) -> Plain:
        """For the page."""
        left = self.left()
        return {
            "stage": self.stage,
            "share": self.done / self.total if self.total else None,
            "left": "" if left is None else span(left),
        }
