"""The demo library, indexed and ready to search."""

from collections.abc import Callable, Iterator
from pathlib import Path

from xmr_core.demo import make
from xmr_core.indexing import Control, Progress, follow
from xmr_core.library import Library
from xmr_core.paths import indexes_dir

NAME = "demo"
_MEDIA = "demo-media"
_IGNORE = ("CREDITS.md",)
_STAGES = {"make": "making the demo's files", "load": "loading the models"}

Tell = Callable[[str, int, int], None]


def media_dir(home: Path | None = None) -> Path:
    """Where the demo's files are, beside the libraries."""
    return (home or indexes_dir()) / _MEDIA


def build_demo(
    progress: Tell | None = None, home: Path | None = None, control: Control | None = None
) -> str:
    """Make the demo's files and index them; quick when that was done before.

    Args:
        progress: told (stage, done, total).
        home: the folder of libraries; the default one if None.
        control: pauses or cancels the run.

    Returns:
        The library's name.
    """
    for event in demo_run(home, control):
        if progress is not None:
            progress(_STAGES.get(event.stage, "indexing the demo"), event.done, event.total)
    return NAME


def demo_run(home: Path | None = None, control: Control | None = None) -> Iterator[Progress]:
    """The same as a run: its first stage is ``make``, the others those of an index run."""
    control = control or Control()
    folder = media_dir(home)
    made = yield from follow(
        lambda tell: make(folder, lambda done, total, _: tell(done, total)), "make", control
    )
    if made is None:
        yield Progress("cancelled")
        return
    exists = NAME in Library.names(home)
    with Library.open(NAME, home) if exists else Library.create(NAME, home=home) as library:
        yield from library.index(folder, control=control, ignore=_IGNORE)
