import numpy as np
import pytest

from tests.encoders.test_mesh import RED_BOX, TALL, box
from xmr_core.media import Mesh
from xmr_core.render import faces_seen, render, render_views, view_angles

SIX = [(220, 30, 30), (30, 200, 30), (240, 240, 90), (120, 60, 20), (30, 30, 220), (200, 40, 200)]
SIDES = dict(zip(("right", "left", "top", "bottom", "front", "back"), SIX, strict=True))
CUBE = box(SIX)
WHITE = np.array([255, 255, 255])


def hue(pixels):
    """Which side's colour these pixels are nearest to, however they are lit."""
    colour = pixels.reshape(-1, 3).mean(axis=0).astype(float)
    near = {
        name: float(colour @ np.array(c) / np.linalg.norm(colour) / np.linalg.norm(c))
        for name, c in SIDES.items()
    }
    return max(near, key=lambda name: near[name])


def middle(picture, size=6):
    at = len(picture) // 2
    return picture[at - size : at + size, at - size : at + size]


def covered(picture):
    return (picture != 255).any(axis=2)


def test_red_box_is_red_at_the_centre_and_its_surroundings_are_white():
    picture = render(RED_BOX, 0, 0, 128)
    assert picture.shape == (128, 128, 3)
    assert picture.dtype == np.uint8
    red, green, blue = middle(picture).reshape(-1, 3).mean(axis=0)
    assert red > 150
    assert max(green, blue) < 60
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (border == 255).all()


def test_faces_that_are_seen_have_the_colours_of_the_picture():
    seen = faces_seen(CUBE, [(40, 0), (40, 35)], 64)
    assert seen.shape == (2, 64, 64)
    assert seen.dtype == np.int32
    for faces, elevation in zip(seen, (0, 35), strict=True):
        picture = render(CUBE, 40, elevation, 64)
        assert (covered(picture) | (faces < 0)).all()
        for face in np.unique(faces[faces >= 0]):
            alike = hue(picture[faces == face])
            assert tuple(CUBE.colours[face]) == SIDES[alike]
    assert {tuple(CUBE.colours[f]) for f in np.unique(seen[0])[1:]} == {
        SIDES["front"],
        SIDES["right"],
    }


def test_mesh_without_faces_shows_nothing():
    empty = Mesh(CUBE.vertices, CUBE.faces[:0], CUBE.colours[:0])
    assert (faces_seen(empty, [(0, 0)], 16) == -1).all()
    assert (render(empty, 0, 0, 16) == 255).all()


@pytest.mark.parametrize(
    ("azimuth", "elevation", "seen"),
    [
        (0, 0, "front"),
        (90, 0, "right"),
        (180, 0, "back"),
        (270, 0, "left"),
        (-90, 0, "left"),
        (0, 90, "top"),
        (0, -90, "bottom"),
        (360, 0, "front"),
    ],
)
def test_every_side_is_seen_from_where_it_is(azimuth, elevation, seen):
    assert hue(middle(render(CUBE, azimuth, elevation, 64))) == seen


def test_right_is_right_and_up_is_up():
    """From the front and a little to the right, the right side stands at the right."""
    picture = render(CUBE, 40, 0, 128)
    row = picture[64]
    inside = np.flatnonzero(covered(row[None])[0])
    assert hue(row[inside[:8]]) == "front"
    assert hue(row[inside[-8:]]) == "right"
    column = render(CUBE, 0, 40, 128)[:, 64]
    inside = np.flatnonzero(covered(column[:, None])[:, 0])
    assert hue(column[inside[:8]]) == "top"
    assert hue(column[inside[-8:]]) == "front"


