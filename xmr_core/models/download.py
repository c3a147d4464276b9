"""One file over HTTP, continued where an earlier fetch broke off."""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from xmr_core.models.store import is_disk_error

_BLOCK = 1 << 16  # bytes between two reports
_PATIENCE = 30.0  # seconds without a byte
_NO_MORE = 416  # the answer when what is asked for begins at the end
_AGAIN = 3  # attempts that bring nothing, in a row


class BrokenOff(Exception):
    """A download that ended early.

    Attributes:
        arrived: bytes that are here, kept for the next time.
        reason: what went wrong.
    """

    def __init__(self, arrived: int, reason: str) -> None:
        super().__init__(reason)
        self.arrived = arrived
        self.reason = reason


def download(url: str, sha256: str, part: Path, report: Callable[[int, int], None]) -> Path:
    """Fetch a file, beginning with what ``part`` has of it.

    Args:
        url: http, https or file.
        sha256: of the whole, hexadecimal.
        part: where it grows; it stays there when the connection breaks.
        report: called with bytes done and bytes in all; raising from it stops the fetch.

    Returns:
        ``part``, whole and right.

    Raises:
        BrokenOff: after several attempts that brought nothing new.
        OSError: the disk does not take it.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    idle = 0
    while True:
        before = _size(part)
        try:
            _continue(url, part, report)
            reason = ""
        except (OSError, http.client.HTTPException) as error:
            if is_disk_error(error):
                raise
            whole = isinstance(error, urllib.error.HTTPError) and error.code == _NO_MORE
            reason = "" if whole else str(error) or type(error).__name__
        if not reason:
            with part.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                    return part
            part.unlink()  # its beginning was of another file, or it came damaged
            reason = "its SHA-256 differs"
        idle = idle + 1 if _size(part) <= before else 0
        if idle >= _AGAIN:
            raise BrokenOff(_size(part), reason)
        time.sleep(0.2 * idle)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _continue(url: str, part: Path, report: Callable[[int, int], None]) -> None:
    """Ask for what is missing, and add it."""
    here = _size(part)
    asked = urllib.request.Request(url, headers={"Range": f"bytes={here}-"} if here else {})  # noqa: S310 - the index's own address
    with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
        goes_on = here > 0 and answer.status == 206
        here = here if goes_on else 0
        total = here + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if goes_on else "wb") as file:
            while block := answer.read(_BLOCK):
                file.write(block)
                here += len(block)
                report(here, max(total, here))
    if here < total:
        raise http.client.IncompleteRead(b"", total - here)
