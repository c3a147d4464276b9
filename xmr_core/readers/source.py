"""One file, opened once: regular, readable and not empty."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xmr_core.errors import EmptyFile, OversizedMedia, UnreadableFile

# What the system says of a file it will not hand over; other OSErrors come from decoders.
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("is not there any more", "Look for it where it was moved to."),
    errno.ENOTDIR: ("is not there any more", "Look for it where it was moved to."),
    errno.EACCES: ("may not be read", "Allow your user to read it."),
    errno.EPERM: ("may not be read", "Allow your user to read it."),
    errno.ELOOP: ("is a symbolic link that leads back to itself", "Remove or repair the link."),
    errno.ENAMETOOLONG: ("has too long a name", "Give it a shorter name or folder."),
    errno.EIO: ("cannot be read from its disk", "Check the disk, then copy the file again."),
    errno.ESTALE: ("is on a network folder that has gone", "Connect the folder again."),
    errno.ENXIO: ("is not a regular file", "Only ordinary files can be read."),
    errno.EMFILE: ("cannot be opened: too many files are open", "Close other programs."),
    errno.ENFILE: ("cannot be opened: too many files are open", "Close other programs."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """An open file.

    Attributes:
        path: as it was asked for.
        file: at its beginning, for reading bytes.
        size: bytes, when it was opened.
    """

    path: Path
    file: BinaryIO
    size: int

    @property
    def suffix(self) -> str:
        """The name's last suffix in lower case, with its dot, or an empty string."""
        return self.path.suffix.lower()

    def head(self, length: int) -> bytes:
        """The first ``length`` bytes, or fewer; the position goes back to the beginning."""
        self.file.seek(0)
        head = self.file.read(length)
        self.file.seek(0)
        return head

    def whole(self, limit: int) -> bytes:
        """All bytes.

        Args:
            limit: bytes.

        Raises:
            OversizedMedia: more than ``limit``, also when the file grows while it is read.
        """
        self.refuse_over(limit)
        self.file.seek(0)
        data = self.file.read(min(limit, self.size) + 1)  # room for so much is made at once
        if len(data) > limit:
            raise self._oversized(len(data), limit)
        return data

    def refuse_over(self, limit: int) -> None:
        """Raise `OversizedMedia` when the file has more than ``limit`` bytes."""
        if self.size > limit:
            raise self._oversized(self.size, limit)

    def _oversized(self, size: int, limit: int) -> OversizedMedia:
        return OversizedMedia(
            self.path,
            f"has {size / 1e6:,.0f} MB; files of its kind are read up to {limit / 1e6:,.0f} MB",
            "Split it or save a smaller version.",
        )


def unreadable(path: Path, error: OSError) -> UnreadableFile | None:
    """What the system refused, as our error; None where the error is not the system's."""
    if error.errno not in _REASONS:
        return None
    reason, hint = _REASONS[error.errno]
    return UnreadableFile(path, reason, hint)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a regular file for reading, without ever waiting on a pipe or a device.

    Raises:
        UnreadableFile: missing, forbidden, a folder, a pipe, a device, a loop of links.
        EmptyFile: no bytes.
    """
    try:
        _refuse_irregular(path, os.stat(path).st_mode)  # noqa: PTH116 - one call, one errno
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        # It may have turned into a pipe since: opening one would wait for its other end.
        handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        reason = f"cannot be opened ({error.strerror})"
        raise unreadable(path, error) or UnreadableFile(path, reason) from error
    except ValueError as error:  # a NUL in the name
        raise UnreadableFile(path, "has a name that no file can have", "Rename it.") from error
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        _refuse_irregular(path, status.st_mode)
        if status.st_size == 0:
            raise EmptyFile(path, "is empty (0 bytes)", "Copy it again from its source.")
        yield Source(path, file, status.st_size)


def _refuse_irregular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableFile(path, "is a folder, not a file", "Choose a file inside it.")
    if not stat.S_ISREG(mode):
        raise UnreadableFile(
            path, "is a pipe, a socket or a device", "Only ordinary files can be read."
        )
