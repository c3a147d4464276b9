"""What becomes of a library that is larger than one machine holds, tried on one that is not.

    .venv/bin/python -m tools.scale --rows 1000000 --shards 10 --of 10000

First: rows are held in fewer bits. A million jittered vectors of photographs are compared in the
256 directions of queries with 32, 8 and 4 bits a number; so many of the best are compared again in
full as are needed for recall; for prefixes of the million, so that it can be seen how that grows.
Second: libraries are searched side by side. The same pictures in one library and in several, and
how many of the ten best the fused list shares with the list of the one. What is printed stands in
docs/scale.md.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from xmr_core.bench import media
from xmr_core.bench.million import queries
from xmr_core.bench.search import jittered, put
from xmr_core.hubness import hub_bias
from xmr_core.library import Library, make_query, search_libraries
from xmr_core.media import Floats, Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.projected_index import basis
from xmr_core.shelf import extend
from xmr_core.space import JointSpace

_BEST = 10
_AGAIN = (100, 400, 1600, 6400)
_SPREAD = 4.0  # standard deviations of a number that its levels reach


def levels(bits: int) -> Callable[[Floats, Floats, Floats], Floats]:
    """Numbers as so many evenly spaced levels give them back; 32 bits as they are.

    >>> wide = np.array([[-9.0, 0.1, 9.0]], np.float32)
    >>> levels(8)(wide, np.zeros(3, np.float32), np.ones(3, np.float32)).round(2).tolist()
    [[-3.9800000190734863, 0.10999999940395355, 3.9800000190734863]]
    """
    half = 2 ** (bits - 1)

    def coarse(rows: Floats, mean: Floats, spread: Floats) -> Floats:
        if bits == 32:
            return rows
        step = _SPREAD * spread / half
        at = np.clip(np.floor((rows - mean) / step), -half, half - 1)
        return np.asarray(mean + (at + 0.5) * step, np.float32)

    return coarse


def quantised(space: JointSpace, real: Floats, rows: int) -> Iterator[str]:
    """Recall by bits a number, rows and how many are compared again, as lines of a table."""
    texts = space.encode([Text(q) for q in queries()], "query")
    asked = extend(texts, {Modality.TEXT: 1.0})  # (q, d + 5)
    bank = extend(space.bank(Modality.TEXT), {Modality.TEXT: 1.0})
    directions = basis(bank)
    narrow = asked @ directions
    sizes = [n for n in (10_000, 100_000, 1_000_000, 10_000_000) if n <= rows]
    exact = np.zeros((len(asked), max(sizes)), np.float32)
    near: dict[int, Floats] = {bits: np.zeros_like(exact) for bits in (32, 8, 4)}
    mean = spread = np.zeros(0, np.float32)
    yield "| rows | bits | " + " | ".join(f"{n:,} again" for n in _AGAIN) + " |"
    yield "| ---: | ---: |" + " ---: |" * len(_AGAIN)
    done = 0
    for joint in jittered(real, max(sizes)):
        bias = hub_bias(joint, space.bank(Modality.TEXT))
        whole = np.hstack([joint, np.repeat(-bias[:, None], asked.shape[1] - space.dim, axis=1)])
        projected = whole @ directions
        if not done:
            mean, spread = projected.mean(axis=0), projected.std(axis=0)
        here = slice(done, done + len(joint))
        exact[:, here] = asked @ whole.T
        for bits, scores in near.items():
            scores[:, here] = narrow @ levels(bits)(projected, mean, spread).T
        done += len(joint)
        if done in sizes:
            for bits, scores in near.items():
                pairs = zip(exact[:, :done], scores[:, :done], strict=True)
                ranks = np.array([_ranks(*pair) for pair in pairs])  # (q, 10)
                shares = " | ".join(f"{np.mean(ranks < again):.3f}" for again in _AGAIN)
                yield f"| {done:,} | {bits} | {shares} |"


def _ranks(exact: Floats, near: Floats) -> list[int]:
    """At which places of a coarse list the best of an exact one stand."""
    best = np.argpartition(-exact, _BEST)[:_BEST]
    return [int((near > near[at]).sum()) for at in best]


def sharded(space: JointSpace, real: Floats, shards: int, of: int) -> Iterator[str]:
    """What a fused list of several libraries shares with that of one, as a line."""
    chunks = list(jittered(real, shards * of))
    each = len(chunks) // shards
    with tempfile.TemporaryDirectory() as home:
        whole = _made(home, "whole", space, chunks)
        parts = [
            _made(home, f"part-{n}", space, list(islice(chunks, n * each, (n + 1) * each)), n * of)
            for n in range(shards)
        ]
        shared = []
        for words in queries():
            query = make_query([words], to=["image"], k=_BEST)
            one = {hit.item.path for hit in whole.answer(query).hits}
            several = {hit.item.path for hit in search_libraries(parts, query).hits}
            shared.append(len(one & several) / _BEST)
        for library in (whole, *parts):
            library.close()
    yield f"{shards} libraries of {of:,} share {np.mean(shared):.3f} of the ten best with one"


def _made(home: str, name: str, space: JointSpace, chunks: list[Floats], first: int = 0) -> Library:
    library = Library.create(name, home=Path(home), space=space)
    put(library.catalogue, Path(home), space, chunks, first)
    return library


def main() -> None:
    """Print both."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--shards", type=int, default=10)
    options.add_argument("--of", type=int, default=10_000, help="pictures in each library")
    chosen = options.parse_args()
    space = load_profile("embedded")
    real = space.encode([Image(p) for p in media.photographs(64)], "gallery")
    for line in chain(
        quantised(space, real, chosen.rows),
        [""],
        sharded(space, real, chosen.shards, chosen.of),
    ):
        print(line, flush=True)


if __name__ == "__main__":
    main()