def test_silhouettes_have_the_proportions_of_the_solid():
    shape = covered(render(TALL, 0, 0, 200))
    rows, columns = np.flatnonzero(shape.any(1)), np.flatnonzero(shape.any(0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert 5.5 < height / width < 7.5  # 2.0 by 0.3, its near side a little larger
    assert shape[rows[0] : rows[-1], columns[0] : columns[-1]].mean() > 0.97
    assert abs((rows[0] + rows[-1]) / 2 - 99.5) < 1.5
    assert abs((columns[0] + columns[-1]) / 2 - 99.5) < 1.5
    assert 0.85 < height / 200 < 1.0


def test_ball_is_round_and_fills_the_picture_from_everywhere():
    import trimesh

    ball = trimesh.creation.icosphere(4)
    mesh = Mesh(
        ball.vertices.astype(np.float32),
        ball.faces.astype(np.int32),
        np.full((len(ball.faces), 3), 128, np.uint8),
    )
    y, x = np.mgrid[:96, :96] - 47.5
    for azimuth, elevation in [(0, 0), (123, 20), (10, -60)]:
        shape = covered(render(mesh, azimuth, elevation, 96))
        radius = np.sqrt(shape.sum() / np.pi)
        assert 44 < radius <= 48
        assert (shape == (np.hypot(x, y) < radius)).mean() > 0.985


def test_light_comes_from_above_left_and_shades_smoothly():
    import trimesh

    ball = trimesh.creation.icosphere(3)
    mesh = Mesh(
        ball.vertices.astype(np.float32),
        ball.faces.astype(np.int32),
        np.full((len(ball.faces), 3), 128, np.uint8),
    )
    picture = render(mesh, 0, 0, 96).astype(int)[:, :, 0]
    assert picture[24, 30] > picture[48, 80] + 20
    assert picture[24, 48] > picture[80, 48] + 20
    steps = np.abs(np.diff(picture[48, 12:84]))
    assert steps.max() < 12  # no facets
    flat = render(CUBE, 0, 0, 96).astype(int)
    assert np.ptp(middle(flat, 20)[:, :, 2]) < 25  # a flat side stays flat


def test_edges_are_smoothed():
    picture = render(RED_BOX, 30, 25, 128)
    fringe = covered(picture) & (picture[:, :, 1] > 60) & (picture[:, :, 1] < 240)
    assert 50 < fringe.sum() < 2000


def test_faces_that_look_inwards_are_lit_all_the_same():
    inside_out = Mesh(CUBE.vertices, CUBE.faces[:, ::-1].copy(), CUBE.colours)
    assert np.abs(render(inside_out, 30, 20).astype(int) - render(CUBE, 30, 20)).max() <= 1


def test_near_hides_far():
    """A small green plate before a large red one, and behind it from the other side."""
    red = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    green = red * 0.5 + np.array([0, 0, 0.3], np.float32)
    mesh = Mesh(
        np.concatenate([red, green]),
        np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]], np.int32),
        np.array([[200, 0, 0]] * 2 + [[0, 200, 0]] * 2, np.uint8),
    )
    front, back = middle(render(mesh, 0, 0)), middle(render(mesh, 180, 0))
    assert front[..., 1].mean() > front[..., 0].mean()
    assert back[..., 0].mean() > back[..., 1].mean()


def test_views_are_the_single_views_in_order():
    views = render_views(CUBE, 48)
    assert views.shape == (12, 48, 48, 3)
    for view, (azimuth, elevation) in zip(views, view_angles(), strict=True):
        assert np.array_equal(view, render(CUBE, azimuth, elevation, 48))
    assert np.array_equal(render_views(CUBE, 48), views)


@pytest.mark.parametrize("side", [1, 2, 3, 333])
def test_pictures_have_the_side_that_is_asked_for(side):
    assert render(RED_BOX, 10, 10, side).shape == (side, side, 3)


@pytest.mark.parametrize(
    "vertices",
    [
        CUBE.vertices * 1e-20,
        CUBE.vertices * 1e20,
        CUBE.vertices + 1e7,
        CUBE.vertices * np.array([1, 1, 0], np.float32),
        CUBE.vertices * 0,
    ],
    ids=["tiny", "huge", "far away", "flat", "a point"],
)
def test_extreme_coordinates_give_a_picture(vertices):
    picture = render(Mesh(vertices.astype(np.float32), CUBE.faces, CUBE.colours), 20, 15, 64)
    assert picture.shape == (64, 64, 3)


def test_scale_and_place_do_not_change_the_picture():
    plain = render(CUBE, 33, 21, 64).astype(int)
    other = Mesh(CUBE.vertices * 1000 + 7, CUBE.faces, CUBE.colours)
    assert (np.abs(render(other, 33, 21, 64) - plain).max(axis=2) > 8).mean() < 0.02


def test_very_many_faces_take_the_plain_shading():
    import trimesh

    ball = trimesh.creation.icosphere(7)  # 327,680 faces
    mesh = Mesh(
        ball.vertices.astype(np.float32),
        ball.faces.astype(np.int32),
        np.full((len(ball.faces), 3), (220, 30, 30), np.uint8),
    )
    red, green, _ = middle(render(mesh, 0, 0, 64)).reshape(-1, 3).mean(axis=0)
    assert red > 150 > 60 > green
