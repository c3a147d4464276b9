"""The application in a process of its own, with the profiles of colours beside the real ones."""

import sys
from pathlib import Path

import uvicorn

from tests.named import registered
from xmr_core.ui.app import build, listen


def _main(home: str) -> None:
    """Serve until killed; the address is the first line that is written."""
    socket = listen("127.0.0.1", 0)
    with registered():
        settings = uvicorn.Config(build(Path(home)), log_level="warning")
        sys.stdout.write(f"http://127.0.0.1:{socket.getsockname()[1]}/\n")
        sys.stdout.flush()
        uvicorn.Server(settings).run(sockets=[socket])


if __name__ == "__main__":
    _main(*sys.argv[1:])
