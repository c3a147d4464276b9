"""Meshes: every format, upright, with its colours; what has no surface, and what is too large."""

import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from tests.readers import made
from tests.readers.shapes import TRIANGLE, extent, model_3mf, outward, shape, write
from xmr_core.errors import BlankMedia, OversizedMedia
from xmr_core.media import Modality
from xmr_core.readers import Limits, detect, read
from xmr_core.readers.facecolours import GREY

COLOURLESS = {"a.stl", "ascii.stl", "a.off", "a.3mf"}  # as trimesh writes them


@pytest.mark.parametrize("name", made.MESHES)
def test_every_format_gives_the_box_upright_and_in_its_colour(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    assert detect(path) is Modality.MESH
    mesh = shape(path)
    assert len(mesh.faces) == 12
    assert np.allclose(extent(mesh), made.SIDES, atol=1e-5)
    assert outward(mesh)
    assert (mesh.colours == (GREY if name in COLOURLESS else made.RED)).all()


@pytest.mark.parametrize(
    ("axis", "expected"), [("Y_UP", (1, 2, 3)), ("Z_UP", (1, 3, 2)), ("X_UP", (2, 1, 3))]
)
def test_collada_says_which_way_is_up(axis: str, expected: Any, tmp_path: Path) -> None:
    import collada

    document = collada.Collada(str(made.made("a.dae", tmp_path)))
    document.assetInfo.upaxis = axis
    with (tmp_path / "b.dae").open("wb") as file:
        document.write(file)
    mesh = shape(tmp_path / "b.dae")
    assert np.allclose(extent(mesh), expected, atol=1e-5) and outward(mesh)


def test_what_stands_on_a_printers_bed_stands_upright(tmp_path: Path) -> None:
    cone = trimesh.creation.cone(1, 3)  # its tip at z = 3
    (tmp_path / "cone.stl").write_bytes(made.exported(cone, "stl"))
    mesh = shape(tmp_path / "cone.stl")
    tip = mesh.vertices[mesh.vertices[:, 1].argmax()]
    assert np.allclose(tip, (0, 3, 0), atol=1e-5)


@pytest.mark.parametrize("kind", ["glb", "ply", "obj"])
def test_colours_of_vertices_reach_the_faces(kind: str, tmp_path: Path) -> None:
    box: Any = trimesh.creation.box(made.SIDES)
    box.visual.vertex_colors = np.where(box.vertices[:, :1] > 0, (250, 0, 0, 255), (0, 0, 250, 255))
    (tmp_path / "a").with_suffix(f".{kind}").write_bytes(made.exported(box, kind))
    mesh = shape((tmp_path / "a").with_suffix(f".{kind}"))
    middle = mesh.vertices[mesh.faces].mean(axis=1)[:, 0]
    assert (mesh.colours[middle > 0.4] == (250, 0, 0)).all()
    assert (mesh.colours[middle < -0.4] == (0, 0, 250)).all()


def striped(kind: str) -> dict[str, bytes]:
    """Two squares, textured red (u < ½) and blue, as the files of a format."""
    vertices = [[x, y, 0] for x in (0, 1) for y in (0, 1)] + [
        [x, y, 0] for x in (2, 3) for y in (0, 1)
    ]
    faces = [[0, 2, 3], [0, 3, 1], [4, 6, 7], [4, 7, 5]]
    uv = np.array([[0.1, 0.1]] * 4 + [[0.9, 0.9]] * 4)
    uv[[1, 3], 1] += 0.1
    image = Image.new("RGB", (64, 64), (255, 0, 0))
    image.paste((0, 0, 255), (32, 0, 64, 32))  # the top right quarter: u > ½, v above ½
    material: Any = trimesh.visual.material.SimpleMaterial(image=image, name="stripes")
    if kind == "glb":
        material = material.to_pbr()
        material.baseColorFactor = None
    visual: Any = trimesh.visual.TextureVisuals(uv=uv, material=material)
    mesh = trimesh.Trimesh(vertices, faces, visual=visual, process=False)
    if kind == "obj":
        writer: Any = trimesh.exchange.obj
        text, textures = writer.export_obj(mesh, return_texture=True, mtl_name="s.mtl")
        return {"a.obj": text.encode(), **textures}
    return {f"a.{kind}": made.exported(mesh, kind)}


@pytest.mark.parametrize("kind", ["obj", "glb"])
def test_a_texture_is_sampled_where_the_face_lies(kind: str, tmp_path: Path) -> None:
    mesh = shape(write(striped(kind), tmp_path))
    left = mesh.vertices[mesh.faces][:, :, 0].max(axis=1) <= 1
    assert (np.abs(mesh.colours[left].astype(int) - (255, 0, 0)) < 3).all()
    assert (np.abs(mesh.colours[~left].astype(int) - (0, 0, 255)) < 3).all()


@pytest.mark.parametrize("lost", ["s.mtl", "stripes.png"])
def test_an_obj_without_its_material_keeps_its_shape(lost: str, tmp_path: Path) -> None:
    files = striped("obj")
    del files[lost]
    mesh = shape(write(files, tmp_path))
    assert len(mesh.faces) == 4


def test_an_obj_reads_textures_of_its_own_folder_only(tmp_path: Path) -> None:
    files = striped("obj")
    below = tmp_path / "below"
    below.mkdir()
    path = write({"a.obj": files["a.obj"]}, below)
    files["s.mtl"] = files["s.mtl"].replace(b"stripes.png", b"../stripes.png")
    write({name: data for name, data in files.items() if name != "a.obj"}, tmp_path)
    (below / "s.mtl").write_bytes(files["s.mtl"])
    mesh = shape(path)
    assert len(np.unique(mesh.colours, axis=0)) == 1  # no texture: one colour


def test_a_texture_too_large_to_decode_costs_the_colours_only(tmp_path: Path) -> None:
    from tests.readers.test_image import enormous_png

    files = striped("obj")
    files["stripes.png"] = enormous_png(60_000)
    assert len(shape(write(files, tmp_path)).faces) == 4


def test_a_texture_over_the_limit_of_pixels_is_not_decoded(tmp_path: Path) -> None:
    path = write(striped("glb"), tmp_path)
    assert len(np.unique(shape(path).colours, axis=0)) == 2
    assert len(np.unique(shape(path, Limits(pixels=1000)).colours, axis=0)) == 1


def test_obj_faces_that_count_backwards_are_read(tmp_path: Path) -> None:
    square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nf -3 -2 -1\n"
    (tmp_path / "a.obj").write_text(square + square.replace("v ", "v 5").replace("v 51", "v 6"))
    mesh = shape(tmp_path / "a.obj")
    assert len(mesh.faces) == 2 and len(mesh.vertices) == 6


def test_polygons_of_any_size_become_triangles(tmp_path: Path) -> None:
    ring = [(np.cos(a), np.sin(a), 0) for a in np.linspace(0, 2 * np.pi, 8)[:-1]]
    points = "".join(f"v {x} {y} {z}\n" for x, y, z in [*ring, (0, 0, 5)])
    (tmp_path / "a.obj").write_text(points + "f 1 2 3 4 5 6 7\nf 1 2 8\nf 2 3 4 8\n")
    assert len(shape(tmp_path / "a.obj").faces) == 5 + 1 + 2
    rows = "".join(f"{x} {y} {z}\n" for x, y, z in [*ring, (0, 0, 5)])
    (tmp_path / "a.off").write_text(f"OFF\n8 3 0\n{rows}7 0 1 2 3 4 5 6\n3 0 1 7\n4 1 2 3 7\n")
    assert len(shape(tmp_path / "a.off").faces) == 5 + 1 + 2


@pytest.mark.parametrize("order", ["<", ">"])
def test_binary_ply_of_mixed_polygons_is_read(order: str, tmp_path: Path) -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], order + "f4")
    endian = "little" if order == "<" else "big"
    header = (
        f"ply\nformat binary_{endian}_endian 1.0\nelement vertex 5\nproperty float x\n"
        "property float y\nproperty float z\nelement face 3\nproperty uchar flags\n"
        "property list uchar int vertex_indices\nend_header\n"
    )
    rows = [(0, 1, 4), (0, 1, 2, 3), (1, 2, 4)]
    body = b"".join(struct.pack(f"{order}BB{len(r)}i", 9, len(r), *r) for r in rows)
    (tmp_path / "a.ply").write_bytes(header.encode() + points.tobytes() + body)
    mesh = shape(tmp_path / "a.ply")
    assert len(mesh.faces) == 4
    assert np.allclose(extent(mesh), 1)


