"""What every page works on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xmr_core.ui.exports import Exports
from xmr_core.ui.jobs import JobBoard
from xmr_core.ui.shelf import Shelf
from xmr_core.ui.uploads import Uploads
from xmr_core.ui.watches import Watches

Plain = dict[str, Any]
"""What travels between page and server: whatever JSON can say."""
Action = Callable[[Plain], Plain]
"""One thing that a page asks of the server; runs in a thread of its own."""


@dataclass(frozen=True, slots=True)
class Context:
    """One server's state, shared by all tabs.

    Attributes:
        shelf: the open libraries.
        jobs: the runs.
        uploads: the files that pages handed over as queries.
        exports: answers that were written to files.
        home: the folder of libraries; the default one if None.
        start: the library to open first.
        watches: the libraries whose folders are watched.
        local: only this machine can reach the server, so that its file manager may be opened.
    """

    shelf: Shelf
    jobs: JobBoard = field(default_factory=JobBoard)
    uploads: Uploads = field(default_factory=Uploads)
    exports: Exports = field(default_factory=Exports)
    home: Path | None = None
    start: str | None = None
    local: bool = True
    watches: Watches = field(init=False)
    _boards: list[JobBoard] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "watches", Watches(self.shelf, self.jobs))

    def board(self) -> JobBoard:
        """Another board, for what goes on beside the runs; closed with the rest."""
        self._boards.append(board := JobBoard())
        return board

    def close(self) -> None:
        """Stop what goes on, then let go of files and libraries."""
        self.watches.close()
        for board in (*self._boards, self.jobs):
            board.close()
        self.uploads.close()
        self.exports.close()
        self.shelf.close()
