"""Heads' derivatives, against finite differences in double precision."""

import numpy as np
import pytest

from tests.fakes import Turn
from tests.test_heads import draw, linear, rich_head
from xmr_core.heads import (
    Blend,
    Branches,
    Gelu,
    Head,
    Kernel,
    Layer,
    Relu,
    Residual,
    Root,
    Sign,
    Slice,
    Softmax,
    SparseCode,
    Standardise,
    Tanh,
    Unit,
)
from xmr_core.media import Floats
from xmr_core.space import HalvesHead, along

LAYERS: dict[str, Layer] = {
    "blend": Blend((linear(6, 1),), ((Unit(),), (linear(6, 3),)), (0.2, 0.9), (0.8, 0.1)),
    "branches side by side": Branches("concat", ((Unit(),), (linear(6, 3), Gelu())), (0.7, 1.2)),
    "branches added": Branches("sum", ((linear(6, 4),), (linear(6, 4), Unit())), (0.7, 1.2)),
    "gelu": Gelu(),
    "kernel": Kernel(draw(4, 6), 0.1),
    "linear": linear(6, 4),
    "relu": Relu(),
    "residual": Residual((linear(6, 6), Gelu())),
    "root": Root(),
    "sign": Sign(),
    "slice": Slice(1, 4),
    "softmax": Softmax(0.7),
    "sparse code": SparseCode(draw(9, 6), 0.3, 12),
    "sparse code, added words": SparseCode(draw(9, 6), 0.3, 12, positive=True),
    "standardise": Standardise(draw(6), draw(6)),
    "tanh": Tanh(),
    "unit": Unit(),
}


def numerically(f: object, x: Floats, dx: Floats) -> Floats:
    """Central differences in double precision."""
    wide, step = x.astype(np.float64), 1e-5 * dx.astype(np.float64)
    return (f(wide + step) - f(wide - step)) / 2e-5  # type: ignore[operator]


@pytest.mark.parametrize("name", LAYERS.keys() - {"sign"})
def test_every_kind_of_layer_knows_its_derivative(name: str) -> None:
    x, dx = np.abs(draw(1, 6)) + 0.2, draw(5, 6)
    np.testing.assert_allclose(
        LAYERS[name].along(x, dx), numerically(LAYERS[name], x, dx), atol=2e-4, rtol=1e-3
    )


def test_signs_let_slopes_through_near_zero_alone() -> None:
    x = np.array([[-3, -0.5, 0, 2]], np.float32)
    assert Sign()(x).tolist() == [[-1, -1, 1, 1]]
    assert Sign().along(x, np.full((1, 4), 7, np.float32)).tolist() == [[0, 7, 7, 0]]


def test_every_kind_of_layer_is_tried() -> None:
    from xmr_core.heads import KINDS

    tried = {type(layer).__name__.lower() for layer in LAYERS.values()}
    assert tried == set(KINDS)


def test_a_rich_head_knows_its_derivative() -> None:
    head, x, dx = rich_head(), np.abs(draw(1, 12)) + 0.5, 0.1 * draw(4, 12)
    row, grown = head.along(x, dx)
    np.testing.assert_allclose(row, head.raw(x), atol=1e-6)
    step = np.float32(1e-2)
    numeric = (head.raw(x + step * dx) - head.raw(x - step * dx)) / (2 * step)
    np.testing.assert_allclose(grown, numeric, atol=2e-3)


def test_nothing_moves_where_roots_and_lengths_are_zero() -> None:
    zeros, dx = np.zeros((1, 3), np.float32), np.eye(3, dtype=np.float32)
    assert not Root().along(zeros, dx).any()
    assert np.isfinite(Unit().along(zeros, dx)).all()


def test_an_affine_head_is_its_row_and_its_derivative() -> None:
    head, x, dx = Head.affine(draw(5, 3), draw(3)), draw(1, 5), draw(4, 5)
    row, grown = head.along(x, dx)
    np.testing.assert_allclose(row + grown, head.raw(x + dx), atol=1e-5)


def test_a_head_without_derivatives_is_measured() -> None:
    x, dx = np.array([[1, 2, 0.5, 1]], np.float32), draw(3, 4)
    row, grown = along(Turn(1), x, dx)
    np.testing.assert_allclose(row, Turn(1)(x))
    length, turned = np.linalg.norm(x), np.roll(dx, 1, axis=1)
    exact = (turned - (turned @ row.T) * row) / length
    np.testing.assert_allclose(grown, exact, atol=1e-3)
    assert not along(Turn(1), x, np.zeros((1, 4), np.float32))[1].any()


@pytest.mark.parametrize("absent", [None, "pictures", "sound"])
def test_both_halves_of_a_video_are_followed(absent: str | None) -> None:
    head = HalvesHead(Head.affine(draw(4, 3)), Head.affine(draw(2, 3)), 4)
    x = draw(1, 6)
    if absent:
        x[:, slice(4) if absent == "pictures" else slice(4, 6)] = 0
    dx = 0.1 * draw(5, 6) * (x != 0)
    row, grown = head.along(x, dx)
    y = row / np.linalg.norm(row)
    np.testing.assert_allclose(y, head(x), atol=1e-6)
    unit = (grown - (grown @ y.T) * y) / np.linalg.norm(row)
    step = np.float32(1e-2)
    numeric = (head(x + step * dx) - head(x - step * dx)) / (2 * step)
    np.testing.assert_allclose(unit, numeric, atol=1e-3)
