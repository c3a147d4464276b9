"""Named concepts through ``/api/v1``."""

import pytest

from tests.ui.rest.test_searching import V1, search

AT = f"{V1}/libraries/colours/concepts"


def test_a_concept_is_saved_used_renamed_and_forgotten(site):
    blue, red = site.ids["pictures/blue.png"], site.ids["pictures/red.png"]
    given = {
        "name": "Sea", "words": {"red blue": 1}, "items": {str(blue): 0.5}, "liked": [blue],
        "disliked": [red],
    }  # fmt: skip
    made = site.client.post(AT, json=given)
    assert made.status_code == 201
    told = made.json()
    assert (told["words"], told["items"]) == ({"red blue": 1.0}, {str(blue): 0.5})
    assert (told["liked"], told["disliked"], told["gone"]) == ([blue], [red], [])
    assert site.client.get(AT).json() == [told] == [site.client.get(f"{AT}/sea").json()]
    term = {"concept": {"library": "colours", "name": "sea"}}
    found = search(site, terms=[term], libraries=["colours"], to=["mesh"], k=1)
    assert found["hits"][0]["item"]["path"] == "solids/blue.ply"
    assert site.client.post(AT, json=given).status_code == 409
    again = site.client.post(AT, json={"name": "sea", "words": {"green": 1}, "replace": True})
    assert again.json()["words"] == {"green": 1.0}
    assert site.client.patch(f"{AT}/sea", json={"name": "Wood"}).json()["name"] == "Wood"
    assert site.client.delete(f"{AT}/wood").status_code == 204
    assert site.client.get(AT).json() == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("post", "", {"name": "a"}, 400, "nothing to look for"),
        ("post", "", {"name": " ", "words": {"red": 1}}, 400, "no name"),
        ("post", "", {"name": "a", "words": {"red": -1}}, 400, "nothing to look for"),
        ("post", "", {"name": "a", "words": {"red": "much"}}, 400, "words.red"),
        ("post", "", {"name": "a", "items": {"x": 1}}, 400, "items"),
        ("post", "", {"name": "a", "liked": [999_999]}, 404, "no item"),
        ("get", "/none", None, 404, "no concept 'none'"),
        ("patch", "/none", {"name": "a"}, 404, "no concept 'none'"),
        ("delete", "/none", None, 404, "no concept 'none'"),
    ],
)
def test_what_cannot_be_a_concept_is_told(served, method, path, body, status, words):
    answer = served.client.request(method, AT + path, json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert words in error["message"] and error["hint"]
