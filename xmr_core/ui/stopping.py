"""Requests that a stop of the server cuts short are answered, and nothing is printed of them."""

import asyncio

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GONE = {"error": {"message": "XMR is being stopped.", "hint": "Start it again, and try again."}}


class Stopping:
    """ASGI middleware, outside all others: uvicorn cancels what lasts longer than its patience.

    Args:
        app: whose requests may be cancelled.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; once it is cancelled, say so in place of an answer that has not begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            if not begun:
                await JSONResponse(_GONE, 503)(scope, receive, send)
