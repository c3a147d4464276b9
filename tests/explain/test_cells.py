"""Pictures taken apart into cells."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.encoders.areas import redraw
from xmr_core.encoders.image import ImageEncoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE
from xmr_core.explain.methods import METHODS
from xmr_core.explain.sides import side_of
from xmr_core.explain.sides.windows import (
    CELLS,
    STARTS,
    WIDTH,
    gather,
    lattice,
    overlap,
    windows,
)
from xmr_core.heads import Head
from xmr_core.media import Image, Mesh, Modality, Text
from xmr_core.space import JointSpace

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def space() -> JointSpace:
    encoder = ImageEncoder(("lite0",))
    head = Head.identity(encoder.dim)
    return JointSpace(
        "cells", encoder.dim, {Modality.IMAGE: encoder}, {(Modality.IMAGE, "gallery"): head}
    )


def blobs(side: int = 64) -> np.ndarray:
    """A soft random picture."""
    small = RNG.integers(0, 256, (4, 4, 3)).astype(np.uint8)
    return np.kron(small, np.ones((side // 4, side // 4, 1), np.uint8))


def test_redrawing_a_grid_keeps_its_mean() -> None:
    grid = RNG.normal(size=(9, 7, 3)).astype(np.float32)
    for cells in (5, 9, 12):
        drawn = redraw(grid, cells, cells)
        assert drawn.shape == (cells, cells, 3)
        np.testing.assert_allclose(drawn.mean((0, 1)), grid.mean((0, 1)), atol=1e-5)


def test_an_even_grid_stays_even() -> None:
    np.testing.assert_allclose(redraw(np.ones((9, 9, 1), np.float32), 12, 12), 1, atol=1e-6)
    np.testing.assert_allclose(overlap(12, 9).sum(axis=1), 1, atol=1e-6)


def test_windows_say_of_each_place_what_is_there() -> None:
    """Grids that hold each window's own coordinates come back as coordinates."""
    grids = []
    for y in STARTS:
        for x in STARTS:
            middles = (np.arange(8) + 0.5) / 8 * WIDTH
            grids.append(np.stack(np.meshgrid(y + middles, x + middles, indexing="ij"), axis=2))
    own = gather([2 * g - g.mean((0, 1)) for g in grids], 12)  # undoes the half of the window
    middles = (np.arange(12) + 0.5) / 12
    np.testing.assert_allclose(own[:, 3, 0], middles, atol=0.02)
    np.testing.assert_allclose(own[3, :, 1], middles, atol=0.02)


def test_a_window_counts_half_with_all_it_shows() -> None:
    grids = [np.zeros((2, 2, 1), np.float32) for _ in range(9)]
    grids[0][0, 0] = 1  # the upper left corner of the upper left window
    cells = gather(grids, 4)[:, :, 0]
    assert cells[0, 0] == pytest.approx(0.5 * (1 + 0.25))
    assert cells[3, 3] == 0
    assert 0 < cells[1, 1] < cells[0, 0]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (2, 3), (224, 160), (449, 447)])
def test_every_pixel_is_in_a_window_and_no_window_is_empty(shape: tuple[int, int]) -> None:
    numbers = np.arange(shape[0] * shape[1]).reshape(shape)
    parts = windows(np.repeat(numbers[:, :, None], 3, axis=2))
    assert len(parts) == 9 and all(part.size for part in parts)
    assert set(np.unique(np.concatenate([p[:, :, 0].ravel() for p in parts]))) == set(
        numbers.ravel()
    )


def test_the_cells_of_a_picture_sum_to_its_vector(space: JointSpace) -> None:
    side = side_of(Image(blobs()), space)
    assert side.grid == (CELLS, CELLS) and side.boxes.shape == (CELLS * CELLS, 2, 2)
    largest = side.pooled.max()
    np.testing.assert_allclose(side.weights @ side.features, side.pooled, atol=1e-4 * largest)
    made = METHODS["gradient"](side, side, space)
    assert made.hit_heat.sum() == pytest.approx(made.score, abs=1e-3)


def test_the_quarter_that_is_asked_for_is_where_the_heat_is(space: JointSpace) -> None:
    quarters = [blobs() for _ in range(4)]
    mosaic = Image(np.vstack([np.hstack(quarters[:2]), np.hstack(quarters[2:])]))
    side = side_of(mosaic, space)
    for i, quarter in enumerate(quarters):
        heat = METHODS["closeup"](side_of(Image(quarter), space), side, space).hit_heat
        y, x = side.boxes[int(heat.argmax())].mean(axis=0)
        assert (int(y > 0.5), int(x > 0.5)) == divmod(i, 2)


def test_a_picture_of_one_pixel_has_cells(space: JointSpace) -> None:
    side = side_of(Image(np.zeros((1, 1, 3), np.uint8)), space)
    assert side.count == CELLS * CELLS and CLOSE in side.variants


def test_boxes_lie_row_by_row() -> None:
    boxes = lattice(2, 3)
    np.testing.assert_allclose(boxes[4], [[0.5, 1 / 3], [1, 2 / 3]], atol=1e-6)


def test_any_encoder_of_pictures_will_do() -> None:
    space = fake_space()
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, :, 1] = 255
    pixels[20:, 20:] = (255, 0, 0)
    side = side_of(Image(pixels), space)
    made = METHODS["similarity"](side_of(Text("red"), space), side, space)
    y, x = side.boxes[int(made.hit_heat.argmax())].mean(axis=0)
    assert y > 0.5 and x > 0.5
    assert side_of(Image(pixels[:1, :1]), space).count == side.count


def test_a_medium_that_the_space_lacks_is_refused_in_words() -> None:
    space = fake_space(mesh=None)
    solid = Mesh(
        np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32), np.zeros((1, 3), np.uint8)
    )
    with pytest.raises(ExplanationError, match="cannot take a 3D model apart"):
        side_of(solid, space)
