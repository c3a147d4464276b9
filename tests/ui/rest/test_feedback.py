"""Likes, dislikes and concepts through ``/api/v1``."""

from tests.ui.rest.test_searching import V1, search


def test_marks_move_the_answer(served):
    query = {"terms": [{"text": "red blue"}], "libraries": ["colours"], "to": ["image"], "k": 1}
    ids = {c: served.ids[f"pictures/{c}.png"] for c in ("red", "blue")}
    for one, other in (("red", "blue"), ("blue", "red")):
        marks = {
            "liked": [{"library": "colours", "id": ids[one]}],
            "disliked": [{"library": "colours", "id": ids[other]}],
        }
        assert search(served, **query, **marks)["hits"][0]["item"]["id"] == ids[one]


def test_a_concept_is_a_term(site):
    library = site.context.shelf.get("colours")
    library.save_concept("Sea", {}, [site.ids["pictures/blue.png"]])
    term = {"concept": {"library": "colours", "name": "sea"}}
    found = search(site, terms=[term], libraries=["colours"], to=["mesh"], k=1)
    assert found["hits"][0]["item"]["path"] == "solids/blue.ply"
    query = {"terms": [term | {"text": "red"}], "libraries": ["colours"]}
    answer = site.client.post(f"{V1}/search", json=query)
    assert answer.status_code == 400 and "one medium, not 2" in answer.json()["error"]["message"]
