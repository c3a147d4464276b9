"""The lab: measures of large test sets beside one exact search, and fits of its methods."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from xmr_core.bench.report import Figure
from xmr_core.bench.timing import rates
from xmr_core.lab import METHODS, method
from xmr_core.media import Floats, Modality
from xmr_core.metrics import Match, first_ranks_of, ranks_of
from xmr_core.space import unit

_TIMES = 2.0  # one exact search: what recall and median rank may take
_LABELS = 10.0  # seconds: what mean average precision by classes may take
_FITS: Mapping[str, float] = {"cca": 5.0, "vse++": 60.0, "infonce": 60.0}
_ROUNDS = 3
_SHARED = 64  # dimensions that the two views of a pair have in common


def bench_lab(
    queries: int = 5_000,
    gallery: int = 25_000,
    dim: int = 384,
    pairs: int = 30_000,
    fits: Mapping[str, float] = _FITS,
) -> Iterator[Figure]:
    """Five captions a picture, ranked and counted; then fits on as many pairs."""
    yield from _measures(queries, gallery, dim)
    yield from _fits(pairs, fits)


def _measures(queries: int, gallery: int, dim: int) -> Iterator[Figure]:
    import faiss

    rng = np.random.default_rng(0)
    places, noise = rng.normal(size=(2, queries, dim)).astype(np.float32)
    asked = unit(places + noise)
    owners = np.arange(gallery) % queries
    kept = unit(places[owners] + rng.normal(size=(gallery, dim)).astype(np.float32))
    classes = np.arange(queries) % 10
    exact = faiss.IndexFlatIP(dim)
    exact.add(kept)
    partners, labels = Match(np.arange(queries), owners), Match(classes, classes[owners])

    def by_labels() -> None:
        for _, ranks in ranks_of(asked, kept, labels):
            ranks.average_precision()

    works: list[tuple[Callable[[], Any], int]] = [
        (lambda: exact.search(asked, 10), 1),
        (lambda: first_ranks_of(asked, kept, partners), 1),
        (by_labels, 1),
    ]
    search, first, whole = (1 / rate for rate in rates(*works, rounds=_ROUNDS))
    size = f"{queries:,} × {gallery:,}"
    yield Figure(f"{size}: FAISS, one exact search", search, "s")
    yield Figure(f"{size}: recall and median rank", first, "s")
    yield Figure(
        f"{size}: recall and median rank against one search", first / search, "×", _TIMES, "less"
    )
    yield Figure(f"{size}: mean average precision by classes", whole, "s", _LABELS, "less")


def _fits(pairs: int, fits: Mapping[str, float]) -> Iterator[Figure]:
    views = _views(pairs)
    for name, bar in fits.items():
        if name not in METHODS:
            continue
        started = time.perf_counter()
        method(name).fit(views)
        took = time.perf_counter() - started
        yield Figure(f"{name} fitted on {pairs:,} pairs", took, "s", bar, "less")


def _views(pairs: int) -> dict[Modality, Floats]:
    """Pictures as a tower sees them and their captions: 1,280 and 384 numbers a pair."""
    rng = np.random.default_rng(1)
    shared = rng.normal(size=(pairs, _SHARED)).astype(np.float32)
    made = {}
    for modality, m in ((Modality.IMAGE, 1280), (Modality.TEXT, 384)):
        mixed = shared @ rng.normal(size=(_SHARED, m)).astype(np.float32)
        made[modality] = mixed + 4 * rng.normal(size=(pairs, m)).astype(np.float32)
    return made
