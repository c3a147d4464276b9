"""Documents of a library: what belongs together, and searching it as one."""

import pytest

from tests.indexing.world import write_picture, write_sound, write_text
from tests.library.steps import index
from tests.library.test_graph import link
from xmr_core.errors import LibraryError, QueryError
from xmr_core.library import documents
from xmr_core.library.documents import DocumentResults
from xmr_core.media import Modality


@pytest.fixture
def linked(library, tmp_path):
    """Two documents and two items alone."""
    media = tmp_path / "birds"
    write_text(media / "robin/note.txt", "red " * 100)
    write_picture(media / "robin/photo.png", "green")
    write_sound(media / "robin/song.wav", "green")
    write_picture(media / "owl.png", "blue")
    write_sound(media / "owl.wav", "blue")
    write_picture(media / "alone.png", "red")
    write_text(media / "green.txt", "green")
    index(library, media)
    link(library)
    return library


def id_of(library, path):
    return next(item.id for item in library.items(limit=1000) if item.path == path)


def paths(document):
    return [item.path for item in document.members]


def test_items_that_belong_together_are_documents_and_say_why(linked):
    owl, robin = linked.documents()
    assert (owl.title, paths(owl), owl.why) == ("owl", ["owl.png", "owl.wav"], ("one name",))
    assert robin.title == "robin" and robin.why == ("a small folder of several media",)
    assert paths(robin) == ["robin/note.txt", "robin/photo.png", "robin/song.wav"]
    assert robin.lead.startswith("red red") and robin.lead.endswith("red …")
    assert [item.path for item in robin.of(Modality.AUDIO)] == ["robin/song.wav"]
    assert linked.documents(1, 1) == [robin] and linked.count_documents() == 2
    alone = linked.document(id_of(linked, "alone.png"))
    assert (paths(alone), alone.why) == (["alone.png"], ())
    with pytest.raises(LibraryError, match="no item 99"):
        linked.document(99)


def test_what_is_split_and_joined_stays_so_after_linking_again(linked):
    song = id_of(linked, "robin/song.wav")
    left = linked.split(song)
    assert paths(left) == ["robin/note.txt", "robin/photo.png"]
    with pytest.raises(LibraryError, match="no part of a document"):
        linked.split(song)
    joined = linked.join([id_of(linked, "owl.wav"), song])
    assert paths(joined) == ["owl.png", "owl.wav", "robin/song.wav"]
    assert "joined by you" in joined.why
    write_text(linked.roots()[0].path / "new.txt", "blue")
    index(linked)
    link(linked)
    assert linked.document(song) == joined
    assert paths(linked.document(id_of(linked, "robin/note.txt"))) == paths(left)


def test_a_document_needs_two_items_and_has_not_too_many(linked):
    with pytest.raises(LibraryError, match="needs two"):
        linked.join([1, 1])
    for i in range(45):
        write_picture(linked.roots()[0].path / f"many/{i}.png", "red", side=10 + i)
    index(linked)
    ids = [item.id for item in linked.items(limit=1000) if item.path.startswith("many/")]
    with pytest.raises(LibraryError, match="45 items"):
        linked.join(ids)


def test_each_term_may_be_answered_by_another_member(linked):
    green = linked.term(id_of(linked, "green.txt"))
    found = linked.search_documents("red", green)
    best = found.hits[0]
    assert best.document.title == "robin"
    words, example = best.matched
    assert words.item.path == "robin/note.txt"
    assert example.item.path in {"robin/photo.png", "robin/song.wav"}
    assert [hit.rank for hit in found.hits] == list(range(1, found.total + 1))
    # items that belong to none are found, too
    assert {paths(hit.document)[0] for hit in found.hits} > {"alone.png", "green.txt"}
    assert found.hits[0].strength >= found.hits[-1].strength
    page = linked.search_documents("red", green, k=1, offset=1)
    assert [hit.document for hit in page.hits] == [found.hits[1].document]


def test_where_only_the_best_items_were_gathered_it_is_told(linked, monkeypatch):
    assert not linked.search_documents("red").cut
    monkeypatch.setattr(documents, "_FIRST", 4)
    found = linked.search_documents("red", k=1)
    assert found.cut and found.total <= 4


def test_what_is_subtracted_takes_documents_down(linked):
    def odds(**options):
        hits = linked.search_documents("red", **options).hits
        return {hit.document.title: hit.odds for hit in hits}

    plain, minus = odds(), odds(minus=["blue"])
    assert plain["owl"] - minus["owl"] > plain["robin"] - minus["robin"]


def test_nothing_to_look_for_is_said(linked):
    with pytest.raises(QueryError, match="nothing to look for"):
        linked.search_documents(minus=["red"])
    assert DocumentResults((), 0).probably_nothing
