import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xmr_core.index import Stamp, VectorIndex

SEED = np.random.default_rng(7)


CENTRES = SEED.standard_normal((40, 24))


def clustered(n, d=24):
    """Rows that lie as embeddings do, about centres; noise alone has no neighbours to find."""
    rows = CENTRES[SEED.integers(len(CENTRES), size=n)] + 0.8 * SEED.standard_normal((n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def brute(vectors, ids, query, k, allow=None):
    scores = vectors @ query
    if allow is not None:
        scores = np.where(np.isin(ids, allow), scores, -np.inf)
    best = np.argsort(-scores, kind="stable")[:k]
    best = best[np.isfinite(scores[best])]
    return scores[best], ids[best]


def filled(n=400, d=24):
    vectors = clustered(n, d)
    ids = SEED.permutation(10 * n)[:n].astype(np.int64)
    index = VectorIndex(d)
    index.add(ids[: n // 2], vectors[: n // 2])
    index.add(ids[n // 2 :], vectors[n // 2 :])
    return index, ids, vectors


@pytest.mark.parametrize("allowed", [None, 1, 5, 60, 400])
def test_flat_search_equals_comparing_with_every_row(allowed):
    index, ids, vectors = filled()
    allow = None if allowed is None else np.append(ids[:allowed], 10**9)  # one it does not have
    queries = clustered(9)
    scores, found = index.search(queries, 20, allow)
    for query, row_scores, row_ids in zip(queries, scores, found, strict=True):
        expected_scores, expected_ids = brute(vectors, ids, query, 20, allow)
        assert np.allclose(row_scores, expected_scores, atol=1e-6)
        assert set(row_ids) == set(expected_ids)


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(1, 60),
    k=st.integers(0, 70),
    share=st.floats(0, 1),
    seed=st.integers(0, 9999),
)
def test_no_result_is_outside_the_allowed_ids_or_twice(n, k, share, seed):
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((n, 5)).astype(np.float32)
    ids = np.arange(n, dtype=np.int64) * 3
    index = VectorIndex(5)
    index.add(ids, vectors)
    allow = ids[rng.random(n) < share]
    scores, found = index.search(vectors[:2], k, allow)
    assert found.shape == scores.shape and found.shape[1] == min(k, len(allow))
    for row, row_scores in zip(found, scores, strict=True):
        assert np.isin(row, allow).all() and len(set(row)) == len(row)
        assert (np.diff(row_scores) <= 1e-6).all()


def test_extra_dimensions_are_part_of_the_inner_product():
    index = VectorIndex(3)
    index.add(np.array([1, 2]), np.array([[1, 0, -0.9], [0.8, 0.6, 0]], np.float32))
    corrected = index.search(np.array([[1, 0, 1]], np.float32), 1)[1]
    plain = index.search(np.array([[1, 0, 0]], np.float32), 1)[1]
    assert (corrected.item(), plain.item()) == (2, 1)


def test_wrong_shapes_and_doubled_ids_are_refused():
    index, ids, vectors = filled()
    with pytest.raises(ValueError, match="already"):
        index.add(ids[:1], vectors[:1])
    with pytest.raises(ValueError, match="twice"):
        index.add(np.array([-5, -5]), vectors[:2])
    with pytest.raises(ValueError, match="d = 24"):
        index.add(np.array([-5]), vectors[:1, :3])
    with pytest.raises(ValueError, match="d = 24"):
        index.search(vectors[0], 3)


def test_empty_index_finds_nothing():
    scores, found = VectorIndex(4).search(np.ones((2, 4), np.float32), 5)
    assert scores.shape == found.shape == (2, 0)


def test_saved_index_comes_back_with_its_stamp(tmp_path):
    index, ids, vectors = filled()
    index.stamp = Stamp(5, "space")
    index.save(tmp_path / "i.faiss")
    again = VectorIndex.load(tmp_path / "i.faiss", Stamp(5, "space"))
    assert again is not None and again.stamp == index.stamp
    for a, b in zip(again.search(vectors[:9], 6), index.search(vectors[:9], 6), strict=True):
        assert np.array_equal(a, b)
    again.add(-1 - ids[:7], vectors[:7])
    assert len(again) == 407 and again.ids.tolist() == sorted([*ids, *(-1 - ids[:7])])
    assert [p.name for p in tmp_path.iterdir()] == ["i.faiss"]


@pytest.mark.parametrize("stamp", [Stamp(6, "space"), Stamp(5, "other")])
def test_stale_index_is_not_used(tmp_path, stamp):
    index, _, _ = filled()
    index.stamp = Stamp(5, "space")
    index.save(tmp_path / "i.faiss")
    assert VectorIndex.load(tmp_path / "i.faiss", stamp) is None
    assert VectorIndex.load(tmp_path / "i.faiss") is not None


def test_truncated_changed_or_foreign_files_are_not_used(tmp_path):
    index, _, _ = filled(n=50)
    path = tmp_path / "i.faiss"
    index.save(path)
    whole = path.read_bytes()
    assert VectorIndex.load(path) is not None
    for size in [*range(0, 200, 7), len(whole) // 2, len(whole) - 1]:
        path.write_bytes(whole[:size])
        assert VectorIndex.load(path) is None
    for at in SEED.integers(len(whole), size=50):
        changed = bytearray(whole)
        changed[at] ^= 0x40
        path.write_bytes(changed)
        assert VectorIndex.load(path) is None
    path.write_bytes(os.urandom(5000))
    assert VectorIndex.load(path) is None
    assert VectorIndex.load(tmp_path / "absent") is None
    assert VectorIndex.load(tmp_path) is None


def test_failed_save_leaves_the_former_file(tmp_path, monkeypatch):
    index, _, _ = filled(n=50)
    path = tmp_path / "i.faiss"
    index.save(path)
    before = path.read_bytes()
    index.add(-1 - index.ids[:10], clustered(10))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        index.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["i.faiss"]


def test_searches_go_on_while_rows_come():
    index, ids, vectors = filled(n=200)
    wrong, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            _, found = index.search(vectors[150:151], 3)
            if found[0, 0] != ids[150]:
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(100):
        index.add(-1 - 100 * turn - np.arange(100), -vectors[:100])
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong and len(index) == 10_200


def test_reading_an_index_makes_no_second_copy_of_its_rows(tmp_path):
    import tracemalloc

    index = VectorIndex(512)
    index.add(np.arange(4000), SEED.random((4000, 512), np.float32))  # 8 MB
    index.save(tmp_path / "i.faiss")
    tracemalloc.start()
    again = VectorIndex.load(tmp_path / "i.faiss")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(again) == 4000 and peak < 1 << 20
