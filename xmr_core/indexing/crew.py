"""The reading and encoding of a run spread over a Ray cluster: an `Intake` of many machines.

Workers look into files and give back vectors; the process that runs the library hands files out
and commits what comes back, as it does for its own threads. So a worker may die at any moment:
what it had in hand is handed out again, and nothing is in the catalogue twice. A file that takes
its worker along twice, alone, is a failure like any other.

Every machine must have XMR in the same version and see the folders under the same paths. Ray
listens on all networks and runs whatever its clients send it, pickled: use it only where everybody
who reaches it may run programs (https://docs.ray.io/en/latest/ray-security/index.html).
"""

import contextlib
import os
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xmr_core.errors import LibraryError
from xmr_core.indexing.jobs import Job, Outcome, Result, Trouble
from xmr_core.indexing.progress import Control
from xmr_core.indexing.worker import VERSION, Known, Worker
from xmr_core.space import JointSpace

LOCAL = "local"
"""The address of a cluster that is made on this machine, for the run alone."""
_FILES = 48  # handed out at once: enough to read while the encoder works
_AHEAD = 2  # such hands for each worker: one in work, one waiting
_DEATHS = 2  # of workers with a file, alone, in hand, until it is left out
_STARTS = 3  # workers that died before they were ready, until the run is given up
_ADDRESS = re.compile(r"ray://(\[[\da-fA-F:.]+\]|[^\s/:@]+):\d{1,5}")
_QUIET: Any = {"log_to_driver": False, "logging_level": "ERROR"}


@dataclass(frozen=True)
class Workers:
    """Where workers are had from.

    Attributes:
        address: ``ray://HOST:PORT``, or `LOCAL`.
        load: gives the joint space; sent to each worker.
    """

    address: str
    load: Callable[[], JointSpace]

    def __post_init__(self) -> None:
        check_address(self.address)


def check_address(address: str) -> None:
    """Raise LibraryError for what is no address of workers; nothing is connected to."""
    if address != LOCAL and not _ADDRESS.fullmatch(address):
        raise LibraryError(
            f"'{address}' is no address of workers.",
            f"Give ray://HOST:PORT, or {LOCAL} for a cluster of this machine.",
        )


@dataclass(eq=False)
class _Seat:
    """A worker, and what it has in hand, the oldest first."""

    actor: Any
    hands: list["_Hand"] = field(default_factory=list)
    dead: bool = False


@dataclass(eq=False)
class _Hand:
    """Files that were handed to a worker together."""

    jobs: list[Job]
    seat: _Seat


