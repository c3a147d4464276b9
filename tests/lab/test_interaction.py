"""One contract for every re-ranker, and SCAN against its formula on each pair by itself."""

import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
import torch

from tests.lab.parted import Parted, parted
from tests.lab.planted import IMAGE, TEXT
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.errors import LabError
from xmr_core.explain.alignment import attended
from xmr_core.lab.interaction import (
    RERANKERS,
    Interaction,
    Parts,
    Shortlist,
    best_weight,
    fused,
    looked_again,
    scan,
    shortlist,
)
from xmr_core.lab.interaction.cutting import cells_of, narrower, words_of
from xmr_core.lab.interaction.scan import Attending, CrossAttention
from xmr_core.media import Floats, Image, Modality, Text
from xmr_core.space import unit

DIRECTIONS = [(IMAGE, TEXT), (TEXT, IMAGE)]


@cache
def learned(name: str) -> Interaction:
    return RERANKERS[name]().fit(parted().parts, seed=1)


def all_scores(
    interaction: Interaction, things: Parted, source: Modality, target: Modality
) -> Floats:
    asked = interaction.embed(source, things.parts[source])
    kept = interaction.embed(target, things.parts[target])
    rows = np.arange(len(kept))
    return np.stack([interaction.scores(source, asked.of(i), kept, rows) for i in rows])


def median_rank(scores: Floats) -> float:
    own = np.diag(scores)[:, None]
    return float(np.median((scores > own).sum(axis=1) / len(scores)))


@pytest.mark.parametrize("name", RERANKERS)
def test_every_part_gets_a_unit_vector_and_every_hit_a_score(name: str):
    made, things = learned(name), parted(30, draw=1)
    texts = made.embed(TEXT, things.parts[TEXT])
    pictures = made.embed(IMAGE, things.parts[IMAGE])
    assert texts.rows.shape[1] == pictures.rows.shape[1]
    np.testing.assert_allclose(np.linalg.norm(texts.rows, axis=1), 1, atol=1e-4)
    np.testing.assert_array_equal(texts.counts, things.parts[TEXT].counts)
    scores = made.scores(TEXT, texts.of(3), pictures, np.array([5, 2]))
    assert scores.shape == (2,) and scores.dtype == np.float32
    (alone,) = made.scores(TEXT, texts.of(3), pictures, np.array([2]))
    assert scores[1] == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("name", RERANKERS)
def test_the_same_seed_gives_the_same_scores(name: str):
    things = parted(30, draw=1)
    again = RERANKERS[name]().fit(parted().parts, seed=1)
    for source, target in DIRECTIONS:
        np.testing.assert_allclose(
            all_scores(again, things, source, target),
            all_scores(learned(name), things, source, target),
            atol=1e-4,
        )


@pytest.mark.parametrize("name", RERANKERS)
def test_pairs_never_seen_are_found_by_their_parts(name: str):
    things = parted(120, draw=1)
    for source, target in DIRECTIONS:
        assert median_rank(all_scores(learned(name), things, source, target)) < 0.05


@pytest.mark.parametrize("name", RERANKERS)
def test_things_that_do_not_belong_together_teach_nothing(name: str):
    train, things = parted(), parted(120, draw=1)
    order = np.random.default_rng(3).permutation(len(train.shown))
    made = RERANKERS[name]().fit(
        {IMAGE: train.parts[IMAGE], TEXT: train.parts[TEXT].take(order)}, seed=1
    )
    for source, target in DIRECTIONS:
        assert 0.2 < median_rank(all_scores(made, things, source, target)) < 0.8


