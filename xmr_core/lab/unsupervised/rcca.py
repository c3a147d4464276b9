r"""Canonical correlation analysis with a ridge that is chosen, not given.

.. math:: \max_{W_x, W_y} \operatorname{tr}(W_x^\top C_{xy} W_y) \quad\text{s.t.}\quad
    W_x^\top ((1 - r) C_{xx} + r I) W_x = W_y^\top ((1 - r) C_{yy} + r I) W_y = I

Without a ridge, the directions of few pairs or many features correlate in what was seen and
nowhere else; as r goes to 1 they become those of greatest covariance (partial least squares).
Between both lies the r whose space ranks partners best among pairs held out; then all pairs
are fitted with it. Vinod, "Canonical ridge and econometrics of joint production", Journal of
Econometrics 1976; chosen on data held out as in Leurgans, Moyeed and Silverman, "Canonical
correlation analysis when the data are curves", Journal of the Royal Statistical Society B 1993.

Limits: one ridge for both views, each in units of its own spread, from a short list; one
split, not several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.linear import affine_head
from xmr_core.lab.unsupervised.canonical import canonical, crossed, held_out, log_rank
from xmr_core.media import Floats

MOST = 2000
"""Pairs that a ridge is judged on: their scores are a table of all against all."""


@dataclass(frozen=True)
class RCCA(FromPairs):
    """CCA under the ridge that ranks partners best among pairs held out.

    Attributes:
        dim: d; no more than the narrower view has features.
        ridges: r to choose from, 0…1.
        share: of the things to hold out while choosing.
    """

    about: ClassVar[About] = About(
        "Regularised CCA",
        "unsupervised",
        "Vinod, Canonical ridge and econometrics of joint production, J. of Econometrics 1976",
    )
    name: ClassVar[str] = "rcca"
    dim: int = 256
    ridges: Sequence[float] = (1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.9)
    share: float = 0.2

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        (one, x), (other, y) = views.items()
        ridge = self.chosen(x, y, seed=seed, tell=tell)
        spreads = crossed(x, y)
        left, right, _ = canonical(*spreads, self.dim, ridge)
        return {
            one: affine_head(left, spreads[0].mean),
            other: affine_head(right, spreads[1].mean),
        }

    def chosen(self, x: Floats, y: Floats, *, seed: int, tell: Tell | None = None) -> float:
        """The ridge that does best on pairs held out.

        Args:
            x, y: the views f32 (n, m).
            seed: of the split.
            tell: told ridges tried, ridges in all, the mean logarithm of ranks.
        """
        out = held_out(x, y, self.share, seed)
        spreads = crossed(x[~out], y[~out])
        moved_x, moved_y = x[out][:MOST] - spreads[0].mean, y[out][:MOST] - spreads[1].mean
        losses = []
        for number, ridge in enumerate(self.ridges):
            left, right, _ = canonical(*spreads, self.dim, ridge)
            losses.append(log_rank(moved_x @ left, moved_y @ right))
            if tell:
                tell(number + 1, len(self.ridges), losses[-1])
        return self.ridges[int(np.argmin(losses))]
