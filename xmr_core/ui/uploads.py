"""Files that a page hands over as queries: kept in a private folder until the server stops.

Each gets an unguessable name, so a tab can only refer to what it sent itself, and no path ever
comes from the browser.
"""

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from xmr_core import readers, thumbnails
from xmr_core.errors import QueryError, UnsupportedMedia, XMRError
from xmr_core.media import Media, Modality, modality_of
from xmr_core.ui.media_route import GET, content_type
from xmr_core.ui.scratch import Scratch

MAX_BYTES = 512 * 1024 * 1024
MAX_FILES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """One file of a query.

    Attributes:
        token: its unguessable name.
        name: what the user calls it.
        media: as read.
        path: where it lies; its thumbnail lies beside it.
    """

    token: str
    name: str
    media: Media
    path: Path

    @property
    def modality(self) -> Modality:
        """The medium."""
        return modality_of(self.media)

    @property
    def thumb(self) -> Path:
        """Its picture for the chip."""
        return self.path.with_suffix(".thumb.png")


class Uploads:
    """Keeps the last files handed over, in a folder that goes when the server stops."""

    def __init__(self) -> None:
        self._folder = Scratch()
        self._kept: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, name: str) -> Path:
        """A fresh path for a file of this name; only its suffix is taken from the browser."""
        suffix = Path(name).suffix.lower()
        safe = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        return self._folder.path / f"{secrets.token_urlsafe(18)}{safe}"

    def admit(self, path: Path, name: str) -> Upload:
        """Read a file that has arrived; raises MediaError naming it as the user does."""
        try:
            media = readers.read(path)
            upload = Upload(path.stem, name, media, path)
            thumbnails.thumbnail(media, 160).convert("RGB").save(upload.thumb, "PNG")
        except XMRError as error:
            path.unlink(missing_ok=True)
            raise type_like(error, name, path) from error
        with self._lock:
            self._kept[upload.token] = upload
            while len(self._kept) > MAX_FILES:
                _, old = self._kept.popitem(last=False)
                old.path.unlink(missing_ok=True)
                old.thumb.unlink(missing_ok=True)
        return upload

    def get(self, token: str) -> Upload:
        """One file by its token; raises QueryError when it is gone."""
        with self._lock:
            if upload := self._kept.get(token):
                self._kept.move_to_end(token)
                return upload
        raise QueryError(
            "A file of this query is no longer here.", "Remove its chip and drop the file in again."
        )

    def close(self) -> None:
        """Remove the folder."""
        self._folder.close()


def type_like(error: XMRError, name: str, path: Path) -> XMRError:
    """The same error under the name the user gave the file.

    >>> error = XMRError("a1b2.png is empty.", "Copy it again.")
    >>> type_like(error, "cat.png", Path("a1b2.png")).message
    'cat.png is empty.'
    """
    return XMRError(error.message.replace(path.name, name), error.hint)


def router(uploads: Uploads) -> APIRouter:
    """``POST /query-file?name=…`` with the bytes as body; ``GET /query-file/{token}[/thumb]``."""
    routes = APIRouter()

    @routes.post("/query-file")
    async def receive(
        request: Request, name: Annotated[str, Query(min_length=1, max_length=400)]
    ) -> Response:
        shown = Path(name.replace("\\", "/")).name or "file"
        path = uploads.place(shown)
        total = 0
        with path.open("wb") as sink:
            async for chunk in request.stream():
                total += len(chunk)
                if total > MAX_BYTES:
                    break
                sink.write(chunk)
        if total > MAX_BYTES:
            path.unlink(missing_ok=True)
            problem = XMRError(
                f"{shown} is larger than 512 MB.", "Cut a piece out of it and search with that."
            )
            return _refused(problem, 413)
        try:
            upload = await run_in_threadpool(uploads.admit, path, shown)
        except XMRError as error:
            return _refused(error, 415 if isinstance(error.__cause__, UnsupportedMedia) else 422)
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


def _held(uploads: Uploads, token: str) -> Upload:
    try:
        return uploads.get(token)
    except QueryError as error:
        raise HTTPException(404, error.message) from error


def _refused(error: XMRError, status: int) -> JSONResponse:
    return JSONResponse(
        {"error": {"message": error.message, "hint": error.hint}}, status_code=status
    )
