r"""PAMIR: passive-aggressive learning of a bilinear score, one query and two things at a time.

.. math:: W_t = \arg\min_W \tfrac12 \lVert W - W_{t-1} \rVert_F^2 + C \xi
    \quad\text{s.t.}\quad q^\top W p^+ \ge 1 - \xi + q^\top W p^-, \ \xi \ge 0

whose answer is :math:`W_{t-1} + \tau q (p^+ - p^-)^\top` with
:math:`\tau = \min(C, \ell / (\lVert q \rVert^2 \lVert p^+ - p^- \rVert^2))` and ℓ the hinge
before. Grangier and Bengio, "A discriminative kernel-based approach to rank images from text
queries", IEEE TPAMI 2008. As there queries are texts, things are relevant by class, and both
views have unit rows. W is learned for lists of things for a text, and used the other way, too.
Of its steps the second half is averaged, where the paper takes the best on data kept apart. Its
factors by the singular value decomposition are the heads; in lists of things the cosine leaves
out the lengths of Wp, which the paper's score keeps.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.heads import Head, Linear
from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.ranking.prepared import prepared
from xmr_core.lab.ranking.relevance import Relevance, Whole
from xmr_core.lab.ranking.sides import sides
from xmr_core.media import Floats

_TOLD = 100  # times


@dataclass(frozen=True)
class PAMIR(FromClasses):
    """A bilinear score that ranks the relevant thing a margin before the other.

    Attributes:
        aggressive: C, the largest step.
        rounds: steps for each pair …
        fewest, most: … but no fewer and no more steps in all.
    """

    about: ClassVar[About] = About(
        "PAMIR",
        "rank-based",
        "Grangier and Bengio, A discriminative kernel-based approach to rank images from text "
        "queries, IEEE TPAMI 2008",
        labelled=True,
    )
    name: ClassVar[str] = "pamir"
    aggressive: float = 0.03
    rounds: int = 20
    fewest: int = 20_000
    most: int = 100_000

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        words, things = sides(views)
        before = {m: prepared(views[m]) for m in (words, things)}
        q, p = (Head(views[m].shape[1], before[m])(views[m]) for m in (words, things))
        steps = min(max(self.rounds * len(q), self.fewest), self.most)
        triplets = Relevance(labels).triplets(steps, np.random.default_rng(seed))
        weight = learned(q, p, triplets, self.aggressive, tell)
        left, values, right = np.linalg.svd(weight, full_matrices=False)
        root = np.sqrt(values)
        factors = {words: left * root, things: right.T * root}
        return {
            m: Head(len(factor), (*before[m], Linear(factor, np.zeros(len(root), np.float32))))
            for m, factor in factors.items()
        }


def learned(
    q: Floats,
    p: Floats,
    triplets: tuple[Whole, Whole, Whole],
    aggressive: float,
    tell: Tell | None = None,
) -> Floats:
    """W f32 (a, b), the mean over the second half of the steps.

    Args:
        q: queries f32 (n, a), unit rows.
        p: things f32 (n, b).
        triplets: i64 (k,) each: a query, what is relevant, what is not.
        aggressive: C.
        tell: told the mean hinge of the steps since.
    """
    from scipy.linalg.blas import sger

    weight = np.zeros((q.shape[1], p.shape[1]), np.float32, order="F")
    total = np.zeros(weight.shape)
    steps = len(triplets[0])
    stretch = max(steps // _TOLD, 1)
    lost, taken = 0.0, 0
    for step, (i, near, far) in enumerate(zip(*(t.tolist() for t in triplets), strict=True), 1):
        asked, apart = q[i], p[near] - p[far]
        hinge = 1 - float(asked @ weight @ apart)
        size = float(asked @ asked) * float(apart @ apart)
        if hinge > 0 and size > 0:
            lost += hinge
            tau = min(aggressive, hinge / size)
            weight = sger(tau, asked, apart, a=weight, overwrite_a=1)
        if step % stretch == 0:
            if 2 * step > steps:
                total += weight
                taken += 1
            if tell:
                tell(step, steps, lost / stretch)
            lost = 0.0
    return (total / max(taken, 1)).astype(np.float32)
