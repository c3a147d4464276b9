r"""The bilinear model of style and content, asymmetric: media as styles, things as contents.

.. math:: \min_{A_v,\, b_i} \sum_{v} \sum_{i=1}^{n} \lVert x^v_i - A_v b_i \rVert^2
    \quad\text{then}\quad
    b(x^v) = (A_v^\top A_v + \sigma_v^2 I)^{-1} A_v^\top x^v

Each medium v says a thing's content b in its own way A_v. The least squares are solved by the
singular vectors of all views side by side; the content of something new, seen in one known
medium, is its most probable value when contents are standard normal and σ_v² is the mean of
what A_v leaves unexplained. Tenenbaum and Freeman, "Separating style and content with bilinear
models", Neural Computation 2000; between media as in Sharma, Kumar, Daume and Jacobs,
"Generalized multiview analysis: a discriminative latent space", CVPR 2012.

Standardised views weigh the same, however many features each has. Without σ², the plain least
squares of a narrow view divide by directions that hardly vary: on Wikipedia's features they
rank far worse. Sharma and others compare Xᵀ A_v instead, which is in between.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.heads import Head, Linear
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.linear import Doubles
from xmr_core.lab.unsupervised.standard import standardiser
from xmr_core.media import Floats


@dataclass(frozen=True)
class BLM(FromPairs):
    """Contents that explain both views.

    Attributes:
        dim: d; no more than the narrowest view has features.
    """

    about: ClassVar[About] = About(
        "Bilinear model",
        "unsupervised",
        "Tenenbaum and Freeman, Separating style and content with bilinear models, "
        "Neural Computation 2000",
        most_views=5,
    )
    name: ClassVar[str] = "blm"
    dim: int = 128

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        standard = {m: standardiser(view, total=1.0) for m, view in views.items()}
        whole = np.concatenate([standard[m](view) for m, view in views.items()], axis=1)
        few = min(self.dim, *(view.shape[1] for view in views.values()), len(whole) - 1)
        styles = _styles(whole, few)
        heads = {}
        for modality, view in views.items():
            style, styles = np.split(styles, [view.shape[1]])
            heads[modality] = Head(view.shape[1], (standard[modality], _content(style)))
        return heads


def _styles(whole: Floats, few: int) -> Doubles:
    """A of every view, one below the other, f64 (m, d): the contents' variances are 1."""
    covariance = whole.T.astype(np.float64) @ whole / len(whole)
    values, vectors = np.linalg.eigh(covariance)
    styles: Doubles = vectors[:, -few:] * np.sqrt(np.maximum(values[-few:], 0))
    return styles[:, ::-1]


def _content(style: Doubles) -> Linear:
    """What infers the content from a view whose variances make 1 together, from A (m, d)."""
    m, d = style.shape
    left = max(1 - float((style**2).sum()), 1e-6) / m  # σ²
    weight = style @ np.linalg.inv(style.T @ style + left * np.eye(d))
    return Linear(weight.astype(np.float32), np.zeros(d, np.float32))
