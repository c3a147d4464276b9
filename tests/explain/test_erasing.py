"""Places erased again and again: what is left, and whom the falls of the score belong to."""

from dataclasses import replace

import numpy as np
import pytest

from tests.explain.planted import cca_space, picture_of, text_of
from xmr_core.encoders.areas import overlap
from xmr_core.encoders.image import ImageEncoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE, Erased
from xmr_core.explain.methods import METHODS, default_method
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.erased import fallen, shared_out
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
    erased = Erased(features.astype(np.float32), gone)
    return replace(side, variants={CLOSE: side.features}, erased=erased)


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


def test_frames_that_were_not_looked_at_from_close_by_go_by_the_gradient() -> None:
    query = text_of(TOPICS[:1])
    cells = np.random.default_rng(4).normal(size=(30, 4)).astype(np.float32)
    hit = replace(erased_side(cells), variants={})
    steep, lost, made = (METHODS[n](query, hit, SPACE) for n in ("gradient", "erased", "focus"))
    np.testing.assert_array_equal(made.alignment, steep.alignment)
    apart = [(heat - heat.mean()) / heat.std() for heat in (steep.hit_heat, lost.hit_heat)]
    between = 0.3 * apart[0] + apart[1]
    assert np.corrcoef(made.hit_heat, between)[0, 1] == pytest.approx(1, abs=1e-5)


def test_parts_that_never_went_keep_their_heat_and_sway_no_others() -> None:
    query = text_of(TOPICS[:1])
    cells = np.random.default_rng(4).normal(size=(30, 4)).astype(np.float32)
    cells[0] *= 40  # the sound of a video has a scale of its own
    whole = replace(erased_side(cells), variants={})
    assert whole.erased is not None
    gone = whole.erased.gone.copy()
    gone[:, 0] = 0
    hit = replace(whole, erased=replace(whole.erased, gone=gone))
    steep, lost, made = (METHODS[n](query, hit, SPACE) for n in ("gradient", "erased", "focus"))
    assert made.hit_heat[0] == steep.hit_heat[0]
    apart = [
        (heat[1:] - heat[1:].mean()) / heat[1:].std() for heat in (steep.hit_heat, lost.hit_heat)
    ]
    between = 0.3 * apart[0] + apart[1]
    assert np.corrcoef(made.hit_heat[1:], between)[0, 1] == pytest.approx(1, abs=1e-4)


def erased_again(image: Image, encoder: ImageEncoder) -> Erased:
    whole = encoder.encode([image])[0].pooled
    made = erase_again([image], np.ones(1, np.float32), whole, (CELLS, CELLS), encoder)
    assert made is not None
    return made


def test_frames_lose_squares_one_at_a_time_by_their_share_of_the_whole() -> None:
    encoder, frames = ImageEncoder(("lite0",)), [blobs(), Image(blobs().pixels[::-1].copy())]
    shares = np.array([0.75, 0.25], np.float32)
    seen = [e.pooled for e in encoder.encode(frames)]
    sound = np.ones(3, np.float32)
    whole = np.concatenate([shares @ np.stack(seen), sound])
    made = erase_again(frames, shares, whole, (4, 5), encoder)
    assert made is not None
    k = len(made.gone) // 2  # of each frame
    assert not np.array_equal(made.gone[:k, :20], made.gone[k:, 20:])
    assert made.gone.shape == (2 * k, 2 * 4 * 5)
    assert made.gone[:k, :20].any(axis=1).all() and not made.gone[:k, 20:].any()
    assert made.gone[k:, 20:].any(axis=1).all() and not made.gone[k:, :20].any()
    boxes = lattice(SQUARES[0], SQUARES[0])[sets(SQUARES[0])[32].reshape(-1)]
    everything = np.array([[[0, 0], [1, 1]]], np.float32)
    left, *nothing = (
        e.pooled
        for e in encoder.encode(
            [occlude(frames[1], boxes), *(occlude(f, everything) for f in frames)]
        )
    )
    middles = [(a + b) / 2 for a, b in zip(seen, nothing, strict=True)]
    expected = shares @ np.stack(middles) + 0.25 * (left - middles[1])
    np.testing.assert_allclose(made.features[k, :-3], expected, atol=1e-3 * expected.max())
    np.testing.assert_array_equal(made.features[:, -3:], 1)


def test_of_many_frames_none_is_erased() -> None:
    images = [blobs()] * 17
    whole = np.zeros(3, np.float32)
    assert (
        erase_again(images, np.full(17, 1 / 17, np.float32), whole, (2, 2), ImageEncoder()) is None
    )


def test_nothing_is_said_of_parts_that_never_went() -> None:
    held = erased_side(TOPICS)
    assert held.erased is not None
    gone = held.erased.gone.copy()
    gone[:, 0] = 0
    lost = fallen(
        replace(held, erased=replace(held.erased, gone=gone)), text_of(TOPICS), SPACE, "gallery"
    )
    assert lost is not None and lost[0] == 0 and lost[1:].all()


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
    made = erased_again(image, encoder)
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
    made = erased_again(image, two)
    alone = erased_again(image, one)
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
