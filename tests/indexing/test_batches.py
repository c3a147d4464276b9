"""How many media an index run encodes at once."""

import pytest

from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import write_text
from xmr_core import readers
from xmr_core.indexing import Control, intake
from xmr_core.indexing.intake import Intake
from xmr_core.indexing.jobs import Job
from xmr_core.media import Modality


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

    names = [write_text(media / f"{i}.txt", f"red {i}").name for i in range(80)]
    jobs = [Job(1, media, name, Modality.TEXT) for name in names]
    space = fake_space(text=Words())
    work = Intake(jobs, space, Control(), readers.read, readers.detect, lambda hash, job: False)
    work.start()
    while work.take(1.0) is not None:
        pass
    work.stop()
    assert sizes[:2] == [4 * times] * 2
    assert sum(sizes) == 80
