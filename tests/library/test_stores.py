"""A library whose vectors are searched elsewhere answers the same."""

import pytest

from xmr_core.errors import LibraryError, StoreUnavailable
from xmr_core.library import Library


@pytest.fixture
def lite(tmp_path):
    return f"milvus:{tmp_path / 'vectors.db'}"


@pytest.fixture
def indexed(library, media):
    list(library.index(media))
    return library


def answer(library, words="red"):
    return [(h.item.path, round(h.odds, 3)) for h in library.search(words, k=10).hits]


def collections(library):
    with library.searcher.gallery._store.guard() as client:
        return client.list_collections()


def test_milvus_answers_as_faiss_does_and_back_again(indexed, lite):
    expected = answer(indexed)
    assert indexed.store == "faiss" and len(expected) == 3
    indexed.use_store(lite)
    assert indexed.store == lite
    assert answer(indexed) == expected
    assert not list(indexed.path.glob("index/*.faiss")), "what FAISS kept is gone"
    assert len(collections(indexed)) == 3, "one of each medium that there is"
    indexed.use_store("faiss")
    assert answer(indexed) == expected
    assert not list(indexed.path.glob("index/*.milvus.json"))


def test_it_is_remembered_and_kept_vectors_are_used_again(indexed, lite, home, cache, monkeypatch):
    space = indexed.space
    indexed.use_store(lite)
    expected, before = answer(indexed), set(collections(indexed))
    indexed.close()
    with Library.open("colours", space=space) as again:
        assert again.store == lite
        assert answer(again) == expected
        assert set(collections(again)) == before, "nothing was made anew"


def test_new_items_are_found_in_milvus(indexed, lite, media):
    from tests.indexing.world import write_picture

    indexed.use_store(lite)
    answer(indexed)
    write_picture(media / "new.png", "red")
    list(indexed.index(media))
    indexed.searcher.shelves()
    assert "new.png" in [path for path, _ in answer(indexed)]


def test_deleting_the_library_takes_its_collections_along(indexed, lite, tmp_path):
    from pymilvus import MilvusClient

    indexed.use_store(lite)
    answer(indexed)
    indexed.delete()
    client = MilvusClient(str(tmp_path / "vectors.db"))
    assert client.list_collections() == []
    client.close()


def test_a_store_that_cannot_be_had_changes_nothing(indexed, monkeypatch):
    monkeypatch.setattr("xmr_core.stores.milvus._SECONDS", 1.0)
    expected = answer(indexed)
    for setting, error in (
        ("nowhere", LibraryError),
        ("milvus:http://127.0.0.1:9", StoreUnavailable),
    ):
        with pytest.raises(error):
            indexed.use_store(setting)
        assert indexed.store == "faiss" and answer(indexed) == expected


@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_what_is_not_milvus_lites_is_left_alone(indexed, tmp_path, what):
    place = tmp_path / "mine.db"
    mine = place if what == "a file" else place / "letter.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(StoreUnavailable, match=r"something else is there.* Give another name"):
        indexed.use_store(f"milvus:{place}")
    assert mine.read_text() == "mine" and indexed.store == "faiss"
    assert place.is_file() or list(place.iterdir()) == [mine]


def test_a_folder_that_another_program_holds_is_told_in_one_sentence(indexed, tmp_path, caplog):
    fcntl = pytest.importorskip("fcntl")
    place = tmp_path / "held.db"
    (place / "collections").mkdir(parents=True)
    with (place / "LOCK").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable, match="Close the other program that uses it"):
            indexed.use_store(f"milvus:{place}")
    assert not [one for one in caplog.records if one.name.startswith("milvus_lite")]


def test_a_renamed_library_keeps_its_store(indexed, lite):
    indexed.use_store(lite)
    expected = answer(indexed)
    indexed.rename("hues")
    assert indexed.store == lite and answer(indexed) == expected
