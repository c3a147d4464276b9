r"""Iterative quantization of a space of canonical correlation analysis.

.. math:: \min_{B \in \{-1, 1\}, R^\top R = I} \|B - V R\|^2

with V the rows of both views in the space of CCA, its axes counting by their correlation: the
space is turned until its rows lie near the corners of the cube. Gong and Lazebnik, "Iterative
quantization: a Procrustean approach to learning binary codes", CVPR 2011; Gong, Lazebnik,
Gordo and Perronnin, TPAMI 2013. There, CCA is of pictures and their labels; here, of two
media, and one rotation serves both. Where a view has fewer features than bits it is seen
through a kernel first, as in their TPAMI paper.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.hashing.shared import bits_head, correlated, widened
from xmr_core.lab.linear import Doubles


def itq(v: Doubles, rounds: int, rng: np.random.Generator, tell: Tell | None = None) -> Doubles:
    """The rotation (d, d) that brings rows v (n, d) near to the corners of a cube.

    >>> corners = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
    >>> float(np.abs(corners @ itq(corners, 20, np.random.default_rng(0))).round(2).min())
    0.71
    """
    d = v.shape[1]
    rotation: Doubles = np.linalg.qr(rng.normal(size=(d, d)))[0]
    for done in range(rounds):
        turned = v @ rotation
        bits = np.where(turned >= 0, 1.0, -1.0)
        if tell:
            tell(done + 1, rounds, float(np.mean((bits - turned) ** 2)))
        u, _, wt = np.linalg.svd(v.T @ bits)
        rotation = u @ wt
    return rotation


@dataclass(frozen=True)
class ITQ(FromPairs):
    """Codes that lose least of a space of CCA.

    Attributes:
        bits: d; fewer where there are fewer pairs.
        ridge: of CCA.
        power: of the correlations, by which the axes count.
        rounds: of codes and rotation.
    """

    about: ClassVar[About] = About(
        "CCA with iterative quantization (CCA-ITQ)",
        "hashing",
        "Gong and Lazebnik, Iterative quantization: a Procrustean approach to learning binary "
        "codes, CVPR 2011; Gong, Lazebnik, Gordo and Perronnin, TPAMI 2013",
        bits=True,
    )
    name: ClassVar[str] = "cca-itq"
    bits: int = 32
    ridge: float = 0.3
    power: float = 1.0
    rounds: int = 50

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        rng = np.random.default_rng(seed)
        (one, (x, to_x)), (other, (y, to_y)) = (
            (modality, widened(view, self.bits, rng)) for modality, view in views.items()
        )
        v, w, rho = correlated(x, y, self.bits, self.ridge)
        v, w = v * rho**self.power, w * rho**self.power
        # A cube has corners at distance one from its sides: rows get that size on the whole
        joint = np.vstack([x @ v, y @ w])
        size = float(np.sqrt(np.mean(joint**2)))
        rotation = itq(joint / max(size, 1e-12), self.rounds, rng, tell)
        return {
            one: bits_head(views[one].shape[1], to_x, v @ rotation),
            other: bits_head(views[other].shape[1], to_y, w @ rotation),
        }
