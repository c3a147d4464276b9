r"""Partial least squares: directions of greatest covariance.

.. math:: \max_{W_x, W_y} \operatorname{tr}(W_x^\top C_{xy} W_y) \quad\text{s.t.}\quad
    W_x^\top W_x = W_y^\top W_y = I

Where canonical correlation analysis asks how well two directions go together, PLS also asks
how much of the views they hold: it never trusts a direction in which little varies. Wold,
"Soft modelling by latent variables", 1975; for retrieval between media Sharma and Jacobs,
"Bypassing synthesis: PLS for face recognition with pose, low-resolution and sketch", CVPR 2011.

The form solved here is PLS by singular values (Bookstein's), where all directions come at
once; Sharma and Jacobs found theirs one after another, each time taking away what the last
explained. Features are standardised, as they are there. The coordinates are of unequal spread,
and the first ones say most in a cosine.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.heads import Head, Linear
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.unsupervised.standard import standardiser


@dataclass(frozen=True)
class PLS(FromPairs):
    """Directions in which the two views vary together most.

    Attributes:
        dim: d; no more than the narrower view has features.
    """

    about: ClassVar[About] = About(
        "Partial least squares",
        "unsupervised",
        "Sharma and Jacobs, Bypassing synthesis: PLS for face recognition, CVPR 2011",
    )
    name: ClassVar[str] = "pls"
    dim: int = 128

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        from sklearn.cross_decomposition import PLSSVD

        (one, x), (other, y) = views.items()
        standard = {m: standardiser(v) for m, v in views.items()}
        few = min(self.dim, x.shape[1], y.shape[1], len(x) - 1)
        model = PLSSVD(few, scale=False).fit(standard[one](x), standard[other](y))
        heads = {}
        for m, weight in ((one, model.x_weights_), (other, model.y_weights_)):
            linear = Linear(weight.astype(np.float32), np.zeros(few, np.float32))
            heads[m] = Head(len(weight), (standard[m], linear))
        return heads
