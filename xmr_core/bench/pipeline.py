"""Whole index runs, each against the bound that its encoder and its decoding set."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from xmr_core import readers
from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.bench.timing import PeakMemory
from xmr_core.indexing.intake import BATCH
from xmr_core.indexing.jobs import Job
from xmr_core.indexing.reading import look_into
from xmr_core.library import Library
from xmr_core.media import Media, Modality
from xmr_core.profiles import load_profile
from xmr_core.space import JointSpace

_SAMPLE = 64
_BARS = {
    Modality.IMAGE: 0.95,
    Modality.AUDIO: 0.9,
    Modality.VIDEO: 0.9,
    Modality.MESH: 0.9,
}
Writer = Callable[[Path, int], list[Path]]
# About ten seconds of each: what a run waits for at its beginning and end should not count.
CASES: dict[Modality, tuple[Writer, int]] = {
    Modality.IMAGE: (media.write_jpegs, 640),
    Modality.TEXT: (media.write_texts, 800),
    Modality.AUDIO: (media.write_sounds, 320),
    Modality.VIDEO: (media.write_videos, 320),
    Modality.MESH: (media.write_meshes, 40),
}


def bench_pipeline(
    cases: Mapping[Modality, tuple[Writer, int]] = CASES, space: JointSpace | None = None
) -> Iterator[Figure]:
    """Items a second of a run, of the tower alone, and the run as a share of its bound.

    The bound of n cores is 1 / (tower seconds + CPU seconds of decoding, hashing and
    thumbnail / n): the tower takes all cores, and the rest can be shared out among them.
    What an item costs is measured before and after the run, for a machine may be busier
    at one time than at another.
    """
    space = space or load_profile("embedded")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with PeakMemory() as memory:
        for modality, (write, n) in cases.items():
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch)
                sample = write(folder / "media", n)[:_SAMPLE]
                before = costs(space, modality, sample)
                run = _run(space, folder, n)
                after = costs(space, modality, sample)
            tower, other = ((a + b) / 2 for a, b in zip(before, after, strict=True))
            bound = 1 / (tower + other / (cores or 1))
            yield Figure(f"{modality}: whole run", run, "items/s")
            yield Figure(f"{modality}: tower alone", 1 / tower, "items/s")
            yield Figure(f"{modality}: decoding, hash, thumbnail", 1000 * other, "CPU ms/item")
            yield Figure(f"{modality}: run as a share of the tower alone", run * tower, "×")
            share = run / bound
            yield Figure(
                f"{modality}: run as a share of its bound", share, "×", _BARS.get(modality)
            )
    yield Figure("peak memory of the runs", memory.bytes / 2**20, "MiB")


def costs(space: JointSpace, modality: Modality, paths: Sequence[Path]) -> tuple[float, float]:
    """Seconds of the tower, and CPU seconds of all else, for one item."""
    decoded: list[Media] = []
    started = time.process_time()
    for path in paths:
        job = Job(0, path.parent, path.name, modality)
        outcome = look_into(job, readers.read, lambda hash, path: False)
        if outcome.media is None:
            raise RuntimeError(f"{path.name} was not read: {outcome.trouble}")
        decoded.append(outcome.media)
    other = (time.process_time() - started) / len(paths)
    encoder = space.encoders[modality]
    encoder.encode(decoded[:2])  # loads the graph
    started = time.perf_counter()
    for start in range(0, len(decoded), BATCH[modality]):
        encoder.encode(decoded[start : start + BATCH[modality]])
    return (time.perf_counter() - started) / len(decoded), other


def _run(space: JointSpace, folder: Path, n: int) -> float:
    with Library.create("bench", home=folder / "indexes", space=space) as library:
        started = time.perf_counter()
        *_, last = library.index(folder / "media")
        took = time.perf_counter() - started
        if last.added != n:
            raise RuntimeError(f"{last.added} of {n} files were indexed")
    return n / took
