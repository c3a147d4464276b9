"""The driver of peers, on peers of our own making that speak the same command lines."""

import json
import os
import sys

import pytest

from tools.peers import rounds
from tools.peers.command import CommandFailed, Took, timed
from tools.peers.players import XMR, ClipRetrieval, Rclip
from xmr_core.bench.report import Report

RCLIP = """#!{python}
import os, pathlib, sys
data = pathlib.Path(os.environ["RCLIP_DATADIR"])
with (data.parent / "said").open("a") as said:
    print(pathlib.Path.cwd().name, *sys.argv[1:], file=said)
if "--no-indexing" not in sys.argv:
    (data / "db.sqlite3").touch()
elif not (data / "db.sqlite3").exists():
    sys.exit("no index")
print("score\\tfilepath")
"""
CLIP_RETRIEVAL = """#!{python}
import pathlib, sys
told = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if sys.argv[1] == "inference":
    assert len(list(pathlib.Path(told["--input_dataset"]).iterdir())) == 3
    pathlib.Path(told["--output_folder"]).mkdir()
else:
    assert pathlib.Path(told["--embeddings_folder"]).is_dir()
    pathlib.Path(told["--index_folder"]).mkdir()
"""
PYTHON = """#!{python}
import pathlib, sys
script, what, *words = sys.argv[1:]
print("some talk")
if what == "warm":
    print([1.0, 2.0, 3.0] if "rclip" in pathlib.Path(script).name else [4.0])
if what == "fill" and "clip_retrieval" in script:
    pathlib.Path(words[0]).mkdir()
"""


@pytest.fixture
def environments(tmp_path):
    """Two environments with commands that only look like the peers'."""
    commands = {"rclip": RCLIP, "clip-retrieval": CLIP_RETRIEVAL, "python": PYTHON}
    for home in ("a", "b"):
        (tmp_path / home / "bin").mkdir(parents=True)
        for name, text in commands.items():
            file = tmp_path / home / "bin" / name
            file.write_text(text.format(python=sys.executable))
            file.chmod(0o755)
    return tmp_path / "a", tmp_path / "b"


@pytest.fixture
def players(environments, tmp_path):
    pictures, weights = tmp_path / "stock" / "pictures", tmp_path / "weights.safetensors"
    pictures.mkdir(parents=True)
    for i in range(3):
        (pictures / f"{i}.jpg").touch()
    (tmp_path / "rclip" / "data").mkdir(parents=True)
    return [
        Rclip(environments[0], tmp_path / "rclip", pictures, weights),
        ClipRetrieval(environments[1], tmp_path / "clip-retrieval", pictures, weights),
    ]


def measured(players, tmp_path, n=2):
    queries = tmp_path / "queries.json"
    queries.write_text(json.dumps(["a", "b"]))
    return rounds.measure(players, queries, n, 1, lambda line: None)


def test_each_is_indexed_anew_looked_through_again_and_asked(players, tmp_path):
    times = measured(players, tmp_path)
    said = (players[0].place / "said").read_text().splitlines()
    assert said[:2] == ["pictures a dog --top 10"] * 2, "twice with the same index"
    assert said[-1] == "pictures --no-indexing a dog on a lawn --top 10"
    assert {name: len(mine.index) for name, mine in times.items()} == {
        "rclip": 2,
        "clip-retrieval": 2,
    }
    mine = times["clip-retrieval"]
    assert mine.again == mine.index, "it always begins anew"
    assert times["rclip"].warm == [1.0, 2.0, 3.0] * 2 and mine.warm == [4.0] * 2


def test_filled_indexes_are_asked_beside_the_others(players, tmp_path):
    times = measured(players, tmp_path, 1)
    for player in players:
        player.fill(tmp_path / "vectors.npy")
    (players[0].place / "filled" / "db.sqlite3").touch()
    queries = tmp_path / "queries.json"
    rounds.measure_filled(players, times, queries, 1, 2, lambda line: None)
    assert [len(mine.ask_filled) for mine in times.values()] == [2, 2]
    assert times["clip-retrieval"].warm_filled == [4.0]
    said = (players[0].place / "said").read_text()
    assert said.splitlines()[-1] == "nothing --no-indexing a dog on a lawn --top 10"


def test_a_slow_one_takes_part_in_fewer_rounds(players, tmp_path):
    players[1].rounds = 1
    times = measured(players, tmp_path, 3)
    assert [len(mine.index) for mine in times.values()] == [3, 1]
    order = [[p.name for p in rounds.taking_part(players, n)] for n in range(3)]
    assert order == [["rclip", "clip-retrieval"], ["rclip"], ["rclip"]]


def test_figures_say_how_far_the_first_is_ahead():
    def took(seconds):
        return Took(seconds, seconds / 2, 2**20, "")

    ours = rounds.Times([took(10), took(30), took(10)], [took(2)] * 3, [took(1)], [], [5.0, 7.0])
    theirs = rounds.Times([took(20)], [took(1)], [took(3)], [], [3.0])
    report = Report(list(rounds.figures({"XMR": ours, "rclip": theirs}, 100, 0)))
    bars = {figure.name: figure.value for figure in report.figures if figure.bar}
    assert bars == {
        "indexing, XMR against rclip": 2.0,
        "nothing new, XMR against rclip": 0.5,
        "query by command, XMR against rclip": 3.0,
        "query in a running process, XMR against rclip": 0.5,
    }
    assert len(report.missed) == 2
    assert (
        "| indexing, whole command, pictures/s | 10 pictures/s | 5 pictures/s |" in report.table()
    )


def test_whoever_is_not_there_is_left_out_with_a_reason(tmp_path):
    place = tmp_path / "place", tmp_path, tmp_path / "weights"
    assert XMR(*place).missing == ""
    assert Rclip(None, *place).missing == "no environment was given (--rclip FOLDER)"
    assert "clip-retrieval is not there" in ClipRetrieval(tmp_path, *place).missing


def test_a_command_that_fails_says_what_it_said(players, tmp_path):
    with pytest.raises(CommandFailed, match="no index"):
        players[0].ask("a dog")
    with pytest.raises(CommandFailed, match="ended with 3: well"):
        timed([sys.executable, "-c", "print('well'); raise SystemExit(3)"], tmp_path)


def test_memory_and_work_of_children_count(tmp_path):
    child = "import time; held = bytearray(200 << 20); time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    took = timed([sys.executable, "-c", parent], tmp_path)
    assert took.bytes > 200 << 20
    assert took.seconds > 1 > took.work > 0
    assert (took + took).seconds == 2 * took.seconds and (took + took).bytes == took.bytes


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="only systems like Unix tell")
def test_environment_and_folder_are_the_commands_own(tmp_path):
    code = "import os; print(os.getcwd(), os.environ['PEER'])"
    took = timed([sys.executable, "-c", code], tmp_path, {"PEER": "here"})
    assert took.said.split() == [str(tmp_path.resolve()), "here"]


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="only systems like Unix tell")
def test_commands_keep_the_bytecode_that_installed_packages_have(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    took = timed([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"], tmp_path)
    assert took.said.split() == ["False"]
