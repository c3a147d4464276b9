"""3D models: prints of the shape alone, whatever its format, size, faces or direction.

Points are spread evenly over the surface. A print holds the distances between them (D2 of
Osada et al., Shape Distributions, ACM Transactions on Graphics 2002), their distances from the
middle, and, for each of the three axes, how high along it and how far from it they lie: the
last does not change when the model is turned about that axis. Two models with the same
distances are candidates; they are alike when the fields about one axis agree too, or, for one
that was turned in any other way, how strong the spherical harmonics of eight shells are
(Kazhdan, Funkhouser and Rusinkiewicz, Rotation Invariant Spherical Harmonic Representation of
3D Shape Descriptors, SGP 2003).

The colours are kept beside, and only say that a model was painted differently.
"""

from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.media import Floats, Mesh

faiss: Any = _faiss  # its type stubs do not know its Python layer

KIND = "shape-2"

_POINTS = 20_000
_BINS = 48
_HIGH, _FAR = 20, 12  # cells of a field: along the axis, away from it
_FIELD = _HIGH * _FAR
_SIZES = 6  # heights along the axes and reaches from them
_SHELLS, _DEGREES = 8, 8
_WAVES = _SHELLS * _DEGREES
_SIZE = 2 * _BINS + 3 * _FIELD + _WAVES + _SIZES + 3
_CANDIDATES = 20  # nearest ones that are compared
_DISTANCES = 0.94  # share of the distances that must agree
_FIELDS = 0.9  # share of a field that must agree
_ALIKE = 0.95  # the mean of both
_LYING = 0.97  # the same about another axis, where there are more ways to agree by chance
_TURNED = 0.99  # share of the harmonics that must agree: of 237 models no two have 0.987
_LARGER = 0.06  # of its mean reach by which a copy may be higher or wider
_PAINTED = 24.0  # grey levels by which the colours of a copy may differ


