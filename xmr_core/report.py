"""How well a joint space finds, in one medium, what was asked for in another.

Letters of shapes: q queries, n items of a gallery, B draws of the bootstrap.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

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
from xmr_core.space import JointSpace

Direction = tuple[Modality, Modality]
"""(the medium asked in, the medium searched)."""

By = Literal["labels", "pairs"]

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


@dataclass(frozen=True, eq=False)
class Curve:
    """Precision at recall, interpolated and averaged over queries.

    Attributes:
        recall: f64 (l,), 0 … 1.
        precision, low, high: f64 (l,), and where the precision lies in 95 of 100 test sets.
    """

    recall: Doubles
    precision: Doubles
    low: Doubles
    high: Doubles


@dataclass(frozen=True, eq=False)
class Report(Mapping[Direction, Mapping[str, Value]]):
    """What was measured: ``report[source, target][measure]`` is a :class:`Value`.

    Queries are in ``source``, what is searched is in ``target``: the "image query" of papers
    is ``(IMAGE, TEXT)``. Shares and means lie in 0…1, ``rsum`` in 0…600 for two media, and
    ``median_rank`` from 1.

    Attributes:
        by: what counted as found: what shares a class, or a partner.
        measured: measures by direction and name.
        overall: of all directions together: ``rsum`` (of R@1, 5 and 10 in percent) and
            ``mean_recall``, or ``map``, the mean over directions.
        curves: precision against recall by direction; none where partners were asked for.
        each: every query's measures, f64 (q,), by direction and name: what significance
            between two methods is tested on. Not kept in files.
        groups: i64 (q,) by direction; queries of one group are about one thing.
    """

    by: By
    measured: Mapping[Direction, Mapping[str, Value]]
    overall: Mapping[str, Value]
    curves: Mapping[Direction, Curve] = field(default_factory=dict)
    each: Mapping[Direction, Mapping[str, Doubles]] = field(default_factory=dict, repr=False)
    groups: Mapping[Direction, Whole] = field(default_factory=dict, repr=False)

    def __getitem__(self, direction: Direction) -> Mapping[str, Value]:
        return self.measured[direction]

    def __iter__(self) -> Iterator[Direction]:
        return iter(self.measured)

    def __len__(self) -> int:
        return len(self.measured)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a file; directions as ``"image→text"``."""
        return {
            "by": self.by,
            "directions": {
                arrow(d): {name: _listed(value) for name, value in measures.items()}
                for d, measures in self.measured.items()
            },
            "overall": {name: _listed(value) for name, value in self.overall.items()},
            "curves": {
                arrow(d): {
                    name: np.round(getattr(curve, name), 6).tolist()
                    for name in ("recall", "precision", "low", "high")
                }
                for d, curve in self.curves.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """What :meth:`as_json` wrote, without the single queries."""
        return cls(
            by=data["by"],
            measured={
                direction_of(key): {name: Value(*numbers) for name, numbers in measures.items()}
                for key, measures in data["directions"].items()
            },
            overall={name: Value(*numbers) for name, numbers in data["overall"].items()},
            curves={
                direction_of(key): Curve(**{name: np.array(row) for name, row in rows.items()})
                for key, rows in data["curves"].items()
            },
        )


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
        LabError: no classes to measure by, or a space whose vectors are not finite.
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


def averaged(reports: Sequence[Report]) -> Report:
    """One report of the same split measured with several seeds of a method.

    Values, intervals and curves are means over seeds, and so are the single queries: the
    intervals say what other queries would give, not what other seeds would.

    Args:
        reports: one or more, of the same split by the same.
    """
    first = reports[0]
    return Report(
        first.by,
        {
            d: {name: _middle([report[d][name] for report in reports]) for name in measures}
            for d, measures in first.items()
        },
        {name: _middle([report.overall[name] for report in reports]) for name in first.overall},
        {
            d: Curve(
                curve.recall,
                *(
                    np.mean([getattr(report.curves[d], part) for report in reports], axis=0)
                    for part in ("precision", "low", "high")
                ),
            )
            for d, curve in first.curves.items()
        },
        {
            d: {
                name: np.mean([report.each[d][name] for report in reports], axis=0)
                for name in columns
            }
            for d, columns in first.each.items()
        },
        first.groups,
    )


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


def arrow(direction: Direction) -> str:
    """A direction in words.

    >>> arrow((Modality.IMAGE, Modality.TEXT))
    'image→text'
    """
    return "→".join(direction)


def direction_of(words: str) -> Direction:
    """The direction that :func:`arrow` put in words."""
    source, target = words.split("→")
    return Modality(source), Modality(target)


def _embedded(
    space: JointSpace, split: Split, modality: Modality, role: Literal["query", "gallery"]
) -> Floats:
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


def _middle(values: Sequence[Value]) -> Value:
    rows = np.array([(value.value, value.low, value.high) for value in values])
    return Value(*(float(column) for column in rows.mean(axis=0)))


def _listed(value: Value) -> list[float]:
    return [round(number, 6) for number in (value.value, value.low, value.high)]
