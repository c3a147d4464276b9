"""Subtitles, SubRip and WebVTT: what is said, with when as the label."""

import re

from xmr_core.readers.passages import Passage

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"{_TIME}\s*-->\s*{_TIME}")
_TAGS = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")


def cues(text: str) -> list[Passage]:
    """One passage for each subtitle, labelled with its beginning.

    >>> cues("1\\n00:01:12,500 --> 00:01:14,000\\n<i>Hello</i>\\nthere\\n")
    [Passage(label='1:12', text='Hello\\nthere')]
    """
    return [Passage(_clock(start), words) for start, _, words in timed(text)]


def timed(text: str) -> list[tuple[float, float, str]]:
    """Each subtitle with its beginning and its end in seconds.

    >>> timed("WEBVTT\\n\\n01:12.500 --> 01:14.000 align:left\\nHello\\n")
    [(72.5, 74.0, 'Hello')]
    """
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip().split("\n")
        for number, line in enumerate(lines[:2]):  # the times, or a number or name before them
            if match := _TIMES.search(line):
                words = plain("\n".join(lines[number + 1 :]))
                found.append((_seconds(*match.groups()[:4]), _seconds(*match.groups()[4:]), words))
                break
    return found


def plain(words: str) -> str:
    """A subtitle without what says how it looks.

    >>> plain("<i>Hello</i> {\\\\an8}there")
    'Hello there'
    """
    return _TAGS.sub("", words).strip()


def _seconds(hours: str | None, minutes: str, seconds: str, part: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds) + float(f"0.{part}")


def _clock(start: float) -> str:
    minutes, seconds = divmod(int(start), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
