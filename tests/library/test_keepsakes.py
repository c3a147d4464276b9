"""Collections, notes and tags through the library, and searches by them."""

import pytest

from tests.indexing.world import fill, write_text
from tests.library.steps import index
from xmr_core.errors import KeepingError, LibraryError, QueryError
from xmr_core.filters import Filters
from xmr_core.library import keepsakes, search_libraries
from xmr_core.library.queries import make_query


@pytest.fixture
def filled(library, media):
    """The library with a few files of each colour."""
    fill(media / "more", 8)
    index(library, media)
    return library


def ids(library, *paths):
    by_path = {item.path: item.id for item in library.items()}
    return [by_path[path] for path in paths]


def test_a_collection_is_made_filled_renamed_and_deleted(filled):
    red, green = ids(filled, "red.txt", "deep/green.png")
    assert filled.collect("  Birds  of prey", [red, green, red], make=True) == 2
    assert [item.id for item in filled.collected("birds of PREY")] == [red, green]
    assert [item.id for item in filled.collected("birds of PREY", 1, 1)] == [green]
    assert filled.rename_collection("birds of prey", "Raptors").name == "Raptors"
    assert filled.uncollect("raptors", [red]) == 1
    assert [(one.name, one.items) for one in filled.collections()] == [("Raptors", 1)]
    filled.delete_collection("RAPTORS")
    assert filled.collections() == []


@pytest.mark.parametrize("name", ["", "   ", "...", "x" * 101, "\0"])
def test_what_is_no_name_is_refused(library, name):
    with pytest.raises(KeepingError):
        library.make_collection(name)
    assert library.collections() == []


@pytest.mark.parametrize("tag", ["", " , ", "a,b", "x" * 61, "-"])
def test_what_is_no_tag_is_refused(filled, tag):
    with pytest.raises(KeepingError):
        filled.add_tags(ids(filled, "red.txt"), [tag])
    assert filled.all_tags() == []


def test_names_of_signs_and_half_characters_are_kept_as_far_as_they_go(library):
    assert library.make_collection("❤").name == "❤"
    assert library.make_collection("half \ud83d").name == "half ?"


def test_a_collection_that_is_not_there_is_told_with_those_that_are(filled):
    filled.make_collection("Birds")
    with pytest.raises(LibraryError, match=r"no collection 'Trees'.*The collections are: Birds\."):
        filled.collection("Trees")
    with pytest.raises(LibraryError):
        filled.collect("Trees", ids(filled, "red.txt"))
    with pytest.raises(LibraryError, match="no item 999"):
        filled.collect("New", [999], make=True)
    assert [one.name for one in filled.collections()] == ["Birds"], "made only with its items"


def test_notes_are_trimmed_and_bounded(filled):
    (red,) = ids(filled, "red.txt")
    assert filled.set_note(red, " a\r\nb\0 ") == "a\nb" == filled.note(red)
    with pytest.raises(KeepingError, match="10,000 characters at most, this one 10,001"):
        filled.set_note(red, "x" * 10_001)
    assert filled.note(red) == "a\nb"


def test_too_many_at_once_are_refused(filled, monkeypatch):
    monkeypatch.setattr(keepsakes, "MOST_AT_ONCE", 2)
    filled.make_collection("Birds")
    with pytest.raises(KeepingError, match="too many at once"):
        filled.collect("Birds", [1, 2, 3])


def test_what_was_kept_outlives_indexing_again(filled, media):
    red, green = ids(filled, "red.txt", "deep/green.png")
    filled.collect("Birds", [red, green], make=True)
    filled.set_note(red, "mine")
    filled.add_tags([red, green], ["seen"])
    (media / "deep/green.png").rename(media / "renamed.png")
    write_text(media / "red.txt", "green now")
    index(filled)
    assert {item.path for item in filled.collected("Birds")} == {"red.txt", "renamed.png"}
    assert filled.note(red) == "mine" and filled.tags(green) == ["seen"]


def test_a_search_keeps_to_a_collection_and_to_tags(filled):
    red, green, blue = ids(filled, "red.txt", "deep/green.png", "blue.wav")
    filled.collect("Birds", [green, blue], make=True)
    filled.add_tags([blue, red], ["loud"])
    found = filled.search("red", filters=Filters(collection="birds"))
    assert {hit.item.id for hit in found.hits} == {green, blue} and found.total == 2
    found = filled.search("red", filters=Filters(tags=frozenset({"LOUD"})))
    assert found.hits[0].item.id == red and len(found.hits) == 2
    both = Filters(collection="birds", tags=frozenset({"loud"}))
    assert [hit.item.id for hit in filled.search("red", filters=both).hits] == [blue]


def test_a_search_in_what_is_not_there_says_so(filled):
    filled.make_collection("Birds")
    with pytest.raises(QueryError, match=r"no collection 'Trees' here.*Birds"):
        filled.search("red", filters=Filters(collection="Trees"))
    with pytest.raises(QueryError, match=r"the tag 'loud'.*no tags yet"):
        filled.search("red", filters=Filters(tags=frozenset({"loud"})))
    assert filled.search("red", filters=Filters(collection="Birds")).hits == ()


def test_of_several_libraries_one_need_have_it(filled):
    filled.make_collection("Birds")
    keepsakes.check_kept([filled, filled], Filters(collection="birds"))
    query = make_query(["red"], filters=Filters(collection="birds"))
    assert search_libraries([filled], query).hits == ()


def test_a_collection_finds_what_is_like_it_and_not_itself(filled):
    mine = ids(filled, "red.txt")
    filled.collect("Reds", mine, make=True)
    everything = {item.id for item in filled.items()}
    found = filled.more_like_collection("reds", k=50)
    assert {hit.item.id for hit in found.hits} == everything - set(mine)
    assert found.hits[0].cosine == pytest.approx(1, abs=1e-3)
    assert found.hits[-1].cosine < 0.5


def test_the_items_of_a_collection_share_its_weight(filled):
    filled.collect("Two", ids(filled, "red.txt", "deep/green.png"), make=True)
    assert [term.weight for term in filled.collection_terms("two", 3.0)] == [1.5, 1.5]
    vector, _ = filled.searcher.vector(filled.collection_terms("two"))
    one, _ = filled.searcher.vector(filled.collection_terms("two")[:1])
    assert 0.5 < float(vector @ one) < 0.9, "between its items"


def test_an_empty_collection_is_no_query(filled):
    filled.make_collection("Birds")
    with pytest.raises(QueryError, match="is empty"):
        filled.more_like_collection("Birds")


def test_of_a_large_collection_some_speak_for_all(filled, monkeypatch):
    from xmr_core.library import searches

    monkeypatch.setattr(searches, "_SPEAKERS", 3)
    filled.collect("All", [item.id for item in filled.items()], make=True)
    assert len(filled.collection_terms("All")) <= 3
