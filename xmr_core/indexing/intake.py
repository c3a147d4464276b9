"""Readers and encoders at work side by side, with bounds on what they hold.

Reader threads take jobs and leave media; two threads encode what they leave in batches of
one modality, the best shape for every encoder; whoever owns the intake takes the results.
At most so many media, and about so many bytes of them, wait between the two.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from threadpoolctl import ThreadpoolController

from xmr_core.encoders.device import device
from xmr_core.indexing.encoding import BatchEncoder
from xmr_core.indexing.jobs import Job, Outcome, Result
from xmr_core.indexing.progress import Control
from xmr_core.indexing.reading import look_into
from xmr_core.media import Media, Modality
from xmr_core.space import JointSpace

_LOG = logging.getLogger(__name__)

BATCH = {
    Modality.TEXT: 32,
    Modality.IMAGE: 16,
    Modality.AUDIO: 8,
    Modality.VIDEO: 16,
    Modality.MESH: 4,
}
_ON_CARD = 8  # times as many in a batch, and waiting, where towers run on a graphics card
_WAITING = 64  # media read and not yet encoded
_BYTES = 384 << 20  # of them
_BATCH_BYTES = 128 << 20  # of one batch
_ENCODERS = 2  # while one waits for a tower's last run, or is at the heads, cores are the other's
_FINISHED = 8  # results that wait to be taken
_PATIENCE = 0.2  # seconds that the encoder waits for a batch to fill


class Intake:
    """The two stages; iterate :meth:`take` until it gives None, and :meth:`stop` at the end.

    Args:
        jobs: what to look into.
        space: encoders and heads.
        control: pauses and cancels.
        read: path → media; raises `MediaError`.
        detect: path → modality; raises `MediaError`.
        has_twin: whether another item has the content of this hash, to be read the same way.
    """

    def __init__(
        self,
        jobs: Iterable[Job],
        space: JointSpace,
        control: Control,
        read: Callable[[Path], Media],
        detect: Callable[[Path], Modality],
        has_twin: Callable[[str, Job], bool],
    ) -> None:
        self._jobs = deque(jobs)
        self._control = control
        self._read, self._detect, self._has_twin = read, detect, has_twin
        self._changed = threading.Condition()
        self._ready: dict[Modality, deque[Outcome]] = {m: deque() for m in Modality}
        self._times = _ON_CARD if device() == "cuda" else 1
        self._bytes = self._reading = self._encoding = 0
        self._worked = 0.0
        self._turns = dict.fromkeys(Modality, 0)  # when each had its last
        self._loading: set[Modality] = set()  # whose first batch is encoded: the others wait for it
        self._results: deque[list[Result]] = deque()
        self._stopped = False
        self._encoder = BatchEncoder(space, _ENCODERS)
        self._readers = min(8, max(2, os.cpu_count() or 2))
        self._threads = [
            threading.Thread(target=self._keep(work), name=f"xmr-{name}", daemon=True)
            for name, work in [("encoder-0", self._encode_first)]
            + [(f"encoder-{i}", self._encode_on) for i in range(1, _ENCODERS)]
            + [(f"reader-{i}", self._read_on) for i in range(self._readers)]
        ]
        self._broken: BaseException | None = None

    @property
    def worked(self) -> float:
        """Seconds of work so far: a second of all encoders, or one of all readers."""
        return self._worked

    def start(self) -> None:
        """Set the threads to work."""
        for thread in self._threads:
            thread.start()

    def again(self, job: Job) -> None:
        """Put a job back."""
        with self._changed:
            self._jobs.append(job)
            self._changed.notify_all()

    def take(self, timeout: float) -> list[Result] | None:
        """Results of one batch or file; [] after ``timeout`` seconds without; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._results or self._over(), timeout)
            if self._broken is not None:
                raise self._broken
            if self._results:
                results = self._results.popleft()
                self._changed.notify_all()
                return results
            return None if self._over() else []

    def stop(self, patience: float = 0.5) -> None:
        """Let the threads end; one that is busy ends after the file or batch in hand."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _over(self) -> bool:
        return self._broken is not None or not (
            self._jobs
            or self._reading
            or self._encoding
            or self._results
            or any(self._ready.values())
        )

    def _keep(self, work: Callable[[], None]) -> Callable[[], None]:
        """Hand a fault of a thread over to the owner, rather than wait for ever."""

        def run() -> None:
            try:
                work()
            except BaseException as error:
                with self._changed:
                    self._broken = error
                    self._changed.notify_all()

        return run

    # -- reading

    def _read_on(self) -> None:
        while (job := self._next_job()) is not None:
            start = time.monotonic()
            outcome = self._refused(job) or look_into(job, self._read, self._has_twin)
            seconds = (time.monotonic() - start) / self._readers
            outcome = replace(outcome, seconds=seconds)
            with self._changed:
                self._reading -= 1
                self._worked += seconds
                if outcome.media is None or outcome.modality is None:
                    self._results.append([outcome])
                else:
                    self._ready[outcome.modality].append(outcome)
                    self._bytes += outcome.nbytes
                self._changed.notify_all()

    def _next_job(self) -> Job | None:
        with self._changed:
            while True:
                if self._stopped:
                    return None
                waiting = sum(map(len, self._ready.values())) + self._reading
                room = (
                    waiting < self._times * _WAITING
                    and self._bytes < _BYTES
                    and not self._backed_up()
                )
                if self._jobs and room and not self._control.paused:
                    self._reading += 1
                    return self._jobs.popleft()
                # Results of reading may put jobs back, and pausing tells nobody.
                self._changed.wait(0.1)

    def _backed_up(self) -> bool:
        return len(self._results) >= 4 * _FINISHED

    def _refused(self, job: Job) -> Outcome | None:
        """Spare the reading of media that cannot be encoded."""
        if not self._encoder.closed:
            return None
        try:
            status = job.file.lstat()
            modality = self._detect(job.file)
        except Exception:  # reading it tells why
            return None
        trouble = self._encoder.closed.get(modality)
        if trouble is None:
            return None
        return Outcome(job, status.st_size, status.st_mtime_ns, trouble=trouble, modality=modality)

    # -- encoding

    def _encode_first(self) -> None:
        # Products this small are not worth a second thread, which waits by taking a core. The
        # number is the whole process's: a thread that set it beside this one would keep it so.
        with ThreadpoolController().limit(limits=1, user_api="blas"):
            self._encode_on()

    def _encode_on(self) -> None:
        while (batch := self._next_batch()) is not None:
            start = time.monotonic()
            modality = batch[0].modality or Modality.TEXT
            results = self._encoder.encode(modality, batch)
            with self._changed:
                self._encoding -= 1
                self._loading.discard(modality)
                self._worked += (time.monotonic() - start) / _ENCODERS
                self._results.append(results)
                self._changed.notify_all()

    def _next_batch(self) -> list[Outcome] | None:
        """Wait for a full batch, or for as much as there will be."""
        waited = time.monotonic()
        with self._changed:
            while True:
                if self._stopped:
                    return None
                batch: list[Outcome] = []
                if not self._control.paused and len(self._results) < _FINISHED:
                    late = time.monotonic() - waited > _PATIENCE and not self._encoding
                    batch = self._choose(late or not (self._jobs or self._reading))
                if batch:
                    self._encoding += 1
                    self._bytes -= sum(outcome.nbytes for outcome in batch)
                    self._changed.notify_all()
                    return batch
                if not any(self._ready.values()):
                    waited = time.monotonic()
                self._changed.wait(0.1)

    def _choose(self, anything: bool) -> list[Outcome]:
        sizes = {
            m: len(waiting) / (self._times * BATCH[m])
            for m, waiting in self._ready.items()
            if waiting and m not in self._loading
        }
        if not sizes:
            return []
        # Full batches take turns, or a medium that is quickly read would hold up all others.
        modality = max(sizes, key=lambda m: (min(1.0, sizes[m]), -self._turns[m]))
        full = sizes[modality] >= 1 or self._bytes >= _BYTES
        if not (full or anything):
            return []
        if modality not in self._encoder.begun:
            self._loading.add(modality)
        batch: list[Outcome] = []
        size = 0
        most = self._times * BATCH[modality]
        while self._ready[modality] and len(batch) < most and size < _BATCH_BYTES:
            batch.append(self._ready[modality].popleft())
            size += batch[-1].nbytes
        self._turns[modality] = max(self._turns.values()) + 1
        return batch
