"""The actions of the Map page on a library of three colours."""

import base64
import time

import numpy as np
import pytest

from tests.crowd import crowd
from tests.fakes import DIM
from tests.indexing import world
from xmr_core.media import Item, Modality
from xmr_core.modality_gap import MEDIA
from xmr_core.space import unit
from xmr_core.ui import map_points


def column(text, kind):
    return np.frombuffer(base64.b64decode(text), np.dtype(kind).newbyteorder("<"))


def text(words, weight=1):
    return {"kind": "text", "text": words, "weight": weight}


def finished(site, library="colours"):
    """Wait until nobody lays the map out; how it ended."""
    end = time.monotonic() + 60
    while (job := site.call("map.job", library=library)["job"]) and job["active"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    return job


def item(root, path):
    from pathlib import Path

    return Item(1, Path(root), path, Modality.IMAGE, 1, 0.0, "", path, {})


def test_the_chart_has_a_row_for_each_item_in_every_column(served):
    told = served.call("map.chart", library="colours")
    ids = column(told["ids"], np.int32)
    assert told["count"] == told["total"] == len(served.ids) == len(ids)
    assert set(ids.tolist()) == set(served.ids.values())
    paths = {number: path for path, number in served.ids.items()}
    library = served.context.shelf.get("colours")
    for number, code in zip(ids.tolist(), column(told["media"], np.uint8), strict=True):
        assert MEDIA[code] is library.item(number).modality
    folders = [told["folder_names"][code] for code in column(told["folders"], np.uint8)]
    for number, folder in zip(ids.tolist(), folders, strict=True):
        assert folder == (paths[number].split("/")[0] if "/" in paths[number] else "media")
    assert column(told["clusters"], np.uint8).max() < len(told["cluster_names"])
    for side in ("raw", "centred"):
        assert column(told["layouts"]["pca"][side], np.int16).shape == (2 * len(ids),)


def test_points_of_one_colour_lie_together(served):
    told = served.call("map.chart", library="colours")
    ids = column(told["ids"], np.int32).tolist()
    points = column(told["layouts"]["pca"]["raw"], np.int16).reshape(-1, 2).astype(float)
    place = {path: points[ids.index(number)] for path, number in served.ids.items()}
    red, blue = place["red.txt"], place["blue.txt"]
    near = np.linalg.norm(place["pictures/red.png"] - red)
    assert near < 0.3 * np.linalg.norm(blue - red)


def test_the_gap_is_told_for_each_pair_of_media_as_it_is_and_centred(served):
    gap = served.call("map.chart", library="colours")["gap"]
    assert gap["media"] == ["text", "image", "audio", "video", "mesh"]
    for side in ("raw", "centred"):
        assert np.shape(gap[side]["between"]) == (5, 5)
        assert np.shape(gap[side]["points"]) == (5, 2)
    assert sum(gap["shares"].values()) == pytest.approx(1, abs=1e-3)
    assert gap["centred"]["size"] <= gap["raw"]["size"]


def test_what_is_shown_of_items_is_told_and_ids_that_are_gone_are_left_out(served):
    number = served.ids["pictures/red.png"]
    told = served.call("map.items", library="colours", ids=[number, 99_999])["items"]
    assert [one["id"] for one in told] == [number]
    assert told[0]["title"] == "red.png"
    assert told[0]["where"] == "media/pictures"
    assert served.client.get(told[0]["thumb"]).headers["content-type"] == "image/webp"
    assert served.client.get(told[0]["src"]).status_code == 200


def test_a_query_is_placed_term_by_term_and_ranks_all_media(served):
    told = served.call("map.ask", library="colours", terms=[text("red"), text("blue", -0.5)])
    assert told["names"] == ["red", "blue"]
    assert told["order"] == [0, 1]
    points = told["path"]["pca"]["raw"]
    assert points[0] == told["terms"]["pca"]["raw"][0]
    assert points[1] != points[0]
    first = [hit["title"] for hit in told["before"]["hits"][:5]]
    red = {"red.txt", "red.png", "red.wav", "red.gif", "red.ply", "page.html"}
    assert set(first) <= red | {'<img src=x onerror="alert(1)">.txt'}
    assert sum(told["after"]["shares"].values()) == pytest.approx(1, abs=0.01)


def test_a_planted_gap_keeps_one_list_to_the_querys_medium_until_it_is_centred(site):
    colours = np.eye(DIM, dtype=np.float32)[:3]
    apart = 1.5 * np.eye(DIM, dtype=np.float32)[3]  # what pictures have for being pictures
    moved = unit(colours + apart)
    real = [
        (medium, f"{medium}-{axis}", rows[axis])
        for axis in range(3)
        for medium, rows in ((Modality.TEXT, colours), (Modality.IMAGE, moved))
    ]
    library = site.context.shelf.create("apart", "colours")
    crowd(library, site.media.parent / "apart", 120, real, jitter=0.1)
    gap = site.call("map.chart", library="apart")["gap"]
    # the middles are (1, 1, 1, 0) / 3 and (1, 1, 1, 4.5) / (3 √3.25)
    expected = np.linalg.norm(colours.mean(axis=0) - moved.mean(axis=0))
    assert gap["raw"]["size"] == pytest.approx(expected, abs=0.03)
    assert gap["raw"]["between"][0][1] == pytest.approx(gap["raw"]["size"], abs=1e-4)
    assert gap["centred"]["size"] < 0.1
    told = site.call("map.ask", library="apart", terms=[text("red")])
    assert told["before"]["shares"] == {"text": 1.0}
    assert set(told["after"]["shares"]) == {"text", "image"}
    for side in ("before", "after"):  # and all are still what was asked for
        assert {hit["title"].split("-")[1] for hit in told[side]["hits"]} == {"0"}


def test_what_is_subtracted_comes_last_on_the_path(served):
    told = served.call("map.ask", library="colours", terms=[text("red", -1), text("blue")])
    assert told["order"] == [1, 0]
    assert told["path"]["pca"]["raw"][0] == told["terms"]["pca"]["raw"][1]


def test_an_item_is_a_term_and_is_left_out_of_the_rankings(served):
    number = served.ids["sounds/green.wav"]
    term = {"kind": "item", "library": "colours", "id": number, "title": "green.wav",
            "modality": "audio", "weight": 1}  # fmt: skip
    told = served.call("map.ask", library="colours", terms=[term])
    assert told["media"] == ["audio"]
    for side in ("before", "after"):
        ids = [hit["id"] for hit in told[side]["hits"]]
        assert number not in ids
    assert "green" in told["before"]["hits"][0]["title"]


def test_the_map_is_arranged_in_the_background_once(site):
    first = site.call("map.arrange", library="colours")["job"]
    assert first["active"]
    site.call("map.arrange", library="colours")  # joins
    assert finished(site)["state"] == "done"
    told = site.call("map.chart", library="colours")
    assert set(told["layouts"]) == {"pca", "umap"}
    assert told["arranged"]
    asked = site.call("map.ask", library="colours", terms=[text("green")])
    assert set(asked["path"]) == {"pca", "umap"}
    assert site.call("library", name="colours")["run"] is None  # it is no run of the library


def test_arranging_is_cancelled(site):
    site.call("map.arrange", library="colours")
    site.call("map.cancel", library="colours")
    assert finished(site)["state"] in {"cancelled", "done"}
    assert site.call("map.cancel", library="colours")["job"]["active"] is False


def test_a_run_that_changes_the_library_changes_the_generation(site):
    before = site.call("map.chart", library="colours")["generation"]
    world.write_picture(site.media / "more.png", "red")
    library = site.context.shelf.get("colours")
    for _ in library.index():
        pass
    assert site.call("map.job", library="colours")["generation"] != before
    assert site.call("map.chart", library="colours")["count"] == len(site.ids) + 1


def test_an_empty_library_has_nothing_to_draw(site):
    site.context.shelf.create("nothing", "colours")
    told = site.call("map.chart", library="nothing")
    assert (told["count"], told["total"]) == (0, 0)


def test_what_no_page_would_send_is_refused(served):
    assert "no library" in served.refused("map.chart", library="other")["message"]
    assert served.refused("map.ask", library="colours", terms=[text("red", -1)])["hint"]
    for payload in ({"library": 7}, {"library": "colours", "ids": "1"}):
        answer = served.client.post("/call/map.items", json=payload)
        assert answer.status_code == 400


def test_names_of_files_are_sent_as_they_are_and_escaped_by_the_page(served):
    evil = served.ids['<img src=x onerror="alert(1)">.txt']
    (told,) = served.call("map.items", library="colours", ids=[evil])["items"]
    assert told["title"].startswith("<img")


def test_folders_are_told_apart_below_what_they_share():
    paths = ["a/b/x/1.png", "a/b/x/2.png", "a/b/y/deep/3.png", "a/b/4.png"]
    codes, names = map_points.folders([item("/home/me", path) for path in paths])
    assert [names[code] for code in codes] == ["x", "x", "y", "b"]
    codes, names = map_points.folders([item("/home/me", "1.png"), item("/home/you", "2.png")])
    assert sorted(names) == ["me", "you"]
    assert map_points.folders([])[1] == []


def test_of_too_many_folders_the_fullest_have_colours():
    paths = [f"f{n:02}/{i}.png" for n in range(20) for i in range(20 - n)]
    codes, names = map_points.folders([item("/root", path) for path in paths])
    assert len(names) == map_points.FOLDERS
    assert names[0] == "f00"
    assert names[-1] == "Other folders"
    assert codes.max() == map_points.FOLDERS - 1


def test_what_was_kept_is_ringed(site):
    red, blue = site.ids["pictures/red.png"], site.ids["sounds/blue.wav"]
    library = site.context.shelf.get("colours")
    library.collect("Birds", [red, blue], make=True)
    library.add_tags([blue], ["loud"])
    assert site.call("map.ringed", library="colours", collection="birds")["ids"] == sorted(
        [red, blue]
    )
    assert site.call("map.ringed", library="colours", tag="Loud")["ids"] == [blue]
    assert site.call("map.ringed", library="colours")["ids"] == []
    told = site.refused("map.ringed", library="colours", tag="quiet")
    assert "the tag 'quiet'" in told["message"] and "loud" in told["hint"]
