"""Faces of a mesh and the views in which they are seen."""

import numpy as np
import numpy.typing as npt

from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Side
from xmr_core.explain.spreading import spread
from xmr_core.media import Floats, Ints, Mesh
from xmr_core.render import faces_seen, view_angles

Doubles = npt.NDArray[np.float64]

_CELLS = 40  # of space, along each side of a mesh, in which faces are told apart
_NEARBY = 0.1  # deviation, in longest sides of the mesh
_SIDE = 112  # pixels of a view: a cell of an encoder's grid still has a hundred


def seen_from(mesh: Mesh, view: int) -> npt.NDArray[np.bool_]:
    """Which faces (f,) are seen in one of the encoder's views.

    Raises:
        ExplanationError: there is no such view.
    """
    if not 0 <= view < len(view_angles()):
        raise ExplanationError(
            f"There is no view {view} of a mesh.", f"Choose one of 0 to {len(view_angles()) - 1}."
        )
    seen = faces_seen(mesh, [view_angles()[view]], _SIDE)
    return _pixels(mesh, seen) > 0


def faces_in(mesh: Mesh, boxes: Floats) -> npt.NDArray[np.bool_]:
    """Which faces (f,) lie for the greater part in boxes f32 (r, 2, 3) of (view, y, x).

    What counts is what is seen of them in the views that the boxes are in.
    """
    views = np.arange(len(view_angles())) + 0.5
    inside = (views >= boxes[:, 0, 0, None]) & (views < boxes[:, 1, 0, None])  # (r, views)
    taken = np.zeros(len(mesh.faces))
    shown = np.zeros(len(mesh.faces))
    for view in np.flatnonzero(inside.any(axis=0)):
        seen = faces_seen(mesh, [view_angles()[view]], _SIDE)[0]  # (side, side)
        here = np.zeros(seen.shape, bool)
        for low, high in boxes[inside[:, view], :, 1:]:
            (top, left), (bottom, right) = (
                np.clip(np.rint(corner * _SIDE), 0, _SIDE).astype(int) for corner in (low, high)
            )
            here[top:bottom, left:right] = True
        shown += _pixels(mesh, seen)
        taken += _pixels(mesh, seen[here])
    return taken * 2 > shown


def faces_heat(side: Side, heat: Floats) -> Floats:
    """Heat of the parts of a mesh, (view, y, x), on its faces: f32 (f,).

    A face has the mean of the pixels in which it and the faces around it are seen, over all
    views: what lies behind a surface, and the far side of a thin part, mean what it means. A
    heat of surfaces alone would leave the shape standing when its outermost faces go.
    """
    mesh = side.media
    if not isinstance(mesh, Mesh):
        raise ExplanationError(f"A {side.modality} has no faces.", "Choose a mesh.")
    seen = faces_seen(mesh, view_angles(), _SIDE)
    sums = np.zeros(len(mesh.faces))
    middles = (np.arange(_SIDE) + 0.5) / _SIDE
    for view, faces in enumerate(seen):
        parts = (side.boxes[:, 0, 0] <= view + 0.5) & (side.boxes[:, 1, 0] > view + 0.5)
        y, x = np.nonzero(faces >= 0)
        if not parts.any() or not len(y):
            continue
        places = np.stack([middles[y], middles[x]], axis=1).astype(np.float32)
        warmth = spread(side.boxes[parts][:, :, 1:], heat[parts], places)
        sums += np.bincount(faces[y, x], warmth, len(mesh.faces))
    return through(mesh, sums, _pixels(mesh, seen))


def through(mesh: Mesh, sums: Doubles, counts: npt.NDArray[np.intp]) -> Floats:
    """Heat of faces by that of the pixels of all faces nearby, in three dimensions: f32 (f,).

    Args:
        mesh: with f faces.
        sums: f64 (f,), the heat of each face's pixels together.
        counts: (f,), how many they are.
    """
    from scipy.ndimage import gaussian_filter

    middles = mesh.vertices[mesh.faces].mean(axis=1)  # (f, 3)
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    size = max(float((high - low).max()), 1e-12)
    cells = tuple(np.rint((middles - low) / size * (_CELLS - 1)).astype(int).T)
    heat, pixels = np.zeros((2, _CELLS, _CELLS, _CELLS))
    np.add.at(heat, cells, sums)
    np.add.at(pixels, cells, counts)
    heat, pixels = (gaussian_filter(g, _NEARBY * _CELLS, mode="constant") for g in (heat, pixels))
    means = heat[cells] / np.maximum(pixels[cells], 1e-12)
    unknown = pixels[cells] <= 1e-12  # far from everything that is seen
    means[unknown] = means[~unknown].min() if not unknown.all() else 0.0
    return np.asarray(means, np.float32)


def _pixels(mesh: Mesh, seen: Ints) -> npt.NDArray[np.intp]:
    """In how many pixels each face (f,) is seen."""
    return np.bincount(seen[seen >= 0], minlength=len(mesh.faces))
