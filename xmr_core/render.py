"""Meshes → pictures, by ray casting on the CPU: no display, no OpenGL.

A mesh is centred and scaled to the unit sphere, seen in mild perspective, and
lit by a lamp over the viewer's left shoulder and a sky that is brighter than
the ground. Both sides of a face are lit, for many models have faces that look
inwards. One ray a pixel finds the faces (Embree); where neighbouring pixels
differ, four more rays smooth the edge.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from xmr_core.media import Bytes, Floats, Ints, Mesh

_BACKGROUND = 255.0  # grey level around the object
_FIELD = 30.0  # degrees of view, over the height of the picture
_MARGIN = 1.04  # how much more than the unit sphere the picture holds
_AMBIENT = 0.42  # light from everywhere: two thirds of it from the sky
_LAMP = np.array([-0.45, 0.6, 1.0], np.float32)  # right, up, towards the viewer
_CREASE = np.cos(np.radians(38.0))  # edges blunter than this are shaded smooth
_SMOOTH_FACES = 300_000  # above this, faces are too small for smooth shading to show
_EDGE = 14.0  # grey levels between neighbours that call for more rays
_SUBPIXELS = np.array([[-1, -3], [3, -1], [-3, 1], [1, 3]], np.float32) / 8


def view_angles() -> list[tuple[float, float]]:
    """The 12 (azimuth, elevation) of the mesh encoder, in degrees, in order.

    Eight go round the object a little above its middle, four look down on it.

    >>> len(view_angles()), view_angles()[1]
    (12, (45.0, 20.0))
    """
    low = [(45.0 * i, 20.0) for i in range(8)]
    return low + [(90.0 * i + 45.0, 50.0) for i in range(4)]


def render(mesh: Mesh, azimuth: float, elevation: float, side: int = 224) -> Bytes:
    """One view of a mesh.

    Args:
        mesh: any mesh a reader returned.
        azimuth: degrees around the upright axis; 0 looks at the front (+z), 90 at the right (+x).
        elevation: degrees above the horizon; 90 looks straight down.
        side: of the square picture, in pixels.

    Returns:
        u8 (side, side, 3), sRGB.
    """
    view: Bytes = render_angles(mesh, [(azimuth, elevation)], side)[0]
    return view


def render_views(mesh: Mesh, side: int = 224) -> Bytes:
    """The views of ``view_angles()``: u8 (12, side, side, 3)."""
    return render_angles(mesh, view_angles(), side)


def render_angles(mesh: Mesh, angles: Iterable[tuple[float, float]], side: int = 224) -> Bytes:
    """Several views of a mesh, for which Embree's tree is built only once.

    Args:
        mesh: any mesh a reader returned.
        angles: (azimuth, elevation) pairs in degrees.
        side: of the square pictures, in pixels.

    Returns:
        u8 (n, side, side, 3), sRGB, one picture a pair.
    """
    stage = _Stage(mesh)
    return np.stack([stage.picture(azimuth, elevation, side) for azimuth, elevation in angles])


def faces_seen(mesh: Mesh, angles: Iterable[tuple[float, float]], side: int = 224) -> Ints:
    """Which face is seen in each pixel of several views, in front of all others.

    Args:
        mesh: any mesh a reader returned; one without faces shows nothing.
        angles: (azimuth, elevation) pairs in degrees.
        side: of the square pictures, in pixels.

    Returns:
        i32 (n, side, side), the face's number, or -1 where nothing is seen.
    """
    stage = _Stage(mesh)
    xy = _middles(side)
    views = [stage.faces(_camera(a, e), xy, side)[0] for a, e in angles]
    return np.stack(views).reshape(-1, side, side).astype(np.int32)


class _Stage:
    """A mesh in the unit sphere, ready to be looked at."""

    def __init__(self, mesh: Mesh) -> None:
        self.corners = _unit_sphere(mesh.vertices)[mesh.faces]  # (f, 3, 3)
        self.colours = mesh.colours.astype(np.float32)  # (f, 3)
        self.normals = _corner_normals(mesh.vertices, mesh.faces)  # (f, 3, 3) or (f, 1, 3)
        self.scene = EmbreeScene()
        TriangleMesh(self.scene, np.ascontiguousarray(self.corners))

    def picture(self, azimuth: float, elevation: float, side: int) -> Bytes:
        """One view: u8 (side, side, 3)."""
        camera = _camera(azimuth, elevation)  # (3, 3)
        xy = _middles(side)
        colours = self._look(camera, xy, side).reshape(side, side, 3)
        rough = _edges(colours).ravel()  # (n,)
        if rough.any():
            around = (xy[rough, None] + _SUBPIXELS).reshape(-1, 2).astype(np.float32)
            smooth = self._look(camera, around, side).reshape(-1, len(_SUBPIXELS), 3)
            colours.reshape(-1, 3)[rough] = smooth.mean(axis=1)
        return np.rint(np.clip(colours, 0, 255)).astype(np.uint8)

    def _look(self, camera: Floats, xy: Floats, side: int) -> Floats:
        """The colours (n, 3) seen through points ``xy`` (n, 2) of the picture, in pixels."""
        faces, starts, rays = self.faces(camera, xy, side)
        colours = np.full((len(xy), 3), _BACKGROUND, np.float32)
        hit = np.flatnonzero(faces >= 0)
        if len(hit):
            colours[hit] = self._shade(faces[hit], starts[hit], rays[hit], camera)
        return colours

    def faces(self, camera: Floats, xy: Floats, side: int) -> tuple[Ints, Floats, Floats]:
        """Faces (n,) behind points ``xy`` (n, 2), -1 for none; the starts and ways of the rays."""
        right, up, back = camera
        reach = np.float32(np.tan(np.radians(_FIELD / 2)))
        distance = np.float32(_MARGIN / np.sin(np.radians(_FIELD / 2)))
        plane = (xy * (2 / side) - 1) * reach  # (n, 2)
        rays = plane[:, :1] * right - plane[:, 1:] * up - back  # (n, 3)
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        # start on a plane before the unit sphere: close is more exact in single precision
        starts = back * distance + rays * np.float32(distance - 1.2)
        return self.scene.run(starts, rays), starts, rays

    def _shade(self, faces: Ints, starts: Floats, rays: Floats, camera: Floats) -> Floats:
        """The colours (h, 3) of the hit faces (h,) along their rays (h, 3)."""
        normals = self.normals[faces]  # (h, 1 or 3, 3)
        if normals.shape[1] == 1:
            normals = normals[:, 0]
        else:
            weights = _barycentric(self.corners[faces], starts, rays)  # (h, 3)
            normals = np.einsum("hk,hka->ha", weights, normals)
            normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        away = np.einsum("ha,ha->h", normals, rays) > 0
        normals[away] *= -1
        lamp = _LAMP / np.linalg.norm(_LAMP) @ camera
        sky = _AMBIENT * (2 + normals[:, 1]) / 3
        lit = sky + (1 - _AMBIENT) * np.maximum(normals @ lamp, 0) + 0.12
        return np.asarray(self.colours[faces] * lit[:, None], np.float32)


def _middles(side: int) -> Floats:
    """The middles (side², 2) of the pixels of a picture, (x, y), row by row."""
    grid = np.arange(side, dtype=np.float32) + 0.5
    return np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)


def _unit_sphere(vertices: Floats) -> Floats:
    """Vertices (v, 3) moved and scaled so that their box is centred and the farthest is at 1."""
    wide = vertices.astype(np.float64)
    low, high = wide.min(axis=0), wide.max(axis=0)
    wide -= (low + high) / 2
    radius = np.sqrt((wide**2).sum(axis=1).max())
    return np.asarray(wide / (radius if radius > 0 else 1.0), np.float32)


def _face_normals(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Normals (f, 3) as long as twice the area of the faces whose corners (f, 3, 3) are given."""
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _corner_normals(vertices: Floats, faces: Ints) -> Floats:
    """Unit normals of the faces' corners: (f, 3, 3), or (f, 1, 3) for very many faces.

    A corner takes the mean normal of the faces that meet there, weighted by
    area, unless its own face turns away from that by more than the crease.
    """
    placed = _unit_sphere(vertices).astype(np.float64)
    flat = _face_normals(placed[faces])  # (f, 3)
    own = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-30)
    if len(faces) > _SMOOTH_FACES:
        return np.asarray(own[:, None], np.float32)
    # exporters split vertices along seams; corners at the same place belong together
    keys = np.rint(placed * 1e5).astype(np.int64) + 2**20
    keys = (keys[:, 0] << 42) | (keys[:, 1] << 21) | keys[:, 2]
    _, place = np.unique(keys, return_inverse=True)  # (v,)
    corner = place[faces]  # (f, 3)
    sums = np.stack(
        [np.bincount(corner.ravel(), np.repeat(flat[:, a], 3)) for a in range(3)], axis=1
    )
    smooth = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-30))[
        corner
    ]  # (f, 3, 3)
    blunt = np.einsum("fka,fa->fk", smooth, own) > _CREASE
    return np.asarray(np.where(blunt[..., None], smooth, own[:, None]), np.float32)


