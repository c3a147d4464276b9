"""What hashing methods share: room for the bits, a space to cut, and neighbours.

Letters of shapes: n pairs, m features, d dimensions, k neighbours.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg

from xmr_core.heads import Head, Kernel, Layer, Linear, Sign, Standardise
from xmr_core.heads.stacks import run
from xmr_core.lab.linear import Doubles, centred, ridge_of
from xmr_core.media import Floats

_NEAR = 64  # features are enough to find neighbours by
_SAMPLE = 1000  # rows tell how far apart rows are


def widened(view: Floats, count: int, rng: np.random.Generator) -> tuple[Doubles, list[Layer]]:
    """A view f32 (n, m) with no fewer than ``count`` features about 0, and the layers to them.

    A projection has no more bits that say something new than a view has features, and 10
    topics are to give 32 bits. Where features are too few they become the likeness to some
    of the rows, by a Gaussian kernel as wide as the median distance: what papers on hashing do
    (explicit kernel maps in Gong et al., TPAMI 2013; landmarks in Lin et al., CVPR 2015).
    """
    scale = (1 / np.maximum(view.std(axis=0), 1e-6)).astype(np.float32)
    layers: list[Layer] = [Standardise(view.mean(axis=0), scale)]
    made = run(tuple(layers), view)
    if view.shape[1] < count:
        landmarks = made[rng.permutation(len(made))[: 4 * count]]
        some = made[rng.permutation(len(made))[:_SAMPLE]]
        apart = ((some[:, None, :8] - some[None, :, :8]) ** 2).sum(axis=2)  # (s, s)
        apart = apart * (made.shape[1] / min(made.shape[1], 8))
        layers.append(Kernel(landmarks, 1 / float(np.median(apart[apart > 0]))))
        made = layers[-1](made)
    moved, mean = centred(made)
    layers.append(Standardise(mean.astype(np.float32), np.ones(len(mean), np.float32)))
    return moved, layers


def correlated(
    x: Doubles, y: Doubles, count: int, ridge: float
) -> tuple[Doubles, Doubles, Doubles]:
    """CCA of centred views (n, m): weights (m, d) and (m', d), correlations (d,), largest first.

    Args:
        x: one view.
        y: the other.
        count: d; no more come than the views allow.
        ridge: share of the mean variance added to each.

    >>> x = np.array([[1.0], [-1.0]])
    >>> correlated(x, -2 * x, 1, 0.0)[2].round(6).tolist()
    [1.0]
    """
    n = len(x)
    roots = [
        scipy.linalg.cholesky(ridge_of(v.T @ v / n, ridge) + 1e-12 * np.eye(v.shape[1]), lower=True)
        for v in (x, y)
    ]
    cross = scipy.linalg.solve_triangular(roots[0], x.T @ y / n, lower=True)
    cross = scipy.linalg.solve_triangular(roots[1], cross.T, lower=True).T
    u, rho, vt = scipy.linalg.svd(cross, full_matrices=False)
    few = min(count, len(rho), n - 1)
    one = scipy.linalg.solve_triangular(roots[0].T, u[:, :few], lower=False)
    other = scipy.linalg.solve_triangular(roots[1].T, vt[:few].T, lower=False)
    return one, other, rho[:few]


def bits_head(
    m: int, layers: Sequence[Layer], weight: Doubles, bias: Doubles | None = None
) -> Head:
    """Signs of x ``weight`` + ``bias`` after the layers, for features (n, m)."""
    zero = np.zeros(weight.shape[1]) if bias is None else bias
    cut = Linear(weight.astype(np.float32), zero.astype(np.float32))
    return Head(m, (*layers, cut, Sign()))


def neighbours(x: npt.NDArray[Any], k: int, centres: int | None = None) -> npt.NDArray[np.int64]:
    """The k rows nearest to each of the first ``centres`` rows (all), without itself, i64 (c, k).

    Wide features are looked at through their first 64 principal components.

    >>> neighbours(np.array([[0.0], [1.0], [5.0], [5.5]]), 1).ravel().tolist()
    [1, 0, 3, 2]
    """
    import faiss

    rows = np.asarray(x, np.float32) - np.asarray(x, np.float32).mean(axis=0)
    if rows.shape[1] > _NEAR:
        rows = rows @ np.linalg.eigh(rows.T @ rows)[1][:, -_NEAR:]
    rows = np.ascontiguousarray(rows)
    few = len(rows) if centres is None else min(centres, len(rows))
    k = min(k, len(rows) - 1)
    index: Any = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    found = index.search(rows[:few], k + 1)[1]
    # Equal rows may come before the row itself: it is left out where it is, else the last is
    own = found == np.arange(few)[:, None]
    own[~own.any(axis=1), -1] = True
    kept: npt.NDArray[np.int64] = found[~own].reshape(few, k)
    return kept
