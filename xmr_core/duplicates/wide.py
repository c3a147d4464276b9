"""Pictures laid over each other freely: cut down to half of a side, and turned a little.

There are hundreds of ways in which one may lie in the other, too many to try on what merely
has light and dark in the same places. It is tried on pictures whose vectors are close, which
outlive cuts and turns that no hash does: first on a coarse grid of ways, then near the best.
Of 232 pairs of different photographs with close vectors, one fitted better than 0.6.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from xmr_core.duplicates import pictures
from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.media import Floats

faiss: Any = _faiss  # its type stubs do not know its Python layer

SIDE = pictures.SIDE
_ROUGH, _OVER = 8, 16  # sides at which pictures are laid over each other: first, then near it
_HOPE = 0.5  # correlation at first, below which it is not looked at more closely
_TURNS = (-10.0, -5.0, 0.0, 5.0, 10.0)  # degrees
_SCALES = (0.95, 0.85, 0.75, 0.65, 0.55)
_STEP = 0.1  # of a side
_BATCH = 32
_CLOSE = 0.8  # cosine of the vectors of two pictures that are laid over each other
_NEAREST = 2  # of each picture
_ALIKE = 0.74  # correlation of slopes above which nothing but copies was seen

Way = tuple[float, float, float, float]
"""(degrees, scale, row, column) of a square in a picture: its middle, in shares of the side."""


def close(ids: npt.NDArray[np.int64], vectors: Floats) -> list[tuple[int, int]]:
    """The pairs of items (lower id, higher id) whose vectors are close, ascending.

    Args:
        ids: i64 (n,).
        vectors: f32 (n, d), unit rows.
    """
    if len(ids) < 2:
        return []
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    cosines, near = index.search(np.ascontiguousarray(vectors), min(_NEAREST + 1, len(ids)))
    rows, columns = np.nonzero((cosines >= _CLOSE) & (near != np.arange(len(ids))[:, None]))
    found = np.sort(np.stack([ids[rows], ids[near[rows, columns]]], axis=1), axis=1)
    return sorted(set(map(tuple, found.tolist())))


def pairs(prints: Prints, asked: Sequence[tuple[int, int]], tell: Tell = silent) -> list[Pair]:
    """Those of the asked pairs of which one picture shows a piece of the other.

    Args:
        prints: of the kind of pictures.
        asked: pairs (lower id, higher id).
        tell: told (pairs compared, pairs).
    """
    asked = [(a, b) for a, b in asked if prints.get(a) and prints.get(b)]
    found = []
    for begin in range(0, len(asked), _BATCH):
        tell(begin, len(asked))
        some = asked[begin : begin + _BATCH]
        one, other = (pictures.unpacked([prints[pair[k]][0] for pair in some]) for k in (0, 1))
        fits = np.maximum(laid(one, other), laid(other, one))  # (c,)
        found += [
            Pair.of(a, b, Kind.PART, float(fit))
            for (a, b), fit in zip(some, fits, strict=True)
            if fit >= _ALIKE
        ]
    return found


def laid(one: Floats, other: Floats) -> npt.NDArray[np.float64]:
    """Lay each picture, whole, over the other where it fits best.

    Args:
        one, other: f32 (c, 32, 32).

    Returns:
        the correlation of their slopes f64 (c,), and 0 where there is little hope.
    """
    ways, grid = _coarse()
    told = _told(one, grid, other, _ROUGH)  # (c, w)
    alike = told.max(axis=1)
    for i in np.flatnonzero(alike >= _HOPE):
        near = _around(ways[int(told[i].argmax())])
        fine = _told(one[i : i + 1], _sampling(near, _OVER), other[i : i + 1], _OVER)
        alike[i] = fine.max()
    return np.where(alike >= _HOPE, alike, 0.0)


def _told(one: Floats, grid: Any, other: Floats, side: int) -> npt.NDArray[np.float64]:
    """Correlations (c, w) of the slopes of the one with those under each of the ways."""
    cells = SIDE // side
    whole = _slopes(one.reshape(-1, side, cells, side, cells).mean(axis=(2, 4)))  # (c, 2, …)
    cut = (grid @ other.reshape(len(other), -1).T).T  # (c, w · side²)
    slopes = _slopes(cut.reshape(len(other), -1, side, side))  # (c, w, 2, …)
    told = np.einsum("cxij,cwxij->cw", whole, slopes, optimize=True)
    length = np.sqrt(np.einsum("cwxij,cwxij->cw", slopes, slopes, optimize=True))
    mine = np.sqrt(np.einsum("cxij,cxij->c", whole, whole))[:, None]
    return np.asarray(told / np.maximum(length * mine, 1e-3), np.float64)


@cache
def _coarse() -> tuple[tuple[Way, ...], Any]:
    ways = []
    for scale in _SCALES:
        for turn in _TURNS:
            edge = _reach(turn, scale)
            if edge > 0.5:
                continue
            count = 1 + round((1 - 2 * edge) / _STEP)
            places = np.linspace(edge, 1 - edge, count) if count > 1 else (0.5,)
            ways += [(turn, scale, float(y), float(x)) for y in places for x in places]
    return tuple(ways), _sampling(ways, _ROUGH)


def _reach(turn: float, scale: float) -> float:
    """How far a turned square reaches from its middle.

    >>> _reach(0.0, 0.5)
    0.25
    """
    angle = np.deg2rad(abs(turn))
    return float(scale * (np.cos(angle) + np.sin(angle)) / 2)


def _around(way: Way) -> list[Way]:
    turn, scale, row, column = way
    return [
        (turn + a, scale + s, row + y, column + x)
        for a in (-2.5, 0.0, 2.5)
        for s in (-0.05, 0.0, 0.05)
        for y in (-0.05, -0.025, 0.0, 0.025, 0.05)
        for x in (-0.05, -0.025, 0.0, 0.025, 0.05)
    ]


def _sampling(ways: Sequence[Way], side: int) -> Any:
    """What takes squares (w · side²,) out of a picture (1024,), each cell from four points."""
    from scipy.sparse import csr_array

    told = np.array(ways)[:, :, None]  # (w, 4, 1)
    angle = np.deg2rad(told[:, 0])
    at = (np.arange(2 * side) + 0.5) / (2 * side) - 0.5
    down, across = (x.ravel()[None] for x in np.meshgrid(at, at, indexing="ij"))  # (1, 1024)
    row = told[:, 2] + told[:, 1] * (np.cos(angle) * down + np.sin(angle) * across)
    column = told[:, 3] + told[:, 1] * (np.cos(angle) * across - np.sin(angle) * down)
    y, x = (np.clip(v * SIDE - 0.5, 0, SIDE - 1) for v in (row, column))
    top, left = (np.minimum(v.astype(int), SIDE - 2) for v in (y, x))
    y, x = y - top, x - left
    cell = np.arange(4 * side * side).reshape(side, 2, side, 2)
    into = np.empty(cell.size, int)
    into[cell.transpose(0, 2, 1, 3).ravel()] = np.repeat(np.arange(side * side), 4)
    lines = np.arange(len(told))[:, None] * side * side + into
    parts = [
        (lines, (top + i) * SIDE + left + j, (y if i else 1 - y) * (x if j else 1 - x) / 4)
        for i in (0, 1)
        for j in (0, 1)
    ]
    rows, columns, shares = (np.concatenate([p[k].ravel() for p in parts]) for k in range(3))
    shape = (len(told) * side * side, SIDE * SIDE)
    return csr_array((shares.astype(np.float32), (rows, columns)), shape=shape)


def _slopes(pictures: npt.NDArray[Any]) -> npt.NDArray[Any]:
    down = np.diff(pictures, axis=-2)[..., :-1]
    across = np.diff(pictures, axis=-1)[..., :-1, :]
    return np.stack([down, across], axis=-3)
