"""Our dress over Gradio's page: our head in its document, its styles in a layer below ours.

Gradio adds what it is given for the head with its own script, long after the first paint and in no
order; and it loads styles that reset every element of the page, after ours. Both are put right on
the way out: the head goes into the HTML, and Gradio's style sheets into a cascade layer, which
gives way to our rules whatever their order and weight.
https://developer.mozilla.org/en-US/docs/Web/CSS/@layer
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from xmr_core.ui.bodies import changed

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

        def wanted(status: int, found: str) -> bool:
            return status == 200 and kind in found

        dressed = changed(send, lambda body, _: change(body), wanted)
        await self.app({**scope, "headers": plain}, receive, dressed)

    def _with_head(self, page: bytes) -> bytes:
        return page.replace(b"<head>", b"<head>" + self.head, 1)


def layered(sheet: bytes) -> bytes:
    """A style sheet in a cascade layer.

    >>> layered(b"p { margin: 0 }")
    b'@layer gradio {p { margin: 0 }\\n}'
    """
    return b"@layer gradio {" + sheet + b"\n}"
