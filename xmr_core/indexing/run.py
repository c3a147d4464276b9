"""The inside of an index run: its stages, one after the other."""

import contextlib
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from xmr_core import readers
from xmr_core.catalogue import Catalogue
from xmr_core.errors import LibraryError
from xmr_core.indexing.commits import Commits
from xmr_core.indexing.costs import Costs, suffixes
from xmr_core.indexing.crew import Crew, Workers
from xmr_core.indexing.intake import BATCH, Intake
from xmr_core.indexing.jobs import Encoded, Job, Result
from xmr_core.indexing.memory import give_back
from xmr_core.indexing.pace import Pace
from xmr_core.indexing.planning import Plan, Scope, plan, scopes
from xmr_core.indexing.progress import Control, Progress, Tally
from xmr_core.media import Modality
from xmr_core.space import JointSpace

_HEARTBEAT = 0.25  # seconds between two signs of life
_KEEP = 2.0  # seconds between two notes of the progress in the catalogue
_HOLD = 20.0  # seconds for which memory that is free is held


def project(catalogue: Catalogue, space: JointSpace, control: Control) -> Iterator[Progress]:
    """Give every item whose features the space's encoders made its vectors in that space.

    What is done stays done: a second call goes on where the first was left.
    """
    total = catalogue.lacking(space.fingerprint)
    done = 0
    started = time.monotonic()
    for modality, encoder in space.encoders.items():
        lacking = catalogue.features(modality, encoder.fingerprint, lacking=space.fingerprint)
        for items, nos, features in lacking:
            joint = space.embed(modality, features)
            catalogue.add_vectors(modality, space.fingerprint, items, nos, joint)
            done = min(total, done + int(np.count_nonzero(nos == 0)))
            rate = done / max(time.monotonic() - started, 1e-6)
            left = (total - done) / rate if rate else 0.0
            yield Progress("project", done, total, rate=round(rate, 2), left=round(left, 1))
            if control.cancelled:
                return


