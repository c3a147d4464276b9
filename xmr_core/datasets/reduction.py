"""Principal components: features of thousands of numbers become views of a few hundred."""

import numpy as np

from xmr_core.heads import Layer, Linear
from xmr_core.media import Floats

MOST = 512
"""Dimensions of a view."""

_SPARE, _ROUNDS, _SEED = 20, 2, 0  # of the randomised decomposition


def reduction(features: Floats, most: int = MOST) -> tuple[Layer, ...]:
    """What makes views of features: standardised, on their first principal components.

    The view has a standard deviation of one over all its numbers. Found by randomised
    subspace iteration (Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM
    Review 2011), as thousands of rows of thousands of numbers would take minutes otherwise.

    Args:
        features: f32 (n, m), of the training rows alone.
        most: d; features that are no wider, or no more than n − 1, are standardised only.

    Returns:
        one layer, (n, m) → (n, d).
    """
    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    spread = features.std(axis=0)
    scale = np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0).astype(np.float32)
    few = min(most, len(features) - 1)
    if features.shape[1] <= few:
        weight = np.diag(scale)
    else:
        rows = (features - mean) * scale
        weight = scale[:, None] * _components(rows, few)  # (m, d)
        weight /= (rows @ (weight / np.where(scale > 0, scale, 1)[:, None])).std()
    return (Linear(weight.astype(np.float32), (-mean @ weight).astype(np.float32)),)


def _components(rows: Floats, count: int) -> Floats:
    """The first right singular vectors of centred rows (n, m), as columns (m, count)."""
    rng = np.random.default_rng(_SEED)
    width = min(count + _SPARE, *rows.shape)
    basis = rng.normal(size=(rows.shape[1], width)).astype(np.float32)
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(rows.T @ (rows @ basis))  # (m, width)
    _, _, turns = np.linalg.svd(rows @ basis, full_matrices=False)
    found: Floats = basis @ turns[:count].T
    return found
