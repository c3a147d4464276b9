"""Answers as files to take away: made on the server, fetched at once by the page that asked."""

import secrets
import threading
from collections import OrderedDict
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from xmr_core.ui.media_route import GET
from xmr_core.ui.scratch import Scratch

MOST = 4
"""Files kept at a time."""


class Exports:
    """The last files that were made, in a private folder that goes when the server stops."""

    def __init__(self) -> None:
        self._folder = Scratch()
        self._made: OrderedDict[str, tuple[Path, str]] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, kind: str) -> Path:
        """Where a file with this suffix may be written."""
        return self._folder.path / f"{secrets.token_urlsafe(18)}.{kind}"

    def keep(self, path: Path, label: str) -> str:
        """Keep a file under a name made of what it answers; the address to fetch it from."""
        with self._lock:
            self._made[path.stem] = path, named(label) + path.suffix
            while len(self._made) > MOST:
                _, (old, _) = self._made.popitem(last=False)
                old.unlink(missing_ok=True)
        return f"/export/{path.stem}"

    def get(self, token: str) -> tuple[Path, str]:
        """A file and its name; raises KeyError when it is gone."""
        with self._lock:
            return self._made[token]

    def close(self) -> None:
        """Remove the folder."""
        self._folder.close()


def named(label: str) -> str:
    """A query as the name of a file.

    >>> named('red/blue: "x"')
    'red_blue_ _x_'
    """
    safe = "".join(c if c.isalnum() or c in " .-_" else "_" for c in label[:60])
    return safe.strip(" .") or "answer"


def router(exports: Exports) -> APIRouter:
    """``GET /export/{token}``."""
    routes = APIRouter()

    @routes.api_route("/export/{token}", methods=GET)
    def fetch(token: str) -> Response:
        try:
            path, name = exports.get(token)
        except KeyError as error:
            raise HTTPException(404, "This file is gone. Export again.") from error
        headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "private, no-store"}
        return FileResponse(path, filename=name, headers=headers)

    return routes
