"""What files take, as runs measure it, and the order that makes it known soon."""

import os
import time

import pytest

from tests.fakes import PictureEncoder, WordEncoder, fake_space
from tests.indexing.world import run, write_picture, write_text
from xmr_core import readers
from xmr_core.indexing import Control, estimate, index_run, intake
from xmr_core.indexing.costs import Costs
from xmr_core.indexing.intake import Intake
from xmr_core.indexing.jobs import Job
from xmr_core.indexing.run import samples_first
from xmr_core.media import Modality

TEXT, IMAGE, MESH = Modality.TEXT, Modality.IMAGE, Modality.MESH


def test_costs_are_what_files_took_without_the_models(library, media):
    class Loading(WordEncoder):
        loaded = False

        def encode(self, batch):
            time.sleep(0 if self.loaded else 3)
            self.loaded = True
            return super().encode(batch)

    for i in range(60):
        write_text(media / f"{i:02}.txt", f"red {i}")
    started = time.monotonic()
    run(library, media, fake_space(text=Loading()))
    took = time.monotonic() - started
    for i in range(60):
        write_text(media / f"more/{i:02}.txt", f"blue {i}")
    assert Costs.of(library).known(TEXT)
    assert 0 < estimate(library, fake_space(), [media]).seconds < took - 1.5


def test_costs_of_too_few_files_are_not_kept(library):
    costs = Costs()
    for seconds in (0.1, 0.2, 0.3):
        costs.add(TEXT, seconds)
    costs.keep(library, 0.5)
    assert library.meta("costs") is None
    costs.add(TEXT, 0.4)
    costs.keep(library, 0.5)
    assert Costs.of(library)[TEXT] == pytest.approx(0.125), "in seconds that pass"


def test_costs_that_a_run_did_not_measure_stay(library):
    for modality in (TEXT, MESH):
        costs = Costs.of(library)
        for _ in range(4):
            costs.add(modality, 0.5)
        costs.keep(library, 1.0)
    assert Costs.of(library).known(TEXT) and Costs.of(library).known(MESH)


def test_known_files_say_nothing_about_new_ones():
    costs = Costs()
    for _ in range(10):
        costs.add(TEXT, 0.001, encoded=False)
    assert not costs.known(TEXT)


def test_some_of_each_medium_are_read_first(tmp_path):
    jobs = [Job(1, tmp_path, f"{i}.png", IMAGE) for i in range(100)]
    jobs += [Job(1, tmp_path, f"{i}.glb", MESH) for i in range(20)]
    ordered = samples_first(jobs)
    assert sorted(map(id, ordered)) == sorted(map(id, jobs))
    few = 2 * (intake.BATCH[IMAGE] + intake.BATCH[MESH])
    assert sum(job.guess is MESH for job in ordered[:few]) == 2 * intake.BATCH[MESH]
    assert [job for job in ordered if job.guess is IMAGE] == jobs[:100], "in their order"


def test_a_run_says_nothing_wild_while_its_models_are_read(library, media, monkeypatch):
    monkeypatch.setitem(intake.BATCH, TEXT, 4)
    monkeypatch.setitem(intake.BATCH, IMAGE, 4)

    class Words(WordEncoder):
        loaded = False

        def encode(self, batch):
            time.sleep(0.1 if self.loaded else 1.5)
            self.loaded = True
            return super().encode(batch)

    class Pictures(PictureEncoder):
        loaded = False

        def encode(self, batch):
            time.sleep(0.1 if self.loaded else 1.5)
            self.loaded = True
            return super().encode(batch)

    (media / "empty.txt").touch()  # fails at once
    for i in range(60):
        write_text(media / f"{i:02}.txt", f"red {i}")
        write_picture(media / f"{i:02}.png", side=8 + i)
    space = fake_space(text=Words(), image=Pictures())
    events = index_run(library, space, [media], thumbs=media.parent / "thumbs")
    seen = [(time.monotonic(), event.left) for event in events]
    took = seen[-1][0] - seen[0][0]
    said = [left for _, left in seen if left]
    assert said, "something is said"
    assert max(said) < took


def test_a_run_reads_some_of_each_medium_first(library, media, monkeypatch):
    monkeypatch.setitem(intake.BATCH, TEXT, 4)
    monkeypatch.setitem(intake.BATCH, IMAGE, 4)
    read, real = [], readers.read
    monkeypatch.setattr(readers, "read", lambda path: (read.append(path.suffix), real(path))[1])
    for i in range(40):
        write_picture(media / f"a/{i:02}.png", side=8 + i)
        write_text(media / f"b/{i:02}.txt", f"red {i}")
    assert run(library, media).added == 80
    assert read[:24].count(".txt") >= 6, "a reader may be a little late"
    assert read[24:44].count(".txt") <= 4, "then in the order of the walk"


def test_reading_and_encoding_are_both_work(media):
    class Slow(WordEncoder):
        def encode(self, batch):
            time.sleep(0.2)
            return super().encode(batch)

    def read(path):
        time.sleep(0.2)
        return readers.read(path)

    jobs = [Job(1, media, write_text(media / f"{i}.txt").name, TEXT) for i in range(8)]
    jobs.append(Job(1, media, write_text(media / "empty.txt", "").name, TEXT))
    work = Intake(
        jobs, fake_space(text=Slow()), Control(), read, readers.detect, lambda hash, job: False
    )
    work.start()
    results = []
    while (some := work.take(1.0)) is not None:
        results += some
    work.stop()
    threads = min(8, max(2, os.cpu_count() or 2))
    assert sum(result.seconds for result in results) == pytest.approx(work.worked, rel=0.1)
    assert work.worked >= 9 * 0.2 / threads + 0.2


def test_media_take_turns_at_the_encoder(library, media, monkeypatch):
    monkeypatch.setitem(intake.BATCH, TEXT, 4)
    monkeypatch.setitem(intake.BATCH, IMAGE, 4)
    encoded, read, real = [], [], readers.read
    monkeypatch.setattr(readers, "read", lambda path: (read.append(path), real(path))[1])

    def note(modality):
        """Many more texts than pictures have been read when the second batch is chosen."""
        encoded.append(modality)
        until = time.monotonic() + 60
        while len(read) < 48 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.05)  # a picture that is being read is there before eight batches more

    class Words(WordEncoder):
        def encode(self, batch):
            note(TEXT)
            return super().encode(batch)

    class Pictures(PictureEncoder):
        def encode(self, batch):
            note(IMAGE)
            return super().encode(batch)

    for i in range(60):
        write_text(media / f"{i:02}.txt", f"red {i}")
    for i in range(8):
        write_picture(media / f"{i:02}.png", side=8 + i)
    run(library, media, fake_space(text=Words(), image=Pictures()))
    assert encoded[:8].count(IMAGE) == 2, "not only when most texts are done"
