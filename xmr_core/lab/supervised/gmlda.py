r"""Generalised multiview linear discriminant analysis.

.. math:: \max \sum_i w_i^\top S^b_i w_i + \alpha \sum_{i \ne j} w_i^\top M_i^\top M_j w_j
    \quad\text{s.t.}\quad \sum_i \gamma_i\, w_i^\top S^w_i w_i = 1

with S^b and S^w the scatters of view i between and within classes and M_i the means of its
classes: discriminants of each view whose classes lie in the same place. Sharma, Kumar, Daume
and Jacobs, "Generalized multiview analysis: a discriminative latent space", CVPR 2012; pairs of
several classes as in Wang, Ding and Huang, "Multi-label linear discriminant analysis", ECCV
2010.

Views are standardised, so that the paper's weights μ are 1. The ridge is ours, and so is that
directions count by a power of their eigenvalue: the last of c − 1 hold mostly noise, and would
be as loud as the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.contract import About
from xmr_core.lab.linear import Doubles
from xmr_core.lab.supervised.gma import GMA, Scatters
from xmr_core.lab.supervised.prepared import Prepared


@dataclass(frozen=True)
class GMLDA(GMA):
    """Directions that tell classes apart, the same way in all views.

    Attributes:
        dim: d; no more than c − 1.
        couple: α, how much the views should agree.
        ridge: as a share of the mean variance within classes.
        power: of its eigenvalue, by which each direction is scaled; 0 leaves them alike.
    """

    about: ClassVar[About] = About(
        "Generalised multiview LDA (GMLDA)",
        "supervised",
        "Sharma et al., Generalized multiview analysis: a discriminative latent space, CVPR 2012",
        labelled=True,
        most_views=5,
    )
    name: ClassVar[str] = "gmlda"
    couple: float = 10.0

    def scatters(
        self, table: Doubles, ready: Sequence[Prepared], means: Sequence[Doubles]
    ) -> Scatters:
        """Scatter within classes, and between them."""
        return [within(table, one.rows) for one in ready], [mean.T @ mean for mean in means]

    def most(self, classes: int) -> int:
        """No more than tell so many classes apart."""
        return min(self.dim, classes - 1)


def within(table: Doubles, rows: Doubles) -> Doubles:
    """Scatter (m, m) of rows f64 (n, m) about the means of their classes, class by class.

    >>> import numpy as np
    >>> within(np.array([[1.0, 0], [1, 0], [0, 1]]), np.array([[0.0], [2], [9]])).tolist()
    [[2.0]]
    """
    means = (table / table.sum(axis=0)).T @ rows  # (c, m)
    several = table.sum(axis=1, keepdims=True)
    # Σ_k Σ_i∈k (x_i − m_k)(x_i − m_k)ᵀ, multiplied out
    scatter: Doubles = (several * rows).T @ rows - (table.sum(axis=0)[:, None] * means).T @ means
    return scatter
