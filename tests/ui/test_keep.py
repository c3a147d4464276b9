"""What pages ask about collections, notes and tags; and searches in and by them."""

import pytest

from tests.ui.test_search_page import ids, item, paths, stated, text

RED, BLUE = "pictures/red.png", "sounds/blue.wav"


def chosen(site, *found):
    return [{"library": "colours", "id": site.ids[path]} for path in found]


def birds(site, *found):
    site.call("keep.collect", items=chosen(site, *(found or (RED, BLUE))), name="Birds")


def collection(name="Birds", weight=1):
    return {"kind": "collection", "library": "colours", "title": name, "modality": "image",
            "weight": weight}  # fmt: skip


def test_a_collection_is_made_listed_renamed_and_forgotten(site):
    told = site.call("keep.collect", items=chosen(site, RED, BLUE, RED), name=" Birds ")
    assert told == {"added": 2, "name": "Birds"}
    assert site.call("keep.collect", items=chosen(site, RED), name="birds")["added"] == 0
    (one,) = site.call("keep", libraries=["colours"])["collections"]
    assert one == {"library": "colours", "name": "Birds", "items": 2, "missing": 0}
    assert site.call("keep")["collections"] == [one], "of all libraries where none is named"
    assert site.call("keep.rename", library="colours", name="birds", new="B")["name"] == "B"
    assert site.call("keep.uncollect", items=chosen(site, RED), name="b")["gone"] == 1
    site.call("keep.delete", library="colours", name="b")
    assert site.call("keep", libraries=["colours"])["collections"] == []


def test_an_item_tells_what_was_said_of_it(site):
    birds(site)
    number = site.ids[RED]
    assert site.call("keep.note", library="colours", id=number, text=" mine ")["note"] == "mine"
    told = site.call("keep.tag", items=chosen(site, RED, BLUE), add=["loud", "old"], remove=[])
    assert told == {"changed": 2, "tags": ["loud", "old"]}
    site.call("keep.tag", items=chosen(site, RED), add=[], remove=["OLD"])
    assert site.call("keep.item", library="colours", id=number) == {
        "note": "mine", "tags": ["loud"], "collections": ["Birds"],
    }  # fmt: skip
    assert site.call("keep")["tags"] == [{"name": "loud", "items": 2}, {"name": "old", "items": 1}]


@pytest.mark.parametrize(
    ("action", "payload", "told"),
    [
        ("keep.collect", {"items": [], "name": "a"}, "No item is chosen"),
        ("keep.collect", {"items": [{"library": "colours", "id": 99}], "name": "a"}, "no item 99"),
        ("keep.collect", {"items": [{"library": "colours", "id": 1}], "name": " "}, "no name"),
        ("keep.tag", {"items": [{"library": "colours", "id": 1}], "add": ["a,b"]}, "a comma"),
        ("keep.note", {"library": "colours", "id": 1, "text": "x" * 10_001}, "10,000 characters"),
        ("keep.item", {"library": "colours", "id": 99}, "no item 99"),
        ("keep.delete", {"library": "colours", "name": "a"}, "no collection 'a'"),
        ("keep.export", {"items": [{"library": "colours", "id": 1}], "format": "pdf"}, "'pdf'"),
        ("keep.browse", {"query": {"libraries": ["colours"]}}, "nothing to show"),
    ],
)
def test_what_cannot_be_kept_is_told_and_changes_nothing(site, action, payload, told):
    error = site.refused(action, **payload)
    assert told in error["message"] and error["hint"]
    assert site.call("keep") == {"collections": [], "tags": []}


def test_a_collection_is_shown_in_its_order_and_in_pages(site):
    birds(site, BLUE, RED, "red.txt")
    query = {"libraries": ["colours"], "filters": {"collection": "birds"}}
    told = site.call("keep.browse", query=query, k=2)
    assert paths(site, told) == [BLUE, RED]
    assert (told["label"], told["total"], told["groups"][0]["more"]) == ("birds", 3, True)
    last = site.call("keep.browse", query=query, k=2, offset=2)
    assert paths(site, last) == ["red.txt"] and not last["groups"][0]["more"]
    assert "The first passage is red" in last["groups"][0]["cards"][0]
    assert "x-strength" not in "".join(told["groups"][0]["cards"])
    by_column = site.call("keep.browse", query=query, columns=True)
    assert [group["modality"] for group in by_column["groups"]] == ["text", "image", "audio"]


