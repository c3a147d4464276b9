"""The inside of an index run: its stages, its counters, and what it commits."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from statistics import fmean

import numpy as np

from xmr_core import readers
from xmr_core.catalogue import Catalogue, Record
from xmr_core.errors import DiskFull, LibraryError, LibraryReadOnly
from xmr_core.indexing.intake import Encoded, Intake, Result
from xmr_core.indexing.planning import MODEL_TROUBLE, Plan, Scope, plan, scopes
from xmr_core.indexing.progress import Control, Pace, Progress
from xmr_core.indexing.reading import Job, Outcome, Trouble
from xmr_core.media import Modality
from xmr_core.space import JointSpace

# Until this machine has measured its own; from the demo library on two cores.
_SECONDS = {
    Modality.TEXT: 0.05,
    Modality.IMAGE: 0.04,
    Modality.AUDIO: 0.3,
    Modality.VIDEO: 2.0,
    Modality.MESH: 1.0,
}
# For estimates alone; what a file is, its content says.
_PROMISED = {
    suffix: modality
    for modality, all_of_it in {
        Modality.IMAGE: ".jpg .jpeg .jpe .jfif .png .webp .gif .bmp .tif .tiff .heic .heif .avif",
        Modality.AUDIO: ".wav .flac .ogg .oga .opus .mp3 .m4a .aac",
        Modality.VIDEO: ".mp4 .m4v .mkv .webm .mov .avi .ogv",
        Modality.MESH: ".glb .gltf .obj .stl .ply .off .3mf .dae",
    }.items()
    for suffix in all_of_it.split()
}
_HEARTBEAT = 0.25  # seconds between two signs of life
_KEEP = 2.0  # seconds between two notes of the progress in the catalogue
_MEASURED = 5  # files of a modality whose mean says something about this machine
THUMBS = (".webp", ".turn.webp")
"""The ends of the names of an item's thumbnails; its id comes before."""


def expected_costs(catalogue: Catalogue) -> dict[Modality, float]:
    """Seconds that a file takes, by modality: as measured here, or by default."""
    measured = json.loads(catalogue.meta("costs") or "{}")
    return {m: float(measured.get(m, _SECONDS[m])) for m in Modality}


