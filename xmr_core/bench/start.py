"""From the command to the first page and the first answer, and the memory it takes."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.bench.timing import PeakMemory
from xmr_core.library import Library

_BARE = """
import gradio
with gradio.Blocks() as page:
    gradio.Markdown("bare")
page.launch(server_name="127.0.0.1", server_port={port}, share=False, quiet=True)
"""
_BEYOND, _FIRST = 2.0, 1.5  # s: the first page after a bare one; the first answer after the page
_PATIENCE = 120.0  # seconds until a server that does not answer is given up
_LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def bench_start() -> Iterator[Figure]:
    """Start-up to the first page beside a bare Gradio page; the first answers; memory."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "PYTHONWARNINGS": "ignore"}
    port = free_port()
    with _Server([sys.executable, "-c", _BARE.format(port=port)], environment) as bare:
        bare.wait_for(port)
        yield Figure("first page, bare Gradio", bare.seconds, "s")
    with tempfile.TemporaryDirectory() as home:
        environment["XMR_HOME"] = home
        with Library.create("bench", home=Path(home) / "indexes") as library:
            for _ in library.index(_folder(Path(home) / "media")):
                pass
        port = free_port()
        command = [sys.executable, "-m", "xmr_core.cli", "app", "--port", str(port), "-l", "bench"]
        with _Server(command, environment) as app:
            app.wait_for(port)
            yield Figure("first page, XMR", app.seconds, "s")
            beyond = app.seconds - bare.seconds
            yield Figure("first page, XMR beyond bare Gradio", beyond, "s", _BEYOND, "less")
            answered = _ask(port, "a cat")
            yield Figure("first text query, after the page", answered, "s", _FIRST, "less")
        started = time.perf_counter()
        command = [sys.executable, "-m", "xmr_core.cli", "search", "a cat", "-l", "bench", "--json"]
        search = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        with PeakMemory(search.pid) as memory:
            answer, _ = search.communicate()
        took = time.perf_counter() - started
        if search.returncode or not json.loads(answer)["hits"]:
            raise RuntimeError("the bench library gave no hits")
        yield Figure("start to first answer on the command line", took, "s")
        yield Figure("peak memory of that search", memory.bytes / 2**20, "MiB")
        yield Figure("peak memory of the app", app.memory.bytes / 2**20, "MiB")


def _ask(port: int, words: str) -> float:
    """Seconds of a search over the page's interface for programs.

    Raises:
        RuntimeError: it has no hits.
    """
    query = json.dumps({"terms": [{"text": words}], "libraries": ["bench"]}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/search", query, {"Content-Type": "application/json"}
    )
    started = time.perf_counter()
    with _LOCAL.open(request, timeout=_PATIENCE) as answer:
        hits = json.load(answer)["hits"]
    if not hits:
        raise RuntimeError("the bench library gave no hits")
    return time.perf_counter() - started


def free_port() -> int:
    """A port that nothing listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _folder(folder: Path) -> Path:
    media.write_texts(folder / "texts", 20)
    media.write_jpegs(folder / "images", 20)
    return folder


class _Server:
    """A child process that serves a page; its peak memory is watched."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.seconds = 0.0
        self._command, self._environment = command, environment

    def __enter__(self) -> "_Server":
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.memory = PeakMemory(self._process.pid)
        self.memory.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.memory.__exit__()

    def wait_for(self, port: int) -> None:
        """Until the page is there.

        Raises:
            TimeoutError: it does not come.
        """
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with _LOCAL.open(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    page.read()
                self.seconds = time.perf_counter() - self._started
                return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError(f"no page on port {port} after {_PATIENCE:.0f} s")
