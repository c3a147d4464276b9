"""Which moment of one sequence goes with which of another: dynamic time warping.

Two sounds, two videos, or a video and its subtitles tell one thing at different paces. A
path through the table of their distances, one step at a time and never backwards, goes with
both (Kruskal, "An overview of sequence comparison", SIAM Review 1983); of all such paths the
one with the least sum is found by dynamic programming, in the symmetric form of Sakoe and
Chiba (IEEE ASSP 1978): a diagonal step counts twice, so that all paths between two given
sequences weigh the same, n + m, and costs of different pairs may be compared.

Where the two sequences are no vectors of one space, canonical time warping finds the space
too (Zhou and De la Torre, NIPS 2009): projections by canonical correlation of what the path
brings together, then a path between what was projected, in turns.

Letters of shapes: n and m moments, d and e features, k pairs of a path, c components.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats, Ints

Doubles = npt.NDArray[np.float64]

_DIAGONAL = 2.0  # weight of a diagonal step, beside 1 for a straight one
_ROUNDS = 50  # of canonical time warping; paths repeat themselves after a few
_RIDGE = 1e-2  # share of the mean variance that is added to each direction's own
_KEPT = 0.99  # share of the variance that is left before correlations are sought


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """A path through two sequences.

    Attributes:
        pairs: i32 (k, 2), places in the first and the second; from (0, 0) to (n − 1, m − 1).
        cost: the weighted mean of the distances on the path.
    """

    pairs: Ints
    cost: float


@dataclass(frozen=True, slots=True, eq=False)
class CanonicalWarp:
    """A path, and the space in which the two sequences are alike.

    Attributes:
        warp: the path; its distances are those between the projections.
        first, second: the sequences projected, f32 (n, c) and (m, c).
        correlations: f32 (c,) of what the path brings together, in each direction of the space.
    """

    warp: Warp
    first: Floats
    second: Floats
    correlations: Floats


def warp(distances: npt.ArrayLike, band: int | None = None) -> Warp:
    """The path of least cost through a table of distances.

    Args:
        distances: (n, m), any finite numbers, n and m ≥ 1.
        band: how many places a path may be away from the straight line between the corners,
            along either sequence; None lets it go anywhere.

    Returns:
        The path; of several that cost the same, the one with most diagonal steps at its end.

    Raises:
        ValueError: no table, an empty one, or numbers that are not finite.

    >>> warp([[0, 1, 4], [1, 0, 1]]).pairs.tolist()
    [[0, 0], [1, 1], [1, 2]]
    """
    table = np.asarray(distances, np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise ValueError(f"distances must be a finite (n, m) table, not {table.shape}")
    n, m = table.shape
    local = np.where(_near(n, m, band), table, np.inf)  # (n, m)
    pairs = _back(_sums(local), local)
    weight = float(n + m)  # of any path whose first cell counts as a diagonal step
    steps = np.diff(pairs, axis=0, prepend=pairs[:1] - 1).sum(axis=1)  # 1 or 2 each
    return Warp(pairs, float(table[pairs[:, 0], pairs[:, 1]] @ steps) / weight)


def cosine_distances(first: Floats, second: Floats) -> Floats:
    """1 − cosine of unit rows f32 (n, d) and (m, d): f32 (n, m) in 0…2.

    >>> cosine_distances(np.eye(2, dtype=np.float32), -np.eye(2, dtype=np.float32)).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    return np.asarray(np.clip(1 - first @ second.T, 0, 2), np.float32)


def canonical_warp(first: Floats, second: Floats, components: int = 3) -> CanonicalWarp:
    """A path between sequences of different features, and the space they share.

    Rounds of canonical correlation and warping, from the straight line between the corners,
    until a path comes again; the best of them is kept, for the two halves of a round are not
    minima of one function (the scale of the space depends on the path).

    Args:
        first: f32 (n, d), n ≥ 2, not all rows the same.
        second: f32 (m, e), likewise.
        components: the most directions c of the shared space.

    Returns:
        The path with the least cost that was met.

    Raises:
        ValueError: a sequence of less than two moments, or of moments that do not differ.
    """
    x, y = _principal(first, "first"), _principal(second, "second")  # (n, d'), (m, e')
    wanted = max(1, min(components, x.shape[1], y.shape[1]))
    pairs = _straight(len(x), len(y))
    best: CanonicalWarp | None = None
    met: set[bytes] = set()
    for _ in range(_ROUNDS):
        if pairs.tobytes() in met:
            break
        met.add(pairs.tobytes())
        a, b, correlations = _correlate(x[pairs[:, 0]], y[pairs[:, 1]], wanted)
        u, v = x @ a, y @ b  # (n, c), (m, c)
        found = warp(((u[:, None] - v[None]) ** 2).sum(axis=2))
        if best is None or found.cost < best.warp.cost:
            best = CanonicalWarp(
                found,
                u.astype(np.float32),
                v.astype(np.float32),
                correlations.astype(np.float32),
            )
        pairs = found.pairs
    assert best is not None  # noqa: S101 - the first round always gives one
    return best


