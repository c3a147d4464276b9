"""Collections, tags and notes through ``/api/v1``."""

import pytest

from tests.ui.rest.test_searching import V1, search

AT = f"{V1}/libraries/colours"
RED, BLUE = "pictures/red.png", "sounds/blue.wav"


def test_a_collection_is_made_filled_searched_within_renamed_and_forgotten(site):
    client, red, blue = site.client, site.ids[RED], site.ids[BLUE]
    made = client.post(f"{AT}/collections", json={"name": " My  reds ", "items": [red]})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["items"], told["missing"]) == ("My reds", 1, 0)
    at = f"{AT}/collections/my reds"
    moved = client.post(f"{at}/items", json={"add": [red, blue, blue]}).json()
    assert moved == {"added": 1, "removed": 0}
    shown = client.get(at, params={"limit": 1, "offset": 1}).json()
    assert shown["collection"]["items"] == 2
    assert [item["id"] for item in shown["items"]] == [blue]
    query = {"terms": [{"text": "red"}], "libraries": ["colours"]}
    found = search(site, **query, filters={"collection": "MY REDS"})
    assert [hit["item"]["id"] for hit in found["hits"]] == [red, blue]
    assert client.post(f"{at}/items", json={"remove": [blue]}).json()["removed"] == 1
    assert client.patch(at, json={"name": "Only red"}).json()["name"] == "Only red"
    assert client.delete(f"{AT}/collections/only red").status_code == 204
    assert client.get(f"{AT}/collections").json() == []


def test_a_collection_is_a_term_that_does_not_find_itself(site):
    names = {"name": "a/b", "items": [site.ids[RED], site.ids["sounds/red.wav"]]}
    assert site.client.post(f"{AT}/collections", json=names).status_code == 201
    assert site.client.get(f"{AT}/collections/a/b").json()["collection"]["items"] == 2
    term = {"collection": {"library": "colours", "name": "a/b"}}
    found = search(site, terms=[term], libraries=["colours"], k=2)  # the next is equal to another
    paths = [hit["item"]["path"] for hit in found["hits"]]
    assert all("red" in path for path in paths) and not {RED, "sounds/red.wav"} & set(paths)
    one = site.client.post(f"{AT}/items/{site.ids[RED]}/explain", json={"term": term})
    assert one.status_code == 400 and "many things" in one.json()["error"]["message"]


def test_tags_and_a_note_stay_with_an_item_and_are_filtered_by(site):
    red, blue = site.ids[RED], site.ids[BLUE]
    client = site.client
    given = {"items": [red, blue], "add": ["loud", "old"]}
    assert client.post(f"{AT}/tags", json=given).json() == {"changed": 2}
    same = {"items": [red], "add": ["old"], "remove": ["new"]}
    assert client.post(f"{AT}/tags", json=same).json() == {"changed": 0}
    client.post(f"{AT}/tags", json={"items": [blue], "remove": ["OLD"]})
    tags = client.get(f"{AT}/tags").json()
    assert tags == [{"name": "loud", "items": 2}, {"name": "old", "items": 1}]
    told = client.put(f"{AT}/items/{red}/note", json={"text": " mine\r\n"}).json()
    assert told == {"note": "mine", "tags": ["loud", "old"], "collections": []}
    assert client.get(f"{AT}/items/{red}/kept").json() == told
    query = {"terms": [{"text": "blue"}], "libraries": ["colours"]}
    found = search(site, **query, filters={"tags": ["loud", "old"]})
    assert [hit["item"]["id"] for hit in found["hits"]] == [red]


def test_nothing_is_changed_where_an_item_is_unknown(site):
    bad = site.client.post(f"{AT}/collections", json={"name": "Half", "items": [1, 999_999]})
    assert bad.status_code == 404 and site.client.get(f"{AT}/collections").json() == []
    site.client.post(f"{AT}/collections", json={"name": "Whole", "items": [site.ids[RED]]})
    change = {"remove": [site.ids[RED]], "add": [999_999]}
    assert site.client.post(f"{AT}/collections/whole/items", json=change).status_code == 404
    assert site.client.get(f"{AT}/collections/whole").json()["collection"]["items"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("post", "/collections", {"name": " "}, 400, "no name"),
        ("post", "/collections", {"name": "x" * 101}, 400, "100 characters"),
        ("post", "/collections", {"name": "a", "item": [1]}, 400, "item"),
        ("get", "/collections/none", None, 404, "no collection 'none'"),
        ("patch", "/collections/none", {"name": "a"}, 404, "no collection 'none'"),
        ("delete", "/collections/none", None, 404, "no collection 'none'"),
        ("post", "/collections/none/items", {}, 400, "No item is named"),
        ("post", "/collections/none/items", {"add": [1]}, 404, "no collection 'none'"),
        ("post", "/tags", {"items": []}, 400, "items"),
        ("post", "/tags", {"items": [1], "add": ["a,b"]}, 400, "a comma"),
        ("post", "/tags", {"items": [999_999], "add": ["a"]}, 404, "no item"),
        ("get", "/items/999999/kept", None, 404, "no item"),
        ("put", "/items/999999/note", {"text": "a"}, 404, "no item"),
        ("put", "/items/1/note", {"text": "x" * 10_001}, 400, "10,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_told(served, method, path, body, status, words):
    answer = served.client.request(method, AT + path, json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert words in error["message"] and error["hint"]


def test_a_name_that_is_taken_is_a_conflict(site):
    for status in (201, 409):
        answer = site.client.post(f"{AT}/collections", json={"name": "Birds"})
        assert answer.status_code == status
