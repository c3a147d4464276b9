"""Work beside the runs: it changes nothing that they change, so that both go on at once."""

from collections.abc import Callable
from contextlib import suppress

from xmr_core.errors import LibraryBusy
from xmr_core.library import Library
from xmr_core.ui.context import Plain
from xmr_core.ui.jobs import JobBoard, Work


class SideJobs:
    """One kind of such work, at most one at a time for each library; who asks again joins it.

    Args:
        board: its own: a page that waits for it must not show the run of somebody else.
        what: for people, such as ``Linking items``.
        work: of a library.
    """

    def __init__(self, board: JobBoard, what: str, work: Callable[[Library], Work]) -> None:
        self._board = board
        self._what = what
        self._work = work

    def join(self, library: Library) -> Plain | None:
        """Begin it, or join who does it already; how far it is."""
        with suppress(LibraryBusy):  # under way: its state is what is asked for
            self._board.start(_key(library), self._what, self._work(library))
        return self.told(library)

    def cancel(self, library: Library) -> Plain | None:
        """Stop it; how far it came."""
        if (job := self._board.get(_key(library))) is not None:
            job.cancel()
        return self.told(library)

    def told(self, library: Library) -> Plain | None:
        """How far it is, as `Job.told`; None where there was none."""
        job = self._board.get(_key(library))
        return None if job is None else job.told()


def _key(library: Library) -> str:
    """What its job is called: another library of this name has no part in it."""
    return f"{library.name} {library.identity}"
