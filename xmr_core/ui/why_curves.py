"""Deletion and insertion curves of a pair, made in the background."""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from xmr_core.explain import Explanation
from xmr_core.explain.canvas import canvas_of
from xmr_core.explain.faithfulness import KINDS, STEPS, Curve, baselines, order
from xmr_core.indexing import Control, Progress
from xmr_core.media import Floats
from xmr_core.space import JointSpace, Role
from xmr_core.ui.context import Plain
from xmr_core.ui.jobs import Job, JobBoard
from xmr_core.ui.why_pair import Pair

_KEPT = 32  # measured pairs
_AT_ONCE = 4  # media that are encoded between two looks at whether to stop

Measured = dict[str, dict[str, Curve]]
"""By map (``map``, ``centre``, ``random``), then by kind."""


def measure(
    told: Explanation, side: str, space: JointSpace, control: Control, into: Measured
) -> Iterator[Progress]:
    """Take the medium away piece by piece, and put it together again, by three maps.

    The same numbers as `xmr_core.explain.faithfulness.curves`, in steps small enough to say how
    far they are and to be stopped.

    Args:
        told: whose heat is measured.
        side: ``query`` or ``hit``.
        space: of the pair.
        control: stops it.
        into: takes the curves as they are ready.
    """
    one, other, heat = told.hit, told.query, told.hit_heat
    role: Role = "gallery"
    if side == "query":
        one, other, heat, role = told.query, told.hit, told.query_heat, "query"
    opposite: Role = "gallery" if role == "query" else "query"
    target = space.embed(other.modality, other.pooled[None], opposite)[0]  # (d,)
    canvas = canvas_of(one.media)
    maps = {"map": canvas.spread(one, heat), **baselines(canvas)}
    runs = len(maps) * len(KINDS)
    total = 2 + runs * (STEPS - 1)
    nothing = np.zeros(len(canvas.sizes), bool)
    yield Progress("encode", 0, total)
    whole, empty = (
        float((space.encode([canvas.without(gone)], role) @ target)[0])
        for gone in (nothing, ~nothing)
    )
    done = 2
    for name, spread in maps.items():
        when = order(spread, canvas.sizes)  # (c,)
        shares = np.array([canvas.sizes[when < s].sum() for s in range(STEPS + 1)], np.float32)
        for kind in KINDS:
            first, last = (whole, empty) if kind == "deletion" else (empty, whole)
            scores = [first]
            for start in range(1, STEPS, _AT_ONCE):
                if control.cancelled:
                    yield Progress("cancelled", done, total)
                    return
                steps = range(start, min(start + _AT_ONCE, STEPS))
                gone = [when < s if kind == "deletion" else when >= s for s in steps]
                left = [canvas.without(away) for away in gone]
                scores += (space.encode(left, role) @ target).tolist()
                done += len(left)
                yield Progress("encode", done, total)
            into.setdefault(name, {})[kind] = Curve(shares, np.array([*scores, last], np.float32))
    yield Progress("done", total, total)


class Curves:
    """The measurements of this server: one at a time, the last ones kept.

    Args:
        jobs: a board of their own.
    """

    def __init__(self, jobs: JobBoard) -> None:
        self.jobs = jobs
        self._made: OrderedDict[str, Measured] = OrderedDict()
        self._newest: dict[str, str] = {}  # key → what its newest job is called on the board
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(self, key: str, pair: Pair, method: str | None, side: str) -> Plain:
        """Begin to measure, or join who does already; another measurement is stopped for it.

        Who has been told to stop, and may take a while to, is not joined.
        """
        with self._lock:
            job = self._job(key)
            under_way = job is not None and job.active and not job.control.cancelled
            if not (under_way or (job is not None and self._ready(key))):
                for other in self.jobs.active():
                    other.cancel()
                made: Measured = {}
                self._made[key] = made
                self._made.move_to_end(key)
                self._forget()

                def work(control: Control) -> Iterator[Progress]:
                    # nothing to say yet: media may have to be taken apart first
                    yield Progress("encode")
                    told = pair.explain(method)
                    yield from measure(told, side, pair.library.space, control, made)

                self._newest[key] = f"{key} {next(self._numbers)}"
                self.jobs.start(self._newest[key], "Measuring", work)
        return self.state(key)

    def state(self, key: str) -> Plain:
        """How far it is, and what there is of it."""
        job = self._job(key)
        return {
            "job": None if job is None else job.told(),
            "curves": {
                name: {kind: _plain(curve) for kind, curve in kinds.items()}
                for name, kinds in self._made.get(key, {}).copy().items()
            },
        }

    def cancel(self, key: str) -> Plain:
        """Stop it."""
        if (job := self._job(key)) is not None:
            job.cancel()
        return self.state(key)

    def _job(self, key: str) -> Job | None:
        name = self._newest.get(key)
        return None if name is None else self.jobs.get(name)

    def _ready(self, key: str) -> bool:
        made = self._made.get(key, {})
        return len(made) == 3 and all(len(kinds) == len(KINDS) for kinds in made.values())

    def _forget(self) -> None:
        while len(self._made) > _KEPT:
            old, _ = self._made.popitem(last=False)
            self._newest.pop(old, None)
        current = {*self._newest.values()}
        for job in self.jobs.all():
            if job.library not in current:
                self.jobs.forget(job.library)


def _plain(curve: Curve) -> Plain:
    return {"shares": _rounded(curve.shares), "scores": _rounded(curve.scores),
            "area": round(curve.area, 5)}  # fmt: skip


def _rounded(values: Floats) -> list[float]:
    return [round(float(v), 5) for v in values]
