"""Stop-watches: rates that can be compared, and the most memory a process took."""

import threading
import time
from collections.abc import Callable
from typing import Any, Self

import numpy as np
import psutil

_ROUNDS = 5
_GLANCE = 0.05  # seconds between two looks at the memory


def rates(*works: tuple[Callable[[], Any], int], rounds: int = _ROUNDS) -> list[float]:
    """Items a second of several kinds of work, as medians over rounds.

    Each round does all of them, one after the other, so that a machine that is busy for a
    while slows them alike; a first round, which warms up, is thrown away.

    Args:
        works: (what to do, how many items that are).
        rounds: that count.
    """
    took = np.zeros((rounds + 1, len(works)))
    for n in range(rounds + 1):
        for i, (work, _) in enumerate(works):
            started = time.perf_counter()
            work()
            took[n, i] = time.perf_counter() - started
    medians = np.median(took[1:], axis=0)
    return [items / float(median) for (_, items), median in zip(works, medians, strict=True)]


class PeakMemory:
    """Watches a process while the ``with`` block runs.

    Args:
        pid: of the process; this one if None.

    Attributes:
        bytes: the most resident memory seen.
    """

    def __init__(self, pid: int | None = None) -> None:
        self.bytes = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            process = psutil.Process(self._pid)
            while True:
                self.bytes = max(self.bytes, int(process.memory_info().rss))
                if self._over.wait(_GLANCE):
                    return
        except psutil.Error:
            return  # it ended