def _near(n: int, m: int, band: int | None) -> npt.NDArray[np.bool_]:
    """Where a path may go: bool (n, m), always connected from corner to corner."""
    if band is None:
        return np.ones((n, m), bool)
    rows, columns = np.arange(n)[:, None], np.arange(m)[None]
    across = rows * ((m - 1) / max(n - 1, 1))  # the straight line, in columns
    down = columns * ((n - 1) / max(m - 1, 1))  # and in rows
    reach = max(band, 1)  # less would leave holes where the line passes between cells
    near = (np.abs(columns - across) <= reach) | (np.abs(rows - down) <= reach)
    return np.asarray(near, bool)


def _sums(local: Doubles) -> Doubles:
    """Least weighted sums of paths from the first cell to each, f64 (n + 1, m + 1), row by
    anti-diagonal, for the cells of one do not depend on each other."""
    n, m = local.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0
    for at in range(n + m - 1):
        i = np.arange(max(0, at - m + 1), min(n, at + 1))
        j = at - i
        here = local[i, j]
        straight = np.minimum(total[i, j + 1], total[i + 1, j]) + here
        total[i + 1, j + 1] = np.minimum(total[i, j] + _DIAGONAL * here, straight)
    return total


def _back(total: Doubles, local: Doubles) -> Ints:
    """The path that led to the last cell: i32 (k, 2)."""
    i, j = total.shape[0] - 1, total.shape[1] - 1
    path = [(i - 1, j - 1)]
    while (i, j) != (1, 1):
        here = local[i - 1, j - 1]
        ways = {
            (i - 1, j - 1): total[i - 1, j - 1] + _DIAGONAL * here,
            (i - 1, j): total[i - 1, j] + here,
            (i, j - 1): total[i, j - 1] + here,
        }
        i, j = min(ways, key=ways.__getitem__)  # the first of equals: the diagonal
        path.append((i - 1, j - 1))
    return np.array(path[::-1], np.int32)


def _straight(n: int, m: int) -> Ints:
    """The path nearest to the straight line between the corners: i32 (k, 2).

    >>> _straight(2, 4).tolist()
    [[0, 0], [0, 1], [1, 2], [1, 3]]
    """
    k = max(n, m)
    return np.stack([np.arange(k) * n // k, np.arange(k) * m // k], axis=1).astype(np.int32)


def _principal(rows: Floats, which: str) -> Doubles:
    """Centred rows f64 (n, d') in the directions that keep most of their variance.

    Raises:
        ValueError: fewer than two rows, or rows that are all the same.
    """
    x = np.asarray(rows, np.float64)
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"the {which} sequence needs two moments or more, and has {x.shape}")
    x = x - x.mean(axis=0)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    total = float((s**2).sum())
    if not total > 1e-12 * max(1.0, float(np.square(rows).sum())):
        raise ValueError(f"all moments of the {which} sequence are the same")
    kept = int(np.searchsorted(np.cumsum(s**2), _KEPT * total)) + 1
    return np.asarray(u[:, :kept] * s[:kept], np.float64)


def _correlate(x: Doubles, y: Doubles, components: int) -> tuple[Doubles, Doubles, Doubles]:
    """Regularised canonical correlation of rows (k, d) and (k, e): (d, c), (e, c), (c,)."""
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    k = len(x)

    def whiten(rows: Doubles) -> Doubles:
        covariance = rows.T @ rows / k
        size = len(covariance)
        covariance += np.eye(size) * (_RIDGE * np.trace(covariance) / size + 1e-12)
        values, vectors = np.linalg.eigh(covariance)
        return np.asarray(vectors / np.sqrt(values) @ vectors.T, np.float64)

    a, b = whiten(x), whiten(y)
    u, s, vt = np.linalg.svd(a @ (x.T @ y / k) @ b)
    return a @ u[:, :components], b @ vt[:components].T, s[:components]
