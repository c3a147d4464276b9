"""The demo library, indexed and ready to search."""

from collections.abc import Callable
from pathlib import Path

from xmr_core.demo import make
from xmr_core.indexing import Control
from xmr_core.library import Library
from xmr_core.paths import indexes_dir

NAME = "demo"
_MEDIA = "demo-media"
_IGNORE = ("CREDITS.md",)

Progress = Callable[[str, int, int], None]


def media_dir(home: Path | None = None) -> Path:
    """Where the demo's files are, beside the libraries."""
    return (home or indexes_dir()) / _MEDIA


def build_demo(
    progress: Progress | None = None, home: Path | None = None, control: Control | None = None
) -> str:
    """Make the demo's files and index them; quick when that was done before.

    Args:
        progress: told (stage, done, total).
        home: the folder of libraries; the default one if None.
        control: pauses or cancels the run.

    Returns:
        The library's name.
    """
    say = progress or (lambda stage, done, total: None)
    folder = media_dir(home)
    say("making the demo's files", 0, 0)
    make(folder, lambda done, total, _: say("making the demo's files", done, total))
    exists = NAME in Library.names(home)
    with Library.open(NAME, home) if exists else Library.create(NAME, home=home) as library:
        for event in library.index(folder, control=control, ignore=_IGNORE):
            say("indexing the demo", event.done, event.total)
    return NAME
