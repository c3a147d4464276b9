"""A password before everything, for servers that others in a network can reach.

A browser is asked for it once and keeps a cookie until it is closed; programs send it with each
request by HTTP's basic authentication, under any name. The password and the cookies' tokens are
kept as hashes in this process alone: a server that is started anew asks again. Nothing is
encrypted on the way: that takes a proxy with HTTPS, or a network that one trusts.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import html
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "xmr-visit"
ADDRESS = "/enter"
_MAX_BYTES = 10_000  # of the form
_VISITS = 1000  # cookies that are good at a time; the one longest not seen goes
_WRONG = 10  # wrong passwords from one address in a while, before it has to wait
_WHILE = 300.0  # seconds
_PAUSE = 0.5  # seconds before a wrong password is answered
_CLIENTS = 10_000  # addresses whose wrong passwords are counted


class Login:
    """ASGI middleware: lets nobody in who has not given the password.

    Args:
        app: what it guards.
        password: not empty.
        clock: seconds, monotonic.
    """

    def __init__(
        self, app: ASGIApp, password: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self._key = secrets.token_bytes(32)
        self._password = self._hash(password)
        self._visits: OrderedDict[bytes, None] = OrderedDict()
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, ask for the password, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        if scope["type"] == "http" and scope["path"] == ADDRESS:
            request = Request(scope, receive)
            await (await self._asked(request, client))(scope, receive, send)
        elif self._known(headers) or await self._proved(headers, client):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refusal(scope, headers, client)(scope, receive, send)

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")

    def _right(self, password: str) -> bool:
        return hmac.compare_digest(self._hash(password), self._password)

    def _known(self, headers: Headers) -> bool:
        """Whether the cookie of a visit comes with a request."""
        try:
            kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        mark = hashlib.sha256(kept.value.encode()).digest() if kept else b""
        if mark not in self._visits:
            return False
        self._visits.move_to_end(mark)
        return True

    async def _proved(self, headers: Headers, client: str) -> bool:
        """Whether the password comes with a request."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic" or self._waits(client):
            return False
        try:
            _, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        if self._right(password):
            return True
        await self._note_wrong(client)
        return False

    async def _asked(self, request: Request, client: str) -> Response:
        """The form, and what comes of filling it in."""
        if request.method != "POST":
            return _form(_inside(request.query_params.get("next", "/")))
        try:
            given = await _posted(request)
        except ValueError:
            return _problem(413, "That is too long.")
        target = _inside(given.get("next", "/"))
        if self._waits(client):
            return _form(target, "Too many wrong passwords came from here. Wait five minutes.", 429)
        if not self._right(given.get("password", "")):
            await self._note_wrong(client)
            return _form(target, "That is not the password.", 401)
        token = secrets.token_urlsafe(32)
        self._visits[hashlib.sha256(token.encode()).digest()] = None
        while len(self._visits) > _VISITS:
            self._visits.popitem(last=False)
        answer = RedirectResponse(target, 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
        return answer

    def _refusal(self, scope: Scope, headers: Headers, client: str) -> Response:
        if self._waits(client):
            return _problem(429, "Too many wrong passwords came from here.", "Wait five minutes.")
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            return RedirectResponse(f"{ADDRESS}?next={quote(scope['path'], safe='/')}", 303)
        return _problem(
            401,
            "This server asks for a password.",
            "Load the page again and give it; programs send it by basic authentication.",
        )

    # -- wrong passwords

    def _waits(self, client: str) -> bool:
        recent = [at for at in self._wrong.get(client, ()) if self._clock() - at < _WHILE]
        return len(recent) >= _WRONG

    async def _note_wrong(self, client: str) -> None:
        known = self._wrong.setdefault(client, [])
        known.append(self._clock())
        del known[:-_WRONG]
        self._wrong.move_to_end(client)
        while len(self._wrong) > _CLIENTS:
            self._wrong.popitem(last=False)
        await asyncio.sleep(_PAUSE)


def _problem(status: int, message: str, hint: str = "") -> Response:
    """An error as the pages and programs read it."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, status)


async def _posted(request: Request) -> dict[str, str]:
    """The fields of a form; raises ValueError where it is too long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise ValueError("too long")
    except ClientDisconnect:
        return {}
    given = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in given.items()}


def _inside(address: str) -> str:
    """An address of this server's own, whatever was asked for.

    >>> _inside("/media/demo/1"), _inside("https://evil.example"), _inside("//evil.example")
    ('/media/demo/1', '/', '/')
    """
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() else "/"


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>XMR</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px;
  font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", sans-serif;
  background: light-dark(#f2f4f3, #101416); color: light-dark(#14191c, #e9eeec); }}
form {{ width: min(360px, 100%); display: grid; gap: 14px; padding: 28px; border-radius: 12px;
  background: light-dark(#fff, #191f22); border: 1px solid light-dark(#d4dad8, #2c3438); }}
h1 {{ margin: 0; font-size: 25px; }}
label {{ display: grid; gap: 6px; }}
input, button {{ font: inherit; min-height: 44px; border-radius: 8px; padding: 0 12px;
  border: 1px solid light-dark(#8b9694, #5d686c); }}
button {{ background: light-dark(#14191c, #e9eeec); color: light-dark(#fff, #101416);
  border-color: transparent; cursor: pointer; font-weight: 600; }}
p {{ margin: 0; color: light-dark(#a3231f, #ff9d94); }}
</style></head><body><form method="post" action="/enter">
<h1>XMR</h1>{problem}
<label>Password<input type="password" name="password" autofocus required
 autocomplete="current-password"></label>
<input type="hidden" name="next" value="{target}"><button>Enter</button></form></body></html>"""


def _form(target: str, problem: str = "", status: int = 200) -> Response:
    told = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    page = _PAGE.format(problem=told, target=html.escape(target, quote=True))
    # without a referrer browsers send the form's origin as "null", as from another site
    policy = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(page, status, headers=policy)
