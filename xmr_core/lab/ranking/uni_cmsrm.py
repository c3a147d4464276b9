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
from xmr_core.lab.checks import checked
from xmr_core.lab.contract import SEED, About, Labels, Tell, Views, space_of
from xmr_core.lab.ranking.cmsrm import LowRank
from xmr_core.media import Modality
from xmr_core.space import JointSpace, Role


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
        heads: dict[tuple[Modality, Role], Head] = {}
        for nth, asking in enumerate(made):

            def told(done: int, steps: int, value: float, nth: int = nth) -> None:
                if tell:
                    tell(nth * steps + done, 2 * steps, value)

            both = self.learned(made, known, (asking,), seed=2 * seed + nth, tell=told)
            for modality, head in both.items():
                heads[modality, "query" if modality == asking else "gallery"] = head
        return space_of(self.name, heads)
