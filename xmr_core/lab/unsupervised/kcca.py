r"""Kernel canonical correlation analysis, on landmarks.

.. math:: \max_{W_x, W_y} \operatorname{tr}(W_x^\top \Phi_x^\top \Phi_y W_y) / n
    \quad\text{s.t.}\quad W_v^\top \bigl((1 - r) \Phi_v^\top \Phi_v / n + r I\bigr) W_v = I

with Φ the centred features of a Gaussian kernel exp(−γ ‖x − x'‖²), one γ for each view: in
the space of the kernel, linear CCA finds correlations that are not linear in the views. There
every pair is a direction of its own, so that r must not be small. Akaho, "A kernel method for
canonical correlation analysis", IMPS 2001; Hardoon, Szedmak and Shawe-Taylor, "Canonical
correlation analysis: an overview with application to learning methods", Neural Computation
2004.

Φ is K(x, L) K(L, L)^{-1/2} over landmarks L drawn from the pairs (Williams and Seeger, "Using
the Nyström method to speed up kernel machines", NIPS 2000), so that 30,000 pairs are fitted
in seconds and a head is no larger than its landmarks. Where all pairs are landmarks it is
kernel CCA itself.

Limits: the kernel is Gaussian, and its width the median distance times a factor.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from xmr_core.heads import Head, Kernel, Linear, Standardise
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.linear import Doubles
from xmr_core.lab.unsupervised.canonical import canonical, crossed
from xmr_core.lab.unsupervised.standard import standardiser
from xmr_core.media import Floats

ROUNDING = 1e-6
"""Of the largest eigenvalue of K(L, L): what is smaller, f32 kernels cannot tell from 0."""

LEVEL = 1.0
"""See :func:`standardiser`: the kernel weighs features by their spread, but not by it alone."""


@dataclass(frozen=True)
class KCCA(FromPairs):
    """CCA in the feature spaces of Gaussian kernels.

    Attributes:
        dim: d; no more than there are landmarks.
        landmarks: drawn from the pairs; all where there are no more.
        ridge: r, 0…1, where a feature vector has length one.
        width: of the kernels, in median distances.
    """

    about: ClassVar[About] = About(
        "Kernel CCA",
        "unsupervised",
        "Akaho, A kernel method for canonical correlation analysis, IMPS 2001",
    )
    name: ClassVar[str] = "kcca"
    dim: int = 128
    landmarks: int = 1000
    ridge: float = 0.003
    width: float = 2.0

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        n = len(next(iter(views.values())))
        drawn = np.sort(np.random.default_rng(seed).permutation(n)[: self.landmarks])
        (one, x), (other, y) = views.items()
        of_x, of_y = (_Map.over(view, drawn, self.width) for view in (x, y))
        spreads = crossed(of_x(x), of_y(y), size=1.0)
        left, right, _ = canonical(*spreads, self.dim, self.ridge)
        return {
            one: of_x.head(left, spreads[0].mean),
            other: of_y.head(right, spreads[1].mean),
        }


@dataclass(frozen=True, eq=False)
class _Map:
    """x → K(x, L) K(L, L)^{-1/2}, f32 (n, m) → f64 (n, k)."""

    standard: Standardise
    kernel: Kernel
    root: Doubles

    @classmethod
    def over(cls, view: Floats, drawn: npt.NDArray[np.int64], width: float) -> "_Map":
        standard = standardiser(view, level=LEVEL)
        landmarks = standard(view[drawn])
        lengths = (landmarks**2).sum(axis=1)
        apart = np.maximum(lengths[:, None] + lengths - 2 * landmarks @ landmarks.T, 0)
        middle = float(np.median(apart[~np.eye(len(drawn), dtype=bool)]))  # squared
        kernel = Kernel(landmarks, 1 / (2 * width**2 * max(middle, 1e-12)))
        values, vectors = np.linalg.eigh(kernel(landmarks).astype(np.float64))
        kept = values > ROUNDING * values[-1]
        return cls(standard, kernel, vectors[:, kept] / np.sqrt(values[kept]))

    def __call__(self, view: Floats) -> Doubles:
        mapped: Doubles = self.kernel(self.standard(view)) @ self.root
        return mapped

    def head(self, weight: Doubles, mean: Doubles) -> Head:
        """With weights f64 (k, d) for features less their mean (k,)."""
        last = Linear((self.root @ weight).astype(np.float32), (-mean @ weight).astype(np.float32))
        return Head(len(self.standard.mean), (self.standard, self.kernel, last))
