"""Our dress over Gradio's page: our head in its document, its styles in a layer below ours.

Gradio adds what it is given for the head with its own script, long after the first paint and in no
order; and it loads styles that reset every element of the page, after ours. Both are put right on
the way out: the head goes into the HTML, and Gradio's style sheets into a cascade layer, which
gives way to our rules whatever their order and weight.
https://developer.mozilla.org/en-US/docs/Web/CSS/@layer
"""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = "/assets/css/"


class Dress:
    """ASGI middleware.

    Args:
        app: serves Gradio's page at ``/``, and its style sheets.
        head: HTML for the document's head.
    """

    def __init__(self, app: ASGIApp, head: str) -> None:
        self.app = app
        self.head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, dressed where it needs to be."""
        change: Callable[[bytes], bytes] | None = None
        kind = ""
        if scope["type"] == "http" and scope["method"] == "GET":
            path = scope["path"]
            if path == "/":
                change, kind = self._with_head, "text/html"
            elif path.endswith(".css") and not path.startswith(_OURS):
                change, kind = layered, "text/css"
        if change is None:
            await self.app(scope, receive, send)
            return
        # what comes compressed could not be changed
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, _changed(send, change, kind))

    def _with_head(self, page: bytes) -> bytes:
        return page.replace(b"<head>", b"<head>" + self.head, 1)


def layered(sheet: bytes) -> bytes:
    """A style sheet in a cascade layer.

    >>> layered(b"p { margin: 0 }")
    b'@layer gradio {p { margin: 0 }\\n}'
    """
    return b"@layer gradio {" + sheet + b"\n}"


def _changed(send: Send, change: Callable[[bytes], bytes], kind: str) -> Send:
    """Hold a body of that type until it is whole, change it, send it on."""
    start: Message | None = None
    body = bytearray()

    async def hold(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            found = Headers(raw=message["headers"]).get("content-type", "")
            if message["status"] == 200 and kind in found:
                start = message
                return
        if start is None or message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        whole = change(bytes(body))
        MutableHeaders(scope=start)["Content-Length"] = str(len(whole))
        await send(start)
        await send({"type": "http.response.body", "body": whole})

    return hold
