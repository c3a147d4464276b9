"""The modality gap: how far apart media lie in a joint space, whatever they show.

Encoders put each medium into a narrow cone of its own, so that a sentence is nearer to any
other sentence than to the picture that it describes. The gap is the distance between the media's
centroids on the unit sphere (Liang et al., Mind the Gap: Understanding the Modality Gap in
Multi-modal Contrastive Representation Learning, NeurIPS 2022). In one list of all media, ranked
by cosine, it puts the query's own medium first. Centring takes each medium's centroid away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats, Modality
from xmr_core.space import unit

Codes = npt.NDArray[np.uint8]
"""u8 (n,): the medium of each row, as its place in ``tuple(Modality)``."""

MEDIA = tuple(Modality)
_SHUFFLES = 8
_CHUNK = 2048
_MOST_ASKED = 2000  # rows whose neighbours are counted


def codes_of(media: Sequence[Modality]) -> Codes:
    """Media as codes.

    >>> codes_of([Modality.AUDIO, Modality.TEXT]).tolist()
    [2, 0]
    """
    return np.array([MEDIA.index(m) for m in media], np.uint8)


def centroids(vectors: Floats, codes: Codes) -> dict[Modality, Floats]:
    """The mean f32 (d,) of each medium that has rows."""
    return {
        medium: vectors[codes == code].mean(axis=0)
        for code, medium in enumerate(MEDIA)
        if (codes == code).any()
    }


@dataclass(frozen=True, eq=False)
class Gap:
    """How far apart the media of a library lie.

    Attributes:
        media: those that are there, in order.
        between: f32 (k, k), the distances between their centroids, 0…2.
        size: the mean over the pairs; 0 with fewer than two media.
        chance: what ``size`` is when the media are dealt out at random: centroids of few items
            lie apart by chance alone.
    """

    media: tuple[Modality, ...]
    between: Floats
    size: float
    chance: float


def measure(vectors: Floats, codes: Codes, seed: int = 5) -> Gap:
    """The gap of unit rows f32 (n, d).

    >>> apart = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    >>> gap = measure(apart, codes_of([Modality.TEXT] * 2 + [Modality.IMAGE] * 2))
    >>> round(gap.size, 3), [str(m) for m in gap.media]
    (1.414, ['text', 'image'])
    """
    media = tuple(centroids(vectors, codes))
    between = _distances(vectors, codes)
    dice = np.random.default_rng(seed)
    dealt = [_mean(_distances(vectors, dice.permutation(codes))) for _ in range(_SHUFFLES)]
    return Gap(media, between, _mean(between), float(np.mean(dealt)))


def _distances(vectors: Floats, codes: Codes) -> Floats:
    if not len(vectors):
        return np.zeros((0, 0), np.float32)
    middles = np.stack(list(centroids(vectors, codes).values()))  # (k, d)
    apart: Floats = np.linalg.norm(middles[:, None] - middles[None], axis=-1)
    return apart


def _mean(between: Floats) -> float:
    """Over the pairs of different media."""
    pairs = between[np.triu_indices(len(between), 1)]
    return float(pairs.mean()) if len(pairs) else 0.0


def flat(between: Floats) -> Floats:
    """Points f32 (k, 2) whose distances are as near as can be to those of f32 (k, k).

    Classical scaling (Torgerson, 1952).

    >>> points = flat(np.array([[0, 2], [2, 0]], np.float32))
    >>> abs(points[0] - points[1]).round(3).tolist()
    [2.0, 0.0]
    """
    k = len(between)
    if not k:
        return np.zeros((0, 2), np.float32)
    middle = np.eye(k) - 1 / k
    lengths, axes = np.linalg.eigh(-0.5 * middle @ (between.astype(np.float64) ** 2) @ middle)
    points = np.zeros((k, 2), np.float32)
    for axis, at in enumerate(range(k - 1, max(k - 3, -1), -1)):  # the largest come last
        points[:, axis] = axes[:, at] * np.sqrt(max(lengths[at], 0.0))
    return points


@dataclass(frozen=True, eq=False)
class Centring:
    """Takes from each vector what it has for being of its medium.

    Attributes:
        means: the centroid f32 (d,) of each medium; others are left as they are.
    """

    means: Mapping[Modality, Floats]

    def apply(self, vectors: Floats, codes: Codes) -> Floats:
        """Unit rows f32 (n, d) → unit rows whose media all have their middle at the origin.

        What lies exactly on its medium's centroid, as the only item of a medium does, has
        nothing else to be told by and stays where it was.
        """
        moved: Floats = vectors.copy()
        for code, medium in enumerate(MEDIA):
            mean, rows = self.means.get(medium), codes == code
            if mean is not None and rows.any():
                moved[rows] -= mean
        lengths = np.linalg.norm(moved, axis=1)
        lost = lengths < 1e-3  # float16 leaves a rest of rounding
        moved[lost] = vectors[lost]
        return unit(moved)

    def one(self, vector: Floats, medium: Modality) -> Floats:
        """The same for one unit vector f32 (d,) of a medium."""
        centred: Floats = self.apply(vector[None], codes_of([medium]))[0]
        return centred


def own_share(vectors: Floats, codes: Codes, k: int = 10) -> tuple[float, float]:
    """How much a medium keeps to itself: of an item's k nearest, the share of its own medium.

    Args:
        vectors: unit rows f32 (n, d).
        codes: their media.
        k: how many of the nearest.

    Returns:
        the share, mean over media, so that a large one does not outvote the others; and what it
        would be if the media had no part in it. Both 0 with fewer than two items.
    """
    n = len(vectors)
    k = min(k, n - 1)
    if k < 1:
        return 0.0, 0.0
    asked = np.unique(np.linspace(0, n - 1, min(n, _MOST_ASKED)).round().astype(int))
    same = np.empty(len(asked), np.float32)
    for low in range(0, len(asked), _CHUNK):
        rows = asked[low : low + _CHUNK]
        cosines = vectors[rows] @ vectors.T
        cosines[np.arange(len(rows)), rows] = -np.inf  # not itself
        near = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        same[low : low + _CHUNK] = (codes[near] == codes[rows][:, None]).mean(axis=1)
    there = np.unique(codes[asked])
    found = [float(same[codes[asked] == code].mean()) for code in there]
    usual = [float(((codes == code).sum() - 1) / (n - 1)) for code in there]
    return float(np.mean(found)), float(np.mean(usual))
