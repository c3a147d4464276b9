"""One run over a library's folders: walk, compare, read, encode, commit.

The catalogue changes in one transaction for each batch, so that a run that is killed at
any moment loses the batch in flight and nothing else, and the next run, which compares
again, ends in the same catalogue as one that was never interrupted. Only one run at a time
holds a library; the lock is the operating system's and dies with its process.

When the joint space is another than the library's, its vectors are made beside those that
are there, and become the library's all at once at the end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xmr_core.catalogue import Catalogue
from xmr_core.errors import ProfileMismatch
from xmr_core.indexing.commits import THUMBS
from xmr_core.indexing.costs import Costs, suffixes
from xmr_core.indexing.crew import Workers, check_address
from xmr_core.indexing.following import Stopped, follow
from xmr_core.indexing.holding import check_idle, held, held_open, is_held, os_error
from xmr_core.indexing.looking import Found, Work, look
from xmr_core.indexing.planning import Plan, plan, scopes
from xmr_core.indexing.progress import Control, Progress
from xmr_core.indexing.run import Run, project
from xmr_core.media import Modality
from xmr_core.space import JointSpace

__all__ = [
    "THUMBS",
    "Control",
    "Estimate",
    "Found",
    "Progress",
    "Stopped",
    "Work",
    "Workers",
    "check_address",
    "check_idle",
    "check_profile",
    "estimate",
    "follow",
    "held",
    "index_run",
    "is_held",
    "look",
    "os_error",
    "reproject",
]

# Bytes that the thumbnail, passages and vectors of a file take; from the demo library.
_BYTES = {
    Modality.TEXT: 25_000,
    Modality.IMAGE: 30_000,
    Modality.AUDIO: 25_000,
    Modality.VIDEO: 120_000,
    Modality.MESH: 100_000,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would find and cost.

    Attributes:
        files: by modality, going by their suffixes.
        bytes: of all of them.
        new, changed: files to read.
        seconds: it would take, about.
        disk: bytes that the library would grow by, about.
        warnings: folders that are away or have shrunk sharply.
        doubtful: files in the latter that would not be marked as gone.
    """

    files: Mapping[Modality, int]
    bytes: int
    new: int
    changed: int
    seconds: float
    disk: int
    warnings: tuple[str, ...] = ()
    doubtful: int = 0


def estimate(
    catalogue: Catalogue,
    space: JointSpace | None,
    folders: Sequence[Path],
    *,
    ignore: Sequence[str] = (),
    control: Control | None = None,
    tell: Callable[[int, str], None] | None = None,
) -> Estimate:
    """Look at folders without reading any file in them; nothing is changed.

    Args:
        catalogue, folders, ignore: as for :func:`index_run`.
        space: the same; None stands for the one that the library is in, covering all media.
        control: cancels; the estimate is of what was seen until then.
        tell: called now and then with the number of files seen and a path.

    Raises:
        RootMissing: a folder is not there.
        LibraryError: a pattern of ``ignore`` makes no sense.
    """
    walking = plan(
        catalogue,
        scopes(catalogue, folders, register=False),
        space.fingerprint if space else catalogue.meta("fingerprint") or "",
        space.encoders.keys() if space else tuple(Modality),
        suffixes(),
        ignore=ignore,
        control=control,
    )
    while True:
        try:
            seen, path = next(walking)
            if tell is not None:
                tell(seen.seen, path)
        except StopIteration as end:
            made: Plan = end.value
            break
    costs = Costs.of(catalogue)
    return Estimate(
        files=made.by,
        bytes=made.bytes,
        new=made.new,
        changed=made.changed,
        seconds=sum(costs.of_file(job.guess, job.path, job.size) for job in made.jobs),
        disk=sum(_BYTES[job.guess] for job in made.jobs),
        warnings=tuple(made.warnings),
        doubtful=made.doubtful,
    )


def check_profile(catalogue: Catalogue, space: JointSpace) -> None:
    """Raise `ProfileMismatch` where the library's vectors are of another joint space."""
    made_by = catalogue.meta("fingerprint")
    if made_by is not None and made_by != space.fingerprint:
        raise ProfileMismatch(
            f"{catalogue.path.parent.name} was indexed with another profile, "
            f"or another version of it, than {space.name}.",
            "Index it again to bring it up to date, or choose its former profile.",
        )


def reproject(
    catalogue: Catalogue, space: JointSpace, *, control: Control | None = None
) -> Iterator[Progress]:
    """Carry a library into a joint space by the features it has; no file is read.

    If that covers every item, the library is in the new space at the end; otherwise
    :func:`index_run` has to encode the rest. Until then searches stay in the former space.
    """
    with held_open(catalogue):
        yield from project(catalogue, space, control or Control())
        if not catalogue.lacking(space.fingerprint):
            catalogue.activate(space.fingerprint)


def index_run(
    catalogue: Catalogue,
    space: JointSpace,
    folders: Sequence[Path],
    *,
    control: Control | None = None,
    thumbs: Path,
    ignore: Sequence[str] = (),
    accept_loss: bool = False,
    workers: Workers | None = None,
) -> Iterator[Progress]:
    """Bring the catalogue up to date with folders.

    Args:
        catalogue: of the library.
        space: the joint space to be in. If the library is in another one, all its folders
            are gone through, not only those given.
        folders: roots, folders inside them, or new folders, which become roots.
        control: pauses and cancels; cancelling takes effect within a second.
        thumbs: folder for thumbnails, ``<id>.webp`` and ``<id>.turn.webp``.
        ignore: patterns in the syntax of gitignore, relative to each root.
        accept_loss: mark files as gone even where a root is empty or has shrunk sharply.
        workers: that read and encode; threads of this process if None.

    Yields:
        progress, several times a second; the run happens while it is iterated, and closing
        the generator cancels it.

    Raises:
        LibraryBusy: another run holds the library.
        LibraryError: workers cannot be had, or do not fit.
        RootMissing: a new folder is not there. Roots that are away only give a warning.
        DiskFull, LibraryReadOnly, LibraryDamaged: the run cannot go on; what was
            committed stays.
    """
    with held_open(catalogue):
        run = Run(catalogue, space, control or Control(), thumbs, workers)
        try:
            yield from run.go(folders, ignore, accept_loss)
        finally:
            run.end()
