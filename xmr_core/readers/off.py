"""The Object File Format (off) of Geomview: a count of points and faces, then those.

Read by hand: trimesh has neither its colours nor faces of more than four corners.
"""

import re

import numpy as np

from xmr_core.errors import BlankMedia, DamagedMedia
from xmr_core.media import Bytes
from xmr_core.readers import facecolours
from xmr_core.readers.limits import Limits
from xmr_core.readers.pieces import Doubles, Indices, Piece, refuse_faces, within
from xmr_core.readers.source import Source

_COMMENT = re.compile(rb"#[^\n]*")
_HEADER = re.compile(rb"\s*(ST)?(C)?(N)?(4)?OFF(?=[\s\d])")  # ModelNet has some glued: OFF8 6 0


def pieces(source: Source, kind: str, limits: Limits) -> list[Piece]:
    """The one piece of the mesh.

    Raises:
        OversizedMedia, BlankMedia: by the counts, before anything else is read.
        DamagedMedia: fewer faces than counted, or malformed.
    """
    data = source.whole(limits.file_bytes)
    header = _HEADER.match(_COMMENT.sub(b"", data[: 1 << 16]))
    if header is None:
        raise ValueError("no header")
    counts = header.string[header.end() :].split(maxsplit=3)
    points, count = int(counts[0]), int(counts[1])
    refuse_faces(source, count, limits)
    refuse_faces(source, points // 6, limits)
    if not count:
        raise BlankMedia(
            source.path, "holds no faces", "Point clouds and lines have no surface: mesh them."
        )
    lines = [line for line in _COMMENT.sub(b"", data).splitlines() if line.strip()]
    if lines[0].strip().endswith(b"OFF"):  # the counts have a line of their own
        del lines[0]
    if points < 0 or len(lines) < 1 + points + count:
        raise DamagedMedia(
            source.path,
            f"breaks off: not all of its {count:,} faces are there",
            "Copy or download it again.",
        )
    table = _table(lines[1 : 1 + points])  # (v, 3 and more)
    faces, owners, colours = _faces(lines[1 + points : 1 + points + count])
    refuse_faces(source, len(faces), limits)
    within(source, points, faces)
    if header[2] and table.shape[1] >= 6:
        painted = table[:, 3 + 3 * bool(header[3]) + bool(header[4]) :][:, :3]
        of_faces: Bytes = _bytes(painted[faces].mean(axis=1))
    else:
        of_faces = colours[owners]
    return [Piece(table[:, :3], faces, of_faces)]


def _table(lines: list[bytes]) -> Doubles:
    """Rows of numbers, which have as many columns as the first."""
    width = len(lines[0].split()) if lines else 3
    flat = np.array(b" ".join(lines).split(), dtype=np.float64)
    return flat.reshape(len(lines), width)


def _faces(lines: list[bytes]) -> tuple[Indices, Indices, Bytes]:
    """Triangles (f, 3), the polygon that each is of (f,), and the polygons' colours (p, 3)."""
    words = [line.split() for line in lines]
    sizes = np.array([int(row[0]) for row in words])  # (p,)
    colours = np.tile(np.array(facecolours.GREY, np.uint8), (len(words), 1))
    triangles, owners = [np.zeros((0, 3), np.int64)], [np.zeros(0, np.int64)]
    for size in np.unique(sizes[sizes >= 3]):
        chosen = np.flatnonzero(sizes == size)
        rings = np.array([words[i][1 : size + 1] for i in chosen], dtype=np.int64)  # (c, size)
        for second in range(1, size - 1):
            triangles.append(rings[:, [0, second, second + 1]])
            owners.append(chosen)
    for i, row in enumerate(words):
        if len(row) >= sizes[i] + 4:  # three or four numbers follow the corners
            colours[i] = _bytes(np.array(row[sizes[i] + 1 : sizes[i] + 4], dtype=np.float64))
    return np.concatenate(triangles), np.concatenate(owners), colours


def _bytes(colours: Doubles) -> Bytes:
    """Colours in 0…1 or, when any is larger, 0…255.

    >>> _bytes(np.array([0.0, 0.5, 1.0])).tolist(), _bytes(np.array([0.0, 128, 255])).tolist()
    ([0, 128, 255], [0, 128, 255])
    """
    colours = np.nan_to_num(colours)
    scaled = colours * 255 if colours.max(initial=0) <= 1 else colours
    return np.asarray(np.rint(np.clip(scaled, 0, 255)), np.uint8)