def test_mirrored_instances_keep_their_outside_outside(tmp_path: Path) -> None:
    scene = trimesh.Scene()
    mirror = np.diag([-1.0, 1, 1, 1])
    scene.add_geometry(made.box(), transform=mirror)
    (tmp_path / "a.glb").write_bytes(made.exported(scene, "glb"))
    assert outward(shape(tmp_path / "a.glb"))


def test_faces_without_area_and_unused_vertices_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text(
        "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 2 0 0\nv 9 9 9\nf 1 2 3\nf 1 2 4\nf 1 1 2\n"
    )
    mesh = shape(tmp_path / "a.obj")
    assert mesh.facts == {"vertices": 3.0, "faces": 1.0}


def test_only_faces_without_area_are_blank(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text("v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n")
    with pytest.raises(BlankMedia, match=r"a\.obj .*without area"):
        read(tmp_path / "a.obj")


def test_details_far_from_the_origin_survive(tmp_path: Path) -> None:
    sides = (0.11, 0.22, 0.33)
    box = trimesh.creation.box(sides)
    box.apply_translation([4_500_000.0, 200_000.0, 5_800_000.0])
    (tmp_path / "a.obj").write_bytes(made.exported(box, "obj"))
    assert np.allclose(extent(shape(tmp_path / "a.obj")), sides, atol=1e-4)


# 3MF


def test_3mf_has_colours_of_faces_and_of_objects(tmp_path: Path) -> None:
    two = TRIANGLE[1] + '<triangle v1="0" v2="2" v3="1" pid="7" p1="0"/>'
    mesh = shape(write({"a.3mf": model_3mf(TRIANGLE[0], two)}, tmp_path))
    assert mesh.colours.tolist() == [[0, 0, 255], [255, 0, 0]]


def test_3mf_components_are_placed_again_and_again(tmp_path: Path) -> None:
    more = (
        '<object id="2"><components><component objectid="1"/>'
        '<component objectid="1" transform="1 0 0 0 1 0 0 0 1 5 0 0"/></components></object>'
    )
    model = model_3mf(*TRIANGLE, more, '<item objectid="2"/><item objectid="1"/>')
    mesh = shape(write({"a.3mf": model}, tmp_path))
    assert len(mesh.faces) == 3
    assert np.allclose(extent(mesh), (6, 1, 0))


# COLLADA


def test_collada_nodes_used_again_are_read_and_counted(tmp_path: Path) -> None:
    data = made.content("a.dae").decode()
    start, end = data.index("<library_visual_scenes"), data.index("</library_visual_scenes>")
    inner = data[
        data.index("<instance_geometry", start) : data.index("</instance_geometry>", start)
    ]
    nodes = f'<node id="n0">{inner}</instance_geometry></node>'
    for n in range(1, 60):
        again = f'<instance_node url="#n{n - 1}"/>'
        moved = f"<node><translate>4 0 0</translate>{again}</node>"
        nodes += f'<node id="n{n}">{moved}{again}</node>'
    for use, faces in ((1, 24), (59, None)):
        scene = (
            f"<library_nodes>{nodes}</library_nodes><library_visual_scenes>"
            f'<visual_scene id="scene"><node><instance_node url="#n{use}"/></node></visual_scene>'
        )
        path = write({"a.dae": (data[:start] + scene + data[end:]).encode()}, tmp_path)
        if faces:
            mesh = shape(path)
            assert len(mesh.faces) == faces and np.allclose(extent(mesh), (5, 2, 3))
        else:
            with pytest.raises(OversizedMedia):
                read(path)


def test_off_has_colours_of_faces_and_of_points(tmp_path: Path) -> None:
    points = ["0 0 0", "1 0 0", "0 1 0", "1 1 1"]
    faces = "3 0 1 2  255 0 0\n4 0 1 3 2  0.0 0.0 1.0 0.5\n3 1 2 3\n"
    text = "OFF # of faces\n4 3 0\n" + "\n".join(points) + "\n" + faces
    mesh = shape(write({"a.off": text.encode()}, tmp_path))
    found = {tuple(colour) for colour in mesh.colours.tolist()}
    assert len(mesh.faces) == 4 and found == {(255, 0, 0), (0, 0, 255), GREY}
    text = "COFF\n3 1 0\n" + "\n".join(f"{p} 0 128 255 255" for p in points[:3]) + "\n3 0 1 2\n"
    mesh = shape(write({"a.off": text.encode()}, tmp_path))
    assert mesh.colours.tolist() == [[0, 128, 255]]


def test_off_with_its_counts_beside_its_name_is_read(tmp_path: Path) -> None:
    text = made.content("a.off").decode().replace("OFF\n", "OFF")
    assert len(shape(write({"a.off": text.encode()}, tmp_path)).faces) == 12


def test_two_hundred_thousand_faces_take_about_a_second(tmp_path: Path) -> None:
    path = write({"a.glb": made.exported(trimesh.creation.icosphere(7), "glb")}, tmp_path)
    read(path)
    begun = time.perf_counter()
    assert len(shape(path).faces) == 327_680
    assert time.perf_counter() - begun < 3  # 0.2 s alone on a core
