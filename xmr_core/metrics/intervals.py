"""How sure a measured mean or median is: bootstrap intervals over queries.

Letters of shapes: q queries, m measures of each, g groups of queries, B draws.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xmr_core.metrics.ranks import Doubles, Whole

DRAWS = 1000
SHARE = 0.95
"""Of the intervals: where the true value lies in 95 of 100 such test sets."""

_CELLS = 1 << 22  # weights that are held at once: 32 MB


@dataclass(frozen=True, slots=True)
class Value:
    """A measure and the interval that it is known to, in the measure's own unit."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def weights(groups: Whole, draws: int = DRAWS, seed: int = 0) -> Iterator[Doubles]:
    """How often each query is drawn, some draws at a time, f64 (some, q).

    Queries of one group are drawn together: five captions of one picture are no five
    independent questions, and intervals that take them for such are too narrow.

    Args:
        groups: i64 (q,), each query's group.
        draws: B, in all.
        seed: of the draws; the same seed and groups give the same draws.
    """
    names, own = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(seed)
    some = max(1, _CELLS // max(len(groups), 1))
    for start in range(0, draws, some):
        count = min(some, draws - start)
        yield drawn(rng, len(names), count)[:, own]


def drawn(rng: np.random.Generator, groups: int, draws: int) -> Doubles:
    """How often each of g groups is drawn in g tries, f64 (draws, g)."""
    each = np.empty((draws, groups))
    for row in each:
        row[:] = np.bincount(rng.integers(groups, size=groups), minlength=groups)
    return each


def means(values: Doubles, groups: Whole, draws: int = DRAWS, seed: int = 0) -> Doubles:
    """Bootstrapped means, f64 (B, m): of values f64 (q, m), in groups i64 (q,).

    The draws are those of :func:`weights` under the same seed.
    """
    _, own, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(own, kind="stable")
    sums = np.add.reduceat(values[order], np.cumsum(sizes) - sizes, axis=0)  # (g, m)
    rng = np.random.default_rng(seed)
    some = max(1, _CELLS // len(sizes))
    made = []
    for start in range(0, draws, some):
        drawn_now = drawn(rng, len(sizes), min(some, draws - start))
        made.append(drawn_now @ sums / (drawn_now @ sizes)[:, None])
    return np.concatenate(made)


def each_mean(
    columns: Mapping[str, Doubles], groups: Whole, draws: int = DRAWS, seed: int = 0
) -> dict[str, Value]:
    """The means of several measures of the same queries, f64 (q,) by name, drawn together."""
    table = np.stack(list(columns.values()), axis=1)  # (q, m)
    made = means(table, groups, draws, seed)
    return {
        name: around(float(column.mean()), one)
        for (name, column), one in zip(columns.items(), made.T, strict=True)
    }


def mean(values: Doubles, groups: Whole | None = None, draws: int = DRAWS, seed: int = 0) -> Value:
    """The mean of f64 (q,) and its interval.

    >>> mean(np.array([0.0, 1.0, 1.0, 1.0]))
    Value(value=0.75, low=0.25, high=1.0)
    """
    groups = np.arange(len(values)) if groups is None else groups
    return around(float(values.mean()), means(values[:, None], groups, draws, seed)[:, 0])


def median(values: Any, groups: Whole | None = None, draws: int = DRAWS, seed: int = 0) -> Value:
    """The median of (q,) and its interval.

    >>> median(np.array([1, 2, 9]), draws=100)
    Value(value=2.0, low=1.0, high=9.0)
    """
    groups = np.arange(len(values)) if groups is None else groups
    order = np.argsort(values, kind="stable")
    ranked = np.asarray(values, np.float64)[order]
    made = []
    for some in weights(groups, draws, seed):
        sums = np.cumsum(some[:, order], axis=1)  # (some, q)
        half = sums[:, -1:] / 2
        low, high = (sums < half).sum(axis=1), (sums <= half).sum(axis=1)
        made.append((ranked[low] + ranked[np.minimum(high, len(ranked) - 1)]) / 2)
    return around(float(np.median(ranked)), np.concatenate(made))


def around(value: float, draws: Doubles) -> Value:
    """A value and the middle ``SHARE`` of what was drawn for it, f64 (B,)."""
    low, high = np.quantile(draws, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    # A value without spread is not to lie beside its interval by a rounding
    return Value(value, min(float(low), value), max(float(high), value))
