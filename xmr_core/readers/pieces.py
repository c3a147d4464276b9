"""Pieces of a mesh, each with the colours of its faces, and how they become one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.errors import BlankMedia, DamagedMedia, OversizedMedia
from xmr_core.media import Bytes, Mesh
from xmr_core.readers.limits import Limits
from xmr_core.readers.source import Source

Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

# Formats whose upright axis is z: 3mf by its specification, stl by the custom of printers.
Z_UP: Doubles = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]], np.float64)
_FARAWAY = 1000.0  # extents from the origin at which float32 begins to round details away


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """``vertices`` f64 (v, 3); ``faces`` i64 (f, 3); ``colours`` u8 (f, 3), one a face."""

    vertices: Doubles
    faces: Indices
    colours: Bytes

    def placed(self, matrix: Doubles) -> "Piece":
        """The piece moved by ``matrix`` (4, 4); mirrored ones keep their outside outside."""
        moved = self.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        mirrored = np.linalg.det(matrix[:3, :3]) < 0
        return Piece(moved, self.faces[:, ::-1] if mirrored else self.faces, self.colours)


def refuse_faces(source: Source, faces: int, limits: Limits) -> None:
    """Raise `OversizedMedia` for more faces than ``limits.faces``."""
    if faces > limits.faces:
        raise OversizedMedia(
            source.path,
            f"has {faces:,} faces; meshes are read up to {limits.faces:,}",
            "Simplify it (decimate) and save it again.",
        )


def compact(vertices: Doubles, faces: Indices) -> tuple[Doubles, Indices]:
    """Only the vertices that faces use, in their old order, and the faces renumbered.

    >>> compact(np.eye(3), np.array([[2, 0, 2]]))[1].tolist()
    [[1, 0, 1]]
    """
    if faces.size < len(vertices) // 4:
        used, renumbered = np.unique(faces, return_inverse=True)
        return vertices[used], renumbered.reshape(faces.shape)
    flags = np.zeros(len(vertices), bool)
    flags[faces] = True
    return vertices[flags], (np.cumsum(flags) - 1)[faces]


def within(source: Source, vertices: int, faces: Indices) -> None:
    """Raise `DamagedMedia` for a face that names a vertex that is not there."""
    if faces.size and (faces.min() < 0 or faces.max() >= vertices):
        raise DamagedMedia(
            source.path,
            "has faces between points that are not in it",
            "Export it again from the program that made it.",
        )


def not_numbers(source: Source) -> DamagedMedia:
    """The error for points with coordinates that are not finite."""
    return DamagedMedia(
        source.path,
        "has points whose coordinates are not numbers (NaN or infinite)",
        "Repair it in a mesh editor, or export it again.",
    )


def joined(source: Source, pieces: Sequence[Piece], limits: Limits) -> Mesh:
    """One mesh: no face without area, no vertex without a face.

    Raises:
        BlankMedia: no face is left.
        DamagedMedia: a face touches a vertex that is missing or not finite.
        OversizedMedia: over ``limits.faces``.
    """
    pieces = [piece for piece in pieces if len(piece.faces)]
    refuse_faces(source, sum(len(piece.faces) for piece in pieces), limits)
    for piece in pieces:
        within(source, len(piece.vertices), piece.faces)
    tidy = [(*compact(piece.vertices, piece.faces), piece.colours) for piece in pieces]
    starts = np.cumsum([0] + [len(vertices) for vertices, _, _ in tidy])
    if not tidy:
        raise BlankMedia(
            source.path, "holds no faces", "Point clouds and lines have no surface: mesh them."
        )
    vertices = np.concatenate([v for v, _, _ in tidy])  # (v, 3)
    faces = np.concatenate([f + start for (_, f, _), start in zip(tidy, starts, strict=False)])
    colours = np.concatenate([c for _, _, c in tidy])  # (f, 3)
    if not (np.abs(vertices) < np.finfo(np.float32).max).all():  # NaN compares false
        raise not_numbers(source)
    sound = _has_area(vertices, faces)
    if not sound.any():
        raise BlankMedia(source.path, "holds only faces without area", "Export it again.")
    vertices, faces = compact(vertices, faces[sound])
    return Mesh(
        _centred(vertices).astype(np.float32),
        faces.astype(np.int32),
        colours[sound],
        {"vertices": float(len(vertices)), "faces": float(len(faces))},
    )


def _has_area(vertices: Doubles, faces: Indices) -> npt.NDArray[np.bool_]:
    """Which faces are more than a line or a point: bool (f,)."""
    scale = np.ptp(vertices, axis=0).max() or 1.0
    corners = ((vertices - vertices.min(axis=0)) / scale)[faces]  # (f, 3, 3)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    longest = np.ptp(corners, axis=1).max(axis=1)  # (f,)
    area: Doubles = np.sqrt((normals**2).sum(axis=1))
    return np.asarray(area > 1e-9 * longest**2)


def _centred(vertices: Doubles) -> Doubles:
    """Vertices at the origin where they lie so far from it that rounding would show."""
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    middle = (low + high) / 2
    far = np.abs(middle).max() > _FARAWAY * (high - low).max()
    return vertices - middle if far else vertices
