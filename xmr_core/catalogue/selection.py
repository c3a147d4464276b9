"""Filters as conditions of SQL on ``items i``."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from xmr_core.filters import Filters

_LONGEST = 1000  # characters of a text to look for


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
    path = Path(folder)
    terms: list[str] = []
    values: list[Any] = []
    for root in roots:
        if not path.is_absolute():
            inside = path.as_posix()
        elif path.is_relative_to(root.path):
            inside = path.relative_to(root.path).as_posix()
        elif root.path.is_relative_to(path):
            inside = "."
        else:
            continue
        low, high = below("" if inside == "." else inside)
        terms.append(
            "(i.root_id = ? AND i.path >= ?" + (")" if high is None else " AND i.path < ?)")
        )
        values += [root.id, low] if high is None else [root.id, low, high]
    return f"({' OR '.join(terms)})" if terms else "0", values


def _containing(text: str) -> tuple[str, list[Any]]:
    """Items whose name holds the text, or one of whose passages holds it as a phrase."""
    # SQLite takes no half characters and no endless patterns, and ends a text at a zero byte.
    text = text[:_LONGEST].encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if _has_words(text):
        inside = "SELECT rowid FROM passages WHERE passages MATCH ?"
        phrase = '"' + text.replace('"', '""') + '" *'
        condition = f"i.id IN (SELECT item_id FROM parts WHERE row IN ({inside}))"  # noqa: S608
        return f"(i.title LIKE ? ESCAPE '\\' OR {condition})", [like, phrase]
    # Signs alone, and scripts written without spaces, have no words to look up.
    condition = "i.id IN (SELECT item_id FROM parts WHERE text LIKE ? ESCAPE '\\')"
    return f"(i.title LIKE ? ESCAPE '\\' OR {condition})", [like, like]


def _has_words(text: str) -> bool:
    """Whether the text is made of words with spaces between them.

    >>> _has_words("blue tit"), _has_words("自転車"), _has_words("?!")
    (True, False, False)
    """
    letters = [c for c in text if c.isalnum()]
    unspaced = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
    return bool(letters) and not any(unicodedata.name(c, "").startswith(unspaced) for c in letters)
