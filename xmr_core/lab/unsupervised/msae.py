r"""Multimodal stacked autoencoders: each medium's stack is learned alone, then both together.

.. math:: \min \; \beta_x \, e_x + \beta_y \, e_y
    + \tfrac{1}{b d} \lVert f(X) - g(Y) \rVert_F^2
    ,\qquad e_x = \tfrac{1}{b m_x} \lVert X - p(f(X)) \rVert_F^2

First, layer by layer, each medium's encoder f and decoder p learn to rebuild what the layer
below gives; then both stacks are tuned together so that the codes of a pair meet. β says how
much of its own a medium keeps: the medium whose features say more gets the larger one, so that
the other moves towards it. Wang, Ooi, Yang, Zhang and Zhuang, "Effective multi-modal retrieval
based on stacked auto-encoders", VLDB 2014.

Simplified: two layers of tanh where the paper has three of logistic units; AdamW throughout;
text counts as the medium that says more. The codes' means are taken away before cosines are.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.training import Schedule, descend
from xmr_core.lab.unsupervised.coding import Coder
from xmr_core.media import Modality

ALONE = Schedule(epochs=3, fewest=50)
TOGETHER = Schedule(epochs=15, fewest=300)


@dataclass(frozen=True)
class MSAE(FromPairs):
    """Stacked autoencoders, pretrained one by one, tuned together.

    Attributes:
        dim: d.
        hidden: units of the layers between.
        text: β of text.
        other: β of any other medium.
        alone: the descent of each layer of each medium.
        together: the descent of both stacks.
    """

    about: ClassVar[About] = About(
        "Multimodal stacked autoencoder",
        "unsupervised",
        "Wang, Ooi, Yang, Zhang and Zhuang, Effective multi-modal retrieval based on stacked "
        "auto-encoders, VLDB 2014",
    )
    name: ClassVar[str] = "msae"
    dim: int = 64
    hidden: int = 256
    text: float = 1.0
    other: float = 0.1
    alone: Schedule = ALONE
    together: Schedule = TOGETHER

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        inner = (self.hidden, self.dim)
        coders = {
            modality: Coder.over(view, inner, seed=seed + i, squash=True)
            for i, (modality, view) in enumerate(views.items())
        }
        for coder in coders.values():
            self.stacked(coder, seed=seed)
        a, b = coders.values()
        beta, gamma = (self.text if m == Modality.TEXT else self.other for m in coders)

        def loss(rows: Any) -> Any:
            f, g = a.codes(rows), b.codes(rows)
            return beta * a.error(rows, f) + gamma * b.error(rows, g) + ((f - g) ** 2).mean()

        n = len(a.features)
        descend(loss, [*a.parameters, *b.parameters], n, self.together, seed=seed, tell=tell)
        return {m: coders[m].centred_head(view) for m, view in views.items()}

    def stacked(self, coder: Coder, *, seed: int) -> list[list[float]]:
        """Learn a stack layer by layer, from the features up.

        Returns:
            the errors of each layer, epoch by epoch.
        """
        curves = []
        for there, back, features in coder.layers():

            def loss(rows: Any, there: Any = there, back: Any = back, given: Any = features) -> Any:
                return ((back(there(given[rows])) - given[rows]) ** 2).mean()

            learned = [*there.parameters(), *back.parameters()]
            curves.append(descend(loss, learned, len(features), self.alone, seed=seed))
        return curves
