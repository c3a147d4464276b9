"""Calibration: what a score means, for one kind of query on one gallery.

Scores of text→image and audio→text live in different ranges, and each gallery shifts them
again, so no cutoff fits all. Background queries, none of them meant for this gallery, show
which best score a query gets by chance; a score is read against that distribution. It is read
in two ways, as it is and by how far it leads the query's own typical score there: a
photograph from elsewhere is less like all of a library's pictures than those are like
each other, and what stands out for it may still be right. (The second is close to the test
normalisation of Auckenthaler et al., Score normalization for text-independent speaker
verification systems, Digital Signal Processing 2000.)

How far above chance a right hit lies depends on the media, too: two sounds are always more
alike than a sound and a sentence. So a profile brings three numbers for each pair of media,
fitted on media whose content is known (logistic regression; Platt, Probabilistic outputs
for support vector machines, 1999). They make a score the probability that the hit is
right, which ranks lists of different media together and lets the application say that
there is probably nothing.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from xmr_core.errors import WeightsDamaged
from xmr_core.media import Floats, Modality

# Background queries also have some true matches, so that the upper half of their best
# scores is no null: location and scale come from the lower half. The 16th percentile of
# a normal distribution lies one standard deviation below the median.
_LOW = 15.87
_MIN_SPREAD = 0.02  # of a cosine: galleries of two or three items give no spread of their own
_BANKS = {False: "sentences", True: "own"}  # whose background queries, in the file

Pair = tuple[Modality, Modality, bool]
"""Query medium, target medium, and whether the background queries are the library's own."""


@dataclass(frozen=True, slots=True)
class Null:
    """What background queries get at best: the ``median``, and their ``spread`` below it."""

    median: float
    spread: float

    @classmethod
    def fit(cls, best: Floats) -> "Null":
        """From one number of each background query, f32 (b,).

        >>> null = Null.fit(np.array([0.1, 0.2, 0.3, 0.4, 0.5], np.float32))
        >>> round(null.median, 2), round(null.spread, 3)
        (0.3, 0.137)
        """
        if len(best) == 0:
            return cls(0.0, 0.1)
        low, median = np.percentile(best, [_LOW, 50])
        return cls(float(median), max(float(median - low), _MIN_SPREAD))

    def standard(self, value: float) -> float:
        """How many spreads a value lies above the median.

        >>> Null(0.3, 0.1).standard(0.5)
        2.0
        """
        return (value - self.median) / self.spread

    @classmethod
    def mixed(cls, parts: Sequence[tuple["Null", float]]) -> "Null":
        """The mean of some, by their shares.

        >>> Null.mixed([(Null(0.5, 0.25), 0.5), (Null(1.0, 0.75), 0.5)])
        Null(median=0.75, spread=0.5)
        """
        return cls(
            sum(null.median * share for null, share in parts),
            sum(null.spread * share for null, share in parts),
        )


class Standard(NamedTuple):
    """A score as chance queries see it.

    Attributes:
        best: spreads above the best score that one of them gets.
        lead: spreads by which it leads the query's own typical score further than theirs do.
    """

    best: float
    lead: float


@dataclass(frozen=True, slots=True)
class Chance:
    """What background queries get on one gallery.

    Attributes:
        best: their best scores.
        lead: how far those lie above the same query's typical score.
    """

    best: Null
    lead: Null

    @classmethod
    def fit(cls, best: Floats, typical: Floats) -> "Chance":
        """From the best and the typical score of each background query, f32 (b,) each."""
        return cls(Null.fit(best), Null.fit(best - typical))

    def standard(self, score: float, typical: float) -> Standard:
        """A query's score, beside its typical one.

        >>> Chance(Null(0.25, 0.125), Null(0.0, 0.25)).standard(0.5, -0.25)
        Standard(best=2.0, lead=3.0)
        """
        return Standard(self.best.standard(score), self.lead.standard(score - typical))


