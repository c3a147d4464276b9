"""Runs with XMR: ``ready``, ``warm``, ``vectors``, ``fill``."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.bench.search import put
from xmr_core.library import Library
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile

_WARM = 5
_BATCH = 2_000


def ready(profile: str) -> None:
    """Make all that is kept of a new checkpoint."""
    space = load_profile(profile)
    space.encode([Text("a dog"), Image(np.zeros((64, 64, 3), np.uint8))])
    space.bank()


def warm(name: str, queries: str, k: str) -> None:
    """Ask a library, one question after the other."""
    took = []
    with Library.open(name) as library:
        for query in json.loads(Path(queries).read_text("utf-8")):
            started = time.perf_counter()
            hits = library.search(query, to=["image"], k=int(k)).hits
            took.append(1000 * (time.perf_counter() - started))
            if len(hits) != int(k):
                raise SystemExit(f"{len(hits)} hits")
    print(json.dumps(took[_WARM:]))


def vectors(name: str, file: str) -> None:
    """Write the vectors of a library's pictures f32 (n, d)."""
    with Library.open(name) as library:
        rows = [joint for *_, joint in library.catalogue.vectors(Modality.IMAGE)]
    np.save(file, np.concatenate(rows).astype(np.float32))


def fill(profile: str, file: str) -> None:
    """A library ``filled`` of pictures that are not there."""
    space = load_profile(profile)
    rows = np.load(file)
    chunks = (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
    with Library.create("filled", profile, space=space) as library:
        put(library.catalogue, Path(file).parent, space, chunks)
        library.searcher.shelves()


if __name__ == "__main__":
    does: dict[str, Any] = {"ready": ready, "warm": warm, "vectors": vectors, "fill": fill}
    does[sys.argv[1]](*sys.argv[2:])
