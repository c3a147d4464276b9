"""Pairs of one's own library as data of the Lab page."""

import time

import numpy as np
import pytest

from tests.indexing.world import write_film, write_picture, write_text
from tests.named import registered
from xmr_core.errors import LabError
from xmr_core.library import Library
from xmr_core.profiles import load_profile
from xmr_core.ui.context import Context, Plain
from xmr_core.ui.lab_page import LabPage
from xmr_core.ui.shelf import Shelf

COLOURS = ("red", "green", "blue")
DATA = {"data": "library:mine", "media": ["image", "text"]}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder of libraries; what is fitted in the lab lies beside it."""
    monkeypatch.setenv("XMR_HOME", str(tmp_path))
    folder = tmp_path / "indexes"
    folder.mkdir()
    with registered():
        yield folder


@pytest.fixture
def page(home):
    context = Context(Shelf(home))
    yield LabPage(context)
    context.close()


def library(home, media, pairs: int) -> None:
    """Pictures of three colours with captions of the same names, and some things without."""
    rng = np.random.default_rng(0)
    for i in range(pairs):
        colours = [COLOURS[i % 3]] * int(rng.integers(1, 6)) + [COLOURS[(i + 1) % 3]]
        write_picture(media / f"pictures/bird{i}.png", COLOURS[i % 3], 6 + i)
        write_text(media / f"captions/bird{i}.txt", " ".join(colours))
    write_text(media / "alone.txt", "red")
    write_film(media / "film.gif", "red")
    with Library.create("mine", "colours", home) as made:
        for _ in made.index(media):
            pass
        assert not made.failures()


def ended(page: LabPage, told: Plain) -> Plain:
    end = time.monotonic() + 120
    while told["job"]["active"]:
        assert time.monotonic() < end, told
        time.sleep(0.05)
        told = page.job({"token": told["token"]})
    return told


def test_a_library_is_offered_and_says_how_many_pairs_it_holds(home, page, tmp_path):
    library(home, tmp_path / "media", 30)
    offered = next(d for d in page.open({})["data"] if d["name"] == "library:mine")
    assert "mine" in offered["title"] and not offered["labelled"] and offered["there"]
    told = page.pairs({"library": "mine"})
    first = told["kinds"][0]
    assert first["media"] == ["image", "text"] and first["things"] == 30 and first["enough"]
    assert first["said"] == "Pictures and texts share 30 names."
    assert "same name" in told["what"]


def test_too_few_pairs_are_counted_and_a_run_on_them_says_what_is_needed(home, page, tmp_path):
    library(home, tmp_path / "media", 7)
    first = page.pairs({"library": "mine"})["kinds"][0]
    assert not first["enough"] and first["things"] == 7
    assert "share 7 names; 20 or more are needed" in first["said"]
    told = ended(page, page.run(DATA | {"methods": ["cca"]}))
    assert told["job"]["state"] == "failed" and "7 things share a name" in told["job"]["message"]
    assert "20 or more" in told["job"]["hint"]


def test_a_library_without_pairs_says_so(home, page, tmp_path):
    write_text(tmp_path / "media/a.txt", "red")
    with Library.create("mine", "colours", home) as made:
        list(made.index(tmp_path / "media"))
    told = page.pairs({"library": "mine"})
    assert told["kinds"] == [] and "20 pairs are needed" in told["said"]


def test_a_space_fitted_on_pairs_of_a_library_serves_that_library(home, page, tmp_path):
    library(home, tmp_path / "media", 36)
    told = ended(page, page.run(DATA | {"methods": ["cca", "sm"]}))
    assert told["job"]["state"] == "done" and told["media"] == ["image", "text"]
    assert told["ways"] == ["pairs"] and told["usable"] and 28 <= told["pairs"] <= 30
    assert told["tested"] == {"image": 36 - told["pairs"], "text": 36 - told["pairs"]}
    assert "learns from classes" in told["problems"]["sm"]
    steps = page.bits({"token": told["token"], "method": "cca"})["steps"]
    assert steps[-1]["how"] == "8", "sizes that so few rows cannot teach are left out, not all"
    assert not any(step["how"].startswith("pq") for step in steps)
    rows = page.queries({"token": told["token"], "source": "image"})["rows"]
    assert set(rows[0]["name"].split()) <= set(COLOURS), "a picture is called by its caption"

    kept = page.keep({"token": told["token"], "method": "cca", "name": "own"})
    assert kept == {"profile": "lab:own"}
    made = page.shelf.get("mine")
    for _ in made.set_profile("lab:own"):
        pass
    assert made.profile == "lab:own"
    hits = made.search("blue", k=5, to=["image"]).hits
    assert all("bird" in hit.item.path for hit in hits)
    colours = [int(hit.item.path.split("bird")[1].split(".")[0]) % 3 for hit in hits]
    assert colours.count(2) >= 3

    again = ended(page, page.run(DATA | {"methods": ["cca"]}))
    assert again["job"]["state"] == "done", "a library in a space of the lab has the same features"
    page.keep({"token": again["token"], "method": "cca", "name": "own again"})
    assert load_profile("lab:own again").dim == load_profile("lab:own").dim


def test_what_is_added_to_a_library_counts_in_the_next_run(home, page, tmp_path):
    library(home, tmp_path / "media", 30)
    first = ended(page, page.run(DATA | {"methods": ["cca"]}))
    write_picture(tmp_path / "media/pictures/more.png", "red", 50)
    write_text(tmp_path / "media/captions/more.txt", "red red")
    list(page.shelf.get("mine").index())
    second = ended(page, page.run(DATA | {"methods": ["cca"]}))
    assert page.pairs({"library": "mine"})["kinds"][0]["things"] == 31
    assert page.runs.get(first["token"]).dataset is not page.runs.get(second["token"]).dataset


@pytest.mark.parametrize("media", [[], ["image"], ["image", "text", "audio"], ["nothing", "text"]])
def test_pairs_of_other_than_two_media_are_refused(home, page, tmp_path, media):
    library(home, tmp_path / "media", 20)
    with pytest.raises(LabError, match="Pairs are of two media"):
        page.run(DATA | {"media": media, "methods": ["cca"]})
