"""Vectors made smaller: search in them against brute force."""

from itertools import pairwise

import numpy as np
import pytest

from xmr_core.errors import LabError
from xmr_core.lab.codes import FEWEST_ROWS, STEPS, BitIndex, Compressed, compress, kept, packed
from xmr_core.media import Floats

RNG = np.random.default_rng(0)
K = 10


def unit(x: np.ndarray) -> Floats:
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def crowd(n: int, d: int = 64) -> Floats:
    """Unit rows in clusters, as embeddings lie."""
    middles = np.random.default_rng(1).normal(size=(20, d))
    return unit(middles[RNG.integers(0, 20, n)] + 0.7 * RNG.normal(size=(n, d)))


def codes(n: int, bits: int) -> Floats:
    """Unit rows of two values, as hashing methods give, many of them equal."""
    return (RNG.choice([-1.0, 1.0], size=(n, bits)) / bits**0.5).astype(np.float32)


def brute(gallery: Floats, queries: Floats, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Fewest other bits first, in the order of the rows among equals."""
    differ = ((queries > 0)[:, None] != (gallery > 0)).sum(axis=2)
    at = np.argsort(differ, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(differ, at, axis=1), at


GALLERY, QUERIES = crowd(1500), crowd(40)
EXACT = np.argsort(-QUERIES @ GALLERY.T, axis=1, kind="stable")[:, :K]


@pytest.mark.parametrize("bits", [1, 8, 13, 32, 64, 100, 256])
@pytest.mark.parametrize("k", [1, 7, 200, 700])
def test_bits_are_found_in_the_order_of_brute_force_ties_and_all(bits: int, k: int):
    gallery, queries = codes(700, bits), codes(30, bits)
    scores, at = BitIndex(gallery).search(queries, k)
    differ, expected = brute(gallery, queries, k)
    np.testing.assert_array_equal(at, expected)
    np.testing.assert_allclose(scores, 1 - 2 * differ / bits, atol=1e-6)


def test_scores_of_bits_are_cosines_of_their_rows():
    gallery, queries = codes(50, 24), codes(5, 24)
    scores, at = BitIndex(gallery).search(queries, 50)
    np.testing.assert_allclose(
        scores, np.take_along_axis(queries @ gallery.T, at, axis=1), atol=1e-5
    )


def test_a_graph_of_bits_finds_what_is_as_near():
    """Many are equally far: what counts is the distance of what was found."""
    gallery, queries = codes(2000, 48), codes(50, 48)
    scores, at = BitIndex(gallery, "hnsw").search(queries, K)
    best = 1 - 2 * brute(gallery, queries, K)[0] / 48
    assert np.mean(np.abs(scores - best) < 1e-6) > 0.9
    assert len(np.unique(at[0])) == K
    with pytest.raises(ValueError, match="tree"):
        BitIndex(gallery, "tree")


def test_packed_bits_come_back():
    made = codes(20, 21)
    back = np.unpackbits(packed(made), axis=1)[:, :21]
    np.testing.assert_array_equal(back == 1, made > 0)


def test_floats_are_found_in_the_order_of_brute_force():
    scores, at = compress(GALLERY, "float32").search(QUERIES, K)
    np.testing.assert_array_equal(at, EXACT)
    np.testing.assert_allclose(scores, np.sort(QUERIES @ GALLERY.T)[:, : -K - 1 : -1], atol=1e-6)


def test_halves_are_those_of_numpy():
    scores, at = compress(GALLERY, "float16").search(QUERIES, K)
    rounded = QUERIES @ GALLERY.astype(np.float16).astype(np.float32).T
    np.testing.assert_allclose(scores, np.take_along_axis(rounded, at, axis=1), atol=1e-5)
    np.testing.assert_allclose(scores, np.sort(rounded)[:, : -K - 1 : -1], atol=1e-5)


@pytest.mark.parametrize(("d", "size"), [(64, 64), (64, 16), (10, 10), (70, 16)])
def test_products_of_words_are_near_to_the_vectors(d: int, size: int):
    """Scores are inner products with what the bytes stand for, which is near the vectors."""
    gallery, queries = crowd(1500, d), crowd(20, d)
    small = compress(gallery, "pq16" if size < 64 else "pq64")
    assert small.bytes == size
    scores, at = small.search(queries, 1500)
    exact = np.take_along_axis(queries @ gallery.T, at, axis=1)
    assert np.abs(scores - exact).mean() < 0.08
    assert np.all(np.diff(scores) <= 1e-6)


def test_few_rows_are_quantised_into_fewer_words():
    small = compress(GALLERY[:40], "pq16")
    assert small.bytes == 8  # 4 bits each
    assert kept(small.search(GALLERY[:40], 1)[1], np.arange(40)[:, None]).mean() > 0.8
    with pytest.raises(LabError, match="too few"):
        compress(GALLERY[: FEWEST_ROWS - 1], "pq16")
    assert compress(GALLERY[:FEWEST_ROWS], "pq16").bytes == 6  # 3 bits each


def test_every_step_is_smaller_and_none_finds_more():
    made = [compress(GALLERY, how) for how in STEPS if how != "pq64"]
    sizes = [small.bytes for small in made]
    assert sizes == [256, 128, 32, 16, 32, 16, 8, 4, 2, 1]
    shares = {small.how: kept(small.search(QUERIES, K)[1], EXACT).mean() for small in made}
    assert shares["float32"] == 1
    assert shares["float16"] > 0.98
    ladder = [shares[how] for how in ("float16", "256", "128", "64", "32", "16", "8")]
    assert all(more > less - 0.02 for more, less in pairwise(ladder))
    assert shares["pq32"] > shares["pq16"] > shares["32"] > 2 * K / len(GALLERY)
    assert shares["64"] > shares["8"] + 0.2


def test_bits_of_a_turned_space_say_more_than_signs_of_random_planes():
    """Where vectors spread along few directions, as embeddings do."""
    flat = RNG.normal(size=(16, 64))
    gallery, queries = (
        unit(RNG.normal(size=(n, 16)) @ flat + 0.3 * RNG.normal(size=(n, 64))) for n in (1500, 40)
    )
    exact = np.argsort(-queries @ gallery.T, axis=1)[:, :K]
    random = []
    for seed in range(5):
        planes = np.random.default_rng(seed).normal(size=(64, 32)).astype(np.float32)
        found = BitIndex(gallery @ planes).search(queries @ planes, K)[1]
        random.append(kept(found, exact).mean())
    turned = kept(compress(gallery, "32").search(queries, K)[1], exact).mean()
    assert turned > np.mean(random) + 0.03


def test_two_media_that_lie_apart_are_cut_between_rows_of_both():
    """Learned from both, a cut does not set all texts on one side of all pictures."""
    step = np.zeros(64, np.float32)
    step[3] = 2
    gallery, queries = unit(GALLERY + step), unit(QUERIES - step)
    exact = np.argsort(-queries @ gallery.T, axis=1)[:, :K]
    shares = [
        kept(compress(gallery, "64", learn_from=rows).search(queries, K)[1], exact).mean()
        for rows in (gallery, np.vstack([gallery, unit(crowd(1500) - step)]))
    ]
    assert shares[1] > shares[0]


def test_the_same_seed_gives_the_same_bytes():
    for how in ("pq16", "32", "100"):
        first, again = (compress(GALLERY, how, seed=3).search(QUERIES, K) for _ in range(2))
        np.testing.assert_array_equal(first[1], again[1])


def test_what_a_query_takes_is_measured():
    small = compress(GALLERY, "64")
    assert 0 < small.seconds(QUERIES) < 0.1
    slow = Compressed("slow", 1, lambda queries, k: small.search(np.repeat(queries, 400, 0), k))
    assert slow.seconds(QUERIES) > small.seconds(QUERIES)


@pytest.mark.parametrize("how", STEPS)
def test_no_queries_find_nothing_and_more_than_all_finds_all(how: str):
    small = compress(GALLERY[:300], how)
    assert small.search(QUERIES[:0], K)[1].shape == (0, K)
    scores, at = small.search(QUERIES[:2], 999)
    assert scores.dtype == np.float32
    assert sorted(at[0]) == list(range(300))


@pytest.mark.parametrize("how", ["int8", "pq", "pq0", "0", "-8", "float64"])
def test_ways_that_there_are_not_are_refused(how: str):
    with pytest.raises(LabError, match=f"'{how}'.*float16"):
        compress(GALLERY, how)


def test_vectors_that_do_not_go_together_are_refused():
    with pytest.raises(LabError, match="two rows"):
        compress(GALLERY, "32", learn_from=GALLERY[:, :9])
    with pytest.raises(LabError, match="two rows"):
        compress(GALLERY[:1], "32")
