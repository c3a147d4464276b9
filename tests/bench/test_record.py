"""A run is compared with an earlier one by the names of its figures."""

import json

import pytest

from xmr_core.bench import Figure, Report
from xmr_core.bench.record import Record
from xmr_core.errors import QueryError


@pytest.fixture
def former(tmp_path):
    path = tmp_path / "bench.json"
    figures = [Figure("a", 10.0, "×"), Figure("b", 100.0, "ms"), Figure("gone", 1.0, "%")]
    path.write_text(json.dumps(Report(figures).as_json()))
    return path


def test_figures_that_both_have_are_compared(former):
    now = Report([Figure("a", 8.0, "×"), Figure("b", 104.0, "ms"), Figure("new", 1.0, "%")])
    record = Record.read(former)
    assert [(c.figure.name, c.before) for c in record.changes(now)] == [("a", 10.0), ("b", 100.0)]
    table = record.table(now)
    assert "| a | 8 × | 10 × | -20% |" in table
    assert "| b |" not in table, "within what chance does"
    assert "1 of 2 figures within 5%" in table and record.machine in table


def test_nothing_changed_is_one_line(former):
    assert Record.read(former).table(Report([Figure("a", 10.0, "×")])).strip().count("\n") == 0


def test_a_figure_that_was_nothing_is_shown_when_it_is_something(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text(json.dumps(Report([Figure("a", 0.0, "×"), Figure("b", 0.0, "×")]).as_json()))
    table = Record.read(path).table(Report([Figure("a", 1.0, "×"), Figure("b", 0.0, "×")]))
    assert "| a |" in table and "| b |" not in table


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"figures": [{}], "machine": "x"}', "\x00"])
def test_what_is_no_record_is_refused(tmp_path, content):
    path = tmp_path / "bench.json"
    path.write_text(content)
    with pytest.raises(QueryError, match="holds no figures"):
        Record.read(path)
