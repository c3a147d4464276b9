"""Runs of the lab: methods fitted one after the other on a dataset, watched and cancelled by pages.

A run belongs to the tab that began it and is found by its token. What a method made of a
dataset under a seed is always the same, so that it is kept for all.
"""

import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from xmr_core.datasets import Dataset
from xmr_core.errors import LabError, XMRError
from xmr_core.indexing import Control, Progress, follow
from xmr_core.lab.fitting import Fit
from xmr_core.lab.sizes import Size, compressed
from xmr_core.ui.jobs import Job, JobBoard
from xmr_core.ui.lab_data import Data, Read
from xmr_core.ui.lab_made import Made, make
from xmr_core.ui.lab_reading import Reading, Stage

_RUNS = 12  # kept; the oldest goes first
_FITS = 80
_DATA = 4
_LOOK = 0.2  # seconds between two looks at whether it is this run's turn

K = TypeVar("K")
T = TypeVar("T")
_Key = tuple[str, str, int]
"""(data, method, seed)."""


class _Stopped(Exception):
    """Somebody pressed Cancel."""


@dataclass(eq=False)
class LabRun:
    """Methods on one dataset.

    Attributes:
        data: what they are fitted on.
        seed: of the methods.
        methods: their names, in the order they are fitted.
        reading: how far the data are.
        read: None until they are read.
        fits: what is there so far.
        problems: why a method is not there, in a sentence.
        now: the method that is fitted.
        curve: (step, objective) of it so far.
        step, steps: how far it is, and what it will take; 0 of 0 where it does not say.
    """

    token: str
    data: Data
    seed: int
    methods: tuple[str, ...]
    reading: Reading = field(default_factory=Reading)
    read: Read | None = None
    fits: dict[str, Made] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    now: str = ""
    curve: list[tuple[int, float]] = field(default_factory=list)
    step: int = 0
    steps: int = 0

    @property
    def spaces(self) -> dict[str, Fit]:
        """What is there of methods, which make spaces."""
        return {name: one for name, one in self.fits.items() if isinstance(one, Fit)}

    @property
    def dataset(self) -> Dataset:
        """What was read; raises LabError before."""
        if self.read is None:
            raise LabError("The data is not read yet.", "Wait a moment.")
        return self.read.dataset


class Kept(OrderedDict[K, T]):
    """The newest of what was made; the oldest goes first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, made: T) -> T:
        """Keep it, and give it back."""
        self[key] = made
        while len(self) > self._most:
            self.popitem(last=False)
        return made


class LabRuns:
    """All runs of this server.

    Args:
        board: of their own.
    """

    def __init__(self, board: JobBoard) -> None:
        self._board = board
        self._runs: OrderedDict[str, LabRun] = OrderedDict()
        self._fits: Kept[_Key, Made] = Kept(_FITS)
        self._sizes: Kept[_Key, list[Size]] = Kept(_FITS)
        self._read: Kept[str, Read] = Kept(_DATA)
        self._lock = threading.Lock()
        self._one = threading.Lock()  # fits take both cores: one at a time
        self._measuring = threading.Lock()

    def start(self, data: Data, methods: Sequence[str], seed: int) -> LabRun:
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
        """Stop it; what is fitted stays, and so does what was encoded."""
        if (job := self.job(run)) is not None:
            job.cancel()

    def sizes(self, run: LabRun, made: Fit) -> list[Size]:
        """What is found when a method's vectors are kept in fewer bytes; measured once."""
        key = (run.data.key, made.method, run.seed)
        with self._measuring:  # whoever else asks for the same waits for it
            if key not in self._sizes:
                dataset = run.dataset
                found = compressed(made.space, dataset.test, dataset.relevant)
                self._sizes.keep(key, found)
            return self._sizes[key]

    def _work(self, run: LabRun, control: Control) -> Iterator[Progress]:
        yield Progress("load", 0, len(run.methods))
        while not self._one.acquire(timeout=_LOOK):
            if control.cancelled:
                yield Progress("cancelled")
                return
        try:
            yield from self._turn(run, control)
        finally:
            self._one.release()

    def _turn(self, run: LabRun, control: Control) -> Iterator[Progress]:
        run.read = yield from self._data(run, control)
        total = len(run.methods)
        for done, name in enumerate(run.methods if run.read else ()):
            if control.cancelled:
                break
            yield Progress("fit", done, total, current=name)
            try:
                run.fits[name] = self._fit(run, name, control)
            except _Stopped:
                break
            except XMRError as error:
                run.problems[name] = str(error)
            except (ValueError, ArithmeticError, RuntimeError) as error:
                # linear algebra that fails on such data costs one row, no more
                run.problems[name] = f"It failed on this data ({error})."
            run.now = ""
        run.now = ""
        there = len(run.fits) + len(run.problems)
        yield Progress("done" if there == total else "cancelled", there, total)

    def _data(self, run: LabRun, control: Control) -> Generator[Progress, None, Read | None]:
        """The data, read or kept; None where the run was cancelled meanwhile."""
        key = run.data.key
        if key not in self._read:

            def read(check: Callable[[int, int], None]) -> Read:
                def tell(stage: Stage, done: int, total: int) -> None:
                    run.reading.tell(stage, done, total)
                    check(done, total)  # raises after a cancel

                return run.data.read(tell)

            run.reading.tell("media")
            made = yield from follow(read, "load", control)
            if made is None:
                return None
            self._read.keep(key, made)
        return self._read[key]

    def _fit(self, run: LabRun, name: str, control: Control) -> Made:
        key = (run.data.key, name, run.seed)
        run.now, run.curve, run.step, run.steps = name, [], 0, 0
        if (known := self._fits.get(key)) is not None:
            return known

        assert run.read is not None  # noqa: S101 - `_turn` has read it

        def check() -> None:
            if control.cancelled:
                raise _Stopped

        def tell(step: int, steps: int, objective: float) -> None:
            run.step, run.steps = step, steps
            if math.isfinite(objective):  # some take media apart first
                run.curve.append((step, objective))
            check()

        made = make(run.read, name, seed=run.seed, tell=tell, check=check)
        with self._lock:
            return self._fits.keep(key, made)
