"""Moments, and one thing after the other, through ``/api/v1``."""

import pytest

from tests.indexing import world
from tests.ui.rest.test_libraries import V1, ended


@pytest.fixture
def tale(site):
    """A text of three passages, each of its own colour; the library's item."""
    passages = [f"The {colour} part. " + "and so on " * 120 for colour in ("red", "green", "blue")]
    world.write_text(site.media / "tale.txt", "\n\n".join(passages))
    site.client.post(f"{V1}/libraries/colours/runs", json={})
    assert ended(site.client, "colours")["state"] == "done"
    (item,) = site.client.get(f"{V1}/libraries/colours/items", params={"text": "tale"}).json()[
        "items"
    ]
    return item["id"]


def test_the_parts_of_an_item_are_told_in_their_order_with_what_they_answer(site, tale):
    at = f"{V1}/libraries/colours/items/{tale}/moments"
    told = site.client.post(at, json={"terms": [{"text": "green"}]}).json()
    lows = [moment["part"]["low"][0] for moment in told]
    assert lows == sorted(lows) and len(told) >= 3
    best = max(told, key=lambda moment: moment["strength"])
    assert "green part" in best["part"]["text"]


def test_one_thing_after_the_other_is_found_in_that_order_alone(site, tale):
    def first(*words):
        steps = [[{"text": word}] for word in words]
        body = {"steps": steps, "libraries": ["colours"], "to": ["text"], "k": 1}
        (found,) = site.client.post(f"{V1}/moments/search", json=body).json()
        return found

    found = first("red", "blue")
    assert found["item"]["id"] == tale and found["rank"] == 1
    texts = [step["part"]["text"] for step in found["steps"]]
    assert "red part" in texts[0] and "blue part" in texts[1]
    assert first("blue", "red")["strength"] < found["strength"]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/libraries/colours/items/999999/moments", {"terms": [{"text": "a"}]}, 404, "no item"),
        ("/libraries/colours/items/1/moments", {"terms": []}, 400, "terms"),
        ("/moments/search", {"steps": [[{"text": "a"}]], "libraries": ["colours"]}, 400, "steps"),
        (
            "/moments/search",
            {"steps": [[{"text": "a"}], [{}]], "libraries": ["colours"]},
            400,
            "one medium, not 0",
        ),
    ],
)
def test_what_cannot_be_asked_is_told(served, path, body, status, words):
    answer = served.client.post(V1 + path, json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert words in error["message"] and error["hint"]
