"""``/assets/css/…`` and ``/assets/js/…``: our own styles and scripts.

A browser asks each time whether they changed (no-cache with an ETag), so that a page never runs
the scripts of an earlier version.
"""

import hashlib
import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import Response

from xmr_core.paths import assets_dir

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_NAME = re.compile(r"[a-z]+\.(css|js)")


def router(folder: Path | None = None) -> APIRouter:
    """The routes over a folder of assets, ours where None."""
    routes = APIRouter()
    assets = folder or assets_dir()

    @routes.get("/assets/{kind}/{name}")
    def asset(
        kind: str, name: str, if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        path = assets / kind / name
        if kind not in TYPES or not _NAME.fullmatch(name) or not path.is_file():
            raise HTTPException(404, "There is no such file.")
        data = path.read_bytes()
        tag = f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if if_none_match == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=TYPES[kind], headers=headers)

    return routes
