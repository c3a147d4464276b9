import numpy as np
import pytest

from tests.catalogue.conftest import ENCODER, SPACE, plain, record
from xmr_core.catalogue import Known
from xmr_core.filters import Filters
from xmr_core.media import Modality


def joint_of(catalogue, id):
    return catalogue.item_vectors(id)[1].tolist()


def test_what_is_known_is_what_a_run_compares(catalogue, root):
    a = catalogue.put(plain(root, "a.txt", size=7, mtime_ns=9))
    b = catalogue.put(plain(root, "sub/b.png", modality=Modality.IMAGE))
    catalogue.put(plain(root, "sub2/c.txt"))
    catalogue.set_missing([b], True)
    everything = catalogue.known(root.id, "", SPACE)
    assert everything["a.txt"] == Known(a, 7, 9, "hash of a.txt", "text", False, True)
    assert everything["sub/b.png"].missing
    assert set(everything) == {"a.txt", "sub/b.png", "sub2/c.txt"}
    assert set(catalogue.known(root.id, "sub", SPACE)) == {"sub/b.png"}
    assert not any(known.current for known in catalogue.known(root.id, "", "space-2").values())


def test_the_same_path_keeps_its_id(catalogue, root):
    first = catalogue.put(record(root, "a.txt"))
    again = catalogue.put(plain(root, "a.txt", hash="other", size=99))
    assert first == again
    assert catalogue.item(first).size == 99
    assert catalogue.parts(first) == []
    assert joint_of(catalogue, first) == [[1, 0]]


def test_a_file_put_again_is_no_longer_missing_nor_failed(catalogue, root):
    id = catalogue.put(plain(root, "a.txt"))
    catalogue.set_missing([id], True)
    catalogue.add_failure(root.id, "a.txt", "DamagedMedia", "is damaged")
    catalogue.put(plain(root, "a.txt", hash="other"))
    assert catalogue.find(Filters()) and catalogue.failures() == []


def test_a_moved_item_keeps_its_id_and_vectors(catalogue, root):
    id = catalogue.put(record(root, "old/a.txt"))
    catalogue.set_missing([id], True)
    catalogue.move(id, root.id, "new/b.txt", 10, 77)
    item = catalogue.item(id)
    assert (item.path, item.title, item.mtime) == ("new/b.txt", "b.txt", 77e-9)
    assert catalogue.missing() == 0
    assert joint_of(catalogue, id) == [[1, 0], [0, 1]]
    assert [part.text for part in catalogue.parts(id)] == ["hello"]


def test_an_item_moved_over_another_takes_its_place(catalogue, root):
    id = catalogue.put(plain(root, "a.txt"))
    other = catalogue.put(plain(root, "b.txt"))
    catalogue.move(id, root.id, "b.txt", 10, 1)
    assert catalogue.item(other) is None
    assert [item.id for item in catalogue.find(Filters())] == [id]


def test_a_copy_has_vectors_and_parts_of_its_own(catalogue, root):
    id = catalogue.put(record(root, "a.txt"))
    copy = catalogue.copy(id, root.id, "b.txt", 10, 5)
    assert copy != id
    assert joint_of(catalogue, copy) == joint_of(catalogue, id)
    assert [p.text for p in catalogue.parts(copy)] == ["hello"]
    assert catalogue.feature(copy)[0].tolist() == [1, 2]
    catalogue.put(plain(root, "a.txt", hash="other"))
    assert joint_of(catalogue, copy) == [[1, 0], [0, 1]]
    assert {i.path for i in catalogue.find(Filters(text="hello"))} == {"b.txt"}


def test_a_copy_over_a_known_path_takes_its_place_under_its_id(catalogue, root):
    id = catalogue.put(record(root, "a.txt"))
    old = catalogue.put(plain(root, "b.txt", modality=Modality.IMAGE))
    catalogue.set_missing([old], True)
    assert catalogue.copy(id, root.id, "b.txt", 10, 5) == old
    item = catalogue.item(old)
    assert (item.modality, item.hash, catalogue.missing()) == (Modality.TEXT, "hash of a.txt", 0)
    assert joint_of(catalogue, old) == joint_of(catalogue, id)


def test_twins_are_found_by_content_missing_ones_first(catalogue, root):
    a = catalogue.put(plain(root, "a.txt", hash="same"))
    b = catalogue.put(plain(root, "b.txt", hash="same"))
    catalogue.put(plain(root, "c.txt", hash="same", space="space-2"))
    catalogue.set_missing([b], True)
    assert catalogue.with_hash("same", SPACE) == [
        (b, root.id, "b.txt", True),
        (a, root.id, "a.txt", False),
    ]
    assert catalogue.with_hash("none", SPACE) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda c, r, id: c.put(plain(r, "a.txt", hash="other")),
        lambda c, r, id: c.put(plain(r, "new.txt")),
        lambda c, r, id: c.move(id, r.id, "b.txt", 1, 1),
        lambda c, r, id: c.copy(id, r.id, "b.txt", 1, 1),
        lambda c, r, id: c.set_missing([id], True),
        lambda c, r, id: c.remove_root(r.id),
        lambda c, r, id: c.activate("space-2"),
        lambda c, r, id: c.add_failure(r.id, "a.txt", "DamagedMedia", "is damaged"),
        lambda c, r, id: c.put(plain(r, "a.txt", hash="other", space="space-2")),
    ],
    ids=["change", "new", "move", "copy", "missing", "remove", "activate", "failure", "next-space"],
)
def test_whatever_changes_what_is_found_raises_the_generation(catalogue, root, change):
    id = catalogue.put(plain(root, "a.txt"))
    before = catalogue.generation
    change(catalogue, root, id)
    assert catalogue.generation > before


def test_what_is_not_searched_leaves_the_generation(catalogue, root):
    catalogue.put(plain(root, "a.txt"))
    before = catalogue.generation
    catalogue.set_missing([], True)
    catalogue.add_failure(root.id, "b.txt", "DamagedMedia", "is damaged")
    catalogue.remember({"text": "a"})
    catalogue.put(plain(root, "c.txt", space="space-2"))
    assert catalogue.generation == before


def test_vectors_of_the_former_content_are_gone_in_every_space(catalogue, root):
    id = catalogue.put(plain(root, "a.txt"))
    catalogue.put(plain(root, "a.txt", hash="other", space="space-2", encoder="encoder-2"))
    assert joint_of(catalogue, id) == []
    assert catalogue.feature(id)[1] == "encoder-2"


def test_vectors_of_the_same_content_serve_until_the_space_changes(catalogue, root):
    id = catalogue.put(plain(root, "a.txt"))
    new = np.array([[0, 1]], np.float32)
    catalogue.put(plain(root, "a.txt", space="space-2", encoder="encoder-2", joint=new))
    assert joint_of(catalogue, id) == [[1, 0]]
    catalogue.activate("space-2")
    assert joint_of(catalogue, id) == [[0, 1]]
    assert ENCODER != catalogue.feature(id)[1] == "encoder-2"
