"""Re-rankers and translators on the Lab page: what they make, and where they cannot."""

import base64
import io
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest

from tests.fakes import COLOURS
from tests.lab.spoken import ENCODERS, spoken_dataset
from tests.lab.test_reranked import Cells, Words
from xmr_core.datasets import Gathered, encoded
from xmr_core.datasets.gathered import captioned
from xmr_core.errors import LabError
from xmr_core.media import Modality
from xmr_core.ui import lab_pictures, lab_told
from xmr_core.ui.context import Plain
from xmr_core.ui.lab_data import Read, of_name
from xmr_core.ui.lab_made import EXAMPLES, Again, Spoken, make

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT


def quiet(step: int, steps: int, objective: float) -> None:
    """Told how far it is."""


def never() -> None:
    """Nobody has pressed Cancel."""


@pytest.fixture
def read(tmp_path, cache) -> Read:
    """60 pictures of nine coloured cells; the caption names the colours."""
    rng = np.random.default_rng(0)
    images, captions = [], []
    for i in range(60):
        colours = rng.integers(0, 3, 9)
        shades = rng.integers(100, 256, (9, 1))
        pixels = (shades * np.eye(3, dtype=int)[colours]).astype(np.uint8).reshape(3, 3, 3)
        path = tmp_path / f"{i}.png"
        PIL.Image.fromarray(pixels.repeat(4, axis=0).repeat(4, axis=1)).save(path)
        images.append(path)
        captions.append([" ".join(COLOURS[c] for c in rng.permutation(colours))])
    parts = {"train": list(range(45)), "test": list(range(45, 60))}
    encoders = {IMAGE: Cells(), TEXT: Words()}
    there = Gathered("mine", captioned(images, captions, parts), "pairs", "")
    return Read(encoded(there, encoders), encoders)


@pytest.fixture(scope="module")
def spoken() -> dict[str, Spoken]:
    read = Read(spoken_dataset(), ENCODERS)
    names = ("consensus", "linear-map", "conse")
    return {name: make(read, name, seed=0, tell=quiet, check=never) for name in names}


def test_a_reranker_says_whose_ranking_it_looked_at(read: Read):
    seen = []
    made = make(read, "scan", seed=0, tell=lambda *step: seen.append(step), check=never)
    assert isinstance(made, Again) and seen and made.curve
    told = lab_told.made(made)
    assert told["again"]["first"] == "cca" and 0 <= told["again"]["weight"] <= 1
    assert list(told["by"]) == ["pairs"] and "dim" not in told
    assert told["by"]["pairs"]["directions"]["image→text"]["recall@10"][0] > 0


def test_a_reranker_can_be_stopped_while_media_are_taken_apart(read: Read):
    class Stop(Exception):
        pass

    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Stop

    with pytest.raises(Stop):
        make(read, "scan", seed=0, tell=quiet, check=check)
    assert len(calls) == 3


def test_what_came_with_features_cannot_be_taken_apart_or_spoken_of():
    read = of_name("made-up").read(lambda *_: None)
    for name in ("scan", "consensus", "conse"):
        with pytest.raises(LabError, match="came with features"):
            make(read, name, seed=0, tell=quiet, check=never)


def test_translators_are_told_beside_their_baselines(spoken: dict[str, Spoken]):
    for name, kind, measure in (
        ("consensus", "captions", "cider-d"),
        ("linear-map", "words", "map/known"),
        ("conse", "words", "map/known"),
    ):
        told = lab_told.made(spoken[name])
        assert told["said"]["kind"] == kind and "by" not in told
        value, low, high = told["said"]["measured"][measure]
        assert low <= value <= high
        by_chance = told["beside"][0]
        assert by_chance["baseline"] and by_chance["measured"][measure][0] < value


def test_examples_bring_together_what_all_translators_say_of_a_thing(spoken: dict[str, Spoken]):
    told = lab_told.examples(list(spoken.values()))
    assert len(told) == EXAMPLES and len({one["row"] for one in told}) == EXAMPLES
    for one in told:
        assert list(one["says"]) == list(spoken) and one["references"]
        first = one["says"]["consensus"][0]
        shares = [source["share"] for source in first["sources"]]
        assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1.01
        assert len(one["says"]["conse"]) > 1
    right = [len(set(_said(one).split()) & set(one["references"][0].split())) > 3 for one in told]
    assert sum(right) > len(right) / 2


def _said(told: Plain) -> str:
    text: str = told["says"]["consensus"][0]["text"]
    return text


def test_pictures_come_small_and_only_where_there_are_files(read: Read):
    made = lab_pictures.of(read.dataset, [0, 3, 10**6])
    assert list(made) == ["0", "3"]
    kind, _, held = made["3"].partition(",")
    assert kind == "data:image/webp;base64"
    with PIL.Image.open(io.BytesIO(base64.b64decode(held))) as picture:
        assert picture.size == (12, 12)
    names = {IMAGE: ["/nowhere/a.png"] * 15, TEXT: ["words"] * 15}
    gone = replace(read.dataset, test=replace(read.dataset.test, names=names))
    assert lab_pictures.of(gone, [0]) == {}
    assert lab_pictures.of(of_name("made-up").read(lambda *_: None).dataset, [0]) == {}