@dataclass(frozen=True, slots=True)
class Scale:
    """What standard scores of one pair of media are worth.

    Attributes:
        offset: log-odds that a hit is right whose score and lead are a chance query's.
        best, lead: log-odds added by each spread above them; neither negative, nor both none.
    """

    offset: float
    best: float
    lead: float

    def odds(self, standard: Standard) -> float:
        """The log-odds that a hit is right.

        >>> Scale(-3.0, 1.0, 0.5).odds(Standard(2.0, 2.0))
        0.0
        """
        return self.offset + self.best * standard.best + self.lead * standard.lead


GENERAL = Scale(-2.5, 0.45, 0.45)
"""For pairs that nobody has measured: round numbers near those of queries by words."""


def typical(scores: Floats) -> Floats:
    """A query's typical score on a gallery: the median, f32 (q, n) → (q,), 0 where n is none.

    >>> typical(np.array([[0.1, 0.2, 0.9]], np.float32)).round(1).tolist()
    [0.20000000298023224]
    """
    if scores.shape[1] == 0:
        return np.zeros(len(scores), np.float32)
    # np.median does the same, but brings numpy's masked arrays along: 20 ms of a command.
    middle = [(scores.shape[1] - 1) // 2, scores.shape[1] // 2]
    return np.asarray(np.partition(scores, middle, axis=1)[:, middle].mean(axis=1), np.float32)


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of a profile.

    Attributes:
        known: those that were fitted; any other pair has ``GENERAL``.
        heads: fingerprints of the heads that they were fitted to, by medium.
    """

    known: Mapping[Pair, Scale] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    def mixed(
        self, target: Modality, shares: Mapping[Modality, float], own: Iterable[Modality]
    ) -> Scale:
        """The scale of a query, mixed by its modalities' shares.

        Args:
            target: the medium of the hits.
            shares: of each modality in the query, summing to 1.
            own: modalities whose background queries are the library's own items.

        >>> words = {(Modality.TEXT, Modality.AUDIO, False): Scale(-3.0, 1.0, 0.5)}
        >>> Scales(words).mixed(Modality.AUDIO, {Modality.TEXT: 1.0}, ())
        Scale(offset=-3.0, best=1.0, lead=0.5)
        """
        mine = frozenset(own)
        parts = [
            (self.known.get((m, target, m in mine), GENERAL), share)
            for m, share in shares.items()
            if share > 0
        ]
        return Scale(
            sum(scale.offset * share for scale, share in parts),
            sum(scale.best * share for scale, share in parts),
            sum(scale.lead * share for scale, share in parts),
        )

    @classmethod
    def load(cls, path: Path) -> "Scales":
        """Read a file written by :meth:`save`.

        Raises:
            WeightsDamaged: it is not one.
        """
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            known = {}
            for key, (offset, best, lead) in table["scales"].items():
                query, target, bank = key.split()
                pair = Modality(query), Modality(target), bank == _BANKS[True]
                known[pair] = Scale(float(offset), float(best), float(lead))
            if not all(map(_sound, known.values())):
                raise ValueError("strengths must grow with scores")
            heads = {str(Modality(m)): str(mark) for m, mark in table["heads"].items()}
        except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise WeightsDamaged(
                f"The table of match strengths {path.name} cannot be used ({error}).",
                "Install XMR again.",
            ) from error
        return cls(known, heads)

    def save(self, path: Path) -> None:
        """Write the scales, a line for each pair."""
        scales = {
            f"{query} {target} {_BANKS[own]}": [
                round(number, 3) for number in (scale.offset, scale.best, scale.lead)
            ]
            for (query, target, own), scale in sorted(self.known.items())
        }
        lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in scales.items())
        heads = json.dumps(dict(sorted(self.heads.items())))
        path.write_text(f'{{"heads": {heads},\n "scales": {{\n{lines}\n}}}}\n', encoding="utf-8")


def _sound(scale: Scale) -> bool:
    """Whether strengths grow with scores on it."""
    slopes = scale.best, scale.lead
    return math.isfinite(scale.offset) and min(slopes) >= 0 and 0 < sum(slopes) < math.inf


def strength(odds: float) -> float:
    """Log-odds as match strength in 0…1: the probability that the hit is right.

    >>> round(strength(0.0), 2), round(strength(2.0), 2)
    (0.5, 0.88)
    """
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
