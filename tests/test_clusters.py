"""Clusters and their names, on planted groups."""

import numpy as np
import pytest

from tests.test_projection import blobs
from xmr_core.clusters import MOST, cluster, names


def test_planted_groups_are_found_the_largest_first():
    vectors, labels = blobs(count=4, each=40)
    keep = np.ones(len(vectors), bool)
    keep[labels == 2] = np.arange(40) < 10  # a small one
    vectors, labels = vectors[keep], labels[keep]
    found, centres = cluster(vectors, 4)
    for label in range(4):
        assert len(set(found[labels == label])) == 1
    sizes = np.bincount(found)
    assert sizes.tolist() == [40, 40, 40, 10]
    assert np.linalg.norm(centres, axis=1) == pytest.approx(np.ones(4), abs=1e-4)
    assert (vectors @ centres.T).argmax(axis=1).tolist() == found.tolist()


def test_the_same_items_have_the_same_clusters():
    vectors, _ = blobs(count=6)
    assert np.array_equal(cluster(vectors)[0], cluster(vectors)[0])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_items_and_copies_leave_no_cluster_empty(count):
    vectors = np.repeat(blobs(count=1, each=1)[0], count, axis=0)
    found, centres = cluster(vectors)
    assert set(found.tolist()) == set(range(len(centres)))
    assert cluster(vectors[:0])[0].shape == (0,)


def test_there_are_no_more_clusters_than_colours():
    vectors, _ = blobs(count=20, each=40)
    assert len(cluster(vectors)[1]) == MOST


def test_words_that_stand_in_titles_name_a_cluster():
    titles = ["cat-asleep.jpg", "IMG_2042 cat.png", "my cat.wav", "rain.wav", "rain-roof.mp4"]
    labels = np.array([0, 0, 0, 1, 1], np.int32)
    told = names(labels, titles, np.eye(2, 4, dtype=np.float32))
    assert told[0][0] == "cat"
    assert told[1][0] == "rain"
    assert not {"img", "png", "jpg", "wav"} & {word for words in told for word in words}


def test_words_that_are_everywhere_name_nothing():
    titles = [f"holiday beach {i}" for i in range(4)] + [f"holiday mountain {i}" for i in range(4)]
    told = names(np.repeat([0, 1], 4).astype(np.int32), titles, np.eye(2, 4, dtype=np.float32))
    assert told == [("beach",), ("mountain",)]


def test_sentences_near_the_centre_name_what_titles_do_not():
    labels = np.repeat([0, 1], 5).astype(np.int32)
    titles = [f"DSC_{i:04}.jpg" for i in range(10)]
    sentences = ["a dog runs", "the dog barks", "a red car", "cars and a car park"] * 20
    bank = np.eye(2, 4, dtype=np.float32)[[0, 0, 1, 1] * 20]
    told = names(labels, titles, np.eye(2, 4, dtype=np.float32), sentences, bank)
    assert told[0][0] == "dog"
    assert told[1][0] == "car"


def test_a_name_does_not_say_the_same_word_twice():
    titles = ["dog", "dogs", "doggy", "lake"] * 3 + ["cat"] * 4
    labels = np.array([0] * 12 + [1] * 4, np.int32)
    told = names(labels, titles, np.eye(2, 4, dtype=np.float32))
    assert sum(word.startswith("dog") for word in told[0]) == 1
