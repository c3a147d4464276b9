"""Meshes by name through the heads that come with XMR: bars a little below what was measured."""

import csv
from pathlib import PurePosixPath

import numpy as np
import pytest

from xmr_core import metrics
from xmr_core.demo.meshes import WORKS
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.heads import Head
from xmr_core.media import Text
from xmr_core.profiles.blocks import widened
from xmr_core.profiles.info import heads_dir
from xmr_core.readers import read

# Of the demo library, which nothing was trained on.
BUILT = (
    *("home/chair.glb", "home/double-bed.glb", "office/laptop.glb", "coffee/teapot.glb"),
    *("kitchen/wine-bottle.ply", "fruit/bananas.glb", "cats/sitting-cat.glb", "birds/robin.glb"),
    *("clocks/wall-clock.glb", "fire/candle.glb", "rain/umbrella.glb", "sea/sailing-boat.glb"),
    *("cars/school-bus.glb", "cars/bicycle.glb", "trains/steam-engine.glb", "flight/airliner.glb"),
)


@pytest.fixture(scope="module")
def head():
    """The head of meshes, which knows all parts of the space but the last."""
    text = Head.load(heads_dir() / "text.safetensors")
    return widened(Head.load(heads_dir() / "mesh.safetensors"), text.dim)


@pytest.fixture(scope="module")
def things(head):
    """Files → unit rows (n, d)."""
    encoder = MeshEncoder(ImageEncoder(head.about["towers"].split("+")))
    return lambda paths: head(np.stack([encoder.encode([read(p)])[0].pooled for p in paths]))


@pytest.fixture(scope="module")
def words():
    """Lines → unit rows (n, d)."""
    encoder, head = TextEncoder(), Head.load(heads_dir() / "text.safetensors")
    return lambda lines: head(np.stack([e.pooled for e in encoder.encode([*map(Text, lines)])]))


def test_built_meshes_are_found_by_their_names(things, words, tmp_path):
    files, names = [], []
    for work in WORKS:
        if work.path in BUILT:
            files.append(tmp_path / work.path.replace("/", "-"))
            files[-1].write_bytes(work.bytes())
            names.append(PurePosixPath(work.path).stem.replace("-", " "))
    assert len(names) == len(BUILT)
    scores = words(names) @ things(files).T  # (n, n)
    found = metrics.average_precision(scores, np.eye(len(names), dtype=bool)).mean()
    by_chance = np.mean(1 / np.arange(1, len(names) + 1))
    assert by_chance < 0.22
    assert found > 0.5


def test_everyday_things_are_found_by_their_names(things, words, xmr_data):
    """Every sixth model: their names were among those that the head of meshes was trained on."""
    folder = xmr_data / "meshes"
    text = (folder / "manifest.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))[::6]
    labels = np.array([row["label"] for row in rows])
    asked = np.unique(labels)
    scores = words(list(asked)) @ things([folder / row["path"] for row in rows]).T
    found = metrics.average_precision(scores, asked[:, None] == labels)
    assert found.mean() > 0.5
