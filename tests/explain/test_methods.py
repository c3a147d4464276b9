"""Methods of heat and alignment, on features whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.explain import planted
from tests.explain.planted import cca_space, picture_of, text_of
from tests.test_heads import rich_head
from xmr_core.explain import Side
from xmr_core.explain.alignment import attended, losses, shares, whole
from xmr_core.explain.explanation import CLOSE
from xmr_core.explain.methods import METHODS, default_method
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.gradient import gradient
from xmr_core.explain.methods.similarity import similarity
from xmr_core.explain.methods.without import without
from xmr_core.heads import Head
from xmr_core.media import Audio, Modality, Video
from xmr_core.space import HalvesHead, JointSpace, unit

SPACE = cca_space()
OURS = ("attention", "closeup", "gradient", "similarity", "without")
TOPICS = np.eye(4, dtype=np.float32)


def mixed(p: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(p, 4)).astype(np.float32)


def test_our_methods_are_all_registered() -> None:
    assert set(OURS) <= set(METHODS)


def test_the_alignment_of_affine_heads_sums_to_the_raw_cosine() -> None:
    weights = np.array([0.5, 0.2, 0.2, 0.05, 0.05], np.float32)
    query, hit = text_of(mixed(3)), picture_of(mixed(5, 1), weights=weights)
    made = gradient(query, hit, SPACE)
    raw_q = SPACE.head(Modality.TEXT)(query.pooled[None])[0]
    raw_h = SPACE.head(Modality.IMAGE)(hit.pooled[None])[0]
    cosine = float(raw_q @ raw_h)
    assert abs(cosine) > 0.05  # there is something to share out
    assert made.score == pytest.approx(cosine, abs=1e-6)
    assert made.alignment.sum() == pytest.approx(cosine, abs=1e-5)
    assert made.query_heat.sum() == pytest.approx(cosine, abs=1e-5)
    assert made.hit_heat.sum() == pytest.approx(cosine, abs=1e-5)


def test_each_cell_of_an_affine_alignment_is_the_product_of_two_weighted_parts() -> None:
    query, hit = text_of(mixed(3)), picture_of(mixed(5, 1))
    heads = SPACE.head(Modality.TEXT), SPACE.head(Modality.IMAGE)
    whole_q, whole_h = (h.raw(s.pooled[None]) for h, s in zip(heads, (query, hit), strict=True))
    expected = heads[0].raw(query.features) @ heads[1].raw(hit.features).T / 15
    expected /= np.linalg.norm(whole_q) * np.linalg.norm(whole_h)
    np.testing.assert_allclose(gradient(query, hit, SPACE).alignment, expected, atol=1e-5)


def test_shares_sum_to_the_whole_through_any_head() -> None:
    space = replace(SPACE, dim=8, heads={(Modality.IMAGE, "gallery"): rich_head()})
    rows = np.abs(np.random.default_rng(1).normal(size=(6, 12))).astype(np.float32)
    one = planted.side(picture_of(mixed(1)).media, rows)
    summed = shares(one, space, "gallery").sum(axis=0)
    np.testing.assert_allclose(summed, whole(one, space, "gallery"), atol=1e-4)


def test_frames_and_sounds_share_out_the_whole_of_a_video() -> None:
    rng = np.random.default_rng(2)
    image, audio = (Head.affine(rng.normal(size=(m, 4)).astype(np.float32)) for m in (5, 3))
    space = JointSpace(
        "film", 4, {}, {(Modality.VIDEO, "gallery"): HalvesHead(image, audio, image_dim=5)}
    )
    features = np.zeros((6, 8), np.float32)
    features[:4, :5], features[4:, 5:] = rng.normal(size=(4, 5)), rng.normal(size=(2, 3))
    weights = np.array([0.25] * 4 + [0.5] * 2, np.float32)
    film = Video(np.zeros((4, 2, 2, 3), np.uint8), np.arange(4, dtype=np.float32))
    one = planted.side(film, features, weights, grid=(4, 1, 1))
    vector = whole(one, space, "gallery")
    np.testing.assert_allclose(shares(one, space, "gallery").sum(axis=0), vector, atol=1e-5)
    less = features[:4].copy()
    rest = (less[1:].sum(axis=0) / 3) + features[4:].mean(axis=0)
    expected = vector - space.embed(Modality.VIDEO, rest[None])[0]
    np.testing.assert_allclose(losses(one, space, "gallery")[0], expected, atol=1e-5)


def test_a_video_without_its_only_sound_still_has_its_frames() -> None:
    rng = np.random.default_rng(2)
    image, audio = (Head.affine(rng.normal(size=(m, 4)).astype(np.float32)) for m in (5, 3))
    space = JointSpace(
        "film", 4, {}, {(Modality.VIDEO, "gallery"): HalvesHead(image, audio, image_dim=5)}
    )
    features = np.zeros((3, 8), np.float32)
    features[:2, :5], features[2:, 5:] = rng.normal(size=(2, 5)), rng.normal(size=(1, 3))
    sound = Audio(np.zeros(4, np.float32), 44_100)
    film = Video(np.zeros((2, 2, 2, 3), np.uint8), np.arange(2, dtype=np.float32), sound)
    one = planted.side(film, features, np.array([0.5, 0.5, 1], np.float32), grid=(2, 1, 1))
    seen = np.append(features[:2, :5].mean(axis=0), np.zeros(3, np.float32))
    expected = whole(one, space, "gallery") - space.embed(Modality.VIDEO, seen[None])[0]
    np.testing.assert_allclose(losses(one, space, "gallery")[2], expected, atol=1e-5)


@pytest.mark.parametrize("name", OURS)
def test_permuting_parts_permutes_the_matrix_and_the_heat(name: str) -> None:
    query, hit = text_of(mixed(4)), picture_of(mixed(6, 1))
    order_q, order_h = np.array([2, 0, 3, 1]), np.array([5, 1, 0, 4, 2, 3])
    made = METHODS[name](query, hit, SPACE)
    turned = METHODS[name](_ordered(query, order_q), _ordered(hit, order_h), SPACE)
    np.testing.assert_allclose(
        turned.alignment, made.alignment[np.ix_(order_q, order_h)], atol=1e-5
    )
    np.testing.assert_allclose(turned.query_heat, made.query_heat[order_q], atol=1e-5)
    np.testing.assert_allclose(turned.hit_heat, made.hit_heat[order_h], atol=1e-5)
    assert turned.score == pytest.approx(made.score, abs=1e-5)


@pytest.mark.parametrize("name", OURS)
def test_a_planted_part_is_found_from_both_sides(name: str) -> None:
    """The query speaks of topic 0, mostly in its second part; the hit shows it in its third."""
    words = np.stack([0.3 * TOPICS[3], 2 * TOPICS[0], -0.3 * TOPICS[1]])
    cells = np.stack([TOPICS[1], TOPICS[2], 1.5 * TOPICS[0]])
    made = METHODS[name](text_of(words), picture_of(cells), SPACE)
    assert made.hit_heat.argmax() == 2
    assert made.query_heat.argmax() == 1
    assert np.unravel_index(made.alignment.argmax(), made.alignment.shape) == (1, 2)


@pytest.mark.parametrize("name", OURS)
def test_words_and_cells_of_the_same_topic_are_aligned(name: str) -> None:
    made = METHODS[name](text_of(TOPICS), picture_of(2 * TOPICS[::-1]), SPACE)
    assert made.alignment.argmax(axis=1).tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize("name", OURS)
def test_one_part_on_each_side_is_enough(name: str) -> None:
    made = METHODS[name](text_of(TOPICS[:1]), picture_of(TOPICS[:1]), SPACE)
    assert made.score > 0.9
    assert made.alignment.shape == (1, 1) and made.hit_heat[0] > 0.5


def test_leaving_out_is_the_score_before_less_the_score_after() -> None:
    query, hit = text_of(mixed(3)), picture_of(mixed(4, 1))
    made = without(query, hit, SPACE)
    asked = whole(query, SPACE, "query")
    for i in range(4):
        rest = np.delete(hit.features, i, axis=0).mean(axis=0)
        after = SPACE.embed(Modality.IMAGE, rest[None])[0] @ asked
        assert made.hit_heat[i] == pytest.approx(made.score - after, abs=1e-5)


def test_closer_looks_are_used_by_closeup_alone() -> None:
    cells = np.stack([TOPICS[0], TOPICS[1]])
    hit = picture_of(cells)
    swapped = replace(hit, variants={CLOSE: hit.features[::-1]})
    query = text_of(TOPICS[:1])
    assert similarity(query, swapped, SPACE).hit_heat.argmax() == 0
    assert closeup(query, swapped, SPACE).hit_heat.argmax() == 1
    assert default_method(query, swapped) == "closeup"
    assert default_method(query, hit) == "similarity"
    assert default_method(replace(query, variants={CLOSE: query.features}), hit) == "closeup"


def test_cells_of_frames_and_views_are_told_apart_by_what_they_add() -> None:
    query = text_of(TOPICS[:1])
    query = replace(query, variants={CLOSE: query.features})
    film = replace(picture_of(mixed(8)), grid=(2, 2, 2))
    assert default_method(query, film) == "gradient"
    assert default_method(film, query) == "closeup"


def test_what_looks_a_little_like_everything_is_not_what_was_asked_for() -> None:
    """The first cell is nearer to the query, and as near to every other query of the bank."""
    others = TOPICS[1:].sum(axis=0)
    cells = np.stack([TOPICS[0] + others, TOPICS[0] - 2 * others])
    query, hit = text_of(TOPICS[:1]), picture_of(cells)
    told = text_of(np.repeat(TOPICS, 4, axis=0)).features
    bank = SPACE.embed(Modality.TEXT, told, "query")
    space = replace(SPACE, centres={Modality.TEXT: bank})
    plain = closeup(query, hit, SPACE)  # nothing is known of other queries here
    made = closeup(query, hit, space)
    assert plain.hit_heat.argmax() == 0
    assert made.hit_heat.argmax() == 1
    np.testing.assert_array_equal(made.query_heat, plain.query_heat)  # words are left as they are
    turned = closeup(hit, query, space)
    np.testing.assert_allclose(turned.query_heat, made.hit_heat, atol=1e-6)


def test_a_query_head_of_its_own_is_used_for_the_query_alone() -> None:
    """The two directions are told apart: the query's topics are turned round."""
    turned = Head(planted.M_TEXT, SPACE.head(Modality.TEXT).layers[:1])
    backwards = Head.affine(-turned.layers[0].weight, -turned.layers[0].bias)
    space = replace(SPACE, heads={**SPACE.heads, (Modality.TEXT, "query"): backwards})
    query, hit = text_of(TOPICS[:1]), picture_of(TOPICS[:1])
    for name in OURS:
        plain, other = METHODS[name](query, hit, SPACE), METHODS[name](query, hit, space)
        assert other.score == pytest.approx(-plain.score, abs=1e-5)
    assert similarity(hit, query, space).score == pytest.approx(
        similarity(hit, query, SPACE).score, abs=1e-5
    )


