"""glTF: what its JSON may promise, what must not be believed, and the colours it means."""

import base64
import json
import struct
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from tests.readers import made
from tests.readers.shapes import extent, glb, shape, write
from xmr_core.errors import BlankMedia, DamagedMedia, OversizedMedia, UnsupportedMedia
from xmr_core.readers import read
from xmr_core.readers.facecolours import GREY

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "<f4")
CORNERS = np.array([0, 1, 2, 0, 2, 3], "<u2")


class Book:
    """A document to be built: arrays in, tree and bytes out."""

    def __init__(self) -> None:
        self.binary = b""
        self.tree: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
            "accessors": [],
            "bufferViews": [],
        }
        self.add(SQUARE)
        self.add(CORNERS)

    @property
    def primitive(self) -> dict[str, Any]:
        found: dict[str, Any] = self.tree["meshes"][0]["primitives"][0]
        return found

    def add(self, array: Any, **more: Any) -> int:
        """An array (n,) or (n, width); the number of its accessor."""
        kinds = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": array.nbytes}
        self.binary += array.tobytes() + bytes(-array.nbytes % 4)
        self.tree["bufferViews"].append(view)
        width = array.shape[1] if array.ndim == 2 else 1
        self.tree["accessors"].append(
            {
                "bufferView": len(self.tree["bufferViews"]) - 1,
                "componentType": kinds[array.dtype.str[1:]],
                "count": len(array),
                "type": "SCALAR" if width == 1 else f"VEC{width}",
                **more,
            }
        )
        return len(self.tree["accessors"]) - 1

    def paint(self, **material: Any) -> None:
        self.tree["materials"] = [{"pbrMetallicRoughness": material}]
        self.primitive["material"] = 0

    def glb(self, folder: Path) -> Path:
        self.tree["buffers"] = [{"byteLength": len(self.binary)}]
        return write({"a.glb": glb(self.tree, self.binary)}, folder)

    def gltf(self, folder: Path, uri: str) -> Path:
        self.tree["buffers"] = [{"byteLength": len(self.binary), "uri": uri}]
        return write({"a.gltf": json.dumps(self.tree).encode()}, folder)


def refusal(path: Path, kind: type[Exception], match: str) -> str:
    """The hint of the error."""
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(kind, match=match) as caught:
        read(path)
    seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 1 and peak < 30e6
    hint: str = caught.value.hint  # type: ignore[attr-defined]
    assert hint
    return hint


# Files beside it


def test_a_buffer_beside_the_file_or_below_it_is_read(tmp_path: Path) -> None:
    book = Book()
    (tmp_path / "deep down").mkdir()
    (tmp_path / "deep down" / "a.bin").write_bytes(book.binary)
    assert len(shape(book.gltf(tmp_path, "deep%20down/a.bin")).faces) == 2
    assert len(shape(book.gltf(tmp_path, "./deep%20down/a.bin")).faces) == 2


def test_a_buffer_in_the_text_itself_is_read(tmp_path: Path) -> None:
    book = Book()
    inside = "data:application/octet-stream;base64," + base64.b64encode(book.binary).decode()
    assert len(shape(book.gltf(tmp_path, inside)).faces) == 2


def test_a_missing_buffer_is_named(tmp_path: Path) -> None:
    hint = refusal(Book().gltf(tmp_path, "gone.bin"), DamagedMedia, r"a\.gltf needs .*gone\.bin")
    assert "together" in hint


@pytest.mark.parametrize("how", ["../a.bin", "absolute", "url", "link", "folder/../../a.bin"])
def test_a_buffer_elsewhere_is_never_read(how: str, tmp_path: Path) -> None:
    book, inner = Book(), tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.bin").write_bytes(book.binary)
    uri = {
        "absolute": str(tmp_path / "a.bin"),
        "url": (tmp_path / "a.bin").as_uri(),
        "link": "link.bin",
    }.get(how, how)
    if how == "link":
        (inner / "link.bin").symlink_to(tmp_path / "a.bin")
    refusal(book.gltf(inner, uri), DamagedMedia, "not in its folder")


def test_a_pipe_for_a_buffer_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "a.bin")
    refusal(Book().gltf(tmp_path, "a.bin"), DamagedMedia, r"a\.bin.* pipe")


def test_a_missing_texture_costs_only_itself(tmp_path: Path) -> None:
    book = Book()
    book.tree.update(textures=[{"source": 0}], images=[{"uri": "gone.png"}])
    book.paint(baseColorFactor=[0, 1, 0, 1], baseColorTexture={"index": 0})
    assert (shape(book.glb(tmp_path)).colours == (0, 255, 0)).all()


# Colours


def test_colours_are_light_and_become_what_is_seen(tmp_path: Path) -> None:
    book = Book()
    book.paint(baseColorFactor=[0.214, 1, 0, 1])
    assert (shape(book.glb(tmp_path)).colours == (127, 255, 0)).all()


