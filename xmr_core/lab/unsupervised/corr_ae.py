r"""Correspondence autoencoders: each medium's code rebuilds both media, and both codes agree.

.. math:: \min \; (1 - \alpha) \bigl( (1 - \kappa)\, [\, e_x(f) + e_y(g) \,]
    + \kappa \, [\, e_x(g) + e_y(f) \,] \bigr)
    + \alpha \, \tfrac{1}{b d} \lVert f(X) - g(Y) \rVert_F^2
    ,\qquad e_x(f) = \tfrac{1}{b m_x} \lVert X - p(f(X)) \rVert_F^2

with encoders f, g and decoders p, q. With κ = 0 this is the paper's Corr-AE, with 1 its
Corr-Cross-AE, and with 1/2, the default, its Corr-Full-AE, which it found best; so it is on
Wikipedia's features here. Feng, Wang and Li, "Cross-modal retrieval with correspondence
autoencoder", ACM MM 2014.

Simplified: one hidden layer and a code of tanh, begun at random in place of restricted
Boltzmann machines learned beforehand. The codes' means are taken away before cosines are.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.training import Schedule, descend
from xmr_core.lab.unsupervised.coding import Coder

SCHEDULE = Schedule(epochs=15, fewest=300)


@dataclass(frozen=True)
class CorrAE(FromPairs):
    """Two autoencoders whose codes agree.

    Attributes:
        dim: d.
        hidden: units of the layers between.
        alpha: α, 0…1: how much agreement counts beside rebuilding.
        cross: κ, 0…1: how much of rebuilding is done from the other medium's code.
        schedule: of the descent.
    """

    about: ClassVar[About] = About(
        "Correspondence autoencoder",
        "unsupervised",
        "Feng, Wang and Li, Cross-modal retrieval with correspondence autoencoder, ACM MM 2014",
    )
    name: ClassVar[str] = "corr-ae"
    dim: int = 64
    hidden: int = 256
    alpha: float = 0.2
    cross: float = 0.5
    schedule: Schedule = SCHEDULE

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        inner = (self.hidden, self.dim)
        coders = {
            modality: Coder.over(view, inner, seed=seed + i, squash=True)
            for i, (modality, view) in enumerate(views.items())
        }
        a, b = coders.values()

        def loss(rows: Any) -> Any:
            f, g = a.codes(rows), b.codes(rows)
            own, other = a.error(rows, f) + b.error(rows, g), a.error(rows, g) + b.error(rows, f)
            rebuilt = (1 - self.cross) * own + self.cross * other
            return (1 - self.alpha) * rebuilt + self.alpha * ((f - g) ** 2).mean()

        n = len(a.features)
        descend(loss, [*a.parameters, *b.parameters], n, self.schedule, seed=seed, tell=tell)
        return {m: coders[m].centred_head(view) for m, view in views.items()}
