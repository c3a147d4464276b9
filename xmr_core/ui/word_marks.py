"""The words that a hit holds: as a line of a card, and as plain data."""

from xmr_core.indexing.labels import clock
from xmr_core.media import Modality
from xmr_core.results import Matched
from xmr_core.ui.context import Plain
from xmr_core.ui.words import esc
from xmr_core.wording import TEXT

SAID = {
    "written": "written", "spoken": "heard", "subtitles": "subtitle", "text": "text",
    "title": "title", "author": "author", "album": "album", "keywords": "keyword",
    "camera": "camera", "date": "date", "language": "language", "comment": "comment",
    "note": "your note", "tag": "your tag", "name": "name",
    "stem": "same name as", "refers": "linked with", "joined": "joined with",
    "same": "same file as", "named": "seen as",
}  # fmt: skip
_TIMED = frozenset({Modality.AUDIO, Modality.VIDEO})


def line(matched: Matched, modality: Modality, title: str) -> str:
    """A line of a card: how the words are in the item, and the words, marked; "" where the card
    shows them already.

    Args:
        matched: what was found.
        modality: of the item; sounds and videos play from there.
        title: of the item, for people who listen to the page.
    """
    if matched.field == TEXT and modality is Modality.TEXT:
        return ""  # the card shows the passage itself
    chip = esc(SAID.get(matched.field, matched.field))
    words = f'<span class="x-said-words" dir="auto">{marked(matched)}</span>'
    if modality in _TIMED and matched.low:
        at = clock(matched.low[0])
        return (
            f'<button type="button" class="x-said" data-do="play" data-from="{matched.low[0]:.2f}" '
            f'aria-label="Play {esc(title)} from {at}: {esc(matched.text)}">'
            f'<span class="x-chip-said">{chip} {at}</span> {words}</button>'
        )
    return f'<div class="x-said"><span class="x-chip-said">{chip}</span> {words}</div>'


def marked(matched: Matched) -> str:
    """The line as safe HTML.

    >>> marked(Matched("written", "<no smoking>", ((1, 11),)))
    '&lt;<mark>no smoking</mark>&gt;'
    """
    out, at = [], 0
    for low, high in matched.marks:
        out += [esc(matched.text[at:low]), f"<mark>{esc(matched.text[low:high])}</mark>"]
        at = high
    return "".join([*out, esc(matched.text[at:])])


def as_plain(matched: Matched) -> Plain:
    """As JSON has it."""
    return {
        "field": matched.field,
        "text": matched.text,
        "marks": [list(mark) for mark in matched.marks],
        "low": list(matched.low),
        "high": list(matched.high),
        "label": matched.label,
    }
