import numpy as np
import pytest

from tests.catalogue.conftest import SPACE, plain, record
from xmr_core.catalogue import vectors as module
from xmr_core.errors import LibraryError
from xmr_core.media import Modality


def all_rows(catalogue, modality=Modality.TEXT, since_row=0):
    chunks = list(catalogue.vectors(modality, since_row))
    if not chunks:
        return [], [], [], []
    return tuple(np.concatenate(column).tolist() for column in zip(*chunks, strict=True))


def test_vectors_come_by_row_with_their_items_and_parts(catalogue, root):
    a, b = catalogue.put(record(root, "a.txt")), catalogue.put(plain(root, "b.txt"))
    rows, items, nos, joint = all_rows(catalogue)
    assert rows == sorted(rows) and len(set(rows)) == 3
    assert items == [a, a, b] and nos == [0, 1, 0]
    assert joint == [[1, 0], [0, 1], [1, 0]]
    assert catalogue.rows(Modality.TEXT).tolist() == rows
    assert all_rows(catalogue, Modality.IMAGE)[0] == []
    assert all_rows(catalogue, since_row=rows[1])[0] == rows[2:]


def test_places_are_those_of_vectors_and_no_vector_is_read_for_them(catalogue, root):
    catalogue.put(record(root, "a.txt"))
    catalogue.put(plain(root, "b.txt", modality=Modality.IMAGE))
    ids = [catalogue.put(record(root, f"{i}.txt")) for i in range(4)]
    catalogue.put(record(root, "a.txt", hash="other"))  # the first item has the last rows
    catalogue.set_missing(ids[1:2], True)
    rows, items, nos = catalogue.placed(Modality.TEXT)
    assert [rows.tolist(), items.tolist(), nos.tolist()] == list(all_rows(catalogue)[:3])
    assert (np.diff(rows) > 0).all() and items[0] > items[-1]
    with catalogue._db.write() as db:
        db.execute("UPDATE vectors SET joint = x''")
    assert len(catalogue.placed(Modality.TEXT)[0]) == len(rows)
    assert [len(column) for column in catalogue.placed(Modality.MESH)] == [0, 0, 0]


def test_chunks_join_without_gap_or_overlap(catalogue, root, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    ids = [catalogue.put(plain(root, f"{i}.txt")) for i in range(10)]
    catalogue.set_missing(ids[2:7], True)
    assert all_rows(catalogue)[1] == ids[:2] + ids[7:]


def test_rows_are_never_used_twice(catalogue, root):
    catalogue.put(plain(root, "a.txt"))
    before = all_rows(catalogue)[0]
    catalogue.put(plain(root, "a.txt", hash="other"))
    after = all_rows(catalogue)[0]
    assert min(after) > max(before)


def test_missing_items_are_left_out_and_return_with_their_old_rows(catalogue, root):
    id = catalogue.put(record(root, "a.txt"))
    rows = all_rows(catalogue)[0]
    catalogue.set_missing([id], True)
    assert all_rows(catalogue)[0] == [] and len(catalogue.rows(Modality.TEXT)) == 0
    catalogue.set_missing([id], False)
    assert all_rows(catalogue)[0] == rows


def test_numbers_beyond_float16_become_its_largest(catalogue, root):
    features = np.array([[1e9, -1e9]], np.float32)
    id = catalogue.put(plain(root, "a.txt", features=features))
    assert catalogue.feature(id)[0].tolist() == [65504, -65504]


def test_an_item_without_vectors_has_none(catalogue, root):
    id = catalogue.put(plain(root, "a.txt", space="space-2"))
    nos, joint = catalogue.item_vectors(id)
    assert nos.shape == (0,) and joint.shape == (0, 0)
    with pytest.raises(LibraryError, match="no vectors of item 99"):
        catalogue.feature(99)


@pytest.mark.parametrize("n", [1, 3, 10, 50])
def test_a_sample_is_spread_evenly_over_the_wholes(catalogue, root, n):
    ids = [catalogue.put(record(root, f"{i:02}.txt")) for i in range(10)]
    items, joint = catalogue.sample(Modality.TEXT, n)
    assert len(items) == len(joint) == min(n, 10) and set(items) <= set(ids)
    assert (joint == [1, 0]).all(), "wholes only"
    if n == 3:
        assert items.tolist() == [ids[0], ids[4], ids[9]]


def test_an_empty_catalogue_gives_an_empty_sample(catalogue):
    items, joint = catalogue.sample(Modality.TEXT, 5)
    assert items.shape == (0,) and joint.shape == (0, 0)


def test_features_lacking_a_space_are_those_to_project(catalogue, root, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 8)  # two rows a time
    ids = [catalogue.put(record(root, f"{i}.txt")) for i in range(3)]
    lacking = list(catalogue.features(Modality.TEXT, "encoder-1", lacking="space-2"))
    assert np.concatenate([items for items, _, _ in lacking]).tolist() == np.repeat(ids, 2).tolist()
    items, nos, features = lacking[0]
    assert features.tolist() == [[1, 2], [3, 4]]
    catalogue.add_vectors(Modality.TEXT, "space-2", items, nos, features)
    left = list(catalogue.features(Modality.TEXT, "encoder-1", lacking="space-2"))
    assert np.concatenate([i for i, _, _ in left]).tolist() == np.repeat(ids[1:], 2).tolist()
    assert catalogue.lacking("space-2") == 2 and catalogue.lacking(SPACE) == 0
    assert list(catalogue.features(Modality.TEXT, "encoder-9")) == []


def test_a_space_is_searched_all_at_once_when_it_becomes_active(catalogue, root):
    id = catalogue.put(record(root, "a.txt"))
    nos = np.arange(2, dtype=np.int32)
    before = all_rows(catalogue)
    new = np.array([[0.5, 0.5], [0.25, 0.25]], np.float32)
    catalogue.add_vectors(Modality.TEXT, "space-2", np.full(2, id), nos, new)
    assert all_rows(catalogue) == before
    catalogue.activate("space-2")
    assert all_rows(catalogue)[3] == new.tolist()
    assert catalogue.meta("fingerprint") == "space-2"
    assert not catalogue.known(root.id, "", SPACE)["a.txt"].current


def test_features_of_an_encoder_that_is_away_stay_where_nothing_newer_is(catalogue, root):
    a, b = (catalogue.put(plain(root, f"{n}.txt")) for n in "ab")
    catalogue.put(plain(root, "a.txt", encoder="encoder-2", space="space-2"))
    catalogue.activate("space-2")
    assert catalogue.feature(a)[1] == "encoder-2"
    assert catalogue.feature(b)[1] == "encoder-1"
    kept = [i for i, _, _ in catalogue.features(Modality.TEXT, "encoder-1")]
    assert np.concatenate(kept).tolist() == [b]