class Run:
    """One run; see :func:`xmr_core.indexing.index_run`."""

    def __init__(
        self,
        catalogue: Catalogue,
        space: JointSpace,
        control: Control,
        thumbs: Path,
        workers: Workers | None = None,
    ) -> None:
        self._catalogue, self._space, self._control = catalogue, space, control
        self._tally = Tally(Progress("walk"))
        self._commits = Commits(catalogue, space, thumbs, self._tally)
        self._costs = Costs.of(catalogue)
        self._pace = Pace(self._costs, {})
        self._workers = workers
        self._intake: Intake | Crew | None = None
        self._saved = self._freed = time.monotonic()
        self._id = catalogue.start_run()

    def go(
        self, folders: Sequence[Path], ignore: Sequence[str], accept_loss: bool
    ) -> Iterator[Progress]:
        """The stages, one after the other."""
        try:
            yield from self._go(folders, ignore, accept_loss)
        except (GeneratorExit, KeyboardInterrupt):  # nobody follows it any more
            self._tally.set(stage="cancelled")
            raise

    def _go(
        self, folders: Sequence[Path], ignore: Sequence[str], accept_loss: bool
    ) -> Iterator[Progress]:
        self._commits.prepare()
        mark = self._space.fingerprint
        where = scopes(self._catalogue, folders)
        active = self._catalogue.meta("fingerprint")
        if active is None:
            self._catalogue.activate(mark)
        elif active != mark:
            where = scopes(self._catalogue, [root.path for root in self._catalogue.roots()])
            yield from project(self._catalogue, self._space, self._control)
        made = yield from self._walk(where, ignore, accept_loss)
        if not self._control.cancelled:
            self._commits.apply(made)
            yield from self._work(made)
        stage = "cancelled" if self._control.cancelled else "done"
        if stage == "done":
            self._catalogue.activate(mark)
            self._costs.keep(self._catalogue, self._pace.stretch)
        self._tally.set(stage=stage, left=0.0, message="", paused=False)
        self.end()
        yield self._tally.now

    def end(self) -> None:
        """Let the threads go and note how the run ended; a second call does nothing."""
        if self._intake is not None:
            self._intake.stop()
            self._intake = None
        if self._id:
            now = self._tally.now
            state = now.stage if now.stage in ("done", "cancelled") else "failed"
            with contextlib.suppress(LibraryError):  # which is being told already
                self._catalogue.save_run(self._id, asdict(now), state)
                self._catalogue.tidy()
            self._id = 0

    def _walk(
        self, where: Sequence[Scope], ignore: Sequence[str], accept_loss: bool
    ) -> Generator[Progress, None, Plan]:
        walking = plan(
            self._catalogue,
            where,
            self._space.fingerprint,
            self._space.encoders.keys(),
            suffixes(),
            ignore=ignore,
            accept_loss=accept_loss,
            control=self._control,
        )
        yield self._tally.now
        while True:
            try:
                made, path = next(walking)
            except StopIteration as end:
                complete: Plan = end.value
                return complete
            yield self._tally.set(done=made.seen, skipped=made.skipped, current=path)
            while self._control.paused and not self._control.cancelled:
                time.sleep(_HEARTBEAT)
                yield replace(self._tally.now, paused=True)

    def _work(self, made: Plan) -> Iterator[Progress]:
        """Read, encode and commit."""
        self._tally.set(
            stage="encode",
            done=0,
            total=len(made.jobs),
            skipped=made.skipped,
            missing=len(made.missing),
            doubtful=made.doubtful,
            returned=len(made.returned),
            failed=len(made.troubles),
            current="",
        )
        for warning in made.warnings:
            self._tally.warn(warning)
        intake = self._intake = self._hands(samples_first(made.jobs))
        self._pace = Pace(self._costs, Counter(job.guess for job in made.jobs))
        intake.start()
        yield self._tally.now
        while (results := intake.take(_HEARTBEAT)) is not None:
            paused = self._control.paused
            if paused and not results:
                self._pace.hold(intake.worked)
            else:
                self._pace.tick(intake.worked)
            if results:
                kept = self._commits.keep(results)
                for job in kept.again:
                    intake.again(job)
                self._measure(kept.done)
                self._tally.count(done=len(kept.done))
                if kept.done:
                    self._tally.set(current=kept.done[-1].job.path)
            self._tally.set(rate=self._pace.rate, left=self._pace.left, paused=paused)
            self._note()
            if time.monotonic() - self._freed > _HOLD:
                give_back()
                self._freed = time.monotonic()
            yield self._tally.now
            self._tally.set(message="")
            if self._control.cancelled:
                return

    def _hands(self, jobs: Sequence[Job]) -> Intake | Crew:
        """Who reads and encodes: threads of this process, or workers."""
        space, control = self._space, self._control
        if self._workers is None:
            twin = self._commits.has_twin
            return Intake(jobs, space, control, readers.read, readers.detect, twin)
        known = self._catalogue.hashes(space.fingerprint)
        return Crew(jobs, space, control, self._workers, known)

    def _measure(self, done: Sequence[Result]) -> None:
        for result in done:
            guess, encoded = result.job.guess, isinstance(result, Encoded)
            if not (isinstance(result, Encoded) and result.first):
                self._costs.add(guess, result.seconds, encoded=encoded)
            self._pace.step(guess, result.seconds)

    def _note(self) -> None:
        """Note the progress in the catalogue, now and then."""
        if time.monotonic() - self._saved > _KEEP:
            self._catalogue.save_run(self._id, asdict(self._tally.now))
            self._saved = time.monotonic()


def samples_first(jobs: Sequence[Job]) -> list[Job]:
    """Two batches of each modality before all others, so that the time left is soon known.

    One is what its encoder is loaded for, the other is measured.
    """
    taken: Counter[Modality] = Counter()
    first: list[Job] = []
    rest: list[Job] = []
    for job in jobs:
        few = taken[job.guess] < 2 * BATCH[job.guess]
        (first if few else rest).append(job)
        taken[job.guess] += few
    return first + rest
