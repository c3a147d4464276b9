"""`xmr eval` and `xmr bench`."""

import csv
import json

import pytest

from tests.indexing.world import write_picture
from xmr_core import bench


def table(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


RECALLS = {"recall@1", "recall@5", "recall@10", "median_rank"}


@pytest.fixture
def pictures(tmp_path):
    for colour in ("red", "green", "blue"):
        write_picture(tmp_path / f"{colour}.png", colour)
        write_picture(tmp_path / f"{colour}2.png", colour, side=20)
    return tmp_path


def evaluated(xmr, pictures, *rows):
    manifest, out = table(pictures / "m.csv", *rows), pictures / "out.json"
    status, printed, _ = xmr("eval", manifest, "--profile", "colours", "--json", out)
    assert status == 0
    numbers = json.loads(out.read_text("utf-8"))
    shown = json.loads(printed)
    assert {key: value for key, value in numbers.items() if key != "failures"} == shown
    return numbers


def test_captions_are_measured_under_the_names_agreed(xmr, pictures):
    rows = [(f"{colour}.png", f"a {colour} thing", colour) for colour in ("red", "green", "blue")]
    numbers = evaluated(xmr, pictures, ("path", "caption1", "caption2"), *rows)
    assert set(numbers) == {
        *("n", "profile", "text_to_media", "media_to_text", "rsum", "corrected", "failures")
    }
    assert set(numbers["text_to_media"]) == set(numbers["media_to_text"]) == RECALLS
    assert set(numbers["corrected"]) == {"text_to_media", "media_to_text", "rsum"}
    assert (numbers["n"], numbers["profile"], numbers["rsum"]) == (3, "colours", 600)
    assert numbers["text_to_media"]["median_rank"] == 1


def test_labels_are_measured_under_the_names_agreed(xmr, pictures):
    rows = [(f"{c}{end}.png", c) for c in ("red", "green", "blue") for end in ("", "2")]
    numbers = evaluated(xmr, pictures, ("path", "label"), *rows)
    measures = {"label_to_media", "zero_shot_accuracy", "media_to_media"}
    assert {"n", "profile", "corrected", *measures} <= set(numbers)
    assert set(numbers["corrected"]) == measures
    assert set(numbers["label_to_media"]) == {"map", "precision@10"}
    assert numbers["label_to_media"]["map"] == numbers["media_to_media"]["map"] == 1
    assert numbers["zero_shot_accuracy"] == 1


def test_pairs_are_measured(xmr, pictures):
    rows = [(f"{colour}.png", f"{colour}2.png") for colour in ("red", "green", "blue")]
    numbers = evaluated(xmr, pictures, ("path", "path2"), *rows)
    assert set(numbers["path_to_path2"]) == RECALLS and numbers["rsum"] == 600


def test_files_that_cannot_be_read_are_named_and_left_out(xmr, pictures):
    (pictures / "bad.png").touch()
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"), ("bad.png", "red"))
    status, out, err = xmr("eval", manifest, "-p", "colours")
    assert status == 0 and json.loads(out)["n"] == 1
    assert "bad.png is empty" in err


def test_rows_that_lack_something_are_counted_and_a_file_that_never_was_is_not_there(xmr, pictures):
    rows = [("red.png", "red"), ("green.png", ""), ("", "blue"), ("", ""), ("gone/x.png", "green")]
    manifest = table(pictures / "m.csv", ("path", "caption"), *rows)
    status, out, err = xmr("eval", manifest, "-p", "colours")
    assert status == 0 and json.loads(out)["n"] == 1
    assert "m.csv: 2 rows without a path or a caption were left out." in err.splitlines()
    assert "x.png is not there. Check its path in the manifest." in err and "any more" not in err
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"), ("red2.png", ""))
    told = xmr("eval", manifest, "-p", "colours")[2]
    assert "m.csv: 1 row without a path or a label was left out." in told
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"))
    assert "left out" not in xmr("eval", manifest, "-p", "colours")[2]


def test_a_manifest_may_lie_apart_from_its_files(xmr, pictures, tmp_path):
    (tmp_path / "apart").mkdir()
    manifest = table(tmp_path / "apart/m.csv", ("path", "label"), ("red.png", "red"))
    assert xmr("eval", manifest, "-p", "colours")[0] == 1
    assert xmr("eval", manifest, "-p", "colours", "--root", pictures)[0] == 0


def test_numbers_that_cannot_be_written_say_so(xmr, pictures):
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"))
    status, out, err = xmr("eval", manifest, "-p", "colours", "--json", pictures / "no/where.json")
    assert json.loads(out)["n"] == 1, "they are shown all the same"
    assert status == 1 and "cannot be written" in err and "Traceback" not in err


@pytest.mark.parametrize(("value", "status"), [(3.0, 0), (1.0, 1)])
def test_a_missed_bar_is_told_with_exit_status_1(xmr, tmp_path, monkeypatch, value, status):
    from xmr_core import bench
    from xmr_core.bench.report import Figure

    figures = [Figure("unchanged files", value, "files/s", 2.0)]
    monkeypatch.setitem(bench.BENCHES, "reindex", lambda: iter(figures))
    ended, out, err = xmr("bench", "reindex", "--json", tmp_path / "bench.json")
    assert ended == status and "unchanged files" in out and "unchanged files" in err
    assert "unchanged files" in (tmp_path / "bench.json").read_text()


def test_a_record_that_is_not_there_is_said_before_anything_is_measured(xmr, tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "BENCHES", {"towers": lambda: pytest.fail("it was measured")})
    status, _, err = xmr("bench", "towers", "--against", tmp_path / "absent.json")
    assert status == 1 and "absent.json cannot be read" in err


def test_a_run_is_compared_with_an_earlier_one(xmr, tmp_path, monkeypatch):
    for value in (10.0, 12.0):
        figure = bench.Figure("speed", value, "×")
        monkeypatch.setattr(bench, "BENCHES", {"towers": lambda figure=figure: iter([figure])})
        former = ("--against", tmp_path / "bench.json") if value > 10 else ()
        _, out, _ = xmr("bench", "towers", *former, "--json", tmp_path / "bench.json")
    assert "| speed | 12 × | 10 × | +20% |" in out
