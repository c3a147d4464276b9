"""A command, the seconds and the memory that it and its children took."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_GLANCE = 0.1  # seconds between two looks at the memory


class CommandFailed(RuntimeError):
    """A command ended otherwise than well."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        work: seconds of processor time, its children's included; other programs on a busy
            machine make ``seconds`` longer, and this hardly.
        bytes: the most memory resident at a time, children included.
        said: its output.
    """

    seconds: float
    work: float
    bytes: int
    said: str

    def __add__(self, other: "Took") -> "Took":
        """Both, one after the other."""
        return Took(
            self.seconds + other.seconds,
            self.work + other.work,
            max(self.bytes, other.bytes),
            self.said + other.said,
        )


def timed(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Took:
    """Run a command in a folder.

    Raises:
        CommandFailed: with the end of what it said.
    """
    around = {**os.environ, **(environment or {})}
    # An installed package has its bytecode; a checkout that may not keep it is compiled each time.
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        most, over = [0], threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, most, over), daemon=True)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        watch.join()
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise CommandFailed(f"{command[0]} ended with {process.returncode}: {text[-2000:]}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, most[0], text)


def _watch(pid: int, most: list[int], over: threading.Event) -> None:
    while True:
        try:
            root = psutil.Process(pid)
            held = 0
            for process in (root, *root.children(recursive=True)):
                try:
                    held += process.memory_info().rss
                except psutil.Error:
                    continue  # it has ended meanwhile
            most[0] = max(most[0], held)
        except psutil.Error:
            return
        if over.wait(_GLANCE):
            return
