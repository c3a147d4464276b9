"""What the Lab page asks of the server, on the data that is made up."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xmr_core.datasets import Split
from xmr_core.datasets.made_up import made_up
from xmr_core.errors import LabError, QueryError
from xmr_core.lab import METHODS, RERANKERS, TRANSLATORS
from xmr_core.media import Modality
from xmr_core.ui import lab_data, lab_made, lab_page, lab_runs, lab_told
from xmr_core.ui.context import Context, Plain
from xmr_core.ui.fields import BadField
from xmr_core.ui.lab_page import LabPage
from xmr_core.ui.shelf import Shelf


def ended(page: LabPage, told: Plain, seconds: float = 120) -> Plain:
    until = time.monotonic() + seconds
    while told["job"]["active"]:
        assert time.monotonic() < until, told
        time.sleep(0.05)
        told = page.job({"token": told["token"]})
    return told


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    context = Context(Shelf(tmp_path_factory.mktemp("home")))
    yield LabPage(context)
    context.close()


@pytest.fixture(scope="module")
def run(page: LabPage) -> Plain:
    return ended(page, page.run({"data": "made-up", "methods": ["cca", "scm", "pls"]}))


def test_every_method_is_offered_with_its_paper_and_data_says_what_is_missing(
    page: LabPage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("XMR_DATA", raising=False)
    told = page.open({})
    assert [m["name"] for m in told["methods"]] == [*METHODS, *RERANKERS, *TRANSLATORS]
    assert all(m["paper"] and m["title"] and m["family"] for m in told["methods"])
    assert [m["name"] for m in told["methods"] if m["chosen"]] == list(lab_page.FIRST)
    there = {d["name"]: d for d in told["data"]}
    assert there["made-up"]["there"]
    assert not there["wikipedia"]["there"] and there["wikipedia"]["where"]


def test_a_run_tells_what_each_method_finds(run: Plain):
    assert run["job"]["state"] == "done" and not run["problems"]
    assert list(run["fits"]) == ["cca", "scm", "pls"]
    for fit in run["fits"].values():
        for arrow in ("image→text", "text→image"):
            value, low, high = fit["by"]["labels"]["directions"][arrow]["map"]
            assert 1 / 6 < low < value < high <= 1
            assert len(fit["by"]["labels"]["curves"][arrow]["recall"]) == 11
            assert 0 < fit["by"]["pairs"]["directions"][arrow]["recall@1"][0] < 1
    better, plain = (
        run["fits"][n]["by"]["labels"]["directions"]["image→text"]["map"] for n in ("scm", "cca")
    )
    assert better[1] > plain[2]  # classes are what is asked for, and one method knows them
    assert run["pairs"] == 900 and run["ways"] == ["labels", "pairs"] and not run["usable"]


def test_planes_show_both_media_before_and_after(page: LabPage, run: Plain):
    told = page.planes({"token": run["token"], "method": "scm"})
    assert told["media"] == ["image", "text"]
    apart = {}
    for side in ("before", "after"):
        points = [np.array(told[side][m]) for m in told["media"]]
        assert points[0].shape == points[1].shape == (len(told["classes"]), 2)
        apart[side] = np.linalg.norm(points[0] - points[1], axis=1).mean()
    assert apart["after"] < 0.5 * apart["before"]  # pairs come together


def test_columns_answer_one_query_by_each_method(page: LabPage, run: Plain):
    rows = page.queries({"token": run["token"], "source": "text"})["rows"]
    told = page.columns({"token": run["token"], "source": "text", "row": rows[5]["row"]})
    assert told["query"] == rows[5]["name"] and told["target"] == "image"
    assert [c["method"] for c in told["columns"]] == ["cca", "scm", "pls"]
    kind = told["query"].split()[0]
    for column in told["columns"]:
        scores = [hit["score"] for hit in column["hits"]]
        assert scores == sorted(scores, reverse=True) and len(scores) == 10
        for hit in column["hits"]:
            assert hit["right"] == (hit["name"].split()[0] == kind)


def test_pictures_are_called_by_their_captions_and_never_by_whole_paths():
    owners = np.array([4, 5])
    split = Split(
        {Modality.IMAGE: np.eye(2, 3, dtype=np.float32), Modality.TEXT: np.eye(3, dtype="f4")},
        {Modality.IMAGE: owners, Modality.TEXT: np.array([5, 5, 4])},
        names={Modality.IMAGE: ["/home/ada/a.jpg", "/home/ada/b.jpg"], Modality.TEXT: list("xyz")},
    )
    bare = replace(split, names={Modality.IMAGE: split.names[Modality.IMAGE]})
    for test, names in ((split, ["z", "x"]), (bare, ["a.jpg", "b.jpg"])):
        data = replace(made_up(), test=test, relevant="pairs")
        assert [lab_told.name(data, Modality.IMAGE, row) for row in (0, 1)] == names


def test_bits_are_told_from_the_largest_to_the_smallest(page: LabPage, run: Plain):
    told = page.bits({"token": run["token"], "method": "pls"})
    sizes = [step["bytes"] for step in told["steps"]]
    assert sizes == sorted(set(sizes), reverse=True) and sizes[-1] == 1
    assert told["directions"] == ["image→text", "text→image"]
    first, last = told["steps"][0]["found"], told["steps"][-1]["found"]
    assert all(1 >= a > b > 1 / 6 for a, b in zip(first, last, strict=True))


def test_a_cancelled_run_keeps_what_is_fitted(page: LabPage, monkeypatch: pytest.MonkeyPatch):
    real = lab_made.fit

    def slow(dataset, name, *, seed, tell):
        if name == "cca":
            return real(dataset, name, seed=seed, tell=tell)
        for step in range(100_000):  # never ends by itself
            tell(step, 100_000, 1.0)
            time.sleep(0.01)
        raise AssertionError("nobody stopped it")

    monkeypatch.setattr(lab_made, "fit", slow)
    told = page.run({"data": "made-up", "methods": ["cca", "pls"], "seed": 5})
    while not told["curve"]:
        time.sleep(0.02)
        told = page.job({"token": told["token"]})
    assert told["now"] == "pls" and told["steps"] == 100_000
    page.cancel({"token": told["token"]})
    told = ended(page, told, 30)
    assert told["job"]["state"] == "cancelled"
    assert list(told["fits"]) == ["cca"] and not told["problems"]


def test_a_method_that_fails_costs_its_row_alone(page: LabPage, monkeypatch: pytest.MonkeyPatch):
    real = lab_made.fit

    def broken(dataset, name, *, seed, tell):
        if name == "pls":
            raise np.linalg.LinAlgError("singular matrix")
        return real(dataset, name, seed=seed, tell=tell)

    monkeypatch.setattr(lab_made, "fit", broken)
    told = ended(page, page.run({"data": "made-up", "methods": ["pls", "cca"], "seed": 6}))
    assert told["job"]["state"] == "done" and list(told["fits"]) == ["cca"]
    assert "singular matrix" in told["problems"]["pls"]


def test_the_same_fit_is_made_once(page: LabPage, run: Plain, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lab_made, "fit", lambda *_, **__: pytest.fail("made again"))
    told = ended(page, page.run({"data": "made-up", "methods": ["scm"]}))
    assert told["fits"]["scm"] == run["fits"]["scm"]


@pytest.mark.parametrize(
    ("payload", "error", "says"),
    [
        ({"data": "nowhere", "methods": ["cca"]}, LabError, "no dataset 'nowhere'"),
        ({"data": "made-up", "methods": ["magic"]}, LabError, "no method 'magic'"),
        ({"data": "made-up", "methods": []}, LabError, "No method is chosen"),
        ({"data": "made-up", "methods": "cca"}, BadField, "list of texts"),
        ({"data": "made-up", "methods": ["cca"], "seed": "x"}, BadField, "whole number"),
    ],
)
def test_runs_that_cannot_be_begun_are_refused(page: LabPage, payload, error, says: str):
    with pytest.raises(error, match=says):
        page.run(payload)


def test_what_is_not_there_is_named(page: LabPage, run: Plain):
    with pytest.raises(LabError, match="is gone"):
        page.job({"token": "nothing"})
    with pytest.raises(LabError, match="sm is not fitted here"):
        page.planes({"token": run["token"], "method": "sm"})
    with pytest.raises(QueryError, match="no audio"):
        page.columns({"token": run["token"], "source": "audio"})
    with pytest.raises(LabError, match="Nothing is said here"):
        page.said({"token": run["token"]})
    assert page.pictures({"token": run["token"], "rows": [0, 1]}) == {"pictures": {}}
    with pytest.raises(LabError, match="features of its own"):
        page.keep({"token": run["token"], "method": "cca", "name": "mine"})


def test_data_whose_files_are_missing_fails_with_where_to_get_them(
    page: LabPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XMR_DATA", str(tmp_path))
    told = ended(page, page.run({"data": "wikipedia", "methods": ["cca"]}))
    assert told["job"]["state"] == "failed"
    assert "wikipedia" in told["job"]["message"].lower() and told["job"]["hint"]


def test_bits_of_a_method_are_measured_once(
    page: LabPage, run: Plain, monkeypatch: pytest.MonkeyPatch
):
    first = page.bits({"token": run["token"], "method": "pls"})
    monkeypatch.setattr(lab_runs, "compressed", lambda *_: pytest.fail("measured again"))
    assert page.bits({"token": run["token"], "method": "pls"}) == first
    other = ended(page, page.run({"data": "made-up", "methods": ["pls"]}))
    assert page.bits({"token": other["token"], "method": "pls"}) == first


def test_made_up_data_is_the_same_every_time_and_tests_on_other_things():
    one, two = made_up(), made_up()
    assert one.checksum == two.checksum
    for modality, owners in one.train.owners.items():
        assert not set(owners) & set(one.test.owners[modality])


def test_files_that_were_left_out_are_counted_and_some_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    failures = tuple((f"/home/ada/{i}.png", "It is empty.") for i in range(7))
    monkeypatch.setattr(lab_data, "made_up", lambda: replace(made_up(), failures=failures))
    context = Context(Shelf(tmp_path))
    page = LabPage(context)
    told = ended(page, page.run({"data": "made-up", "methods": ["cca"]}))
    context.close()
    assert told["failed"] == 7
    assert told["failures"] == [[f"{i}.png", "It is empty."] for i in range(5)]
