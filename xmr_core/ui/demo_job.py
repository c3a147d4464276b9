"""Building the demo library as a job that any page may start."""

from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.jobs import Job
from xmr_core.ui.run_words import run_state

WHAT = "Building the demo"


def start(context: Context) -> Job:
    """Make the demo's files and index them; a second call while that goes on joins it."""
    from xmr_core.demo.library import NAME, demo_run

    job = context.jobs.get(NAME)
    if job is not None and job.active:
        return job
    return context.jobs.start(NAME, WHAT, lambda control: demo_run(context.home, control))


def actions(context: Context) -> dict[str, Action]:
    """``demo-build`` → ``{"library": …, "run": …}``."""

    def build(_: Plain) -> Plain:
        job = start(context)
        return {"library": job.library, "run": run_state(job)}

    return {"demo-build": build}