def _barycentric(corners: Floats, starts: Floats, rays: Floats) -> Floats:
    """Weights (h, 3) of the corners (h, 3, 3) where the rays meet their faces (Möller–Trumbore)."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(rays, second)
    scale = np.einsum("ha,ha->h", first, across)
    scale = np.where(np.abs(scale) < 1e-20, 1e-20, scale)
    offset = starts - corners[:, 0]
    u = np.einsum("ha,ha->h", offset, across) / scale
    v = np.einsum("ha,ha->h", rays, np.cross(offset, first)) / scale
    # rounding puts grazing hits outside their thin face
    u, v = np.clip(u, 0, 1), np.clip(v, 0, 1)
    return np.stack([np.maximum(1 - u - v, 0), u, v], axis=1)


def _camera(azimuth: float, elevation: float) -> Floats:
    """Rows right, up and back (towards the viewer) of a camera: f32 (3, 3).

    >>> _camera(90.0, 0.0).round(6)[2].tolist()
    [1.0, 0.0, 0.0]
    """
    a, e = np.radians(azimuth), np.radians(elevation)
    back = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    return np.stack([right, np.cross(back, right), back]).astype(np.float32)


def _edges(colours: Floats) -> npt.NDArray[np.bool_]:
    """Where a pixel of (H, W, 3) differs visibly from one beside it: bool (H, W)."""
    rough = np.zeros(colours.shape[:2], bool)
    across = np.abs(np.diff(colours, axis=1)).max(axis=2) > _EDGE
    down = np.abs(np.diff(colours, axis=0)).max(axis=2) > _EDGE
    rough[:, 1:] |= across
    rough[:, :-1] |= across
    rough[1:] |= down
    rough[:-1] |= down
    return rough
