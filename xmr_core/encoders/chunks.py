"""Where a long text is cut: at its sections, then paragraphs, then sentences, then words."""

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xmr_core.media import Text

CHUNKS = 512  # of one text at most
WHOLE = 1_000_000  # characters: longer texts are read in evenly spaced stretches
STRETCH = 4_000  # characters of a stretch, enough for one chunk with room to find its start
SMALL = 48  # pieces: a section of fewer (a subtitle, a slide's title) joins the next

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。!?])|\n+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of a text: numbers, (start, end) characters, and the word each belongs to."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]
    words: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Characters ``start``…``end`` of a text and the pieces in them."""

    start: int
    end: int
    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


def chunks_of(text: Text, pieces: Callable[[str], Pieces], limit: int) -> list[Chunk]:
    """Chunks of at most ``limit`` pieces, in order, at least one and at most 512.

    A chunk never mixes two sections, unless they are small ones; within a section
    it holds as many whole paragraphs as fit, of a longer paragraph as many
    sentences, of a longer sentence as many words. Where there are more than 512
    chunks, 512 at even distances are kept. A text of over a million characters is
    not even read as a whole: from 512 stretches at even distances the first chunk
    of each is taken, from the first paragraph, sentence or word that starts in it.

    Args:
        text: the text and its sections.
        pieces: cuts a string into word pieces.
        limit: pieces of a chunk.
    """
    if len(text.text) <= WHOLE:
        chunks = list(_cut(text, 0, len(text.text), pieces, limit))
        if len(chunks) > CHUNKS:
            last = len(chunks) - 1
            chunks = [chunks[round(i * last / (CHUNKS - 1))] for i in range(CHUNKS)]
    else:
        chunks = []
        for i in range(CHUNKS):
            start = _next_start(text.text, len(text.text) * i // CHUNKS) if i else 0
            stretch = _cut(text, start, min(start + STRETCH, len(text.text)), pieces, limit)
            chunks += [first] if (first := next(stretch, None)) else []
    return chunks or [Chunk(0, len(text.text), [], [])]  # spaces and control characters alone


def _next_start(text: str, start: int) -> int:
    """Where the next paragraph, sentence or word begins, within a stretch's half."""
    window = text[start : start + STRETCH // 2]
    for pattern in (_PARAGRAPH, _SENTENCE, re.compile(r"\s+")):
        if found := pattern.search(window):
            return start + found.end()
    return start


def _cut(
    text: Text, start: int, end: int, pieces: Callable[[str], Pieces], limit: int
) -> Iterator[Chunk]:
    """Chunks of ``text[start:end]``, with characters counted in the whole text."""
    some = pieces(text.text[start:end])
    offsets = [(a + start, b + start) for a, b in some.offsets]
    starts = [a for a, _ in offsets]

    def at(character: int) -> int:
        """The first piece that starts at this character or after it."""
        return bisect.bisect_left(starts, character)

    def splits(a: int, b: int, pattern: re.Pattern[str]) -> list[int]:
        """Pieces that begin a paragraph or sentence, among the pieces a…b; b is added."""
        found = {at(m.end()) for m in pattern.finditer(text.text, starts[a], offsets[b - 1][1])}
        return [*sorted(i for i in found if a < i < b), b]

    def pack(a: int, b: int, level: int) -> Iterator[tuple[int, int]]:
        """Greedy: whole units while they fit, one level finer where one does not."""
        if b - a <= limit:
            if b > a:
                yield a, b
            return
        if level == 2:
            ends = [i for i in range(a + 1, b) if some.words[i] != some.words[i - 1]] + [b]
        else:
            ends = splits(a, b, (_PARAGRAPH, _SENTENCE)[level])
        first = a
        previous = a
        for stop in ends:
            if stop - first > limit and previous > first:
                yield first, previous
                first = previous
            if stop - first > limit:  # one unit alone is too long
                yield from pack(first, stop, level + 1) if level < 2 else _slices(first, stop)
                first = stop
            previous = stop
        if b > first:
            yield first, b

    def _slices(a: int, b: int) -> Iterator[tuple[int, int]]:
        for i in range(a, b, limit):
            yield i, min(i + limit, b)

    edges = sorted({at(e) for s in text.sections for e in (s.start, s.end)} | {len(starts)})
    first = 0
    for stop in edges:
        if stop - first >= SMALL or stop == len(starts):
            for a, b in pack(first, stop, 0):
                yield Chunk(offsets[a][0], offsets[b - 1][1], some.ids[a:b], offsets[a:b])
            first = stop
