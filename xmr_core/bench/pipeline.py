"""Whole index runs, each against the bound that its encoder and its decoding set."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from xmr_core import readers, thumbnails
from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.library import Library
from xmr_core.media import Media, Mesh, Modality
from xmr_core.profiles import load_profile
from xmr_core.space import JointSpace

_BATCH = 16
_SAMPLE = 64
_BAR = 0.9
Writer = Callable[[Path, int], list[Path]]
CASES: dict[Modality, tuple[Writer, int]] = {
    Modality.IMAGE: (media.write_jpegs, 640),
    Modality.TEXT: (media.write_texts, 400),
    Modality.AUDIO: (media.write_sounds, 80),
    Modality.VIDEO: (media.write_videos, 40),
    Modality.MESH: (media.write_meshes, 40),
}


def bench_pipeline() -> Iterator[Figure]:
    """Items a second of a run, of the tower alone, and the run as a share of its bound."""
    space = load_profile("embedded")
    for modality, (write, n) in CASES.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            paths = write(folder / "media", n)
            tower, other = costs(space, modality, paths[:_SAMPLE])
            run = _run(space, folder, n)
        bound = 1 / (tower + other / (psutil.cpu_count() or 1))
        yield Figure(f"{modality}: whole run", run, "items/s")
        yield Figure(f"{modality}: tower alone", 1 / tower, "items/s")
        yield Figure(f"{modality}: decoding, hashing, thumbnail", 1000 * other, "CPU ms/item")
        yield Figure(f"{modality}: run as a share of the tower alone", run * tower, "×")
        bar = _BAR if modality is Modality.IMAGE else None
        yield Figure(f"{modality}: run as a share of its bound", run / bound, "×", bar)


def costs(space: JointSpace, modality: Modality, paths: list[Path]) -> tuple[float, float]:
    """Seconds of the tower, and CPU seconds of all else, for one item."""
    decoded: list[Media] = []
    started = time.process_time()
    for path in paths:
        decoded.append(readers.read(path))
        hashlib.blake2b(path.read_bytes()).hexdigest()
        thumbnails.thumbnail(decoded[-1])
        if isinstance(decoded[-1], Mesh):
            thumbnails.turntable(decoded[-1])
    other = (time.process_time() - started) / len(paths)
    encoder = space.encoders[modality]
    encoder.encode(decoded[:2])  # loads the graph
    started = time.perf_counter()
    for start in range(0, len(decoded), _BATCH):
        encoder.encode(decoded[start : start + _BATCH])
    return (time.perf_counter() - started) / len(decoded), other


def _run(space: JointSpace, folder: Path, n: int) -> float:
    with Library.create("bench", home=folder / "indexes", space=space) as library:
        started = time.perf_counter()
        *_, last = library.index(folder / "media")
        took = time.perf_counter() - started
        if last.added != n:
            raise RuntimeError(f"{last.added} of {n} files were indexed")
    return n / took
