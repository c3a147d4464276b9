"""Subtitles, SubRip and WebVTT: what is said, with when as the label."""

import re

from xmr_core.readers.passages import Passage

_TIMES = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{1,2}[,.]\d{1,3}"
)
_TAGS = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")


def cues(text: str) -> list[Passage]:
    """One passage for each subtitle, labelled with its beginning.

    >>> cues("1\\n00:01:12,500 --> 00:01:14,000\\n<i>Hello</i>\\nthere\\n")
    [Passage(label='1:12', text='Hello\\nthere')]
    """
    passages = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip().split("\n")
        for number, line in enumerate(lines[:2]):  # the times, or a number or name before them
            if match := _TIMES.search(line):
                words = _TAGS.sub("", "\n".join(lines[number + 1 :])).strip()
                passages.append(Passage(_clock(match), words))
                break
    return passages


def _clock(match: re.Match[str]) -> str:
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return f"{minutes}:{seconds:02d}"
