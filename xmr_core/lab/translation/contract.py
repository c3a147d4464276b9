"""What translators are: features of things and what is said of them in, a way to say more out.

Letters of shapes: n things, m features, v words, e numbers of a word's vector, q queries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from xmr_core.errors import LabError
from xmr_core.lab.checks import FEWEST
from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.media import Floats
from xmr_core.space import unit

Texts = Sequence[Sequence[str]]
"""Of each of n things what is said of it: captions, or words."""


@dataclass(frozen=True)
class Source:
    """What speaks for something that is said.

    Attributes:
        text: what was said there.
        share: of all that speaks for it.
        row: the thing that it was said of, where it is one that was learned from.
    """

    text: str
    share: float
    row: int | None = None


def sources(
    adds: Floats, source: Callable[[int, float], Source], most: int = 5
) -> tuple[Source, ...]:
    """What adds most to what is said, with its share of all that speaks for it.

    Args:
        adds: f32 (n,), what each adds; negative ones speak against it.
        source: (place, share) → what stands there.
        most: of them.
    """
    total = float(np.maximum(adds, 0).sum()) or 1.0
    largest = np.argsort(-adds, kind="stable")[:most]
    return tuple(source(int(i), float(adds[i]) / total) for i in largest if adds[i] > 0)


@dataclass(frozen=True)
class Saying:
    """One thing that may be said.

    Attributes:
        text: a sentence or a word.
        score: the higher, the better; comparable within one query.
        sources: what speaks for it, most first.
    """

    text: str
    score: float
    sources: tuple[Source, ...]


@dataclass(frozen=True, eq=False)
class Words:
    """What may be said by translators that say words, whether they have seen it or not.

    Attributes:
        texts: v of them, all different.
        vectors: f32 (v, e), from a text encoder.

    Raises:
        LabError: vectors that are not one finite row a word, or words twice.
    """

    texts: tuple[str, ...]
    vectors: Floats

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.texts) or not self.texts:
            raise LabError(
                f"The vectors of {len(self.texts)} words are {self.vectors.shape}.",
                "Give one row for each word.",
            )
        if not np.isfinite(self.vectors).all():
            raise LabError("The vectors of words are not finite.", "Leave such words out.")
        if len(set(self.texts)) < len(self.texts):
            raise LabError("A word is there twice.", "Give each word once.")

    def counted(self, texts: Texts) -> Floats:
        """How often each word is among what is said of each thing, f32 (n, v).

        >>> Words(("a", "b"), np.eye(2, dtype=np.float32)).counted([["b", "x"], []]).tolist()
        [[0.0, 1.0], [0.0, 0.0]]
        """
        number = {text: i for i, text in enumerate(self.texts)}
        counts = np.zeros((len(texts), len(self.texts)), np.float32)
        for i, row in enumerate(texts):
            for text in row:
                if text in number:
                    counts[i, number[text]] += 1
        return counts

    def centred(self) -> Floats:
        """Unit vectors f32 (v, e), less what all words have in common.

        >>> Words(("a", "b"), np.eye(2, dtype=np.float32)).centred().round().tolist()
        [[1.0, -1.0], [-1.0, 1.0]]
        """
        rows = unit(self.vectors)
        return unit(rows - rows.mean(axis=0))


class Translation(Protocol):
    """What a translator has learned, in numpy alone."""

    def say(self, features: Floats, most: int = 5) -> list[list[Saying]]:
        """Of each of q things f32 (q, m) what may be said, the likeliest first.

        Raises:
            LabError: features of another shape than it was fitted on.
        """
        ...


class WordTranslation(Translation, Protocol):
    """One that chooses among words, and so has a score for each."""

    def scores(self, features: Floats) -> Floats:
        """Of each of q things f32 (q, m) with each word, f32 (q, v).

        Raises:
            LabError: features of another shape than it was fitted on.
        """
        ...


class Translator(Protocol):
    """A way to say in words what another medium shows.

    A dataclass whose fields are the hyper-parameters, all with defaults: the same translator
    on the same data under the same seed says the same.

    Attributes:
        about: its name, its paper.
        says_words: whether it chooses among words, which it must be given, else it says
            sentences that it has seen.
    """

    about: ClassVar[About]
    says_words: ClassVar[bool]

    def fit(
        self,
        features: Floats,
        texts: Texts,
        words: Words | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> Translation:
        """Learn from things and what is said of them.

        Args:
            features: f32 (n, m).
            texts: captions of each thing; of translators that say words, words.
            words: all that may be said; those that are said of no thing can be chosen, too.
            seed: of whatever is drawn.
            tell: told how far it is.

        Raises:
            LabError: what it cannot be fitted on.
        """
        ...


def checked_features(features: Floats, dim: int | None = None) -> Floats:
    """Features f32 (n, m) looked at once; m is ``dim`` where that is given.

    Raises:
        LabError: another shape, or numbers that are not finite.
    """
    made = np.asarray(features, np.float32)
    if made.ndim != 2 or 0 in made.shape or (dim is not None and made.shape[1] != dim):
        wanted = "features" if dim is None else str(dim)
        raise LabError(
            f"The features are {made.shape}, not (things, {wanted}).",
            "Give one row of features for each thing.",
        )
    if not np.isfinite(made).all():
        raise LabError(
            "The features hold numbers that are not finite.",
            "Leave out the rows that could not be encoded.",
        )
    return made


def checked_texts(about: About, features: Floats, texts: Texts) -> Floats:
    """The features, where they and the texts can be learned from.

    Raises:
        LabError: other shapes, too few things, a thing of which nothing is said.
    """
    made = checked_features(features)
    if len(texts) != len(made):
        raise LabError(
            f"There are {len(made)} rows of features and texts of {len(texts)} things.",
            "Say what is said of each thing.",
        )
    if len(made) < FEWEST:
        raise LabError(
            f"{about.title} cannot be fitted on {len(made)} things.",
            f"Give {FEWEST} or more, better thousands.",
        )
    if any(isinstance(row, str) for row in texts):
        raise LabError("The texts of a thing are one text.", "Give a list of texts for each thing.")
    for i, row in enumerate(texts):
        if not any(text.strip() for text in row):
            raise LabError(f"Nothing is said of thing {i}.", "Leave it out.")
    return made


def checked_words(about: About, texts: Texts, words: Words | None) -> tuple[Words, Floats]:
    """The words, and how often each is said of each thing, f32 (n, v).

    Raises:
        LabError: no words, or fewer than two that are said of anything.
    """
    if words is None:
        raise LabError(
            f"{about.title} chooses among words, and there are none.",
            "Give words with their vectors.",
        )
    counts = words.counted(texts)
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        raise LabError(
            f"{about.title} needs two words or more that are said of things.",
            "Give words that are among the texts.",
        )
    return words, counts
