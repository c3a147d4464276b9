"""Actions that every page uses: the libraries, the runs, the demo."""

from collections.abc import Mapping

from xmr_core.errors import XMRError
from xmr_core.ui import demo_job
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.jobs import Job, State
from xmr_core.ui.run_words import run_state


def actions(context: Context) -> Mapping[str, Action]:
    """The shell's actions over a context."""
    return {
        "libraries": lambda _: _libraries(context),
        "jobs": lambda _: {"jobs": [job_state(job) for job in context.jobs.all()]},
        "demo.build": lambda _: {"job": job_state(demo_job.start(context))},
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
        "line": run_state(job)["line"],
        "message": job.error.message if job.error else "",
        "hint": job.error.hint if job.error else "",
    }
