"""The header of a ply file, and binary faces of mixed sizes as triangles.

trimesh reads binary ply files whose faces all have as many corners, and no others, which
programs that keep polygons do write.
"""

from dataclasses import dataclass, field

import numpy as np

from xmr_core.readers.pieces import Indices

_TYPES = {
    **dict.fromkeys(("char", "int8"), "i1"),
    **dict.fromkeys(("uchar", "uint8"), "u1"),
    **dict.fromkeys(("short", "int16"), "i2"),
    **dict.fromkeys(("ushort", "uint16"), "u2"),
    **dict.fromkeys(("int", "int32"), "i4"),
    **dict.fromkeys(("uint", "uint32"), "u4"),
    **dict.fromkeys(("float", "float32"), "f4"),
    **dict.fromkeys(("double", "float64"), "f8"),
}
_CORNERS = ("vertex_indices", "vertex_index")


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    properties: list[tuple[str, ...]] = field(default_factory=list)  # (type, name) or a list's

    @property
    def lists(self) -> bool:
        return any(len(words) == 4 for words in self.properties)


class Header:
    """What a ply file says of itself.

    Args:
        data: the file.

    Raises:
        ValueError: no header of a ply file, or one that breaks off.
    """

    def __init__(self, data: bytes) -> None:
        end = data.find(b"end_header")
        stop = data.find(b"\n", end)
        if end < 0 or stop < 0:
            raise ValueError("no end of the header")
        self.length = stop + 1
        self.lines = data[:end].decode("latin-1").splitlines()
        self.format = ""
        self.elements: list[_Element] = []
        for line in self.lines:
            words = line.split()
            if words[:1] == ["format"]:
                self.format = words[1]
            elif words[:1] == ["element"]:
                self.elements.append(_Element(words[1], int(words[2])))
            elif words[:1] == ["property"]:
                self.elements[-1].properties.append(tuple(words[1:]))

    def count(self, name: str) -> int:
        """How many of an element the file declares, 0 where it declares none.

        >>> Header(b"ply\\nformat ascii 1.0\\nelement face 12\\nend_header\\n").count("face")
        12
        """
        total = sum(element.count for element in self.elements if element.name == name)
        if any(element.count < 0 for element in self.elements):
            raise ValueError("a negative count")
        return total


def triangulated(header: Header, data: bytes) -> bytes:
    """The file as it is, or with triangles for its polygons where trimesh could not read them.

    Only the corners of faces are kept then, and only elements before the faces.
    """
    if not header.format.startswith("binary"):
        return data
    order = ">" if "big" in header.format else "<"
    position = header.length
    for element in header.elements:
        if element.name == "face":
            break
        if element.lists:
            return data
        row = sum(np.dtype(_TYPES[words[0]]).itemsize for words in element.properties)
        position += row * element.count
    faces = next(element for element in header.elements if element.name == "face")
    if _same_sizes(faces, data, position, order):
        return data
    triangles = _fans(faces, data, position, order)  # (f, 3)
    packed = np.zeros(len(triangles), [("n", "u1"), ("corners", order + "i4", 3)])
    packed["n"], packed["corners"] = 3, triangles
    start = next(
        i for i, line in enumerate(header.lines) if line.split()[:2] == ["element", "face"]
    )
    lines = [
        *header.lines[:start],
        f"element face {len(triangles)}",
        "property list uchar int vertex_indices",
        "end_header\n",
    ]
    return "\n".join(lines).encode("latin-1") + data[header.length : position] + packed.tobytes()


def _same_sizes(faces: _Element, data: bytes, position: int, order: str) -> bool:
    """Whether rows as long as the first, with the same sizes of lists, fill the element."""
    fields: list[tuple[str, str]] = []
    sizes: list[tuple[str, int]] = []
    offset = position
    for number, words in enumerate(faces.properties):
        kind = np.dtype(order + _TYPES[words[1] if len(words) == 4 else words[0]])
        fields.append((f"n{number}", kind.str))
        if len(words) == 4:
            size = int(np.frombuffer(data, kind, 1, offset)[0])
            sizes.append((f"n{number}", size))
            item = np.dtype(order + _TYPES[words[2]])
            fields.append((f"v{number}", f"{size}{item.str}" if size != 1 else item.str))
            offset += size * item.itemsize
        offset += kind.itemsize
    rows = np.dtype([(n, k) for n, k in fields])
    if position + rows.itemsize * faces.count > len(data):
        return False
    table = np.frombuffer(data, rows, faces.count, position)
    return all((table[name] == size).all() for name, size in sizes)


def _fans(faces: _Element, data: bytes, position: int, order: str) -> Indices:
    """Triangles (f, 3) of polygons of any sizes, cut into fans; a walk over every row."""
    steps = [
        (
            np.dtype(order + _TYPES[words[1]]) if len(words) == 4 else None,
            np.dtype(order + _TYPES[words[2] if len(words) == 4 else words[0]]),
            words[-1] in _CORNERS,
        )
        for words in faces.properties
    ]
    triangles: list[tuple[int, int, int]] = []
    for _ in range(faces.count):
        for counter, item, corners in steps:
            size = 1
            if counter is not None:
                size = int(np.frombuffer(data, counter, 1, position)[0])
                position += counter.itemsize
            if corners:
                ring = np.frombuffer(data, item, size, position).tolist()
                triangles.extend(zip(ring[:1] * (size - 2), ring[1:], ring[2:], strict=False))
            position += size * item.itemsize
    return np.array(triangles, np.int64).reshape(-1, 3)
