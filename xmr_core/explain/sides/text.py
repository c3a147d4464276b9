"""Texts in words: as they read in their place, and read closer with few words around them.

A network that reads a whole text mixes all of it into every word. So each word is also
read alone and in every stretch of a few words that holds it, none longer than its sentence.
Of longer texts several words make one part, and of long ones a passage does, so that
nothing is left out and the parts stay few enough to look at. Stretches are of as many words,
whatever a part is: else most of the work on a text of some thousand words would go into them.
"""

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.encoders import Encoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE, Side
from xmr_core.explain.sides.source import Source
from xmr_core.media import Floats, Modality, Text
from xmr_core.space import JointSpace

MOST = 512  # parts of one text
STRETCH = 7  # words
PASSAGES = 48  # of a text whose parts are words; of longer ones the passages are
_LABEL = 60  # characters of a part's label
_EAST = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts without spaces: a sign is a word
_WORD = re.compile(rf"[{_EAST}]|[^\W{_EAST}]+(?:['’\-][^\W{_EAST}]+)*")
_END = re.compile(r"[.!?…;]\s|[。！？]|\n")

Spans = npt.NDArray[np.int64]


def spans_of(text: str) -> Spans:
    """First and last characters i64 (w, 2) of the words, the end excluded.

    >>> spans_of("Don't stop: 狗叫").tolist()
    [[0, 5], [6, 10], [12, 13], [13, 14]]
    """
    found = [m.span() for m in _WORD.finditer(text)] or [
        m.span() for m in re.finditer(r"\S+", text)
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def grouped(spans: Spans, most: int = MOST) -> Spans:
    """Neighbouring spans joined, as few as make at most ``most``.

    >>> grouped(np.array([[0, 1], [2, 3], [4, 5]]), 2).tolist()
    [[0, 3], [4, 5]]
    """
    size = -(-len(spans) // most) if len(spans) else 1
    firsts = spans[::size, 0]
    lasts = spans[np.minimum(np.arange(size - 1, len(spans) + size - 1, size), len(spans) - 1), 1]
    return np.stack([firsts, lasts], axis=1)


def stretches(text: str, spans: Spans, length: int = STRETCH) -> list[tuple[int, int]]:
    """Runs (first, end) of parts, ``length`` long or a whole sentence if that is shorter.

    Every part lies in one at least.

    >>> stretches("a b c. d", spans_of("a b c. d"), 2)
    [(0, 2), (1, 3), (3, 4)]
    """
    runs: list[tuple[int, int]] = []
    first = 0
    for i in range(1, len(spans) + 1):
        if i == len(spans) or _END.search(text, spans[i - 1, 1], spans[i, 0]):
            last = max(first, i - length)
            runs += [(a, min(a + length, i)) for a in range(first, last + 1)]
            first = i
    return runs


def stretch(words: int) -> int:
    """How many parts make a stretch of some seven words, where a text has so many words.

    >>> stretch(100), stretch(1000), stretch(5000)
    (7, 4, 2)
    """
    return max(2, -(-STRETCH // -(-words // MOST)))


def closer(text: str, spans: Spans, encoder: Encoder[Text]) -> tuple[Floats, Floats]:
    """Parts read closer than in their place.

    Returns:
        f32 (p, m), each part alone; and (p, m), that and the mean of the stretches that
        hold it, half and half.
    """
    runs = stretches(text, spans, stretch(len(spans_of(text))))
    lines = [text[a:b] for a, b in spans]
    lines += [text[spans[a, 0] : spans[b - 1, 1]] for a, b in runs]
    read = np.stack([e.pooled for e in encoder.encode([Text(line) for line in lines])])
    alone, around = read[: len(spans)], read[len(spans) :]
    holds = np.zeros((len(spans), len(runs)), np.float32)
    for column, (a, b) in enumerate(runs):
        holds[a:b, column] = 1
    mean = (holds / holds.sum(axis=1, keepdims=True)) @ around
    return alone, (0.5 * (alone + mean)).astype(np.float32)


def gathered(pieces: Floats, starts: Floats, spans: Spans) -> tuple[Floats, Floats]:
    """Word pieces → parts: the mean of the pieces of each, and its share of all pieces.

    A piece between two words (a comma) goes with the word before it.

    Args:
        pieces: f32 (w, m).
        starts: f32 (w,), the first character of each.
        spans: i64 (p, 2).

    Returns:
        f32 (p, m) and (p,): ``shares @ parts`` is the mean of the pieces. A part without
        pieces, which the encoder left out, has a share of zero.
    """
    owner = np.maximum(np.searchsorted(spans[:, 0], starts, side="right") - 1, 0)
    counts = np.bincount(owner, minlength=len(spans)).astype(np.float32)
    sums = np.zeros((len(spans), pieces.shape[1]), np.float32)
    np.add.at(sums, owner, pieces)
    means = sums / np.maximum(counts, 1)[:, None]
    return means.astype(np.float32), (counts / max(len(pieces), 1)).astype(np.float32)


def _worded(text: Text, space: JointSpace) -> Side:
    """For an encoder whose word pieces have features of their own."""
    encoder: Any = space.encoders[Modality.TEXT]
    spans = _spans(text)
    (whole,) = encoder.encode([text])
    if len(whole.parts) > PASSAGES:
        return by_passages(text, whole.pooled, whole.parts, whole.boxes)
    pieces, boxes = encoder.words(text)
    parts, shares = gathered(pieces, boxes[:, 0, 0], spans)
    kept = shares > 0
    if not kept.any():
        raise _wordless()
    spans, parts, shares = spans[kept], parts[kept], shares[kept]
    length = np.linalg.norm(shares @ parts)  # the whole is a unit vector
    _, close = closer(text.text, spans, encoder)
    return _side(text, spans, parts / max(float(length), 1e-6), shares, whole.pooled, close)


def _any(text: Text, space: JointSpace) -> Side:
    """For an encoder of wholes alone: words as they read by themselves and in stretches."""
    encoder = space.encoders[Modality.TEXT]
    spans = _spans(text)
    (whole,) = encoder.encode([text])
    if len(whole.parts) > PASSAGES:
        return by_passages(text, whole.pooled, whole.parts, whole.boxes)
    alone, close = closer(text.text, spans, encoder)
    shares = np.full(len(spans), 1 / len(spans), np.float32)
    return _side(text, spans, alone, shares, whole.pooled, close)


def _spans(text: Text) -> Spans:
    spans = grouped(spans_of(text.text))
    if len(spans) == 0:
        raise _wordless()
    return spans


def _wordless() -> ExplanationError:
    return ExplanationError(
        "This text has no words to point at.", "Type some words, or choose another item."
    )


def _side(
    text: Text,
    spans: Spans,
    parts: Floats,
    shares: Floats,
    pooled: Floats,
    close: Floats,
) -> Side:
    labels = tuple(short(text.text[a:b]) for a, b in spans)
    boxes = spans[:, :, None].astype(np.float32)  # (p, 2, 1)
    return Side(text, parts, shares, pooled, boxes, labels, (len(spans),), {CLOSE: close})


def by_passages(text: Text, pooled: Floats, passages: Floats, boxes: Floats) -> Side:
    """A long text by the passages that its encoder pooled; nothing of it is encoded.

    Args:
        text: the text.
        pooled: f32 (m,), the whole.
        passages: f32 (p, m).
        boxes: f32 (p, 2, 1), their characters.
    """
    count = len(passages)
    edges = boxes[:, :, 0].astype(int)
    return Side(
        text,
        passages,
        np.full(count, 1 / count, np.float32),
        pooled,
        boxes,
        tuple(short(text.text[a:b]) for a, b in edges),
        (count,),
    )


def short(text: str) -> str:
    """A part's label: its text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip() + "…"


def _has_words(encoder: Encoder[Any]) -> bool:
    return hasattr(encoder, "words")


WORDED = Source(_has_words, _worded)
ANY = Source(lambda _: True, _any)
