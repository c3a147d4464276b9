"""Filters as conditions of SQL on ``items i``."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from xmr_core.catalogue.folding import fold
from xmr_core.filters import Filters

_LONGEST = 1000  # characters of a text to look for
_IN_COLLECTION = (
    "SELECT item_id FROM collected WHERE collection_id IN"
    " (SELECT id FROM collections WHERE folded(name) = ?)"
)


class _Root(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def path(self) -> Path: ...


def where(filters: Filters, roots: Sequence[_Root]) -> tuple[str, list[Any]]:
    """A condition that present items meet if the filters let them through, and its values.

    >>> where(Filters(min_bytes=10), [])
    ('i.missing = 0 AND i.size >= ?', [10])
    """
    terms: list[str] = ["i.missing = 0"]
    values: list[Any] = []
    if filters.modalities:
        terms.append(f"i.modality IN ({', '.join('?' * len(filters.modalities))})")
        values += sorted(filters.modalities)
    for column, operator, bound in (
        ("i.mtime_ns", ">=", _nanoseconds(filters.after)),
        ("i.mtime_ns", "<=", _nanoseconds(filters.before)),
        ("i.size", ">=", filters.min_bytes),
        ("i.size", "<=", filters.max_bytes),
        ("i.seconds", ">=", filters.min_seconds),
        ("i.seconds", "<=", filters.max_seconds),
    ):
        if bound is not None:
            terms.append(f"{column} {operator} ?")
            values.append(bound)
    if filters.folder is not None:
        condition, found = _in_folder(filters.folder, roots)
        terms.append(condition)
        values += found
    if filters.text is not None and filters.text.strip():
        condition, found = _containing(filters.text.strip())
        terms.append(condition)
        values += found
    if filters.collection is not None:
        terms.append(f"i.id IN ({_IN_COLLECTION})")
        values.append(fold(filters.collection))
    for name in sorted(filters.outside):
        terms.append(f"i.id NOT IN ({_IN_COLLECTION})")
        values.append(fold(name))
    for tag in sorted(filters.tags):
        terms.append("i.id IN (SELECT item_id FROM lines WHERE field = 'tag' AND folded(text) = ?)")
        values.append(fold(tag))
    return " AND ".join(terms), values


def below(folder: str) -> tuple[bytes, bytes | None]:
    """The range of relative paths below a folder: low included, high not; "" is all.

    A range of bytes has nothing to escape, whatever the folder's name.

    >>> below("a/b")
    (b'a/b/', b'a/b0')
    """
    if not folder:
        return b"", None
    path = os.fsencode(folder)
    return path + b"/", path + b"0"  # "0" is the byte after "/"


def _nanoseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1e9)


def _in_folder(folder: str, roots: Sequence[_Root]) -> tuple[str, list[Any]]:
    try:
        os.fsencode(folder)
    except UnicodeEncodeError:  # no folder is called so
        return "0", []
    terms: list[str] = []
    values: list[Any] = []
    for root in roots:
        for inside in _inside(Path(folder), root.path):
            low, high = below("" if inside == "." else inside)
            terms.append(
                "(i.root_id = ? AND i.path >= ?" + (")" if high is None else " AND i.path < ?)")
            )
            values += [root.id, low] if high is None else [root.id, low, high]
    return f"({' OR '.join(terms)})" if terms else "0", values


def _inside(path: Path, root: Path) -> list[str]:
    """What a folder may be called within a root; nothing where it lies elsewhere.

    >>> _inside(Path("/photos/birds"), Path("/photos")), _inside(Path("/"), Path("/photos"))
    (['birds'], ['.'])
    >>> _inside(Path("birds"), Path("/photos")), _inside(Path("photos/birds"), Path("/photos"))
    (['birds'], ['photos/birds', 'birds'])
    """
    if path.is_absolute():
        if path.is_relative_to(root):
            return [path.relative_to(root).as_posix()]
        return ["."] if root.is_relative_to(path) else []
    # as strangers are told it, with the root's own name before it
    named = path.parts[:1] == (root.name,)
    return [path.as_posix(), *([Path(*path.parts[1:]).as_posix()] if named else [])]


def _containing(text: str) -> tuple[str, list[Any]]:
    """Items whose name holds the text, or one of whose passages or lines holds it as a phrase."""
    # SQLite takes no half characters and no endless patterns, and ends a text at a zero byte.
    text = text[:_LONGEST].encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if _has_words(text):
        phrase = '"' + text.replace('"', '""') + '" *'
        passages = "SELECT rowid FROM passages WHERE passages MATCH ?"
        writings = "SELECT rowid FROM writings WHERE writings MATCH ?"
        inside, values = (f"row IN ({passages})", f"row IN ({writings})"), [phrase, phrase]
    else:  # signs alone, and scripts written without spaces, have no words to look up
        inside, values = ("text LIKE ? ESCAPE '\\'",) * 2, [like, like]
    condition = (
        f"i.id IN (SELECT item_id FROM parts WHERE {inside[0]})"  # noqa: S608
        f" OR i.id IN (SELECT item_id FROM lines WHERE {inside[1]})"
    )
    return f"(i.title LIKE ? ESCAPE '\\' OR {condition})", [like, *values]


def _has_words(text: str) -> bool:
    """Whether the text is made of words with spaces between them.

    >>> _has_words("blue tit"), _has_words("自転車"), _has_words("?!")
    (True, False, False)
    """
    letters = [c for c in text if c.isalnum()]
    unspaced = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
    return bool(letters) and not any(unicodedata.name(c, "").startswith(unspaced) for c in letters)
