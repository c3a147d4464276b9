"""Readers and an encoder at work side by side, with bounds on what they hold.

Reader threads take jobs and leave media; one thread encodes what they leave in batches of
one modality, the best shape for every encoder; whoever owns the intake takes the results.
At most so many media, and about so many bytes of them, wait between the two.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from xmr_core.encoders.device import device
from xmr_core.errors import ModelError
from xmr_core.indexing.jobs import Encoded, Job, Outcome, Result, Trouble
from xmr_core.indexing.labels import parts_of
from xmr_core.indexing.progress import Control
from xmr_core.indexing.reading import look_into, unexpected
from xmr_core.media import Media, Modality
from xmr_core.space import JointSpace

_LOG = logging.getLogger(__name__)

BATCH = {
    Modality.TEXT: 32,
    Modality.IMAGE: 16,
    Modality.AUDIO: 8,
    Modality.VIDEO: 8,
    Modality.MESH: 4,
}
_ON_CARD = 8  # times as many in a batch, and waiting, where towers run on a graphics card
_WAITING = 64  # media read and not yet encoded
_BYTES = 384 << 20  # of them
_BATCH_BYTES = 128 << 20  # of one batch
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
        self._space, self._control = space, control
        self._read, self._detect, self._has_twin = read, detect, has_twin
        self._changed = threading.Condition()
        self._ready: dict[Modality, deque[Outcome]] = {m: deque() for m in Modality}
        self._times = _ON_CARD if device() == "cuda" else 1
        self._bytes = self._reading = self._encoding = 0
        self._worked = 0.0
        self._turns = dict.fromkeys(Modality, 0)  # when each had its last
        self._begun: set[Modality] = set()  # of which a batch was encoded
        self._results: deque[list[Result]] = deque()
        self._stopped = False
        self._blas = ThreadpoolController()
        self._closed = {m: _uncovered(m, space) for m in Modality if m not in space.encoders}
        self._readers = min(8, max(2, os.cpu_count() or 2))
        self._threads = [
            threading.Thread(target=self._keep(work), name=f"xmr-{name}", daemon=True)
            for name, work in [("encoder", self._encode_on)]
            + [(f"reader-{i}", self._read_on) for i in range(self._readers)]
        ]
        self._broken: BaseException | None = None

    @property
    def worked(self) -> float:
        """Seconds of work so far: a second of the encoder, or one of all readers."""
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
        if not self._closed:
            return None
        try:
            status = job.file.lstat()
            modality = self._detect(job.file)
        except Exception:  # reading it tells why
            return None
        trouble = self._closed.get(modality)
        if trouble is None:
            return None
        return Outcome(job, status.st_size, status.st_mtime_ns, trouble=trouble, modality=modality)

    # -- encoding

    def _encode_on(self) -> None:
        while (batch := self._next_batch()) is not None:
            start = time.monotonic()
            results = self._encode(batch[0].modality or Modality.TEXT, batch)
            with self._changed:
                self._encoding = 0
                self._worked += time.monotonic() - start
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
                    late = time.monotonic() - waited > _PATIENCE
                    batch = self._choose(late or not (self._jobs or self._reading))
                if batch:
                    self._encoding = len(batch)
                    self._bytes -= sum(outcome.nbytes for outcome in batch)
                    self._changed.notify_all()
                    return batch
                if not any(self._ready.values()):
                    waited = time.monotonic()
                self._changed.wait(0.1)

    def _choose(self, anything: bool) -> list[Outcome]:
        sizes = {m: len(waiting) / (self._times * BATCH[m]) for m, waiting in self._ready.items()}
        # Full batches take turns, or a medium that is quickly read would hold up all others.
        modality = max(sizes, key=lambda m: (min(1.0, sizes[m]), -self._turns[m]))
        full = sizes[modality] >= 1 or self._bytes >= _BYTES
        if not self._ready[modality] or not (full or anything):
            return []
        batch: list[Outcome] = []
        size = 0
        most = self._times * BATCH[modality]
        while self._ready[modality] and len(batch) < most and size < _BATCH_BYTES:
            batch.append(self._ready[modality].popleft())
            size += batch[-1].nbytes
        self._turns[modality] = max(self._turns.values()) + 1
        return batch

    def _encode(self, modality: Modality, batch: Sequence[Outcome]) -> list[Result]:
        if modality not in self._closed:
            try:
                results: list[Result] = list(self._encoded(modality, batch))
                self._begun.add(modality)
                return results
            except ModelError as error:
                trouble = Trouble(type(error).__name__, error.message.rstrip("."), error.hint)
                with self._changed:
                    self._closed[modality] = trouble
            except Exception as error:
                if len(batch) == 1:
                    _LOG.exception("unexpected, encoding %r", batch[0].job.path)
                    return [_failed(batch[0], unexpected("encoding", error))]
                # One of them is the culprit: the others must not suffer.
                return [result for one in batch for result in self._encode(modality, [one])]
        return [_failed(outcome, self._closed[modality]) for outcome in batch]

    def _encoded(self, modality: Modality, batch: Sequence[Outcome]) -> Iterable[Encoded]:
        start = time.monotonic()
        media = [outcome.media for outcome in batch if outcome.media is not None]
        # Products this small are not worth a second thread, which waits by taking a core.
        with self._blas.limit(limits=1, user_api="blas"):
            encodings = self._space.encoders[modality].encode(media)
            features = [np.vstack([e.pooled[None], e.parts]).astype(np.float32) for e in encodings]
            if len(features) != len(batch) or not all(np.isfinite(f).all() for f in features):
                raise ValueError("the encoder gave numbers that are not finite, or too few")
            joint = self._space.embed(modality, np.vstack(features))  # (sum of 1 + p, d)
        bounds = np.cumsum([0] + [len(f) for f in features])
        share = (time.monotonic() - start) / len(batch)
        for i, outcome in enumerate(batch):
            yield Encoded(
                replace(outcome, media=None),
                features[i],
                joint[bounds[i] : bounds[i + 1]],
                parts_of(media[i], encodings[i].boxes),
                dict(media[i].facts),
                outcome.seconds + share,
                modality not in self._begun,
            )


def _uncovered(modality: Modality, space: JointSpace) -> Trouble:
    return Trouble(
        "WeightsMissing",
        f"cannot be encoded: the profile {space.name} has no {modality} encoder here",
        space.unavailable.get(modality, "Choose another profile for this medium."),
    )


def _failed(outcome: Outcome, trouble: Trouble) -> Outcome:
    return Outcome(
        outcome.job,
        outcome.size,
        outcome.mtime_ns,
        trouble=trouble,
        modality=outcome.modality,
        seconds=outcome.seconds,
    )
