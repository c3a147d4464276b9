"""`xmr graph build|show`, and searches that follow links."""

import json

from tests.indexing.world import write_picture


def test_items_are_linked_and_shown(xmr, library):
    write_picture(library / "blue.png", "red", side=9)
    assert xmr("index", library, "--library", "hues")[0] == 0
    status, out, _ = xmr("graph", "build", "hues")
    assert status == 0 and "1 same name" in out
    status, out, _ = xmr("graph", "show", "hues", "blue.wav")
    assert status == 0 and "blue.png" in out and "same name" in out
    (number,) = {line.split()[0] for line in out.splitlines() if "blue.png" in line}
    assert "blue.wav" in xmr("graph", "show", "hues", number)[1]
    links = json.loads(xmr("graph", "show", "hues", "--json")[1])
    assert {"stem"} < {link["kind"] for link in links}


def test_a_library_that_changed_says_that_its_links_are_behind(xmr, library):
    assert "no links" in xmr("graph", "show", "hues")[1]
    assert "now run: xmr graph build hues" in xmr("graph", "show", "hues")[1]


def test_an_item_that_is_not_there_is_said(xmr, library):
    status, _, err = xmr("graph", "show", "hues", "no.png")
    assert status == 1 and "has no item no.png" in err


def test_a_search_follows_links_once_there_are_some(xmr, library):
    status, _, err = xmr("search", "red", "--library", "hues", "--spread")
    assert status == 1 and "xmr graph build hues" in err
    assert xmr("graph", "build", "hues")[0] == 0
    status, out, _ = xmr("search", "red", "--library", "hues", "--spread", "--json")
    assert status == 0 and len(json.loads(out)["hits"]) == 5
