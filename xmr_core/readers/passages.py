"""Passages, the pieces a document gives, joined into one text with its sections."""

from collections.abc import Iterable
from typing import NamedTuple

from xmr_core.media import Section


class Passage(NamedTuple):
    """A stretch of a document with the name people call it by; an empty label has no section."""

    label: str
    text: str


def joined(passages: Iterable[Passage]) -> tuple[str, tuple[Section, ...]]:
    """One text, its passages parted by an empty line, and where each of them lies.

    Passages without words are left out.

    >>> text, sections = joined([Passage("page 1", "One."), Passage("page 3", "Three.")])
    >>> text[sections[1].start : sections[1].end], sections[1].label
    ('Three.', 'page 3')
    """
    pieces: list[str] = []
    sections: list[Section] = []
    position = 0
    for label, raw in passages:
        text = raw.strip()
        if not text:
            continue
        if pieces:
            pieces.append("\n\n")
            position += 2
        pieces.append(text)
        if label:
            sections.append(Section(position, position + len(text), label))
        position += len(text)
    return "".join(pieces), tuple(sections)
