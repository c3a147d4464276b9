r"""Random hyperplanes in the space of canonical correlation analysis.

.. math:: h_b(x) = \operatorname{sign}(r_b^\top W_x^\top x), \quad r_b \sim N(0, I), \qquad
    \Pr[h_b(x) = h_b(y)] = 1 - \theta(x, y) / \pi

Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002: signs of random
projections, of which as many differ as the angle θ is wide. They keep angles that there are and
learn nothing, so that two media need a space in common first: here that of CCA, whose axes
count by their correlation (as in Gong et al., "A multi-view embedding space for modeling
internet images, tags, and their semantics", IJCV 2014). There may be more bits than dimensions.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.hashing.shared import bits_head, correlated, widened


@dataclass(frozen=True)
class LSH(FromPairs):
    """Codes that keep the angles of a space of CCA.

    Attributes:
        bits: how many hyperplanes.
        dim: of the space; no more than the narrower view has features.
        ridge: of CCA.
        power: of the correlations, by which the axes count.
    """

    about: ClassVar[About] = About(
        "Random hyperplanes in a CCA space (LSH)",
        "hashing",
        "Charikar, Similarity estimation techniques from rounding algorithms, STOC 2002",
        bits=True,
    )
    name: ClassVar[str] = "lsh"
    bits: int = 32
    dim: int = 32
    ridge: float = 0.1
    power: float = 1.0

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        rng = np.random.default_rng(seed)
        (one, (x, to_x)), (other, (y, to_y)) = (
            (modality, widened(view, 1, rng)) for modality, view in views.items()
        )
        v, w, rho = correlated(x, y, self.dim, self.ridge)
        planes = rho[:, None] ** self.power * rng.normal(size=(len(rho), self.bits))
        return {
            one: bits_head(views[one].shape[1], to_x, v @ planes),
            other: bits_head(views[other].shape[1], to_y, w @ planes),
        }
