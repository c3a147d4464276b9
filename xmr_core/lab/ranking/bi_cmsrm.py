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

from xmr_core.lab.checks import checked
from xmr_core.lab.contract import SEED, About, Labels, Tell, Views, space_of
from xmr_core.lab.ranking.cmsrm import LowRank
from xmr_core.space import JointSpace


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

    def fit(
        self,
        views: Views,
        labels: Labels | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> JointSpace:
        """See :class:`xmr_core.lab.contract.Method`."""
        made, known = checked(self.about, views, labels)
        assert known is not None  # noqa: S101 - looked for above
        return space_of(self.name, self.learned(made, known, tuple(made), seed=seed, tell=tell))
