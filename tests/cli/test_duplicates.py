"""`xmr duplicates`."""

import csv
import io
import json

import pytest

from tests.duplicates import made


@pytest.fixture
def twice(xmr, tmp_path):
    """A library with a picture twice."""
    folder = tmp_path / "twice"
    folder.mkdir()
    made.photograph("chelsea").save(folder / "cat.png")
    made.half(made.photograph("chelsea")).save(folder / "cat.jpg")
    assert xmr("index", folder, "--library", "twice", "--profile", "colours")[0] == 0


def test_groups_are_told_with_the_best_copy_first(xmr, twice):
    status, out, _ = xmr("duplicates", "twice")
    first, second, last = out.splitlines()
    assert status == 0
    assert "cat.png" in first and "most pixels" in first
    assert "cat.jpg" in second and "the same picture" in second
    assert last.startswith("twice: 1 group of near-duplicates")


def test_groups_are_printed_as_data_and_as_a_table(xmr, twice):
    (group,) = json.loads(xmr("duplicates", "twice", "--json")[1])
    assert group["medium"] == "image" and group["keep"].endswith("cat.png")
    assert group["others"][0]["alike"] == "same"
    head, keep, other = csv.reader(io.StringIO(xmr("duplicates", "twice", "--csv")[1]))
    assert head[:3] == ["group", "keep", "path"]
    assert (keep[1], other[1]) == ("yes", "no")


def test_groups_are_chosen(xmr, twice):
    xmr("duplicates", "twice")
    assert "0 groups" in xmr("duplicates", "twice", "--to", "audio", "--known")[1]
    assert "0 groups" in xmr("duplicates", "twice", "--least", "1", "--known")[1]


def test_nothing_is_looked_for_where_only_known_ones_are_asked_for(xmr, twice):
    assert "0 groups" in xmr("duplicates", "twice", "--known")[1]


def test_a_similarity_that_cannot_be_is_refused(xmr, twice):
    status, _, err = xmr("duplicates", "twice", "--least", "7")
    assert status == 1 and "0 to 1" in err
