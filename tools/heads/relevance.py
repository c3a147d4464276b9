"""What answers what, told by words: a siren is no answer to "cat", and a kitten may be one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heads import data as tables
from heads.things import FLICKR, Matrix, Stock
from xmr_core.heads import Unit
from xmr_core.media import Floats

RIGHT, WRONG, UNSURE = 1, 0, -1
_ALIKE = 0.5  # cosine of the sentence encoder above which other words may mean the same
_NEEDED = 2  # of a picture's captions that must agree before it shows what they say


@dataclass(frozen=True)
class Vocabulary:
    """Phrases, and how they stand to each other.

    Attributes:
        place: phrase → its number.
        inside: bool (w, w): all words of the one are in the other.
        near: bool (w, w): inside either way, or alike to the sentence encoder.
    """

    place: dict[str, int]
    inside: Matrix
    near: Matrix

    @classmethod
    def of(cls, known: Sequence[str]) -> "Vocabulary":
        """From w different phrases."""
        bags = [_bag(phrase) for phrase in known]
        common = {word: i for i, word in enumerate(sorted(set().union(*bags)))}
        has = np.zeros((len(known), len(common)), np.float32)
        for i, bag in enumerate(bags):
            has[i, [common[word] for word in bag]] = 1
        size = has.sum(axis=1)[:, None]
        inside = (has @ has.T >= size) & (size > 0)
        vectors = Unit()(tables.sentences("known words", known))
        return cls(
            {phrase: i for i, phrase in enumerate(known)},
            inside,
            inside | inside.T | (vectors @ vectors.T > _ALIKE),
        )

    def uses(self, items: Sequence[tuple[str, ...]]) -> Floats:
        """Which phrases items have, f32 (n, w)."""
        uses = np.zeros((len(items), len(self.place)), np.float32)
        for i, words in enumerate(items):
            uses[i, [self.place[word] for word in words]] = 1
        return uses


def relevance(
    vocabulary: Vocabulary,
    asked: Sequence[tuple[str, ...]],
    stock: Stock,
    sources: Sequence[str] = (),
) -> Matrix:
    """What answers what, i8 (q, n): RIGHT, WRONG, or UNSURE where the words are near.

    Phrases agree when the one has all words of the other; where a phrase is the query,
    only when the item has all words of the query. Of captions two must agree.

    Args:
        vocabulary: of all these phrases.
        asked: phrases of q queries.
        stock: the n items.
        sources: of the queries, if they are items; words if there are none.
    """
    agree = vocabulary.inside | vocabulary.inside.T if sources else vocabulary.inside
    left, right = vocabulary.uses(asked), vocabulary.uses(stock.words).T
    count = left @ (agree.astype(np.float32) @ right)
    unsure = left @ (vocabulary.near.astype(np.float32) @ right) > 0
    exact = left @ right > 0
    told = np.array([source == FLICKR for source in sources or [""] * len(asked)])
    shown = np.array([source == FLICKR for source in stock.sources])
    needed = np.where(told[:, None] | shown, _NEEDED, 1)  # (q, n)
    answer = np.where((count >= needed) | exact, RIGHT, np.where(unsure, UNSURE, WRONG))
    return answer.astype(np.int8)


def _bag(phrase: str) -> frozenset[str]:
    """The words of a phrase that mean something, without a plural's s.

    >>> sorted(_bag("The cats of a house"))
    ['cat', 'house']
    """
    empty = {"a", "an", "the", "of", "on", "in", "at", "to", "with", "and", "or", "is", "are"}
    words = re.findall("[a-z]+", phrase.lower())
    return frozenset(re.sub(r"(?<=\w{3})(?<!s)s$", "", word) for word in words if word not in empty)