def test_tags_are_shown_by_themselves(site):
    site.call("keep.tag", items=chosen(site, RED, BLUE), add=["loud"])
    site.call("keep.tag", items=chosen(site, BLUE), add=["old"])
    query = {"libraries": ["colours"], "filters": {"tags": "LOUD, old"}}
    told = site.call("keep.browse", query=query)
    assert paths(site, told) == [BLUE] and told["label"] == "Tagged LOUD, old"


def test_a_search_keeps_to_a_collection_and_to_tags(site):
    birds(site)
    site.call("keep.tag", items=chosen(site, BLUE, "red.txt"), add=["loud"])
    told = site.call("search", query=stated(text("red"), filters={"collection": "BIRDS"}))
    assert paths(site, told) == [RED, BLUE] and told["total"] == 2
    told = site.call("search", query=stated(text("red"), filters={"tags": "loud"}))
    assert set(paths(site, told)) == {"red.txt", BLUE}
    error = site.refused("search", query=stated(text("red"), filters={"collection": "Trees"}))
    assert "no collection 'Trees'" in error["message"] and "Birds" in error["hint"]


def test_a_collection_is_a_term_that_does_not_find_itself(site):
    birds(site, RED, "red.txt")
    told = site.call("search", query=stated(collection()), k=50)
    assert told["label"] == "Birds" and told["total"] == 15
    assert not {site.ids[RED], site.ids["red.txt"]} & set(ids(told))
    assert "red" in paths(site, told)[0]
    less = site.call("search", query=stated(text("blue"), collection(weight=-1), to=["image"]))
    assert RED not in paths(site, less) and less["label"] == "blue − Birds"
    site.call("keep.delete", library="colours", name="birds")
    error = site.refused("search", query=stated(collection()))
    assert "no collection 'Birds'" in error["message"]


def test_why_and_map_take_a_collection_as_its_items(site):
    birds(site, RED, BLUE)
    query = {"terms": [collection()]}
    number = site.ids["red.txt"]
    told = site.call("why.pair", library="colours", id=number, query=query)
    assert len(told["terms"]) == 2
    assert len(site.call("map.ask", library="colours", terms=[collection()])["names"]) == 2


def test_a_saved_search_keeps_its_collection_and_tags(site):
    birds(site)
    query = stated(text("red"), filters={"collection": "Birds", "tags": "loud", "else": 1})
    site.call("searches.save", name="mine", query=query)
    (one,) = site.call("searches")["saved"]
    assert one["query"]["filters"] == {"collection": "Birds", "tags": "loud"}


def test_a_name_that_a_saved_search_has_is_asked_about(site):
    site.call("searches.save", name="Mine", query=stated(text("red")))
    assert site.call("searches.save", name="mine ", query=stated(text("blue"))) == {"taken": "Mine"}
    (one,) = site.call("searches")["saved"]
    assert one["query"]["terms"][0]["text"] == "red"
    site.call("searches.save", name="mine", query=stated(text("blue")), replace=True)
    (one,) = site.call("searches")["saved"]
    assert one["name"] == "mine" and one["query"]["terms"][0]["text"] == "blue"


@pytest.mark.parametrize("kind", ["csv", "json", "zip"])
def test_chosen_items_and_collections_are_written_to_files(site, kind):
    birds(site)
    for given in ({"items": chosen(site, RED, BLUE)}, {"library": "colours", "name": "birds"}):
        told = site.call("keep.export", format=kind, **given)
        assert told["items"] == 2 and told["left_out"] == []
        fetched = site.client.get(told["url"])
        assert fetched.status_code == 200 and len(fetched.content) > 60


def test_programs_search_in_collections_and_tags(site):
    birds(site)
    site.call("keep.tag", items=chosen(site, BLUE), add=["loud"])
    given = {"terms": [{"text": "red"}], "libraries": ["colours"]}
    for filters, wanted in (
        ({"collection": "birds"}, [RED, BLUE]),
        ({"collection": "birds", "tags": ["Loud"]}, [BLUE]),
    ):
        answer = site.client.post("/api/v1/search", json=given | {"filters": filters})
        assert [hit["item"]["path"] for hit in answer.json()["hits"]] == wanted
    answer = site.client.post("/api/v1/search", json=given | {"filters": {"collection": "x"}})
    assert answer.status_code == 400 and "no collection 'x'" in answer.text


def test_an_item_that_asks_and_one_of_a_collection_may_be_mixed(site):
    birds(site, RED)
    told = site.call("search", query=stated(collection(), item(site, BLUE)), k=50)
    assert not {site.ids[RED], site.ids[BLUE]} & set(ids(told))
