r"""Canonical correlation analysis, plain.

.. math:: \max_{W_x, W_y} \operatorname{tr}(W_x^\top C_{xy} W_y) \quad\text{s.t.}\quad
    W_x^\top ((1 - r) C_{xx} + r I) W_x = W_y^\top ((1 - r) C_{yy} + r I) W_y = I

with r → 0. Hotelling, "Relations between two sets of variates", Biometrika 1936; for retrieval
between media Rasiwasia et al., "A new approach to cross-modal multimedia retrieval", ACM MM
2010. Where the ridge is chosen: :mod:`xmr_core.lab.unsupervised.rcca`.

Solved by covariances, not by the views themselves, so that 30,000 pairs take seconds. In a
cosine every direction counts the same, however little it correlates: those that two views of
noise would have, too, are left out.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.linear import affine_head
from xmr_core.lab.unsupervised.canonical import beyond_chance, canonical, crossed


@dataclass(frozen=True)
class CCA(FromPairs):
    """Directions in which the two views correlate most.

    Attributes:
        dim: d; no more than the narrower view has features, nor than correlate more than two
            views of noise would.
        ridge: r, 0…1: a little keeps the covariances of few pairs from being singular.
    """

    about: ClassVar[About] = About(
        "Canonical correlation analysis",
        "unsupervised",
        "Hotelling, Relations between two sets of variates, Biometrika 1936",
    )
    name: ClassVar[str] = "cca"
    dim: int = 64
    ridge: float = 1e-4

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        (one, x), (other, y) = views.items()
        spreads = crossed(x, y)
        left, right, correlations = canonical(*spreads, min(self.dim, len(x) - 1), self.ridge)
        few = beyond_chance(correlations, len(x), *spreads[:2])
        left, right = left[:, :few], right[:, :few]
        return {
            one: affine_head(left, spreads[0].mean),
            other: affine_head(right, spreads[1].mean),
        }
