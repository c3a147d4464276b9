r"""Deep cross-modal hashing, on frozen features.

.. math:: \min_{B, \theta_x, \theta_y} -\sum_{ij} \left(S_{ij} \Theta_{ij}
    - \log(1 + e^{\Theta_{ij}})\right) + \gamma \left(\|B - F\|^2 + \|B - G\|^2\right)
    + \eta \left(\|F^\top 1\|^2 + \|G^\top 1\|^2\right), \qquad
    \Theta_{ij} = \tfrac12 F_i^\top G_j

with F and G what networks give for both views, S whether two things share a class, and
B = sign(F + G) the codes. Jiang and Li, "Deep cross-modal hashing", CVPR 2017, who train the
network that sees pictures, too; here it and that for texts have one hidden layer (the paper's
for texts has as many) over features that stay as they are. Terms are means over pairs and bits
rather than sums, and both networks take a step on each batch, against all of the other's
latest outputs (4,096 of them, drawn anew, where there are more), where the paper takes turns.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xmr_core.heads import Head, Sign
from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views, onehot
from xmr_core.lab.training import Net, Schedule, descend

_BATCH = 128
_AGAINST = 4096  # things that a batch is compared with
_STEPS = 16  # an epoch, at the least, where pairs are few


@dataclass(frozen=True)
class DCMH(FromClasses):
    """Networks whose outputs agree in sign for what shares a class.

    Attributes:
        bits: of a code.
        hidden: units between features and bits.
        quantise: γ, how near to −1 and 1 outputs are to be.
        balance: η, how near to half of the things each bit is to be set for.
        epochs: times that every pair is seen.
        rate: the largest learning rate.
    """

    about: ClassVar[About] = About(
        "Deep cross-modal hashing (DCMH), on frozen features",
        "hashing",
        "Jiang and Li, Deep cross-modal hashing, CVPR 2017",
        labelled=True,
        bits=True,
    )
    name: ClassVar[str] = "dcmh"
    bits: int = 32
    hidden: int = 256
    quantise: float = 0.1
    balance: float = 1.0
    epochs: int = 10
    rate: float = 2e-3

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        import torch

        classes = torch.from_numpy(onehot(np.asarray(labels)))
        n, drawn = len(classes), torch.Generator().manual_seed(seed)
        nets = [
            Net.over(view, self.bits, self.hidden, seed=seed + i)
            for i, view in enumerate(views.values())
        ]
        with torch.no_grad():
            latest = [net.module(net.features) for net in nets]  # F and G, (n, b)

        def loss(rows: Any) -> Any:
            total, outs = torch.zeros(()), []
            some = torch.arange(n)
            if n > _AGAINST:
                some = torch.randint(n, (_AGAINST,), generator=drawn)
            alike = ((classes[rows] @ classes[some].T) > 0).float()  # (r, s)
            codes = torch.sign(latest[0][rows] + latest[1][rows])
            for i, net in enumerate(nets):
                out = net.module(net.features[rows])  # (r, b)
                theta = 0.5 * out @ latest[1 - i][some].T
                total = total + (torch.nn.functional.softplus(theta) - alike * theta).mean()
                total = total + self.quantise * ((codes - out) ** 2).mean()
                total = total + self.balance * (out.mean(dim=0) ** 2).mean()
                outs.append(out.detach())
            for i, out in enumerate(outs):
                latest[i] = latest[i].index_copy(0, rows, out)
            return total

        parameters = [p for net in nets for p in net.parameters]
        batch = max(min(_BATCH, n // _STEPS), 2)
        schedule = Schedule(epochs=self.epochs, batch=batch, rate=self.rate)
        descend(loss, parameters, n, schedule, seed=seed, tell=tell)
        heads = {}
        for modality, net in zip(views, nets, strict=True):
            head = net.head()
            heads[modality] = Head(head.dim_in, (*head.layers, Sign()))
        return heads
