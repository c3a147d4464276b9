"""`xmr keep …`, and searches in what was kept."""

import json
import zipfile

import pytest

from tests.cli.steps import hits
from xmr_core.library import Library


def said(answer):
    status, out, err = answer
    assert status == 0, err
    return out.strip()


def test_files_are_kept_by_path_from_anywhere_and_by_number(xmr, library, monkeypatch):
    monkeypatch.chdir(library / "deep")
    with Library.open("hues") as one:
        number = next(item.id for item in one.items() if item.path == "film.gif")
    given = [library / "red.txt", "green.png", "blue.wav", number]
    assert said(xmr("keep", "add", "Birds", *given)) == "Birds has 4 more, 4 in all."
    assert said(xmr("keep", "add", "BIRDS", "../red.txt")) == "Birds has 0 more, 4 in all."
    assert said(xmr("keep", "remove", "birds", "red.txt")) == "Birds has 1 fewer, 3 in all."
    told = json.loads(said(xmr("keep", "show", "birds", "--json")))
    assert [one["path"].rpartition("/")[2] for one in told["items"]] == [
        "green.png", "blue.wav", "film.gif",
    ]  # fmt: skip


def test_collections_are_listed_with_tags(xmr, library):
    assert "nothing is kept yet" in said(xmr("keep", "list"))
    xmr("keep", "add", "Birds", "red.txt", "blue.wav")
    xmr("keep", "new", "Trees")
    xmr("keep", "tag", "red.txt", "blue.wav", "--add", "loud", "-a", "Seen twice")
    out = said(xmr("keep", "list"))
    assert "Birds" in out and "Trees" in out and "loud (2), Seen twice (2)" in out
    assert json.loads(said(xmr("keep", "list", "--json"))) == {
        "collections": [
            {"name": "Birds", "items": 2, "missing": 0},
            {"name": "Trees", "items": 0, "missing": 0},
        ],
        "tags": [{"name": "loud", "items": 2}, {"name": "Seen twice", "items": 2}],
    }


def test_a_collection_is_renamed_and_forgotten(xmr, library):
    xmr("keep", "add", "Birds", "red.txt")
    assert said(xmr("keep", "rename", "birds", "Raptors")) == "birds is now Raptors."
    assert said(xmr("keep", "delete", "raptors", "--yes")) == "Raptors is forgotten."
    assert (library / "red.txt").is_file()
    status, _, err = xmr("keep", "show", "raptors")
    assert status == 1 and "hues has no collection 'raptors'. There are no collections yet." in err


def test_notes_and_tags_are_shown_and_changed(xmr, library):
    assert said(xmr("keep", "note", "red.txt")) == "There is no note."
    assert said(xmr("keep", "note", "red.txt", "seen in May")) == "seen in May"
    assert said(xmr("keep", "note", "red.txt")) == "seen in May"
    assert said(xmr("keep", "note", "red.txt", "")) == "There is no note."
    assert said(xmr("keep", "tag", "red.txt", "-a", "loud")) == "red.txt: loud"
    assert said(xmr("keep", "tag", "red.txt", "-r", "LOUD")) == "red.txt: no tags"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "Birds", "nowhere.txt"), "hues has no item nowhere.txt"),
        (("add", "Birds", "999"), "hues has no item 999"),
        (("new", "..."), "The collection has no name"),
        (("tag", "red.txt", "-a", "a,b"), "has a comma"),
        (("tag", "red.txt", "-a", "x", "-r", "X"), "to come and to go"),
        (("note", "red.txt", "x" * 10_001), "10,000 characters at most"),
        (("export", "Nothing", "out.zip"), "no collection 'Nothing'"),
    ],
)
def test_what_cannot_be_kept_is_told(xmr, library, words, told):
    status, _, err = xmr("keep", *words)
    assert status == 1 and told in " ".join(err.split())
    assert said(xmr("keep", "list", "--json")) == said(xmr("keep", "list", "-l", "hues", "--json"))
    assert "nothing is kept yet" in said(xmr("keep", "list"))


def test_of_several_libraries_one_is_to_be_named(xmr, library, media):
    xmr("index", media, "-l", "more", "-p", "colours")
    status, _, err = xmr("keep", "list")
    assert status == 1 and "--library hues or more" in err
    assert said(xmr("keep", "new", "Birds", "-l", "more")) == "more has a collection Birds."


def test_a_collection_is_exported(xmr, library, tmp_path):
    xmr("keep", "add", "Birds", "red.txt", "deep/green.png")
    xmr("keep", "note", "red.txt", "mine")
    assert "holds 2 items" in said(xmr("keep", "export", "birds", tmp_path / "birds.zip"))
    with zipfile.ZipFile(tmp_path / "birds.zip") as made:
        page = made.read("index.html").decode()
    assert "<h1>Birds</h1>" in page and "mine" in page
    xmr("keep", "new", "None")
    assert "None is empty" in xmr("keep", "export", "None", tmp_path / "none.csv")[2]


def test_a_search_keeps_to_a_collection_and_to_tags(xmr, library):
    xmr("keep", "add", "Birds", "deep/green.png", "blue.wav")
    xmr("keep", "tag", "blue.wav", "red.txt", "-a", "loud")
    assert set(hits(xmr("search", "red", "--collection", "birds", "--json"))) == {
        "green.png", "blue.wav",
    }  # fmt: skip
    assert set(hits(xmr("search", "red", "--tag", "LOUD", "--json"))) == {"blue.wav", "red.txt"}
    both = ("--collection", "birds", "--tag", "loud", "--json")
    assert hits(xmr("search", "red", *both)) == ["blue.wav"]
    status, _, err = xmr("search", "red", "--collection", "Trees")
    assert status == 1 and "no collection 'Trees' here" in err


def test_a_search_by_a_collection_leaves_its_items_out(xmr, library):
    xmr("keep", "add", "Reds", "red.txt")
    found = hits(xmr("search", "--like", "reds", "--json"))
    assert "red.txt" not in found and found[0] == "film.gif"
    status, _, err = xmr("search", "--like", "Trees")
    assert status == 1 and "no collection 'Trees' here" in err
