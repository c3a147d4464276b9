r"""Adversarial cross-modal retrieval.

.. math:: \min_{\theta} \max_{D} \; \alpha\, \mathcal{L}_{triplet} + \beta\, \mathcal{L}_{class}
    - \delta\, \mathcal{L}_{D}, \qquad \mathcal{L}_{D} = -\frac{1}{n} \sum_i \log D(u_i)
    + \log(1 - D(v_i))

.. math:: \mathcal{L}_{class} = -\frac{1}{n} \sum_i y_i^\top \bigl(\log p(u_i) + \log p(v_i)\bigr),
    \quad \mathcal{L}_{triplet} = \frac{1}{n} \sum_i \lVert u_i - v_i \rVert
    + \max(0, \mu - \lVert u_i - v_{i^-} \rVert) + \dots

with u and v the outputs of one network a view, p one classifier of both, i⁻ the nearest thing of
another class (the triplet term is taken from both sides), and D a network that tries to tell
which medium a point is of: what it learns, the others unlearn, so that media cannot be told
apart where they meet. Wang, Yang, Xu, Hanjalic and Shen, "Adversarial cross-modal retrieval",
ACM MM 2017.

The gradient is turned round between the two players, so that they learn at the same time (the
paper has k steps of one to one of the other). Points are unit rows, and networks have one hidden
layer: features are given and few. On such features the shared classifier alone brings the media
together, and the adversary adds little; a strong one drives them apart, for a judge is deceived
as well by two clouds that have changed places as by one.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.supervised.classes import indicators, shares
from xmr_core.lab.supervised.masked import masked_rows, networks, taught
from xmr_core.lab.training import Schedule

_SCHEDULE = Schedule(epochs=20, batch=128, rate=1e-3)


@dataclass(frozen=True)
class ACMR(FromClasses):
    """Networks into a space where classes part, pairs meet and media cannot be told apart.

    Attributes:
        dim: d.
        hidden: units of each network.
        triplets: α.
        classes: β.
        adversary: δ.
        margin: μ, how far things of other classes should be, as a distance of unit rows.
        sharp: by which what the classifier says is multiplied: unit rows have little room.
        drop: features left out at random while learning.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "Adversarial cross-modal retrieval (ACMR)",
        "supervised",
        "Wang et al., Adversarial cross-modal retrieval, ACM MM 2017",
        labelled=True,
    )
    name: ClassVar[str] = "acmr"
    dim: int = 64
    hidden: int = 256
    triplets: float = 0.1
    classes: float = 1.0
    adversary: float = 0.1
    margin: float = 1.0
    sharp: float = 1.0
    drop: float = 0.2
    schedule: Schedule = _SCHEDULE

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        import torch
        from torch.nn.functional import cross_entropy

        y = torch.from_numpy(indicators(labels)).float()
        shared = torch.from_numpy(shares(labels)).float()
        n, c = y.shape
        nets = networks(views, self.dim, self.hidden, seed=seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            classifier = torch.nn.Linear(self.dim, c)
            judge = torch.nn.Sequential(
                torch.nn.Linear(self.dim, self.dim), torch.nn.ReLU(), torch.nn.Linear(self.dim, 2)
            )
        rows = masked_rows(nets.values(), self.drop, seed=seed)

        def loss(pairs: Any) -> Any:
            u, v = rows(pairs)
            both, of = torch.cat([u, v]), shared[pairs].repeat(2, 1)
            same = y[pairs] @ y[pairs].T > 0
            near = triplet(u, v, same, self.margin) + triplet(v, u, same, self.margin)
            media = torch.arange(2).repeat_interleave(len(u))
            fooled = cross_entropy(judge(turned(both, self.adversary)), media)
            told = cross_entropy(self.sharp * classifier(both), of)
            return self.triplets * near + self.classes * told + fooled

        more = [*classifier.parameters(), *judge.parameters()]
        return taught(nets, more, loss, n, self.schedule, seed=seed, tell=tell)


def triplet(u: Any, v: Any, same: Any, margin: float) -> Any:
    """How far each u is from its own v, and how much too near to the nearest v of other classes.

    Args:
        u: unit rows (b, d) of the pairs.
        v: the same of the other view.
        same: bool (b, b), who shares a class.
        margin: how far others should be.
    """
    # Distances of unit rows; a little under the root keeps its slope finite where they meet
    apart = (2 - 2 * u @ v.T).clamp(min=0).add(1e-6).sqrt()  # (b, b)
    nearest = apart.masked_fill(same, float("inf")).amin(dim=1)
    return (apart.diagonal() + (margin - nearest).clamp(min=0)).mean()


def turned(x: Any, strength: float) -> Any:
    """x itself, whose gradient comes back turned round and ``strength`` times as long.

    The gradient reversal of Ganin and Lempitsky, "Unsupervised domain adaptation by
    backpropagation", ICML 2015.
    """
    return (1 + strength) * x.detach() - strength * x
