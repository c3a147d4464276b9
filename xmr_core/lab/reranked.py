"""Re-rankers in tables: a first ranking, and its best k looked at again part by part."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.datasets import Dataset, Encoders, Split
from xmr_core.datasets.features import through
from xmr_core.encoders import Encoder
from xmr_core.errors import LabError
from xmr_core.heads import Head
from xmr_core.lab.contract import SEED, Method, Tell
from xmr_core.lab.interaction import (
    Interaction,
    Parts,
    Reranker,
    Shortlist,
    best_weight,
    fused,
    looked_again,
    shortlist,
)
from xmr_core.lab.interaction.cutting import cells_of, words_of
from xmr_core.media import Floats, Image, Modality, Text
from xmr_core.metrics import Match, first_ranks_of, intervals
from xmr_core.paths import cache_dir
from xmr_core.readers import read
from xmr_core.report import Direction, Report, of_ranks
from xmr_core.space import JointSpace

Ranks = npt.NDArray[np.int64]

BEST = 50
"""How many of the first ranking are looked at again."""

_HELD = 500  # things of the training split on which the weight is chosen, one in five at most
_SHARD = 512  # things whose parts are kept in one file
_VERSION = "parts-1"  # raise when parts are made in another way


@dataclass(frozen=True)
class Again:
    """What re-ranking gave.

    Attributes:
        report: by partners.
        weight: of the re-ranker beside the first ranking, as chosen on held-out pairs.
    """

    report: Report
    weight: float


def reranked(
    dataset: Dataset,
    encoders: Encoders,
    first: Method,
    reranker: Reranker,
    *,
    best: int = BEST,
    seed: int = SEED,
    draws: int = intervals.DRAWS,
    tell: Tell | None = None,
) -> Again:
    """Fit a first method and a re-ranker on the same pairs, and measure both together.

    Some of the training things are held out from both, to choose the re-ranker's weight on.

    Args:
        dataset: of pictures and texts, encoded; its rows' names are files and sentences.
        encoders: that made its views.
        first: a method whose ranking is looked at again.
        reranker: looks again.
        best: k, how many of each list.
        seed: of all that is drawn.
        draws: of the bootstrap.
        tell: told how far the re-ranker's fitting is.

    Raises:
        LabError: other media, or encoders that give wholes alone.
    """
    if set(dataset.train.views) != {Modality.IMAGE, Modality.TEXT} or not dataset.encoders:
        raise LabError(
            "Parts are compared between pictures and texts that encoders read.",
            "Choose a dataset of captioned pictures.",
        )
    learned, held = _parted(dataset.train, seed)
    space = first.fit(learned.pairs()[0], seed=seed)
    parts = {m: _parts(dataset, learned, m, encoders[m], tell) for m in learned.views}
    rows = learned.rows()
    again = reranker.fit(parts, np.stack([rows[m] for m in parts], axis=1), seed=seed, tell=tell)
    chosen = [
        best_weight(looked.first, looked.again, _right(held, d, looked.first.rows))
        for d, looked in _looked(dataset, encoders, space, again, held, best)
    ]
    weight = float(np.mean(chosen))
    firsts: dict[Direction, Ranks] = {}
    for d, looked in _looked(dataset, encoders, space, again, dataset.test, best):
        right = _right(dataset.test, d, fused(looked.first, looked.again, weight).rows)
        # What the first ranking did not have among its best keeps its rank there
        firsts[d] = np.where(right.any(axis=1), 1 + right.argmax(axis=1), looked.ranks)
    return Again(of_ranks(firsts, dataset.test, draws=draws), weight)


@dataclass(frozen=True, eq=False)
class _Looked:
    """One direction's first ranking, the re-ranker's scores of it, and the ranks without it."""

    first: Shortlist
    again: Floats
    ranks: Ranks


def _looked(
    dataset: Dataset,
    encoders: Encoders,
    space: JointSpace,
    again: Interaction,
    split: Split,
    best: int,
) -> Iterator[tuple[Direction, _Looked]]:
    parts = {m: again.embed(m, _parts(dataset, split, m, encoders[m])) for m in split.modalities}
    for source, target in permutations(split.modalities, 2):
        queries = space.embed(source, split.views[source], "query")
        gallery = space.embed(target, split.views[target], "gallery")
        ranks = first_ranks_of(queries, gallery, Match(split.owners[source], split.owners[target]))
        first = shortlist(queries @ gallery.T, best)
        scores = looked_again(again, source, parts[source], parts[target], first)
        yield (source, target), _Looked(first, scores, ranks)


def _right(split: Split, direction: Direction, rows: Ranks) -> npt.NDArray[np.bool_]:
    """Whether each of what was found i64 (q, k) is a query's partner, bool (q, k)."""
    source, target = direction
    same: npt.NDArray[np.bool_] = split.owners[target][rows] == split.owners[source][:, None]
    return same


def _parted(split: Split, seed: int) -> tuple[Split, Split]:
    """The things to learn from, and those held out."""
    things = np.unique(np.concatenate(list(split.owners.values())))
    order = np.random.default_rng(seed).permutation(things)
    held = order[: min(_HELD, len(order) // 5)]
    return _only(split, np.setdiff1d(things, held)), _only(split, held)


def _only(split: Split, things: Ranks) -> Split:
    """The rows that show some things."""
    rows = {m: np.flatnonzero(np.isin(own, things)) for m, own in split.owners.items()}
    return Split(
        {m: split.views[m][some] for m, some in rows.items()},
        {m: split.owners[m][some] for m, some in rows.items()},
        {},
        {m: [split.names[m][i] for i in some.tolist()] for m, some in rows.items()},
    )


def _parts(
    dataset: Dataset,
    split: Split,
    modality: Modality,
    encoder: Encoder[Any],
    tell: Tell | None = None,
) -> Parts:
    """The parts of a split's media, in the principal directions of its wholes; cached.

    That takes minutes: ``tell`` is told how many are done, without an objective.
    """
    names = split.names[modality]
    before = dataset.before[modality]
    made = []
    for start in range(0, len(names), _SHARD):
        some = names[start : start + _SHARD]
        if tell:
            tell(start, len(names), float("nan"))
        key = hashlib.sha256("\0".join([_VERSION, encoder.fingerprint, *some]).encode())
        key.update(Head(encoder.dim, before).fingerprint.encode())
        file = cache_dir() / "lab" / f"parts-{modality}-{key.hexdigest()[:16]}.npz"
        if not file.is_file():
            if modality is Modality.IMAGE:
                cut = cells_of([_picture(Path(name)) for name in some], encoder)
            else:
                cut = words_of([Text(name) for name in some], encoder)
            rows = through(before, cut.rows.astype(np.float32)).astype(np.float16)
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}.npz")
            np.savez(temporary, rows=rows, counts=cut.counts)
            temporary.replace(file)
        with np.load(file, allow_pickle=False) as kept:
            made.append((kept["rows"], kept["counts"]))
    return Parts(np.concatenate([m[0] for m in made]), np.concatenate([m[1] for m in made]))


def _picture(path: Path) -> Image:
    """A picture that could be read when it was encoded.

    Raises:
        LabError: it is no picture any more.
    """
    medium = read(path)
    if not isinstance(medium, Image):
        raise LabError(f"{path.name} is no picture any more.", "Encode the dataset again.")
    return medium
