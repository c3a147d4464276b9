"""The file of an index: a head in JSON, then bytes, all under one digest.

A file is written whole or not at all, and read into what is made room for; nothing larger than
the file itself is ever asked of memory, whatever it says.
"""

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

_MAGIC = b"XMRINDX2"
_DIGEST, _HEAD = 32, 4096  # bytes; the second at most
_PIECE = 64 << 20  # bytes read at once


def write(path: Path, head: Mapping[str, Any], pieces: Sequence[Any]) -> None:
    """Write a file, all of it or nothing.

    Args:
        path: of the file; a former one stays until the new one is there.
        head: what JSON can say.
        pieces: buffers, one after the other.

    Raises:
        OSError: it cannot be written.
    """
    told = json.dumps(head).encode()
    body = [struct.pack("<I", len(told)), told, *pieces]
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for piece in body:
        digest.update(piece)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + digest.digest())
            for piece in body:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


class Reading:
    """A file being read: its head first, then its bytes in order.

    Args:
        file: open, at its beginning.

    Attributes:
        head: as it was written, or garbage until `sound` says that it is not.

    Raises:
        ValueError: it is no file of ours.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.blake2b(digest_size=_DIGEST)
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("no file of an index")
        self._kept = file.read(_DIGEST)
        start = self.take(4)
        if len(start) < 4:
            raise ValueError("cut off")
        (length,) = struct.unpack("<I", start)
        self.head: dict[str, Any] = json.loads(self.take(min(length, _HEAD)))

    @property
    def left(self) -> int:
        """Bytes that are to come."""
        return os.fstat(self._file.fileno()).st_size - self._file.tell()

    def take(self, count: int) -> bytes:
        """The next bytes, fewer at the end."""
        piece = self._file.read(count)
        self._digest.update(piece)
        return piece

    def fill(self, room: memoryview) -> None:
        """Read the next bytes into memory that is there."""
        for start in range(0, len(room), _PIECE):
            piece = room[start : start + _PIECE]
            self._file.readinto(piece)  # type: ignore[attr-defined]
            self._digest.update(piece)

    def sound(self) -> bool:
        """Whether all that was read is what was written; asked at the end."""
        return self._digest.digest() == self._kept


def _sync_folder(folder: Path) -> None:
    """Make a renaming outlast a power cut; Windows has no such thing."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
