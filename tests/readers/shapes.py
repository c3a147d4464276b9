"""What the tests of meshes share: files written, read and measured."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tests.readers import made
from xmr_core.media import Mesh
from xmr_core.readers import Limits, read


def shape(path: Path, limits: Limits | None = None) -> Mesh:
    media = read(path, limits) if limits else read(path)
    assert isinstance(media, Mesh)
    vertices, faces, colours = media.vertices, media.faces, media.colours
    assert (vertices.dtype, faces.dtype, colours.dtype) == (np.float32, np.int32, np.uint8)
    assert np.isfinite(vertices).all() and faces.min() >= 0 and faces.max() < len(vertices)
    assert colours.shape == faces.shape == (len(faces), 3)
    assert media.facts == {"vertices": float(len(vertices)), "faces": float(len(faces))}
    return media


def extent(mesh: Mesh) -> Any:
    return np.ptp(mesh.vertices, axis=0)


def outward(mesh: Mesh) -> bool:
    """Whether faces of a convex body look outwards."""
    corners = mesh.vertices[mesh.faces] - mesh.vertices.mean(axis=0)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return bool(((normals * corners[:, 0]).sum(axis=1) > 0).all())


def write(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder / next(iter(files))


def glb(tree: dict[str, Any], binary: bytes = b"") -> bytes:
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary if binary else b""
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


TRIANGLE = (
    '<vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="0" z="1"/>',
    '<triangle v1="0" v2="1" v3="2"/>',
)


def model_3mf(vertices: str, triangles: str, more: str = "", items: str = "") -> bytes:
    text = f"""<?xml version="1.0"?>
    <model xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources>
    <basematerials id="7"><base name="r" displaycolor="#FF0000"/>
    <base name="b" displaycolor="#0000FFFF"/></basematerials>
    <object id="1" pid="7" pindex="1"><mesh><vertices>{vertices}</vertices>
    <triangles>{triangles}</triangles></mesh></object>{more}</resources>
    <build>{items or '<item objectid="1"/>'}</build></model>"""
    return made.zipped({"3D/3dmodel.model": text.encode()})
