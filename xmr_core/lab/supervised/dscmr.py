r"""Deep supervised cross-modal retrieval.

.. math:: \mathcal{L} = \frac{1}{n} \sum_i \bigl(\lVert P^\top u_i - y_i \rVert
    + \lVert P^\top v_i - y_i \rVert\bigr) + \lambda \bigl(\ell(u, v) + \ell(u, u) + \ell(v, v)
    \bigr) + \frac{\eta}{n} \sum_i \lVert u_i - v_i \rVert, \qquad
    \ell(a, b) = \frac{1}{n^2} \sum_{i, j} \log(1 + e^{\Gamma_{ij}}) - S_{ij} \Gamma_{ij}, \quad
    \Gamma_{ij} = \tfrac{1}{2} \cos(a_i, b_j)

with u and v the outputs of one network a view whose last layer is the same, P a linear classifier
of both, and S_ij 1 where i and j share a class: classes in the space of labels, classes in the
joint space, pairs together. Zhen, Hu, Wang and Peng, "Deep supervised cross-modal retrieval",
CVPR 2019.

The paper starts from a picture network that is tuned along; here features stay as they are. P is
learned by descent with the rest (the paper solves for it in turns), and n is a batch. The paper's
λ is 0.001; 1 was chosen on Wikipedia's training pairs.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.supervised.classes import indicators
from xmr_core.lab.supervised.masked import masked_rows, networks, taught
from xmr_core.lab.training import Schedule

_SCHEDULE = Schedule(epochs=20, batch=128, rate=1e-3)


@dataclass(frozen=True)
class DSCMR(FromClasses):
    """Networks into a space where classes part and pairs meet.

    Attributes:
        dim: d.
        hidden: units of each view's own layer.
        classes: λ, what classes in the joint space count.
        pairs: η, what pairs count.
        drop: features left out at random while learning.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "Deep supervised cross-modal retrieval (DSCMR)",
        "supervised",
        "Zhen et al., Deep supervised cross-modal retrieval, CVPR 2019",
        labelled=True,
    )
    name: ClassVar[str] = "dscmr"
    dim: int = 64
    hidden: int = 256
    classes: float = 1.0
    pairs: float = 0.1
    drop: float = 0.2
    schedule: Schedule = _SCHEDULE

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        import torch

        y = torch.from_numpy(indicators(labels)).float()
        n, c = y.shape
        nets = networks(views, self.dim, self.hidden, seed=seed)
        one, other = nets.values()
        other.module[2] = one.module[2]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            classifier = torch.nn.Linear(self.dim, c)
        rows = masked_rows(nets.values(), self.drop, seed=seed)

        def loss(pairs: Any) -> Any:
            u, v = rows(pairs)
            return objective(u, v, classifier(u), classifier(v), y[pairs], self.classes, self.pairs)

        more = classifier.parameters()
        return taught(nets, more, loss, n, self.schedule, seed=seed, tell=tell)


def objective(
    u: Any, v: Any, said_u: Any, said_v: Any, y: Any, classes: float, pairs: float
) -> Any:
    """The loss of a batch.

    Args:
        u: unit rows of one view, a tensor (b, d).
        v: of the other.
        said_u: what the classifier says of u, (b, c).
        said_v: of v.
        y: classes as 0 and 1, (b, c).
        classes: λ.
        pairs: η.
    """
    from torch.nn.functional import softplus

    labels = ((said_u - y).norm(dim=1) + (said_v - y).norm(dim=1)).mean()
    same = (y @ y.T > 0).to(u.dtype)
    joint = 0.0
    for a, b in ((u, v), (u, u), (v, v)):
        half = a @ b.T / 2
        joint = joint + (softplus(half) - same * half).mean()
    return labels + classes * joint + pairs * (u - v).norm(dim=1).mean()
