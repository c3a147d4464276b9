"""The memory of an index run over many files: its curve, and whether it is flat.

Over a hundred thousand files everything is measured but the towers: the walk, readers,
thumbnails, batches, commits and SQLite. Those files are small and their space is one of averages,
which takes no time and no memory. Over some thousand real pictures the towers are measured, too.

A run is a process of its own. It holds no vectors of the index: these are read when somebody
searches. What it holds of every file is its path, from the walk on.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import PIL.Image
import psutil

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.library import Library
from xmr_core.media import Encoding, Floats, Image, Modality, Text
from xmr_core.space import JointSpace, unit

_FILES = 100_000
_PICTURES = 3_000
_TEXTS = 20  # one file of so many is a text, which takes longer, for its thumbnail is drawn
_FOLDER = 1000  # files
_DIM = 384
_TENTHS = 10
_BAR = 1.10
_GLANCE = 0.25  # seconds between two looks at the memory
_CHILD = "from xmr_core.bench.memory import child; child(*__import__('sys').argv[1:])"


def bench_memory(files: int = _FILES, pictures: int = _PICTURES) -> Iterator[Figure]:
    """Private memory of runs tenth by tenth, counted in files, and the last against the second.

    Args:
        files: small ones, without towers.
        pictures: of 640 × 480, with the towers of ``embedded``; 0 for none of it.
    """
    yield from _run(f"{files:,} small files", lambda folder: write(folder, files), files, "")
    if pictures:
        write_real = partial(media.write_jpegs, n=pictures)
        yield from _run(f"{pictures:,} pictures", write_real, pictures, "embedded")


def _run(what: str, make: Callable[[Path], object], files: int, profile: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "media", Path(scratch) / "indexes"
        make(folder)
        started = time.perf_counter()
        curve = _curve(folder, home, files, profile)
        took = time.perf_counter() - started
    tenths = [float(np.median(part)) for part in curve]
    space = profile or "averages"
    yield Figure(f"run over {what}, {space}", files / took, "files/s")
    for number, bytes in enumerate(tenths, start=1):
        yield Figure(f"memory of {what}, tenth {number}", bytes / 2**20, "MiB")
    against = tenths[-1] / tenths[1]
    yield Figure(f"memory of {what}, last tenth against second", against, "×", _BAR, "less")


def write(folder: Path, files: int) -> None:
    """Small files that all differ: JPEGs of 64 × 48, and one text of twenty files."""
    rng = np.random.default_rng(0)
    for number in range(files):
        place = folder / f"{number // _FOLDER:03d}"
        place.mkdir(parents=True, exist_ok=True)
        if number % _TEXTS == 0:
            words = " ".join(rng.choice(media.SENTENCES, 3))
            (place / f"{number:06d}.txt").write_text(f"Note {number}. {words}.\n", "utf-8")
        else:
            few = rng.integers(0, 256, (3, 4, 3), np.uint8)
            picture = PIL.Image.fromarray(few).resize((64, 48), PIL.Image.Resampling.BILINEAR)
            picture.save(place / f"{number:06d}.jpg", quality=85)


def _curve(folder: Path, home: Path, files: int, profile: str) -> list[list[int]]:
    """Bytes of private memory that a run had in each tenth of the files.

    Raises:
        RuntimeError: it did not index all of them.
    """
    curve: list[list[int]] = [[] for _ in range(_TENTHS)]
    command = [sys.executable, "-c", _CHILD, str(home), str(folder), profile]
    environment = {**os.environ, "XMR_HOME": str(home.parent)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        watched = psutil.Process(process.pid)
        done = 0
        for line in process.stdout or ():
            done = int(line)
            tenth = min(_TENTHS - 1, done * _TENTHS // files)
            curve[tenth].append(int(watched.memory_full_info().uss))
    if process.returncode or done != files or not all(curve):
        raise RuntimeError(f"{done} of {files} files were indexed, code {process.returncode}")
    return curve


def child(home: str, folder: str, profile: str) -> None:
    """Index a folder, and write how many files are done, now and then, and in each hundredth."""
    told, when = -1, 0.0
    made = {"profile": profile} if profile else {"space": space()}
    with Library.create("bench", home=Path(home), **made) as library:
        for event in library.index(folder):
            if event.stage not in ("encode", "done"):
                continue
            hundredth = 100 * event.done // max(event.total, 1)
            if hundredth > told or time.monotonic() - when > _GLANCE:
                told, when = hundredth, time.monotonic()
                sys.stdout.write(f"{event.added}\n")
                sys.stdout.flush()
        sys.stdout.write(f"{event.added}\n")


class _Averages:
    """Averages of bytes or pixels, repeated to as many numbers as real features have."""

    def __init__(self, modality: Modality) -> None:
        self.modality, self.dim = modality, _DIM
        self.name = self.fingerprint = f"averages-{modality}"

    def encode(self, batch: Sequence[Text] | Sequence[Image]) -> list[Encoding]:
        none = np.zeros((0, _DIM), np.float32), np.zeros((0, 2, 1 + self._plane), np.float32)
        return [Encoding(_row(one), *none) for one in batch]

    @property
    def _plane(self) -> int:
        return int(self.modality is Modality.IMAGE)


def _row(one: Text | Image) -> Floats:
    few = (
        np.bincount(np.frombuffer(one.text.encode(), np.uint8) % 12, minlength=12)
        if isinstance(one, Text)
        else one.pixels.reshape(4, -1, 3).mean(axis=1).ravel()
    )
    return np.resize(few.astype(np.float32) + 1, _DIM)


class _Unit:
    fingerprint = "averages-1"

    def __call__(self, features: Floats) -> Floats:
        return unit(features)


def space() -> JointSpace:
    """Texts and pictures by averages."""
    covered = (Modality.TEXT, Modality.IMAGE)
    return JointSpace(
        "averages",
        _DIM,
        {modality: _Averages(modality) for modality in covered},
        {(modality, "gallery"): _Unit() for modality in covered},
    )
