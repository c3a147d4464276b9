r"""Generalised multiview marginal Fisher analysis.

.. math:: \max \sum_i w_i^\top X_i^\top L^p_i X_i w_i
    + \alpha \sum_{i \ne j} w_i^\top M_i^\top M_j w_j \quad\text{s.t.}\quad
    \sum_i \gamma_i\, w_i^\top X_i^\top L^c_i X_i w_i = 1

where L^c is the Laplacian of each thing and its nearest neighbours of its own class in that
view, L^p that of each thing and its nearest of other classes, and M the means of classes:
neighbours of a class come close, classes keep their distance at the borders between them, and
views agree on where classes lie. Sharma, Kumar, Daume and Jacobs, "Generalized multiview
analysis: a discriminative latent space", CVPR 2012; marginal Fisher analysis by Yan et al.,
"Graph embedding and extensions", TPAMI 2007.

Borders are each thing's nearest others here (Yan et al. take the nearest pairs of each class).
A pair of several classes is a neighbour of those that share one. The ridge and the scaling by
eigenvalues are ours (see :mod:`xmr_core.lab.supervised.gmlda`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.contract import About
from xmr_core.lab.linear import Doubles
from xmr_core.lab.supervised.gma import GMA, Scatters
from xmr_core.lab.supervised.neighbours import nearest, roughness
from xmr_core.lab.supervised.prepared import Prepared


@dataclass(frozen=True)
class GMMFA(GMA):
    """Directions that tell neighbours of other classes apart, the same way in all views.

    Attributes:
        dim: d.
        couple: α, how much the views should agree.
        near: neighbours of the same class.
        far: neighbours of other classes.
        ridge: as a share of the mean variance among neighbours.
        power: of its eigenvalue, by which each direction is scaled; 0 leaves them alike.
    """

    about: ClassVar[About] = About(
        "Generalised multiview MFA (GMMFA)",
        "supervised",
        "Sharma et al., Generalized multiview analysis: a discriminative latent space, CVPR 2012",
        labelled=True,
        most_views=5,
    )
    name: ClassVar[str] = "gmmfa"
    near: int = 30
    far: int = 20

    def scatters(
        self, table: Doubles, ready: Sequence[Prepared], means: Sequence[Doubles]
    ) -> Scatters:
        """What is rough among neighbours of the same class, and among those of others."""
        close, borders = [], []
        for one, mean in zip(ready, means, strict=True):
            close.append(roughness(nearest(one.rows, table, self.near, same=True), one.rows))
            border = roughness(nearest(one.rows, table, self.far, same=False), one.rows)
            # As large as the scatter of the means, so that α weighs the same in any view
            borders.append(border * float(np.trace(mean.T @ mean) / np.trace(border)))
        return close, borders