def print_of(mesh: Mesh) -> bytes:
    """The print of a mesh: f16 (2 · 48 + 3 · 240 + 64 + 6 + 3,), as bytes."""
    rng = np.random.default_rng(0)
    corners = mesh.vertices[mesh.faces].astype(np.float64)  # (f, 3, 3)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=1) / 2  # (f,)
    total = float(areas.sum())
    if not np.isfinite(total) or total <= 0:  # a line or a point: all faces count alike
        areas = np.ones(len(corners))
    faces = np.searchsorted(np.cumsum(areas) / areas.sum(), _even(_POINTS))
    faces = np.minimum(faces, len(corners) - 1)
    u, v = np.sqrt(rng.random(_POINTS)), rng.random(_POINTS)
    weights = np.stack([1 - u, u * (1 - v), u * v], axis=1)  # (n, 3)
    points = np.einsum("nk,nka->na", weights, corners[faces])  # (n, 3)
    middle = points.mean(axis=0)
    points -= middle
    scale = max(float(np.sqrt((points**2).sum(axis=1).mean())), 1e-12)
    points /= scale
    mixed = rng.permutation(_POINTS)
    apart = np.linalg.norm(points - points[mixed], axis=1)
    parts = [_shares(apart, 4.0), _shares(np.linalg.norm(points, axis=1), 3.0)]
    parts += [_field(points, axis) for axis in range(3)]
    parts.append(_waves(points[rng.permutation(_POINTS)[: _POINTS // 2]]))
    parts.append(_sizes((mesh.vertices[np.unique(mesh.faces)] - middle) / scale))
    colour = mesh.colours[faces].mean(axis=0) if len(mesh.colours) else np.zeros(3)
    return np.concatenate([*parts, colour]).astype("<f2").tobytes()


def _even(count: int) -> npt.NDArray[np.float64]:
    return (np.arange(count) + 0.5) / count


def _shares(values: npt.NDArray[np.float64], top: float) -> npt.NDArray[np.float64]:
    counts = np.histogram(np.minimum(values, top - 1e-9), _BINS, (0.0, top))[0]
    smooth = np.convolve(counts, [0.25, 0.5, 0.25], "same")
    return np.asarray(smooth / max(smooth.sum(), 1), np.float64)


def _field(points: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """How high along an axis and how far from it points lie, softly counted: (240,)."""
    across = np.delete(points, axis, axis=1)
    low, high = points[:, axis].min(), points[:, axis].max()
    height = (points[:, axis] - low) / max(high - low, 1e-9)
    far = np.linalg.norm(across, axis=1)
    cells = np.zeros((_HIGH, _FAR))
    for (i, share), (j, part) in (
        (x, y) for x in _soft(height, _HIGH) for y in _soft(far / 2.5, _FAR)
    ):
        np.add.at(cells, (i, j), share * part)
    return np.asarray(cells.ravel() / len(points), np.float64)


def _waves(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How strong the harmonics of degree 1 to 8 of the points of each shell are: (64,)."""
    from scipy.special import sph_harm_y

    reach = np.linalg.norm(points, axis=1)
    down = np.arccos(np.clip(points[:, 2] / np.maximum(reach, 1e-9), -1, 1))
    round_ = np.arctan2(points[:, 1], points[:, 0])
    power = np.zeros((_SHELLS, _DEGREES))
    for degree in range(1, _DEGREES + 1):
        for order in range(degree + 1):
            wave = sph_harm_y(degree, order, down, round_)
            for part in (wave.real, wave.imag):
                sums = sum(
                    np.bincount(i, w * part, _SHELLS) for i, w in _soft(reach / 2.2, _SHELLS)
                )
                power[:, degree - 1] += (1 if order == 0 else 2) * np.asarray(sums) ** 2
    return np.asarray(np.sqrt(power).ravel() / len(points), np.float64)


def _sizes(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How high corners (v, 3) reach along each axis, and how far from it: (6,)."""
    far = [np.linalg.norm(np.delete(corners, axis, axis=1), axis=1).max() for axis in range(3)]
    return np.concatenate([np.ptp(corners, axis=0), far])


def _soft(values: npt.NDArray[np.float64], cells: int) -> list[tuple[Any, Any]]:
    """The two cells that values in 0…1 lie between, and how much each gets."""
    at = np.clip(values, 0, 1) * (cells - 1)
    low = np.minimum(at.astype(int), cells - 2)
    return [(low, 1 - (at - low)), (low + 1, at - low)]


def pairs(prints: Prints, tell: Tell = silent) -> list[Pair]:
    """All pairs of meshes that are alike.

    Args:
        prints: of the kind ``KIND``.
        tell: told (meshes compared, meshes).
    """
    ids = [id for id, found in prints.items() for _ in found]
    if len(ids) < 2:
        return []
    raw = b"".join(one for found in prints.values() for one in found)
    rows = np.frombuffer(raw, "<f2").reshape(-1, _SIZE).astype(np.float32)
    index = faiss.IndexFlatL2(2 * _BINS)
    told = np.ascontiguousarray(np.sqrt(rows[:, : 2 * _BINS]))
    index.add(told)
    found: dict[tuple[int, int], Pair] = {}
    for begin in range(0, len(rows), 1000):
        tell(begin, len(rows))
        _, near = index.search(told[begin : begin + 1000], _CANDIDATES + 1)
        for a, others in enumerate(near.tolist(), begin):
            for b in others:
                if b >= 0 and b != a and (min(a, b), max(a, b)) not in found:
                    pair = compared(rows[a], rows[b])
                    if pair is not None and ids[a] != ids[b]:
                        found[min(a, b), max(a, b)] = Pair.of(ids[a], ids[b], *pair)
    return sorted(found.values(), key=lambda pair: (pair.first, pair.second))


def compared(one: Floats, other: Floats) -> tuple[Kind, float] | None:
    """How alike two prints f32 (889,) are; None where they are not."""
    distances = min(_overlap(one[at : at + _BINS], other[at : at + _BINS]) for at in (0, _BINS))
    if distances < _DISTANCES:
        return None
    best = 0.0
    for a, b in ((1, 1), *((a, b) for a in range(3) for b in range(3) if (a, b) != (1, 1))):
        alike = _about(one, other, a, b)
        if (a, b) == (1, 1) and alike >= _FIELDS and distances + alike >= 2 * _ALIKE:
            painted = float(np.abs(one[-3:] - other[-3:]).max()) > _PAINTED
            return Kind.RECOLOURED if painted else Kind.SAME, (distances + alike) / 2
        best = max(best, alike)
    if min(best, distances) >= _LYING:
        return Kind.TURNED, (distances + best) / 2
    start = 2 * _BINS + 3 * _FIELD
    mine, its = (row[start : start + _WAVES] for row in (one, other))
    waves = 1 - float(np.abs(mine - its).sum() / max(float((mine + its).sum()), 1e-9))
    return (Kind.TURNED, (distances + waves) / 2) if waves >= _TURNED else None


def _about(one: Floats, other: Floats, a: int, b: int) -> float:
    """How alike two prints are about an axis of each, either way up; 0 if one is larger."""
    sizes = [row[-_SIZES - 3 : -3].reshape(2, 3) for row in (one, other)]
    if float(np.abs(sizes[0][:, a] - sizes[1][:, b]).max()) > _LARGER:
        return 0.0
    fields = [row[2 * _BINS :][: 3 * _FIELD].reshape(3, _HIGH, _FAR) for row in (one, other)]
    ways = (1,) if a == b == 1 else (1, -1)
    return max(_overlap(fields[0][a], fields[1][b][::way]) for way in ways)


def _overlap(one: Floats, other: Floats) -> float:
    """What two histograms share, 0…1.

    >>> _overlap(np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.5, 0.5]))
    0.5
    """
    return float(np.minimum(one, other).sum() / max(float(one.sum()), float(other.sum()), 1e-9))
