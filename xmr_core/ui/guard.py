"""Who may talk to the server: pages it served itself, under its own name.

The server listens on this machine alone, but any page that a browser has open can send requests
to 127.0.0.1, directly or under a foreign name that resolves there (DNS rebinding). So the Host
header must be one of ours, and what a browser marks as coming from another site is refused.

Bodies are taken at our own addresses alone, which limit their size. Of Gradio's routes those that
the page loads are answered, and no others: nothing can be uploaded to its ``/gradio_api/upload``,
which would fill the disk, nor fetched through its ``/gradio_api/file=`` or ``/gradio_api/proxy=``.
"""

from collections.abc import Awaitable, Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

TAKES = ("/call/", "/query-file", "/api/v1/", "/enter")
"""Where a request may bring a body, by the beginning of the address."""

ASKED = (
    *TAKES,
    *("/media/", "/export/", "/assets/", "/static/", "/config"),
    *("/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/pwa_icon"),
)
"""What may be asked for beside the page at ``/``, by the beginning of the address."""

# Gradio compiles its templates in the page, hence 'unsafe-eval'; nothing is fetched from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def host_name(host: str) -> str:
    """The name in a Host header, without its port.

    >>> host_name("localhost:7860"), host_name("[::1]:7860"), host_name("evil.example")
    ('localhost', '[::1]', 'evil.example')
    """
    if host.startswith("["):
        return host.split("]", 1)[0].lower() + "]"
    return host.rsplit(":", 1)[0].lower() if ":" in host else host.lower()


class Guard:
    """ASGI middleware: checks Host, Origin and Sec-Fetch-Site, and adds the page's policy.

    Args:
        app: what it guards.
        hosts: names this server answers to.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOOPBACK) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if problem := self._problem(headers):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await PlainTextResponse(problem, status_code=403)(scope, receive, send)
            return
        if problem := _astray(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await PlainTextResponse(problem, status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, _with_policy(send))

    def _problem(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if host_name(host) not in self.hosts:
            return "This address is not served here. Open the address that XMR printed."
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
            return "Requests from other sites are refused."
        # a link from elsewhere may open the page; nothing else may come from another site, nor
        # from another port of this machine, which browsers take for the same one
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not (
            headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        ):
            return "Requests from other sites are refused."
        return None


def _astray(scope: Scope) -> str | None:
    """What is wrong with an address, for what is asked or brought there."""
    path = scope["path"]
    if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
        if path.startswith(TAKES):
            return None
        return f"XMR takes nothing at {path}. Query files go to /query-file."
    return None if path == "/" or path.startswith(ASKED) else f"XMR has nothing at {path}."


def _with_policy(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", POLICY)
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Referrer-Policy", "no-referrer")
            headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        await send(message)

    return sender
