"""Collections, notes and tags in the catalogue: what they outlive, and their bounds."""

import sqlite3

import pytest

from tests.catalogue.conftest import SPACE, plain
from xmr_core.catalogue import Catalogue, keeping, salvage
from xmr_core.errors import KeepingError, LibraryError, LibraryExists
from xmr_core.filters import Filters


@pytest.fixture
def ids(catalogue, root):
    """Three items."""
    return [catalogue.put(plain(root, f"{name}.txt")) for name in "abc"]


def keep(catalogue, id):
    """A note, a tag, a place in a collection."""
    made = catalogue.make_collection("Birds")
    catalogue.collect(made, [id])
    catalogue.set_note(id, "seen in May")
    catalogue.add_tags([id], ["blue"])


def kept(catalogue, id):
    return (
        [one.name for one in catalogue.collections_of(id)],
        catalogue.note(id),
        catalogue.tags(id),
    )


def passing(catalogue, **filters):
    return [item.title for item in catalogue.find(Filters(**filters))]


WHOLE = (["Birds"], "seen in May", ["blue"])


def test_a_collection_tells_its_items_in_the_order_they_came(catalogue, ids):
    made = catalogue.make_collection("Birds")
    assert catalogue.collect(made, [ids[2], ids[0]]) == 2
    assert catalogue.collect(made, [ids[0], ids[1]]) == 1
    assert catalogue.collected(made) == [ids[2], ids[0], ids[1]]
    assert catalogue.uncollect(made, [ids[2], 99]) == 1
    (one,) = catalogue.collections()
    assert (one.name, one.items, one.missing) == ("Birds", 2, 0)
    catalogue.set_missing([ids[0]], True)
    (one,) = catalogue.collections()
    assert (one.items, one.missing) == (1, 1) and catalogue.collected(made) == [ids[1]]


def test_an_empty_collection_counts_nothing(catalogue, ids):
    catalogue.make_collection("Birds")
    assert [(one.items, one.missing) for one in catalogue.collections()] == [(0, 0)]


@pytest.mark.parametrize("other", ["BIRDS", "birds", "Ｂirds"])
def test_names_that_differ_in_case_alone_are_one(catalogue, other):
    first = catalogue.make_collection("Birds")
    assert catalogue.collection(other).id == first
    with pytest.raises(LibraryExists, match="a collection 'Birds' already"):
        catalogue.make_collection(other)
    second = catalogue.make_collection("Trees")
    with pytest.raises(LibraryExists):
        catalogue.rename_collection(second, other)
    catalogue.rename_collection(first, other)
    assert [one.name for one in catalogue.collections()] == [other, "Trees"]


def test_letters_beyond_ascii_have_case_too(catalogue):
    catalogue.make_collection("ÖSTERREICH")
    assert catalogue.collection("österreich") is not None


def test_a_deleted_collection_leaves_its_items(catalogue, ids):
    made = catalogue.make_collection("Birds")
    catalogue.collect(made, ids)
    catalogue.delete_collection(made)
    assert catalogue.collections() == [] and len(catalogue.items(ids)) == 3
    with pytest.raises(LibraryError, match="gone"):
        catalogue.collect(made, ids)


def test_one_unknown_item_among_many_changes_nothing(catalogue, ids):
    made = catalogue.make_collection("Birds")
    with pytest.raises(LibraryError, match="no item 99"):
        catalogue.collect(made, [ids[0], 99])
    with pytest.raises(LibraryError, match="no item 99"):
        catalogue.add_tags([ids[0], 99], ["blue"])
    with pytest.raises(LibraryError, match="no item 99"):
        catalogue.set_note(99, "x")
    assert catalogue.collected(made) == [] and catalogue.all_tags() == []


def test_a_note_is_written_in_place_of_the_former(catalogue, ids):
    catalogue.set_note(ids[0], "one")
    catalogue.set_note(ids[0], "two")
    assert catalogue.note(ids[0]) == "two" and catalogue.note(ids[1]) == ""
    catalogue.set_note(ids[0], "")
    assert catalogue.note(ids[0]) == "" and catalogue.lines(ids[0]) == []


def test_tags_keep_their_first_spelling_and_count_each_item_once(catalogue, ids):
    assert catalogue.add_tags(ids[:2], ["Blue", "tall"]) == 2
    assert catalogue.add_tags(ids, ["blue", "BLUE"]) == 1
    assert catalogue.tags(ids[2]) == ["Blue"] and catalogue.tags(ids[0]) == ["Blue", "tall"]
    assert catalogue.all_tags() == [("Blue", 3), ("tall", 2)]
    assert catalogue.remove_tags(ids, ["bLuE"]) == 3 and catalogue.remove_tags(ids, ["blue"]) == 0
    catalogue.set_missing([ids[0]], True)
    assert catalogue.all_tags() == [("tall", 1)]


