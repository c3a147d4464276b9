"""How well a joint space finds, in one medium, what was asked for in another.

Letters of shapes: q queries, n items of a gallery, l levels of recall, B draws of the bootstrap.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from xmr_core.datasets import Split
from xmr_core.errors import LabError
from xmr_core.media import Floats, Modality
from xmr_core.metrics import (
    LEVELS,
    Difference,
    Match,
    Ranks,
    Value,
    compare,
    first_ranks_of,
    intervals,
    ranks_of,
)
from xmr_core.metrics.ranks import Doubles, Whole
from xmr_core.report.report import By, Curve, Direction, Report, arrow
from xmr_core.space import JointSpace

Tell = Callable[[int, int], None]

PAIRS: Mapping[str, Callable[[Whole], Doubles]] = {
    "recall@1": lambda first: (first <= 1).astype(np.float64),
    "recall@5": lambda first: (first <= 5).astype(np.float64),
    "recall@10": lambda first: (first <= 10).astype(np.float64),
    "mean_recall": lambda first: np.mean([first <= k for k in (1, 5, 10)], axis=0),
}
"""Measures of each query from the rank of its best partner i64 (q,), by name."""

LABELS: Mapping[str, Callable[[Ranks], Doubles]] = {
    "map": lambda ranks: ranks.average_precision(),
    "map@50": lambda ranks: ranks.average_precision(50),
    "map@50/all": lambda ranks: ranks.average_precision(50, "all"),
    "precision@10": lambda ranks: ranks.precision(10),
    "precision@50": lambda ranks: ranks.precision(50),
    "recall@50": lambda ranks: ranks.recall(50),
    "f@50": lambda ranks: ranks.f_score(50),
    "ndcg@50": lambda ranks: ranks.ndcg(50),
    "ndcg": lambda ranks: ranks.ndcg(),
}
"""Measures of each query from the ranks of all that shares its class, by name.

