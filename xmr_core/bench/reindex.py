"""A second run over unchanged files."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from xmr_core.bench.report import Figure
from xmr_core.library import Library
from xmr_core.media import Encoding, Floats, Modality, Text
from xmr_core.space import JointSpace

_FILES = 10_000
_BAR = 2_000.0
_DIM = 32


def bench_reindex(files: int = _FILES) -> Iterator[Figure]:
    """Files a second when nothing changed; small texts in 100 folders.

    The space is a simple one: what is measured is the walk and the comparison.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "media"
        for i in range(files):
            path = folder / f"{i % 100:02d}" / f"{i}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"note {i}", "utf-8")
        home = Path(scratch) / "indexes"
        with Library.create("bench", home=home, space=_space()) as library:
            *_, first = library.index(folder)
            rates = []
            for _ in range(3):
                started = time.perf_counter()
                *_, again = library.index()
                rates.append(again.skipped / (time.perf_counter() - started))
        if first.added != files or again.skipped != files:
            raise RuntimeError(f"{first.added} added, {again.skipped} skipped of {files}")
        yield Figure(f"{files:,} unchanged files", float(np.median(rates)), "files/s", _BAR)


class _Bytes:
    """Counts of byte values, folded: enough to be a vector, and nothing to load."""

    name, modality, dim, fingerprint = "bytes", Modality.TEXT, _DIM, "bytes-1"

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        rows = [np.frombuffer(text.text.encode(), np.uint8) % _DIM for text in batch]
        counts = [np.bincount(row, minlength=_DIM).astype(np.float32) for row in rows]
        none = np.zeros((0, _DIM), np.float32), np.zeros((0, 2, 1), np.float32)
        return [Encoding(count, *none) for count in counts]


class _Same:
    fingerprint = "same-1"

    def __call__(self, features: Floats) -> Floats:
        return features


def _space() -> JointSpace:
    return JointSpace(
        "bytes", _DIM, {Modality.TEXT: _Bytes()}, {(Modality.TEXT, "gallery"): _Same()}
    )
