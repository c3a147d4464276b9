"""Bodies of answers, changed as wholes on their way out."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

Change = Callable[[bytes, str], bytes]
"""A body and its content type → the body to be sent."""


def changed(send: Send, change: Change, wanted: Callable[[int, str], bool]) -> Send:
    """Hold a body until it is whole, change it, send it on; others go through as they come.

    Args:
        send: takes what is answered.
        change: the body.
        wanted: whether an answer of this status and content type is changed.
    """
    start: Message | None = None
    kind = ""
    body = bytearray()

    async def hold(message: Message) -> None:
        nonlocal start, kind
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if wanted(message["status"], kind):
                start = message
                return
        if start is None or message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        whole = change(bytes(body), kind)
        MutableHeaders(scope=start)["Content-Length"] = str(len(whole))
        await send(start)
        await send({"type": "http.response.body", "body": whole})

    return hold
