"""Starting, watching and steering the runs of libraries, and estimating them beforehand."""

import shutil
from collections.abc import Callable, Iterator, Sequence

from xmr_core.errors import LibraryReadOnly, XMRError
from xmr_core.indexing import Control, Estimate, Progress, is_held
from xmr_core.library import Library
from xmr_core.paths import indexes_dir
from xmr_core.ui import duplicates, fields, folders, profile_words
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.estimates import Estimates, Tell
from xmr_core.ui.jobs import Job, State
from xmr_core.ui.run_words import kept_state, run_state
from xmr_core.ui.words import NAMES, ORDER, count, size, span

_SPARE = 200_000_000  # bytes that a disk should have left after a run
_PATTERNS = 100_000  # characters of all patterns together


def patterns(payload: Plain) -> list[str]:
    """The field of patterns, one a line, as a list.

    >>> patterns({"ignore": " *.tmp\\n\\ndrafts/ "})
    ['*.tmp', 'drafts/']
    """
    text = fields.text(payload, "ignore", _PATTERNS)
    return [line.strip() for line in text.splitlines() if line.strip()]


class Runs:
    """The runs of all libraries.

    Args:
        context: of this server.
    """

    def __init__(self, context: Context) -> None:
        self.shelf, self.jobs, self.home = context.shelf, context.jobs, context.home
        self.estimates = Estimates()

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "run": self._run,
            "run-start": self._start,
            "run-profile": self._profile,
            "run-retry": self._retry,
            "run-again": self._again,
            "run-pause": self._steer(Job.pause),
            "run-resume": self._steer(Job.resume),
            "run-cancel": self._steer(Job.cancel),
            "run-dismiss": self._dismiss,
            "estimate-start": self._estimate,
            "estimate": self._estimated,
            "estimate-stop": self._stop,
        }

    # -- runs

    def state(self, name: str) -> Plain | None:
        """What goes on with a library, or went on last; None if nothing worth telling."""
        if (job := self.jobs.get(name)) is not None:
            if job.what != duplicates.WHAT or job.state is not State.DONE:
                return run_state(job)
            return run_state(job) | duplicates.found(self.shelf.get(name))
        try:
            catalogue = self.shelf.get(name).catalogue
            return kept_state(name, next(iter(catalogue.runs(1)), None), is_held(catalogue))
        except XMRError:  # its sheet tells what is wrong with it
            return None

    def _run(self, payload: Plain) -> Plain:
        """A library's run, and how many items it has by now."""
        name = fields.text(payload, "library")
        try:
            counts = {str(m): n for m, n in self.shelf.get(name).counts().items()}
        except XMRError:  # it is being made, or cannot be opened
            counts = {}
        return {"run": self.state(name), "counts": counts}

    def index(
        self,
        library: Library,
        where: Sequence[str] = (),
        *,
        accept_loss: bool = False,
        what: str = "Indexing",
    ) -> Plain:
        """Start an index run over folders, all of the library's if none are given."""
        self._check_writable(library)

        def work(control: Control) -> Iterator[Progress]:
            return library.index(*where, control=control, accept_loss=accept_loss)

        return run_state(self.jobs.start(library.name, what, work))

    def _start(self, payload: Plain) -> Plain:
        named, loss = fields.texts(payload, "folders"), fields.truth(payload, "accept_loss")
        ignore = patterns(payload) if payload.get("ignore") is not None else None
        library = self.shelf.get(fields.text(payload, "library"))
        where = [str(folders.given(folder)) for folder in named]
        if ignore is not None:
            self._check_writable(library)
            library.keep_patterns(ignore)
        what = "Indexing" if where else "Looking for changes"
        return {"run": self.index(library, where, accept_loss=loss, what=what)}

    def _profile(self, payload: Plain) -> Plain:
        """Change the profile; what cannot be had is told at once, and nothing is begun."""
        name = fields.text(payload, "profile").strip()
        library = self.shelf.get(fields.text(payload, "library"))
        self._check_writable(library)
        self.jobs.check_idle(library.name)
        profile_words.check_can_be_had(name)
        job = self.jobs.start(
            library.name,
            f"Changing to {profile_words.title(name)}",
            lambda control: library.set_profile(name, control),
        )
        return {"run": run_state(job)}

    def _retry(self, payload: Plain) -> Plain:
        """Try failed files again: those with the ids given, or all of them."""
        ids = fields.wholes(payload, "ids")
        library = self.shelf.get(fields.text(payload, "library"))
        chosen = None if ids is None else set(ids)
        self._check_writable(library)
        self.jobs.check_idle(library.name)
        failed = [f for f in library.failures() if chosen is None or f.id in chosen]
        library.retry_failures(None if chosen is None else sorted(chosen))
        where: set[str] = set()
        if chosen is not None:
            where = {str(failure.file.parent) for failure in failed}
            if any(not failure.file.parent.is_dir() for failure in failed):
                where = set()  # a folder went with its file: the whole root is gone through
        return {"run": self.index(library, sorted(where), what="Trying again")}

    def _again(self, payload: Plain) -> Plain:
        """Take up a run that was cancelled or failed."""
        name = fields.text(payload, "library")
        if self.jobs.get(name) is not None:
            return {"run": run_state(self.jobs.again(name))}
        return {"run": self.index(self.shelf.get(name))}

    def _steer(self, turn: Callable[[Job], None]) -> Action:
        def steer(payload: Plain) -> Plain:
            name = fields.text(payload, "library")
            if (job := self.jobs.get(name)) is not None:
                turn(job)
            return {"run": self.state(name)}

        return steer

    def _dismiss(self, payload: Plain) -> Plain:
        self.jobs.forget(fields.text(payload, "library"))
        return {"run": None}

    def _check_writable(self, library: Library) -> None:
        if library.catalogue.read_only:
            raise LibraryReadOnly(
                f"The library '{library.name}' cannot be written.",
                "Give yourself write permission on its folder, or copy it elsewhere.",
            )

    # -- estimates

    def _estimate(self, payload: Plain) -> Plain:
        """Begin to look through folders: for a library, or for a new one if none is named."""
        name, ignore = fields.text(payload, "library"), patterns(payload)
        where = [str(folders.given(folder)) for folder in fields.texts(payload, "folders")]

        def look(control: Control, tell: Tell) -> Estimate:
            if not name:
                return Library.preview(*where, ignore=ignore, control=control, tell=tell)
            library = self.shelf.get(name)
            return library.estimate(*where, ignore=ignore, control=control, tell=tell)

        return {"number": self.estimates.start(look)}

    def _estimated(self, payload: Plain) -> Plain:
        """How far an estimate is, or what it found."""
        looking = self.estimates.get(fields.whole(payload, "number", 0))
        if looking.error is not None:
            raise looking.error
        found = None if looking.result is None else estimate_words(looking.result, self._free())
        return {"seen": count(looking.seen, "file"), "found": found}

    def _stop(self, payload: Plain) -> Plain:
        self.estimates.stop(fields.whole(payload, "number", 0))
        return {}

    def _free(self) -> int:
        """Bytes that the disk of the libraries has left."""
        folder = self.home or indexes_dir()
        there = next(path for path in (folder, *folder.parents) if path.exists())
        return shutil.disk_usage(there).free


