"""Libraries, items and runs through ``/api/v1``."""

import time

import pytest

from tests.indexing import world

V1 = "/api/v1"


def ended(client, name):
    """The run of a library, once it is over."""
    for _ in range(400):
        run = client.get(f"{V1}/libraries/{name}/run").json()
        if run["state"] not in {"running", "paused"}:
            return run
        time.sleep(0.05)
    raise AssertionError(run)


def test_libraries_are_told_with_what_they_hold(served):
    (told,) = served.client.get(f"{V1}/libraries").json()
    assert told["name"] == told["profile"] == "colours"
    assert told["items"]["image"] == 3
    assert served.client.get(f"{V1}/libraries/colours").json() == told


def test_items_are_paged_in_the_order_of_their_paths(served):
    every = served.client.get(f"{V1}/libraries/colours/items").json()["items"]
    assert [one["path"] for one in every] == sorted(one["path"] for one in every)
    assert {one["id"] for one in every} == set(served.ids.values())
    pages = [
        served.client.get(
            f"{V1}/libraries/colours/items", params={"offset": start, "limit": 5}
        ).json()["items"]
        for start in range(0, len(every), 5)
    ]
    assert [one for page in pages for one in page] == every


def test_items_are_narrowed_by_medium_and_folder(served):
    ask = {"modality": ["image", "audio"], "folder": "sounds"}
    told = served.client.get(f"{V1}/libraries/colours/items", params=ask).json()["items"]
    assert {one["path"] for one in told} == {f"sounds/{c}.wav" for c in ("red", "green", "blue")}


def test_an_item_has_parts_and_its_file_is_where_it_says(served):
    told = served.client.get(f"{V1}/libraries/colours/items/{served.ids['red.txt']}").json()
    assert "The first passage is red" in " ".join(part["text"] for part in told["parts"])
    assert str(served.media) not in str(told), "paths of this machine stay here"
    assert served.client.get(told["media"]).content == (served.media / "red.txt").read_bytes()
    picture = served.client.get(
        f"{V1}/libraries/colours/items/{served.ids['pictures/red.png']}"
    ).json()
    assert served.client.get(picture["thumbnail"]).headers["content-type"] == "image/webp"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/libraries/nothing", 404, "no library 'nothing'"),
        ("/libraries/colours/items/999999", 404, "no item"),
        ("/libraries/colours/items/-1", 400, "item"),
        ("/libraries/colours/items/x", 400, "item"),
        ("/libraries/colours/items?limit=0", 400, "limit"),
        ("/libraries/colours/items?modality=smell", 400, "modality"),
        ("/libraries/colours/run", 404, "no run"),
        ("/smells", 404, "Not Found"),
    ],
)
def test_what_is_not_there_is_told_in_one_form(served, path, status, words):
    answer = served.client.get(V1 + path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert words in error["message"] and error["hint"]


def test_a_library_is_made_filled_and_searched(site, tmp_path):
    world.write_picture(tmp_path / "more/red.png", "red", 32)
    (tmp_path / "more/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    made = site.client.post(f"{V1}/libraries", json={"name": "more", "profile": "colours"})
    assert made.status_code == 201 and made.json()["items"] == {}
    assert (
        site.client.post(f"{V1}/libraries", json={"name": "more", "profile": "colours"}).status_code
        == 409
    )
    started = site.client.post(
        f"{V1}/libraries/more/runs", json={"folders": [str(tmp_path / "more")]}
    )
    assert started.status_code == 202 and started.json()["library"] == "more"
    run = ended(site.client, "more")
    assert run["state"] == "done" and run["counts"]["added"] == run["counts"]["failed"] == 1
    told = site.client.get(f"{V1}/libraries/more").json()
    assert told["items"] == {"image": 1} and told["failures"] == 1
    found = site.client.post(
        f"{V1}/search", json={"terms": [{"text": "red"}], "libraries": ["more"]}
    ).json()
    assert [hit["item"]["path"] for hit in found["hits"]] == ["red.png"]


def test_a_run_is_paused_resumed_and_cancelled(site, tmp_path):
    for number in range(400):
        world.write_text(tmp_path / f"many/{number}.txt", f"red {number}")
    begun = site.client.post(
        f"{V1}/libraries/colours/runs", json={"folders": [str(tmp_path / "many")]}
    )
    assert begun.status_code == 202
    busy = site.client.post(f"{V1}/libraries/colours/runs", json={})
    turn = f"{V1}/libraries/colours/run"
    paused = site.client.post(f"{turn}/pause").json()["state"]
    resumed = site.client.post(f"{turn}/resume").json()["state"]
    site.client.post(f"{turn}/cancel")
    assert busy.status_code == 409
    assert (paused, resumed) == ("paused", "running")
    assert ended(site.client, "colours")["state"] == "cancelled"
    assert "cannot 'dance'" in site.client.post(f"{turn}/dance").json()["error"]["message"]


def test_folders_that_are_not_there_begin_no_run(site, tmp_path):
    for folder in (str(tmp_path / "nowhere"), "relative", "", "\0"):
        answer = site.client.post(f"{V1}/libraries/colours/runs", json={"folders": [folder]})
        assert answer.status_code == 400 and answer.json()["error"]["hint"]
    assert site.client.get(f"{V1}/libraries/colours/run").status_code == 404


@pytest.mark.parametrize("name", ["../up", "a/b", "con", " ", "x" * 65])
def test_names_that_no_library_can_have_are_refused(bare, name):
    answer = bare.client.post(f"{V1}/libraries", json={"name": name})
    assert answer.status_code in {400, 404} and answer.json()["error"]["message"]
    assert not list(bare.home.iterdir())
