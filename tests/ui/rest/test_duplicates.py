"""Near-duplicates through ``/api/v1``."""

import shutil

from tests.duplicates import made
from tests.ui.rest.test_libraries import V1, ended


def test_copies_are_looked_for_and_told(site):
    folder = site.media / "twice"
    folder.mkdir()
    made.photograph("chelsea").save(folder / "cat.png")
    made.half(made.photograph("chelsea")).save(folder / "cat.jpg")
    shutil.copy(folder / "cat.png", folder / "again.png")
    client, at = site.client, f"{V1}/libraries/colours/duplicates"
    assert client.post(f"{V1}/libraries/colours/runs", json={"folders": []}).status_code == 202
    ended(client, "colours")
    assert client.get(at).json()["waiting"] > 0
    assert client.post(at).status_code == 202
    assert ended(client, "colours")["state"] == "done"
    told = client.get(at, params={"modality": "image", "least": 0.6}).json()
    (group,) = [g for g in told["groups"] if "twice" in g["copies"][0]["item"]["path"]]
    assert [one["alike"] for one in group["copies"]] == [None, "exact", "same"]
    assert told["waiting"] == 0 and told["current"] and str(site.media) not in str(told)


def test_what_cannot_be_asked_is_refused(served):
    assert served.client.get(f"{V1}/libraries/nothing/duplicates").status_code == 404
    at = f"{V1}/libraries/colours/duplicates"
    assert served.client.get(at, params={"least": 2}).status_code == 400
    given = {"item": 1, "others": [2**70]}
    assert served.client.post(f"{at}/different", json=given).status_code == 400
