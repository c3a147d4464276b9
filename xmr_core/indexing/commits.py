"""What a run keeps: results in the catalogue, and thumbnails beside it."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from xmr_core.catalogue import Catalogue, Record
from xmr_core.errors import LibraryError
from xmr_core.indexing.holding import os_error
from xmr_core.indexing.jobs import Encoded, Job, Outcome, Result, Trouble
from xmr_core.indexing.planning import MODEL_TROUBLE, Plan
from xmr_core.indexing.progress import Tally
from xmr_core.space import JointSpace

THUMBS = (".webp", ".turn.webp")
"""The ends of the names of an item's thumbnails; its id comes before."""


@dataclass(slots=True)
class Kept:
    """What became of some results.

    Attributes:
        done: results that are done with.
        again: jobs to be looked into once more.
    """

    done: list[Result] = field(default_factory=list)
    again: list[Job] = field(default_factory=list)


class Commits:
    """Commits the results of one run, a batch in a transaction.

    Args:
        catalogue: of the library.
        space: that its vectors are in.
        thumbs: folder for thumbnails.
        tally: counts what happens.
    """

    def __init__(self, catalogue: Catalogue, space: JointSpace, thumbs: Path, tally: Tally) -> None:
        self._catalogue, self._space, self._thumbs, self._tally = catalogue, space, thumbs, tally
        self._gone: set[int] = set()  # marked as missing by this run

    def prepare(self) -> None:
        """See to the folder of thumbnails.

        Raises:
            LibraryReadOnly, DiskFull: it cannot be written.
        """
        try:
            self._thumbs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise os_error(error, self._thumbs) from error
        for left in self._thumbs.glob(".*.part"):  # by a run that was killed
            left.unlink(missing_ok=True)

    def apply(self, made: Plan) -> None:
        """What needs no reading: files that are gone, that are back, and failures that are over."""
        catalogue = self._catalogue
        self._gone = set(made.missing)
        with catalogue.transaction():
            catalogue.set_missing(made.missing, True)
            catalogue.set_missing(made.returned, False)
            catalogue.forget_failures(made.forget)
            for root_id, path, trouble in made.troubles:
                catalogue.add_failure(root_id, path, trouble.kind, trouble.reason, trouble.hint)

    def keep(self, results: Sequence[Result]) -> Kept:
        """Keep results, all or none.

        Raises:
            LibraryReadOnly, DiskFull, LibraryDamaged: none was kept, or counted.
        """
        before = self._tally.now
        kept = Kept()
        try:
            with self._catalogue.transaction():
                for result in results:
                    again = self._keep(result)
                    if again is None:
                        kept.done.append(result)
                    else:
                        kept.again.append(again)
        except OSError as error:
            self._tally.now = before
            raise os_error(error, self._thumbs) from error
        except LibraryError:
            self._tally.now = before
            raise
        return kept

    def has_twin(self, hash: str, job: Job) -> bool:
        """Whether another item has the content of this hash, to be read the same way."""
        return self._twin(hash, job) is not None

    def _twin(self, hash: str, job: Job) -> tuple[int, bool] | None:
        """An item with this content in this space, and whether its file is gone.

        The suffix must be the same too: it settles how the same characters are read.
        """
        suffix = PurePosixPath(job.path).suffix.lower()
        for id, root_id, path, missing in self._catalogue.with_hash(hash, self._space.fingerprint):
            elsewhere = (root_id, path) != (job.root_id, job.path)
            if elsewhere and PurePosixPath(path).suffix.lower() == suffix:
                # Of a run over a part, what lies outside it is not known to be missing.
                here = root_id == job.root_id
                return id, missing or (here and not os.path.lexists(job.root / path))
        return None

    def _keep(self, result: Result) -> Job | None:
        """Keep one result; where its job is to be done again, that job."""
        if isinstance(result, Encoded):
            self._keep_encoded(result)
        elif result.same and result.job.known is not None:
            job, known = result.job, result.job.known
            item = self._catalogue.item(known.id)
            if item is None or item.file != job.file:  # another file of this run took it over
                return replace(job, known=None)
            self._catalogue.move(known.id, job.root_id, job.path, result.size, result.mtime_ns)
            if known.missing:
                self._tally.count(returned=1)
            else:
                self._tally.count(skipped=1)
        elif result.twin:
            twin = self._twin(result.hash, result.job)
            if twin is None:  # it changed in the meantime
                return replace(result.job, alone=True)
            self._keep_twin(result, *twin)
        elif result.waiting:
            self._tally.count(waiting=1)
        elif result.trouble is not None:
            self._keep_trouble(result, result.trouble)
        return None

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
                space=self._space.fingerprint,
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
        self._count_new(job)

    def _keep_twin(self, outcome: Outcome, id: int, missing: bool) -> None:
        job = outcome.job
        where = (job.root_id, job.path, outcome.size, outcome.mtime_ns)
        if missing:
            self._catalogue.move(id, *where)
            self._tally.count(moved=1, missing=-1 if id in self._gone else 0)
            self._gone.discard(id)
            return
        copy = self._catalogue.copy(id, *where)
        for end in THUMBS:
            source = self._thumbs / f"{id}{end}"
            data = source.read_bytes() if source.is_file() else None
            self._write_thumb(self._thumbs / f"{copy}{end}", data)
        self._count_new(job)

    def _count_new(self, job: Job) -> None:
        if job.known is None:
            self._tally.count(added=1)
        else:
            self._tally.count(changed=1)

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
        self._tally.count(failed=1)
        if trouble.kind in MODEL_TROUBLE:  # one thing to say, however many files it hits
            self._tally.warn(f"{outcome.modality}: {trouble.reason}. {trouble.hint}".strip())

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
