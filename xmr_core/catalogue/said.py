"""Passages and lines that hold words which are looked for: how they are asked for and told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xmr_core.catalogue.items import axes
from xmr_core.wording import Phrase, tokens

# Passages and lines in the same columns: row, item, field, label, low, high, confidence, text.
PASSAGES = (
    "SELECT p.row, p.item_id, 'text', p.label, p.low, p.high, 1.0, p.text, p.no"
    " FROM passages f JOIN parts p ON p.row = f.rowid JOIN items i ON i.id = p.item_id"
    " WHERE passages MATCH ? AND i.missing = 0"
)
LINES = (
    "SELECT l.row, l.item_id, l.field, '', l.low, l.high, l.confidence, l.text, 0"
    " FROM writings f JOIN lines l ON l.row = f.rowid JOIN items i ON i.id = l.item_id"
    " WHERE writings MATCH ? AND i.missing = 0"
)
PASSAGES_LIKE = PASSAGES.replace("passages f JOIN parts p ON p.row = f.rowid", "parts p").replace(
    "passages MATCH ?", "p.text LIKE ? ESCAPE '\\'"
)
LINES_LIKE = LINES.replace("writings f JOIN lines l ON l.row = f.rowid", "lines l").replace(
    "writings MATCH ?", "l.text LIKE ? ESCAPE '\\'"
)


@dataclass(frozen=True, slots=True)
class Said:
    """Where an item holds words that are looked for.

    Attributes:
        item: its number.
        field: a key of :data:`xmr_core.wording.FIELDS`.
        text: the line or passage.
        low, high: the place in the medium's own axes; () where it is the whole.
        label: of the passage, "" for others.
        no: the number of the part, for passages; 0 for others.
        share: how much of what is looked for it holds, 0…1.
        whole: it holds all words, one after the other.
        sure: of whoever read or heard it, 0…1.
        among: how many items hold as much or more.
    """

    item: int
    field: str
    text: str
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    label: str = ""
    no: int = 0
    share: float = 1.0
    whole: bool = False
    sure: float = 1.0
    among: int = 1


@dataclass(slots=True)
class Row:
    """A line or passage as it was read, with its corners packed, and what it holds of the words."""

    item: int
    field: str
    label: str
    low: bytes
    high: bytes
    sure: float
    text: str
    no: int
    share: float = 0.0
    whole: bool = False

    @property
    def rank(self) -> tuple[float, bool, float]:
        """Greater where more is held, in one piece, more surely."""
        return round(self.share, 6), self.whole, self.sure


def like(text: str) -> str:
    """A text as a pattern of LIKE that finds it anywhere.

    >>> like("50%")
    '%50\\\\%%'
    """
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def matching(phrase: Phrase) -> str:
    """A phrase in the language of FTS5.

    >>> matching(Phrase('say "hi"', begins=True))
    '"say hi" *'
    """
    return f'"{" ".join(tokens(phrase.text))}"' + " *" * phrase.begins


def row_of(row: Any) -> Row:
    """A row of the queries above."""
    _, item, field_, label, low, high, sure, text, no = row
    return Row(item, field_, label, low, high, sure, text, no)


def told_of(rows: Iterable[Row]) -> dict[int, Said]:
    """The best row of each item, and how many items have one as good or better."""
    best: dict[int, Row] = {}
    for row in rows:
        if row.item not in best or row.rank > best[row.item].rank:
            best[row.item] = row
    levels = sorted((row.rank[:2] for row in best.values()), reverse=True)
    among = {level: place for place, level in enumerate(levels, start=1)}  # the last of equals
    return {
        item: Said(
            item, row.field, row.text, axes(row.low), axes(row.high), row.label, row.no,
            row.share, row.whole, row.sure, among[row.rank[:2]],
        )
        for item, row in best.items()
    }  # fmt: skip
