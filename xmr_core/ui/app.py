"""The application: FastAPI with our routes, Gradio's page mounted behind them, one guard before."""

import asyncio
import contextlib
import errno
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI

from xmr_core.errors import XMRError
from xmr_core.library import Library
from xmr_core.ui import (
    actions,
    document,
    dress,
    exports,
    login,
    media_route,
    pages,
    rest,
    stopping,
    strangers,
    styles_route,
    uploads,
)
from xmr_core.ui.context import Context
from xmr_core.ui.guard import LOOPBACK, Guard
from xmr_core.ui.shelf import Shelf

_OPEN = (
    "Everybody who reaches this address can search these libraries; what is kept is changed on this"
    " machine alone. Use --password for people who may change it, too, or --host 127.0.0.1 to keep"
    " it to yourself.\n"
)
_CLOSED = (
    "Everybody who reaches this address and knows the password can search these libraries and make"
    " new ones of any folder of this machine. Nothing is encrypted on the way.\n"
)
_PORTS = 65536
_TRIES = 50  # ports after the one asked for


def build(
    home: Path | None = None,
    library: str | None = None,
    host: str = "127.0.0.1",
    password: str | None = None,
) -> FastAPI:
    """The application over a folder of libraries.

    Args:
        home: the folder of libraries; the default one if None.
        library: the one to open first.
        host: the address it will listen on.
        password: that visitors have to give; none where None.

    Raises:
        LibraryNotFound: there is no library of that name.
    """
    # read by gradio when it is imported
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    if library is not None and library not in Library.names(home):
        Library.open(library, home).close()  # raises, with the names that there are
    context = Context(Shelf(home), home=home, start=library, local=_is_local(host))

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        context.watches.begin()
        yield
        context.close()

    app = FastAPI(title="XMR", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    app.add_middleware(dress.Dress, head=document.head())
    if password is not None:
        app.add_middleware(login.Login, password=password)
    elif not context.local:
        app.add_middleware(
            strangers.Strangers,
            names=lambda: strangers.names_of(context.shelf.opened(), context.home),
        )
    app.add_middleware(Guard, hosts=LOOPBACK | _names(host))
    app.add_middleware(stopping.Stopping)
    for routes in (
        media_route.router(context.shelf),
        uploads.router(context.uploads),
        exports.router(context.exports),
        styles_route.router(),
        actions.router(pages.actions(context)),
    ):
        app.include_router(routes)
    app.mount(rest.ADDRESS, rest.application(context))
    return asyncio.run(_mounted(app, context))


async def _mounted(app: FastAPI, context: Context) -> FastAPI:
    """Gradio's page at ``/``, after our routes.

    In an event loop: where none runs, Gradio makes several and leaves them open.
    """
    import gradio as gr

    served: FastAPI = gr.mount_gradio_app(
        app,
        document.blocks(context),
        path="/",
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        footer_links=[],
        run_history=False,
    )
    return served


def serve(
    host: str = "127.0.0.1",
    port: int = 7860,
    library: str | None = None,
    password: str | None = None,
) -> None:
    """Serve the application until it is stopped.

    Args:
        host: the address to listen on.
        port: the port, or the next free one after it.
        library: the one to open first.
        password: that visitors have to give; none where None.

    Raises:
        LibraryNotFound: there is no library of that name.
        XMRError: no port can be had.
    """
    import uvicorn

    listener = listen(host, port)
    with listener:
        app = build(library=library, host=host, password=password)
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=3,
            server_header=False,
        )
        address = listener.getsockname()
        shown = "127.0.0.1" if address[0] in {"0.0.0.0", "::"} else address[0]  # noqa: S104
        name = f"[{shown}]" if ":" in shown else shown
        url = f"http://{name}:{address[1]}/"
        sys.stdout.write(f"XMR is at {url} (stop it with Ctrl+C)\n")
        if not _is_local(host):
            sys.stdout.write(_OPEN if password is None else _CLOSED)
        sys.stdout.flush()
        if _has_screen():
            threading.Timer(1.0, webbrowser.open, [url]).start()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(settings).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on the next free one after it.

    Raises:
        XMRError: none is free, or the address is not this machine's.
    """
    if not 0 <= port < _PORTS:
        raise XMRError(f"{port} is no port.", f"Ports go from 0 to {_PORTS - 1}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in range(port, min(port + _TRIES, _PORTS)) if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name != "nt":  # elsewhere it would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, tried))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise XMRError(
                    f"XMR cannot listen on {host} ({error.strerror or error}).",
                    "Give an address of this machine: --host 127.0.0.1.",
                ) from error
    raise XMRError(
        f"No port from {port} on is free on {host}.", "Choose another one: --port NUMBER."
    )


def _has_screen() -> bool:
    """Whether a person at a desktop started this, who would like the browser opened."""
    if not sys.stdout.isatty():
        return False
    return sys.platform in {"win32", "darwin"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _is_local(host: str) -> bool:
    return host in {"127.0.0.1", "::1", "localhost"}


def _names(host: str) -> frozenset[str]:
    """What browsers may call this server, beyond this machine's own name for itself."""
    if _is_local(host):
        return frozenset()
    if host not in {"0.0.0.0", "::"}:  # noqa: S104
        return frozenset({f"[{host}]" if ":" in host else host.lower()})
    import psutil

    names = {socket.gethostname().lower(), socket.getfqdn().lower()}
    for addresses in psutil.net_if_addrs().values():
        families = (socket.AF_INET, socket.AF_INET6)
        names |= {one.address.partition("%")[0] for one in addresses if one.family in families}
    return frozenset(f"[{name}]" if ":" in name else name for name in names)
