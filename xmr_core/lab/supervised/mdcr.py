r"""Modality-dependent cross-media retrieval: other projections for each direction of search.

For queries of view a, with X their features, T those of the other view and S the classes:

.. math:: \min_{U, V} \lambda \lVert X U - T V \rVert_F^2 + (1 - \lambda) \lVert X U - S
    \rVert_F^2 + \eta (\lVert U \rVert_F^2 + \lVert V \rVert_F^2)

so that what is asked becomes classes, and what may be found follows it; for queries of the other
view once more with the parts exchanged. Wei et al., "Modality-dependent cross-media retrieval",
ACM TIST 7(4), 2016 (arXiv 1506.06628).

The objective is a convex quadratic: both projections of a direction come from one system of
equations, where the paper descends in turns. A pair of several classes has several ones in S.
The joint space has c dimensions; queries of a medium meet the gallery of the other in the space
of their own direction. Within one medium the two spaces still agree on what dimensions mean.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.linalg

from xmr_core.heads import Head
from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.linear import Doubles
from xmr_core.lab.supervised.classes import indicators
from xmr_core.lab.supervised.prepared import Prepared
from xmr_core.media import Modality
from xmr_core.space import Role


@dataclass(frozen=True)
class MDCR(FromClasses):
    """Two couples of projections into the classes, one for the queries of each medium.

    Attributes:
        pairs: λ, 0…1, what pairs count beside classes.
        ridge: η, as a share of the number of pairs.
    """

    about: ClassVar[About] = About(
        "Modality-dependent cross-media retrieval (MDCR)",
        "supervised",
        "Wei et al., Modality-dependent cross-media retrieval, ACM TIST 2016",
        labelled=True,
        by_direction=True,
    )
    name: ClassVar[str] = "mdcr"
    pairs: float = 0.3
    ridge: float = 0.2

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        (one, other) = views
        x, t = (Prepared.of(view) for view in views.values())
        classes = indicators(labels)
        heads: dict[tuple[Modality, Role], Head] = {}
        for asks, found, asking, asked in ((x, t, one, other), (t, x, other, one)):
            u, v = couple(asks.rows, found.rows, classes, self.pairs, self.ridge)
            heads[asking, "query"], heads[asked, "gallery"] = asks.head(u), found.head(v)
        return heads


def couple(
    x: Doubles, t: Doubles, classes: Doubles, pairs: float, ridge: float
) -> tuple[Doubles, Doubles]:
    """The projections U (m, c) of queries and V (l, c) of what they find.

    Args:
        x: (n, m), of mean 0.
        t: (n, l), of mean 0.
        classes: S (n, c).
        pairs: λ.
        ridge: η / n.
    """
    n, m, c = len(x), x.shape[1], classes.shape[1]
    cross = -pairs * x.T @ t
    whole = np.block([[x.T @ x, cross], [cross.T, pairs * t.T @ t]])
    whole[np.diag_indices_from(whole)] += ridge * n
    wanted = np.vstack([(1 - pairs) * x.T @ classes, np.zeros((t.shape[1], c))])
    both = scipy.linalg.solve(whole, wanted, assume_a="pos")
    return both[:m], both[m:]