@pytest.mark.parametrize("name", RERANKERS)
def test_pictures_with_several_texts_are_given_as_pairs(name: str):
    train, things = parted(), parted(120, draw=1)
    pictures = train.parts[IMAGE].take(np.arange(0, 240, 2))
    half = np.array([i for i in range(240) if i % 2 == 0])
    twice = train.parts[TEXT].take(np.concatenate([half, half]))
    pairs = np.stack([np.arange(240), np.tile(np.arange(120), 2)], axis=1)
    made = RERANKERS[name]().fit({TEXT: twice, IMAGE: pictures}, pairs, seed=1)
    turned = RERANKERS[name]().fit({IMAGE: pictures, TEXT: twice}, pairs[:, ::-1], seed=1)
    scores = all_scores(made, things, TEXT, IMAGE)
    assert median_rank(scores) < 0.2
    np.testing.assert_allclose(scores, all_scores(turned, things, TEXT, IMAGE), atol=1e-4)


@pytest.mark.parametrize("name", RERANKERS)
@pytest.mark.parametrize(
    ("parts", "pairs", "says"),
    [
        ({TEXT: parted().parts[TEXT]}, None, "one other medium, not text"),
        ({IMAGE: parted().parts[IMAGE], Modality.MESH: parted().parts[IMAGE]}, None, "not image"),
        ({TEXT: parted(20).parts[TEXT], IMAGE: parted(30).parts[IMAGE]}, None, "20 of text"),
        (parted(4).parts, None, "4 pairs"),
        (parted(20).parts, np.zeros((20, 3), int), "The pairs are"),
        (parted(20).parts, np.zeros((20, 2)), "The pairs are"),
        (parted(20).parts, np.full((20, 2), 20), "not there"),
    ],
)
def test_parts_and_pairs_that_are_of_no_use_are_refused(name: str, parts, pairs, says: str):
    with pytest.raises(LabError, match=says):
        RERANKERS[name]().fit(parts, pairs)


@pytest.mark.parametrize("name", RERANKERS)
def test_parts_of_another_width_or_medium_are_refused(name: str):
    with pytest.raises(LabError, match="not learned from"):
        learned(name).embed(TEXT, parted(20).parts[IMAGE])
    with pytest.raises(LabError, match="audio"):
        learned(name).embed(Modality.AUDIO, parted(20).parts[IMAGE])


@pytest.mark.parametrize("name", RERANKERS)
def test_fitting_tells_how_far_it_is_and_can_be_ended(name: str):
    class EnoughError(Exception):
        pass

    def tell(done: int, total: int, now: float) -> None:
        assert 1 <= done <= total and np.isfinite(now)
        raise EnoughError

    with pytest.raises(EnoughError):
        RERANKERS[name]().fit(parted().parts, tell=tell)


@pytest.mark.parametrize(
    ("rows", "counts", "says"),
    [
        (np.zeros((3, 2, 2)), np.array([3]), "not \\(parts, features\\)"),
        (np.zeros((3, 2)), np.array([3.0]), "counts of parts"),
        (np.zeros((3, 2)), np.array([3, 0]), "Thing 1 has no parts"),
        (np.zeros((3, 2)), np.array([2]), "counts say 2"),
        (np.full((3, 2), np.nan), np.array([3]), "not finite"),
    ],
)
def test_spoilt_parts_are_refused(rows, counts, says: str):
    with pytest.raises(LabError, match=says):
        Parts(rows, counts)


def test_parts_are_taken_padded_and_found_again():
    things = parted(12).parts[TEXT]
    some = np.array([7, 0, 7])
    side, there = things.padded(some)
    taken = things.take(some)
    for i, thing in enumerate(some):
        np.testing.assert_array_equal(side[i][there[i]], things.of(thing))
        np.testing.assert_array_equal(taken.of(i), things.of(thing))
        assert not side[i][~there[i]].any()


def test_re_rankers_name_their_papers_and_objectives():
    for name in RERANKERS:
        made = RERANKERS[name]()
        assert made.about.title and any(c.isdigit() for c in made.about.paper)
        assert ".. math::" in (sys.modules[type(made).__module__].__doc__ or "")


