"""Views in units of their own features' spreads."""

import numpy as np

from xmr_core.heads import Standardise
from xmr_core.media import Floats


def standardiser(view: Floats, total: float | None = None, level: float = 0.0) -> Standardise:
    """The layer that gives each feature of a view f32 (n, m) mean 0 and variance 1.

    Args:
        view: the features; one that never varies becomes 0.
        total: if given, all variances together make this, instead of m.

        level: share of the mean variance that is added to each feature's own before it is
            divided by: principal components of little variance stay small.

    >>> view = np.array([[1, 5], [3, 5]], np.float32)
    >>> standardiser(view)(view).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    variance = view.var(axis=0)
    spread = np.sqrt(variance + level * variance.mean())
    varies = spread > 1e-6 * max(float(spread.max()), 1e-30)
    scale = np.where(varies, 1 / np.where(varies, spread, 1), 0)
    if total is not None:
        scale = scale * np.sqrt(total / view.shape[1])
    return Standardise(view.mean(axis=0), scale.astype(np.float32))