def test_colours_of_trimesh_are_as_they_were_given(tmp_path: Path) -> None:
    box = trimesh.creation.box()
    material: Any = trimesh.visual.material.PBRMaterial(baseColorFactor=[128, 64, 32, 255])
    box.visual = trimesh.visual.TextureVisuals(uv=np.zeros((8, 2)), material=material)
    path = write({"a.glb": made.exported(box, "glb")}, tmp_path)
    assert (shape(path).colours == (128, 64, 32)).all()


def test_a_mesh_without_material_is_grey_and_with_an_empty_one_white(tmp_path: Path) -> None:
    book = Book()
    assert (shape(book.glb(tmp_path)).colours == GREY).all()
    book.paint()
    assert (shape(book.glb(tmp_path)).colours == 255).all()


@pytest.mark.parametrize("dtype", ["<f4", "<u1", "<u2"])
def test_colours_of_points_may_be_packed(dtype: str, tmp_path: Path) -> None:
    book = Book()
    full = 1 if dtype == "<f4" else np.iinfo(dtype).max
    colours = np.tile(np.array([full, 0, full], dtype), (4, 1))
    book.primitive["attributes"]["COLOR_0"] = book.add(colours, normalized=True)
    assert (shape(book.glb(tmp_path)).colours == (255, 0, 255)).all()


def test_old_glossy_materials_have_colours_too(tmp_path: Path) -> None:
    book = Book()
    gloss = {"KHR_materials_pbrSpecularGlossiness": {"diffuseFactor": [1, 0, 0, 1]}}
    book.tree["materials"] = [{"extensions": gloss}]
    book.primitive["material"] = 0
    assert (shape(book.glb(tmp_path)).colours == (255, 0, 0)).all()


def test_texture_coordinates_may_be_packed_and_moved(tmp_path: Path) -> None:
    import io

    from PIL import Image

    picture = Image.new("RGB", (64, 64), (255, 0, 0))
    picture.paste((0, 0, 255), (32, 0, 64, 64))
    out = io.BytesIO()
    picture.save(out, "PNG")
    inside = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    book = Book()
    book.tree.update(textures=[{"source": 0}], images=[{"uri": inside}])
    book.paint(baseColorTexture={"index": 0, "texCoord": 1})
    uv = np.full((4, 2), 65535 // 4, "<u2")
    book.primitive["attributes"]["TEXCOORD_1"] = book.add(uv, normalized=True)
    assert (shape(book.glb(tmp_path)).colours == (255, 0, 0)).all()
    move = {"KHR_texture_transform": {"offset": [0.5, 0]}}
    book.paint(baseColorTexture={"index": 0, "texCoord": 1, "extensions": move})
    assert (shape(book.glb(tmp_path)).colours == (0, 0, 255)).all()


# Shapes


def test_nodes_place_their_meshes(tmp_path: Path) -> None:
    book = Book()
    half = np.sqrt(0.5)
    book.tree["nodes"] = [
        {"children": [1, 2], "scale": [2, 2, 2]},
        {"mesh": 0, "translation": [3, 0, 0]},
        {"mesh": 0, "rotation": [0, half, 0, half]},  # a quarter turn about y: x → −z
    ]
    mesh = shape(book.glb(tmp_path))
    assert len(mesh.faces) == 4
    assert np.allclose(extent(mesh), (8, 2, 2), atol=1e-5)
    book.tree["nodes"] = [{"mesh": 0, "matrix": [1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 0, 7, 0, 0, 1]}]
    assert np.allclose(extent(shape(book.glb(tmp_path))), (1, 5, 0))


@pytest.mark.parametrize(("mode", "corners"), [(5, [0, 1, 3, 2]), (6, [0, 1, 2, 3])])
def test_strips_and_fans_are_triangles(mode: int, corners: list[int], tmp_path: Path) -> None:
    book = Book()
    book.primitive.update(mode=mode, indices=book.add(np.array(corners, "<u4")))
    mesh = shape(book.glb(tmp_path))
    sides = mesh.vertices[mesh.faces]
    normals = np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0])
    assert len(mesh.faces) == 2 and (normals[:, 2] > 0).all()


def test_lines_and_points_are_no_faces(tmp_path: Path) -> None:
    book = Book()
    book.primitive["mode"] = 1
    with pytest.raises(BlankMedia):
        read(book.glb(tmp_path))


def test_packed_positions_are_unpacked(tmp_path: Path) -> None:
    book = Book()
    packed = book.add((SQUARE * 32767).astype("<i2"), normalized=True)
    book.primitive["attributes"]["POSITION"] = packed
    book.tree["bufferViews"][-1]["byteLength"] += 0
    assert np.allclose(extent(shape(book.glb(tmp_path))), (1, 1, 0), atol=1e-4)


