"""Meshes that cannot be used: too large, broken off, without faces, of no numbers."""

import struct
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import trimesh

from tests.readers import made
from tests.readers.shapes import TRIANGLE, glb, model_3mf, shape, write
from xmr_core.errors import BlankMedia, DamagedMedia, OversizedMedia
from xmr_core.readers import Limits, read

TEN_MILLION = 10_000_000

# Points that are no numbers


def _nan(name: str) -> bytes:
    data = made.content(name)
    if name in ("a.glb", "a.stl", "a.ply"):
        coordinate = struct.pack("<f", 1.5 if name != "a.stl" else -1.5)
        assert coordinate in data
        return data.replace(coordinate, struct.pack("<f", np.nan))
    for number in (b"1.5000000000", b"1.50000000", b"1.5"):
        if number in data:
            return data.replace(number, b"nan")
    raise AssertionError(name)


@pytest.mark.parametrize("name", ["a.glb", "a.stl", "a.ply", "a.obj", "a.off", "a.dae"])
def test_nan_vertices_are_damage_that_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(_nan(name))
    with pytest.raises(DamagedMedia, match=name) as caught:
        read(tmp_path / name)
    assert caught.value.hint
    if name != "a.obj":  # trimesh stops at the word before the numbers are looked at
        assert "NaN" in caught.value.reason


def test_nan_vertices_of_a_3mf_are_damage(tmp_path: Path) -> None:
    model = model_3mf('<vertex x="NaN" y="0" z="0"/>' + TRIANGLE[0], TRIANGLE[1])
    with pytest.raises(DamagedMedia, match="NaN"):
        read(write({"a.3mf": model}, tmp_path))


def test_a_nan_vertex_that_no_face_touches_does_not_matter(tmp_path: Path) -> None:
    box = made.box()
    box.vertices = np.vstack([box.vertices, [[np.nan] * 3]])
    (tmp_path / "a.ply").write_bytes(made.exported(box, "ply"))
    assert len(shape(tmp_path / "a.ply").faces) == 12


# No faces


POINTS = {
    "a.obj": b"v 0 0 0\nv 1 1 1\n",
    "a.off": b"OFF\n2 0 0\n0 0 0\n1 1 1\n",
    "a.ply": b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\n"
    b"property float z\nend_header\n0 0 0\n",
    "a.stl": bytes(84),
    "b.stl": b"solid nothing with no facet\nendsolid nothing\n",
    "a.gltf": b'{"asset": {"version": "2.0"}}',
}


@pytest.mark.parametrize("name", POINTS)
def test_no_faces_are_blank(name: str, tmp_path: Path) -> None:
    with pytest.raises(BlankMedia, match=rf"{name} holds no faces") as caught:
        read(write({name: POINTS[name]}, tmp_path))
    assert caught.value.hint


def test_a_scene_of_points_is_blank(tmp_path: Path) -> None:
    cloud = trimesh.PointCloud(np.eye(3))
    (tmp_path / "a.glb").write_bytes(made.exported(trimesh.Scene(cloud), "glb"))
    with pytest.raises(BlankMedia):
        read(tmp_path / "a.glb")


# Ten million faces


def _promised_glb(faces: int) -> bytes:
    accessor = {"componentType": 5126, "type": "VEC3", "count": 3 * faces}
    return glb(
        {
            "asset": {"version": "2.0"},
            "accessors": [accessor],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        }
    )


PROMISES = {
    "a.stl": bytes(80) + struct.pack("<I", TEN_MILLION),
    "a.ply": b"ply\nformat binary_little_endian 1.0\nelement vertex 3\nproperty float x\n"
    b"property float y\nproperty float z\nelement face 10000000\n"
    b"property list uchar int vertex_indices\nend_header\n",
    "a.off": b"OFF\n3 10000000 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
    "a.glb": _promised_glb(TEN_MILLION),
    "a.gltf": _promised_glb(TEN_MILLION)[20:],
}


@pytest.mark.parametrize("name", PROMISES)
def test_ten_million_faces_are_refused_by_the_header(name: str, tmp_path: Path) -> None:
    path = write({name: PROMISES[name]}, tmp_path)
    read(made.made("a.off", tmp_path / ".")) if name != "a.off" else None
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(OversizedMedia, match=rf"{name} has 10,000,000 faces") as caught:
        read(path)
    assert time.perf_counter() - begun < 1 and tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()
    assert "decimate" in caught.value.hint


def test_an_obj_of_too_many_faces_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    text = b"v 0 0 0\nv 1 0 0\nv 0 1 0\n" + b"f 1 2 3\n" * 50
    with pytest.raises(OversizedMedia, match="50 faces"):
        read(write({"a.obj": text}, tmp_path), Limits(faces=49))


@pytest.mark.parametrize("name", made.MESHES)
def test_every_format_is_held_to_the_limit_of_faces(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    with pytest.raises(OversizedMedia, match="12 faces"):
        read(path, Limits(faces=11))
    assert len(shape(path, Limits(faces=12)).faces) == 12


@pytest.mark.parametrize("name", [name for name in made.MESHES if name != "a.obj"])
def test_a_mesh_that_breaks_off_is_damaged(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    for share in (0.5, 0.9):
        with pytest.raises(DamagedMedia, match=name):
            read(write({name: data[: int(len(data) * share)]}, tmp_path))


def test_an_obj_does_not_know_its_end(tmp_path: Path) -> None:
    data = made.content("a.obj")
    assert 0 < len(shape(write({"a.obj": data[: data.rindex(b"f ")]}, tmp_path)).faces) < 12


def test_a_face_between_points_that_are_not_there_is_damage(tmp_path: Path) -> None:
    for name, text in {
        "a.obj": "v 0 0 0\nv 1 0 0\nf 1 2 3\n",
        "a.off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n",
    }.items():
        with pytest.raises(DamagedMedia, match=name):
            read(write({name: text.encode()}, tmp_path))
    model = model_3mf(TRIANGLE[0], '<triangle v1="0" v2="1" v3="9"/>')
    with pytest.raises(DamagedMedia, match="not in it"):
        read(write({"a.3mf": model}, tmp_path))


def test_3mf_components_that_double_sixty_times_are_refused(tmp_path: Path) -> None:
    more = "".join(
        f'<object id="{n}"><components>{f"""<component objectid="{n - 1}"/>""" * 2}</components>'
        "</object>"
        for n in range(2, 62)
    )
    model = model_3mf(*TRIANGLE, more, '<item objectid="61"/>')
    with pytest.raises(OversizedMedia, match=f"{2**60:,} faces"):
        read(write({"a.3mf": model}, tmp_path))


def test_3mf_components_that_hold_themselves_are_damage(tmp_path: Path) -> None:
    more = '<object id="2"><components><component objectid="2"/></components></object>'
    model = model_3mf(*TRIANGLE, more, '<item objectid="2"/>')
    with pytest.raises(DamagedMedia):
        read(write({"a.3mf": model}, tmp_path))


def test_collada_entities_are_refused(tmp_path: Path) -> None:
    from tests.readers.test_text import LAUGHS

    data = made.content("a.dae")
    body = data[data.index(b"<COLLADA") :].replace(b"<contributor", b"&c;<contributor")
    with pytest.raises(DamagedMedia, match="entities"):
        read(write({"a.dae": LAUGHS + body}, tmp_path))


def test_a_zip_behind_a_collada_file_is_not_opened(tmp_path: Path) -> None:
    data = made.content("a.dae") + made.zipped({"b.dae": made.content("a.dae")})
    with pytest.raises(DamagedMedia):
        read(write({"a.dae": data}, tmp_path))
