"""Vectors of the joint space as points of a plane.

Two ways. Principal components are there at once, and show the space as it is: linear, so that
the distance between media, and the arithmetic of queries, are seen undistorted. UMAP (McInnes,
Healy and Melville, UMAP: Uniform Manifold Approximation and Projection, 2018) takes its time and
keeps neighbours together, which two components of some hundred dimensions cannot.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Tell = Callable[[int, int], None]
"""Told what is done, and of how much; whatever it raises ends the work."""

NEIGHBOURS = 15  # of UMAP: between the fine grain of 5 and the coarse one of 50
_MIN_DIST = 0.12
_EPOCHS = 200
_WIDE = 10.0  # from the middle to the edge, at the beginning
_CHUNK = 1024  # rows whose neighbours are looked for at a time
_BESIDE = 8  # neighbours between which something new is put
_SHARP = 0.05  # of a cosine: how fast a neighbour's pull wanes


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through the joint space: its ``mean`` f32 (d,) and two ``axes`` f32 (d, 2).

    Attributes:
        mean: the point in its middle.
        axes: orthonormal columns.
        shares: of the vectors' variance, along each axis.
    """

    mean: Floats
    axes: Floats
    shares: tuple[float, float]

    @classmethod
    def fit(cls, vectors: Floats) -> "Plane":
        """The plane of the first two principal components of f32 (n, d), n > 0.

        >>> plane = Plane.fit(np.array([[0, 0, 0], [4, 0, 0], [2, 1, 0], [2, -1, 0]], np.float32))
        >>> plane.mean.tolist(), plane.place(np.array([[4, 0, 9]], np.float32)).tolist()
        ([2.0, 0.0, 0.0], [[2.0, 0.0]])
        >>> [round(share, 1) for share in plane.shares]
        [0.8, 0.2]
        """
        mean = vectors.mean(axis=0)
        moved = vectors - mean
        spread, axes = np.linalg.eigh((moved.T @ moved).astype(np.float64))  # ascending
        first = axes[:, ::-1][:, :2]
        if first.shape[1] < 2:  # a space of one dimension
            first = np.hstack([first, np.zeros_like(first)])
        # An axis may point either way: the way in which its largest number is positive
        first = first * np.sign(first[np.abs(first).argmax(axis=0), [0, 1]] + 1e-30)
        whole = max(float(spread.sum()), 1e-12)
        largest = [*spread[::-1][:2], 0.0]
        shares = (max(0.0, float(largest[0])) / whole, max(0.0, float(largest[1])) / whole)
        return cls(mean.astype(np.float32), first.astype(np.float32), shares)

    def place(self, vectors: Floats) -> Floats:
        """Where vectors f32 (n, d) lie: f32 (n, 2)."""
        placed: Floats = ((vectors - self.mean) @ self.axes).astype(np.float32, copy=False)
        return placed

    def turned(self, vectors: Floats, onto: Floats) -> "Plane":
        """The same plane, turned or mirrored so that vectors f32 (n, d) lie as near as they can
        to the points ``onto`` f32 (n, 2)."""
        return replace(self, axes=self.axes @ turn(self.place(vectors), onto))


def turn(points: Floats, onto: Floats) -> Floats:
    """The turn or mirroring f32 (2, 2) that brings points nearest to others, each around its mean.

    Orthogonal Procrustes (Schönemann, 1966).

    >>> square = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32)
    >>> (square @ turn(square, square[[1, 2, 3, 0]])).round(3).tolist()
    [[0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]
    """
    left, _, right = np.linalg.svd((points - points.mean(0)).T @ (onto - onto.mean(0)))
    turned: Floats = (left @ right).astype(np.float32)
    return turned


def umap(
    vectors: Floats,
    start: Floats,
    tell: Tell | None = None,
    *,
    epochs: int = _EPOCHS,
    seed: int = 7,
) -> Floats:
    """Unit rows f32 (n, d) → points f32 (n, 2) in which neighbours are together.

    The same vectors always give the same points. Turned onto ``start``, so that what a person
    knows from there is found again.

    Args:
        vectors: to lay out.
        start: f32 (n, 2), where to begin; such as the plane of the first components.
        tell: told how far it is; what it raises ends the work.
        epochs: rounds of moving the points.
        seed: of the random numbers.
    """
    n = len(vectors)
    if n < 4:  # nothing to arrange
        return start.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # of a part of it that needs tensorflow
        from umap import umap_ as engine
    from xmr_core.springs import pull

    tell = tell or (lambda done, total: None)
    rounds = -(-n // _CHUNK)
    near, far = _neighbours(
        vectors, min(NEIGHBOURS, n - 1), lambda done: tell(done, rounds + epochs)
    )
    dice = np.random.RandomState(seed)
    graph, _, _ = engine.fuzzy_simplicial_set(
        vectors, near.shape[1], dice, "euclidean", knn_indices=near, knn_dists=far
    )
    edges = graph.tocoo()
    every = edges.data.max() / edges.data  # epochs from one pull of an edge to the next
    kept = every <= epochs
    heads, tails = edges.row[kept].astype(np.int32), edges.col[kept].astype(np.int32)
    every = every[kept].astype(np.float64)
    due = every.copy()
    a, b = engine.find_ab_params(1.0, _MIN_DIST)
    points = (start - start.mean(0)) * (_WIDE / max(float(np.abs(start).max()), 1e-9))
    points = (points + dice.normal(scale=1e-3, size=points.shape)).astype(np.float32)
    state = np.uint64(seed)
    for epoch in range(epochs):
        tell(rounds + epoch, rounds + epochs)
        state = pull(points, heads, tails, every, due, epoch, 1 - epoch / epochs, a, b, state)
    tell(rounds + epochs, rounds + epochs)
    turned: Floats = (points - points.mean(0)) @ turn(points, start)
    return turned


def _neighbours(
    vectors: Floats, k: int, tell: Callable[[int], None]
) -> tuple[npt.NDArray[np.int32], Floats]:
    """The k nearest rows of each, itself among them, and how far they are: (n, k) each."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    near = np.empty((len(vectors), k), np.int32)
    far = np.empty((len(vectors), k), np.float32)
    for number, low in enumerate(range(0, len(vectors), _CHUNK)):
        tell(number)
        cosines, rows = index.search(vectors[low : low + _CHUNK], k)
        near[low : low + _CHUNK] = rows
        far[low : low + _CHUNK] = np.sqrt(np.maximum(0, 2 - 2 * cosines))
    return near, far


def beside(vectors: Floats, gallery: Floats, layout: Floats) -> Floats:
    """Where something new would lie in a layout: between its nearest neighbours.

    Args:
        vectors: unit rows f32 (q, d) of what is new.
        gallery: unit rows f32 (n, d) of what is there, n > 0.
        layout: f32 (n, 2), where it is.

    Returns:
        f32 (q, 2): the neighbours' mean, the nearer the heavier.

    >>> there = np.eye(2, dtype=np.float32)
    >>> beside(there[:1], there, np.array([[5, 5], [9, 9]], np.float32)).round(2).tolist()
    [[5.0, 5.0]]
    """
    cosines = vectors @ gallery.T  # (q, n)
    k = min(_BESIDE, cosines.shape[1])
    near = np.argpartition(-cosines, k - 1, axis=1)[:, :k]  # (q, k)
    pull = np.take_along_axis(cosines, near, axis=1)
    pull = np.exp((pull - pull.max(axis=1, keepdims=True)) / _SHARP)
    pull /= pull.sum(axis=1, keepdims=True)
    placed: Floats = np.einsum("qk,qka->qa", pull, layout[near]).astype(np.float32)
    return placed
