"""glTF 2.0, as one file (glb) or as several (gltf), by its JSON and the arrays that it names.

Read by hand (Khronos, glTF 2.0 specification, 2021): the library for it makes every array that
the JSON declares before anything can be counted, so that a file of a kilobyte can ask for all
memory; it also takes packed integers for what they are not.
"""

import base64
import json
import struct
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt

from xmr_core.errors import DamagedMedia, OversizedMedia, UnsupportedMedia
from xmr_core.readers.gltfcolours import Painter
from xmr_core.readers.gltfshapes import FAN, STRIP, TRIANGLES, matrix_of, triangles
from xmr_core.readers.limits import Limits
from xmr_core.readers.neighbours import Neighbours
from xmr_core.readers.pieces import Doubles, Piece, compact, refuse_faces, within
from xmr_core.readers.source import Source

_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_COMPRESSED = {
    "KHR_draco_mesh_compression": "Draco",
    "EXT_meshopt_compression": "meshopt",
    "KHR_meshopt_compression": "meshopt",
}


def pieces(source: Source, kind: str, limits: Limits) -> list[Piece]:
    """The pieces of the default scene.

    Raises:
        OversizedMedia: faces of all instances over the limit, before any array is made.
        UnsupportedMedia: glTF 1, or geometry compressed by an extension.
        DamagedMedia: parts that do not fit together, or a missing file.
    """
    return _Document(source, kind, limits).pieces()


