r"""Deep canonical correlation analysis: two networks whose outputs correlate most.

.. math:: \max_{f, g} \bigl\lVert S_{11}^{-1/2} S_{12} S_{22}^{-1/2} \bigr\rVert_{*}
    ,\qquad S_{12} = \tfrac{1}{b} \bar F^\top \bar G,\quad
    S_{11} = \tfrac{1}{b} \bar F^\top \bar F + r I,\quad
    S_{22} = \tfrac{1}{b} \bar G^\top \bar G + r I

over the centred outputs F = f(X), G = g(Y) of b pairs: the nuclear norm is the sum of all
canonical correlations. A linear CCA of the outputs of all pairs makes the joint space. Andrew,
Arora, Bilmes and Livescu, "Deep canonical correlation analysis", ICML 2013.

Simplified: one hidden layer of tanh, begun at random and not by denoising autoencoders;
AdamW on batches as large as the statistics need (Wang, Arora, Livescu and Bilmes,
"Unsupervised learning of acoustic features via deep canonical correlation analysis", ICASSP
2015) in place of L-BFGS on all pairs. With few pairs the networks correlate what they have
seen perfectly: the descent is short, the ridge large, and no more outputs are learned than
plain CCA finds directions beyond chance.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.training import Schedule
from xmr_core.lab.unsupervised.correlating import correlated

SCHEDULE = Schedule(epochs=20, batch=2000, fewest=60)


@dataclass(frozen=True)
class DCCA(FromPairs):
    """CCA of what two networks make of the views.

    Attributes:
        dim: d at most.
        hidden: units of the layer between.
        ridge: r.
        schedule: of the descent; a batch must be many times d.
        rebuild: what rebuilding the views counts; nothing here.
    """

    about: ClassVar[About] = About(
        "Deep CCA",
        "unsupervised",
        "Andrew, Arora, Bilmes and Livescu, Deep canonical correlation analysis, ICML 2013",
    )
    name: ClassVar[str] = "dcca"
    dim: int = 64
    hidden: int = 256
    ridge: float = 0.1
    schedule: Schedule = SCHEDULE
    rebuild: float = field(default=0.0, init=False)

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        return correlated(
            views,
            dim=self.dim,
            hidden=self.hidden,
            ridge=self.ridge,
            rebuild=self.rebuild,
            schedule=self.schedule,
            seed=seed,
            tell=tell,
        )
