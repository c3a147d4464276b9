"""`xmr documents list|show|search|join|split`."""

import json

from tests.indexing.world import write_picture


def linked(xmr, library):
    write_picture(library / "blue.png", "blue", side=9)
    assert xmr("index", library, "--library", "hues")[0] == 0
    assert xmr("graph", "build", "hues")[0] == 0


def test_documents_are_listed_shown_and_changed(xmr, library):
    assert "xmr graph build hues" in xmr("documents", "list", "hues")[1]
    linked(xmr, library)
    out = xmr("documents", "list", "hues")[1]
    assert "blue" in out and "1 image, 1 audio" in out and "one name" in out
    (one,) = json.loads(xmr("documents", "list", "hues", "--json")[1])
    assert [member["path"] for member in one["members"]] == ["blue.png", "blue.wav"]
    assert "blue.wav" in xmr("documents", "show", "hues", "blue.png")[1]
    out = xmr("documents", "join", "hues", "blue.png", "red.txt")[1]
    assert "joined by you" in out and "red.txt" in out
    out = xmr("documents", "split", "hues", "red.txt")[1]
    assert "red.txt" not in out
    status, _, err = xmr("documents", "split", "hues", "red.txt")
    assert status == 1 and "no part of a document" in err


def test_documents_are_searched_by_words_and_example(xmr, library):
    linked(xmr, library)
    words = ("documents", "search", "hues", "blue", "--example", library / "blue.wav")
    best = json.loads(xmr(*words, "--json")[1])[0]
    assert best["title"] == "blue" and len(best["matched"]) == 2
    assert "blue.wav" in xmr(*words)[1]
    status, _, err = xmr("documents", "search", "hues")
    assert status == 1 and "nothing to look for" in err
