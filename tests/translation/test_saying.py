"""Tags and captions in the space of three colours, whose vectors can be told by eye."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.errors import WeightsDamaged
from xmr_core.media import Modality, Text
from xmr_core.translation import Captioner, Sentence, Tagger, Vocabulary, text_vectors
from xmr_core.translation import vectors as vectors_module
from xmr_core.translation.captioning import Trust
from xmr_core.translation.strengths import fitted
from xmr_core.translation.tagging import Curve

WORDS = Vocabulary.of(
    [
        "red\tsh\t9\tcolour",
        "green\tsh\t9\tcolour",
        "blue\ts\t9\tcolour",
        "colour\tsh\t9\t",
        "red red\ts\t9\tred|colour",
    ]
)
CURVES = {Modality.IMAGE: Curve(0.0, 1.0, 0.0)}


@pytest.fixture
def space(cache):
    return fake_space()


@pytest.fixture
def tagger(space):
    return Tagger(space, WORDS, CURVES)


def vector(space, words):
    return space.encode([Text(words)], "query")


def test_a_red_thing_is_called_red_and_nothing_of_its_relations_beside(tagger, space):
    (tags,) = tagger.tags(Modality.IMAGE, vector(space, "red"), sure=0.0)
    names = [tag.name for tag in tags]
    assert "red" in names[0]
    assert not {"colour", "green"} & set(names[:1])
    assert len([name for name in names if "red" in name]) == 1
    assert [tag.strength for tag in tags] == sorted((t.strength for t in tags), reverse=True)


def test_a_kind_has_the_masses_of_all_that_it_is_of(tagger, space):
    (masses,) = tagger.masses(Modality.IMAGE, vector(space, "red"))
    at = WORDS.places
    assert masses[at["colour"]] == pytest.approx(1, abs=1e-5)
    assert masses[at["red"]] > masses[at["green"]]


def test_sounds_are_not_called_what_cannot_be_heard(tagger, space):
    (masses,) = tagger.masses(Modality.AUDIO, vector(space, "blue"))
    assert masses[WORDS.places["blue"]] == 0


def test_what_is_not_sure_is_not_said(tagger, space):
    assert tagger.tags(Modality.IMAGE, vector(space, "red"), sure=1.1) == [[]]


def test_vectors_of_texts_are_made_once(space, monkeypatch):
    made = text_vectors(space, ["red", "green"], ("{}", "a {}"))
    monkeypatch.setattr(type(space), "encode", None)
    np.testing.assert_array_equal(text_vectors(space, ["red", "green"], ("{}", "a {}")), made)


def test_a_damaged_cache_is_made_again(space):
    made = text_vectors(space, ["red"])
    (file,) = (vectors_module.cache_dir() / "words").glob("*.npy")
    file.write_bytes(b"no array")
    np.testing.assert_array_equal(text_vectors(space, ["red"]), made)


SAID = [
    Sentence("A red ball.", item=7),
    Sentence("A red ball on red sand.", how="s"),
    Sentence("A green hill.", how="s"),
    Sentence("A blue sea.", how="s"),
    Sentence("A red sound.", how="h"),
]


def test_the_caption_is_one_on_which_the_nearest_agree(space):
    captioner = Captioner(SAID, text_vectors(space, [one.text for one in SAID]), {})
    (caption,) = captioner.captions(Modality.IMAGE, vector(space, "red"))
    assert caption is not None and "red" in caption.text.lower()
    assert caption.voices and all(voice.share > 0 for voice in caption.voices)
    texts = {voice.sentence.text for voice in caption.voices}
    assert "A red sound." not in texts and caption.text != "A red sound."


def test_the_library_s_own_sentences_are_told_apart(space):
    captioner = Captioner(SAID, text_vectors(space, [one.text for one in SAID]), {})
    (caption,) = captioner.captions(Modality.IMAGE, vector(space, "red"))
    assert {voice.sentence.item for voice in caption.voices} <= {7, None}
    assert any(voice.sentence.item == 7 for voice in caption.voices) or caption.text == SAID[0].text


def test_without_sentences_there_is_no_caption(space):
    assert Captioner([], np.zeros((0, space.dim), np.float32), {}).captions(
        Modality.IMAGE, vector(space, "red")
    ) == [None]


def test_strengths_grow_with_what_speaks_for_them():
    assert Curve(0.0, 1.0, 0.5).strength(0.9, 1.0) > Curve(0.0, 1.0, 0.5).strength(0.5, 1.0)
    assert Trust(-3.0, 1.0, 2.0).strength(4.0, 0.2) > Trust(-3.0, 1.0, 2.0).strength(4.0, 0.1)


def test_strengths_that_come_with_xmr_are_of_every_medium_and_grow():
    for table in (fitted("tags", Curve), fitted("captions", Trust)):
        assert set(table) == set(Modality) - {Modality.TEXT}
    assert all(curve.mass >= 0 for curve in fitted("tags", Curve).values())


@pytest.mark.parametrize(
    "text", ["no json", "{}", '{"tags": {"image": [1]}, "captions": {"image": [1]}}']
)
def test_damaged_strengths_are_told(tmp_path, text):
    file = tmp_path / "strengths.json"
    file.write_text(text)
    for kind, make in (("tags", Curve), ("captions", Trust)):
        with pytest.raises(WeightsDamaged, match=r"strengths\.json"):
            fitted(kind, make, file)


def test_of_pictures_the_name_that_people_say_comes_first(space):
    lines = [Sentence("Something green.", how="s")] * 99
    masses = np.array([0, 0.25, 0.3, 0, 0], np.float32)
    for modality, first in {Modality.IMAGE: "green", Modality.MESH: "blue"}.items():
        plain, said = (Tagger(space, WORDS, CURVES, some) for some in ([], lines))
        assert WORDS.names[plain.ranked(modality, masses)[0]] == "blue"
        assert WORDS.names[said.ranked(modality, masses)[0]] == first
