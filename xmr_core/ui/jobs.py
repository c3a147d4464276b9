"""Runs that go on whatever the browser does: one worker thread a library.

A tab that closes, reloads or is one of several only ever looks at a job; the job itself lives
here until it ends, and its last state stays to be read until the next one starts.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from xmr_core.errors import LibraryBusy, XMRError
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
        folders: what it works on, kept so that a cancelled run can be taken up again.
        control: pause, resume, cancel.
        progress: the latest report, or None before the first.
        error: why it failed.
    """

    library: str
    what: str
    folders: tuple[str, ...] = ()
    control: Control = field(default_factory=Control)
    state: State = State.RUNNING
    progress: Progress | None = None
    error: XMRError | None = None
    started: float = field(default_factory=time.time)
    finished: float | None = None

    @property
    def active(self) -> bool:
        """Running or paused."""
        return self.state in {State.RUNNING, State.PAUSED}

    def pause(self) -> None:
        """Hold the run after the batch in flight."""
        if self.state is State.RUNNING:
            self.control.pause()
            self.state = State.PAUSED

    def resume(self) -> None:
        """Go on."""
        if self.state is State.PAUSED:
            self.state = State.RUNNING
            self.control.resume()

    def cancel(self) -> None:
        """Stop after the batch in flight; what is committed stays."""
        self.control.cancel()


class JobBoard:
    """All jobs of this server, the newest of each library."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def start(self, library: str, what: str, work: Work, folders: tuple[str, ...] = ()) -> Job:
        """Start a job; raises LibraryBusy where one is under way on this library."""
        with self._lock:
            if (old := self._jobs.get(library)) and old.active:
                raise LibraryBusy(
                    f"A run is already under way on the library '{library}'.",
                    "Wait for it, or cancel it first.",
                )
            job = Job(library, what, folders)
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
            for progress in work(job.control):
                job.progress = progress
            stage = job.progress.stage if job.progress else "done"
            job.state = State.CANCELLED if stage == "cancelled" else State.DONE
        except XMRError as error:
            job.error, job.state = error, State.FAILED
        except Exception as error:
            # nothing above this thread would ever show it
            _log.exception("%s on the library %r stopped", job.what, job.library)
            job.error = XMRError(
                f"The run stopped on an unexpected error ({type(error).__name__}: {error}).",
                "What was done is kept; start it again. The terminal shows the details.",
            )
            job.state = State.FAILED
        finally:
            job.finished = time.time()
