"""A million items: how soon a library of them is open, what it takes, and what is found how fast.

The vectors are jittered copies of photographs' (:func:`xmr_core.bench.search.fill`), which is
harder than photographs are: around each there are thousands of others in no direction more than
in another. The library is searched by a process of its own, as an application would.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.bench.search import fill, jittered, put
from xmr_core.bench.timing import PeakMemory
from xmr_core.library import Library
from xmr_core.media import Floats, Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.shelf import Shelf, extend
from xmr_core.space import JointSpace

_SIZE = 1_000_000
_QUERIES = 60
_BEST = 10  # items that recall asks for
_CHUNK = 20_000  # rows that are compared at once
_MORE = 100  # items that come later
_MILLISECONDS, _RECALL, _MIB, _SECONDS = 120.0, 0.98, 2.5 * 1024, 5.0


def bench_million(size: int = _SIZE) -> Iterator[Figure]:
    """Seconds to open, memory, p50 and p95 of text queries, and recall beside exact search."""
    space = load_profile("embedded")
    name = f"{size:,} items"
    real = space.encode([Image(p) for p in media.photographs(64)], "gallery")
    with tempfile.TemporaryDirectory() as home:
        with Library.create("bench", home=Path(home), space=space) as library:
            fill(library.catalogue, Path(home), space, real, size)
            started = time.perf_counter()
            shelf = library.searcher.shelves()[Modality.IMAGE]
            yield Figure(f"{name}: index built", time.perf_counter() - started, "s")
            best = exact(shelf, space)
        files = list((Path(home) / "bench").glob("index/*"))
        size_of = sum(file.stat().st_size for file in files)
        yield Figure(f"{name}: files of the index", size_of / 2**20, "MiB")
        told, peak = _served(home)
        for file in (Path(home) / "bench").rglob("*.*"):
            push_out(file)
        cold = _served(home)[0]["opened"]
        with Library.open("bench", home=Path(home), space=space) as library:
            library.searcher.shelves()
            put(library.catalogue, Path(home), space, jittered(real, _MORE, seed=1), first=size)
            started = time.perf_counter()
            library.searcher.shelves()
            later = time.perf_counter() - started
    opened, took = told["opened"], 1000 * np.array(told["took"])
    recall = np.mean(
        [len(set(a) & set(b)) / _BEST for a, b in zip(told["best"], best, strict=True)]
    )
    yield Figure(f"{name}: opened", opened, "s", _SECONDS, "less")
    yield Figure(f"{name}: opened, its files not in the system's cache", cold, "s")
    yield Figure(f"{name}: index with {_MORE} items more", later, "s")
    yield Figure(f"{name}: peak memory of the process", peak / 2**20, "MiB", _MIB, "less")
    yield Figure(f"{name}: text query end to end, p50", float(np.percentile(took, 50)), "ms")
    p95 = float(np.percentile(took, 95))
    yield Figure(f"{name}: text query end to end, p95", p95, "ms", _MILLISECONDS, "less")
    yield Figure(f"{name}: recall@{_BEST} of exact search", float(recall), "×", _RECALL)


def push_out(file: Path) -> None:
    """Have the system forget what it holds of a file in memory, where it can be told to."""
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def queries() -> list[str]:
    """What is asked."""
    return [f"{media.SENTENCES[n % len(media.SENTENCES)]} {n}" for n in range(_QUERIES)]


def exact(shelf: Shelf, space: JointSpace) -> list[list[int]]:
    """The best items for each query, by comparing with every row in every dimension."""
    asked = extend(space.encode([Text(q) for q in queries()], "query"), {Modality.TEXT: 1.0})
    scores: Floats = np.zeros((len(asked), 0), np.float32)
    items = np.zeros((len(asked), 0), np.int64)
    for start in range(0, len(shelf.rows), _CHUNK):
        some = slice(start, start + _CHUNK)
        rows = shelf.index.take(shelf.rows[some])  # (c, d + 5), by id as rows are
        scores = np.hstack([scores, asked @ rows.T])
        items = np.hstack([items, np.tile(shelf.items[some], (len(asked), 1))])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_BEST]
        scores = np.take_along_axis(scores, best, axis=1)
        items = np.take_along_axis(items, best, axis=1)
    found: list[list[int]] = items.tolist()
    return found


def serve(home: str) -> None:
    """Open the library of a folder, ask everything, and print what came of it as JSON."""
    space = load_profile("embedded")
    started = time.perf_counter()
    with Library.open("bench", home=Path(home), space=space) as library:
        library.searcher.shelves()
        opened = time.perf_counter() - started
        library.search("a first query loads the tower", to=["image"], k=_BEST)
        took, best = [], []
        for words in queries():
            started = time.perf_counter()
            results = library.search(words, to=["image"], k=_BEST)
            took.append(time.perf_counter() - started)
            best.append([hit.item.id for hit in results.hits])
    sys.stdout.write(json.dumps({"opened": opened, "took": took, "best": best}))


def _served(home: str) -> tuple[dict[str, Any], int]:
    command = [sys.executable, "-c", f"from {__name__} import serve; serve({home!r})"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    with PeakMemory(process.pid) as memory:
        answer, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("the library could not be searched")
    told: dict[str, Any] = json.loads(answer)
    return told, memory.bytes
