"""COLLADA (dae) through pycollada, which, unlike trimesh's reader, knows nodes used again."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import numpy as np

from xmr_core.errors import DamagedMedia, MediaError
from xmr_core.media import Bytes
from xmr_core.readers import facecolours
from xmr_core.readers.instances import Census
from xmr_core.readers.limits import Limits
from xmr_core.readers.neighbours import Neighbours
from xmr_core.readers.pieces import (
    Z_UP,
    Doubles,
    Indices,
    Piece,
    compact,
    not_numbers,
    refuse_faces,
    within,
)
from xmr_core.readers.source import Source
from xmr_core.readers.xml import refuse_entities

# What brings each upright axis to y (COLLADA 1.4.1, up_axis).
_UPRIGHT: dict[str, Doubles] = {
    "X_UP": np.array([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float64),
    "Y_UP": np.eye(4),
    "Z_UP": Z_UP,
}


def pieces(source: Source, kind: str, limits: Limits) -> list[Piece]:
    """The pieces of the scene.

    Raises:
        OversizedMedia: over ``limits.faces`` when all instances are counted.
        DamagedMedia: malformed, or XML entities.
    """
    import collada

    data = source.whole(limits.file_bytes)
    refuse_entities(source, io.BytesIO(data))
    if zipfile.is_zipfile(io.BytesIO(data)):  # pycollada would read what is packed in it instead
        raise DamagedMedia(source.path, "is XML with a zip container behind it", "Unpack it.")
    document = collada.Collada(io.BytesIO(data), ignore=[collada.DaeError])
    if document.scene is None:
        return []
    _refuse_nan(source, document.xmlnode)
    roots = list(document.scene.nodes)
    census = Census(_own_faces, _parts)
    refuse_faces(source, sum(census.below(root) for root in roots), limits)
    reader = _Scene(source, limits, census)
    upright = _UPRIGHT.get(str(getattr(document.assetInfo, "upaxis", "")), np.eye(4))
    return [piece.placed(upright) for root in roots for piece in reader.unfolded(root, np.eye(4))]


def _refuse_nan(source: Source, tree: Any) -> None:
    """Raise `DamagedMedia` for positions that are no numbers: pycollada makes them 0."""
    positions = {
        entry.get("source", "")[1:]
        for entry in tree.iterfind(".//{*}vertices/{*}input[@semantic='POSITION']")
    }
    for entry in tree.iterfind(".//{*}mesh/{*}source"):
        numbers = entry.find("{*}float_array")
        text = numbers.text or "" if numbers is not None else ""
        if entry.get("id") in positions and re.search(r"nan|inf", text, re.IGNORECASE):
            raise not_numbers(source)


def _geometry(node: Any) -> Any:
    """The geometry that a node shows, if it is one that does."""
    return getattr(node, "geometry", None) or getattr(
        getattr(node, "controller", None), "geometry", None
    )


def _parts(node: Any) -> list[Any]:
    return list(getattr(node, "children", None) or ())


def _own_faces(node: Any) -> int:
    primitives = getattr(_geometry(node), "primitives", ())
    return sum(_face_count(primitive) for primitive in primitives)


def _face_count(primitive: Any) -> int:
    import collada

    if isinstance(primitive, collada.polylist.Polylist):
        return int((np.maximum(primitive.vcounts, 2) - 2).sum())
    triangles = isinstance(primitive, collada.triangleset.TriangleSet)
    return len(primitive.index) if triangles else 0


class _Scene:
    """Unfolds the nodes of a document into pieces."""

    def __init__(self, source: Source, limits: Limits, census: Census[Any]) -> None:
        self._source, self._limits, self._census = source, limits, census
        self._neighbours = Neighbours(source, limits.file_bytes)
        self._textures: dict[str, Bytes | None] = {}
        self._pieces: dict[tuple[int, int], Piece] = {}

    def unfolded(self, node: Any, above: Doubles) -> Iterator[Piece]:
        """The pieces of a node and of all below it."""
        if not self._census.below(node):
            return
        matrix = getattr(node, "matrix", None)
        here = above if matrix is None else above @ np.asarray(matrix, np.float64)
        for child in _parts(node):
            yield from self.unfolded(child, here)
        materials = {entry.symbol: entry.target for entry in getattr(node, "materials", ())}
        for primitive in getattr(_geometry(node), "primitives", ()):
            if _face_count(primitive):
                yield self._piece(primitive, materials.get(primitive.material)).placed(here)

    def _piece(self, primitive: Any, material: Any) -> Piece:
        key = (id(primitive), id(material))
        if key not in self._pieces:
            triangles = primitive
            if hasattr(primitive, "triangleset"):
                triangles = primitive.triangleset()
            faces: Indices = np.asarray(triangles.vertex_index, np.int64).reshape(-1, 3)
            vertices: Doubles = np.asarray(triangles.vertex, np.float64)
            within(self._source, len(vertices), faces)
            colours = self._colours(triangles, material, len(faces))
            self._pieces[key] = Piece(*compact(vertices, faces), colours)
        return self._pieces[key]

    def _colours(self, triangles: Any, material: Any, faces: int) -> Bytes:
        """Colours u8 (f, 3): of vertices, of the texture, or of the material."""
        painted = triangles.sources.get("COLOR") or ()
        if painted:
            values = np.asarray(painted[0][4].data, np.float64)
            at = triangles.index[:, :, painted[0][0]]  # (f, 3)
            means = values[at][..., :3].mean(axis=1)
            rounded = np.rint(np.clip(np.nan_to_num(means), 0, 1) * 255)
            return np.asarray(rounded, np.uint8)
        diffuse = getattr(getattr(material, "effect", None), "diffuse", None)
        sampler = getattr(diffuse, "sampler", None)
        if sampler is not None:
            pixels = self._texture(sampler.surface.image.path)
            if pixels is not None and triangles.texcoordset:
                uv = np.asarray(triangles.texcoordset[0], np.float64)[:, :2] * (1, -1) + (0, 1)
                return facecolours.sampled(pixels, uv[triangles.texcoord_indexset[0]])
        elif diffuse is not None:
            colour = np.clip(np.nan_to_num(np.array(diffuse[:3], np.float64)), 0, 1) * 255
            return facecolours.plain(np.rint(colour), faces)
        return facecolours.plain(facecolours.GREY, faces)

    def _texture(self, name: str) -> Bytes | None:
        if name not in self._textures:
            try:
                data = self._neighbours.get(unquote(name))
            except (MediaError, OSError):
                self._textures[name] = None
            else:
                self._textures[name] = facecolours.texture(data, self._limits)
        return self._textures[name]
