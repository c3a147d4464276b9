"""The vocabulary and the sentences that come with XMR."""

import re

import pytest

from xmr_core.errors import WeightsDamaged
from xmr_core.media import Modality
from xmr_core.translation import Sentence, Vocabulary, sentences, vocabulary
from xmr_core.translation import words as words_module


def test_there_are_some_ten_thousand_concepts_each_once():
    words = vocabulary()
    assert 9_000 <= len(words) <= 12_000
    assert len(set(words.names)) == len(words)
    assert all(concept.seen or concept.heard for concept in words.concepts)


def test_everyday_names_are_kinds_of_what_people_would_say():
    words = vocabulary()
    for name, kind in {
        "beagle": "dog",
        "dog barking": "dog",
        "red car": "vehicle",
        "grand piano": "musical instrument",
        "robin": "bird",
        "man": "person",
    }.items():
        assert kind in words.concepts[words.places[name]].kinds


def test_a_concept_has_below_it_its_kinds_and_itself():
    words = Vocabulary.of(["dog\tsh\t9\tanimal", "animal\ts\t8\t", "puppy\ts\t4\tdog|animal"])
    assert words.below.toarray().tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 1]]


def test_sounds_are_called_by_what_can_be_heard():
    words = vocabulary()
    heard = words.met(Modality.AUDIO)
    assert heard[words.places["dog barking"]] and heard[words.places["dog"]]
    assert not heard[words.places["red car"]]


def test_sentences_are_plain_and_each_once():
    said = sentences()
    texts = [sentence.text for sentence in said]
    assert len(texts) > 5_000 and len(set(texts)) == len(texts)
    for text in texts:
        assert re.fullmatch(r"[A-Z0-9].*\.", text) and len(text.split()) <= 16
        assert not re.search(r"\ba [aeio]", text)
    assert {sentence.how for sentence in said} == {"s", "h", "m"}


def test_sentences_are_said_of_media_that_they_fit():
    heard, seen, model = (Sentence("a", how=how) for how in "hsm")
    assert heard.fits(Modality.AUDIO) and not heard.fits(Modality.IMAGE)
    assert seen.fits(Modality.VIDEO) and not seen.fits(Modality.AUDIO)
    assert model.fits(Modality.MESH) and not model.fits(Modality.IMAGE)
    assert Sentence("of the library").fits(Modality.AUDIO)


def test_damaged_words_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(words_module, "assets_dir", lambda: tmp_path)
    with pytest.raises(WeightsDamaged, match=r"concepts\.tsv"):
        vocabulary()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "concepts.tsv").write_text("dog\n")
    (tmp_path / "words" / "sentences.txt").write_text("A dog.\n")
    with pytest.raises(WeightsDamaged, match="vocabulary"):
        vocabulary()
    with pytest.raises(WeightsDamaged, match=r"sentences\.txt"):
        sentences()
