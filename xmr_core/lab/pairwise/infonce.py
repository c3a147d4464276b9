r"""InfoNCE, CLIP's loss: which of the batch belongs to it, as a classification, both ways.

.. math:: \min -\frac{1}{2b} \sum_i \left[
    \log \frac{e^{\tau s(x_i, y_i)}}{\sum_j e^{\tau s(x_i, y_j)}}
    + \log \frac{e^{\tau s(x_i, y_i)}}{\sum_j e^{\tau s(x_j, y_i)}} \right]

with s the cosine of linear maps of both views and the sharpness τ learned. van den Oord, Li and
Vinyals, "Representation learning with contrastive predictive coding", 2018; between pictures
and texts Radford et al., "Learning transferable visual models from natural language
supervision", ICML 2021. Features of both views are fixed here and the maps alone are learned.
What is the same picture or the same text leaves the denominators.
"""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.pairs import Pairs
from xmr_core.lab.training import Schedule, descend

START, SHARPEST = 1 / 0.07, 100.0  # τ, as CLIP has them


def infonce(scores: Any, same: Any, sharpness: Any) -> Any:
    """The symmetric loss of a batch.

    Args:
        scores: cosines (b, b), own pairs on the diagonal.
        same: bool (b, b), what is no negative.
        sharpness: τ, a scalar tensor.
    """
    import torch

    own = torch.arange(len(scores))
    others = same & ~torch.eye(len(scores), dtype=torch.bool)
    logits = (sharpness * scores).masked_fill(others, -torch.inf)
    both = [torch.nn.functional.cross_entropy(table, own) for table in (logits, logits.T)]
    return (both[0] + both[1]) / 2


@dataclass(frozen=True)
class InfoNCE(FromPairs):
    """Every own pair is to be told from all others of its batch.

    Attributes:
        dim: d.
        noise: on the features while it is learned.
        level: of the features' variances, see :meth:`xmr_core.lab.training.Net.over`.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "InfoNCE (CLIP's loss)",
        "pairwise",
        "van den Oord, Li and Vinyals, Representation learning with contrastive predictive "
        "coding, 2018; Radford et al., ICML 2021",
    )
    name: ClassVar[str] = "infonce"
    dim: int = 256
    noise: float = 0.5
    level: float = 1.0
    schedule: Schedule = field(default_factory=lambda: Schedule(15, 256, 2e-3, 1e-2, 100))

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        import torch

        pairs = Pairs.over(views, self.dim, seed=seed, noise=self.noise, level=self.level)
        log = torch.tensor(math.log(START), requires_grad=True)

        def loss(rows: Any) -> Any:
            sharpness = log.exp().clamp(max=SHARPEST)
            return infonce(pairs.cosines(rows), pairs.same(rows), sharpness)

        learned = [{"params": pairs.parameters}, {"params": [log], "weight_decay": 0.0}]
        descend(loss, learned, len(pairs), self.schedule, seed=seed, tell=tell)
        return pairs.heads()
