"""Whether one method really finds more than another, on the same queries.

Letters of shapes: q queries, g groups of them, B draws.
"""

from dataclasses import dataclass

import numpy as np

from xmr_core.metrics import intervals
from xmr_core.metrics.intervals import DRAWS, Value
from xmr_core.metrics.ranks import Doubles, Whole

_CELLS = 1 << 24  # signs that are held at once


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more one method has than another, and how often chance does as well.

    Attributes:
        value: the mean difference over queries, with its paired bootstrap interval.
        p: of the randomisation test: how often the difference would be as large, either way,
            if it were chance which of the two methods a query's result came from.
    """

    value: Value
    p: float


def compare(
    one: Doubles,
    other: Doubles,
    groups: Whole | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Difference:
    """Compare two methods' measures of the same queries.

    Fisher's randomisation test, as Smucker, Allan and Carterette ("A comparison of statistical
    significance tests for information retrieval evaluation", CIKM 2007) recommend it; queries
    of one group change sides together.

    Args:
        one, other: f64 (q,), the same measure of the same queries in the same order.
        groups: i64 (q,), each query's group; every query for itself if None.
        draws: of the test and of the bootstrap.
        seed: of both.

    >>> found = compare(np.array([0.9, 0.8, 0.7, 0.9, 0.8, 0.9]), np.zeros(6))
    >>> round(found.value.value, 3), found.p < 0.06
    (0.833, True)
    """
    apart = np.asarray(one, np.float64) - other  # (q,)
    groups = np.arange(len(apart)) if groups is None else groups
    _, own = np.unique(groups, return_inverse=True)
    sums = np.bincount(own, weights=apart)  # (g,)
    seen = abs(float(sums.sum()))
    least = seen * (1 - 1e-12)  # sums of the same numbers differ by their order
    rng = np.random.default_rng(seed)
    as_large, some = 0, max(1, _CELLS // max(len(sums), 1))
    for start in range(0, draws, some):
        size = (min(some, draws - start), len(sums))
        signs = rng.integers(0, 2, size=size, dtype=np.int8) * 2.0 - 1
        as_large += int(np.count_nonzero(np.abs(signs @ sums) >= least))
    # What was seen is one of the ways that it could have come out
    return Difference(intervals.mean(apart, groups, draws, seed), (1 + as_large) / (1 + draws))