def test_registries_are_read_without_torch():
    code = (
        "import sys, xmr_core.lab.interaction, xmr_core.lab.translation\n"
        "assert not {'torch', 'gradio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)


# SCAN


@pytest.mark.parametrize("pooling", ["mean", "lse"])
@pytest.mark.parametrize("direction", ["text", "other"])
def test_scores_are_those_of_the_formula_on_each_pair_by_itself(pooling, direction):
    how = Attending(9.0, pooling, 6.0)
    made = CrossAttention(learned("scan").heads, {direction: how})
    things = parted(6, draw=2)
    words = made.embed(TEXT, things.parts[TEXT])
    cells = made.embed(IMAGE, things.parts[IMAGE])
    expected = np.zeros((6, 6))
    for t in range(6):
        for i in range(6):
            a, b = words.of(t), cells.of(i)
            a, b = (a, b) if direction == "text" else (b, a)
            near = np.maximum(a @ b.T, 0)
            near = near / np.maximum(np.sqrt((near**2).sum(axis=0)), 1e-8)
            weights = np.exp(9 * near) / np.exp(9 * near).sum(axis=1, keepdims=True)
            seen = weights @ b
            cosines = (seen * a).sum(axis=1) / np.linalg.norm(seen, axis=1)
            expected[t, i] = (
                cosines.mean() if pooling == "mean" else np.log(np.exp(6 * cosines).sum()) / 6
            )
    np.testing.assert_allclose(all_scores(made, things, TEXT, IMAGE), expected, atol=1e-5)
    np.testing.assert_allclose(all_scores(made, things, IMAGE, TEXT), expected.T, atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "lse"])
def test_what_is_learned_by_is_what_is_compared_by(pooling):
    """The batched torch form, without the vectors that are attended to, equals the numpy one."""
    how = Attending(7.0, pooling, 5.0)
    made = CrossAttention(learned("scan").heads, {"text": how})
    things = parted(8, draw=2)
    words, is_word = made.embed(TEXT, things.parts[TEXT]).padded(np.arange(8))
    cells, is_cell = made.embed(IMAGE, things.parts[IMAGE]).padded(np.arange(8))
    w, c = torch.from_numpy(words), torch.from_numpy(cells)
    near = scan._near(w, c)
    found = scan._scores(near, torch.from_numpy(is_word), c, torch.from_numpy(is_cell), how)
    np.testing.assert_allclose(found.numpy(), all_scores(made, things, TEXT, IMAGE), atol=1e-5)


def test_the_hinge_takes_the_hardest_or_the_mean_of_what_is_no_pair():
    scores = torch.tensor([[0.5, 0.6, 0.9], [0.1, 0.7, 0.2], [0.0, 0.65, 0.4]])
    same = torch.eye(3, dtype=torch.bool)
    same[0, 2] = same[2, 0] = True
    # texts: 0.3, 0, 0.45; others: 0, 0.15, 0, the marked 0.9 left out
    hard = float(scan._hinge(scores, same, 0.2, hardest=True))
    assert hard == pytest.approx((0.3 + 0 + 0.45) / 3 + (0 + 0.15 + 0) / 3)
    mean = float(scan._hinge(scores, same, 0.2, hardest=False))
    assert mean == pytest.approx((0.3 + 0.45 + 0.1 + 0.15) / 4)


def test_attention_is_the_same_for_several_pairs_at_once():
    rng = np.random.default_rng(0)
    ones = unit(rng.normal(size=(4, 3, 8)).astype(np.float32))
    others = unit(rng.normal(size=(4, 5, 8)).astype(np.float32))
    attention, cosines = attended(ones, others, 9.0)
    for i in range(4):
        alone, cosine = attended(ones[i], others[i], 9.0)
        np.testing.assert_allclose(attention[i], alone, atol=1e-6)
        np.testing.assert_allclose(cosines[i], cosine, atol=1e-6)


# The shortlist


