"""Query latency at 1,000, 10,000 and 100,000 items, end to end and for the index alone."""

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.catalogue import Catalogue, Record
from xmr_core.library import Library
from xmr_core.media import Floats, Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.shelf import extend
from xmr_core.space import JointSpace, unit

_SIZES = (1_000, 10_000, 100_000)
_QUERIES = 60
_JITTER = 0.35  # of a unit vector's length: neighbours of a real picture, not noise
_BAR, _WHOLE = 10.0, 60.0  # ms at the largest size: beyond encoder and index; p95 of all
_BATCH = 2_000


def bench_search(
    sizes: Sequence[int] = _SIZES, space: JointSpace | None = None
) -> Iterator[Figure]:
    """p50 and p95 of a text query over pictures: encoder, index, the rest, all."""
    space = space or load_profile("embedded")
    real = space.encode([Image(p) for p in media.photographs(64)], "gallery")
    for size in sizes:
        with (
            tempfile.TemporaryDirectory() as home,
            Library.create("bench", home=Path(home), space=space) as library,
        ):
            fill(library.catalogue, Path(home), space, real, size)
            started = time.perf_counter()
            library.searcher.shelves()
            yield Figure(f"index of {size:,} items built", time.perf_counter() - started, "s")
            yield from _latencies(library, space, size, size == max(sizes))


def _latencies(library: Library, space: JointSpace, size: int, largest: bool) -> Iterator[Figure]:
    shelf = library.searcher.shelves()[Modality.IMAGE]
    whole, alone, encoder = [], [], []
    for n in range(_QUERIES + 5):
        words = f"{media.SENTENCES[n % len(media.SENTENCES)]} {n}"
        started = time.perf_counter()
        results = library.search(words, to=["image"], k=24)
        whole.append(time.perf_counter() - started)
        encoder.append(results.seconds["encode"])
        query = extend(space.encode([Text(words)], "query"), {Modality.TEXT: 1.0})
        started = time.perf_counter()
        shelf.index.search(query, 2 * 24 + 32)
        alone.append(time.perf_counter() - started)
    total, index, towers = (1000 * np.array(column[5:]) for column in (whole, alone, encoder))
    rest = float(np.median(total - index - towers))
    for name, column in (("end to end", total), ("index alone", index), ("encoder", towers)):
        for percent in (50, 95):
            value = float(np.percentile(column, percent))
            bar = _WHOLE if largest and percent == 95 and column is total else None
            told = f"text query over {size:,}, {name}, p{percent}"
            yield Figure(told, value, "ms", bar, "less")
    bar = _BAR if largest else None
    yield Figure(f"text query over {size:,}, beyond encoder and index", rest, "ms", bar, "less")


def fill(catalogue: Catalogue, folder: Path, space: JointSpace, real: Floats, size: int) -> None:
    """Put pictures into a catalogue whose vectors are jittered copies of real ones."""
    put(catalogue, folder, space, jittered(real, size))


def jittered(real: Floats, size: int, seed: int = 0) -> Iterator[Floats]:
    """Unit rows f32 (c, d), near rows drawn from real ones f32 (r, d), until there are ``size``."""
    rng = np.random.default_rng(seed)
    for start in range(0, size, _BATCH):
        count, dim = min(_BATCH, size - start), real.shape[1]
        noise = rng.normal(size=(count, dim)).astype(np.float32) / np.sqrt(dim)
        yield unit(real[rng.integers(len(real), size=count)] + _JITTER * noise)  # (c, d)


def put(
    catalogue: Catalogue, folder: Path, space: JointSpace, chunks: Iterable[Floats], first: int = 0
) -> None:
    """Put pictures into a catalogue whose vectors are these, f32 (c, d) at a time.

    Args:
        catalogue: of a library.
        folder: where they are said to lie.
        space: whose vectors they are.
        chunks: the vectors.
        first: number of the first in its name.
    """
    root = catalogue.add_root(folder)
    for joint in chunks:
        with catalogue.transaction():
            for i, vector in enumerate(joint, start=first):
                catalogue.put(
                    Record(
                        root_id=root.id,
                        path=f"{i // 1000:03d}/{i:06d}.jpg",
                        modality=Modality.IMAGE,
                        size=60_000,
                        mtime_ns=0,
                        hash=f"{i:032x}",
                        encoder=space.encoders[Modality.IMAGE].fingerprint,
                        space=space.fingerprint,
                        features=np.zeros((1, 1), np.float32),
                        joint=vector[None],
                    )
                )
        first += len(joint)
    catalogue.activate(space.fingerprint)
