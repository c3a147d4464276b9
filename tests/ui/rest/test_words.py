"""Words inside media through ``/api/v1``."""

import pytest

from tests.ui.rest.test_libraries import V1, ended

AT = f"{V1}/libraries/colours"


def test_words_are_looked_for_listed_and_found(site):
    client = site.client
    before = {one["name"]: one for one in client.get(f"{AT}/words").json()}
    assert before["subtitles"]["waiting"] == 3 and before["subtitles"]["done"] == 0
    begun = client.post(f"{AT}/words", json={"works": ["subtitles"]})
    assert begun.status_code == 202 and begun.json()["what"] == "Looking for words"
    assert ended(client, "colours")["state"] == "done"
    after = {one["name"]: one for one in client.get(f"{AT}/words").json()}
    assert after["subtitles"]["done"] == 3 and after["subtitles"]["waiting"] == 0
    red = site.ids["pictures/red.png"]
    site.context.shelf.get("colours").set_note(red, "a crimson square")
    (line,) = client.get(f"{AT}/items/{red}/words").json()
    assert (line["field"], line["text"], line["low"]) == ("note", "a crimson square", [])
    (found,) = client.get(f"{AT}/words/find", params={"text": '"crimson square"'}).json()
    assert found["item"]["id"] == red
    low, high = found["matched"]["marks"][0]
    assert found["matched"]["text"][low:high] == "crimson square"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("post", "/words", {"works": ["smells"]}, 400, "smells"),
        ("get", "/words/find", None, 400, "text"),
        ("get", "/words/find?text=%20", None, 400, "no words"),
        ("get", "/items/999999/words", None, 404, "no item"),
    ],
)
def test_what_cannot_be_looked_for_is_told(served, method, path, body, status, words):
    answer = served.client.request(method, AT + path, json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert words in error["message"] and error["hint"]
