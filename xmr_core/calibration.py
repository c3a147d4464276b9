"""Calibration: what a score means, for one kind of query on one gallery.

Scores of text→image and audio→text live in different ranges, and each gallery shifts them
again, so no cutoff fits all. Background queries, none of them meant for this gallery, show
which best score a query gets by chance; a score is read against that distribution, which
makes lists of different media comparable and lets the application say that there is
probably nothing.
"""

import math
from dataclasses import dataclass

import numpy as np

from xmr_core.media import Floats

# Background queries also have some true matches, so that the upper half of their best
# scores is no null: location and scale come from the lower half. The 16th percentile of
# a normal distribution lies one standard deviation below the median.
_LOW = 15.87
_MIN_SPREAD = 0.02  # of a cosine: galleries of two or three items give no spread of their own


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


def strength(standard: float) -> float:
    """A standard score as match strength in 0…1: 0.5 is what a chance query gets at best.

    The logistic function with slope 1.702 stays within 0.01 of the normal distribution
    function (Haley 1952).

    >>> round(strength(0.0), 2), round(strength(2.0), 2)
    (0.5, 0.97)
    """
    return 1 / (1 + math.exp(-1.702 * max(-30.0, min(30.0, standard))))
