"""Heat of faces by what is seen near them: parts are as deep as they are wide."""

import numpy as np

from xmr_core.explain.views import through
from xmr_core.media import Mesh


def triangles(*middles: tuple[float, float, float]) -> Mesh:
    corner = 0.01 * np.array([[1, 0, 0], [-1, 1, 0], [0, -1, 0]])
    vertices = np.concatenate([np.asarray(m) + corner for m in middles]).astype(np.float32)
    faces = np.arange(3 * len(middles), dtype=np.int32).reshape(-1, 3)
    return Mesh(vertices, faces, np.full((len(faces), 3), 128, np.uint8))


def test_a_face_behind_another_means_what_that_one_means() -> None:
    mesh = triangles((0, 0, 0), (0, 0, 0.05), (1, 0, 0), (1, 0, 0.05))
    heat = through(mesh, np.array([30.0, 0, 5, 0]), np.array([10, 0, 10, 0]))
    np.testing.assert_allclose(heat, [3, 3, 0.5, 0.5], atol=0.05)


def test_pixels_count_and_not_faces() -> None:
    mesh = triangles((0, 0, 0), (0.01, 0, 0), (1, 0, 0))
    heat = through(mesh, np.array([90.0, 0, 1]), np.array([90, 10, 1]))
    np.testing.assert_allclose(heat[:2], 0.9, atol=0.02)


def test_what_is_far_from_everything_seen_has_the_least() -> None:
    mesh = triangles((0, 0, 0), (0.1, 0, 0), (1, 1, 1))
    heat = through(mesh, np.array([4.0, 2, 0]), np.array([2, 2, 0]))
    assert heat[2] == heat[:2].min() > 0


def test_a_mesh_of_which_nothing_is_seen_is_cold() -> None:
    assert not through(triangles((0, 0, 0), (1, 0, 0)), np.zeros(2), np.zeros(2, int)).any()
