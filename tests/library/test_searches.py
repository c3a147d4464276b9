"""Searches through the library, and those that it keeps."""

import pytest

from tests.indexing.world import fill, write_text
from tests.library.steps import index
from xmr_core.errors import QueryError
from xmr_core.query import Features, Term


def test_searches_are_remembered_and_saved(library):
    library.remember({"text": "owl"})
    id = library.save_search("Owls", {"text": "owl"})
    assert library.history()[0].query == library.saved_searches()[0].query == {"text": "owl"}
    library.forget_search(id)
    assert library.saved_searches() == []


def test_more_like_needs_no_file(library, media):
    fill(media / "more", 8)
    index(library, media)
    item = next(item for item in library.items() if item.path == "red.txt")
    (media / "red.txt").unlink()
    assert library.more_like(item.id, k=3).hits[0].cosine == pytest.approx(1, abs=1e-3)


def test_vectors_of_another_encoder_are_no_query(library, media):
    index(library, media)
    item = library.items()[0]
    vector, _ = library.catalogue.feature(item.id)
    with pytest.raises(QueryError, match="another profile"):
        library.search(Term(Features(item.modality, vector, "someone else's")))


def test_pages_neither_repeat_nor_lose_what_names_speak_for(library, tmp_path):
    for n in range(240):
        words = ["red"] * (1 + n % 17) + ["green"] * (1 + n % 13)
        name = "red report" if n % 17 < 4 else "report"  # the whole name, where little is red
        write_text(tmp_path / f"reports/{name} {n}.txt", " ".join(words))
    index(library, tmp_path / "reports")
    whole = [hit.item.id for hit in library.search("red report", k=240).hits]
    pages = [
        hit.item.id
        for at in range(0, 240, 24)
        for hit in library.search("red report", k=24, offset=at).hits
    ]
    assert pages == whole and len(set(whole)) == 240
