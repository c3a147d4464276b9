r"""Cluster CCA: canonical correlation between all things of one class.

.. math:: \max_{u, v} \frac{u^\top C_{xy} v}{\sqrt{u^\top C_{xx} u \; v^\top C_{yy} v}}, \qquad
    C_{xy} = \frac{1}{M} \sum_k \sum_{i, j \in k} x_i y_j^\top, \quad
    C_{xx} = \frac{1}{M} \sum_k n_k \sum_{i \in k} x_i x_i^\top, \quad M = \sum_k n_k^2

Every picture of a class is paired with every text of it: what tells classes apart in both
media stays, what pairs alone share goes. Rasiwasia, Mahajan, Mahadevan and Aggarwal, "Cluster
canonical correlation analysis", AISTATS 2014.

No more than c − 1 directions carry anything. A pair of several classes is in each of them (the
paper knows one). Both media are centred on the mean over all pairings. The ridge is ours, and
so is that directions count by their correlation, as in Gong et al., "A multi-view embedding
space for modeling internet images, tags, and their semantics", IJCV 2014: the last of c − 1
hold mostly noise, and unit variance would make it as loud as the first.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.supervised.classes import indicators
from xmr_core.lab.supervised.correlation import canonical, paired_by
from xmr_core.lab.supervised.prepared import Prepared


@dataclass(frozen=True)
class ClusterCCA(FromClasses):
    """Directions in which things of one class correlate most.

    Attributes:
        dim: d; no more than c − 1.
        ridge: as a share of each view's mean variance.
        power: of its correlation, by which each direction is scaled; 0 leaves them alike.
    """

    about: ClassVar[About] = About(
        "Cluster CCA",
        "supervised",
        "Rasiwasia et al., Cluster canonical correlation analysis, AISTATS 2014",
        labelled=True,
    )
    name: ClassVar[str] = "cluster-cca"
    dim: int = 64
    ridge: float = 0.5
    power: float = 1.0

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        ready = [Prepared.of(view) for view in views.values()]
        table = indicators(labels)
        x, y = (one.rows for one in ready)
        cxx, cxy, cyy, means = paired_by(lambda rows: table @ (table.T @ rows), x, y)
        few = min(self.dim, table.shape[1] - 1)
        *weights, correlations = canonical(cxx, cxy, cyy, few, self.ridge)
        heads = {}
        for modality, one, weight, mean in zip(views, ready, weights, means, strict=True):
            scaled = weight * correlations**self.power
            heads[modality] = one.head(scaled, -mean @ scaled)
        return heads
