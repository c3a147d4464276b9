"""One name of a table: fitted and measured, and what went wrong said in its row."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from xmr_core.datasets import Dataset, Encoders
from xmr_core.errors import XMRError
from xmr_core.lab.contract import Method
from xmr_core.lab.interaction import Reranker
from xmr_core.lab.reranked import reranked
from xmr_core.lab.table import MAIN, Row, Said
from xmr_core.report import Report, averaged, measure, significance


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


def fitted(dataset: Dataset, method: Method, draws: int, seed: int, step: Step) -> _Fit:
    """A method fitted with a seed on the training pairs."""
    views, labels = dataset.train.pairs()
    started = time.perf_counter()
    space = method.fit(views, labels, seed=seed, tell=step)
    seconds = time.perf_counter() - started
    report = partial(measure, space, dataset.test, dataset.relevant, draws=draws)
    return _Fit(space.fingerprint, seconds, space.dim if method.about.bits else 0, report)


def looked_again(
    dataset: Dataset,
    encoders: Encoders,
    first: Method,
    again: Reranker,
    draws: int,
    seed: int,
    step: Step,
) -> _Fit:
    """A re-ranker behind a first method, fitted with a seed."""
    started = time.perf_counter()
    made = reranked(dataset, encoders, first, again, seed=seed, draws=draws, tell=step)
    return _Fit(f"{seed}", time.perf_counter() - started, 0, lambda: made.report)


@dataclass
class Run:
    """One method, re-ranker or translator on one dataset; what goes wrong is said in its row.

    Attributes:
        moment: when it begins.
        tell: told how far it is.
        stopped: what that raised.
    """

    moment: Moment
    tell: Tell | None
    stopped: BaseException | None = None

    def row(
        self,
        blank: Row,
        fit: Callable[[int, Step], _Fit],
        seeds: Sequence[int],
        base: Report | None,
    ) -> Row:
        """The row of a method.

        Args:
            blank: without measures.
            fit: (seed, told how far it is) → the method fitted.
            seeds: to fit it with, one after the other.
            base: what it is compared with.
        """
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
            return dataclasses.replace(blank, problem=self._reason(error))
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

    def said(self, blank: Said, judged: Callable[[Step], list[Said]]) -> list[Said]:
        """The rows of a translator, of baselines too where it is the first of its kind.

        Args:
            blank: without measures.
            judged: (told how far it is) → the rows.
        """
        try:
            self._say(self.moment)
            return judged(partial(self._step, self.moment.seed))
        except Exception as error:
            return [dataclasses.replace(blank, problem=self._reason(error))]

    def _reason(self, error: Exception) -> str:
        """What went wrong, in a sentence.

        One name that fails costs its row, no more; who wants an end gets it.
        """
        if error is self.stopped:
            raise error
        if isinstance(error, XMRError):
            return str(error)
        return f"{type(error).__name__}: {error}"

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
