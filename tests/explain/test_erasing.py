"""Places erased again and again: what is left, and whom the falls of the score belong to."""

from dataclasses import replace

import numpy as np
import pytest

from tests.explain.planted import cca_space, picture_of, text_of
from xmr_core.encoders.areas import overlap
from xmr_core.encoders.image import ImageEncoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Erased
from xmr_core.explain.methods import METHODS, default_method
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.erased import shared_out
from xmr_core.explain.occlusion import occlude
from xmr_core.explain.sides.erasing import SQUARES, erase_again, sets
from xmr_core.explain.sides.windows import CELLS, lattice
from xmr_core.media import Image

SPACE = cca_space()
TOPICS = np.eye(4, dtype=np.float32)


def blobs(height: int = 60, width: int = 80) -> Image:
    small = np.random.default_rng(1).integers(0, 256, (4, 4, 3)).astype(np.uint8)
    return Image(np.kron(small, np.ones((height // 4, width // 4, 1), np.uint8)))


def erased_side(cells: np.ndarray):
    """A picture whose parts were taken out of its mean, half of them at a time."""
    side = picture_of(cells)
    p = side.count
    gone = (np.random.default_rng(0).random((60, p)) < 0.5).astype(np.float32)
    features = (1 - gone) @ side.features / p
    return replace(side, erased=Erased(features.astype(np.float32), gone))


def test_falls_are_shared_out_to_the_parts_that_they_come_from() -> None:
    rng = np.random.default_rng(0)
    places = lattice(6, 6).mean(axis=1)
    true = np.exp(-((places - [0.3, 0.7]) ** 2).sum(axis=1) / 0.02).astype(np.float32)
    gone = (rng.random((200, 36)) < 0.5).astype(np.float32)
    told = shared_out(gone, gone @ true + 5, places.astype(np.float32))
    assert np.corrcoef(told, true)[0, 1] > 0.95
    assert told.sum() == pytest.approx(true.sum(), rel=0.25)  # in units of what is shared out


def test_nothing_is_shared_out_where_the_score_never_falls() -> None:
    gone = np.eye(3, dtype=np.float32)
    assert not shared_out(gone, np.full(3, 0.5, np.float32), np.zeros((3, 1), np.float32)).any()


@pytest.mark.parametrize("name", ["erased", "focus"])
def test_part_without_which_the_score_falls_is_found_from_both_sides(name: str) -> None:
    query = text_of(TOPICS[:1])
    hit = erased_side(np.stack([TOPICS[1], TOPICS[2], TOPICS[3], 2 * TOPICS[0], TOPICS[1]]))
    made, turned = METHODS[name](query, hit, SPACE), METHODS[name](hit, query, SPACE)
    assert made.hit_heat.argmax() == 3
    assert turned.query_heat.argmax() == 3
    assert default_method(query, hit) == default_method(hit, query) == "focus"


@pytest.mark.parametrize("name", ["erased", "focus"])
def test_where_nothing_was_erased_another_method_has_to_be_chosen(name: str) -> None:
    with pytest.raises(ExplanationError, match="Choose another method"):
        METHODS[name](text_of(TOPICS), picture_of(TOPICS), SPACE)


def test_focus_lies_between_close_looks_and_erasing_on_the_scale_of_the_first() -> None:
    query = text_of(TOPICS[:1])
    cells = np.random.default_rng(4).normal(size=(30, 4)).astype(np.float32)
    hit = erased_side(cells)
    near, lost, made = (METHODS[n](query, hit, SPACE) for n in ("closeup", "erased", "focus"))
    alike = [np.corrcoef(made.hit_heat, other.hit_heat)[0, 1] for other in (near, lost)]
    assert min(alike) > np.corrcoef(near.hit_heat, lost.hit_heat)[0, 1] + 0.1
    assert made.hit_heat.mean() == pytest.approx(
        near.hit_heat.mean(), abs=float(near.hit_heat.std())
    )
    np.testing.assert_array_equal(made.query_heat, near.query_heat)
    np.testing.assert_array_equal(made.alignment, near.alignment)
    even = replace(
        hit, erased=Erased(np.repeat(hit.pooled[None], 4, 0), np.eye(4, 30).astype("f4"))
    )
    same = METHODS["focus"](query, even, SPACE)  # the score never fell
    np.testing.assert_array_equal(same.hit_heat, closeup(query, even, SPACE).hit_heat)


def test_sets_of_squares_come_with_what_they_leave_and_are_always_the_same() -> None:
    for squares in SQUARES:
        made = sets(squares)
        for gone, left in zip(made[::2], made[1::2], strict=True):
            assert gone.shape == (squares, squares)
            np.testing.assert_array_equal(gone, ~left)
        shares = np.array([gone.mean() for gone in made])
        assert shares.min() < 0.3 and shares.max() > 0.7  # few go, or most
    assert sets.__wrapped__(SQUARES[0])[5].tolist() == sets(SQUARES[0])[5].tolist()


def test_pictures_are_encoded_without_the_squares_that_are_gone() -> None:
    encoder, image = ImageEncoder(("lite0",)), blobs()
    made = erase_again(image, encoder.encode([image])[0].pooled, encoder)
    k = sum(len(sets(squares)) for squares in SQUARES)
    assert made.features.shape == (k, encoder.dim) and made.gone.shape == (k, CELLS * CELLS)
    assert made.gone.min() == 0 and made.gone.max() == pytest.approx(1)
    gone = sets(SQUARES[0])[2]
    boxes = lattice(SQUARES[0], SQUARES[0])[gone.reshape(-1)]
    left = encoder.encode([occlude(image, boxes)])[0].pooled
    np.testing.assert_allclose(made.features[2], left, atol=1e-3 * left.max())
    share = overlap(CELLS, SQUARES[0])
    np.testing.assert_allclose(made.gone[2], (share @ gone @ share.T).reshape(-1), atol=1e-6)


def test_towers_after_the_first_stay_halfway_to_nothing() -> None:
    one, two, image = ImageEncoder(("lite0",)), ImageEncoder(("lite0", "lite1")), blobs()
    whole = two.encode([image])[0].pooled
    made = erase_again(image, whole, two)
    alone = erase_again(image, whole[: one.dim], one)
    np.testing.assert_allclose(made.features[:, : one.dim], alone.features, atol=1e-3)
    everything = np.array([[[0, 0], [1, 1]]], np.float32)
    halfway = (whole + two.encode([occlude(image, everything)])[0].pooled) / 2
    rest = made.features[:, one.dim :]
    np.testing.assert_allclose(rest, np.repeat(halfway[None, one.dim :], len(rest), 0), atol=1e-5)


def test_erased_places_that_do_not_fit_their_side_are_refused() -> None:
    side = picture_of(TOPICS)
    wrong = Erased(np.zeros((3, 5), np.float32), np.zeros((3, 4), np.float32))
    with pytest.raises(ExplanationError, match="features without places"):
        replace(side, erased=wrong)
    with pytest.raises(ExplanationError, match="places taken away"):
        replace(side, erased=Erased(side.features[:3], np.zeros((2, 4), np.float32)))
    held = erased_side(TOPICS)
    assert held.nbytes > side.nbytes
