"""``/media/{library}/{item_id}``: the only way from the browser to a user's files.

An id leads to a row of the catalogue, the row to a real path inside a registered root, and
nothing else is served. What a browser could run (html, svg, xml, scripts) goes out as plain text
in a sandbox; what it cannot show goes out as a download.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response
from starlette.concurrency import run_in_threadpool

from xmr_core.errors import XMRError
from xmr_core.library import Library
from xmr_core.media import Item, Modality
from xmr_core.ui import glb
from xmr_core.ui.shelf import Shelf

# types that a browser shows or plays and never runs, by suffix
SHOWN: dict[str, str] = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".gif": "image/gif", ".bmp": "image/bmp", ".avif": "image/avif", ".tif": "image/tiff",
    ".tiff": "image/tiff", ".heic": "image/heic", ".heif": "image/heif",
    ".wav": "audio/wav", ".flac": "audio/flac", ".ogg": "audio/ogg", ".oga": "audio/ogg",
    ".opus": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac",
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mkv": "video/x-matroska", ".avi": "video/x-msvideo", ".pdf": "application/pdf",
}  # fmt: skip
GET = ["GET", "HEAD"]  # a HEAD is a GET whose body is not sent
PLAIN = "text/plain; charset=utf-8"
OPAQUE = "application/octet-stream"
_OFFICE = frozenset({".docx", ".pptx", ".epub", ".odt", ".doc", ".ppt"})
_ITEM = Annotated[int, InPath(ge=0, le=2**62)]


def content_type(path: Path, modality: Modality) -> str:
    """The type a file is sent under; never one that a browser would run.

    >>> content_type(Path("a.JPG"), Modality.IMAGE), content_type(Path("a.svg"), Modality.IMAGE)
    ('image/jpeg', 'application/octet-stream')
    >>> content_type(Path("page.html"), Modality.TEXT)
    'text/plain; charset=utf-8'
    """
    suffix = path.suffix.lower()
    if suffix in SHOWN:
        return SHOWN[suffix]
    if modality is Modality.TEXT and suffix not in _OFFICE:
        return PLAIN
    return OPAQUE


def router(shelf: Shelf) -> APIRouter:
    """The routes over a shelf's libraries."""
    routes = APIRouter()

    def row(library: str, item_id: int) -> Item:
        try:
            return shelf.get(library).item(item_id)
        except (XMRError, KeyError) as error:
            raise HTTPException(404, "No such item.") from error

    def real(library: str, item_id: int) -> Path:
        """The file of an item, resolved; a 404 unless it is a file inside its root."""
        try:
            return shelf.get(library).media_path(item_id)
        except (XMRError, OSError) as error:
            raise HTTPException(404, "The file is not inside its folder any more.") from error

    @routes.api_route("/media/{library}/{item_id}", methods=GET)
    def original(
        library: str, item_id: _ITEM, if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        item = row(library, item_id)
        path = real(library, item_id)
        kind = content_type(path, item.modality)
        headers = {
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "frame-ancestors 'self'"
            if kind == "application/pdf"
            else "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; "
            "sandbox",
        }
        return _file(path, kind, headers, if_none_match, download=kind == OPAQUE)

    @routes.api_route("/media/{library}/{item_id}/view.glb", methods=GET)
    async def view(library: str, item_id: _ITEM) -> Response:
        item = await run_in_threadpool(row, library, item_id)
        if item.modality is not Modality.MESH:
            raise HTTPException(404, "This item is not a 3D model.")
        path = await run_in_threadpool(real, library, item_id)
        try:
            data = await run_in_threadpool(glb.of_file, path, item.hash)
        except XMRError as error:
            raise HTTPException(404, str(error)) from error
        return Response(
            data,
            media_type="model/gltf-binary",
            headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
        )

    def picture(made: Callable[[Library, int], Path | None]) -> Callable[..., Response]:
        """The route of a small picture of an item."""

        def picture(
            library: str, item_id: _ITEM, if_none_match: Annotated[str | None, Header()] = None
        ) -> Response:
            row(library, item_id)
            try:
                path = made(shelf.get(library), item_id)
            except (XMRError, OSError) as error:
                raise HTTPException(404, "There is no picture.") from error
            return _picture(path, if_none_match)

        return picture

    for tail, made in (("thumb", Library.thumbnail), ("turn", Library.turntable)):
        routes.add_api_route(f"/media/{{library}}/{{item_id}}/{tail}", picture(made), methods=GET)
    return routes


def _picture(path: Path | None, if_none_match: str | None) -> Response:
    if path is None or not path.is_file():
        raise HTTPException(404, "There is no picture.")
    # the address carries the content's hash, so what a browser has stays right
    return _file(path, SHOWN[path.suffix.lower()], {"Cache-Control": "private, max-age=604800"},
                 if_none_match)  # fmt: skip


def _file(
    path: Path,
    kind: str,
    headers: dict[str, str],
    if_none_match: str | None,
    *,
    download: bool = False,
) -> Response:
    facts = path.stat()
    tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers = {**headers, "ETag": tag}
    if if_none_match is not None and tag in {part.strip() for part in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        path,
        media_type=kind,
        headers=headers,
        stat_result=facts,
        filename=path.name if download else None,
        content_disposition_type="attachment" if download else "inline",
    )
