"""Spoiled files for every reader, read in a process of its own that may crash or hang.

A reader is a module that parses (`xmr_core.readers`); its cases are shared out among the formats
that it reads. Each format starts from a real file (`tests.readers.made`); hypothesis spoils it,
and where a case fails, looks for the smallest that does, which is kept.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Flaky

from tests.readers import made
from tests.soak.length import Length
from tests.soak.mutations import spoiled
from xmr_core.bench.report import Figure

PATIENCE = 60.0  # seconds for one file
_TURNING = 25  # one mesh of so many is turned as for its thumbnail
READERS: dict[str, tuple[str, ...]] = {
    "image": tuple(made.PICTURES),
    "audio": tuple(made.SOUNDS),
    "video": tuple(made.FILMS),
    "text": ("a.txt", "a.csv", "a.json"),
    "markup": ("a.md", "a.html"),
    "subtitles": ("a.srt", "a.vtt"),
    "pdf": ("a.pdf",),
    "office": ("a.docx", "a.pptx"),
    "epub": ("a.epub",),
    "gltf": ("a.glb", "a.gltf"),
    "polygons": ("a.obj", "a.stl", "ascii.stl", "a.ply"),
    "off": ("a.off",),
    "threemf": ("a.3mf",),
    "collada": ("a.dae",),
}
"""Which of `made.FILES` each reader is tried on."""
_CHECKOUT = Path(__file__).resolve().parents[2]


class Fallen(AssertionError):
    """A spoiled file did what no file may do."""


class Victim:
    """A process that reads files; a new one where the last has died. Use it in a ``with``."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self.most = 0  # bytes of memory that any of them took
        self.longest = 0.0  # seconds that a file took

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path, turning: bool = False) -> str:
        """Have a file read; "read" or "refused".

        Raises:
            Fallen: the process died or did not answer, or the reader raised something else.
        """
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError):  # it is dead: there will be no answer
            process.stdin.write(json.dumps([str(path), turning]) + "\n")
            process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        if not ready:
            self._end()
            raise Fallen(f"{path.name}: no answer for {PATIENCE:.0f} s")
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            self._end()
            raise Fallen(f"{path.name}: the process died ({_told(code)})")
        answer: dict[str, Any] = json.loads(line)
        self.most = max(self.most, answer["bytes"])
        self.longest = max(self.longest, answer["seconds"])
        if answer["said"] not in ("read", "refused"):
            raise Fallen(f"{path.name}: {answer['said']}")
        return str(answer["said"])

    def _start(self) -> "subprocess.Popen[str]":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.victim"],
            cwd=_CHECKOUT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where decoders grumble
            text=True,
        )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@dataclass(slots=True)
class Fuzzed:
    """What came of the cases of one format.

    Attributes:
        name: of the file that was spoiled.
        said: how many were read and how many refused.
        fallen: what the smallest case that failed did, or "".
        case: the bytes of that case.
    """

    name: str
    said: dict[str, int] = field(default_factory=lambda: {"read": 0, "refused": 0})
    fallen: str = ""
    case: bytes = b""


def fuzz(victim: Victim, name: str, cases: int, first: int = 0) -> Fuzzed:
    """Spoil one of `made.FILES` so many times.

    Args:
        victim: reads them.
        name: of the file.
        cases: how many.
        first: the seed of chance.
    """
    found = Fuzzed(name)
    with tempfile.TemporaryDirectory(prefix="xmr-fuzz-") as folder:
        path = Path(folder) / name
        count = 0

        @seed(first)
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(spoiled(made.content(name)))
        def attempt(data: bytes) -> None:
            nonlocal count
            count += 1
            path.write_bytes(data)
            try:
                found.said[victim.read(path, turning=count % _TURNING == 0)] += 1
            except Fallen as fallen:
                found.fallen, found.case = str(fallen), data  # the last is the smallest
                raise

        # several failures come as a group, one that does not happen again as Flaky
        with suppress(Fallen, ExceptionGroup, Flaky):
            attempt()
    return found


def fuzzing(length: Length, readers: Sequence[str] = tuple(READERS)) -> Iterator[Figure]:
    """Cases by reader, those that crashed, hung or raised anything else, memory and time."""
    fallen: list[Fuzzed] = []
    for reader in readers:
        read = refused = 0
        with Victim() as victim:
            names = READERS[reader]
            for name in names:
                found = fuzz(victim, name, -(-length.cases // len(names)))
                read += found.said["read"]
                refused += found.said["refused"]
                if found.fallen:
                    fallen.append(found)
                    _keep(found)
        formats = f"{len(names)} formats" if len(names) > 1 else "one format"
        yield Figure(
            f"spoiled files for the reader {reader}, of {formats}",
            read + refused,
            "",
            length.cases,
        )
        yield Figure(f"of them, could still be read by {reader}", read, "")
        yield Figure(f"most memory of a process with {reader}", victim.most / 2**20, "MiB")
        yield Figure(f"longest reading by {reader}", victim.longest, "s", 30.0, "less")
    yield Figure("formats that crashed, hung or raised anything else", len(fallen), "", 0, "less")


def _keep(found: Fuzzed) -> None:
    """Leave the smallest case that failed where it can be looked into."""
    folder = Path(tempfile.gettempdir()) / "xmr-fallen"
    folder.mkdir(exist_ok=True)
    (folder / found.name).write_bytes(found.case)
    sys.stderr.write(f"{found.fallen}\nThe file is kept at {folder / found.name}.\n")


def _told(code: int) -> str:
    """A return code in words.

    >>> _told(-11), _told(3)
    ('SIGSEGV', 'code 3')
    """
    return signal.Signals(-code).name if code < 0 else f"code {code}"