def test_rows_may_lie_apart(tmp_path: Path) -> None:
    book = Book()
    mixed = np.zeros((4, 5), "<f4")
    mixed[:, :3], mixed[:, 3:] = SQUARE * 3, np.nan
    number = book.add(mixed.reshape(-1))
    book.tree["bufferViews"][-1]["byteStride"] = 20
    book.tree["accessors"][number].update(type="VEC3", count=4)
    book.primitive["attributes"]["POSITION"] = number
    assert np.allclose(extent(shape(book.glb(tmp_path))), (3, 3, 0))


def test_sparse_positions_are_filled_in(tmp_path: Path) -> None:
    book = Book()
    rows, values = book.add(np.array([2], "<u2")), book.add(np.array([[9, 9, 9]], "<f4"))
    book.tree["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": rows, "componentType": 5123},
        "values": {"bufferView": values},
    }
    assert np.allclose(extent(shape(book.glb(tmp_path))), (9, 9, 9))


# What must not be believed


def test_a_kilobyte_that_asks_for_all_memory_is_refused(tmp_path: Path) -> None:
    book = Book()
    book.tree["accessors"][0] = {"componentType": 5126, "type": "VEC3", "count": 2**40}
    del book.primitive["indices"]
    refusal(book.glb(tmp_path), OversizedMedia, "has 366,503,875,925 faces")
    book = Book()
    book.tree["accessors"][0] = {"componentType": 5126, "type": "VEC3", "count": 2**40}
    refusal(book.glb(tmp_path), OversizedMedia, "array of 1,099,511,627,776")


def test_one_mesh_placed_a_thousand_times_is_refused(tmp_path: Path) -> None:
    book = Book()
    book.primitive["indices"] = book.add(np.tile(CORNERS, 5_000))
    book.tree["nodes"] = [{"mesh": 0}] * 1_000
    book.tree["scenes"] = [{"nodes": list(range(1_000))}]
    refusal(book.glb(tmp_path), OversizedMedia, "has 10,000,000 faces")


def test_more_numbers_than_bytes_are_damage(tmp_path: Path) -> None:
    book = Book()
    book.tree["accessors"][1]["count"] = 600
    refusal(book.glb(tmp_path), DamagedMedia, "longer than the data")


@pytest.mark.parametrize("count", [-1, 1.5, "6", None, True])
def test_lengths_that_are_none_are_damage(count: Any, tmp_path: Path) -> None:
    book = Book()
    book.tree["accessors"][0]["count"] = count
    with pytest.raises(DamagedMedia):
        read(book.glb(tmp_path))


def test_a_node_that_holds_itself_is_damage(tmp_path: Path) -> None:
    book = Book()
    book.tree["nodes"] = [{"children": [1]}, {"mesh": 0, "children": [0]}]
    refusal(book.glb(tmp_path), DamagedMedia, "ancestor")


@pytest.mark.parametrize(
    ("extension", "name"),
    [("KHR_draco_mesh_compression", "Draco"), ("EXT_meshopt_compression", "meshopt")],
)
def test_compressed_geometry_is_unsupported_with_a_hint(
    extension: str, name: str, tmp_path: Path
) -> None:
    book = Book()
    book.tree["extensionsRequired"] = [extension]
    assert "without" in refusal(book.glb(tmp_path), UnsupportedMedia, f"compressed with {name}")


def test_compressed_geometry_that_does_not_say_so_first_is_unsupported(tmp_path: Path) -> None:
    book = Book()
    book.primitive["extensions"] = {"KHR_draco_mesh_compression": {}}
    for accessor in book.tree["accessors"]:
        del accessor["bufferView"]
    refusal(book.glb(tmp_path), UnsupportedMedia, "Draco")
    book = Book()
    book.tree["bufferViews"][0]["extensions"] = {"EXT_meshopt_compression": {}}
    refusal(book.glb(tmp_path), UnsupportedMedia, "meshopt")


def test_gltf_of_before_two_is_unsupported(tmp_path: Path) -> None:
    old = struct.pack("<4sII", b"glTF", 1, 20) + bytes(8)
    refusal(write({"a.glb": old}, tmp_path), UnsupportedMedia, "glTF 1")
    refusal(write({"a.gltf": b'{"asset": {"version": "1.0"}}'}, tmp_path), UnsupportedMedia, "glTF")


@pytest.mark.parametrize("text", ["[]", "{", "null", '{"asset": []}', '{"meshes": 3}', "[" * 9999])
def test_json_that_is_no_gltf_is_refused(text: str, tmp_path: Path) -> None:
    from xmr_core.errors import MediaError

    with pytest.raises(MediaError, match=r"a\.gltf"):
        read(write({"a.gltf": text.encode()}, tmp_path))