def test_a_shortlist_holds_the_best_and_no_more_than_there_are():
    scores = np.random.default_rng(0).normal(size=(4, 9)).astype(np.float32)
    first = shortlist(scores, 3)
    for row, rows, found in zip(scores, first.rows, first.scores, strict=True):
        assert rows.tolist() == sorted(range(9), key=lambda i: -row[i])[:3]
        np.testing.assert_array_equal(found, row[rows])
    assert shortlist(scores, 20).rows.shape == (4, 9)


def test_re_ranking_mends_a_first_ranking_that_is_blurred():
    things = parted(120, draw=1)
    made = learned("scan")
    right = all_scores(made, things, TEXT, IMAGE)
    rng = np.random.default_rng(0)
    blurred = np.eye(120, dtype=np.float32) + rng.normal(size=right.shape).astype(np.float32) * 0.5
    first = shortlist(blurred, 20)
    words = made.embed(TEXT, things.parts[TEXT])
    cells = made.embed(IMAGE, things.parts[IMAGE])
    again = looked_again(made, TEXT, words, cells, first)
    np.testing.assert_allclose(again, np.take_along_axis(right, first.rows, axis=1), atol=1e-5)
    relevant = first.rows == np.arange(120)[:, None]
    weight = best_weight(first, again, relevant)
    assert 0 < weight < 1

    def at_one(ranked: Shortlist) -> float:
        return float((ranked.rows[:, 0] == np.arange(120)).mean())

    assert at_one(fused(first, again, weight)) > at_one(first) + 0.1
    np.testing.assert_array_equal(fused(first, again, 0).rows, first.rows)
    by_second = fused(first, again, 1).rows
    np.testing.assert_array_equal(
        by_second, np.take_along_axis(first.rows, np.argsort(-again, axis=1), axis=1)
    )


# Media in parts


def test_cells_of_a_picture_have_its_vector_as_their_mean():
    encoder = ImageEncoder(("lite0",))
    rng = np.random.default_rng(0)
    images = [Image(rng.integers(0, 255, (40, 50, 3), dtype=np.uint8)) for _ in range(2)]
    parts = cells_of(images, encoder)
    assert parts.counts.tolist() == [9, 9]
    for i, encoding in enumerate(encoder.encode(images)):
        np.testing.assert_allclose(parts.of(i).mean(axis=0), encoding.pooled, atol=0.02)
    assert cells_of(images, encoder, side=2).counts.tolist() == [4, 4]


def test_words_of_a_text_are_its_parts_and_signs_alone_are_one():
    parts = words_of([Text("A dog's ball."), Text("!"), Text("")], TextEncoder())
    assert parts.counts.tolist() == [3, 1, 1]
    again = words_of([Text("A dog's ball.")], TextEncoder())
    np.testing.assert_allclose(again.of(0), parts.of(0), atol=1e-3)


def test_encoders_of_wholes_alone_are_refused_by_name():
    with pytest.raises(LabError, match=r"minilm.*cells"):
        cells_of([], TextEncoder())
    with pytest.raises(LabError, match=r"efficientnet.*word by word"):
        words_of([], ImageEncoder(("lite0",)))
    with pytest.raises(LabError, match="nothing to take apart"):
        words_of([], TextEncoder())


def test_narrower_parts_are_the_principal_components_of_standardised_columns():
    from sklearn.decomposition import PCA

    rng = np.random.default_rng(0)
    rows = (rng.normal(size=(300, 4)) @ rng.normal(size=(4, 10)) * 5 + 2).astype(np.float32)
    parts = Parts(rows, np.full(100, 3))
    narrow = narrower(parts, 4)
    expected = PCA(4).fit_transform((rows - rows.mean(axis=0)) / rows.std(axis=0))
    np.testing.assert_allclose(np.abs(narrow.rows), np.abs(expected), atol=0.02)
    np.testing.assert_array_equal(narrow.counts, parts.counts)
    few = Parts(rows[:30], np.full(10, 3))
    np.testing.assert_allclose(narrower(few, 4, of=parts).rows, narrow.rows[:30], atol=1e-3)
