"""Heat at the resolution of the medium."""

from dataclasses import replace

import numpy as np
import pytest

from tests.explain.planted import picture_of, text_of
from xmr_core.errors import ExplanationError
from xmr_core.explain import Side
from xmr_core.explain.heat import over_characters, over_pixels, shown, shown_by_kind
from xmr_core.media import Text


def grid(*shape: int, spare: int = 0) -> Side:
    count = int(np.prod(shape)) + spare
    return picture_of(np.zeros((count, 4), np.float32), grid=shape)


def words(text: str, spans: list[tuple[int, int]]) -> Side:
    side = text_of(np.zeros((len(spans), 4), np.float32))
    return replace(
        side,
        media=Text(text),
        boxes=np.array(spans, np.float32)[:, :, None],
        labels=tuple(text[a:b] for a, b in spans),
    )


def test_the_hottest_cell_is_the_hottest_place() -> None:
    heat = np.zeros(12, np.float32)
    heat[6] = 1  # row 2, column 3 of 3 × 4
    pixels = over_pixels(grid(3, 4), heat, 90, 160)
    assert pixels.shape == (90, 160)
    y, x = np.unravel_index(pixels.argmax(), pixels.shape)
    assert 30 <= y < 60 and 80 <= x < 120


def test_heat_is_smooth_and_stays_within_its_bounds() -> None:
    heat = np.random.default_rng(0).normal(size=36).astype(np.float32)
    pixels = over_pixels(grid(6, 6), heat, 240, 240)
    assert pixels.min() >= heat.min() and pixels.max() <= heat.max()
    assert np.abs(np.diff(pixels, axis=0)).max() < 0.15 * np.ptp(heat)


def test_even_heat_stays_even() -> None:
    np.testing.assert_allclose(over_pixels(grid(3, 3), np.full(9, 0.3, np.float32), 50, 20), 0.3)


def test_frames_have_maps_of_their_own_and_sounds_have_none() -> None:
    heat = np.repeat(np.arange(3, dtype=np.float32), 4)
    pixels = over_pixels(grid(3, 2, 2, spare=2), np.append(heat, [9, 9]).astype(np.float32), 8, 8)
    assert pixels.shape == (3, 8, 8)
    np.testing.assert_allclose(pixels.mean(axis=(1, 2)), [0, 1, 2])


def test_parts_that_are_no_cells_are_refused_in_words() -> None:
    side = text_of(np.zeros((3, 4), np.float32), grid=(3,))
    with pytest.raises(ExplanationError, match="no cells of a picture"):
        over_pixels(side, np.zeros(3, np.float32), 8, 8)
    with pytest.raises(ExplanationError, match="no characters"):
        over_characters(grid(2, 2), np.zeros(4, np.float32))


def test_words_colour_their_characters_and_half_the_gap() -> None:
    side = words("red, big — dog", [(0, 3), (5, 8), (11, 14)])
    drawn = over_characters(side, np.array([1, 3, 2], np.float32))
    assert drawn.tolist() == [1, 1, 1, 2, 2, 3, 3, 3, 2.5, 2.5, 2.5, 2, 2, 2]


def test_what_no_word_covers_has_the_least_heat() -> None:
    side = words("ab      cd !!", [(0, 2), (8, 10)])
    drawn = over_characters(side, np.array([1, 3], np.float32))
    assert drawn.tolist() == [1, 1] + [1] * 6 + [3, 3] + [1] * 3


def test_nothing_is_shown_where_all_parts_are_alike() -> None:
    assert shown(np.full(5, 0.2, np.float32)).tolist() == [0] * 5
    assert shown(np.array([-3, -2, -1], np.float32)).tolist() == [0, 0, 1]


def test_what_is_heard_has_a_scale_of_its_own() -> None:
    film = grid(2, 1, 2, spare=3)
    assert film.kinds == (slice(0, 4), slice(4, 7))
    heat = np.array([1, 2, 3, 5, 100, 300, 200], np.float32)
    np.testing.assert_allclose(shown_by_kind(film, heat), [0, 0, 0.2, 1, 0, 1, 0], atol=1e-6)
    assert grid(2, 2).kinds == (slice(0, 4),)
    assert text_of(np.zeros((3, 4), np.float32)).kinds == (slice(0, 3),)
    assert shown(heat).tolist()[:4] == [0, 0, 0, 0]  # on one scale nothing of the picture is left
