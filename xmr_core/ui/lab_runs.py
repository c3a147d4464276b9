"""Runs of the lab: methods fitted one after the other on a dataset, watched and cancelled by pages.

A run belongs to the tab that began it and is found by its token. What a method made of a
dataset under a seed is always the same, so that it is kept for all.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from xmr_core.datasets import Dataset
from xmr_core.errors import LabError, XMRError
from xmr_core.indexing import Control, Progress
from xmr_core.lab.fitting import Fit, fit
from xmr_core.ui.jobs import Job, JobBoard

_RUNS = 12  # kept; the oldest goes first
_FITS = 80


class _Stopped(Exception):
    """Somebody pressed Cancel."""


@dataclass(eq=False)
class LabRun:
    """Methods on one dataset.

    Attributes:
        data: its name on the page.
        seed: of the methods.
        methods: their names, in the order they are fitted.
        dataset: None until it is read.
        fits: what is there so far.
        problems: why a method is not there, in a sentence.
        now: the method that is fitted.
        curve: (step, objective) of it so far.
        steps: that it will take, 0 where it does not say.
    """

    token: str
    data: str
    seed: int
    methods: tuple[str, ...]
    dataset: Dataset | None = None
    fits: dict[str, Fit] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    now: str = ""
    curve: list[tuple[int, float]] = field(default_factory=list)
    steps: int = 0


class LabRuns:
    """All runs of this server.

    Args:
        read: name of a dataset → the dataset; slow the first time.
    """

    def __init__(self, read: Callable[[str], Dataset]) -> None:
        self._read = read
        self._board = JobBoard()
        self._runs: OrderedDict[str, LabRun] = OrderedDict()
        self._fits: OrderedDict[tuple[str, str, int], Fit] = OrderedDict()
        self._data: dict[str, Dataset] = {}
        self._lock = threading.Lock()
        self._one = threading.Lock()  # fits take both cores: one at a time

    def start(self, data: str, methods: Sequence[str], seed: int) -> LabRun:
        """Begin a run."""
        run = LabRun(secrets.token_hex(8), data, seed, tuple(methods))
        with self._lock:
            self._runs[run.token] = run
            while len(self._runs) > _RUNS:
                self._board.forget(self._runs.popitem(last=False)[0])
        self._board.start(run.token, "Fitting", lambda control: self._work(run, control))
        return run

    def get(self, token: str) -> LabRun:
        """The run of a token; raises LabError where there is none any more."""
        try:
            return self._runs[token]
        except KeyError:
            raise LabError(
                "This run of the lab is gone: the server was started again, or many others "
                "were made since.",
                "Fit the methods again.",
            ) from None

    def job(self, run: LabRun) -> Job | None:
        """Where it stands."""
        return self._board.get(run.token)

    def cancel(self, run: LabRun) -> None:
        """Stop it; what is fitted stays."""
        if (job := self.job(run)) is not None:
            job.cancel()

    def close(self) -> None:
        """Stop all."""
        self._board.close()

    def _work(self, run: LabRun, control: Control) -> Iterator[Progress]:
        total = len(run.methods)
        yield Progress("load", 0, total)
        with self._one:
            if run.data not in self._data:
                self._data[run.data] = self._read(run.data)
            run.dataset = self._data[run.data]
            for done, name in enumerate(run.methods):
                if control.cancelled:
                    yield Progress("cancelled", done, total)
                    return
                yield Progress("fit", done, total, current=name)
                try:
                    run.fits[name] = self._fit(run, name, control)
                except _Stopped:
                    run.now = ""
                    yield Progress("cancelled", done, total)
                    return
                except XMRError as error:
                    run.problems[name] = str(error)
                except (ValueError, ArithmeticError, RuntimeError) as error:
                    # linear algebra that fails on such data costs one row, no more
                    run.problems[name] = f"It failed on this data ({error})."
                run.now = ""
        yield Progress("done", total, total)

    def _fit(self, run: LabRun, name: str, control: Control) -> Fit:
        key = (run.data, name, run.seed)
        run.now, run.curve, run.steps = name, [], 0
        if (known := self._fits.get(key)) is not None:
            return known
        assert run.dataset is not None  # noqa: S101 - `_work` has read it

        def tell(step: int, steps: int, objective: float) -> None:
            run.curve.append((step, objective))
            run.steps = steps
            if control.cancelled:
                raise _Stopped

        made = fit(run.dataset, name, seed=run.seed, tell=tell)
        with self._lock:
            self._fits[key] = made
            while len(self._fits) > _FITS:
                self._fits.popitem(last=False)
        return made
