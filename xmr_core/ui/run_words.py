"""A run in words and numbers, as the pages show it."""

import time
from dataclasses import fields
from typing import Any

from xmr_core.catalogue import Run
from xmr_core.errors import RootMissing
from xmr_core.indexing import Progress
from xmr_core.ui.context import Plain
from xmr_core.ui.jobs import Job, State
from xmr_core.ui.words import count, size, span

COUNTS: dict[str, str] = {
    "added": "added",
    "changed": "encoded again",
    "skipped": "unchanged",
    "moved": "moved",
    "returned": "back again",
    "missing": "missing",
    "waiting": "still being written",
    "failed": "failed",
}
"""The numbers of a run, in the order they are shown, with their words."""

ELSEWHERE = "elsewhere"
"""The state of a run that another process does."""
UNFINISHED = "unfinished"
"""The state of a run that was cancelled, or whose process died, before this server began."""


def run_state(job: Job) -> Plain:
    """A job of this server as plain data."""
    state = _plain(job.state.value, job.what, job.progress or Progress("start"))
    ended = job.finished or time.time()
    state |= {
        "id": job.number,
        "library": job.library,
        "active": job.active,
        "took": span(ended - job.started),
    }
    if job.state is State.PAUSED and not (job.progress and job.progress.paused):
        state["line"] = "Pausing after what is in hand …"
    if job.control.cancelled and job.active:
        state["line"] = "Stopping after what is in hand …"
        state["stopping"] = True
    if job.error is not None:
        state["error"] = {
            "message": job.error.message,
            "hint": job.error.hint,
            "kind": type(job.error).__name__,
        }
    if isinstance(job.error, RootMissing) or (job.progress and job.progress.doubtful):
        state["loss"] = not job.active
    return state


def kept_state(library: str, run: Run | None, elsewhere: bool) -> Plain | None:
    """A run that the catalogue knows of and this server does not; None if there is no news in it.

    Args:
        library: its name.
        run: the latest in the catalogue.
        elsewhere: another process holds the library.
    """
    if run is None or (run.state == "done" and not elsewhere):
        return None
    known = {field.name for field in fields(Progress)}
    values: dict[str, Any] = {k: v for k, v in run.progress.items() if k in known}
    values["warnings"] = tuple(values.get("warnings", ()))
    progress = Progress(**{"stage": "walk", **values})
    state = _plain(ELSEWHERE if elsewhere else UNFINISHED, "Indexing", progress)
    ended = run.finished or time.time()
    state |= {"id": 0, "library": library, "active": False, "took": span(ended - run.started)}
    if elsewhere:
        state["what"] = f"Another process (number {run.pid}) indexes this library"
    else:
        state["what"] = "The last run did not come to its end"
        state["line"] = "What it did is kept. Take it up again, and it goes on from there."
    return state


def _plain(state: str, what: str, progress: Progress) -> Plain:
    return {
        "state": state,
        "what": what,
        "stage": progress.stage,
        "share": _share(state, progress),
        "line": _line(state, progress),
        "rate": f"{progress.rate:,.1f} files a second" if progress.rate else "",
        "left": f"about {span(progress.left)} left" if _telling(progress) else "",
        "counts": [
            {"name": name, "word": word, "n": getattr(progress, name)}
            for name, word in COUNTS.items()
            if getattr(progress, name)
        ],
        "current": progress.current,
        "warnings": list(progress.warnings),
        "doubtful": progress.doubtful,
        "loss": False,
        "show": "",
        "stopping": False,
        "error": None,
    }


def _telling(progress: Progress) -> bool:
    """Whether the time left means something: at first it is that of reading the models."""
    return progress.left > 0 and progress.done >= min(10, progress.total / 20)


def _share(state: str, progress: Progress) -> float | None:
    """How much is done, 0…1; None where that cannot be told."""
    if state == State.DONE:
        return 1.0
    if progress.total:
        return min(1.0, progress.done / progress.total)
    return 0.0 if state in {State.CANCELLED, State.FAILED, UNFINISHED} else None


def _line(state: str, progress: Progress) -> str:
    """What goes on, in one line."""
    done, total = progress.done, progress.total
    if state == State.DONE:
        changes = sum(
            getattr(progress, name) for name in COUNTS if name not in {"skipped", "failed"}
        )
        if not changes and not progress.failed:
            return "No file is new or changed." if progress.warnings else "All is up to date."
        return f"{count(done, 'file')} gone through."
    if state == State.CANCELLED:
        return "What was done until then is kept, and can be searched."
    if state == State.FAILED:
        return "What was done until then is kept."
    match progress.stage:
        case "make":
            return f"Making the demo's files: {done:,} of {total:,}" if total else "Making files …"
        case "load" if total:
            return f"Fetching the profile: {size(done)} of {size(total)}"
        case "load":
            return "Loading the profile …"
        case "walk":
            return f"Looking through the folders: {count(done, 'file')} seen"
        case "encode" if total:
            return f"Reading and encoding: {done:,} of {count(total, 'file')}"
        case "project":
            return f"Carrying over what is known: {done:,} of {count(total, 'item')}"
        case "compare":
            return "Comparing all with all …"
        case "link":
            return f"Linking items: {done:,} of {total:,}" if total else "Linking items …"
        case "look":
            return f"Looking into files: {done:,} of {total:,}"
        case _:
            return "Starting …"
