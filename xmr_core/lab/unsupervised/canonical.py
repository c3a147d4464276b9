"""What the methods around canonical correlation share: whitening, and the directions it gives.

Letters of shapes: n pairs, m features of a view, k directions in which a view varies, d kept.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.lab.linear import Doubles
from xmr_core.media import Floats

FLAT = 1e-10
"""Variance, as a share of the largest, under which a direction is rounding and no signal."""

FEWEST = 5
"""Directions that are kept, whether chance explains them or not."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How one view varies, in units of its own size.

    Attributes:
        mean: f64 (m,).
        size: what counts as 1.
        values: variances f64 (k,), in those units.
        vectors: their directions f64 (m, k), of length one.
    """

    mean: Doubles
    size: float
    values: Doubles
    vectors: Doubles

    def whitening(self, ridge: float) -> Doubles:
        """(m, k) whose columns w have wᵀ ((1 − r) C + r I) w = 1 and are orthogonal under it.

        Args:
            ridge: r, 0…1.

        >>> half = Spread(np.zeros(1), 1.0, np.array([4.0]), np.ones((1, 1))).whitening(0.0)
        >>> half.tolist()
        [[0.5]]
        """
        scaled: Doubles = self.vectors / np.sqrt((1 - ridge) * self.values + ridge)
        return scaled


def crossed(
    x: Floats | Doubles, y: Floats | Doubles, size: float | None = None
) -> tuple[Spread, Spread, Doubles]:
    """How two views (n, a) and (n, b) vary, and their covariance (a, b), in units of their sizes.

    By covariances alone: n may be large, and no copy of a view but the centred one is held.

    Args:
        x, y: the views, f32 or f64.
        size: of both; left out, that of each view is the root of the mean variance of its
            features, so that one ridge fits features of any scale.
    """
    one, x_moved = _spread(x, size)
    other, y_moved = _spread(y, size)
    cross: Doubles = x_moved.T @ y_moved / (len(x) * one.size * other.size)
    return one, other, cross


def _spread(view: Floats | Doubles, size: float | None) -> tuple[Spread, Doubles]:
    mean = view.mean(axis=0, dtype=np.float64)
    moved = view - mean
    covariance = moved.T @ moved / len(view)
    if size is None:
        size = max(float(np.sqrt(np.trace(covariance) / len(mean))), 1e-30)
    values, vectors = np.linalg.eigh(covariance / size**2)
    kept = values > FLAT * max(float(values[-1]), np.finfo(np.float64).tiny)
    kept[-1] = True  # a view that is constant keeps one direction, in which it says nothing
    return Spread(mean, size, np.maximum(values[kept], FLAT), vectors[:, kept]), moved


def canonical(
    one: Spread, other: Spread, cross: Doubles, few: int, ridge: float
) -> tuple[Doubles, Doubles, Doubles]:
    """Directions in which two views correlate most, under a ridge.

    Args:
        one, other, cross: of :func:`crossed`.
        few: d; no more come than both views vary in.
        ridge: r, 0…1: 0 is canonical correlation analysis, 1 partial least squares.

    Returns:
        (a, d) and (b, d) for centred views in their own units, and the correlations (d,), the
        largest first; each pair's signs are such that they correlate above 0.
    """
    left, right = one.whitening(ridge), other.whitening(ridge)
    u, values, v = np.linalg.svd(left.T @ cross @ right, full_matrices=False)
    few = min(few, len(values))
    return left @ u[:, :few] / one.size, right @ v[:few].T / other.size, values[:few]


def chance(n: int, a: int, b: int) -> float:
    """The largest canonical correlation of two views that have nothing to do with each other.

    Of a and b features of Gaussian noise, as n pairs of them grow (Wachter, "The limiting
    empirical measure of multiple discriminant ratios", Annals of Statistics 1980): what is
    below may be chance, and in a cosine counts as much as the rest.

    >>> round(chance(2000, 100, 10), 3)
    0.292
    """
    p, q = min(a / n, 1.0), min(b / n, 1.0)
    if p + q >= 1:
        return 1.0
    return float(np.sqrt(p * (1 - q)) + np.sqrt(q * (1 - p)))


def beyond_chance(correlations: Doubles, n: int, one: Spread, other: Spread) -> int:
    """How many canonical correlations (d,) of n pairs are above chance; ``FEWEST`` at least."""
    floor = chance(n, len(one.values), len(other.values))
    return max(int((correlations > floor).sum()), min(FEWEST, len(correlations)))


def things(view: Floats) -> npt.NDArray[np.int64]:
    """Which rows f32 (n, m) are the same, numbered as they first come: i64 (n,).

    Pairs that share a picture, say, must be held out together.

    >>> things(np.array([[5.0], [7.0], [5.0]], np.float32)).tolist()
    [0, 1, 0]
    """
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(row.tobytes(), len(seen)) for row in view])


def held_out(x: Floats, y: Floats, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which pairs to try a choice on, drawn; bool (n,). No thing is on both sides.

    Args:
        x, y: the views f32 (n, m).
        share: of the things to hold out, one at least.
        seed: of the drawing.
    """
    groups = min(things(x), things(y), key=lambda numbers: numbers.max())
    count = int(groups.max()) + 1
    few = max(round(share * count), 1)
    kept: npt.NDArray[np.bool_] = np.isin(
        groups, np.random.default_rng(seed).permutation(count)[:few]
    )
    return kept


def log_rank(a: Doubles, b: Doubles) -> float:
    """Mean logarithm of the rank of each row's own partner by cosine, both ways; 0 is perfect.

    Args:
        a, b: (n, d), row i of each of the same pair.

    >>> round(log_rank(np.eye(3), np.eye(3)[[0, 2, 1]]), 3)
    0.611
    """
    a, b = (rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-30)[:, None] for rows in (a, b))
    scores = a @ b.T
    own = np.diag(scores)
    ranks = [
        1 + (table > own[:, None]).sum(axis=1) + 0.5 * ((table == own[:, None]).sum(axis=1) - 1)
        for table in (scores, scores.T)
    ]
    return float(np.mean(np.log(ranks)))
