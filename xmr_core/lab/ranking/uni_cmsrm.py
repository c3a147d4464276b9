r"""Uni-CMSRM: low-rank structural ranking, each direction learned on its own.

.. math:: \min_{U, V} \tfrac{\lambda}{2} (\lVert U \rVert_F^2 + \lVert V \rVert_F^2)
    + \frac{1}{n} \sum_i \max_y \left[ \Delta(y) - \delta F(q_i, y) \right]

once with one view's things for queries, once with the other's: every half of
:mod:`xmr_core.lab.ranking.bi_cmsrm`'s objective with maps of its own, so that queries and what
they find have heads of their own in each direction. Things of one medium cannot be compared with
each other in it. Wu et al., "Cross-media semantic representation via bi-directional learning to
rank", ACM MM 2013, which has it for comparison.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.heads import Head
from xmr_core.lab.base import Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.ranking.cmsrm import LowRank
from xmr_core.media import Modality
from xmr_core.space import Role


@dataclass(frozen=True)
class UniCMSRM(LowRank):
    """A pair of maps for each direction, under which one view's things rank the other's."""

    about: ClassVar[About] = About(
        "Uni-directional structural ranking (Uni-CMSRM)",
        "rank-based",
        "Wu et al., Cross-media semantic representation via bi-directional learning to rank, "
        "ACM MM 2013",
        labelled=True,
        by_direction=True,
    )
    name: ClassVar[str] = "uni-cmsrm"

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        heads: dict[tuple[Modality, Role], Head] = {}
        for nth, asking in enumerate(views):

            def told(done: int, steps: int, value: float, nth: int = nth) -> None:
                if tell:
                    tell(nth * steps + done, 2 * steps, value)

            both = self.learned(views, labels, (asking,), seed=2 * seed + nth, tell=told)
            for modality, head in both.items():
                heads[modality, "query" if modality == asking else "gallery"] = head
        return heads
