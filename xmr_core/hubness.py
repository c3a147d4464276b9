"""Hubness correction by nearest-neighbour normalisation.

In a high-dimensional space some gallery items, hubs, come near to almost any query.
Their mean similarity to the nearest queries of a bank tells them apart; it is subtracted
from their scores: ``s'(q, g) = s(q, g) − α · mean of the K largest s(b, g), b in the bank``
(Chowdhury et al., Nearest Neighbor Normalization Improves Multimodal Retrieval, EMNLP 2024).
The bias depends on the gallery item alone, so that it is one more dimension of its vector,
met by a 1 in the query: one inner product is the corrected score.
"""

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

ALPHA = 0.5
NEAREST = 8
_CHUNK = 4096  # gallery rows at a time: 4096 × 4096 similarities are 64 MB


def hub_bias(gallery: Floats, bank: Floats, alpha: float = ALPHA, nearest: int = NEAREST) -> Floats:
    """How much to subtract from each gallery item's scores.

    Args:
        gallery: unit rows f32 (n, d).
        bank: unit rows f32 (b, d) of queries of one modality; fewer than two give no bias.
        alpha: the share of the mean that is subtracted.
        nearest: K, how many of the bank's queries count, at most half of it.

    Returns:
        f32 (n,).

    >>> g = np.eye(2, dtype=np.float32)
    >>> b = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.float32)
    >>> hub_bias(g, b, alpha=0.5, nearest=2).tolist()
    [0.5, 0.25]
    """
    bias = np.zeros(len(gallery), np.float32)
    k = _counted(bank, nearest)
    if k == 0 or alpha == 0:
        return bias
    for start in range(0, len(gallery), _CHUNK):
        similarity = gallery[start : start + _CHUNK] @ bank.T  # (c, b)
        top = np.partition(similarity, -k, axis=1)[:, -k:]  # (c, k)
        bias[start : start + _CHUNK] = alpha * top.mean(axis=1)
    return bias


def nearest_queries(
    row: Floats, bank: Floats, nearest: int = NEAREST
) -> tuple[npt.NDArray[np.intp], Floats]:
    """Whom the bias of one gallery item comes from: it is α times the mean of these cosines.

    Args:
        row: f32 (d,), unit.
        bank, nearest: as for :func:`hub_bias`.

    Returns:
        Places in the bank (k,), the nearest first, and their cosines f32 (k,).

    >>> b = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32)
    >>> places, cosines = nearest_queries(np.array([0, 1], np.float32), b)
    >>> places.tolist(), cosines.tolist()
    ([1, 0], [1.0, 0.0])
    """
    cosines = bank @ row  # (b,)
    order = np.argsort(-cosines, kind="stable")[: _counted(bank, nearest)]
    return order, np.asarray(cosines[order], np.float32)


def _counted(bank: Floats, nearest: int) -> int:
    """K, no more than half the bank: of all of it, nobody would be nearest."""
    return min(nearest, len(bank) // 2)
