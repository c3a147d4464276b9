"""Actions that every page uses: the libraries, the runs, the demo."""

import logging
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress

from xmr_core.errors import XMRError
from xmr_core.indexing import Control, Progress
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.jobs import Job, State
from xmr_core.ui.words import count, span

_log = logging.getLogger(__name__)


def actions(context: Context) -> Mapping[str, Action]:
    """The shell's actions over a context."""
    return {
        "libraries": lambda _: _libraries(context),
        "jobs": lambda _: {"jobs": [job_state(job) for job in context.jobs.all()]},
        "demo.build": lambda _: _build_demo(context),
    }


def _libraries(context: Context) -> Plain:
    listed: list[Plain] = []
    for name in context.shelf.names():
        entry: Plain = {"name": name, "profile": "", "counts": {}, "total": 0, "error": None}
        try:
            library = context.shelf.get(name)
            counts = library.counts()
            entry["profile"] = library.profile
            entry["counts"] = {str(m): n for m, n in counts.items()}
            entry["total"] = sum(counts.values())
        except XMRError as error:  # one damaged library must not hide the others
            entry["error"] = {"message": error.message, "hint": error.hint}
        listed.append(entry)
    return {"libraries": listed, "start": context.start}


def job_state(job: Job) -> Plain:
    """A run, as the pages show it."""
    progress = job.progress
    share: float | None = None
    if progress is not None and progress.total:
        share = progress.done / progress.total
    if job.state is State.DONE:
        share = 1.0
    return {
        "id": f"{job.library}:{job.started}",
        "library": job.library,
        "what": job.what,
        "state": job.state.value,
        "active": job.active,
        "share": share,
        "line": line(job),
        "message": job.error.message if job.error else "",
        "hint": job.error.hint if job.error else "",
    }


def line(job: Job) -> str:
    """One sentence about a run."""
    progress = job.progress
    if progress is None:
        return f"{job.what} is starting."
    if not progress.total:
        seen = count(progress.done, "file")
        return (
            f"{progress.message or job.what}: {seen} so far."
            if progress.done
            else (progress.message or f"{job.what} is starting.")
        )
    left = f", about {span(progress.left)} left" if progress.left else ""
    return f"{progress.message or job.what}: {progress.done:,} of {progress.total:,}{left}."


def _build_demo(context: Context) -> Plain:
    from xmr_core.demo.library import NAME

    job = context.jobs.start(NAME, "Building the demo", lambda control: _demo(context, control))
    return {"job": job_state(job)}


def _demo(context: Context, control: Control) -> Iterator[Progress]:
    """The build as a run: it tells by callback, a run by iteration, so one thread does each."""
    from xmr_core.demo.library import build_demo

    told: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            build_demo(
                lambda stage, done, total: told.put(
                    Progress("encode", done, total, message=stage[:1].upper() + stage[1:])
                ),
                home=context.home,
                control=control,
            )
        except BaseException as error:
            failed.append(error)
        finally:
            told.put(None)

    thread = threading.Thread(target=work, name="demo", daemon=True)
    thread.start()
    last = Progress("walk", message="Making the demo's files")
    yield last
    while (progress := told.get()) is not None:
        last = progress
        yield progress
    thread.join()
    if failed:
        raise failed[0]
    with suppress(XMRError):
        context.shelf.get("demo").counts()
    yield Progress("cancelled" if control.cancelled else "done", last.done, last.total)