class _Document:
    """A parsed file: ``tree`` is its JSON."""

    def __init__(self, source: Source, kind: str, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.binary: bytes | memoryview | None = None
        data = source.whole(limits.file_bytes)
        text = self._unpack(data) if kind == "glb" else data
        self.tree: dict[str, Any] = json.loads(bytes(text).decode("utf-8-sig"))
        if not isinstance(self.tree, dict):
            raise self._misfit("it is no glTF")
        if not str(self.tree.get("asset", {}).get("version", "2.0")).startswith("2"):
            raise UnsupportedMedia(source.path, "is glTF 1", "Convert it to glTF 2.")
        for name in self.tree.get("extensionsRequired", ()):
            self._refuse_compressed(name)
        self._neighbours = Neighbours(source, limits.file_bytes)
        self._buffers: dict[int, bytes | memoryview] = {}

    def pieces(self) -> list[Piece]:
        """See the function of that name."""
        placed = self._placed()
        counts = {number: self._count(number) for number, _ in placed}
        refuse_faces(self.source, sum(counts[number] for number, _ in placed), self.limits)
        painter = Painter(self.tree, self._image, self.limits)
        meshes = {number: self._mesh(number, painter) for number, n in counts.items() if n}
        return [
            piece.placed(matrix) for number, matrix in placed for piece in meshes.get(number, ())
        ]

    def _unpack(self, data: bytes) -> memoryview:
        """The JSON chunk; the binary chunk is kept."""
        view = memoryview(data)
        version, length, size, kind = struct.unpack_from("<4xIII4s", data)
        if version != 2:
            raise UnsupportedMedia(self.source.path, f"is glTF {version}", "Convert it to glTF 2.")
        if length > len(data) or kind != b"JSON" or 20 + size > len(data):
            raise DamagedMedia(
                self.source.path,
                f"breaks off: it has {len(data):,} of {max(length, 20 + size):,} bytes",
                "Copy or download it again.",
            )
        start = 20 + size
        while start + 8 <= len(data):
            extent, kind = struct.unpack_from("<I4s", data, start)
            if kind == b"BIN\0":
                self.binary = view[start + 8 : start + 8 + extent]
                break
            start += 8 + extent
        return view[20 : 20 + size]

    # The scene

    def _placed(self) -> list[tuple[int, Doubles]]:
        """Numbers of meshes with the matrices (4, 4) that place them."""
        nodes = self.tree.get("nodes", [])
        scenes = self.tree.get("scenes", [])
        if scenes:
            roots = self._at("scenes", self.tree.get("scene", 0)).get("nodes", [])
        else:
            inner = {child for node in nodes for child in node.get("children", ())}
            roots = [number for number in range(len(nodes)) if number not in inner]
        if not nodes:
            return [(number, np.eye(4)) for number in range(len(self.tree.get("meshes", ())))]
        placed: list[tuple[int, Doubles]] = []
        seen: set[int] = set()
        stack = [(number, np.eye(4)) for number in reversed(roots)]
        while stack:
            number, above = stack.pop()
            if number in seen:
                raise self._misfit("a node is its own ancestor or has two parents")
            seen.add(number)
            node = self._at("nodes", number)
            matrix = above @ matrix_of(node)
            if "mesh" in node:
                placed.append((node["mesh"], matrix))
            stack.extend((child, matrix) for child in reversed(node.get("children", ())))
        return placed

    # Triangles

    def _count(self, number: int) -> int:
        """Faces of a mesh, by what its accessors declare."""
        total = 0
        for primitive in self._at("meshes", number)["primitives"]:
            mode = primitive.get("mode", TRIANGLES)
            if mode not in (TRIANGLES, STRIP, FAN):
                continue
            for name in primitive.get("extensions", ()):
                if name in _COMPRESSED and "bufferView" not in self._corners(primitive):
                    self._refuse_compressed(name)
            corners = self._corners(primitive)["count"]
            if not isinstance(corners, int) or corners < 0:
                raise self._misfit("an array has no length")
            total += corners // 3 if mode == TRIANGLES else max(0, corners - 2)
        return total

    def _corners(self, primitive: dict[str, Any]) -> dict[str, Any]:
        index = primitive.get("indices", primitive["attributes"]["POSITION"])
        return self._at("accessors", index)

    def _mesh(self, number: int, painter: Painter) -> list[Piece]:
        found = []
        for primitive in self._at("meshes", number)["primitives"]:
            mode = primitive.get("mode", TRIANGLES)
            if mode not in (TRIANGLES, STRIP, FAN):
                continue
            attributes = primitive["attributes"]
            vertices = self._array(attributes["POSITION"])  # (v, 3)
            if vertices.shape[1] != 3:
                raise self._misfit("positions have not three coordinates")
            if "indices" in primitive:
                corners = self._array(primitive["indices"])[:, 0].astype(np.int64)
            else:
                corners = np.arange(len(vertices))
            faces = triangles(corners, mode)  # (f, 3)
            within(self.source, len(vertices), faces)
            colours = painter.colours(primitive, faces, self._optional)
            found.append(Piece(*compact(vertices.astype(np.float64), faces), colours))
        return found

    def _optional(self, index: int | None, length: int) -> Doubles | None:
        """An array that colours need, or None: the shape is whole without it."""
        try:
            array = None if index is None else self._array(index).astype(np.float64)
        except (DamagedMedia, LookupError, TypeError, ValueError):
            return None
        return array if array is not None and len(array) >= length else None

    # Arrays

    def _array(self, index: int) -> npt.NDArray[Any]:
        """The array (n, width) of an accessor, packed fractions unpacked to −1…1."""
        accessor = self._at("accessors", index)
        dtype, width = np.dtype(_COMPONENTS[accessor["componentType"]]), _WIDTHS[accessor["type"]]
        count = accessor["count"]
        if count > 6 * self.limits.faces:  # no mesh within the limit has so many points
            raise OversizedMedia(
                self.source.path, f"has an array of {count:,} entries", "Simplify the mesh."
            )
        if "bufferView" in accessor:
            array = self._viewed(accessor, count, dtype, width)
        else:
            array = np.zeros((count, width), dtype)
        if "sparse" in accessor:
            array = self._patched(array, accessor["sparse"])
        if accessor.get("normalized") and dtype.kind in "iu":
            return np.maximum(array / np.iinfo(dtype).max, -1.0)
        return array

    def _viewed(
        self, accessor: dict[str, Any], count: int, dtype: np.dtype[Any], width: int
    ) -> npt.NDArray[Any]:
        view = self._at("bufferViews", accessor["bufferView"])
        for name in view.get("extensions", ()):
            self._refuse_compressed(name)
        start, size = view.get("byteOffset", 0), view["byteLength"]
        offset, row = accessor.get("byteOffset", 0), width * dtype.itemsize
        stride = view.get("byteStride") or row
        data = self._buffer(view["buffer"])
        end = offset + (count - 1) * stride + row if count else offset
        if min(start, offset, count) < 0 or stride < row or end > size or start + size > len(data):
            raise self._misfit("an array is longer than the data")
        return np.ndarray(
            (count, width), dtype, data, start + offset, strides=(stride, dtype.itemsize)
        )

    def _patched(self, array: npt.NDArray[Any], sparse: dict[str, Any]) -> npt.NDArray[Any]:
        count = sparse["count"]
        kind = np.dtype(_COMPONENTS[sparse["indices"]["componentType"]])
        rows = self._viewed(sparse["indices"], count, kind, 1)[:, 0].astype(np.int64)
        array = array.copy()
        array[rows] = self._viewed(sparse["values"], count, array.dtype, array.shape[1])
        return array

    # Bytes

    def _buffer(self, index: int) -> bytes | memoryview:
        if index not in self._buffers:
            buffer = self._at("buffers", index)
            if "uri" in buffer:
                self._buffers[index] = self._fetch(buffer["uri"])
            elif index == 0 and self.binary is not None:
                self._buffers[index] = self.binary
            elif "extensions" in buffer:
                for name in buffer["extensions"]:
                    self._refuse_compressed(name)
            if len(self._buffers.get(index, b"")) < buffer["byteLength"]:
                raise self._misfit("its data breaks off")
        return self._buffers[index]

    def _fetch(self, uri: str) -> bytes:
        if uri.startswith("data:"):
            head, _, body = uri.partition(",")
            return base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
        return self._neighbours.get(unquote_to_bytes(uri).decode())

    def _image(self, index: int) -> bytes:
        """The bytes of a picture."""
        image = self._at("images", index)
        if "uri" in image:
            return self._fetch(image["uri"])
        view = self._at("bufferViews", image["bufferView"])
        start = view.get("byteOffset", 0)
        return bytes(self._buffer(view["buffer"])[start : start + view["byteLength"]])

    def _at(self, table: str, index: object) -> dict[str, Any]:
        rows = self.tree.get(table, [])
        if not isinstance(index, int) or not 0 <= index < len(rows):
            raise self._misfit(f"a part of its {table} is missing")
        row: dict[str, Any] = rows[index]
        return row

    def _refuse_compressed(self, extension: str) -> None:
        if extension in _COMPRESSED:
            raise UnsupportedMedia(
                self.source.path,
                f"is compressed with {_COMPRESSED[extension]}",
                "Export it without compression (in gltf-transform: copy it without it).",
            )

    def _misfit(self, reason: str) -> DamagedMedia:
        return DamagedMedia(
            self.source.path,
            f"is a glTF file whose parts do not fit together: {reason}",
            "Copy or export it again.",
        )
