"""Heat on the faces of a model, as a file that any viewer turns."""

from dataclasses import replace
from typing import Any

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Side
from xmr_core.explain.heat import shown
from xmr_core.explain.views import faces_heat
from xmr_core.glb import of_mesh
from xmr_core.media import Floats, Mesh
from xmr_core.render import faces_seen, view_angles

# From what says nothing to what says most: heat 0 … 1, red, green, blue.
RAMP: tuple[tuple[float, int, int, int], ...] = (
    (0.0, 52, 68, 152),
    (0.35, 132, 66, 172),
    (0.7, 232, 92, 84),
    (1.0, 255, 214, 92),
)
_FAINT = 0.3  # of the opacity where there is no heat
_GREY = np.array([0.299, 0.587, 0.114], np.float32)  # how bright red, green and blue are
_EDGE = 0.07  # of the model's longest side: faces are cut until their edges are shorter
_PIXELS = 112  # along each side of a view in which faces are looked for
_NEAREST = 16  # faces that share their heat
_MOST = 60_000  # faces of a painted model, unless it had more to begin with
_ROUNDS = 12  # of halving edges; a face as large as the model takes five


def painted_glb(side: Side, heat: Floats, opacity: float = 0.85) -> bytes:
    """A model with the heat of its parts on the faces that are seen in them, as binary glTF.

    Args:
        side: of a mesh.
        heat: f32 (p,), of its parts.
        opacity: of the paint, 0…1.

    Raises:
        ExplanationError: the side is no mesh.
    """
    if not isinstance(side.media, Mesh):
        raise ExplanationError(f"A {side.modality} cannot be painted.", "Choose a mesh.")
    fine = finer(side.media)
    warmth = _smoothed(fine, faces_heat(replace(side, media=fine), heat))
    return of_mesh(paint(fine, warmth, opacity))


def paint(mesh: Mesh, heat: Floats, opacity: float = 0.85) -> Mesh:
    """A mesh whose colours show heat f32 (f,) of its faces, over its own in shades of grey.

    Models without colours are grey already, and those with colours must not be mistaken for hot.
    """
    share = shown(heat)  # (f,)
    stops = np.array(RAMP, np.float32)
    colour = np.stack([np.interp(share, stops[:, 0], stops[:, k]) for k in (1, 2, 3)], axis=1)
    grey = np.repeat((mesh.colours @ _GREY)[:, None], 3, axis=1)  # (f, 3)
    cover = (np.clip(opacity, 0, 1) * (_FAINT + (1 - _FAINT) * share))[:, None]
    mixed = (1 - cover) * grey + cover * colour
    return replace(mesh, colours=np.rint(mixed).astype(np.uint8))


def finer(mesh: Mesh) -> Mesh:
    """The same model with large faces cut in pieces, so that heat can differ within them.

    Every long edge is halved until it is short, for both faces that share it: no cracks, and
    the model looks the same. Where that would make too many faces, edges stay longer.
    """
    from trimesh.remesh import subdivide_to_size

    corners = mesh.vertices[mesh.faces].astype(np.float64)  # (f, 3, 3)
    edges = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2).max(axis=1)  # (f,)
    longest = _EDGE * float(np.ptp(mesh.vertices, axis=0).max())
    if longest <= 0 or len(mesh.faces) >= _MOST:
        return mesh
    while _pieces(edges, longest) > _MOST:
        longest *= 2
    cut: Any = subdivide_to_size  # it has no types
    vertices, faces, own = cut(
        mesh.vertices, mesh.faces, longest, max_iter=_ROUNDS, return_index=True
    )
    return replace(
        mesh,
        vertices=np.asarray(vertices, np.float32),
        faces=np.asarray(faces, np.int32),
        colours=mesh.colours[own],
    )


def _smoothed(mesh: Mesh, heat: Floats) -> Floats:
    """Heat f32 (f,) of each face with that of the nearest faces that are seen.

    Of a finely cut model many faces are too small for a pixel or seen in one view alone, and
    would be speckles.
    """
    from scipy.spatial import cKDTree

    seen = np.unique(faces_seen(mesh, view_angles(), _PIXELS))
    seen = seen[seen >= 0]
    if not len(seen):
        return heat
    middles = mesh.vertices[mesh.faces].mean(axis=1)  # (f, 3)
    count = min(_NEAREST, len(seen))
    _, nearest = cKDTree(middles[seen]).query(middles, k=np.arange(1, count + 1))  # (f, count)
    return np.asarray(heat[seen[nearest]].mean(axis=1), np.float32)


def _pieces(edges: Floats, longest: float) -> int:
    """At most so many faces come of those whose longest edges f32 (f,) are given."""
    halvings = np.ceil(np.log2(np.maximum(edges / longest, 1)))
    return int((4.0**halvings).sum())
