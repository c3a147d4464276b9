"""The examples of ``docs/api.md`` run as they stand, but for the names of what is here."""

import re
from pathlib import Path

import httpx
from starlette.testclient import TestClient

from tests.indexing import world

DOCUMENT = Path(__file__).parents[3] / "docs/api.md"


def test_examples_run_one_after_the_other(site, tmp_path, monkeypatch, capsys):
    page = DOCUMENT.read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 9
    world.write_picture(tmp_path / "photo.jpg", "red", 32)
    world.write_text(tmp_path / "holiday/red.txt", "red")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(httpx, "Client", _client(site))
    here = {
        '"demo"': '"colours"',
        "/libraries/demo/": "/libraries/colours/",
        'Path("photo.jpg")': f'Path("{tmp_path}/photo.jpg")',
        "/home/ada/holiday": f"{tmp_path}/holiday",
        '"name": "holiday"': '"name": "holiday", "profile": "colours"',
        "time.sleep(1)": "time.sleep(0.05)",
    }
    known: dict[str, object] = {}
    for example in examples:
        for said, meant in here.items():
            example = example.replace(said, meant)
        exec(example, known)
    assert "text red.txt" in capsys.readouterr().out
    assert {hit["item"]["modality"] for hit in known["found"]["hits"]} == {"image", "audio"}
    assert known["best"][1] in known["why"]["hit"]["labels"]
    assert known["kept"]["items"] == len(known["ids"]) > 2
    within = [hit["item"]["id"] for hit in known["within"]["hits"]]
    assert sorted(within) == sorted(known["ids"])
    more = {hit["item"]["id"] for hit in known["more"]["hits"]}
    assert more and not more & set(known["ids"])
    assert known["moved"]["hits"] and known["topics"]
    assert all(len(places) == 2 for places in known["places"]) and known["places"]
    assert (tmp_path / "cats.zip").read_bytes()[:2] == b"PK"
    assert known["around"]["items"][0]["id"] == known["ids"][0]
    assert known["run"]["state"] == "done" and known["run"]["counts"]["added"] == 1


def _client(site):
    """httpx's, but to the server of this test."""

    def client(base_url, timeout):
        assert timeout
        path = httpx.URL(base_url).path
        return TestClient(site.client.app, base_url=f"http://127.0.0.1:7860{path}")

    return client


def test_every_route_is_in_the_table(site):
    page = DOCUMENT.read_text(encoding="utf-8")
    for path in site.client.get("/api/v1/openapi.json").json()["paths"]:
        short = path.replace("{item}", "{id}").replace("{turn}", "pause")
        assert short in page, path
