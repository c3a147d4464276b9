"""Prints of 3D models."""

import numpy as np

from tests.duplicates import made
from xmr_core.duplicates import Kind, shapes
from xmr_core.media import Mesh


def pairs(*meshes):
    return shapes.pairs({i: [shapes.print_of(mesh)] for i, mesh in enumerate(meshes)})


def test_a_turned_and_scaled_model_is_the_same_shape():
    one = made.shape(1)
    (pair,) = pairs(one, made.turned(one))
    assert pair.kind is Kind.SAME and pair.similarity > 0.99


def test_a_model_with_fewer_faces_is_the_same_shape():
    (pair,) = pairs(made.shape(2, detail=34), made.shape(2, detail=24))
    assert pair.kind is Kind.SAME


def test_a_model_that_lies_on_its_side_is_told_so():
    one = made.shape(3)
    lying = Mesh(one.vertices[:, [0, 2, 1]] * np.float32([1, -1, 1]), one.faces, one.colours)
    (pair,) = pairs(one, lying)
    assert pair.kind is Kind.TURNED


def test_a_model_turned_about_no_axis_in_particular_is_known_again():
    one = made.shape(5)
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    freely = Mesh((one.vertices @ turn.T * 2).astype(np.float32), one.faces, one.colours)
    (pair,) = pairs(one, freely)
    assert pair.kind is Kind.TURNED and pair.similarity > 0.97


def test_a_painted_model_is_told_so():
    one = made.shape(4)
    (pair,) = pairs(one, Mesh(one.vertices, one.faces, one.colours + np.uint8(100)))
    assert pair.kind is Kind.RECOLOURED


def test_different_shapes_are_no_pairs():
    assert pairs(*(made.shape(seed) for seed in range(12))) == []


def test_a_model_without_any_area_has_a_print_all_the_same():
    line = Mesh(
        np.float32([[0, 0, 0], [1, 0, 0], [2, 0, 0]]),
        np.int32([[0, 1, 2]]),
        np.zeros((1, 3), np.uint8),
    )
    assert np.isfinite(np.frombuffer(shapes.print_of(line), "<f2").astype(float)).all()
