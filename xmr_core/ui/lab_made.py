"""What a run makes of each name that was chosen: a space, a ranking looked at again, sayings."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from xmr_core.datasets import Encoders
from xmr_core.encoders import Encoder
from xmr_core.errors import LabError
from xmr_core.lab import METHODS, RERANKERS, TRANSLATORS, About, Tell, method
from xmr_core.lab.fitting import Fit, fit
from xmr_core.lab.judging import Judge
from xmr_core.lab.reranked import BEST, reranked
from xmr_core.lab.table import BASE, Said
from xmr_core.lab.translated import Example, translated
from xmr_core.report import By, Report
from xmr_core.ui.lab_data import Read

EXAMPLES = 12  # things of the test split that are shown with what is said of them
_DRAWS = 300  # of the bootstrap: on a page, quick is better than a third digit
_SAYINGS = 3  # sentences of each
_WORDS = 6


@dataclass(frozen=True, eq=False)
class Again:
    """The best of a method's ranking, looked at again part by part.

    Attributes:
        method: the re-ranker's name.
        reports: of both together, by partners.
        curve: (step, objective) while it learned.
        seconds: that all of it took.
        first: the method whose ranking it is.
        best: how many of each list were looked at again.
        weight: of the re-ranker beside the first ranking.
    """

    method: str
    reports: Mapping[By, Report]
    curve: tuple[tuple[int, float], ...]
    seconds: float
    first: str
    best: int
    weight: float


@dataclass(frozen=True, eq=False)
class Spoken:
    """What a translator says of the test split.

    Attributes:
        method: the translator's name.
        said: how good it is.
        beside: baselines of its kind.
        examples: of some things.
        curve: (step, objective) while it learned.
        seconds: that learning took.
    """

    method: str
    said: Said
    beside: tuple[Said, ...]
    examples: tuple[Example, ...]
    curve: tuple[tuple[int, float], ...]
    seconds: float


Made = Fit | Again | Spoken


def offered() -> dict[str, About]:
    """All that can be chosen, by name."""
    about = {name: method(name).about for name in METHODS}
    about |= {name: made().about for name, made in RERANKERS.items()}
    return about | {name: made().about for name, made in TRANSLATORS.items()}


def make(read: Read, name: str, *, seed: int, tell: Tell, check: Callable[[], None]) -> Made:
    """Fit what is called so, and measure it.

    Args:
        read: the data.
        name: of a method, a re-ranker or a translator.
        seed: of whatever is drawn.
        tell: told how far it is; whatever it raises ends it.
        check: called before media are encoded, for the same purpose.

    Raises:
        LabError: data that it cannot be fitted on.
    """
    if name in RERANKERS:
        return _again(read, name, seed, tell, check)
    if name in TRANSLATORS:
        return _spoken(read, name, seed, tell, check)
    return fit(read.dataset, name, seed=seed, tell=tell)


def _again(read: Read, name: str, seed: int, tell: Tell, check: Callable[[], None]) -> Again:
    curve: list[tuple[int, float]] = []
    started = time.perf_counter()
    made = reranked(
        read.dataset,
        _watched(read, check),
        METHODS[BASE](),
        RERANKERS[name](),
        seed=seed,
        draws=_DRAWS,
        tell=_remembering(curve, tell),
    )
    seconds = time.perf_counter() - started
    reports: dict[By, Report] = {"pairs": made.report}
    return Again(name, reports, tuple(curve), seconds, BASE, BEST, made.weight)


def _spoken(read: Read, name: str, seed: int, tell: Tell, check: Callable[[], None]) -> Spoken:
    curve: list[tuple[int, float]] = []
    encoders = _watched(read, check)
    judge = Judge(read.dataset, encoders, seed=seed, draws=_DRAWS)
    *beside, said = judge.rows(name, _remembering(curve, tell))
    learned = translated(read.dataset, encoders, name, seed=seed, tell=tell)
    asked = learned.material.asked
    rows = asked[np.unique(np.linspace(0, len(asked) - 1, EXAMPLES).astype(np.int64))]
    most = _SAYINGS if said.kind == "captions" else _WORDS
    examples = learned.examples(rows.tolist(), most)
    return Spoken(name, said, tuple(beside), tuple(examples), tuple(curve), said.seconds)


def _remembering(curve: list[tuple[int, float]], tell: Tell) -> Tell:
    def told(step: int, steps: int, objective: float) -> None:
        if np.isfinite(objective):
            curve.append((step, objective))
        tell(step, steps, objective)

    return told


def _watched(read: Read, check: Callable[[], None]) -> Encoders:
    if read.encoders is None:
        raise LabError(
            "This data came with features, which cannot be taken apart or spoken of.",
            "Choose pictures with sentences, which a profile's encoders read.",
        )
    watched = {modality: _Watched(made, check) for modality, made in read.encoders.items()}
    return cast(Encoders, watched)


class _Watched:
    """An encoder that asks whether it is still wanted before it begins: media take minutes."""

    def __init__(self, encoder: Encoder[Any], check: Callable[[], None]) -> None:
        self._encoder, self._check = encoder, check

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._encoder, name)  # raises where the encoder has no such thing
        if name not in ("encode", "grid", "words"):
            return found

        def work(media: Any) -> Any:
            self._check()
            return found(media)

        return work
