"""How many media an index run encodes at once."""

import threading
import time

import pytest

from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import write_text
from xmr_core import readers
from xmr_core.indexing import Control, intake
from xmr_core.indexing.intake import Intake
from xmr_core.indexing.jobs import Job
from xmr_core.media import Modality


def run(media, words, n):
    """The names of n texts, and what an intake gives for them."""
    names = [write_text(media / f"{i}.txt", f"red {i}").name for i in range(n)]
    jobs = [Job(1, media, name, Modality.TEXT) for name in names]
    space = fake_space(text=words)
    work = Intake(jobs, space, Control(), readers.read, readers.detect, lambda hash, job: False)
    work.start()
    taken = []
    while (results := work.take(1.0)) is not None:
        taken += results
    work.stop()
    return names, taken


@pytest.mark.parametrize(("where", "times"), [("cpu", 1), ("cuda", 8)])
def test_batches_are_larger_on_a_graphics_card(media, monkeypatch, where, times):
    monkeypatch.setattr(intake, "device", lambda: where)
    monkeypatch.setitem(intake.BATCH, Modality.TEXT, 4)
    monkeypatch.setattr(intake, "_PATIENCE", 60)
    sizes = []

    class Words(WordEncoder):
        def encode(self, batch):
            sizes.append(len(batch))
            return super().encode(batch)

    run(media, Words(), 80)
    assert sizes[:2] == [4 * times] * 2
    assert sum(sizes) == 80


def test_two_batches_are_encoded_at_once_but_the_first_for_which_models_are_loaded(
    media, monkeypatch
):
    monkeypatch.setitem(intake.BATCH, Modality.TEXT, 4)
    lock = threading.Lock()
    beside: list[int] = []  # batches that others were at, as each began
    now = 0

    class Words(WordEncoder):
        def encode(self, batch):
            nonlocal now
            with lock:
                beside.append(now)
                now += 1
            time.sleep(0.3)  # the others are read by then
            with lock:
                now -= 1
            return super().encode(batch)

    names, taken = run(media, Words(), 24)
    assert beside == [0, 0, 1, 1, 1, 1]
    assert sorted(one.outcome.job.path for one in taken) == sorted(names)
    assert sum(one.first for one in taken) == 4