def test_attention_is_shared_out_and_goes_to_what_is_near() -> None:
    rows = unit(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    attention, cosines = attended(rows, rows[[2, 0, 1]], 30.0)
    np.testing.assert_allclose(attention.sum(axis=1), 1, atol=1e-6)
    assert attention.argmax(axis=1).tolist() == [1, 2, 0]
    assert (cosines > 0.9).all()


def test_a_part_that_is_near_to_everything_is_not_attended_to_by_all() -> None:
    """The last of the others is nearest to each part, and a hub; the first three are not."""
    parts = np.eye(4, dtype=np.float32)[:3]
    others = unit(np.vstack([0.5 * parts + [0, 0, 0, 0.87], [[1, 1, 1, 0]]]).astype(np.float32))
    assert (parts @ others.T).argmax(axis=1).tolist() == [3, 3, 3]
    attention, _ = attended(parts, others, 9.0)
    assert attention.argmax(axis=1).tolist() == [0, 1, 2]


def test_what_is_opposite_is_not_attended_to() -> None:
    attention, _ = attended(
        np.array([[1, 0]], np.float32), np.array([[-1, 0], [0, 1]], np.float32), 9.0
    )
    np.testing.assert_allclose(attention, 0.5)


def _ordered(side: Side, order: np.ndarray) -> Side:
    return replace(
        side,
        features=side.features[order],
        weights=side.weights[order],
        boxes=side.boxes[order],
        labels=tuple(side.labels[i] for i in order),
    )
