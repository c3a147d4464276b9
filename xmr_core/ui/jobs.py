"""Runs that go on whatever the browser does: one worker thread a library.

A tab that closes, reloads or is one of several only ever looks at a job; the job itself lives
here until it ends, and its last state stays to be read until the next one starts.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from xmr_core.errors import LibraryBusy, LibraryError, XMRError
from xmr_core.indexing import Control, Progress

_log = logging.getLogger(__name__)

Work = Callable[[Control], Iterator[Progress]]


class State(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """One run on one library.

    Attributes:
        library: its name.
        what: for people, such as ``Indexing``.
        work: what it does, kept so that it can be taken up again.
        number: of this server's jobs, from 1.
        control: pause, resume, cancel.
        progress: the latest report, or None before the first.
        error: why it failed.
    """

    library: str
    what: str
    work: Work
    number: int
    control: Control = field(default_factory=Control)
    state: State = State.RUNNING
    progress: Progress | None = None
    error: XMRError | None = None
    started: float = field(default_factory=time.time)
    finished: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def active(self) -> bool:
        """Running or paused."""
        return self.state in {State.RUNNING, State.PAUSED}

    def pause(self) -> None:
        """Hold the run after the batch in flight."""
        with self._lock:
            if self.state is State.RUNNING:
                self.control.pause()
                self.state = State.PAUSED

    def resume(self) -> None:
        """Go on."""
        with self._lock:
            if self.state is State.PAUSED:
                self.state = State.RUNNING
                self.control.resume()

    def cancel(self) -> None:
        """Stop after the batch in flight; what is committed stays."""
        if self.active:
            self.control.cancel()

    def told(self) -> dict[str, Any]:
        """Where it stands, for pages that show no more than that: share done, and what failed."""
        progress = self.progress
        share = progress.done / progress.total if progress is not None and progress.total else None
        return {
            "state": self.state.value,
            "active": self.active,
            "share": share,
            "message": self.error.message if self.error else "",
            "hint": self.error.hint if self.error else "",
        }

    def end(self, state: State, error: XMRError | None = None) -> None:
        """It is over."""
        with self._lock:
            self.state, self.error, self.finished = state, error, time.time()


class JobBoard:
    """All jobs of this server, the newest of each library."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def start(self, library: str, what: str, work: Work) -> Job:
        """Start a job; raises LibraryBusy where one is under way on this library."""
        with self._lock:
            self.check_idle(library)
            job = Job(library, what, work, next(self._numbers))
            thread = threading.Thread(
                target=self._work, args=(job, work), name=f"job-{library}", daemon=True
            )
            self._jobs[library] = job
            self._threads[library] = thread
            thread.start()
        return job

    def get(self, library: str) -> Job | None:
        """The newest job of a library."""
        return self._jobs.get(library)

    def again(self, library: str) -> Job:
        """Take up an ended job once more: a run goes on where it was cancelled or failed."""
        if (old := self._jobs.get(library)) is None:
            raise LibraryError(
                f"No run on the library '{library}' can be taken up again.", "Start a new one."
            )
        return self.start(library, old.what, old.work)

    def check_idle(self, library: str) -> None:
        """Raise LibraryBusy while a job of this library is running or paused."""
        if (job := self._jobs.get(library)) and job.active:
            raise LibraryBusy(
                f"A run is under way on the library '{library}'.",
                "Wait for it, or cancel it first.",
            )

    def all(self) -> list[Job]:
        """The newest job of each library."""
        return list(self._jobs.values())

    def active(self) -> list[Job]:
        """Jobs that are running or paused."""
        return [job for job in self._jobs.values() if job.active]

    def forget(self, library: str) -> None:
        """Drop the record of an ended job."""
        with self._lock:
            if (job := self._jobs.get(library)) and not job.active:
                del self._jobs[library]

    def close(self, timeout: float = 10.0) -> None:
        """Cancel what runs and wait for the batches in flight to be committed."""
        for job in self.active():
            job.cancel()
        end = time.monotonic() + timeout
        for thread in list(self._threads.values()):
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self, job: Job, work: Work) -> None:
        try:
            self._run(job, work)
        finally:
            with self._lock:  # unless the next one has begun already
                if self._threads.get(job.library) is threading.current_thread():
                    del self._threads[job.library]

    def _run(self, job: Job, work: Work) -> None:
        try:
            for progress in work(job.control):
                job.progress = progress
            stage = job.progress.stage if job.progress else "done"
            job.end(State.CANCELLED if stage == "cancelled" else State.DONE)
        except XMRError as error:
            job.end(State.FAILED, error)
        except Exception as error:
            # nothing above this thread would ever show it
            _log.exception("%s on the library %r stopped", job.what, job.library)
            unexpected = XMRError(
                f"The run stopped on an unexpected error ({type(error).__name__}: {error}).",
                "What was done is kept; start it again. The terminal shows the details.",
            )
            job.end(State.FAILED, unexpected)
