"""The application, served to a real browser from a thread of the tests."""

import threading
import time
from pathlib import Path
from typing import Self

import uvicorn

from xmr_core.ui.app import build, listen


class Site:
    """A server over a folder of libraries; use it in a ``with`` block.

    Args:
        home: the folder of libraries.
        password: that visitors have to give; none where None.
    """

    def __init__(self, home: Path, password: str | None = None) -> None:
        self.home = home
        self._password = password
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        # built here, since the browser's driver keeps an event loop in the thread of the tests
        settings = uvicorn.Config(
            build(self.home, password=self._password),
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(settings)
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self._thread.start()
        end = time.monotonic() + 60
        while self._server is None or not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < end, "the server takes too long to start"
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()
