"""The modality gap on data in which it was planted."""

import numpy as np
import pytest

from xmr_core.media import Modality
from xmr_core.modality_gap import (
    MEDIA,
    Centring,
    centroids,
    codes_of,
    flat,
    measure,
    own_share,
)
from xmr_core.space import unit

DIM = 48


def planted(gap, each=120, media=(Modality.TEXT, Modality.IMAGE), topics=20, seed=0):
    """Pairs of media that show the same topics, each medium moved by ``gap`` along an axis of
    its own: unit rows, their media, their topics."""
    dice = np.random.default_rng(seed)
    content = np.zeros((topics, DIM))
    content[:, len(MEDIA) :] = dice.normal(size=(topics, DIM - len(MEDIA)))
    content /= np.linalg.norm(content, axis=1, keepdims=True)
    rows, found, shown = [], [], []
    for medium in media:
        topic = np.arange(each) % topics
        noise = dice.normal(size=(each, DIM)) * 0.05 / np.sqrt(DIM)
        moved = content[topic] + noise
        moved[:, MEDIA.index(medium)] += gap
        rows.append(moved)
        found += [medium] * each
        shown += topic.tolist()
    return unit(np.concatenate(rows).astype(np.float32)), codes_of(found), np.array(shown)


@pytest.mark.parametrize("gap", [0.5, 1.0, 2.0])
def test_the_number_is_the_planted_distance_between_the_middles(gap):
    vectors, codes, _ = planted(gap)
    measured = measure(vectors, codes)
    # on the sphere an offset of g beside content of length 1 is g / √(1 + g²), and the two
    # media's offsets are at right angles
    expected = np.sqrt(2) * gap / np.sqrt(1 + gap**2)
    assert measured.size == pytest.approx(expected, rel=0.02)
    assert measured.between[0, 1] == measured.between[1, 0] == measured.size
    assert measured.chance < 0.25 * measured.size


def test_without_a_gap_the_number_is_no_more_than_chance_gives():
    vectors, codes, _ = planted(0.0)
    measured = measure(vectors, codes)
    assert measured.size < measured.chance < 0.2
    dealt = np.random.default_rng(4).permutation(codes)  # no medium has anything of its own
    assert measure(vectors, dealt).size == pytest.approx(measured.chance, rel=0.4)


def test_each_pair_of_media_has_its_own_distance():
    media = (Modality.TEXT, Modality.AUDIO, Modality.MESH)
    vectors, codes, _ = planted(1.0, media=media)
    vectors[codes == MEDIA.index(Modality.MESH)] *= -1  # at the other side of the sphere
    measured = measure(vectors, codes)
    assert measured.media == media
    text, audio, mesh = range(3)
    assert measured.between[text, mesh] == pytest.approx(
        np.linalg.norm(
            centroids(vectors, codes)[Modality.TEXT] - centroids(vectors, codes)[Modality.MESH]
        )
    )
    pairs = [measured.between[text, audio], measured.between[text, mesh], measured.between[1, 2]]
    assert measured.size == pytest.approx(np.mean(pairs))


def test_centring_closes_the_gap_and_keeps_the_content():
    vectors, codes, topics = planted(1.5)
    centring = Centring(centroids(vectors, codes))
    centred = centring.apply(vectors, codes)
    assert np.linalg.norm(centred, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)
    assert measure(centred, codes).size < 0.1
    text, image = codes == 0, codes == 1
    found = (centred[text] @ centred[image].T).argmax(axis=1)
    assert (topics[image][found] == topics[text]).mean() > 0.95


def test_centring_mixes_one_list_of_all_media():
    vectors, codes, topics = planted(1.5)
    centring = Centring(centroids(vectors, codes))
    centred = centring.apply(vectors, codes)
    query, about = vectors[0], topics[0]
    before = np.argsort(-(vectors @ query))[1:60]
    after = np.argsort(-(centred @ centring.one(query, Modality.TEXT)))[1:12]
    assert (codes[before] == 0).all()  # texts alone, whatever they are about
    assert 3 <= (codes[after] == 1).sum() <= 9
    assert (topics[after] == about).all()


def test_what_a_medium_keeps_to_itself_falls_to_chance():
    vectors, codes, _ = planted(1.5)
    share, chance = own_share(vectors, codes)
    assert share == 1.0
    assert chance == pytest.approx(119 / 239)
    centred = Centring(centroids(vectors, codes)).apply(vectors, codes)
    assert own_share(centred, codes)[0] == pytest.approx(chance, abs=0.1)


def test_a_large_medium_does_not_outvote_a_small_one():
    few, _, _ = planted(2.0, each=6, media=(Modality.AUDIO,))
    many, codes, _ = planted(0.0, each=300, media=(Modality.TEXT,))
    vectors = np.concatenate([few, many])
    share, _ = own_share(vectors, np.concatenate([codes_of([Modality.AUDIO] * 6), codes]), k=5)
    assert share == 1.0


def test_own_share_agrees_with_counting_one_by_one():
    dice = np.random.default_rng(3)
    vectors = unit(dice.normal(size=(40, 6)).astype(np.float32))
    codes = dice.integers(0, 3, 40).astype(np.uint8)
    shares = {code: [] for code in range(3)}
    for i in range(40):
        others = sorted((j for j in range(40) if j != i), key=lambda j: -(vectors[i] @ vectors[j]))
        shares[codes[i]].append(np.mean([codes[j] == codes[i] for j in others[:7]]))
    expected = np.mean([np.mean(shares[code]) for code in range(3)])
    assert own_share(vectors, codes, k=7)[0] == pytest.approx(expected)


def test_the_only_item_of_a_medium_stays_where_it_is():
    vectors, codes, _ = planted(1.0, each=10)
    vectors, codes = vectors[:11], codes[:11]  # ten texts and one picture
    centred = Centring(centroids(vectors, codes)).apply(vectors, codes)
    assert centred[10] == pytest.approx(vectors[10], abs=1e-6)
    assert not np.allclose(centred[0], vectors[0], atol=0.1)


def test_one_medium_and_no_items_have_no_gap():
    vectors, codes, _ = planted(1.0, media=(Modality.VIDEO,))
    assert measure(vectors, codes).size == 0
    nothing = np.zeros((0, DIM), np.float32)
    assert measure(nothing, codes[:0]).media == ()
    assert own_share(nothing, codes[:0]) == (0.0, 0.0)
    assert own_share(vectors[:1], codes[:1]) == (0.0, 0.0)


def test_the_picture_of_the_middles_has_their_distances():
    triangle = np.array([[0, 3, 4], [3, 0, 5], [4, 5, 0]], np.float32)
    points = flat(triangle)
    drawn = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert drawn == pytest.approx(triangle, abs=1e-5)
    assert flat(np.zeros((1, 1), np.float32)).tolist() == [[0, 0]]
    assert flat(np.zeros((0, 0), np.float32)).shape == (0, 2)
