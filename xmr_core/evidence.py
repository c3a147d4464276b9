"""What speaks for an item beside its vectors: what it holds, its name, neighbours, and marks.

Each is a likelihood ratio: what so few items of a library have in common with a query, they have
not by chance. Their logarithms add up, and to the log-odds that the item answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xmr_core.lexical import Held, Named
from xmr_core.query import Beside
from xmr_core.results import Matched

NAMED = "named"
"""The field of a hit whose name says what the query is looked for by."""

WORDS, NAME, BESIDE, MARK = "words", "name", "beside", "mark"
"""Kinds of evidence."""

LIKED, DISLIKED = "liked", "disliked"
"""How an item stands to the query that was marked itself."""

SAME = "same"
"""How an item stands to a query of its own content."""

_TOLD = 1.0  # log-odds that a name adds, below which it is no reason worth telling


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for the items of one medium.

    Attributes:
        held: what items hold of the query's words.
        named: by item, what its name says of what the query shows.
        beside: by item, how it stands to an item that the query is made of, or was marked.
    """

    held: Held
    named: Mapping[int, Named]
    beside: Mapping[int, Beside]

    @property
    def items(self) -> set[int]:
        """Those that something speaks for; some may be of other media."""
        return self.held.said.keys() | self.named.keys() | self.beside.keys()

    def parts(self, item: int) -> dict[str, float]:
        """What each kind of evidence adds to an item's log-odds; only what adds something."""
        named, beside = self.named.get(item), self.beside.get(item)
        said = MARK if beside and beside.kind in (LIKED, DISLIKED) else BESIDE
        told = {
            WORDS: self.held.added(item),
            NAME: named.odds if named else 0.0,
            said: beside.odds if beside else 0.0,
        }
        return {kind: odds for kind, odds in told.items() if odds}

    def added(self, item: int) -> float:
        """What all of it adds to an item's log-odds."""
        return sum(self.parts(item).values())

    def matched(self, item: int) -> Matched | None:
        """What a hit tells of it: the words that it holds, or else whatever adds most."""
        if words := self.held.matched(item):
            return words
        named, beside = self.named.get(item), self.beside.get(item)
        typed = self.held.wording is not None  # whose words are seen in the name itself
        if not typed and named and named.odds >= max(_TOLD, beside.odds if beside else 0.0):
            return Matched(NAMED, named.words, ())
        if beside is None or beside.kind in (LIKED, DISLIKED):  # which its card shows
            return None
        return Matched(beside.kind, beside.label, ())
