"""Links, documents and topics through ``/api/v1``."""

from tests.ui.rest.test_libraries import V1, ended


def test_items_are_linked_and_what_belongs_together_is_told(site):
    client, at = site.client, f"{V1}/libraries/colours"
    assert client.post(f"{at}/links").status_code == 202
    assert ended(client, "colours")["state"] == "done"
    red, words = site.ids["pictures/red.png"], site.ids["red.txt"]
    around = client.get(f"{at}/items/{red}/links", params={"limit": 5}).json()
    assert around["items"][0]["id"] == red and around["current"] and around["links"]
    assert len(around["items"]) == 5
    before = client.get(f"{at}/documents").json()
    joined = client.post(f"{at}/documents", json={"items": [red, words]})
    assert joined.status_code == 201 and "joined by you" in joined.json()["why"]
    assert client.get(f"{at}/items/{words}/document").json() == joined.json()
    query = {"terms": [{"text": "red"}], "libraries": ["colours"], "k": 3}
    found = client.post(f"{V1}/documents/search", json=query).json()
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3] and found["total"] >= 3
    assert all(hit["matched"] for hit in found["hits"])
    left = client.delete(f"{at}/items/{words}/document").json()
    assert words not in [item["id"] for item in left["members"]]
    assert client.get(f"{at}/documents").json()["total"] <= before["total"] + 1
    topics = client.get(f"{at}/topics").json()
    assert sum(len(topic["ids"]) for topic in topics) == len(site.ids)


def test_what_cannot_be_asked_is_refused(served):
    at = f"{V1}/libraries/colours"
    assert served.client.get(f"{V1}/libraries/nothing/topics").status_code == 404
    assert served.client.get(f"{at}/items/9999/links").status_code == 404
    assert served.client.post(f"{at}/documents", json={"items": [1]}).status_code in (400, 422)
