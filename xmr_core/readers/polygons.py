"""obj, stl and ply through trimesh, once their headers show that they can be borne."""

import io
import re
import struct
from collections.abc import Callable
from typing import Any

from xmr_core.errors import BlankMedia, DamagedMedia
from xmr_core.readers import ply
from xmr_core.readers.facecolours import of_trimesh
from xmr_core.readers.limits import Limits
from xmr_core.readers.neighbours import Neighbours
from xmr_core.readers.pieces import Z_UP, Doubles, Piece, refuse_faces, within
from xmr_core.readers.source import Source

_TRIANGLE = 50  # bytes in a binary stl
_OBJ_FACE = re.compile(rb"^[ \t]*f[ \t]", re.MULTILINE)
_RELATIVE = re.compile(rb"^[ \t]*f[ \t].*-\d", re.MULTILINE)


def pieces(source: Source, kind: str, limits: Limits) -> list[Piece]:
    """The pieces of the mesh.

    Raises:
        OversizedMedia, BlankMedia: by what the header declares, before anything is parsed.
        DamagedMedia: fewer faces than declared, or malformed.
    """
    import trimesh

    data = source.whole(limits.file_bytes)
    data, declared = _CHECKS[kind](source, data, limits)
    resolver: Any = Neighbours(source, limits.file_bytes)
    scene: Any = trimesh.load_scene(
        io.BytesIO(data), file_type=kind, resolver=resolver, process=False
    )
    found = []
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        if isinstance(mesh, trimesh.Trimesh):
            within(source, len(mesh.vertices), mesh.faces)
            piece = Piece(mesh.vertices.view(), mesh.faces.view(), of_trimesh(mesh, limits))
            found.append(piece.placed(_upright(kind) @ matrix))
    if sum(len(piece.faces) for piece in found) < declared:
        raise _broken_off(source, declared)
    return found


def _upright(kind: str) -> Doubles:
    return Z_UP if kind == "stl" else Z_UP @ Z_UP.T


def _stl(source: Source, data: bytes, limits: Limits) -> tuple[bytes, int]:
    text = data[:5].lower() == b"solid" and b"facet" in data[:4096].lower()
    if text and len(data) != _binary_length(data):
        faces = len(re.findall(rb"endfacet", data, re.IGNORECASE))
        refuse_faces(source, faces, limits)
        if b"endsolid" not in data[-4096:].lower():
            raise _broken_off(source, faces)
        return data, faces
    faces = struct.unpack_from("<I", data, 80)[0] if len(data) >= 84 else 0
    refuse_faces(source, faces, limits)
    if len(data) < _binary_length(data):
        raise _broken_off(source, faces)
    return data[: _binary_length(data)], faces  # some writers append notes of their own


def _binary_length(data: bytes) -> int:
    return 84 + _TRIANGLE * struct.unpack_from("<I", data, 80)[0] if len(data) >= 84 else 84


def _ply(source: Source, data: bytes, limits: Limits) -> tuple[bytes, int]:
    header = ply.Header(data)
    faces = header.count("face")
    refuse_faces(source, faces, limits)
    if not faces:
        raise _no_faces(source)
    refuse_faces(source, header.count("vertex") // 6, limits)
    return ply.triangulated(header, data), faces


def _obj(source: Source, data: bytes, limits: Limits) -> tuple[bytes, int]:
    faces = sum(1 for _ in _OBJ_FACE.finditer(data))
    refuse_faces(source, faces, limits)
    if not faces:
        raise _no_faces(source)
    return (_absolute(data) if _RELATIVE.search(data) else data), faces


def _absolute(data: bytes) -> bytes:
    """An obj whose faces count back from where they stand, with plain numbers instead.

    >>> _absolute(b"v 0 0 0\\nv 1 0 0\\nv 0 1 0\\nf -3 -2 -1\\nv 9 9 9").split(b"\\n")[3]
    b'f 1 2 3'
    """
    so_far = {b"v": 0, b"vt": 0, b"vn": 0}
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        words = line.split()
        if words and words[0] in so_far:
            so_far[words[0]] += 1
        elif words and words[0] == b"f":
            lines[number] = b"f " + b" ".join(_corner(word, so_far) for word in words[1:])
    return b"\n".join(lines)


def _corner(word: bytes, so_far: dict[bytes, int]) -> bytes:
    numbers = []
    for part, total in zip(word.split(b"/"), so_far.values(), strict=False):
        value = int(part or 0)
        numbers.append(b"%d" % (value + total + 1) if value < 0 else part)
    return b"/".join(numbers)


_CHECKS: dict[str, Callable[[Source, bytes, Limits], tuple[bytes, int]]] = {
    "stl": _stl,
    "ply": _ply,
    "obj": _obj,
}


def _broken_off(source: Source, faces: int) -> DamagedMedia:
    return DamagedMedia(
        source.path,
        f"breaks off: not all of its {faces:,} faces are there",
        "Copy or download it again.",
    )


def _no_faces(source: Source) -> BlankMedia:
    return BlankMedia(
        source.path, "holds no faces", "Point clouds and lines have no surface: mesh them."
    )