``map@50`` divides by the relevant items found among the first 50, ``map@50/all`` by all.
"""


def measure(
    space: JointSpace,
    split: Split,
    by: By,
    *,
    draws: int = intervals.DRAWS,
    seed: int = 0,
    tell: Tell | None = None,
) -> Report:
    """Ask in each medium for each other one, and measure what is found.

    The asking medium goes through its head for queries, the other through its head for
    galleries, as methods may learn one for each direction.

    Args:
        space: fitted; only its heads are used.
        split: features that the heads take; most of the time ``dataset.test``.
        by: ``"labels"``: whatever shares a class is relevant (:data:`LABELS`); ``"pairs"``:
            rows of the query's own owner are (:data:`PAIRS` and the median rank).
        draws: of the bootstrap, see :mod:`xmr_core.metrics.intervals`.
        seed: of the draws.
        tell: told (directions done, directions in all).

    Raises:
        LabError: no classes to measure by, or features or vectors that are not finite.
    """
    media = split.modalities
    if by == "labels" and not all(m in split.labels for m in media):
        raise LabError("There are no classes to measure by.", "Measure by pairs.")
    directions = [(a, b) for a in media for b in media if a != b]
    each: dict[Direction, dict[str, Doubles]] = {}
    values: dict[Direction, dict[str, Value]] = {}
    curves: dict[Direction, Curve] = {}
    groups = {d: split.owners[d[0]] for d in directions}
    firsts: dict[Direction, Whole] = {}
    for done, (source, target) in enumerate(directions):
        if tell:
            tell(done, len(directions))
        queries = _embedded(space, split, source, "query")
        gallery = _embedded(space, split, target, "gallery")
        d, own = (source, target), groups[source, target]
        if by == "pairs":
            match = Match(split.owners[source], split.owners[target])
            firsts[d] = first_ranks_of(queries, gallery, match)
            continue
        match = Match(split.labels[source], split.labels[target])
        each[d], levels = _by_labels(queries, gallery, match)
        at = intervals.means(levels, own, draws, seed)  # (B, l)
        low, high = np.quantile(at, [0.025, 0.975], axis=0)
        curves[d] = Curve(LEVELS, levels.mean(axis=0), low, high)
        values[d] = intervals.each_mean(each[d], own, draws, seed)
    if tell:
        tell(len(directions), len(directions))
    if by == "pairs":
        return of_ranks(firsts, split, draws=draws, seed=seed)
    return Report(by, values, _overall(by, each, groups, draws, seed), curves, each, groups)


def of_ranks(
    firsts: Mapping[Direction, Whole],
    split: Split,
    *,
    draws: int = intervals.DRAWS,
    seed: int = 0,
) -> Report:
    """A report by partners of ranks that were found in some other way, by a re-ranker say.

    Args:
        firsts: i64 (q,) by direction, the rank of each query's best partner, from 1.
        split: that was asked and searched.
        draws: of the bootstrap.
        seed: of the draws.
    """
    each = {d: {name: of(first) for name, of in PAIRS.items()} for d, first in firsts.items()}
    groups = {d: split.owners[d[0]] for d in firsts}
    measured = {
        d: {
            "median_rank": intervals.median(first, groups[d], draws, seed),
            **intervals.each_mean(each[d], groups[d], draws, seed),
        }
        for d, first in firsts.items()
    }
    return Report("pairs", measured, _overall("pairs", each, groups, draws, seed), {}, each, groups)


def significance(
    one: Report, other: Report, direction: Direction, name: str, *, seed: int = 0
) -> Difference:
    """How much more one method finds than another, and whether that is chance.

    Args:
        one, other: fresh reports of the same split (the single queries are not kept in files).
        direction: which queries.
        name: a measure of single queries: of :data:`LABELS` or :data:`PAIRS`.
        seed: of the draws.

    Raises:
        LabError: the reports hold no single queries, or those of other data.
    """
    mine, theirs = (report.each.get(direction, {}).get(name) for report in (one, other))
    if mine is None or theirs is None or len(mine) != len(theirs):
        raise LabError(
            f"The reports do not hold {name} of the same queries, {arrow(direction)}.",
            "Measure both on one split, by the same.",
        )
    return compare(mine, theirs, one.groups[direction], seed=seed)


def _embedded(
    space: JointSpace, split: Split, modality: Modality, role: Literal["query", "gallery"]
) -> Floats:
    if not np.isfinite(split.views[modality]).all():
        raise LabError(
            f"The {modality} features to measure with hold numbers that are not finite.",
            "Leave out the rows that could not be encoded.",
        )
    rows = space.embed(modality, split.views[modality], role)
    if not np.isfinite(rows).all():
        raise LabError(
            f"The {modality} head of {space.name} gives numbers that are not finite.",
            "Fit it again with gentler settings.",
        )
    return rows


def _by_labels(
    queries: Floats, gallery: Floats, match: Match
) -> tuple[dict[str, Doubles], Doubles]:
    """Measures of each query f64 (q,) by name, and precisions at ``LEVELS`` f64 (q, l)."""
    each = {name: np.zeros(len(queries)) for name in LABELS}
    levels = np.zeros((len(queries), len(LEVELS)))
    for chunk, ranks in ranks_of(queries, gallery, match):
        for name, of in LABELS.items():
            each[name][chunk] = of(ranks)
        levels[chunk] = ranks.interpolated()
    return each, levels


def _overall(
    by: By,
    each: Mapping[Direction, Mapping[str, Doubles]],
    groups: Mapping[Direction, Whole],
    draws: int,
    seed: int,
) -> dict[str, Value]:
    """Means over directions; where both ask about the same things, these are drawn together."""
    name = "map" if by == "labels" else "mean_recall"
    values, drawn = [], []
    for d, measures in each.items():
        values.append(measures[name].mean())
        drawn.append(intervals.means(measures[name][:, None], groups[d], draws, seed)[:, 0])
    both = intervals.around(float(np.mean(values)), np.mean(drawn, axis=0))
    if by == "labels":
        return {name: both}
    scale = 300 * len(each)  # three recalls a direction, in percent
    total = Value(scale * both.value, scale * both.low, scale * both.high)
    return {"rsum": total, name: both}
