r"""WSABIE: the hinge of a negative drawn at random, weighted by how far down the list it means.

.. math:: \min \sum_i L\!\left(\left\lfloor \tfrac{Y - 1}{N_i} \right\rfloor\right)
    [\alpha - s(x_i, y_i) + s(x_i, y_{j_i})]_+, \qquad L(r) = \sum_{a=1}^{r} \tfrac{1}{a}

Texts are drawn for thing i until one is within the margin of its own: it is j, and N how many
were drawn, from which the own text's rank among Y is estimated (the WARP loss, which counts the
top of the list most). Weston, Bengio and Usunier, "WSABIE: scaling up to large vocabulary image
annotation", IJCAI 2011. There each annotation has a learned vector, which is a linear map of
its indicator; here it is a linear map of the text's features, and equal texts are one
annotation. The paper bounds the vectors' lengths by C; here they all have the same, so that s is
the cosine and the paper's margin 1 is a margin of 1 / C². Draws are without replacement and
from the batch, which is what Y counts, too.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.pairs import Pairs
from xmr_core.lab.ranking.sides import sides
from xmr_core.lab.training import Schedule, descend


def warp(scores: Any, same: Any, margin: float, dice: Any) -> Any:
    """The loss of a batch, a mean over the things.

    Args:
        scores: of things with texts (b, b), own pairs on the diagonal.
        same: bool (b, b), what is no negative.
        margin: α.
        dice: torch generator of the draws.
    """
    import torch

    b = len(scores)
    gaps = margin - scores.diagonal()[:, None] + scores
    turn = torch.rand(b, b, generator=dice).masked_fill(same, torch.inf)  # when each is drawn
    first = turn.masked_fill(gaps.detach() <= 0, torch.inf).min(dim=1)
    some = first.values < torch.inf
    draws = (turn <= first.values[:, None]).sum(dim=1).clamp(min=1)
    negatives = (~same).sum(dim=1)
    rank = negatives // draws
    harmonic = torch.cat([torch.zeros(1), (1 / torch.arange(1, b + 1)).cumsum(0)])
    hinge = gaps.gather(1, first.indices[:, None])[:, 0].clamp(min=0)
    return (harmonic[rank] * hinge * some).mean()


@dataclass(frozen=True)
class WSABIE(FromPairs):
    """A joint space in which the top of things' lists of texts is right.

    Attributes:
        dim: d.
        margin: α, of cosines.
        noise: on the features while it is learned.
        level: of the features' variances, see :meth:`xmr_core.lab.training.Net.over`.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "WSABIE",
        "rank-based",
        "Weston, Bengio and Usunier, WSABIE: scaling up to large vocabulary image annotation, "
        "IJCAI 2011",
    )
    name: ClassVar[str] = "wsabie"
    dim: int = 256
    margin: float = 0.2
    noise: float = 0.5
    level: float = 1.0
    schedule: Schedule = field(default_factory=lambda: Schedule(15, 256, 2e-3, 1e-2, 100))

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        import torch

        words, things = sides(views)
        ordered = {things: views[things], words: views[words]}
        pairs = Pairs.over(ordered, self.dim, seed=seed, noise=self.noise, level=self.level)
        dice = torch.Generator().manual_seed(seed)

        def loss(rows: Any) -> Any:
            return warp(pairs.cosines(rows), pairs.same(rows), self.margin, dice)

        descend(loss, pairs.parameters, len(pairs), self.schedule, seed=seed, tell=tell)
        return pairs.heads()
