"""Files that a page hands over as queries: kept in a private folder until the server stops.

Each gets an unguessable name, so a tab can only refer to what it sent itself, and no path ever
comes from the browser. What is decoded of them is kept as far as memory allows, and read again
where it is asked for later.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from xmr_core import readers, thumbnails
from xmr_core.errors import (
    MediaError,
    OversizedMedia,
    QueryError,
    UnsupportedMedia,
    XMRError,
)
from xmr_core.indexing.reading import content_hash
from xmr_core.media import Media, Modality, media_bytes, modality_of
from xmr_core.ui.media_route import GET, content_type
from xmr_core.ui.scratch import Scratch

MAX_BYTES = 512 * 1024 * 1024
MAX_FILES = 200
MAX_DISK = 4 * 1024 * 1024 * 1024  # bytes of all files together; the last one stays
MAX_MEMORY = 512 * 1024 * 1024  # bytes of what is decoded of them; the last one stays

_STATUS: dict[type[XMRError], int] = {UnsupportedMedia: 415, OversizedMedia: 413}


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """One file of a query.

    Attributes:
        token: its unguessable name.
        name: what the user calls it.
        modality: the medium.
        path: where it lies; its thumbnail lies beside it.
        size: bytes of the file.
        content: hash of its content, as catalogues keep it.
    """

    token: str
    name: str
    modality: Modality
    path: Path
    size: int
    content: str
    _read: Callable[["Upload"], Media]

    @property
    def media(self) -> Media:
        """As read; raises QueryError when it is gone."""
        return self._read(self)

    @property
    def thumb(self) -> Path:
        """Its picture for the chip."""
        return self.path.with_suffix(".thumb.png")


class Uploads:
    """Keeps the last files handed over, in a folder that goes when the server stops."""

    def __init__(self) -> None:
        self._folder = Scratch()
        self._kept: OrderedDict[str, Upload] = OrderedDict()
        self._decoded: OrderedDict[str, Media] = OrderedDict()
        self._arriving = 0  # bytes of files that are not whole yet
        self._lock = threading.Lock()

    def place(self, name: str) -> Path:
        """A fresh path for a file of this name; only its suffix is taken from the browser."""
        suffix = Path(name).suffix.lower()
        safe = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        return self._folder.path / f"{secrets.token_urlsafe(18)}{safe}"

    async def take(self, chunks: AsyncIterator[bytes], path: Path, name: str) -> None:
        """Write a file as it arrives; what is broken off or too large leaves nothing.

        Raises:
            OversizedMedia: the file is over ``MAX_BYTES``, or what is arriving at the same time
                over ``MAX_DISK``; the rest of it is not taken.
        """
        total = 0
        try:
            with path.open("wb") as sink:
                async for chunk in chunks:
                    total += len(chunk)
                    self._arriving += len(chunk)
                    if total > MAX_BYTES:
                        raise OversizedMedia(
                            name,
                            "is larger than 512 MB",
                            "Cut a piece out of it and search with that.",
                        )
                    if self._arriving > MAX_DISK:
                        raise OversizedMedia(
                            name, "comes with too many others at once", "Try again in a while."
                        )
                    sink.write(chunk)
        except BaseException:  # also of a browser that goes away in the middle
            path.unlink(missing_ok=True)
            raise
        finally:
            self._arriving -= total

    def admit(self, path: Path, name: str) -> Upload:
        """Read a file that has arrived; raises MediaError naming it as the user does."""
        try:
            media = readers.read(path)
            size = path.stat().st_size
            modality, content = modality_of(media), content_hash(path)
            upload = Upload(path.stem, name, modality, path, size, content, self._media)
            thumbnails.thumbnail(media, 160).convert("RGB").save(upload.thumb, "PNG")
        except XMRError as error:
            path.unlink(missing_ok=True)
            raise type_like(error, name, path) from error
        with self._lock:
            self._kept[upload.token] = upload
            held = sum(one.size for one in self._kept.values())
            while len(self._kept) > MAX_FILES or (held > MAX_DISK and len(self._kept) > 1):
                token, old = self._kept.popitem(last=False)
                held -= old.size
                self._decoded.pop(token, None)
                old.path.unlink(missing_ok=True)
                old.thumb.unlink(missing_ok=True)
        self._remember(upload.token, media)
        return upload

    def get(self, token: str) -> Upload:
        """One file by its token; raises QueryError when it is gone."""
        with self._lock:
            if upload := self._kept.get(token):
                self._kept.move_to_end(token)
                return upload
        raise _gone()

    @property
    def nbytes(self) -> int:
        """Bytes of what is held decoded."""
        with self._lock:
            return sum(map(media_bytes, self._decoded.values()))

    def _media(self, upload: Upload) -> Media:
        with self._lock:
            if media := self._decoded.get(upload.token):
                self._decoded.move_to_end(upload.token)
                return media
        try:
            media = readers.read(upload.path)
        except XMRError as error:  # it was read before: it has made room for others meanwhile
            raise _gone() from error
        self._remember(upload.token, media)
        return media

    def _remember(self, token: str, media: Media) -> None:
        """Keep a decoded medium, and let go of those that nobody has asked for the longest."""
        with self._lock:
            if token not in self._kept:
                return
            self._decoded[token] = media
            self._decoded.move_to_end(token)
            held = sum(map(media_bytes, self._decoded.values()))
            while held > MAX_MEMORY and len(self._decoded) > 1:
                held -= media_bytes(self._decoded.popitem(last=False)[1])

    def close(self) -> None:
        """Remove the folder."""
        self._folder.close()


def _gone() -> QueryError:
    return QueryError(
        "A file of this query is no longer here.", "Remove its chip and drop the file in again."
    )


def type_like(error: XMRError, name: str, path: Path) -> XMRError:
    """The same error under the name the user gave the file.

    >>> error = MediaError("a1b2.png", "is empty", "Copy it again.")
    >>> type_like(error, "cat.png", Path("a1b2.png"))
    MediaError('cat.png is empty. Copy it again.')
    """
    if isinstance(error, MediaError):
        return type(error)(name, error.reason.replace(path.name, name), error.hint)
    return XMRError(error.message.replace(path.name, name), error.hint)


def router(uploads: Uploads) -> APIRouter:
    """``POST /query-file?name=…`` with the bytes as body; ``GET /query-file/{token}[/thumb]``."""
    routes = APIRouter()

    @routes.post("/query-file")
    async def receive(
        request: Request, name: Annotated[str, Query(min_length=1, max_length=400)]
    ) -> Response:
        try:
            upload = await received(uploads, request.stream(), name)
        except XMRError as error:
            return _refused(error, _STATUS.get(type(error), 422))
        return JSONResponse(
            {"token": upload.token, "name": upload.name, "modality": upload.modality.value}
        )

    @routes.api_route("/query-file/{token}", methods=GET)
    def original(token: str) -> Response:
        upload = _held(uploads, token)
        headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "private, no-store"}
        kind = content_type(upload.path, upload.modality)
        return FileResponse(upload.path, media_type=kind, headers=headers)

    @routes.api_route("/query-file/{token}/thumb", methods=GET)
    def thumb(token: str) -> Response:
        return FileResponse(_held(uploads, token).thumb, media_type="image/png")

    return routes


async def received(uploads: Uploads, chunks: AsyncIterator[bytes], name: str) -> Upload:
    """Take in a file as it arrives.

    Args:
        uploads: where it is kept.
        chunks: of its bytes.
        name: as its owner calls it, with or without folders.

    Raises:
        OversizedMedia: as `Uploads.take`.
        MediaError: it cannot be read.
    """
    shown = Path(name.replace("\\", "/")).name or "file"
    path = uploads.place(shown)
    await uploads.take(chunks, path, shown)
    return await run_in_threadpool(uploads.admit, path, shown)


def _held(uploads: Uploads, token: str) -> Upload:
    try:
        return uploads.get(token)
    except QueryError as error:
        raise HTTPException(404, error.message) from error


def _refused(error: XMRError, status: int) -> JSONResponse:
    return JSONResponse(
        {"error": {"message": error.message, "hint": error.hint}}, status_code=status
    )
