"""3D models taken apart and painted, by the real encoder on models that were put together."""

import numpy as np
import pytest

from tests.encoders.test_mesh import box
from xmr_core.demo.meshes import fruit, music, plants, vehicles
from xmr_core.demo.solids import export
from xmr_core.errors import ExplanationError
from xmr_core.explain.methods import METHODS
from xmr_core.explain.painting import RAMP, finer, paint, painted_glb
from xmr_core.explain.sides import side_of
from xmr_core.explain.views import faces_heat
from xmr_core.media import Mesh, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.readers import read
from xmr_core.render import render

GREY = box([(128, 128, 128)] * 6)


@pytest.fixture(scope="module")
def space():
    return load_profile("embedded")


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """Four models two by two, as one; and which of them each face belongs to."""
    folder = tmp_path_factory.mktemp("models")
    vertices, faces, colours, owners, start = [], [], [], [], 0
    for place, build in enumerate((music.guitar, vehicles.car, plants.sunflower, fruit.banana)):
        file = folder / f"{place}.glb"
        file.write_bytes(export(build(), ".glb"))
        mesh = read(file)
        at = mesh.vertices - (mesh.vertices.min(0) + mesh.vertices.max(0)) / 2
        at = at / np.linalg.norm(at, axis=1).max()
        vertices.append(at + np.array([2.1 * (place % 2), -2.1 * (place // 2), 0]))
        faces.append(mesh.faces + start)
        colours.append(mesh.colours)
        owners.append(np.full(len(mesh.faces), place))
        start += len(at)
    joined = Mesh(
        np.concatenate(vertices).astype(np.float32),
        np.concatenate(faces).astype(np.int32),
        np.concatenate(colours),
    )
    return joined, np.concatenate(owners)


@pytest.fixture(scope="module")
def side(four, space):
    return side_of(four[0], space)


def heat(words, side, space):
    return METHODS["similarity"](side_of(Text(words), space), side, space).hit_heat


def test_models_side_by_side_are_found_by_their_names(side, four, space):
    """Three of four at least; by chance one would be."""
    mesh, owners = four
    found = []
    for words in ("guitar", "car", "sunflower", "banana"):
        faces = faces_heat(side, heat(words, side, space))
        assert faces.shape == (len(mesh.faces),)
        found.append(owners[faces.argmax()])
    assert np.equal(found, range(4)).sum() >= 3


def test_weighted_cells_make_the_whole(side, space):
    (encoded,) = space.encoders[Modality.MESH].encode([side.media])
    most = encoded.pooled.max()
    assert np.allclose(side.pooled, encoded.pooled, atol=1e-3 * most)
    assert np.allclose(side.weights @ side.features, encoded.pooled, atol=1e-3 * most)
    assert side.weights.sum() == pytest.approx(1)


def test_cells_lie_in_their_view(side):
    views, rows, columns = side.grid
    assert views == 12
    boxes = side.boxes.reshape(views, rows, columns, 2, 3)
    assert boxes[:, 0, 0, 0, 0].tolist() == list(range(12))
    assert np.allclose(boxes[3, -1, -1, 1], [4, 1, 1])
    assert side.labels[0] == "view 1"
    assert side.labels[-1] == "view 12"


def test_painted_model_is_a_file_whose_hot_faces_have_the_hot_colour(side, four, space, tmp_path):
    mesh, _ = four
    file = tmp_path / "painted.glb"
    file.write_bytes(painted_glb(side, heat("banana", side, space)))
    painted = read(file)
    assert np.allclose(painted.vertices.min(0), mesh.vertices.min(0), atol=1e-4)
    assert np.allclose(painted.vertices.max(0), mesh.vertices.max(0), atol=1e-4)
    middles = painted.vertices[painted.faces].mean(axis=1)
    right, low = middles[:, 0] > 1.05, middles[:, 1] < -1.05
    warm = painted.colours[:, 0].astype(int) - painted.colours[:, 2]  # red less blue
    means = [warm[a & b].mean() for a, b in
             ((~right, ~low), (right, ~low), (~right, low), (right, low))]  # fmt: skip
    assert np.argmax(means) == 3
    assert warm[warm.argmax()] > 60


def test_a_model_without_colours_is_painted_like_any_other(space, tmp_path):
    side = side_of(GREY, space)
    cells = (side.boxes[:, 0, 0] == 0).astype(np.float32)  # the first view looks at the front
    file = tmp_path / "cube.glb"
    file.write_bytes(painted_glb(side, cells, 1.0))
    front, back = (
        render(read(file), azimuth, 20, 96)[40:56, 40:56].astype(int) for azimuth in (0, 180)
    )
    assert (front[..., 0] - front[..., 2]).mean() > (back[..., 0] - back[..., 2]).mean() + 40


def test_heat_changes_within_a_large_face(space, tmp_path):
    """A cube's side is two triangles; its left half is hot in the view from the front."""
    side = side_of(GREY, space)
    cells = ((side.boxes[:, 0, 0] == 0) & (side.boxes[:, 1, 2] <= 0.5)).astype(np.float32)
    file = tmp_path / "cube.glb"
    file.write_bytes(painted_glb(side, cells, 1.0))
    picture = render(read(file), 0, 0, 96).astype(int)
    left, right = picture[44:52, 30:36], picture[44:52, 60:66]
    assert (left[..., 0] - left[..., 2]).mean() > (right[..., 0] - right[..., 2]).mean() + 40


def test_paint_without_opacity_is_the_models_own_grey():
    mesh = box([(255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 9, 9), (250, 250, 250), (0, 0, 0)])
    plain = paint(mesh, np.arange(12, dtype=np.float32), 0.0)
    assert (plain.colours == plain.colours[:, :1]).all()
    assert plain.colours[[0, 2, 6], 0].tolist() == [76, 150, 9]


def test_the_hottest_face_has_the_last_colour_and_the_coldest_hardly_any():
    heat = np.arange(12, dtype=np.float32)
    colours = paint(GREY, heat, 1.0).colours.astype(int)
    assert colours[11].tolist() == list(RAMP[-1][1:])
    assert np.abs(colours[0] - 128).max() < 35


def test_heat_that_is_the_same_everywhere_paints_nothing_hot():
    colours = paint(GREY, np.ones(12, np.float32), 1.0).colours.astype(int)
    assert (colours[:, 0] <= colours[:, 2]).all()


def test_cutting_faces_keeps_their_place_area_and_colour():
    mesh = box([(255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 9, 9), (250, 250, 250), (0, 0, 0)])
    fine = finer(mesh)
    assert 1000 < len(fine.faces) <= 60_000
    corners = fine.vertices[fine.faces]
    areas = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    red = (fine.colours == [255, 0, 0]).all(axis=1)
    assert areas.sum() / 2 == pytest.approx(6, rel=1e-4)
    assert areas[red].sum() / 2 == pytest.approx(1, rel=1e-4)
    assert (corners[red][:, :, 0] == 0.5).all()


def test_a_model_of_slivers_is_not_cut_beyond_bounds():
    """Ten thousand needles as long as the model."""
    rng = np.random.default_rng(0)
    ends = rng.uniform(-1, 1, (10_000, 2, 3))
    corners = np.concatenate([ends, ends[:, 1:] + 1e-3], axis=1)
    mesh = Mesh(
        corners.reshape(-1, 3).astype(np.float32),
        np.arange(30_000, dtype=np.int32).reshape(-1, 3),
        np.full((10_000, 3), 100, np.uint8),
    )
    assert len(finer(mesh).faces) <= 60_000


def test_a_model_of_one_point_stays_as_it_is():
    mesh = Mesh(np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.int32), GREY.colours[:1])
    assert finer(mesh) is mesh


def test_only_models_are_painted(space):
    words = side_of(Text("a red cube"), space)
    with pytest.raises(ExplanationError, match="cannot be painted"):
        painted_glb(words, np.ones(words.count, np.float32))
