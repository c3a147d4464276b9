"""What translators learn from in a dataset: things, and what people said of them.

Letters of shapes: n things to learn from, q things to say something of, m features, v words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from xmr_core.datasets import Dataset, Encoders, Split
from xmr_core.errors import LabError
from xmr_core.lab import METHODS
from xmr_core.lab.contract import SEED
from xmr_core.lab.table import BASE
from xmr_core.lab.translation import Words
from xmr_core.lab.translation.grams import words_of
from xmr_core.media import Floats, Modality, Text
from xmr_core.readers import SUFFIXES
from xmr_core.space import JointSpace

Whole = npt.NDArray[np.int64]

RARE = 300
"""A word that is said of fewer than one thing in so many is left out …"""
_FEWEST = 2  # … and one that is said of fewer things than this
_NEW = 5  # one word in so many is never shown


@dataclass(frozen=True, eq=False)
class Material:
    """What translators of one kind learn from, and what they are asked.

    Attributes:
        medium: that is spoken of.
        rows: i64 (n,), of the training split.
        features: f32 (n, m).
        texts: what is said of each: all its captions, or its words but those never shown.
        asked: i64 (q,), rows of the test split.
        queries: f32 (q, m).
        references: all that people said of each.
        space: the base's, where its features are taken from that.
        words: that may be said, where words are.
        new: bool (v,), which of them are never shown.
    """

    medium: Modality
    rows: Whole
    features: Floats
    texts: Sequence[Sequence[str]]
    asked: Whole
    queries: Floats
    references: Sequence[Sequence[str]]
    space: JointSpace | None = None
    words: Words | None = None
    new: npt.NDArray[np.bool_] | None = None


def gathered(dataset: Dataset, encoders: Encoders, *, words: bool, seed: int = SEED) -> Material:
    """What translators learn from: captions in the base's space, or the words of captions.

    Words are learned from the views themselves. They are those that are said of one thing in
    ``RARE`` or more, without articles, pronouns and the like; one in five is never shown.

    Args:
        dataset: of sentences beside one other medium, encoded.
        encoders: that made its views.
        words: whether words are to be said, or sentences.
        seed: of the base, and of which words are never shown.

    Raises:
        LabError: a dataset without sentences, or without anything beside them.
    """
    medium = _spoken_of(dataset)
    rows, captions = _said(dataset.train, medium)
    asked, references = _said(dataset.test, medium)
    if not len(rows) or not len(asked):
        raise LabError(
            f"Nothing is said of any {medium} of a part of {dataset.name}.",
            "Choose another dataset.",
        )
    view, seen = dataset.train.views[medium][rows], dataset.test.views[medium][asked]
    if not words:
        space = METHODS[BASE]().fit(dataset.train.pairs()[0], seed=seed)
        places = space.embed(medium, view, "gallery"), space.embed(medium, seen, "query")
        return Material(medium, rows, places[0], captions, asked, places[1], references, space)
    chosen = frequent(captions)
    if len(chosen) < 2 * _NEW:
        raise LabError(
            f"Of the words said, {len(chosen)} are said often enough to be learned.",
            "Choose a dataset with more sentences.",
        )
    new = np.zeros(len(chosen), np.bool_)
    new[np.random.default_rng(seed).permutation(len(chosen))[: len(chosen) // _NEW]] = True
    known = {word for word, late in zip(chosen, new, strict=True) if not late}
    texts = [[word for word in spoken(row) if word in known] for row in captions]
    kept = np.array([i for i, row in enumerate(texts) if row])
    made = Words(chosen, pooled(encoders, chosen))
    return Material(
        medium,
        rows[kept],
        view[kept],
        [texts[i] for i in kept],
        asked,
        seen,
        references,
        words=made,
        new=new,
    )


def pooled(encoders: Encoders, texts: Sequence[str]) -> Floats:
    """The features f32 (t, m) of texts."""
    made = encoders[Modality.TEXT].encode([Text(text) for text in texts])
    return np.stack([encoding.pooled for encoding in made]).astype(np.float32)


def frequent(captions: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The words that are said of many things, those of most things first.

    >>> frequent([["a red dog"], ["the red dog runs", "a dog"], ["a red cat"]])
    ('red', 'dog')
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    counts: Counter[str] = Counter()
    for row in captions:
        counts.update(spoken(row))
    least = max(_FEWEST, len(captions) // RARE)
    return tuple(
        word for word, n in counts.most_common() if n >= least and word not in ENGLISH_STOP_WORDS
    )


def spoken(texts: Sequence[str]) -> list[str]:
    """The words of what is said of a thing, each once, as they come.

    >>> spoken(["a red dog", "A dog."])
    ['a', 'red', 'dog']
    """
    return list(dict.fromkeys(word for text in texts for word in words_of(text)))


def _spoken_of(dataset: Dataset) -> Modality:
    """The medium beside the sentences."""
    others = [medium for medium in dataset.train.views if medium != Modality.TEXT]
    lines = dataset.train.names.get(Modality.TEXT, ())
    files = all(PurePath(line).suffix.lower() in SUFFIXES for line in lines[:100])
    if len(others) != 1 or not dataset.encoders or files:
        raise LabError(
            "Translators learn from sentences beside one other medium, which encoders read.",
            "Choose a dataset of captioned pictures.",
        )
    return others[0]


def _said(split: Split, medium: Modality) -> tuple[Whole, list[list[str]]]:
    """The rows of a medium of which something is said, and what."""
    said: dict[int, list[str]] = {}
    for owner, text in zip(
        split.owners[Modality.TEXT].tolist(), split.names[Modality.TEXT], strict=True
    ):
        if words_of(text):
            said.setdefault(owner, []).append(text)
    owners = split.owners[medium].tolist()
    rows = [i for i, owner in enumerate(owners) if owner in said]
    return np.array(rows, np.int64), [said[owners[i]] for i in rows]
