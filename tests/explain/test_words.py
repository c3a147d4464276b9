"""Texts taken apart into words."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.encoders.text import TextEncoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE
from xmr_core.explain.methods import METHODS
from xmr_core.explain.sides import side_of, text
from xmr_core.explain.sides.text import (
    MOST,
    STRETCH,
    gathered,
    grouped,
    spans_of,
    stretch,
    stretches,
)
from xmr_core.heads import Head
from xmr_core.media import Image, Modality, Text
from xmr_core.space import JointSpace

SENTENCE = "Two brown dogs, muddy ones, run; a child's kite flies."
LONG = " ".join(f"The {n}th paragraph tells of ships and harbours.\n\n" * 6 for n in range(400))


@pytest.fixture(scope="module")
def space() -> JointSpace:
    encoder = TextEncoder()
    head = Head.identity(encoder.dim)
    return JointSpace(
        "words", encoder.dim, {Modality.TEXT: encoder}, {(Modality.TEXT, "gallery"): head}
    )


def test_words_are_found_in_any_script() -> None:
    line = "Don't re-read №5: 狗在叫 naïve"
    found = [line[a:b] for a, b in spans_of(line)]
    assert found == ["Don't", "re-read", "5", "狗", "在", "叫", "naïve"]


def test_signs_alone_are_words_where_there_are_no_others() -> None:
    assert spans_of("?! …").tolist() == [[0, 2], [3, 4]]
    assert len(spans_of(" \n")) == 0


@pytest.mark.parametrize("count", [1, 7, 512, 513, 2000])
def test_grouping_leaves_no_word_out(count: int) -> None:
    spans = np.stack([np.arange(count) * 3, np.arange(count) * 3 + 2], axis=1)
    parts = grouped(spans)
    assert len(parts) <= MOST
    assert parts[0, 0] == 0 and parts[-1, 1] == spans[-1, 1]
    owner = np.searchsorted(parts[:, 0], spans[:, 0], side="right") - 1
    assert (spans[:, 1] <= parts[owner, 1]).all()


def test_stretches_stay_within_sentences_and_hold_every_word() -> None:
    line = "One two three four five six seven eight nine ten. Short one! Last"
    spans = spans_of(line)
    runs = stretches(line, spans)
    assert (0, STRETCH) in runs and (3, 10) in runs
    assert (10, 12) in runs and (12, 13) in runs
    assert all(b <= 10 or a >= 10 for a, b in runs)
    assert set(range(13)) == {i for a, b in runs for i in range(a, b)}


def test_stretches_are_of_some_seven_words_whatever_a_part_is() -> None:
    for count in (100, 900, 2_000, 8_000):
        words = np.stack([np.arange(count) * 2, np.arange(count) * 2 + 1], axis=1)
        size = -(-count // len(grouped(words)))  # words of a part
        assert STRETCH <= stretch(count) * size <= max(2 * STRETCH, 2 * size)


def test_pieces_are_gathered_into_words_with_their_commas() -> None:
    pieces = np.array([[1.0], [3], [5], [9]], np.float32)
    starts, spans = np.array([0, 2, 4, 6], np.float32), np.array([[0, 4], [6, 8]])
    parts, shares = gathered(pieces, starts, spans)
    assert parts.ravel().tolist() == [3, 9] and shares.tolist() == [0.75, 0.25]
    assert float(shares @ parts[:, 0]) == pieces.mean()


def test_the_words_of_a_text_are_what_a_reader_calls_words(space: JointSpace) -> None:
    side = side_of(Text(SENTENCE), space)
    assert side.labels[:4] == ("Two", "brown", "dogs", "muddy") and "child's" in side.labels
    assert [SENTENCE[int(a) : int(b)] for a, b in side.boxes[:, :, 0]] == list(side.labels)
    assert side.weights.sum() == pytest.approx(1)
    mean = side.weights @ side.features  # but for the marks of beginning and end
    assert float(mean @ side.pooled) > 0.9


def test_a_word_read_closer_speaks_for_itself(space: JointSpace) -> None:
    line = "A dog sleeps on the porch. The stock market fell sharply today."
    side = side_of(Text(line), space)
    query = side_of(Text("a puppy"), space)
    heat = METHODS["closeup"](query, side, space).hit_heat
    assert side.labels[int(heat.argmax())] == "dog"
    market = list(side.labels).index("market")
    near = side.variants[CLOSE] / np.linalg.norm(side.variants[CLOSE], axis=1, keepdims=True)
    assert float(near[market] @ query.pooled) < 0.3


def test_one_word_is_one_part(space: JointSpace) -> None:
    side = side_of(Text("dog"), space)
    assert side.labels == ("dog",) and side.weights.tolist() == [1.0]
    made = METHODS["gradient"](side, side, space)
    assert made.alignment.sum() == pytest.approx(1, abs=1e-4)


def test_a_long_text_keeps_its_last_words(space: JointSpace) -> None:
    words = 700
    side = side_of(Text(" ".join(f"word{n}" for n in range(words))), space)
    assert side.count <= MOST
    assert side.labels[-1].endswith(f"word{words - 1}")
    covered = side.boxes[1:, 0, 0] - side.boxes[:-1, 1, 0]
    assert (covered <= 2).all()  # nothing but spaces between parts


def test_the_passages_of_a_very_long_text_are_its_parts(space: JointSpace) -> None:
    side = side_of(Text(LONG), space)
    (whole,) = space.encoders[Modality.TEXT].encode([Text(LONG)])
    assert side.count == len(whole.parts) > 48
    assert side.boxes[-1, 1, 0] >= len(LONG.rstrip())
    assert all(len(label) <= 60 for label in side.labels)


@pytest.mark.parametrize("empty", ["", " \n\t", "\u200b"])
def test_a_text_without_words_is_refused_in_words(space: JointSpace, empty: str) -> None:
    with pytest.raises(ExplanationError, match="no words"):
        side_of(Text(empty), space)


def test_any_encoder_of_texts_will_do() -> None:
    space = fake_space()
    side = side_of(Text("a red and a blue thing"), space)
    asked = side_of(Image(np.full((8, 8, 3), (255, 0, 0), np.uint8)), space)
    made = METHODS["closeup"](asked, side, space)
    assert side.labels[int(made.hit_heat.argmax())] == "red"
    assert text.ANY.takes(space.encoders[Modality.TEXT])