def test_filters_choose_by_collection_and_by_all_of_the_tags(catalogue, ids):
    catalogue.collect(catalogue.make_collection("Birds"), ids[:2])
    catalogue.add_tags(ids[1:], ["blue"])
    catalogue.add_tags([ids[2]], ["tall"])
    assert passing(catalogue, collection="birds") == ["a.txt", "b.txt"]
    assert passing(catalogue, outside=frozenset({"BIRDS"})) == ["c.txt"]
    assert passing(catalogue, tags=frozenset({"BLUE"})) == ["b.txt", "c.txt"]
    assert passing(catalogue, tags=frozenset({"blue", "tall"})) == ["c.txt"]
    assert passing(catalogue, collection="Birds", tags=frozenset({"blue"})) == ["b.txt"]
    assert passing(catalogue, collection="nothing") == []
    assert catalogue.allowed(Filters(collection="birds")).tolist() == ids[:2]


def test_lines_of_other_fields_are_no_tags(catalogue, ids):
    catalogue.set_note(ids[0], "blue")
    assert passing(catalogue, tags=frozenset({"blue"})) == [] and catalogue.all_tags() == []


def test_what_was_kept_outlives_another_content_another_place_and_an_absence(
    catalogue, root, ids, tmp_path
):
    id = ids[0]
    keep(catalogue, id)
    assert catalogue.put(plain(root, "a.txt", hash="other", size=99)) == id
    assert kept(catalogue, id) == WHOLE
    other = catalogue.add_root(tmp_path / "other")
    catalogue.move(id, other.id, "deep/z.txt", 99, 5)
    assert kept(catalogue, id) == WHOLE
    catalogue.set_missing([id], True)
    catalogue.set_missing([id], False)
    assert kept(catalogue, id) == WHOLE


def test_a_file_moved_over_another_takes_what_was_said_of_it(catalogue, root, ids):
    keep(catalogue, ids[0])
    catalogue.set_note(ids[1], "mine")
    catalogue.add_tags([ids[1]], ["BLUE", "tall"])
    catalogue.move(ids[1], root.id, "a.txt", 10, 5)
    assert catalogue.item(ids[0]) is None
    names, note, tags = kept(catalogue, ids[1])
    assert names == ["Birds"] and tags == ["blue", "tall"]
    assert sorted(note.splitlines()) == ["mine", "seen in May"]
    assert catalogue.all_tags() == [("blue", 1), ("tall", 1)]


def test_a_copy_begins_with_nothing_kept(catalogue, root, ids):
    keep(catalogue, ids[0])
    copy = catalogue.copy(ids[0], root.id, "copy.txt", 10, 5)
    assert kept(catalogue, copy) == ([], "", [])


def test_what_was_kept_goes_with_the_folder(catalogue, root, ids):
    keep(catalogue, ids[0])
    catalogue.remove_root(root.id)
    assert [one.items for one in catalogue.collections()] == [0] and catalogue.all_tags() == []


def test_salvage_takes_along_what_was_kept(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    with Catalogue(path) as catalogue:
        catalogue.activate(SPACE)
        root = catalogue.add_root(tmp_path / "media")
        id = catalogue.put(plain(root, "a.txt"))
        keep(catalogue, id)
    salvage(path)
    with Catalogue(path) as catalogue:
        assert kept(catalogue, id) == WHOLE
        assert passing(catalogue, collection="birds", tags=frozenset({"Blue"})) == ["a.txt"]


def test_bounds_are_told_and_nothing_beyond_them_is_kept(catalogue, ids, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_COLLECTIONS", 1)
    monkeypatch.setattr(keeping, "MOST_COLLECTED", 2)
    monkeypatch.setattr(keeping, "MOST_TAGS", 2)
    made = catalogue.make_collection("Birds")
    with pytest.raises(KeepingError, match="1 collections"):
        catalogue.make_collection("Trees")
    with pytest.raises(KeepingError, match="2 items at most"):
        catalogue.collect(made, ids)
    with pytest.raises(KeepingError, match="2 tags at most"):
        catalogue.add_tags(ids, ["a", "b", "c"])
    assert catalogue.collected(made) == [] and catalogue.all_tags() == []


def test_a_catalogue_opened_by_plain_sqlite_can_still_be_written(catalogue, ids):
    # no index may need the function that only our connections have
    with sqlite3.connect(catalogue.path) as db:
        db.execute("INSERT INTO collections (name, at) VALUES ('x', 0)")
        db.execute("INSERT INTO lines (item_id, field, text) VALUES (?, 'tag', 'y')", (ids[0],))
    db.close()
    assert catalogue.all_tags() == [("y", 1)]
