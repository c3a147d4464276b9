import json
import os
from functools import partial

import pytest

from xmr_core import bench
from xmr_core.bench import BENCHES, Figure, Report, run
from xmr_core.bench.report import machine
from xmr_core.bench.timing import PeakMemory, rates
from xmr_core.errors import QueryError

HELD = Figure("rate", 12.3456, "items/s", bar=10)
MISSED = Figure("overhead", 11.0, "ms", bar=10, better="less")
PLAIN = Figure("build", 3.0, "s")


@pytest.mark.parametrize(
    ("value", "better", "missed"),
    [(9.99, "more", True), (10, "more", False), (10, "less", False), (10.01, "less", True)],
)
def test_bar_that_is_just_reached_is_held(value, better, missed):
    assert Figure("x", value, "", 10, better).missed is missed


def test_number_that_is_none_misses_its_bar():
    assert Figure("x", float("nan"), "", 10).missed
    assert Figure("x", float("nan"), "", 10, "less").missed


def test_table_shows_every_figure_its_bar_and_a_summary_line():
    lines = Report([HELD, MISSED, PLAIN]).table().splitlines()
    assert lines[0] == "| figure | value | bar |"
    assert lines[2:5] == [
        "| rate | 12.35 items/s | ≥ 10 held |",
        "| overhead | 11 ms | ≤ 10 missed |",
        "| build | 3 s |  |",
    ]
    assert lines[-1] == f"{machine()}: 1 of 2 bars held."
    assert Report([PLAIN]).table().endswith("0 of 0 bars held.")


def test_figures_of_cells_stand_in_tables_of_their_own_beside_what_is_missing():
    def cell(title, row, column, value):
        return Figure(f"{row} {column}", value, "%", interval=(1, 99.5), cell=(title, row, column))

    cells = [cell("A", "x", "p", 10.0), cell("A", "y", "q", 20.0), cell("B", "x", "p", 30.0)]
    table = Report([HELD, *cells]).table()
    assert "| A | p | q |\n| --- | ---: | ---: |\n| x | 10 % (1 to 99.5) | — |" in table
    assert "| y | — | 20 % (1 to 99.5) |\n\n| B | p |" in table
    assert table.count("10 %") == 1


def test_numbers_of_any_size_are_readable():
    (row,) = Report([Figure("rate", 12345.678, "files/s", 2000)]).table().splitlines()[2:3]
    assert row == "| rate | 12,350 files/s | ≥ 2,000 held |"


def test_json_is_plain_and_says_the_machine_the_versions_and_what_was_missed():
    told = json.loads(json.dumps(Report([HELD, MISSED, PLAIN]).as_json()))
    assert told["machine"] == machine()
    assert f"{os.cpu_count()} cores" in told["machine"]
    assert "GB" in told["machine"]
    assert {"torch", "onnxruntime", "faiss-cpu"} <= told["versions"].keys()
    assert told["missed"] == ["overhead"]
    assert told["figures"][0] == {
        "name": "rate",
        "value": 12.3456,
        "unit": "items/s",
        "bar": 10,
        "better": "more",
        "interval": None,
        "cell": None,
        "missed": False,
    }


def test_one_or_all_are_run_and_each_figure_is_told_as_it_comes(monkeypatch):
    monkeypatch.setattr(bench, "BENCHES", {"a": lambda: iter([HELD, PLAIN]), "b": lambda: [MISSED]})
    told = []
    assert run("a", told.append).figures == [HELD, PLAIN]
    assert told == ["rate: 12.35 items/s", "build: 3 s"]
    assert run("all", told.append).missed == [MISSED]
    with pytest.raises(QueryError, match=r"no benchmark 'c'.*There are: a, b, all"):
        run("c", told.append)


def test_every_benchmark_is_run_with_all():
    assert list(BENCHES) == [
        *("towers", "accelerator", "pipeline", "reindex", "memory", "search", "million", "start"),
        *("explain", "words", "lab", "graph", "translation", "duplicates", "moments", "feedback"),
        "sketch",
    ]


def test_number_of_samples_is_for_those_benchmarks_that_take_samples(monkeypatch):
    asked = []
    for name in ("explain", "translation"):
        told = partial(lambda name, n: asked.append((name, n)) or iter([HELD]), name)
        monkeypatch.setitem(bench.SAMPLED, name, told)
    others = dict.fromkeys(("explain", "translation"))
    monkeypatch.setattr(bench, "BENCHES", {"a": lambda: iter([PLAIN])} | others)
    assert run("all", lambda _: None, 7).figures == [PLAIN, HELD, HELD]
    assert asked == [("explain", 7), ("translation", 7)]


def test_command_prints_the_table_and_fails_when_a_bar_is_missed(monkeypatch, tmp_path):
    from typer.testing import CliRunner

    from xmr_core.cli import app

    monkeypatch.setattr(bench, "BENCHES", {"good": lambda: [HELD], "bad": lambda: [HELD, MISSED]})
    good = CliRunner().invoke(app, ["bench", "good", "--json", str(tmp_path / "good.json")])
    assert good.exit_code == 0
    assert "1 of 1 bars held." in good.stdout.replace("\n", " ")
    assert json.loads((tmp_path / "good.json").read_text())["missed"] == []
    bad = CliRunner().invoke(app, ["bench", "all", "--json", str(tmp_path / "bad.json")])
    assert bad.exit_code == 1
    assert json.loads((tmp_path / "bad.json").read_text())["missed"] == ["overhead"]


def test_command_passes_the_number_of_samples_on(monkeypatch):
    from typer.testing import CliRunner

    from xmr_core.cli import app

    asked = []
    for name in ("explain", "translation"):
        monkeypatch.setitem(bench.SAMPLED, name, lambda n: asked.append(n) or iter([HELD]))
    assert CliRunner().invoke(app, ["bench", "explain", "-n", "3"]).exit_code == 0
    assert CliRunner().invoke(app, ["bench", "translation", "-n", "5"]).exit_code == 0
    assert CliRunner().invoke(app, ["bench", "explain", "--samples", "0"]).exit_code == 2
    assert asked == [3, 5]


def test_rates_are_of_items_and_all_work_is_done_in_every_round():
    import time

    done = []
    slow, quick = rates(
        (lambda: (done.append("slow"), time.sleep(0.04)), 4),
        (lambda: (done.append("quick"), time.sleep(0.01)), 1),
        rounds=3,
    )
    assert done == ["slow", "quick"] * 4
    assert 20 < slow <= 100
    assert 20 < quick <= 100


def test_peak_memory_is_seen_though_it_is_given_back():
    import numpy as np

    with PeakMemory() as before:
        pass
    with PeakMemory() as memory:
        held = np.ones(200 << 20, np.uint8)
        import time

        time.sleep(0.3)
        del held
        time.sleep(0.1)
    assert memory.bytes - before.bytes > 150 << 20


def test_watching_a_process_that_is_gone_is_no_error():
    with PeakMemory(2**22 + 12345) as memory:
        pass
    assert memory.bytes == 0
