"""CLIP's tokeniser: words as byte pairs, by the table that open_clip ships.

Sennrich, Haddow and Birch, Neural machine translation of rare words with subword units,
2016; Radford et al., 2021 (CLIP's table of 48,894 merges over bytes). open_clip's own gives
the same numbers, but cannot be imported without torch, which takes longer than a search.
"""

import functools
import gzip
import html
import importlib.util
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_MERGES = 48_894
_TABLE = "bpe_simple_vocab_16e6.txt.gz"
_MARKS = ("<start_of_text>", "<end_of_text>")
_PATTERN = (
    r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d"
    r"|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)
_LAST = "</w>"  # ends the last piece of a word


class BytePairs:
    """Texts as the numbers of CLIP's vocabulary.

    Attributes:
        all_special_ids: the marks of a text's start and end.
        eot_token_id: the mark of its end.
    """

    def __init__(self) -> None:
        import regex

        glyphs = _glyphs()
        text = gzip.decompress(table_file().read_bytes()).decode("utf-8")
        merges = text.split("\n")[1 : 1 + _MERGES]  # such as "l o" and "lo w</w>"
        pieces = [*glyphs.values(), *(glyph + _LAST for glyph in glyphs.values())]
        pieces += text.replace(" ", "").split("\n")[1 : 1 + _MERGES]
        self._ids = {piece: i for i, piece in enumerate([*pieces, *_MARKS])}
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._glyphs = glyphs
        self._words = regex.compile(_PATTERN, regex.IGNORECASE)
        self._known = {mark: [self._ids[mark]] for mark in _MARKS}
        self.all_special_ids = [self._ids[mark] for mark in _MARKS]
        self.eot_token_id = self.all_special_ids[1]

    def encode(self, text: str) -> list[int]:
        """The numbers of a text, without marks; capitals and spaces make no difference."""
        import ftfy

        plain = html.unescape(html.unescape(ftfy.fix_text(text)))
        ids: list[int] = []
        for word in self._words.findall(" ".join(plain.split()).lower()):
            ids += self._pieces("".join(self._glyphs[byte] for byte in word.encode()))
        return ids

    def rows(self, texts: Sequence[str], context: int) -> npt.NDArray[np.int64]:
        """Texts between their marks, cut at ``context``: i64 (n, l) with zeros after the end.

        As wide as the longest of them: nothing that comes after a text's end is looked at.
        """
        start, end = self.all_special_ids
        lines = [[start, *self.encode(text)[: context - 2], end] for text in texts]
        ids = np.zeros((len(lines), max(map(len, lines), default=2)), np.int64)
        for row, line in zip(ids, lines, strict=True):
            row[: len(line)] = line
        return ids

    def _pieces(self, word: str) -> list[int]:
        """The numbers of a word of glyphs: the pair that was merged first goes together first."""
        if (known := self._known.get(word)) is not None:
            return known
        parts = [*word[:-1], word[-1] + _LAST]
        while len(parts) > 1:
            pairs = [f"{one} {other}" for one, other in itertools.pairwise(parts)]
            best = min(pairs, key=lambda pair: self._ranks.get(pair, _MERGES))
            if best not in self._ranks:
                break
            merged: list[str] = []
            for part in parts:
                if merged and f"{merged[-1]} {part}" == best:
                    merged[-1] += part
                else:
                    merged.append(part)
            parts = merged
        return self._known.setdefault(word, [self._ids[part] for part in parts])


@functools.cache
def byte_pairs() -> BytePairs:
    """The one of this process."""
    return BytePairs()


def table_file() -> Path:
    """open_clip's table of merges; the package itself is not imported."""
    found = importlib.util.find_spec("open_clip")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("open_clip")
    return Path(next(iter(found.submodule_search_locations))) / _TABLE


def _glyphs() -> dict[int, str]:
    """A character that can be seen for each byte, in the order of the vocabulary."""
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    unseen = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {
        byte: chr(256 + i) for i, byte in enumerate(unseen)
    }
