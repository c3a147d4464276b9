"""The heads that come with XMR do what their card says."""

import csv
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from sklearn.datasets import load_sample_image

from xmr_core import metrics
from xmr_core.hubness import hub_bias
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.readers import read
from xmr_core.space import JointSpace

PHOTOGRAPHS = {
    "a cat": skimage.data.chelsea,
    "a cup of coffee": skimage.data.coffee,
    "a rocket": skimage.data.rocket,
    "a woman in an orange suit": skimage.data.astronaut,
    "a temple": lambda: load_sample_image("china.jpg"),
    "a flower": lambda: load_sample_image("flower.jpg"),
}
RSUM_BAR, STAMPS_BAR = 455.0, 0.265  # 474.1 and 0.284 were measured


@pytest.fixture(scope="module")
def space() -> JointSpace:
    return load_profile("embedded")


def test_texts_and_pictures_meet_in_one_space_of_moderate_width(space: JointSpace) -> None:
    assert space.dim <= 1200
    for modality in (Modality.TEXT, Modality.IMAGE):
        width = space.encoders[modality].dim
        rows = space.embed(modality, np.random.default_rng(0).random((3, width)).astype(np.float32))
        assert rows.shape == (3, space.dim)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_heads_name_their_towers_and_scores(space: JointSpace) -> None:
    about = space.heads[Modality.IMAGE, "gallery"].about  # type: ignore[attr-defined]
    assert about["towers"].split("+") == list(space.encoders[Modality.IMAGE].towers)  # type: ignore[attr-defined]
    assert float(about["flickr8k_rsum_corrected"]) > 0


def test_words_find_the_photograph_they_name(space: JointSpace) -> None:
    pictures = space.encode([Image(np.asarray(load())) for load in PHOTOGRAPHS.values()])
    words = space.encode([Text(name) for name in PHOTOGRAPHS])
    scores = words @ pictures.T
    own = np.diagonal(scores)
    better = (scores > own[:, None]).sum(axis=1)  # an orange flower is before the orange suit
    assert better.sum() <= 1
    assert scores.argmax(axis=0).tolist() == list(range(len(PHOTOGRAPHS)))


def test_the_bank_is_broad_and_has_no_doubles(space: JointSpace) -> None:
    lines = list(space.bank_texts)
    assert 2000 <= len(lines) <= 4000
    assert len(set(lines)) == len(lines)
    assert sum(len(line.split()) <= 2 for line in lines) > 500
    assert sum(len(line.split()) >= 5 for line in lines) > 500


def _pictures(space: JointSpace, paths: list[Path]) -> np.ndarray:  # type: ignore[type-arg]
    return np.concatenate(
        [space.encode([read(p) for p in paths[i : i + 64]]) for i in range(0, len(paths), 64)]
    )


@pytest.mark.slow
def test_captions_find_pictures_that_no_head_was_trained_on(
    space: JointSpace, xmr_data: Path
) -> None:
    text = (xmr_data / "flickr8k" / "captions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    judged = np.sort(np.random.default_rng(2026).permutation(len(rows))[:1000])[:300]
    seen = _pictures(space, [xmr_data / "flickr8k" / rows[i]["path"] for i in judged])
    said = space.encode([Text(rows[i][f"caption{n}"]) for i in judged for n in range(1, 6)])
    relevant = np.repeat(np.arange(300), 5)[:, None] == np.arange(300)
    there = said @ seen.T - hub_bias(seen, space.bank())
    back = seen @ said.T - hub_bias(said, space.bank(Modality.IMAGE))
    reached = metrics.rsum(metrics.recalls(there, relevant), metrics.recalls(back, relevant.T))
    assert reached > RSUM_BAR


@pytest.mark.slow
def test_names_find_cut_out_pictures(space: JointSpace, xmr_data: Path) -> None:
    text = (xmr_data / "stamps" / "manifest.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    seen = _pictures(space, [xmr_data / "stamps" / row["image"] for row in rows])
    captions = sorted({row["caption"] for row in rows})
    relevant = np.array(captions)[:, None] == np.array([row["caption"] for row in rows])
    scores = space.encode([Text(caption) for caption in captions]) @ seen.T
    found = metrics.average_precision(scores - hub_bias(seen, space.bank()), relevant).mean()
    assert found > STAMPS_BAR
