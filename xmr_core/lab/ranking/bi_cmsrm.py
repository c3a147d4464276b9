r"""Bi-CMSRM: low-rank structural ranking of both views' things, learned in both directions.

.. math:: \min_{U, V} \tfrac{\lambda}{2} (\lVert U \rVert_F^2 + \lVert V \rVert_F^2)
    + \frac{1}{n} \sum_i \max_y \left[ \Delta(y) - \delta F(q_i, y) \right]
    + \frac{1}{n} \sum_j \max_y \left[ \Delta(y) - \delta F(d_j, y) \right]

where y are rankings of the other view's things, Δ is one less y's average precision, and δF is
by how much the ranking with all relevant things first is better than y under the scores
:math:`q^\top U V^\top d` (see :func:`xmr_core.lab.ranking.listwise.most_violated`): a
structural support vector machine on lists, bounding the mean average precision that is lost.
Queries are things of either view, relevant is what shares a class. Wu, Lu, Zhang, Zhang, Yan and
Zhuang, "Cross-media semantic representation via bi-directional learning to rank", ACM MM 2013.
The paper adds constraints to a working set (cutting planes); here the same objective is
descended along its subgradients, with the batch for a list. Both views are standardised and
have unit rows. In the lists shown, the cosine leaves out the lengths of Vᵀd, which the paper's
score keeps.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.base import Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.ranking.cmsrm import LowRank


@dataclass(frozen=True)
class BiCMSRM(LowRank):
    """One pair of maps under which either view's things rank the other's."""

    about: ClassVar[About] = About(
        "Bi-directional structural ranking (Bi-CMSRM)",
        "rank-based",
        "Wu et al., Cross-media semantic representation via bi-directional learning to rank, "
        "ACM MM 2013",
        labelled=True,
    )
    name: ClassVar[str] = "bi-cmsrm"

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        return self.learned(views, labels, tuple(views), seed=seed, tell=tell)
