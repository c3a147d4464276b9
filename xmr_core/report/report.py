"""A report: what was measured of a joint space, in each direction, as plain data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from xmr_core.media import Modality
from xmr_core.metrics import Value
from xmr_core.metrics.ranks import Doubles, Whole

Direction = tuple[Modality, Modality]
"""(the medium asked in, the medium searched)."""

By = Literal["labels", "pairs"]


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


def _middle(values: Sequence[Value]) -> Value:
    rows = np.array([(value.value, value.low, value.high) for value in values])
    return Value(*(float(column) for column in rows.mean(axis=0)))


def _listed(value: Value) -> list[float]:
    return [round(number, 6) for number in (value.value, value.low, value.high)]