class Crew:
    """Workers of a cluster at work on the jobs of a run; used like an `Intake`.

    Args:
        jobs: what to look into.
        space: the library's; theirs must be the same.
        control: pauses and cancels.
        workers: where they are had from.
        known: what the library has, for files that were moved or copied.
    """

    def __init__(
        self,
        jobs: Iterable[Job],
        space: JointSpace,
        control: Control,
        workers: Workers,
        known: Known,
    ) -> None:
        self._jobs = deque(jobs)
        self._roots = sorted({job.root for job in self._jobs})
        self._space, self._control, self._workers, self._known = space, control, workers, known
        self._alone: deque[Job] = deque()  # their worker died with these and others in hand
        self._deaths: Counter[tuple[int, str]] = Counter()
        self._pending: dict[Any, _Hand | _Seat] = {}  # what an answer is awaited for
        self._seats: list[_Seat] = []  # whose workers are ready
        self._unopened = 0
        self._worked = 0.0
        self._ours = False  # this run connected to Ray, and lets go of it

    @property
    def worked(self) -> float:
        """Seconds of work so far, of all workers."""
        return self._worked

    def start(self) -> None:
        """Have as many workers as the cluster has processors load the encoders.

        Raises:
            LibraryError: there is no cluster.
        """
        if not self._jobs:
            return
        ray = self._connect()
        self._shared = ray.put(self._known)
        for _ in range(max(1, int(ray.cluster_resources().get("CPU", 1)))):
            self._open()

    def again(self, job: Job) -> None:
        """Put a job back."""
        self._jobs.append(job)

    def take(self, timeout: float) -> list[Result] | None:
        """Results of one hand; [] after ``timeout`` seconds without; None at the end.

        Raises:
            LibraryError: workers cannot be started, or do not fit to this library.
        """
        self._hand_out()
        if not (self._jobs or self._alone or any(seat.hands for seat in self._seats)):
            return None
        if not self._pending:  # paused
            time.sleep(timeout)
            return []
        import ray

        ready, _ = ray.wait(list(self._pending), num_returns=1, timeout=timeout)
        if not ready:
            return []
        awaited = self._pending.pop(ready[0])
        try:
            answer = ray.get(ready[0])
        except ray.exceptions.RayActorError as error:
            return self._lost(awaited, error)
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise LibraryError(
                f"The cluster of workers failed ({_reason(error)}).",
                "What was done is kept; look into its logs, and run the same command again.",
            ) from error
        if isinstance(awaited, _Seat):
            self._check(*answer)
            self._seats.append(awaited)
            return []
        awaited.seat.hands.remove(awaited)
        results: list[Result] = answer
        self._worked += sum(result.seconds for result in results)
        return results

    def stop(self) -> None:
        """Let the workers go, whatever they have in hand."""
        opening = [one for one in self._pending.values() if isinstance(one, _Seat)]
        for seat in (*self._seats, *opening):
            _kill(seat)
        self._seats, self._pending = [], {}
        if self._ours:
            import ray

            ray.shutdown()
            self._ours = False

    def _connect(self) -> Any:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        try:
            import ray
        except ImportError as error:
            raise LibraryError(
                "The package for workers is not installed.", "Run: pip install 'xmr[ray]'."
            ) from error
        if ray.is_initialized():
            return ray
        address = self._workers.address  # by "local" Ray passes over clusters that it knows of
        try:
            ray.init(address, include_dashboard=False if address == LOCAL else None, **_QUIET)
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            raise LibraryError(
                f"Ray at {self._workers.address} cannot be used ({error}).",
                "Start it there in the version that is installed here, or index without workers.",
            ) from error
        self._ours = True
        return ray

    def _open(self) -> None:
        """Start a worker; it is given files when it has told about itself."""
        import ray

        actor: Any = ray.remote(num_cpus=1)(Worker).remote(self._workers.load, self._shared)
        self._pending[actor.about.remote(self._roots)] = _Seat(actor)

    def _check(self, installed: str, fingerprint: str, unseen: Sequence[Path]) -> None:
        if unseen:
            raise LibraryError(
                f"A worker does not see the folder {unseen[0]}.",
                "Mount it on every machine of the cluster, under the same path.",
            )
        if (installed, fingerprint) != (VERSION, self._space.fingerprint):
            raise LibraryError(
                f"A worker has XMR {installed}, or another joint space than this library.",
                f"Install {VERSION} with the same weights on every machine.",
            )

    def _hand_out(self) -> None:
        while self._seats and not (self._control.paused or self._control.cancelled):
            seat = min(self._seats, key=lambda seat: len(seat.hands))
            if len(seat.hands) >= _AHEAD:
                return
            if self._alone:
                jobs = [self._alone.popleft()]
            else:
                jobs = [self._jobs.popleft() for _ in range(min(_FILES, len(self._jobs)))]
            if not jobs:
                return
            hand = _Hand(jobs, seat)
            seat.hands.append(hand)
            self._pending[seat.actor.look.remote(jobs)] = hand

    def _lost(self, awaited: _Hand | _Seat, error: Exception) -> list[Result]:
        """A worker died: another takes its seat, and its files go round once more."""
        if isinstance(awaited, _Seat):
            self._unopened += 1
            if self._unopened > _STARTS:
                raise LibraryError(
                    f"No worker can be started ({_reason(error)}).",
                    "Look into the logs of the cluster.",
                )
            self._open()
            return []
        seat, jobs = awaited.seat, awaited.jobs
        if not seat.dead:
            self._seats.remove(seat)
            _kill(seat)  # it may only have been out of reach
            self._open()
        in_work = not seat.dead and seat.hands[0] is awaited
        seat.hands.remove(awaited)
        seat.dead = True
        if not in_work:  # it waited behind what the worker died of
            self._jobs.extend(jobs)
        elif len(jobs) > 1:  # one of them may be the culprit
            self._alone.extend(jobs)
        else:
            (job,) = jobs
            self._deaths[job.root_id, job.path] += 1
            if self._deaths[job.root_id, job.path] >= _DEATHS:
                return [_fatal(job, error)]
            self._alone.append(job)
        return []


def _reason(error: Exception) -> str:
    """What it says after the trace of a worker, or else what it is."""
    return str(error).strip().rpartition("\n")[2] or type(error).__name__


def _kill(seat: _Seat) -> None:
    import ray

    with contextlib.suppress(ray.exceptions.RayError):  # it is gone already
        ray.kill(seat.actor)


def _fatal(job: Job, error: BaseException) -> Outcome:
    """What is said of a file that ends whoever reads it."""
    try:
        status = job.file.lstat()
        size, mtime_ns = status.st_size, status.st_mtime_ns
    except OSError:
        size, mtime_ns = -1, -1
    trouble = Trouble(
        type(error).__name__,
        "ended the process of the worker that read it",
        "Look whether it is damaged, or needs more memory than a worker has.",
    )
    return Outcome(job, size, mtime_ns, trouble=trouble, modality=job.guess)
