"""Every store finds what comparing with every row finds, and keeps it under its stamp."""

import json
import threading

import numpy as np
import pytest

from xmr_core.errors import LibraryError, StoreUnavailable
from xmr_core.index import Stamp
from xmr_core.stores import FAISS, STORES, open_store, parse
from xmr_core.stores.milvus import MilvusStore

DIM = 12
RNG = np.random.default_rng(3)


@pytest.fixture(scope="module", params=sorted(STORES))
def setting(request, tmp_path_factory):
    if request.param == FAISS:
        return FAISS
    return f"{request.param}:{tmp_path_factory.mktemp('milvus') / 'vectors.db'}"


@pytest.fixture
def store(setting, tmp_path):
    store = open_store(setting, tmp_path / "index", "".join(RNG.choice(list("abcdef"), 8)))
    yield store
    store.drop("image")
    store.close()


def rows(n):
    return RNG.standard_normal((n, DIM)).astype(np.float32)


def filled(store, n=300):
    ids, vectors = np.arange(n, dtype=np.int64) * 3 + 7, rows(n)
    index = store.empty("image", DIM)
    index.add(ids[: n // 3], vectors[: n // 3])
    index.add(ids[n // 3 :], vectors[n // 3 :])
    return index, ids, vectors


def brute(vectors, ids, query, k, allow):
    scores = vectors @ query
    scores = np.where(np.isin(ids, allow), scores, -np.inf)
    best = np.argsort(-scores, kind="stable")[: min(k, len(allow))]
    return ids[best], scores[best]


@pytest.mark.parametrize("allowed", [None, 0, 1, 40, 300])
def test_search_equals_comparing_with_every_row(store, allowed):
    index, ids, vectors = filled(store)
    assert len(index) == 300
    allow = None if allowed is None else RNG.permutation(ids)[:allowed]
    queries = rows(5)
    scores, found = index.search(queries, 20, None if allow is None else np.append(allow, 10**12))
    for query, row_scores, row_ids in zip(queries, scores, found, strict=True):
        best, best_scores = brute(vectors, ids, query, 20, ids if allow is None else allow)
        assert row_ids[row_ids >= 0].tolist() == best.tolist()
        assert np.allclose(row_scores[row_ids >= 0], best_scores, atol=1e-4)
        assert np.isneginf(row_scores[row_ids < 0]).all()


def test_what_is_added_after_a_search_is_found(store):
    index, *_ = filled(store, 30)
    index.search(rows(1), 3)
    late = 9 * rows(1)
    index.add(np.array([10**6]), late)
    assert index.search(late, 1)[1].item() == 10**6
    assert len(index) == 31


def test_a_copy_without_some_rows_has_the_others(store):
    index, ids, vectors = filled(store)
    copy = store.without(index, np.append(ids[::4], 10**9))
    if copy is None:
        return  # this store makes it from nothing
    late = rows(1)
    copy.add(np.array([10**6]), late)
    left = np.arange(300) % 4 > 0
    assert len(copy) == left.sum() + 1 and len(index) == 300
    assert np.allclose(copy.take(np.append(ids, 10**6)), np.vstack([vectors[left], late]))


def test_vectors_are_taken_ascending_by_id(store):
    index, ids, vectors = filled(store)
    some = np.array([ids[250], ids[4], ids[90], 1])  # the last is not there
    assert np.allclose(index.take(some), vectors[[4, 90, 250]])
    assert index.take(np.zeros(0, np.int64)).shape == (0, DIM)


def test_nothing_is_found_in_nothing(store):
    index = store.empty("image", DIM)
    index.add(np.zeros(0, np.int64), np.zeros((0, DIM), np.float32))
    scores, found = index.search(rows(2), 5)
    assert scores.shape == found.shape == (2, 0)


def test_wrong_shapes_are_refused(store):
    index, *_ = filled(store, 9)
    for call in (
        lambda: index.add(np.array([1]), rows(2)),
        lambda: index.add(np.array([1]), rows(1)[:, :4]),
        lambda: index.search(rows(1)[0], 3),
        lambda: index.search(rows(1)[:, :4], 3),
    ):
        with pytest.raises(ValueError, match=f"d = {DIM}"):
            call()


def test_what_is_kept_comes_back_under_its_stamp_only(store, setting, tmp_path):
    assert store.kept("image", Stamp(5, "space")) is None
    index, ids, vectors = filled(store)
    index.stamp = Stamp(5, "space")
    assert store.kept("image", Stamp(5, "space")) is None, "before it is kept"
    store.keep("image", index)
    store.close()  # as another process would find it
    query = rows(1)
    again = store.kept("image", Stamp(5, "space"))
    assert again.stamp == Stamp(5, "space") and len(again) == 300 and again.dim == DIM
    assert again.search(query, 9)[1].tolist() == [brute(vectors, ids, query[0], 9, ids)[0].tolist()]
    assert store.kept("image", Stamp(6, "space")) is None
    assert store.kept("image", Stamp(5, "other")) is None
    assert store.kept("audio", Stamp(5, "space")) is None
    former = store.kept("image", Stamp(7, "space"), former=True)
    assert former is None or (former.stamp == Stamp(5, "space") and len(former) == 300)
    assert (former is None) == (setting != FAISS)
    assert store.kept("image", Stamp(4, "space"), former=True) is None, "what is newer is no former"
    assert store.kept("image", Stamp(7, "other"), former=True) is None


def test_a_new_index_takes_the_place_of_the_kept_one_when_it_is_whole(store):
    first, *_ = filled(store, 30)
    first.stamp = Stamp(1, "space")
    store.keep("image", first)
    second, *_ = filled(store, 60)
    assert len(store.kept("image", Stamp(1, "space"))) == 30, "until the second is kept"
    second.stamp = Stamp(2, "space")
    store.keep("image", second)
    assert len(store.kept("image", Stamp(2, "space"))) == 60
    assert store.kept("image", Stamp(1, "space")) is None
    assert len(first.search(rows(1), 3)[1][0]) == 3, "who has it open goes on with it"


def test_what_is_dropped_is_gone(store):
    index, *_ = filled(store, 30)
    index.stamp = Stamp(1, "space")
    store.keep("image", index)
    store.drop("image")
    store.drop("image")
    assert store.kept("image", Stamp(1, "space")) is None


def test_many_threads_may_search_at_once(store):
    index, ids, vectors = filled(store)
    right = []

    def ask(seed):
        query = np.random.default_rng(seed).standard_normal((1, DIM)).astype(np.float32)
        best = brute(vectors, ids, query[0], 9, ids)[0].tolist()
        right.extend(index.search(query, 9)[1][0].tolist() == best for _ in range(5))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(right) == 30 and all(right)


# -- Milvus alone


@pytest.fixture
def lite(tmp_path):
    store = open_store(f"milvus:{tmp_path / 'vectors.db'}", tmp_path / "index", "abc")
    yield store
    store.close()


def test_only_the_collections_in_force_and_before_it_are_left(lite):
    for number in range(4):
        index, *_ = filled(lite, 10)
        index.stamp = Stamp(number, "space")
        lite.keep("image", index)
    filled(lite, 10)  # a build that was broken off
    index, *_ = filled(lite, 10)
    lite.keep("image", index)
    with lite.guard() as client:
        assert len(client.list_collections()) == 2
    lite.drop("image")
    with lite.guard() as client:
        assert client.list_collections() == []


def test_libraries_in_one_store_do_not_touch_each_other(lite, tmp_path):
    index, *_ = filled(lite, 10)
    lite.keep("image", index)
    other = open_store(f"milvus:{tmp_path / 'vectors.db'}", tmp_path / "other", "abcd")
    second, *_ = filled(other, 20)
    other.keep("image", second)
    other.drop("image")
    other.close()
    assert len(lite.kept("image", Stamp())) == 10


@pytest.mark.parametrize("change", ["{", "[]", "{}", '{"collection": 5}'])
def test_a_file_that_makes_no_sense_is_no_index(lite, tmp_path, change):
    index, *_ = filled(lite, 10)
    lite.keep("image", index)
    (tmp_path / "index" / "image.milvus.json").write_text(change)
    assert lite.kept("image", Stamp()) is None
    index, *_ = filled(lite, 10)
    lite.keep("image", index)
    assert len(lite.kept("image", Stamp())) == 10


def test_a_collection_that_lost_rows_or_is_gone_is_no_index(lite, tmp_path):
    index, *_ = filled(lite, 10)
    lite.keep("image", index)
    with lite.guard() as client:
        client.delete(index.collection, ids=[7])
    assert lite.kept("image", Stamp()) is None
    with lite.guard() as client:
        client.drop_collection(index.collection)
    assert lite.kept("image", Stamp()) is None


def test_a_server_that_is_away_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("xmr_core.stores.milvus._SECONDS", 1.0)
    (tmp_path / "index").mkdir()
    told = {"collection": "c", "uri": "http://127.0.0.1:9", "n": 1, "dim": 2}
    told |= {"generation": 0, "fingerprint": ""}
    (tmp_path / "index" / "image.milvus.json").write_text(json.dumps(told))
    away = MilvusStore("http://127.0.0.1:9", tmp_path / "index", "abc")
    for call in (
        away.reach,
        lambda: away.empty("image", 3),
        lambda: away.kept("image", Stamp()),
    ):
        with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9 cannot be used.*--store faiss"):
            call()
    away.drop("image")  # what cannot be reached goes with the next build


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("qdrant", "no store"),
        ("faiss:here", "no store"),
        ("milvus", "neither"),
        ("milvus:vectors", "neither"),
        ("milvus:~nosuchuser/vectors.db", "no folder"),
        ("milvus:ftp://host", "no address"),
        ("milvus:http://", "no address"),
        ("milvus:http://ada:secret@host:19530", "password"),
    ],
)
def test_settings_that_name_no_store_are_refused(setting, why):
    with pytest.raises(LibraryError, match=why):
        parse(setting)


def test_a_file_is_kept_by_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse("milvus:vectors.db") == f"milvus:{tmp_path / 'vectors.db'}"
    assert parse(" faiss ") == "faiss"
