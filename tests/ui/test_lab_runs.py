"""Runs of the lab: the first reading of media is watched, cancelled and taken up again."""

import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import PictureEncoder, WordEncoder
from tests.indexing.world import write_picture
from xmr_core.datasets import Gathered, encoded, shards
from xmr_core.datasets.gathered import captioned
from xmr_core.media import Encoding, Modality
from xmr_core.ui.jobs import JobBoard, State
from xmr_core.ui.lab_data import Data, Read, Tell, of_name
from xmr_core.ui.lab_runs import Kept, LabRun, LabRuns

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT
COLOURS = ("red", "green", "blue")


class Slow(PictureEncoder):
    """Takes its time, and counts what it encodes."""

    def __init__(self) -> None:
        self.seen = 0

    def encode(self, batch) -> list[Encoding]:
        time.sleep(0.03 * len(batch))
        self.seen += len(batch)
        return super().encode(batch)


@pytest.fixture
def runs():
    runs = LabRuns(board := JobBoard())
    yield runs
    board.close()


@pytest.fixture
def slow(tmp_path: Path, cache, monkeypatch: pytest.MonkeyPatch) -> tuple[Data, Slow]:
    """Sixty pictures with captions, which take two seconds the first time."""
    monkeypatch.setattr(shards, "_BATCH", 4)
    rng = np.random.default_rng(0)
    images, captions = [], []
    for i in range(60):
        images.append(write_picture(tmp_path / f"{i:02}.png", COLOURS[i % 3], side=6 + i))
        captions.append([f"{COLOURS[i % 3]} " * int(rng.integers(1, 9)) + f"nothing {i}"])
    parts = {"train": [i for i in range(60) if i % 4], "test": list(range(0, 60, 4))}
    there = Gathered("slow", captioned(images, captions, parts), "pairs", "Made up")
    encoder = Slow()

    def read(tell: Tell) -> Read:
        encoders = {IMAGE: encoder, TEXT: WordEncoder()}
        return Read(encoded(there, encoders, partial(tell, "media")), encoders)

    return Data("slow", "slow", "Slow pictures", read), encoder


def until(told, seconds: float = 60):
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end
        time.sleep(0.01)


def ended(runs: LabRuns, run: LabRun) -> State:
    until(lambda: not runs.job(run).active)
    return runs.job(run).state


def test_a_reading_that_is_cancelled_keeps_what_it_has_encoded(runs: LabRuns, slow):
    data, encoder = slow
    run = runs.start(data, ["cca"], 0)
    until(lambda: (run.reading.told()["share"] or 0) > 0.2)
    assert run.reading.told()["stage"] == "media" and run.read is None
    pressed = time.monotonic()
    runs.cancel(run)
    assert ended(runs, run) is State.CANCELLED
    assert time.monotonic() - pressed < 2 and 4 <= encoder.seen < 60
    assert not run.fits and not run.problems

    kept, again = encoder.seen, runs.start(data, ["cca"], 0)
    until(lambda: again.reading.total)
    assert again.reading.first >= 8 * kept, "it goes on from there"
    assert ended(runs, again) is State.DONE and list(again.fits) == ["cca"]
    assert encoder.seen == 60, "each picture is encoded once"


def test_a_folder_is_other_data_once_its_files_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XMR_DATA", str(tmp_path))
    missing = of_name("folder").key
    (tmp_path / "folder").mkdir()
    table = tmp_path / "folder" / "manifest.csv"
    keys = [missing]
    for words in ("path,label", "path,label\na.png,a thing"):
        table.write_text(words, "utf-8")
        assert of_name("folder").key == of_name("folder").key
        keys.append(of_name("folder").key)
    write_picture(tmp_path / "folder" / "a.png", "red", side=9)
    keys.append(of_name("folder").key)
    assert len(set(keys)) == 4


def test_data_that_was_read_is_kept_for_the_next_run(runs: LabRuns, slow):
    data, _ = slow
    first = runs.start(data, ["cca"], 0)
    assert ended(runs, first) is State.DONE
    second = runs.start(data, ["pls"], 0)
    assert ended(runs, second) is State.DONE and second.read is first.read


def test_a_run_that_waits_for_another_says_so_and_can_be_cancelled(runs: LabRuns, slow):
    data, _ = slow
    first = runs.start(data, ["cca"], 0)
    until(lambda: first.reading.told()["share"])
    second = runs.start(of_name("made-up"), ["cca"], 0)
    time.sleep(0.3)
    assert second.reading.told()["stage"] == "wait"
    runs.cancel(second)
    assert ended(runs, second) is State.CANCELLED and runs.job(first).active
    assert ended(runs, first) is State.DONE


def test_only_the_newest_are_kept():
    kept: Kept[str, int] = Kept(2)
    for at, name in enumerate("abc"):
        kept.keep(name, at)
    assert list(kept) == ["b", "c"]
