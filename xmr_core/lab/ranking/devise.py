r"""DeViSE: things mapped into the space that texts already have, by a hinge rank loss.

.. math:: \min_M \sum_i \sum_{j \ne i}
    [\alpha - \bar t_i^\top M x_i + \bar t_j^\top M x_i]_+

with the unit rows t̄ of the texts as they are. Frome et al., "DeViSE: a deep visual-semantic
embedding model", NIPS 2013. There t̄ is the word vector of a picture's label and the other
labels are the negatives; the same formula holds for any vectors of texts, and equal rows of
them, such as the same label, are no negatives of each other. So it learns from pairs, and where
the text view is vectors of labels it is the paper's. Two things differ: negatives are those of
the batch, and texts lose their common mean before they are made unit, without which vectors that
are all alike leave no room for a margin. In lists of things for a text, things compare by
cosine, their lengths left out; the paper ranks texts for a picture alone.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from xmr_core.heads import Head, Standardise
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.pairs import numbered
from xmr_core.lab.ranking.sides import sides
from xmr_core.lab.training import Net, Schedule, descend


@dataclass(frozen=True)
class DeViSE(FromPairs):
    """A linear map of things to their texts' own vectors.

    Attributes:
        margin: α.
        noise: on the features while it is learned.
        level: of the features' variances, see :meth:`xmr_core.lab.training.Net.over`.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "DeViSE",
        "rank-based",
        "Frome et al., DeViSE: a deep visual-semantic embedding model, NIPS 2013",
    )
    name: ClassVar[str] = "devise"
    margin: float = 0.1
    noise: float = 0.5
    level: float = 1.0
    schedule: Schedule = field(default_factory=lambda: Schedule(15, 256, 2e-3, 1e-2, 100))

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        import torch

        words, things = sides(views)
        mean = views[words].mean(axis=0)
        text = Head(len(mean), (Standardise(mean, np.ones_like(mean)),))
        known = torch.from_numpy(text(views[words]))  # (n, d)
        alike = torch.from_numpy(numbered(views[words])), torch.from_numpy(numbered(views[things]))
        net = Net.over(views[things], text.dim, seed=seed, noise=self.noise, level=self.level)

        def loss(rows: Any) -> Any:
            one, other = (a[rows] for a in alike)
            same = (one[:, None] == one) | (other[:, None] == other)
            return rank_loss(net.raw(rows) @ known[rows].T, same, self.margin)

        descend(loss, net.parameters, len(known), self.schedule, seed=seed, tell=tell)
        return {things: net.head(), words: text}


def rank_loss(scores: Any, same: Any, margin: float) -> Any:
    """The hinges of things' wrong texts, summed, a mean over things.

    Args:
        scores: of things with texts (b, b), own pairs on the diagonal.
        same: bool (b, b), what is no negative.
        margin: α.
    """
    gaps = (margin - scores.diagonal()[:, None] + scores).clamp(min=0)
    return gaps.masked_fill(same, 0).sum(dim=1).mean()
