"""What a space still finds when its vectors are kept in fewer bytes, direction by direction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xmr_core.datasets import Split
from xmr_core.lab.codes import FEWEST_ROWS, STEPS, compress
from xmr_core.metrics import Match
from xmr_core.report import Direction
from xmr_core.space import JointSpace

_K = 10


@dataclass(frozen=True)
class Size:
    """One way to keep vectors.

    Attributes:
        how: one of :data:`xmr_core.lab.codes.STEPS`.
        bytes: a vector.
        found: by direction, the share of right answers among the first ten (by classes), or of
            queries whose partner is among them (by pairs).
        seconds: of a query, the mean over directions.
    """

    how: str
    bytes: int
    found: Mapping[Direction, float]
    seconds: float


def compressed(space: JointSpace, split: Split, by: Literal["labels", "pairs"]) -> list[Size]:
    """A space measured on a split at every size that its vectors allow, the largest first."""
    media = split.modalities
    directions = [(a, b) for a in media for b in media if a != b]
    asked = {m: space.embed(m, split.views[m], "query") for m in media}
    kept = {m: space.embed(m, split.views[m]) for m in media}
    keys = split.keys(by)
    sizes: list[Size] = []
    few = min(len(asked[a]) + len(kept[b]) for a, b in directions) < FEWEST_ROWS
    for how in STEPS:
        if few and how.startswith("pq"):
            continue
        found: dict[Direction, float] = {}
        seconds, size = [], 0
        for source, target in directions:
            both = np.concatenate([asked[source], kept[target]])
            small = compress(kept[target], how, learn_from=both)
            _, at = small.search(asked[source], _K)
            right = Match(keys[source], keys[target]).rows(slice(None))  # (q, n)
            relevant = np.take_along_axis(right, at, axis=1)  # (q, k)
            each = relevant.mean(axis=1) if by == "labels" else relevant.any(axis=1)
            found[source, target] = float(each.mean())
            seconds.append(small.seconds(asked[source], _K, times=3))
            size = small.bytes
        if not sizes or size < sizes[-1].bytes:  # vectors of few numbers are small as they are
            sizes.append(Size(how, size, found, float(np.mean(seconds))))
    return sizes
