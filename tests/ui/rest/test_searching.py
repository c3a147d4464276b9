"""Searches and explanations through ``/api/v1``, and how the interface describes itself."""

import json

import numpy as np
import pytest

from xmr_core.library import make_query
from xmr_core.ui import actions
from xmr_core.ui.rest import ADDRESS

V1 = "/api/v1"
PLAIN = {"content-type": "text/plain"}
RED = {"terms": [{"text": "red"}], "libraries": ["colours"]}


def search(site, **payload):
    answer = site.client.post(f"{V1}/search", json=payload)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_hits_are_those_of_the_engine(served):
    told = search(served, **RED, k=50)
    library = served.context.shelf.get("colours")
    results = library.answer(make_query(["red"], k=50))
    assert [hit["item"]["id"] for hit in told["hits"]] == [hit.item.id for hit in results.hits]
    assert [hit["strength"] for hit in told["hits"]] == pytest.approx(
        [hit.strength for hit in results.hits]
    )
    assert told["total"] == results.total
    assert told["presence"] == pytest.approx(dict(results.presence))
    part = next(hit["part"] for hit in told["hits"] if hit["item"]["path"] == "red.txt")
    assert part["text"] and part["label"]


def test_pages_join_without_a_gap(served):
    whole = search(served, **RED, k=12)["hits"]
    pages = [search(served, **RED, k=4, offset=start)["hits"] for start in (0, 4, 8)]
    assert [hit for page in pages for hit in page] == whole
    assert [hit["rank"] for hit in whole] == list(range(1, 13))


def test_any_medium_finds_by_its_bytes(served):
    for path in ("pictures/blue.png", "sounds/blue.wav", "films/blue.gif", "solids/blue.ply"):
        body = (served.media / path).read_bytes()
        made = served.client.post(f"{V1}/files", params={"name": f"a/{path}"}, content=body)
        assert made.status_code == 201 and made.json()["name"] == path.rpartition("/")[2]
        terms = [{"file": made.json()["token"]}]
        found = search(served, terms=terms, libraries=["colours"], to=["image"])
        assert found["hits"][0]["item"]["path"] == "pictures/blue.png"
        assert {hit["item"]["modality"] for hit in found["hits"]} == {"image"}


def test_terms_add_and_subtract_and_items_asked_with_are_left_out(served):
    red = {"library": "colours", "id": served.ids["pictures/red.png"]}
    terms = [{"item": red, "weight": 0.2}, {"text": "blue", "weight": 2}]
    first = search(served, terms=terms, libraries=["colours"], to=["image"])["hits"]
    assert first[0]["item"]["path"] == "pictures/blue.png" and first[0]["rank"] == 1
    assert served.ids["pictures/red.png"] not in [hit["item"]["id"] for hit in first]
    terms[1]["weight"] = -2
    terms[0]["weight"] = 1
    last = search(served, terms=terms, libraries=["colours"], to=["image"])["hits"][-1]
    assert last["item"]["path"] == "pictures/blue.png"


def test_an_item_asked_with_leaves_no_gap_in_the_ranks(served):
    red = {"library": "colours", "id": served.ids["pictures/red.png"]}
    hits = search(served, terms=[{"item": red}], libraries=["colours"], k=6)["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5, 6]
    assert red["id"] not in [hit["item"]["id"] for hit in hits]


def test_filters_narrow(served):
    found = search(served, **RED, filters={"folder": "sounds"})
    assert {hit["item"]["path"].split("/")[0] for hit in found["hits"]} == {"sounds"}


def test_an_item_is_explained_by_words_and_by_an_item(served):
    image = served.ids["pictures/red.png"]
    for term in ({"text": "a red thing"}, {"item": {"library": "colours", "id": image}}):
        answer = served.client.post(
            f"{V1}/libraries/colours/items/{served.ids['red.txt']}/explain", json={"term": term}
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        table = np.array(told["alignment"])
        assert table.shape == (len(told["query"]["labels"]), len(told["hit"]["labels"]))
        assert len(told["hit"]["heat"]) == len(told["hit"]["boxes"]) == table.shape[1]
        assert told["method"]
    assert told["query"]["modality"] == "image" and told["hit"]["modality"] == "text"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "terms"),
        ({"terms": [], "libraries": ["colours"]}, "terms"),
        ({"terms": [{"text": "red"}], "libraries": []}, "libraries"),
        ({"terms": [{}], "libraries": ["colours"]}, "one medium, not 0"),
        ({"terms": [{"text": "red", "file": "x"}], "libraries": ["colours"]}, "not 2"),
        ({"terms": [{"text": " "}], "libraries": ["colours"]}, "nothing to look for"),
        ({"terms": [{"text": "red", "weight": -1}], "libraries": ["colours"]}, "nothing to look"),
        ({"terms": [{"text": "red", "wieght": 2}], "libraries": ["colours"]}, "wieght"),
        ({"terms": [{"file": "gone"}], "libraries": ["colours"]}, "no longer here"),
        (RED | {"to": ["smell"]}, "to"),
        (RED | {"k": 0}, "k"),
        (RED | {"k": 10**9}, "k"),
        (RED | {"filters": {"after": "yesterday"}}, "no date"),
    ],
)
def test_queries_that_make_no_sense_are_told_what_is_wrong(served, payload, words):
    answer = served.client.post(f"{V1}/search", json=payload)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("cat.png", b"", 422, "cat.png is empty"),
        ("cat.png", b"\x89PNG\r\n\x1a\n broken", 422, "cat.png"),
        ("cat.xyz", bytes(range(256)), 415, "cat.xyz"),
    ],
)
def test_files_that_cannot_be_read_are_refused_by_name(served, name, body, status, words):
    answer = served.client.post(f"{V1}/files", params={"name": name}, content=body)
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]


def test_bodies_are_json_of_bounded_length(served):
    form = served.client.post(f"{V1}/search", data={"terms": "x"})
    assert form.status_code == 415
    long = json.dumps(RED | {"libraries": ["x" * actions.MAX_BYTES]})
    headers = {"content-type": "application/json"}
    assert served.client.post(f"{V1}/search", content=long, headers=headers).status_code == 413
    pieces = served.client.post(f"{V1}/search", content=iter([b"{}"]), headers=headers)
    assert pieces.status_code == 411


def test_no_name_that_a_user_gives_lifts_the_limit_of_bodies(served):
    """Only /api/v1/files takes bytes, not whatever ends in /files."""
    address = f"{V1}/libraries/colours/collections/files"
    assert served.client.put(address, content=b"x", headers=PLAIN).status_code == 415
    long = b"[" + b" " * actions.MAX_BYTES + b"]"
    answer = served.client.put(address, content=long, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_other_sites_get_nothing(served):
    headers = {"origin": "http://evil.example"}
    assert served.client.get(f"{V1}/libraries", headers=headers).status_code == 403
    assert served.client.post(f"{V1}/search", json=RED, headers=headers).status_code == 403
    assert served.client.get(f"{V1}/libraries", headers={"host": "evil.example"}).status_code == 403


def test_it_describes_itself(served):
    told = served.client.get(f"{ADDRESS}/openapi.json").json()
    assert told["openapi"].startswith("3.")
    routes = {f"{verb} {path}" for path, verbs in told["paths"].items() for verb in verbs}
    assert "post /search" in routes and "get /libraries/{name}/items/{item}" in routes
    for verbs in told["paths"].values():
        for about in verbs.values():
            assert about["description"] if "description" in about else about["summary"]
    assert told["servers"] == [{"url": ADDRESS}]
    assert served.client.get(f"{ADDRESS}/docs").status_code == 404, "it would fetch scripts"
