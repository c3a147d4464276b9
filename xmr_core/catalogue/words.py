"""Items by the words inside them: passages of texts, and lines of writing, speech and tags."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue.keeping import Keeping
from xmr_core.catalogue.said import (
    LINES,
    LINES_LIKE,
    PASSAGES,
    PASSAGES_LIKE,
    Row,
    Said,
    like,
    matching,
    row_of,
    told_of,
)
from xmr_core.wording import NAME, TEXT, Phrase, Wording, found, tokens, unspaced

Ids = npt.NDArray[np.int64]

_FREQUENT = 2000  # lines that hold a word before it says nothing alone
_IN_NAMES = 1000  # names that hold a word before it says nothing
_CANDIDATES = 64  # lines of each table that are read


class Words(Keeping):
    """Search in words."""

    def holding(self, wording: Wording) -> tuple[Ids | None, Ids]:
        """Items that hold all required phrases, ascending, or None if none is required; and those
        that hold one of the excluded ones."""
        required: Ids | None = None
        for phrase in wording.required:
            ids = self._having(phrase)
            required = ids if required is None else np.intersect1d(required, ids)
        excluded = [self._having(phrase) for phrase in wording.excluded]
        return required, np.unique(np.concatenate([*excluded, np.zeros(0, np.int64)]))

    def present(self) -> Ids:
        """Ids of all present items, ascending."""
        rows = self._db.rows("SELECT id FROM items WHERE missing = 0 ORDER BY id")
        return np.fromiter((id for (id,) in rows), np.int64, len(rows))

    def said(self, wording: Wording) -> dict[int, Said]:
        """Items that hold some of the words, each with the line that holds most of them.

        Words so frequent that they tell nothing are looked up together alone.
        """
        words = wording.words
        run = tuple(tokens(wording.meaning))
        if not words or len(run) > 60:  # a page of text is no list of words
            return {}
        if unspaced(wording.meaning):
            return self._substring(wording)
        weights = self._weights(words)
        total = sum(weights.values()) or 1.0
        rows = self._candidates(words, run)
        for row in rows:
            held = set(tokens(row.text)) & weights.keys()
            row.share = sum(weights[word] for word in held) / total
            row.whole = len(held) == len(words) and bool(found(row.text, [run]))
        return told_of(row for row in rows if row.share)

    def phrases(self, wording: Wording, item_ids: Iterable[int]) -> dict[int, Said]:
        """Where items hold the first required phrase that lies inside them."""
        told: dict[int, Said] = {}
        for phrase in wording.required:
            left = [id for id in item_ids if id not in told]
            for row in self._rows(phrase, left):
                told.setdefault(row.item, told_of([row])[row.item])
            if phrase.field in ("", NAME):
                for id, title in self._named(phrase, [id for id in left if id not in told]):
                    told[id] = Said(id, NAME, title, whole=True)
        return told

    def named(self, words: Sequence[str]) -> dict[int, float]:
        """Present items whose names hold some of the words, in any inflection of English, and the
        share that they hold, 0…1, of the words that are not in very many names."""
        found = [ids for word in words if (ids := self._names_of(word)) is not None]
        held = Counter(id for ids in found for id in ids)
        return {id: count / len(found) for id, count in held.items()}

    def _names_of(self, word: str) -> list[int] | None:
        """Present items in whose names a word is; None where there are very many."""
        apart = unspaced(word)
        match, condition = (
            (like(word), "title LIKE ? ESCAPE '\\'")
            if apart
            else (f'"{word}"', "id IN (SELECT rowid FROM names WHERE names MATCH ?)")
        )
        rows = self._db.rows(
            f"SELECT id FROM items WHERE missing = 0 AND {condition} LIMIT ?",  # noqa: S608
            (match, _IN_NAMES),
        )
        return [id for (id,) in rows] if len(rows) < _IN_NAMES else None

    def find_words(self, wording: Wording, limit: int = 100) -> list[Said]:
        """Items by their words alone, those that hold most of them first."""
        required, excluded = self.holding(wording)
        having = [] if required is None else required.tolist()
        told = self.said(wording) | self.phrases(wording, having)
        ids = np.array(sorted(told), np.int64)
        if required is not None:
            ids = np.intersect1d(ids, required)
        ids = np.setdiff1d(ids, excluded)
        hits = [told[int(id)] for id in ids]
        return sorted(hits, key=lambda s: (-s.share, not s.whole, -s.sure, s.item))[:limit]

    def line_counts(self) -> dict[str, tuple[int, int]]:
        """By field: how many lines there are of present items, and how many items have some."""
        rows = self._db.rows(
            "SELECT l.field, COUNT(*), COUNT(DISTINCT l.item_id) FROM lines l"
            " JOIN items i ON i.id = l.item_id WHERE i.missing = 0 GROUP BY l.field"
        )
        return {field: (lines, items) for field, lines, items in rows}

    def _having(self, phrase: Phrase) -> Ids:
        """Ids of the items that hold a phrase, ascending."""
        queries: list[tuple[str, tuple[Any, ...]]] = []
        if unspaced(phrase.text):
            match = like(phrase.text)
            parts = "SELECT item_id FROM parts WHERE text LIKE ? ESCAPE '\\'"
            lines = "SELECT item_id FROM lines l WHERE text LIKE ? ESCAPE '\\'"
        else:
            match = matching(phrase)
            parts = (
                "SELECT p.item_id FROM passages f JOIN parts p ON p.row = f.rowid"
                " WHERE passages MATCH ?"
            )
            lines = (
                "SELECT l.item_id FROM writings f JOIN lines l ON l.row = f.rowid"
                " WHERE writings MATCH ?"
            )
        if phrase.field in ("", TEXT):
            queries.append((parts, (match,)))
        if phrase.field in ("", NAME):
            name = "SELECT id FROM items WHERE title LIKE ? ESCAPE '\\'"
            queries.append((name, (like(phrase.text),)))
        if phrase.field not in (TEXT, NAME):
            one = (" AND l.field = ?", (phrase.field,)) if phrase.field else ("", ())
            queries.append((lines + one[0], (match, *one[1])))
        ids = {id for sql, values in queries for (id,) in self._db.rows(sql, values)}
        return np.array(sorted(ids), np.int64)

    def _rows(self, phrase: Phrase, ids: Sequence[int]) -> list[Row]:
        """The lines and passages of some items that hold a phrase."""
        if not ids:
            return []
        apart = unspaced(phrase.text)
        match = like(phrase.text) if apart else matching(phrase)
        among = " AND i.id IN (SELECT value FROM json_each(?))"
        some = json.dumps([int(id) for id in ids])
        rows: list[Any] = []
        if phrase.field not in (TEXT, NAME):
            one = (" AND l.field = ?", (phrase.field,)) if phrase.field else ("", ())
            sql = (LINES_LIKE if apart else LINES) + among + one[0]
            rows += self._db.rows(sql, (match, some, *one[1]))
        if phrase.field in ("", TEXT):
            sql = (PASSAGES_LIKE if apart else PASSAGES) + among
            rows += self._db.rows(sql, (match, some))
        made = [row_of(row) for row in rows]
        for row in made:
            row.share, row.whole = 1.0, True
        return made

    def _named(self, phrase: Phrase, ids: Sequence[int]) -> list[tuple[int, str]]:
        """Those of some items whose names hold a phrase, with their names."""
        sql = (
            "SELECT id, title FROM items WHERE title LIKE ? ESCAPE '\\'"
            " AND id IN (SELECT value FROM json_each(?))"
        )
        return [
            (id, title) for id, title in self._db.rows(sql, (like(phrase.text), json.dumps(ids)))
        ]

    def _weights(self, words: Sequence[str]) -> dict[str, float]:
        """How much each word tells: the logarithm of how rare it is."""
        lines = self._lines() + 1
        return {w: math.log(1 + lines / (1 + self._count(f'"{w}"'))) for w in words}

    def _lines(self) -> int:
        """About how many passages and lines there are."""
        (row,) = self._db.rows(
            "SELECT COALESCE((SELECT MAX(row) FROM parts), 0)"
            " + COALESCE((SELECT MAX(row) FROM lines), 0)"
        )
        return int(row[0])

    def _count(self, match: str) -> int:
        """How many passages and lines match, counted up to a bound each."""
        (row,) = self._db.rows(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM passages WHERE passages MATCH ? LIMIT ?))"
            " + (SELECT COUNT(*) FROM (SELECT 1 FROM writings WHERE writings MATCH ? LIMIT ?))",
            (match, _FREQUENT, match, _FREQUENT),
        )
        return int(row[0])

    def _candidates(self, words: Sequence[str], run: Sequence[str]) -> list[Row]:
        """Lines and passages that may hold most of the words."""
        rare = [word for word in words if self._count(f'"{word}"') < _FREQUENT]
        matches = [" OR ".join(f'"{word}"' for word in rare)] if rare else []
        if len(run) > 1:
            matches.append('"' + " ".join(run) + '"')  # bounds what is read of "to be or not"
        if len(words) > 1 and not rare:
            matches.append(" AND ".join(f'"{word}"' for word in words))
        found_: dict[tuple[bool, int], Row] = {}
        for match in matches:
            if self._count(match) >= _FREQUENT * max(1, len(rare)):
                continue
            for sql in (LINES, PASSAGES):
                for row in self._db.rows(f"{sql} ORDER BY f.rank LIMIT {_CANDIDATES:d}", (match,)):
                    found_[sql is LINES, row[0]] = row_of(row)
        return list(found_.values())

    def _substring(self, wording: Wording) -> dict[int, Said]:
        """As :meth:`said`, in a script without spaces: the whole as it is written."""
        match = like(wording.meaning)
        rows = [
            row_of(row)
            for sql in (LINES_LIKE, PASSAGES_LIKE)
            for row in self._db.rows(f"{sql} LIMIT {_CANDIDATES:d}", (match,))
        ]
        for row in rows:
            row.share, row.whole = 1.0, True
        return told_of(rows)
