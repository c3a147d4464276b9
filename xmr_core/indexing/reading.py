"""One file of a run: recognised, or read and given a thumbnail, or found wanting."""

import errno
import hashlib
import io
import logging
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from xmr_core.errors import MediaError
from xmr_core.indexing.jobs import Job, Outcome, Trouble
from xmr_core.media import Media, Mesh, modality_of

_LOG = logging.getLogger(__name__)
_WHOLE = 64 << 20  # bytes; larger files are sampled
_SAMPLE, _SAMPLES = 1 << 20, 16  # bytes, places
_REPORT = "Please report it, with the file if you can; the others are indexed all the same."


def content_hash(path: Path) -> str:
    """Hexadecimal hash of a file's content: BLAKE2b of all of it up to 64 MiB.

    Of larger files, their size and 16 stretches of 1 MiB evenly spread from the first byte
    to the last are hashed, so that a film costs no more than a picture: two films of equal
    size that differ only in between are taken for one. The hash then begins with ``s``.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= _WHOLE:
            return hashlib.file_digest(file, lambda: digest).hexdigest()
        digest.update(size.to_bytes(8, "little"))
        for i in range(_SAMPLES):
            file.seek((size - _SAMPLE) * i // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE))
    return "s" + digest.hexdigest()


def look_into(
    job: Job,
    read: Callable[[Path], Media],
    has_twin: Callable[[str, Job], bool],
) -> Outcome:
    """Hash a file; if its content is new, read it and make its thumbnails.

    Args:
        job: the file.
        read: raises `MediaError`.
        has_twin: whether another item has the content of this hash, to be read the same way.

    Returns:
        never an exception, whatever the file does to its reader.
    """
    try:
        before = job.file.lstat()
        if not stat.S_ISREG(before.st_mode):  # it was when it was walked past
            return Outcome(job, waiting=True)
        base = Outcome(job, before.st_size, before.st_mtime_ns)
        try:
            hash = content_hash(job.file)
            if job.known is not None and job.known.current and job.known.hash == hash:
                return replace(base, hash=hash, same=True)
            if not job.alone and has_twin(hash, job):
                return replace(base, hash=hash, twin=True)
            media = read(job.file)
            thumbs = _thumbs(media, job)
            modality = modality_of(media)
            outcome = replace(base, hash=hash, modality=modality, media=media, thumbs=thumbs)
        except FileNotFoundError:
            return Outcome(job, waiting=True)
        except MediaError as error:
            trouble = Trouble(type(error).__name__, error.reason, error.hint)
            outcome = replace(base, trouble=trouble)
        except OSError as error:
            outcome = replace(base, trouble=unreadable(error))
        except MemoryError:
            trouble = Trouble(
                "OversizedMedia",
                "does not fit into this machine's memory",
                "Close other programs, or make the file smaller.",
            )
            outcome = replace(base, trouble=trouble)
        after = job.file.lstat()
    except FileNotFoundError:
        return Outcome(job, waiting=True)
    except OSError as error:
        return Outcome(job, trouble=unreadable(error))
    except Exception as error:
        _LOG.exception("unexpected, at %r", job.path)
        return replace(base, trouble=unexpected("reading", error))
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        return Outcome(job, waiting=True)
    return outcome


def unreadable(error: OSError) -> Trouble:
    """A file that the system does not let us read."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble(
            "UnreadableFile",
            "cannot be opened (permission denied)",
            "Give yourself permission to read it.",
        )
    what = error.strerror or str(error)
    return Trouble("UnreadableFile", f"cannot be read ({what})", "Check its disk or connection.")


def unexpected(doing: str, error: BaseException) -> Trouble:
    """A fault of ours, or of a library."""
    what = f"{type(error).__name__}: {error}"
    return Trouble(type(error).__name__, f"failed in {doing} ({what[:300]})", _REPORT)


def _thumbs(media: Media, job: Job) -> dict[str, bytes]:
    """Thumbnails by the end of their names; none where they cannot be made."""
    from xmr_core.thumbnails import thumbnail, turntable

    try:
        thumbs = {".webp": _webp(thumbnail(media))}
        if isinstance(media, Mesh):
            thumbs[".turn.webp"] = _webp(turntable(media))
    except Exception:  # a card without a picture is better than a file that cannot be found
        _LOG.exception("no thumbnail of %r", job.path)
        return {}
    return thumbs


def _webp(picture: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=80, method=2)
    return buffer.getvalue()