def estimate_words(found: Estimate, free: int) -> Plain:
    """What a run would find and cost, in words.

    Args:
        found: the estimate.
        free: bytes that the disk of the libraries has left.
    """
    total = sum(found.files.values())
    todo = found.new + found.changed
    warnings = list(found.warnings)
    if total == 0:
        warnings.append("No pictures, sounds, videos, texts or 3D models were found here.")
    if found.disk + _SPARE > free:
        warnings.append(f"The disk that holds the libraries has only {size(free)} left.")
    return {
        "media": [
            {"m": str(m), "n": f"{n:,}", "word": NAMES[m][n != 1]}
            for m, n in ((m, found.files.get(m, 0)) for m in ORDER)
        ],
        "total": total,
        "todo": todo,
        "line": f"{count(total, 'file')}, {size(found.bytes)}",
        "work": _work(found, total),
        "time": f"about {span(found.seconds)}" if todo else "no time",
        "disk": f"about {size(found.disk)}" if todo else "nothing",
        "free": size(free),
        "warnings": warnings,
        "loss": found.doubtful > 0,
    }


def _work(found: Estimate, total: int) -> str:
    if not total:
        return ""
    if not found.new and not found.changed:
        return "All of them are known and unchanged."
    if found.new == total:
        return "All of them are new."
    parts = [f"{found.new:,} new"] if found.new else []
    parts += [f"{found.changed:,} changed"] if found.changed else []
    return f"{' and '.join(parts)}, the others are known."
