r"""Multi-label CCA: canonical correlation between things that share classes, by how many.

.. math:: \max_{u, v} \frac{u^\top C_{xy} v}{\sqrt{u^\top C_{xx} u \; v^\top C_{yy} v}}, \qquad
    C_{xy} = \frac{1}{N} \sum_{i, j} f(z_i, z_j)\, x_i y_j^\top, \quad
    C_{xx} = \frac{1}{N} \sum_{i, j} f(z_i, z_j)\, x_i x_i^\top

with z the classes of a pair as 0 and 1, N the sum of all weights, and f either the Gaussian
exp(−‖z − z'‖² / σ), σ the mean of the squared distances, or the cosine ⟨z, z'⟩ / ‖z‖‖z'‖. Pairs
need not be known. Ranjan, Rasiwasia and Jawahar, "Multi-label cross-modal retrieval", ICCV 2015.

With one class a pair and the cosine this is cluster CCA; with the Gaussian, nearly so. The
weights are exact for any number of pairs: things of the same classes count together, so that the
paper's quicker variant, which leaves small weights out, is not needed. Directions are scaled by
their correlation, as in cluster CCA, and the ridge is ours.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.linear import Doubles
from xmr_core.lab.supervised.classes import directions, indicators
from xmr_core.lab.supervised.correlation import canonical, paired_by
from xmr_core.lab.supervised.prepared import Prepared

_BLOCK = 1024  # sets of classes compared with all others at a time


@dataclass(frozen=True)
class MultiLabelCCA(FromClasses):
    """Directions in which things of like classes correlate most.

    Attributes:
        dim: d; no more than the narrower view has features.
        ridge: as a share of each view's mean variance.
        power: of its correlation, by which each direction is scaled; 0 leaves them alike.
        alike: how classes are compared.
    """

    about: ClassVar[About] = About(
        "Multi-label CCA (ml-CCA)",
        "supervised",
        "Ranjan et al., Multi-label cross-modal retrieval, ICCV 2015",
        labelled=True,
    )
    name: ClassVar[str] = "ml-cca"
    dim: int = 64
    ridge: float = 0.5
    power: float = 1.0
    alike: Literal["gaussian", "cosine"] = "gaussian"

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        ready = [Prepared.of(view) for view in views.values()]
        unit = directions(labels)

        def weigh(rows: Doubles) -> Doubles:
            if self.alike == "gaussian":
                return gaussian(indicators(labels), rows)
            return unit @ (unit.T @ rows)

        cxx, cxy, cyy, means = paired_by(weigh, *(one.rows for one in ready))
        *weights, correlations = canonical(cxx, cxy, cyy, self.dim, self.ridge)
        heads = {}
        for modality, one, weight, mean in zip(views, ready, weights, means, strict=True):
            scaled = weight * correlations**self.power
            heads[modality] = one.head(scaled, -mean @ scaled)
        return heads


def gaussian(table: Doubles, rows: Doubles) -> Doubles:
    """F times ``rows`` f64 (n, k), with F_ij = exp(−‖z_i − z_j‖² / σ), z the ``table`` (n, c).

    >>> gaussian(np.eye(2), np.array([[1.0], [0.0]])).round(3).ravel().tolist()
    [1.0, 0.135]
    """
    kinds, place, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    place = place.ravel()
    sums = np.zeros((len(kinds), rows.shape[1]))
    np.add.at(sums, place, rows)
    share = counts / len(table)
    lengths = (kinds**2).sum(axis=1)
    middle = share @ kinds
    sigma = 2 * float(share @ lengths - middle @ middle)  # mean of ‖z_i − z_j‖² over all i, j
    out = np.empty_like(sums)
    for start in range(0, len(kinds), _BLOCK):
        some = slice(start, start + _BLOCK)
        apart = lengths[some, None] + lengths - 2 * kinds[some] @ kinds.T
        out[some] = np.exp(-np.maximum(apart, 0) / sigma) @ sums
    weighed: Doubles = out[place]
    return weighed
