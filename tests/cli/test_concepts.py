"""`xmr library concepts`, and concepts as terms of `xmr search`."""

import json

import pytest

from tests.cli.steps import hits
from xmr_core.library import Library


@pytest.fixture
def sea(library):
    """A concept: blue, and what looks like film.gif is none."""
    with Library.open("hues") as opened:
        ids = {item.title: item.id for item in opened.items()}
        opened.save_concept("Sea", {"blue": 1.0}, [ids["blue.wav"]], [ids["red.txt"]])
    return ids


def test_concepts_are_listed_renamed_and_forgotten(xmr, sea):
    status, out, _ = xmr("library", "concepts", "hues")
    assert status == 0 and out.splitlines()[1].split() == ["Sea", "blue", "1", "1", "0"]
    _, out, _ = xmr("library", "concepts", "hues", "--rename", "sea", "Ocean", "--json")
    (told,) = json.loads(out)
    assert told["name"] == "Ocean" and told["liked"] == [sea["blue.wav"]]
    assert xmr("library", "concepts", "hues", "--forget", "Ocean")[0] == 0
    assert "has no concepts" in xmr("library", "concepts", "hues")[1]
    status, _, err = xmr("library", "concepts", "hues", "--forget", "Ocean")
    assert status == 1 and "no concept 'Ocean'" in err


def test_a_concept_alone_is_a_query(xmr, sea):
    assert hits(xmr("search", "--concept", "Sea", "-l", "hues", "--json", "-k", "1")) == [
        "blue.wav"
    ]


def test_a_concept_is_weighed_and_subtracted(xmr, sea):
    both = ("search", "red", "--text", "blue", "-l", "hues", "--json", "-k", "1")
    assert hits(xmr(*both, "--concept", "sea::2")) == ["blue.wav"]
    assert hits(xmr(*both, "--minus-concept", "sea"))[0] in ("red.txt", "film.gif")


def test_a_concept_that_no_library_has_is_refused(xmr, sea):
    status, _, err = xmr("search", "--concept", "Sand", "-l", "hues")
    assert status == 1 and "hues has no concept 'Sand'" in err and "Its concepts are: Sea." in err
