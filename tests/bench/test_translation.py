"""The benchmark of translation: who is right is judged as it says, and figures come with bars."""

import numpy as np

from tests.bench.coloured import coloured
from tests.fakes import fake_space
from xmr_core.bench import BENCHES
from xmr_core.bench.tag_truth import Judge
from xmr_core.bench.translation import bench_translation
from xmr_core.translation import Vocabulary

WORDS = Vocabulary.of(
    [
        "dog\tsh\t9\tanimal",
        "animal\ts\t8\t",
        "black dog\ts\t8\tdog|animal",
        "dog barking\th\t5\tdog|animal",
        "cat\ts\t8\tanimal",
    ]
)


def said(*texts, **how):
    right = Judge(WORDS).right(texts, **how)
    return {WORDS.names[place] for place in np.flatnonzero(right)}


def test_a_name_and_its_kinds_are_right_and_a_look_that_nobody_said_is_not():
    assert said("dog") == {"dog", "animal", "dog barking"}
    assert said("dog", kinds=False) == {"dog", "dog barking"}
    assert said("black dog", kinds=False) == {"dog", "black dog"}


def test_of_captions_two_must_agree():
    captions = ("A black dog runs.", "Two dogs play.", "A cat.")
    assert said(*captions, captions=True) == {"dog", "animal"}
    assert said(*captions, captions=True, kinds=False) == {"dog"}


def test_figures_are_of_every_medium_beside_their_baselines(tmp_path, cache):
    figures = list(bench_translation(4, fake_space(), coloured(tmp_path)))
    names = " ".join(figure.name for figure in figures)
    for kind in ("photographs", "pictures", "sounds", "models", "clips"):
        assert f"{kind}: first tag right" in names
    assert {"XMR", "the usual names", "names at random"} <= {f.cell[1] for f in figures if f.cell}
    assert any("CIDEr-D" in figure.name for figure in figures)
    assert "translation" in BENCHES
