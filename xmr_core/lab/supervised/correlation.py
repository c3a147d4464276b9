"""Canonical correlation from covariances, when things meet others than their own pair, too."""

from collections.abc import Callable

import numpy as np
import scipy.linalg

from xmr_core.lab.linear import Doubles, ridge_of

Weigh = Callable[[Doubles], Doubles]


def canonical(
    cxx: Doubles, cxy: Doubles, cyy: Doubles, count: int, ridge: float
) -> tuple[Doubles, Doubles, Doubles]:
    """Directions u, v of the largest uᵀ C_xy v under uᵀ (C_xx + r I) u = vᵀ (C_yy + r I) v = 1.

    Args:
        cxx: (m, m), symmetric.
        cxy: (m, l).
        cyy: (l, l), symmetric.
        count: d; no more than min(m, l) come.
        ridge: r, as a share of each covariance's mean variance.

    Returns:
        (m, d), (l, d) and the d correlations, the largest first.

    >>> one = np.eye(2)
    >>> canonical(one, np.diag([0.5, 0.8]), one, 1, 0.0)[2].round(6).tolist()
    [0.8]
    """
    low_x, low_y = (np.linalg.cholesky(ridge_of(c, ridge)) for c in (cxx, cyy))
    half = scipy.linalg.solve_triangular(low_x, cxy, lower=True)
    whole = scipy.linalg.solve_triangular(low_y, half.T, lower=True).T
    left, values, right = np.linalg.svd(whole, full_matrices=False)
    u = scipy.linalg.solve_triangular(low_x.T, left[:, :count], lower=False)
    v = scipy.linalg.solve_triangular(low_y.T, right[:count].T, lower=False)
    return u, v, values[:count]


def paired_by(
    weigh: Weigh, x: Doubles, y: Doubles
) -> tuple[Doubles, Doubles, Doubles, tuple[Doubles, Doubles]]:
    """Covariances when every x_i meets every y_j with a weight F_ij, never negative.

    Args:
        weigh: (n, k) → F times it, F (n, n) symmetric.
        x: (n, m).
        y: (n, l).

    Returns:
        C_xx (m, m), C_xy (m, l), C_yy (l, l), and the means (m,) and (l,) they are about.

    >>> x, y = np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]])
    >>> paired_by(lambda rows: rows, x, y)[1].tolist()  # own pairs alone: ordinary covariance
    [[2.0]]
    """
    often = weigh(np.ones((len(x), 1)))  # (n, 1), how often each meets another
    every = float(often.sum())
    mean_x, mean_y = ((often * view).sum(axis=0) / every for view in (x, y))
    x, y = x - mean_x, y - mean_y
    cxx, cyy = ((often * view).T @ view / every for view in (x, y))
    return cxx, x.T @ weigh(y) / every, cyy, (mean_x, mean_y)
