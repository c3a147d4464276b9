"""Bodies of the interface for programs: JSON, and not too much of it."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from xmr_core.ui.actions import MAX_BYTES
from xmr_core.ui.rest.errors import told

FILES = "/files"
"""Where bytes of any kind come, which counts them itself."""


class Limits:
    """ASGI middleware: refuses bodies that are longer than a query, or no JSON.

    Args:
        app: what it guards.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "http" and (refusal := _refusal(scope)):
            await told(*refusal)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _refusal(scope: Scope) -> tuple[str, str, int] | None:
    takes_bytes = scope["path"] == scope.get("root_path", "") + FILES
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} or takes_bytes:
        return None
    headers = Headers(scope=scope)
    length = headers.get("content-length")
    if length is None or not length.isdecimal():
        return None if _empty(headers) else ("The body says no length.", "Send it whole.", 411)
    if int(length) > MAX_BYTES:
        return "That is too long.", "Shorten it; files go to /api/v1/files.", 413
    # a form of a foreign page cannot send this type without asking first
    kind = headers.get("content-type", "").split(";")[0].strip()
    if int(length) and kind != "application/json":
        return "Bodies are JSON here.", "Say so: content-type: application/json.", 415
    return None


def _empty(headers: Headers) -> bool:
    """Whether no body follows at all."""
    return "transfer-encoding" not in headers
