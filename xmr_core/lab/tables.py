"""Tables of the lab: methods fitted and measured on one dataset, over several seeds.

A table is plain data. Written to a file it holds the versions, the seeds and the checksum of
the data that it was made with, so that it can be shown again, or made again by one command.
"""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.datasets import Dataset, Encoders
from xmr_core.errors import LabError, XMRError
from xmr_core.lab import METHODS, RERANKERS
from xmr_core.lab.contract import Family, Method
from xmr_core.lab.interaction import Reranker
from xmr_core.lab.reranked import BEST, reranked
from xmr_core.metrics import Difference, Value, intervals
from xmr_core.report import (
    By,
    Direction,
    Report,
    arrow,
    averaged,
    direction_of,
    measure,
    significance,
)

SEEDS = (0, 1, 2)
BASE = "cca"
"""The method that all others are compared with."""

MAIN: Mapping[By, tuple[str, str]] = {"labels": ("map", "map"), "pairs": ("mean_recall", "rsum")}
"""The measure of a direction, and that of all directions together, that methods go by."""

_FORMAT = "xmr-table-1"
_MATTER = ("xmr", "numpy", "scipy", "scikit-learn", "torch", "cca-zoo", "faiss-cpu")  # versions


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a table is.

    Attributes:
        method, seed: what is fitted now.
        place, methods: which method it is, from 0, and how many there are.
        step, steps: of this fit; 0 of 0 where the method does not say.
        objective: what the method brings down, now.
    """

    method: str
    seed: int
    place: int
    methods: int
    step: int = 0
    steps: int = 0
    objective: float = float("nan")


Tell = Callable[[Moment], None]
"""Told each moment; whatever it raises ends the table."""


@dataclass(frozen=True)
class Row:
    """One method of a table.

    Attributes:
        method: name in the registry.
        title, family: for people.
        bits: of its codes, 0 where its vectors are no codes.
        settings: its hyper-parameters.
        seeds: it was fitted with; one where the seed changes nothing.
        report: the mean over seeds; None where the method failed.
        spread: standard deviation over seeds of the overall measure (see ``MAIN``).
        seconds: of a fit, the mean over seeds.
        against: by direction how much more it finds than the base (see ``BASE``), by the
            measure of ``MAIN``; none for the base itself.
        problem: why there is no report, in a sentence.
    """

    method: str
    title: str
    family: Family
    bits: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    report: Report | None = None
    spread: float = 0.0
    seconds: float = 0.0
    against: Mapping[Direction, Difference] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """All rows, and what they were made with.

    Attributes:
        dataset, source, checksum, known: of the dataset.
        by: what counted as found.
        train, test: pairs to fit on; rows of each medium to measure with.
        seeds: asked for.
        versions: of packages.
        when: in UTC.
        rows: in the order of the registry.
    """

    dataset: str
    source: str
    checksum: str
    known: bool
    by: By
    train: int
    test: Mapping[str, int]
    seeds: tuple[int, ...]
    versions: Mapping[str, str]
    when: str
    rows: tuple[Row, ...]

    def row(self, method: str) -> Row | None:
        """The row of a method that was measured, or None."""
        return next((r for r in self.rows if r.method == method and r.report is not None), None)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a file."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"format": _FORMAT, **plain, "rows": [_row_as_json(row) for row in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Table":
        """What :meth:`as_json` wrote.

        Raises:
            LabError: it is something else.
        """
        if data.get("format") != _FORMAT:
            raise LabError("This is no table of the lab.", "Give a file that xmr lab run wrote.")
        plain = {f.name: data[f.name] for f in dataclasses.fields(cls)}
        plain["seeds"] = tuple(plain["seeds"])
        plain["rows"] = tuple(_row_of_json(row) for row in data["rows"])
        return cls(**plain)


def read_table(file: Path) -> Table:
    """The table in a file.

    Raises:
        LabError: there is none.
    """
    try:
        return Table.from_json(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise LabError(f"{file} cannot be read ({error.strerror}).", "Check its path.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(f"{file.name} is no table of the lab.", "Make it again.") from error


def tabulate(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    draws: int = intervals.DRAWS,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Table:
    """Fit methods on the training pairs and measure them on the test split.

    Args:
        dataset: what they are compared on.
        names: of the methods and re-rankers; all methods if None, and where there are
            encoders all re-rankers, too.
        seeds: each method is fitted with, one after the other.
        draws: of the bootstrap.
        encoders: that made the dataset's views; re-rankers need them.
        tell: told how far it is.

    Raises:
        LabError: a name is none of a method. What goes wrong in a method is said in its row.
    """
    made = rows(dataset, names, seeds, draws=draws, encoders=encoders, tell=tell)
    return table_of(dataset, tuple(made), seeds)


def table_of(dataset: Dataset, made: tuple[Row, ...], seeds: Sequence[int] = SEEDS) -> Table:
    """The table of rows that were made on a dataset."""
    return Table(
        dataset=dataset.name,
        source=dataset.source,
        checksum=dataset.checksum,
        known=dataset.known,
        by=dataset.relevant,
        train=len(next(iter(dataset.train.rows().values()))),
        test={str(m): len(view) for m, view in dataset.test.views.items()},
        seeds=tuple(seeds),
        versions={name: version(name) for name in _MATTER},
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=made,
    )


def rows(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    draws: int = intervals.DRAWS,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Iterator[Row]:
    """The rows of :func:`tabulate`, each as soon as it is there.

    The base comes first where it is asked for, as the others are compared with it.
    """
    chosen = list(names or [*METHODS, *(RERANKERS if encoders else ())])
    for name in chosen:
        if name not in METHODS and name not in RERANKERS:
            known = ", ".join([*METHODS, *RERANKERS])
            raise LabError(f"There is no method '{name}'.", f"There are: {known}.")
    chosen.sort(key=lambda name: name != BASE)
    base: Report | None = None
    for place, name in enumerate(chosen):
        moment = Moment(name, seeds[0], place, len(chosen))
        if name in METHODS:
            made = METHODS[name]()
            row = _Run(made, made.about.title, moment, tell).row(
                partial(_fitted, dataset, made, draws), seeds, base
            )
        else:
            again = RERANKERS[name]()
            title = f"{again.about.title}, the best {BEST} of {METHODS[BASE]().about.title}"
            row = _Run(again, title, moment, tell).row(
                partial(_looked_again, dataset, encoders or {}, again, draws),
                seeds[:1],  # it takes minutes
                base,
            )
        if name == BASE:
            base = row.report
        yield row


@dataclass(frozen=True)
class _Fit:
    """A method fitted with one seed.

    Attributes:
        mark: tells what was learned from what another seed gives.
        seconds: of the fit.
        bits: see :class:`Row`.
        report: measures it.
    """

    mark: str
    seconds: float
    bits: int
    report: Callable[[], Report]


Step = Callable[[int, int, float], None]


def _fitted(dataset: Dataset, method: Method, draws: int, seed: int, step: Step) -> _Fit:
    views, labels = dataset.train.pairs()
    started = time.perf_counter()
    space = method.fit(views, labels, seed=seed, tell=step)
    seconds = time.perf_counter() - started
    report = partial(measure, space, dataset.test, dataset.relevant, draws=draws)
    return _Fit(space.fingerprint, seconds, space.dim if method.about.bits else 0, report)


def _looked_again(
    dataset: Dataset, encoders: Encoders, method: Reranker, draws: int, seed: int, step: Step
) -> _Fit:
    started = time.perf_counter()
    made = reranked(dataset, encoders, METHODS[BASE](), method, seed=seed, draws=draws, tell=step)
    return _Fit(f"{seed}", time.perf_counter() - started, 0, lambda: made.report)


@dataclass
class _Run:
    """One method on one dataset; what goes wrong in it is said in its row."""

    method: Method | Reranker
    title: str
    moment: Moment
    tell: Tell | None
    stopped: BaseException | None = None

    def row(
        self, fit: Callable[[int, Step], _Fit], seeds: Sequence[int], base: Report | None
    ) -> Row:
        """The row of a method that is fitted with each seed, beside the base's report."""
        settings = _settings(self.method)
        blank = Row(self.moment.method, self.title, self.method.about.family, settings=settings)
        fits: list[_Fit] = []
        reports: list[Report] = []
        try:
            for seed in seeds:
                self._say(dataclasses.replace(self.moment, seed=seed))
                fits.append(fit(seed, partial(self._step, seed)))
                if [one.mark for one in fits[1:]] == [fits[0].mark]:
                    break  # the second seed changed nothing
                reports.append(fits[-1].report())
        except Exception as error:
            # One method that fails costs its row, no more; who wants an end gets it
            if error is self.stopped:
                raise
            return dataclasses.replace(blank, problem=_reason(error))
        report = averaged(reports)
        direction, overall = MAIN[report.by]
        against = {}
        if base is not None:
            against = {d: significance(report, base, d, direction) for d in report}
        return dataclasses.replace(
            blank,
            bits=fits[0].bits,
            seeds=tuple(seeds[: len(reports)]),
            report=report,
            spread=float(np.std([one.overall[overall].value for one in reports])),
            seconds=float(np.mean([one.seconds for one in fits])),
            against=against,
        )

    def _step(self, seed: int, step: int, steps: int, objective: float) -> None:
        self._say(
            dataclasses.replace(self.moment, seed=seed, step=step, steps=steps, objective=objective)
        )

    def _say(self, moment: Moment) -> None:
        if self.tell is None:
            return
        try:
            self.tell(moment)
        except BaseException as stop:
            self.stopped = stop
            raise


def _reason(error: Exception) -> str:
    """What went wrong, in a sentence."""
    if isinstance(error, XMRError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _settings(method: Any) -> dict[str, Any]:
    """Hyper-parameters as a file can hold them."""
    held = {f.name: getattr(method, f.name) for f in dataclasses.fields(method)}
    return {
        name: value if isinstance(value, int | float | str | bool | None) else repr(value)
        for name, value in held.items()
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    plain = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    plain["report"] = row.report.as_json() if row.report else None
    plain["against"] = {
        arrow(d): {
            "difference": [found.value.value, found.value.low, found.value.high],
            "p": found.p,
        }
        for d, found in row.against.items()
    }
    return plain


def _row_of_json(data: Mapping[str, Any]) -> Row:
    plain = {f.name: data[f.name] for f in dataclasses.fields(Row)}
    plain["seeds"] = tuple(data["seeds"])
    plain["report"] = Report.from_json(data["report"]) if data["report"] else None
    plain["against"] = {
        direction_of(words): Difference(Value(*found["difference"]), found["p"])
        for words, found in data["against"].items()
    }
    return Row(**plain)
