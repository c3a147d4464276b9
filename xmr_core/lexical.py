"""The lexical side of a search: what items hold of its words, and what that adds to their odds."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue import Catalogue, Said
from xmr_core.encoders import Vocabulary
from xmr_core.media import Modality
from xmr_core.query import Query
from xmr_core.results import Matched
from xmr_core.space import JointSpace
from xmr_core.wording import TEXT, Wording, excerpt, parse

Ids = npt.NDArray[np.int64]

_LONGEST = 12  # words that a name is asked for: a page of text is no name
_TOLD = 0.4  # of what is looked for: an item that holds less does not say so
_PHRASED = 2000  # items that hold what must be held, of which the places are looked up
# What words that an item holds add to its log-odds, by how much of the query they are; chosen on
# the demo library. A text that merely has the word somewhere is no more about it than its passage
# says already: with .6 and a bonus for one word, hits called strong were right in half of the
# cases by name of a topic, in three quarters with .3 and none.
_WORDS, _IN_TEXTS, _WHOLE = 0.6, 0.3, 5.0


class Lexical:
    """What the items of a library hold of the words of queries.

    Args:
        catalogue, space: of the library.
    """

    def __init__(self, catalogue: Catalogue, space: JointSpace) -> None:
        self._catalogue, self._space = catalogue, space

    def allowed(self, query: Query) -> Ids | None:
        """The items that may answer: of the filters, those that hold all that must be held, and
        nothing that must not; None for all."""
        allowed, wording = self._catalogue.allowed(query.filters), query.wording
        if wording is None or not (wording.required or wording.excluded):
            return allowed
        required, excluded = self._catalogue.holding(wording)
        if required is not None:
            allowed = among(required, allowed)
        elif allowed is None:
            allowed = self._catalogue.present()
        return np.setdiff1d(allowed, excluded)

    def held(self, wording: Wording | None, allowed: Ids | None, items: int) -> "Held":
        """What the allowed items hold of a query's words; ``items`` are the library's."""
        if wording is None:
            return Held(None, {}, items, False)
        said = self._catalogue.said(wording)
        if wording.required and allowed is not None:
            asked = self._catalogue.phrases(wording, allowed[:_PHRASED].tolist())
            for item, here in asked.items():
                if not (item in said and said[item].whole):
                    said[item] = here
        return Held(wording, said, items, self._common(wording))

    def named(self, told: Iterable[tuple[str, float]], items: int) -> dict[int, "Named"]:
        """Items whose names hold words that a query is of, or that it is looked for by.

        Args:
            told: the words and their shares of the query.
            items: of the library.
        """
        named: dict[int, Named] = {}
        for words, share in told:
            run = parse(words).words
            found = self._catalogue.named(run) if len(run) <= _LONGEST else {}
            ranked = sorted(found.values())
            for item, held in found.items():
                among = len(ranked) - bisect_left(ranked, held)  # hold as much or more
                odds = share * held**3 * math.log((1 + items) / among)
                before = named.get(item, Named(words, 0.0))
                first = max(before, Named(words, odds), key=lambda one: one.odds)
                named[item] = Named(first.words, before.odds + odds)
        return named

    def _common(self, wording: Wording) -> bool:
        """Whether a text that has it somewhere need not be about it: one word that is known.

        What the encoder spells out, a name or a number, its vectors cannot tell from others.
        """
        if wording.required or len(wording.words) > 1:
            return False
        reader = self._space.encoders.get(Modality.TEXT)
        return not (
            isinstance(reader, Vocabulary)
            and wording.words
            and not all(map(reader.knows, wording.words))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What items hold of a query's words.

    Attributes:
        wording: of the query; None where it has no words.
        said: by item, what it holds and where.
        items: of the library.
        common: a text that holds them somewhere need not be about them.
    """

    wording: Wording | None
    said: Mapping[int, Said]
    items: int
    common: bool

    def added(self, item: int) -> float:
        """What the words that an item holds add to its log-odds.

        A likelihood ratio: of the library's items so many hold as much by chance. What is held
        but in part, or was read or heard with doubt, counts as much less.
        """
        said = self.said.get(item)
        if said is None:
            return 0.0
        rare = math.log((1 + self.items) / said.among)
        text = said.field == TEXT
        whole = said.whole and not (text and self.common)
        bonus = _WHOLE * whole * rare / math.log(1 + self.items)
        return said.sure * said.share**2 * ((_IN_TEXTS if text else _WORDS) * rare + bonus)

    def part(self, item: int) -> int:
        """The number of the passage that holds much of them; 0 where none does."""
        said = self.said.get(item)
        return said.no if said is not None and said.share >= _TOLD else 0

    def matched(self, item: int) -> Matched | None:
        """What a hit tells of the words that it holds; nothing where they are few."""
        said = self.said.get(item)
        if said is None or self.wording is None or said.share < _TOLD:
            return None
        text, marks = excerpt(said.text, self.wording.wanted)
        return Matched(said.field, text, marks, said.low, said.high, said.label, said.no)


@dataclass(frozen=True, slots=True)
class Named:
    """A name that holds words of a query.

    Attributes:
        words: those that say most of it.
        odds: what that adds to the log-odds that the item answers.
    """

    words: str
    odds: float


def among(ids: Ids, allowed: Ids | None) -> Ids:
    """Those of some ids that are allowed, which None says of all."""
    return ids if allowed is None else np.intersect1d(ids, allowed)
