"""Mesh → binary glTF: one primitive, positions, colours, indices.

Whatever the file was (obj, stl, glTF with textures …), viewers get the same plain model.
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.media import Mesh

# corners are given a colour each up to here; above, neighbouring faces share their vertices
UNSHARED_FACES = 250_000


def of_mesh(mesh: Mesh) -> bytes:
    """Binary glTF of a mesh.

    Small meshes keep one flat colour a face, with the corners unshared; large ones share their
    vertices and take the mean colour of the faces around each.
    """
    faces = np.asarray(mesh.faces, np.int64)  # (f, 3)
    if len(faces) <= UNSHARED_FACES:
        points = np.asarray(mesh.vertices, np.float32)[faces.ravel()]  # (3f, 3)
        colours = np.repeat(mesh.colours, 3, axis=0)  # (3f, 3)
        indices = np.arange(len(points), dtype=np.uint32)
    else:
        points = np.asarray(mesh.vertices, np.float32)  # (v, 3)
        total = np.zeros((len(points), 3))
        hits = np.zeros(len(points))
        for corner in range(3):
            np.add.at(total, faces[:, corner], mesh.colours)
            np.add.at(hits, faces[:, corner], 1)
        colours = (total / np.maximum(hits, 1)[:, None]).astype(np.uint8)
        indices = faces.ravel().astype(np.uint32)
    padded = np.full((len(colours), 4), 255, np.uint8)
    padded[:, :3] = colours
    return _pack(points, padded, indices)


def _pack(points: npt.NDArray[Any], colours: npt.NDArray[Any], indices: npt.NDArray[Any]) -> bytes:
    blocks = [points.astype("<f4").tobytes(), colours.tobytes(), indices.astype("<u4").tobytes()]
    views, offset = [], 0
    for block, target in zip(blocks, (34962, 34962, 34963), strict=True):
        views.append(
            {"buffer": 0, "byteOffset": offset, "byteLength": len(block), "target": target}
        )
        offset += len(block)
    document = {
        "asset": {"version": "2.0", "generator": "XMR"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "COLOR_0": 1}, "indices": 2}]}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3",
                "min": points.min(0).tolist(), "max": points.max(0).tolist(),
            },
            {
                "bufferView": 1, "componentType": 5121, "normalized": True,
                "count": len(colours), "type": "VEC4",
            },
            {"bufferView": 2, "componentType": 5125, "count": len(indices), "type": "SCALAR"},
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": offset}],
    }  # fmt: skip
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(blocks)
    head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(body))
    return (
        head
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(body), b"BIN\0")
        + body
    )
