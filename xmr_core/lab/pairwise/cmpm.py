r"""Cross-modal projection: matching by divergence (CMPM) and classification (CMPC).

.. math:: \min \frac{1}{b} \sum_{ij} p_{ij} \log \frac{p_{ij}}{q_{ij} + \epsilon}
    + \lambda \operatorname{CE}(\bar W^\top \hat x_i, c_i), \qquad
    p_{ij} = \frac{e^{x_i^\top \bar y_j}}{\sum_k e^{x_i^\top \bar y_k}}

and the same with x and y exchanged: p says how x is shared out among the unit rows ȳ of the
other view, q how the batch's true matches are; x̂ = (xᵀȳ)ȳ is x projected onto its partner, to be
classified with weights of unit columns. Zhang and Lu, "Deep cross-modal projection learning for
image-text matching", ECCV 2018. As there for captioned pictures, each picture with its texts is
a class of its own in CMPC, so that the method learns from pairs alone: labels are left aside.
Where no picture comes twice every pair is a class.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.pairs import Pairs
from xmr_core.lab.training import Schedule, descend

EPSILON = 1e-8


def matching(x: Any, y: Any, same: Any) -> Any:
    """CMPM of queries x (b, d) of any length among y (b, d), whose lengths do not count.

    Args:
        x, y: the views' rows of a batch.
        same: bool (b, b), true matches.
    """
    import torch

    logits = x @ torch.nn.functional.normalize(y, dim=1).T
    shares = logits.softmax(dim=1)
    true = same / same.sum(dim=1, keepdim=True)
    gap = logits.log_softmax(dim=1) - (true + EPSILON).log()
    return (shares * gap).sum(dim=1).mean()


def projected(x: Any, y: Any) -> Any:
    """Rows x (b, d) projected onto the directions of y (b, d)."""
    import torch

    unit = torch.nn.functional.normalize(y, dim=1)
    return (x * unit).sum(dim=1, keepdim=True) * unit


@dataclass(frozen=True)
class CMPM(FromPairs):
    """Projections onto the other view's rows are shared out as the matches are.

    Attributes:
        dim: d.
        classified: λ, weight of CMPC; 0 is CMPM alone.
        noise: on the features while it is learned.
        level: of the features' variances, see :meth:`xmr_core.lab.training.Net.over`.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "Cross-modal projection matching and classification (CMPM + CMPC)",
        "pairwise",
        "Zhang and Lu, Deep cross-modal projection learning for image-text matching, ECCV 2018",
    )
    name: ClassVar[str] = "cmpm"
    dim: int = 256
    classified: float = 0.1
    noise: float = 0.5
    level: float = 1.0
    schedule: Schedule = field(default_factory=lambda: Schedule(15, 256, 2e-3, 1e-2, 100))

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        import torch

        pairs = Pairs.over(views, self.dim, seed=seed, noise=self.noise, level=self.level)
        # The side that comes more than once says which pairs are of one thing
        classes = min(pairs.alike, key=lambda alike: int(alike.max()))
        dice = torch.Generator().manual_seed(seed)
        count = int(classes.max()) + 1
        weight = torch.randn(count, self.dim, generator=dice).requires_grad_()

        def loss(rows: Any) -> Any:
            x, y = (net.raw(rows) for net in pairs.nets)
            same = pairs.same(rows)
            total = matching(x, y, same) + matching(y, x, same.T)
            if self.classified:
                unit = torch.nn.functional.normalize(weight, dim=1)
                for told in (projected(x, y), projected(y, x)):
                    entropy = torch.nn.functional.cross_entropy(told @ unit.T, classes[rows])
                    total = total + self.classified * entropy
            return total

        descend(loss, [*pairs.parameters, weight], len(pairs), self.schedule, seed=seed, tell=tell)
        return pairs.heads()
