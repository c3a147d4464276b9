"""Work that calls back, as a run that is iterated."""

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from xmr_core.indexing.progress import Control, Progress

T = TypeVar("T")

_HEARTBEAT = 0.25  # seconds between two signs of life
_GRACE = 5.0  # seconds that cancelled work gets to come to its end


class Stopped(Exception):
    """Raised out of the callback once its run has been cancelled."""


def follow(
    work: Callable[[Callable[[int, int], None]], T], stage: str, control: Control
) -> Generator[Progress, None, T | None]:
    """Do work in a thread of its own and yield what it tells.

    Args:
        work: called with a callback for (done, total), which raises `Stopped` after a
            cancel and waits during a pause.
        stage: of the progress that is yielded.
        control: pauses and cancels.

    Yields:
        progress, at least four times a second.

    Returns:
        what the work returned, or None if it was cancelled before its end.

    Raises:
        whatever the work raised.

    >>> def work(tell):
    ...     tell(1, 2)
    ...     return "ready"
    >>> run = follow(work, "load", Control())
    >>> [event.stage for event in run][0]
    'load'
    """
    latest = Progress(stage)
    ended: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue()
    told: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

    def tell(done: int, total: int) -> None:
        told.put((done, total))
        while control.paused and not control.cancelled:
            threading.Event().wait(_HEARTBEAT)
        if control.cancelled:
            raise Stopped

    def target() -> None:
        try:
            ended.put((work(tell), None))
        except BaseException as error:
            ended.put((None, error))

    yield latest
    thread = threading.Thread(target=target, name=f"follow-{stage}", daemon=True)
    thread.start()
    while True:
        try:
            result, error = ended.get(timeout=_HEARTBEAT)
        except queue.Empty:
            while not told.empty():
                done, total = told.get()
                latest = Progress(stage, done, total)
            if control.cancelled:
                thread.join(_GRACE)
                if ended.empty():  # it waits for a network that does not answer
                    return None
                continue
            yield Progress(stage, latest.done, latest.total, paused=control.paused)
            continue
        if isinstance(error, Stopped):
            return None
        if error is not None:
            raise error
        return result
