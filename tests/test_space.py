"""The joint space and its video head, with encoders and heads that can be told by eye."""

import numpy as np
import pytest

from xmr_core.errors import QueryError
from xmr_core.media import Audio, Encoding, Image, Modality, Text
from xmr_core.space import HalvesHead, JointSpace, unit


class Letters:
    """Text → how often a, b and c occur."""

    name, modality, dim, fingerprint = "letters", Modality.TEXT, 3, "letters-1"

    def __init__(self):
        self.batches = []

    def encode(self, batch):
        self.batches.append(len(batch))
        counts = [np.array([t.text.count(c) for c in "abc"], np.float32) for t in batch]
        return [Encoding(c, c[None], np.zeros((1, 2, 1), np.float32)) for c in counts]


class Colours:
    """Picture → its mean red, green and blue."""

    name, modality, dim, fingerprint = "colours", Modality.IMAGE, 3, "colours-1"

    def encode(self, batch):
        none = np.zeros((0, 3), np.float32), np.zeros((0, 2, 2), np.float32)
        return [Encoding(i.pixels.mean(axis=(0, 1), dtype=np.float32) / 255, *none) for i in batch]


class Times:
    """A head: every feature times a factor."""

    def __init__(self, factor):
        self.factor, self.fingerprint = factor, f"times-{factor}"

    def __call__(self, features):
        return features * np.asarray(self.factor, np.float32)


def space(**changes):
    options = {
        "name": "toy",
        "dim": 3,
        "encoders": {Modality.TEXT: Letters(), Modality.IMAGE: Colours()},
        "heads": {
            (Modality.TEXT, "gallery"): Times(2),
            (Modality.IMAGE, "gallery"): Times(1),
        },
    }
    return JointSpace(**{**options, **changes})


def red():
    return Image(np.full((4, 4, 3), (255, 0, 0), np.uint8))


def test_mixed_media_come_back_in_order_as_unit_rows():
    joint = space().encode([Text("ab"), red(), Text("ccc")])
    np.testing.assert_allclose(joint, [[0.5**0.5, 0.5**0.5, 0], [1, 0, 0], [0, 0, 1]], atol=1e-6)


def test_a_head_of_its_own_serves_queries():
    heads = {(Modality.TEXT, "gallery"): Times(1), (Modality.TEXT, "query"): Times([0, 1, 0])}
    joint = space(heads=heads)
    assert joint.encode([Text("ab")], "query").tolist() == [[0, 1, 0]]
    np.testing.assert_allclose(joint.encode([Text("ab")], "gallery"), [[0.5**0.5, 0.5**0.5, 0]])


def test_a_medium_that_the_space_lacks_is_refused_with_the_reason():
    lacking = space(unavailable={Modality.AUDIO: "Run: xmr models pull aisfx"})
    with pytest.raises(QueryError, match=r"no audio encoder here\. Run: xmr models"):
        lacking.encode([Audio(np.zeros(10, np.float32), 44100)])


def test_fingerprint_changes_with_every_head_and_encoder():
    prints = {space().fingerprint, space().fingerprint}
    assert len(prints) == 1
    other = space(
        heads={(Modality.TEXT, "gallery"): Times(3), (Modality.IMAGE, "gallery"): Times(1)}
    )
    fewer = space(encoders={Modality.TEXT: Letters()})
    assert len(prints | {other.fingerprint, fewer.fingerprint}) == 3


def test_centres_join_the_sentences_and_stand_for_pictures():
    words, pictures = np.eye(3, dtype=np.float32)[:1], np.eye(3, dtype=np.float32)[1:]
    made = space(bank_texts=["a", "bc"], centres={Modality.TEXT: words, Modality.IMAGE: pictures})
    sentences = space(bank_texts=["a", "bc"]).bank()
    np.testing.assert_array_equal(made.bank(), np.concatenate([sentences, words]))
    np.testing.assert_array_equal(made.bank(Modality.AUDIO), made.bank())
    for modality in (Modality.IMAGE, Modality.VIDEO):
        np.testing.assert_array_equal(made.bank(modality), pictures)
        np.testing.assert_array_equal(
            space(bank_texts=["a"]).bank(modality), space(bank_texts=["a"]).bank()
        )


def test_bank_is_embedded_once_and_made_again_when_its_file_is_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))
    first = space(bank_texts=["a", "bc"])
    expected = first.bank()
    second = space(bank_texts=["a", "bc"])
    np.testing.assert_array_equal(second.bank(), expected)
    assert second.encoders[Modality.TEXT].batches == []
    (file,) = tmp_path.rglob("*.npy")
    file.write_bytes(b"not an array")
    third = space(bank_texts=["a", "bc"])
    np.testing.assert_array_equal(third.bank(), expected)
    assert third.encoders[Modality.TEXT].batches == [2]


class TestHalves:
    """[image | audio] features, each half through its own head."""

    head = HalvesHead(Times(1), Times([0, 1]), image_dim=2, sound_weight=0.5)

    def test_an_absent_sound_adds_nothing(self):
        features = np.array([[3, 0, 0, 0]], np.float32)
        assert self.head(features).tolist() == [[1, 0]]

    def test_sound_alone_has_its_full_weight(self):
        features = np.array([[0, 0, 9, 1]], np.float32)
        assert self.head(features).tolist() == [[0, 1]]

    def test_sound_beside_pictures_has_its_share(self):
        features = np.array([[1, 0, 0, 1]], np.float32)
        np.testing.assert_allclose(self.head(features), unit(np.array([[1, 0.5]], np.float32)))

    def test_without_an_audio_head_the_pictures_stand_alone(self):
        silent = HalvesHead(Times(1), None, image_dim=2)
        assert silent(np.array([[0, 2, 5, 5]], np.float32)).tolist() == [[0, 1]]
