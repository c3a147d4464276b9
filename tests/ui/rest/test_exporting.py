"""Answers as files, and folders that are watched, through ``/api/v1``."""

import csv
import io
import json
import zipfile

from tests.ui.rest.test_searching import RED, V1, search


def write(site, **given):
    return site.client.post(f"{V1}/search/export", json={"search": RED | {"k": 3}} | given)


def test_an_answer_is_a_file_of_each_format(served):
    ids = [hit["item"]["id"] for hit in search(served, **RED, k=3)["hits"]]
    data = write(served, format="json")
    assert 'filename="red.json"' in data.headers["content-disposition"]
    assert [hit["id"] for hit in json.loads(data.content)["hits"]] == ids
    rows = list(
        csv.DictReader(io.StringIO(write(served, format="csv").content.decode("utf-8-sig")))
    )
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    with zipfile.ZipFile(io.BytesIO(write(served, format="zip").content)) as kept:
        assert "index.html" in kept.namelist()


def test_documents_are_written_with_their_members(site):
    red, words = site.ids["pictures/red.png"], site.ids["red.txt"]
    site.context.shelf.get("colours").join([red, words])
    told = json.loads(write(site, format="json", documents=True).content)
    (joined,) = [one for one in told["documents"] if len(one["members"]) > 1]
    assert {member["id"] for member in joined["members"]} == {red, words}
    assert any(member["matched"] for member in joined["members"])


def test_other_formats_are_refused(served):
    answer = write(served, format="exe")
    assert answer.status_code == 400 and "format" in answer.json()["error"]["message"]


def test_folders_are_watched_until_told_otherwise(site):
    at = f"{V1}/libraries/colours/watch"
    assert site.client.get(at).json() == {"on": False, "message": ""}
    assert site.client.put(at, json={"on": True}).json()["on"] is True
    assert site.context.shelf.get("colours").watched
    assert site.client.put(at, json={"on": False}).json()["on"] is False
    assert site.client.put(f"{V1}/libraries/none/watch", json={"on": True}).status_code == 404
