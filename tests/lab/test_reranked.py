"""Re-rankers in tables, on captioned pictures whose parts can be told by eye."""

import dataclasses
import re

import numpy as np
import PIL.Image
import pytest

from tests.fakes import COLOURS, DIM, PictureEncoder, WordEncoder
from xmr_core.datasets import Dataset, encoded
from xmr_core.datasets.gathered import Gathered, captioned
from xmr_core.errors import LabError
from xmr_core.lab import METHODS, reranked
from xmr_core.lab.interaction import RERANKERS
from xmr_core.lab.tabulating import tabulate
from xmr_core.media import Modality

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT


class Cells(PictureEncoder):
    """Each of 3 × 3 cells has its mean colour."""

    def grid(self, batch):
        made = []
        for image in batch:
            side = len(image.pixels) // 3
            cells = image.pixels.reshape(3, side, 3, side, 3).mean(axis=(1, 3)) / 255
            made.append(np.concatenate([cells, np.zeros((3, 3, 1))], axis=2).astype(np.float32))
        return made


class Words(WordEncoder):
    """A vector for each word."""

    def words(self, text):
        spans = [m.span() for m in re.finditer(r"\w+", text.text)]
        rows = np.stack([self._count(text.text[a:b]) for a, b in spans])
        return rows, np.array(spans, np.float32).reshape(-1, 2, 1)


@pytest.fixture
def encoders(cache):
    return {IMAGE: Cells(), TEXT: Words()}


@pytest.fixture
def dataset(tmp_path, encoders) -> Dataset:
    """90 pictures of nine coloured cells; the caption names as many words of each colour."""
    rng = np.random.default_rng(0)
    images, captions = [], []
    for i in range(90):
        colours = rng.integers(0, 3, 9)
        shades = rng.integers(100, 256, (9, 1))  # so that no two pictures are the same
        pixels = (shades * np.eye(3, dtype=int)[colours]).astype(np.uint8).reshape(3, 3, 3)
        path = tmp_path / f"{i}.png"
        PIL.Image.fromarray(pixels.repeat(4, axis=0).repeat(4, axis=1)).save(path)
        images.append(path)
        captions.append([" ".join(COLOURS[c] for c in rng.permutation(colours))] * 2)
    parts = {"train": list(range(60)), "test": list(range(60, 90))}
    return encoded(Gathered("flickr8k", captioned(images, captions, parts), "pairs", ""), encoders)


def small():
    scan = RERANKERS["scan"]()
    schedule = dataclasses.replace(scan.schedule, epochs=2, batch=32)
    return dataclasses.replace(scan, dim=8, schedule=schedule)


def test_what_is_looked_at_again_is_measured_by_partners(dataset, encoders):
    made = reranked.reranked(dataset, encoders, METHODS["cca"](), small(), best=10, draws=20)
    assert set(made.report) == {(IMAGE, TEXT), (TEXT, IMAGE)} and 0 <= made.weight <= 1
    assert len(made.report.each[TEXT, IMAGE]["recall@1"]) == 60


def test_looking_at_the_order_as_it_is_changes_nothing(dataset, encoders, monkeypatch):
    """With no weight for the re-ranker its report is that of the first method alone."""
    from xmr_core.report import measure

    monkeypatch.setattr(reranked, "best_weight", lambda *_: 0.0)
    made = reranked.reranked(dataset, encoders, METHODS["cca"](), small(), best=10, draws=20)
    learned, _ = reranked._parted(dataset.train, 0)
    alone = measure(METHODS["cca"]().fit(learned.pairs()[0]), dataset.test, "pairs", draws=20)
    # Pictures never tie; texts with the same words do
    for name, column in alone.each[TEXT, IMAGE].items():
        np.testing.assert_array_equal(made.report.each[TEXT, IMAGE][name], column)


def test_what_is_held_out_is_learned_by_neither(dataset):
    learned, held = reranked._parted(dataset.train, 0)
    assert len(held.owners[IMAGE]) == 12 and len(learned.owners[TEXT]) == 96
    assert not set(held.owners[IMAGE]) & set(learned.owners[TEXT])


def test_parts_are_kept_and_have_the_views_features(dataset, encoders):
    parts = reranked._parts(dataset, dataset.test, IMAGE, encoders[IMAGE])
    assert len(parts) == 30 and parts.rows.shape == (270, DIM)
    middles = np.stack([parts.of(i).mean(axis=0) for i in range(30)])
    np.testing.assert_allclose(middles, dataset.test.views[IMAGE], atol=0.02)
    again = reranked._parts(dataset, dataset.test, IMAGE, encoders[IMAGE])
    np.testing.assert_array_equal(again.rows, parts.rows)


def test_a_table_has_a_row_for_it(dataset, encoders, monkeypatch):
    from xmr_core.lab import tabulating

    monkeypatch.setattr(tabulating, "RERANKERS", {"scan": small})
    made = tabulate(dataset, ["cca", "scan"], (0, 1), draws=10, encoders=encoders)
    assert [row.method for row in made.rows] == ["cca", "scan"]
    assert made.rows[1].report is not None and made.rows[1].seeds == (0,)
    assert "the best 50 of" in made.rows[1].title
    assert set(made.rows[1].against) == set(made.rows[0].report)


def test_other_media_are_refused(dataset):
    bare = dataclasses.replace(dataset, encoders={})
    with pytest.raises(LabError, match="captioned pictures"):
        reranked.reranked(bare, {}, METHODS["cca"](), small())