def suffixes() -> dict[str, Modality]:
    """The suffixes that a walk looks at, with the modality that each promises."""
    return {suffix: _PROMISED.get(suffix, Modality.TEXT) for suffix in readers.SUFFIXES}


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
        self, catalogue: Catalogue, space: JointSpace, control: Control, thumbs: Path
    ) -> None:
        self._catalogue, self._space, self._control = catalogue, space, control
        self._thumbs = thumbs
        self._mark = space.fingerprint
        self._now = Progress("walk")
        self._costs = expected_costs(catalogue)
        self._spent: dict[Modality, list[float]] = {m: [] for m in Modality}
        self._told: set[str] = set()
        self._gone: set[int] = set()  # marked as missing by this run
        self._intake: Intake | None = None
        self._saved = time.monotonic()
        self._id = catalogue.start_run()

    def go(
        self, folders: Sequence[Path], ignore: Sequence[str], accept_loss: bool
    ) -> Iterator[Progress]:
        """The stages, one after the other."""
        try:
            yield from self._go(folders, ignore, accept_loss)
        except (GeneratorExit, KeyboardInterrupt):  # nobody follows it any more
            self._now = replace(self._now, stage="cancelled")
            raise

    def _go(
        self, folders: Sequence[Path], ignore: Sequence[str], accept_loss: bool
    ) -> Iterator[Progress]:
        try:
            self._thumbs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise os_error(error, self._thumbs) from error
        for left in self._thumbs.glob(".*.part"):  # by a run that was killed
            left.unlink(missing_ok=True)
        where = scopes(self._catalogue, folders)
        active = self._catalogue.meta("fingerprint")
        if active is None:
            self._catalogue.activate(self._mark)
        elif active != self._mark:
            where = scopes(self._catalogue, [root.path for root in self._catalogue.roots()])
            yield from project(self._catalogue, self._space, self._control)
        made = yield from self._walk(where, ignore, accept_loss)
        if not self._control.cancelled:
            self._apply(made)
            yield from self._work(made)
        stage = "cancelled" if self._control.cancelled else "done"
        if stage == "done":
            self._catalogue.activate(self._mark)
            self._keep_costs()
        self._now = replace(self._now, stage=stage, left=0.0, message="", paused=False)
        self.end()
        yield self._now

    def end(self) -> None:
        """Let the threads go and note how the run ended; a second call does nothing."""
        if self._intake is not None:
            self._intake.stop()
            self._intake = None
        if self._id:
            state = self._now.stage if self._now.stage in ("done", "cancelled") else "failed"
            with contextlib.suppress(LibraryError):  # which is being told already
                self._catalogue.save_run(self._id, asdict(self._now), state)
                self._catalogue.tidy()
            self._id = 0

    # -- walking

    def _walk(
        self, where: Sequence[Scope], ignore: Sequence[str], accept_loss: bool
    ) -> Generator[Progress, None, Plan]:
        walking = plan(
            self._catalogue,
            where,
            self._mark,
            self._space.encoders.keys(),
            suffixes(),
            ignore=ignore,
            accept_loss=accept_loss,
            control=self._control,
        )
        yield self._now
        while True:
            try:
                made, path = next(walking)
            except StopIteration as end:
                complete: Plan = end.value
                return complete
            self._now = replace(self._now, done=made.seen, skipped=made.skipped, current=path)
            yield self._now
            while self._control.paused and not self._control.cancelled:
                time.sleep(_HEARTBEAT)
                yield replace(self._now, paused=True)

    def _apply(self, made: Plan) -> None:
        """What needs no reading: files that are gone, that are back, and failures that are over."""
        catalogue = self._catalogue
        self._gone = set(made.missing)
        with catalogue.transaction():
            catalogue.set_missing(made.missing, True)
            catalogue.set_missing(made.returned, False)
            catalogue.forget_failures(made.forget)
            for root_id, path, trouble in made.troubles:
                catalogue.add_failure(root_id, path, trouble.kind, trouble.reason, trouble.hint)
        self._now = replace(
            self._now,
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
            self._tell(warning)

    # -- reading and encoding

    def _work(self, made: Plan) -> Iterator[Progress]:
        pace = Pace(self._costs, sum(self._costs[job.guess] for job in made.jobs))
        self._intake = Intake(
            made.jobs, self._space, self._control, readers.read, readers.detect, self._has_twin
        )
        self._intake.start()
        yield self._now
        while (results := self._intake.take(_HEARTBEAT)) is not None:
            paused = self._control.paused
            if results:
                handled = self._commit(results)
                for job in handled:
                    pace.step(job.guess)
                self._now = replace(
                    self._now,
                    done=self._now.done + len(handled),
                    current=handled[-1].path if handled else self._now.current,
                )
            elif paused:
                pace.hold()
            else:
                pace.tick()
            self._now = replace(self._now, rate=pace.rate, left=pace.left, paused=paused)
            self._note()
            yield self._now
            self._now = replace(self._now, message="")
            if self._control.cancelled:
                return

    def _has_twin(self, hash: str, job: Job) -> bool:
        return self._twin(hash, job) is not None

    def _twin(self, hash: str, job: Job) -> tuple[int, bool] | None:
        """An item with this content in this space, and whether its file is gone.

        The suffix must be the same too: it settles how the same characters are read.
        """
        suffix = PurePosixPath(job.path).suffix.lower()
        for id, root_id, path, missing in self._catalogue.with_hash(hash, self._mark):
            elsewhere = (root_id, path) != (job.root_id, job.path)
            if elsewhere and PurePosixPath(path).suffix.lower() == suffix:
                return id, missing
        return None

    # -- committing

    def _commit(self, results: Sequence[Result]) -> list[Job]:
        """Keep results, all or none; the jobs that are done with."""
        before = self._now
        try:
            with self._catalogue.transaction():
                return [job for result in results if (job := self._keep(result)) is not None]
        except OSError as error:
            self._now = before
            raise os_error(error, self._thumbs) from error
        except LibraryError:
            self._now = before
            raise

    def _keep(self, result: Result) -> Job | None:
        """Keep one result; None where its job was put back."""
        if isinstance(result, Encoded):
            self._keep_encoded(result)
            return result.outcome.job
        job = result.job
        if result.same and job.known is not None:
            item = self._catalogue.item(job.known.id)
            if item is None or item.file != job.file:  # another file of this run took it over
                self._put_back(replace(job, known=None))
                return None
            self._catalogue.move(job.known.id, job.root_id, job.path, result.size, result.mtime_ns)
            if job.known.missing:
                self._count(returned=1)
            else:
                self._count(skipped=1)
        elif result.twin:
            twin = self._twin(result.hash, job)
            if twin is None:  # it changed in the meantime
                self._put_back(replace(job, alone=True))
                return None
            self._keep_twin(result, *twin)
        elif result.waiting:
            self._count(waiting=1)
        elif result.trouble is not None:
            self._keep_trouble(result, result.trouble)
        return job

    def _put_back(self, job: Job) -> None:
        if self._intake is not None:
            self._intake.again(job)

    def _keep_encoded(self, result: Encoded) -> None:
        outcome = result.outcome
        job, modality = outcome.job, outcome.modality or outcome.job.guess
        id = self._catalogue.put(
            Record(
                root_id=job.root_id,
                path=job.path,
                modality=modality,
                size=outcome.size,
                mtime_ns=outcome.mtime_ns,
                hash=outcome.hash,
                encoder=self._space.encoders[modality].fingerprint,
                space=self._mark,
                features=result.features,
                joint=result.joint,
                parts=result.parts,
                facts=result.facts,
            )
        )
        # Pictures before the commit: if the process dies in between they belong to no item,
        # and the id, given again, overwrites them.
        for end in THUMBS:
            self._write_thumb(self._thumbs / f"{id}{end}", outcome.thumbs.get(end))
        threads = max(2, os.cpu_count() or 2)
        self._spent[modality].append(result.seconds + outcome.seconds / threads)
        if job.known is None:
            self._count(added=1)
        else:
            self._count(changed=1)

    def _keep_twin(self, outcome: Outcome, id: int, missing: bool) -> None:
        job = outcome.job
        where = (job.root_id, job.path, outcome.size, outcome.mtime_ns)
        if missing:
            self._catalogue.move(id, *where)
            self._count(moved=1, missing=-1 if id in self._gone else 0)
            self._gone.discard(id)
            return
        copy = self._catalogue.copy(id, *where)
        for end in THUMBS:
            source = self._thumbs / f"{id}{end}"
            data = source.read_bytes() if source.is_file() else None
            self._write_thumb(self._thumbs / f"{copy}{end}", data)
        if job.known is None:
            self._count(added=1)
        else:
            self._count(changed=1)

    def _keep_trouble(self, outcome: Outcome, trouble: Trouble) -> None:
        job = outcome.job
        self._catalogue.add_failure(
            job.root_id,
            job.path,
            trouble.kind,
            trouble.reason,
            trouble.hint,
            modality=outcome.modality,
            size=outcome.size,
            mtime_ns=outcome.mtime_ns,
        )
        self._count(failed=1)
        if trouble.kind in MODEL_TROUBLE:  # one thing to say, however many files it hits
            self._tell(f"{outcome.modality}: {trouble.reason}. {trouble.hint}".strip())

    def _write_thumb(self, path: Path, data: bytes | None) -> None:
        if data is None:
            path.unlink(missing_ok=True)
            return
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=self._thumbs)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    # -- telling

    def _count(self, **more: int) -> None:
        values = {name: getattr(self._now, name) + n for name, n in more.items()}
        self._now = replace(self._now, **values)

    def _tell(self, warning: str) -> None:
        if warning not in self._told:
            self._told.add(warning)
            self._now = replace(self._now, message=warning, warnings=(*self._now.warnings, warning))

    def _note(self) -> None:
        """Note the progress in the catalogue, now and then."""
        if time.monotonic() - self._saved > _KEEP:
            self._catalogue.save_run(self._id, asdict(self._now))
            self._saved = time.monotonic()

    def _keep_costs(self) -> None:
        measured = {m: fmean(s) for m, s in self._spent.items() if len(s) >= _MEASURED}
        if measured:
            self._catalogue.set_meta("costs", json.dumps({**self._costs, **measured}))


def os_error(error: OSError, folder: Path) -> LibraryError:
    """A library's folder that does not take what is written to it."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or shutil.disk_usage(there).free == 0:
        return DiskFull(
            f"The disk that holds {folder} is full.",
            "Free some space and start the run again; what was done so far is kept.",
        )
    return LibraryReadOnly(
        f"{folder} cannot be written ({error.strerror or error}).",
        "Give yourself write permission on it, or copy the library elsewhere.",
    )
