"""The linear algebra that linear methods share."""

from typing import cast

import numpy as np
import numpy.typing as npt
import scipy.linalg

from xmr_core.heads import Head
from xmr_core.media import Floats

Doubles = npt.NDArray[np.float64]


def centred(view: Floats) -> tuple[Doubles, Doubles]:
    """A view f32 (n, m) less its mean, and the mean (m,); f64.

    >>> centred(np.array([[1, 2], [3, 6]], np.float32))[1].tolist()
    [2.0, 4.0]
    """
    mean = view.mean(axis=0, dtype=np.float64)
    return view - mean, mean


def affine_head(weight: Doubles, mean: Doubles) -> Head:
    """x → (x − mean) ``weight``: f64 (m, d) and (m,)."""
    return Head.affine(weight.astype(np.float32), (-mean @ weight).astype(np.float32))


def top_pairs(a: Doubles, b: Doubles, count: int) -> tuple[Doubles, Doubles]:
    """The largest generalised eigenvalues of A w = λ B w, and their vectors.

    Args:
        a: symmetric (m, m).
        b: symmetric (m, m), positive definite.
        count: d; no more than m come.

    Returns:
        (d,), the largest first, and (m, d) with wᵀ B w = 1.

    >>> values, _ = top_pairs(np.diag([1.0, 8.0]), np.diag([1.0, 2.0]), 1)
    >>> values.round(6).tolist()
    [4.0]
    """
    m = len(a)
    few = min(count, m)
    values, vectors = scipy.linalg.eigh(a, b, subset_by_index=[m - few, m - 1])
    return cast(Doubles, values[::-1]), cast(Doubles, vectors[:, ::-1])


def ridge_of(covariance: Doubles, share: float) -> Doubles:
    """A covariance (m, m) with a share of its mean variance added to each variance.

    >>> ridge_of(np.diag([1.0, 3.0]), 0.5).tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """
    m = len(covariance)
    floor = max(float(np.trace(covariance)) / m, np.finfo(np.float64).tiny)
    ridged: Doubles = covariance + share * floor * np.eye(m)
    return ridged
