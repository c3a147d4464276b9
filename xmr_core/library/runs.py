"""The runs of a library: estimated, indexing, changing the profile, and what failed in them."""

import contextlib
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from pathlib import Path

from xmr_core import indexing
from xmr_core.catalogue import Catalogue, Failure
from xmr_core.indexing import Control, Estimate, Progress, Workers
from xmr_core.library.companions import Companions
from xmr_core.library.folders import media_folder, resolved
from xmr_core.library.places import CATALOGUE
from xmr_core.profiles import describe_profile, load_profile
from xmr_core.space import JointSpace


class Runs(Companions):
    """Everything that fills a library; searches go on meanwhile."""

    def estimate(
        self,
        *folders: Path | str,
        ignore: Sequence[str] | None = None,
        control: Control | None = None,
        tell: Callable[[int, str], None] | None = None,
    ) -> Estimate:
        """What a run over the folders (all roots if none) would find and cost.

        Args:
            folders: new ones are only looked at, not registered.
            ignore: patterns in the syntax of gitignore; those that were kept if None.
            control: cancels.
            tell: called now and then with the number of files seen and a path.

        Raises:
            RootMissing: a new folder is not there.
        """
        # An estimate is not worth a download: without it, the library is taken as up to date
        # with its profile.
        here = self._space is not None or describe_profile(self.profile).download_bytes == 0
        return indexing.estimate(
            self.catalogue,
            self.space if here else None,
            self._folders(folders),
            ignore=self.patterns() if ignore is None else ignore,
            control=control,
            tell=tell,
        )

    @staticmethod
    def preview(
        *folders: Path | str,
        ignore: Sequence[str] = (),
        control: Control | None = None,
        tell: Callable[[int, str], None] | None = None,
    ) -> Estimate:
        """What a new library of folders would hold and cost; as :meth:`estimate`."""
        with (
            tempfile.TemporaryDirectory(prefix="xmr-") as place,
            Catalogue(Path(place) / CATALOGUE) as catalogue,
        ):
            where = [resolved(folder) for folder in folders]
            return indexing.estimate(
                catalogue, None, where, ignore=ignore, control=control, tell=tell
            )

    def index(
        self,
        *folders: Path | str,
        control: Control | None = None,
        ignore: Sequence[str] | None = None,
        accept_loss: bool = False,
        workers: str | None = None,
    ) -> Generator[Progress, None, None]:
        """Index folders (all roots if none).

        New folders and patterns are the library's from the moment that the run holds it: a run
        that is refused, or cancelled before, leaves the library as it was.

        Args:
            folders: roots, folders inside them, or new ones.
            control: pauses and cancels.
            ignore: patterns in the syntax of gitignore, relative to each root, kept for the
                runs to come; those that were kept if None.
            accept_loss: mark files as gone even where a root is empty or has shrunk sharply.
            workers: address of a Ray cluster whose machines read and encode, ``ray://HOST:PORT``
                or ``local``; this process if None.

        Yields:
            progress; the run happens while it is iterated.

        Raises:
            LibraryBusy: another run holds the library.
            RootMissing: there is no such folder.
            LibraryError: a folder is a file, or belongs to a library; workers cannot be had.
            ModelError: the profile cannot be had.
            DiskFull: no space left; what was committed stays.
        """
        control = control or Control()
        load = partial(load_profile, self.profile)
        crew = None if workers is None else Workers(workers, load)
        where = [media_folder(folder) for folder in folders]
        indexing.check_idle(self.catalogue)
        if self._space is None:
            space = yield from self._load(self.profile, control)
            if space is None:
                return
            self._space = space
        left_out = self.patterns() if ignore is None else ignore
        where = where or self._folders(())
        run = self._run(self._space, where, control, left_out, accept_loss, crew)
        with contextlib.closing(run):
            begun = next(run)  # the library is held from here on, or this raises
            self.keep_patterns(left_out)
            yield begun
            yield from run

    def set_profile(self, name: str, control: Control | None = None) -> Iterator[Progress]:
        """Bring the library into another profile.

        Where only heads differ, the stored features are projected anew and no file is read;
        what they do not cover is encoded again. The library stays in its former profile, and
        is searched there, until all is done; cancelled, it goes on from there when it is
        called again.

        Args:
            name: of the profile.
            control: pauses and cancels.

        Yields:
            progress, the loading of the profile first.

        Raises:
            ModelError: the profile cannot be had; the library stays as it was.
            LibraryBusy: another run holds the library.
        """
        indexing.check_idle(self.catalogue)
        control = control or Control()
        space = yield from self._load(name, control)
        if space is None:
            return
        last = Progress("done")
        if self.catalogue.meta("fingerprint") is None:  # nothing to carry over
            yield last
        else:
            for last in self._run(space, self._folders(()), control, self.patterns()):
                if last.stage != "done":
                    yield last
        if last.stage == "done":
            self.catalogue.set_meta("profile", name)
            self._let_go()
            self._space = space
            yield last

    def failures(self) -> list[Failure]:
        """The files that could not be indexed, with reasons."""
        return self.catalogue.failures()

    def retry_failures(self, ids: Sequence[int] | None = None) -> None:
        """Let the next run try failed files again, all of them if no ids are given."""
        self.catalogue.retry(ids)

    def _load(self, name: str, control: Control) -> Generator[Progress, None, JointSpace | None]:
        """Load a profile, fetching what is missing; None, and a last event, if cancelled."""
        space = yield from indexing.follow(lambda tell: load_profile(name, tell), "load", control)
        if space is None:
            yield Progress("cancelled")
        return space

    def _run(
        self,
        space: JointSpace,
        folders: Sequence[Path],
        control: Control,
        ignore: Sequence[str],
        accept_loss: bool = False,
        workers: Workers | None = None,
    ) -> Generator[Progress, None, None]:
        yield from indexing.index_run(
            self.catalogue,
            space,
            folders,
            control=control,
            thumbs=self.path / "thumbs",
            ignore=ignore,
            accept_loss=accept_loss,
            workers=workers,
        )
