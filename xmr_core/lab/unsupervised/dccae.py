r"""Deep canonically correlated autoencoders: outputs correlate, and tell the views apart, too.

.. math:: \min_{f, g, p, q} \; -\bigl\lVert S_{11}^{-1/2} S_{12} S_{22}^{-1/2} \bigr\rVert_{*}
    + \lambda \, \tfrac{d}{b} \sum_{i=1}^{b} \bigl( \tfrac{1}{m_x} \lVert x_i - p(f(x_i)) \rVert^2
    + \tfrac{1}{m_y} \lVert y_i - q(g(y_i)) \rVert^2 \bigr)

The first term is that of deep CCA (:mod:`xmr_core.lab.unsupervised.dcca`); decoders p and q
rebuild each view from its own output, so that not only what correlates by chance is learned.
Wang, Arora, Livescu and Bilmes, "On deep multi-view representation learning", ICML 2015.

Simplified as deep CCA is here: one hidden layer of tanh each way, AdamW on large batches. The
errors are means over features and the correlations over outputs, so that one λ fits views of
any width. With much larger λ the space turns into that of two separate autoencoders.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.contract import About
from xmr_core.lab.training import Schedule
from xmr_core.lab.unsupervised.dcca import DCCA

SCHEDULE = Schedule(epochs=20, batch=2000, fewest=80)


@dataclass(frozen=True)
class DCCAE(DCCA):
    """Deep CCA that can rebuild the views.

    Attributes:
        dim: d at most.
        hidden: units of the layers between.
        ridge: r.
        rebuild: λ.
        schedule: of the descent; a batch must be many times d.
    """

    about: ClassVar[About] = About(
        "Deep canonically correlated autoencoders",
        "unsupervised",
        "Wang, Arora, Livescu and Bilmes, On deep multi-view representation learning, ICML 2015",
    )
    name: ClassVar[str] = "dccae"
    schedule: Schedule = SCHEDULE
    rebuild: float = 0.2
