"""Calibration: what a score means, for one kind of query on one gallery.

Scores of text→image and audio→text live in different ranges, and each gallery shifts them
again, so no cutoff fits all. Background queries, none of them meant for this gallery, show
which best score a query gets by chance; a score is read against that distribution. How
far above chance a right hit lies depends on the media, too: two sounds are always more
alike than a sound and a sentence. So a profile brings two numbers for each pair of media,
fitted on media whose content is known (logistic regression; Platt, Probabilistic outputs
for support vector machines, 1999). They make a score the probability that the hit is
right, which ranks lists of different media together and lets the application say that
there is probably nothing.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
    """Best scores of background queries: their ``median``, and their ``spread`` below it."""

    median: float
    spread: float

    @classmethod
    def fit(cls, best: Floats) -> "Null":
        """From the best score of each background query, f32 (b,).

        >>> null = Null.fit(np.array([0.1, 0.2, 0.3, 0.4, 0.5], np.float32))
        >>> round(null.median, 2), round(null.spread, 3)
        (0.3, 0.137)
        """
        if len(best) == 0:
            return cls(0.0, 0.1)
        low, median = np.percentile(best, [_LOW, 50])
        return cls(float(median), max(float(median - low), _MIN_SPREAD))

    def standard(self, score: float) -> float:
        """How many spreads a score lies above the median.

        >>> Null(0.3, 0.1).standard(0.5)
        2.0
        """
        return (score - self.median) / self.spread


@dataclass(frozen=True, slots=True)
class Scale:
    """What standard scores of one pair of media are worth.

    Attributes:
        offset: log-odds that a hit with a chance query's median best score is right.
        slope: log-odds added by each spread above it; positive.
    """

    offset: float
    slope: float

    def odds(self, standard: float) -> float:
        """The log-odds that a hit is right.

        >>> Scale(-3.0, 1.5).odds(2.0)
        0.0
        """
        return self.offset + self.slope * standard


GENERAL = Scale(-2.5, 0.9)
"""For pairs that nobody has measured: round numbers near those of queries by words."""


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

        >>> words = {(Modality.TEXT, Modality.AUDIO, False): Scale(-3.0, 1.0)}
        >>> Scales(words).mixed(Modality.AUDIO, {Modality.TEXT: 1.0}, ())
        Scale(offset=-3.0, slope=1.0)
        """
        mine = frozenset(own)
        parts = [
            (self.known.get((m, target, m in mine), GENERAL), share)
            for m, share in shares.items()
            if share > 0
        ]
        return Scale(
            sum(scale.offset * share for scale, share in parts),
            sum(scale.slope * share for scale, share in parts),
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
            for key, (offset, slope) in table["scales"].items():
                query, target, bank = key.split()
                pair = Modality(query), Modality(target), bank == _BANKS[True]
                known[pair] = Scale(float(offset), float(slope))
            if not all(math.isfinite(s.offset) and 0 < s.slope < math.inf for s in known.values()):
                raise ValueError("a slope must be positive")
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
            f"{query} {target} {_BANKS[own]}": [round(scale.offset, 3), round(scale.slope, 3)]
            for (query, target, own), scale in sorted(self.known.items())
        }
        lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in scales.items())
        heads = json.dumps(dict(sorted(self.heads.items())))
        path.write_text(f'{{"heads": {heads},\n "scales": {{\n{lines}\n}}}}\n', encoding="utf-8")


def strength(odds: float) -> float:
    """Log-odds as match strength in 0…1: the probability that the hit is right.

    >>> round(strength(0.0), 2), round(strength(2.0), 2)
    (0.5, 0.88)
    """
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
