"""What is typed for a query, read: terms with weights, media, dates, sizes, lengths.

A term may end in ``::`` and its weight, as in ``beach::2`` and ``cat.jpg::0.5``. Two colons
stand in no time of day and no path, and no shell takes them for its own. Words that merely have
two colons in them, as ``std::vector``, are words.
"""

import os
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import typer

from xmr_core.cli.terminal import shown

# a weight, or what was meant for one: it begins as a number does, or Python takes it for one
_WEIGHTED = re.compile(
    r"(?P<what>.+)::(?P<weight>[+-]?(?:\.?\d[^\s:]*|nan|inf(?:inity)?))", re.DOTALL | re.IGNORECASE
)
_WEIGHT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_HEAVIEST = 1000.0
_SIZE = re.compile(r"(?P<number>\d+\.?\d*|\.\d+) ?(?P<unit>[kmgt]?)(?P<binary>i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_MOST = 2**62  # bytes; no file is larger, and the catalogue counts no further
_FARTHEST = 9e9  # seconds from 1970; the catalogue counts nanoseconds in 63 bits
_LENGTH = re.compile(r"(?:(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,4}):)?(?P<s>\d+(?:\.\d*)?)")


class Names(tuple[str, ...]):
    """Names of media; a class of its own, since options hold no lists of tuples."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """A term of a query: words (str) or a file (Path); a negative weight subtracts it."""

    what: str | Path
    weight: float = 1.0


def words(text: str) -> Typed:
    """Words, with a weight if they end in one.

    >>> words("beach::2"), words("train at 10:30")
    (Typed(what='beach', weight=2.0), Typed(what='train at 10:30', weight=1.0))
    >>> words("std::vector")
    Typed(what='std::vector', weight=1.0)
    """
    return Typed(*_split(text))


def file(text: str) -> Typed:
    """A file, with a weight if what is left without it is the file.

    Raises:
        BadParameter: there is no such file.
    """
    whole = path_of(text)
    if text and not _absent(whole):
        return Typed(whole)
    name, weight = _split(text)
    path = path_of(name)
    if not name or _absent(path):
        raise typer.BadParameter(f"there is no file '{shown(name)}'; check its path.")
    return Typed(path, weight)


def media(text: str) -> Names:
    """Media, with commas between them.

    >>> media("image, audio")
    ('image', 'audio')
    """
    from xmr_core.media import Modality

    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    there = [str(medium) for medium in Modality]
    for name in names:
        if name not in there:
            raise typer.BadParameter(
                f"there is no medium '{shown(name)}'; the media are {', '.join(there)}."
            )
    return Names(names)


def beginning(text: str) -> float:
    """A date as the first second of that day, in this machine's time; or a date with a time.

    >>> beginning("2024-01-31T12:00") - beginning("2024-01-31")
    43200.0
    """
    return _seconds(text, time.min)


def end(text: str) -> float:
    """A date as the last moment of that day; or a date with a time.

    >>> round(end("2024-01-31") - beginning("2024-01-31"))
    86400
    """
    return _seconds(text, time.max)


def size(text: str) -> int:
    """Bytes.

    >>> size("1500"), size("1.5kB"), size("2 MB"), size("1GiB")
    (1500, 1500, 2000000, 1073741824)
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or (found["binary"] and not found["unit"]):
        raise typer.BadParameter(f"'{shown(text)}' is no size; write it as 500kB, 2MB or 1.5GB.")
    base = 1024 if found["binary"] else 1000
    factor: int = base ** _POWERS[found["unit"].lower()]
    return min(_MOST, round(float(found["number"]) * factor))


def length(text: str) -> float:
    """Seconds.

    >>> length("90"), length("1:30"), length("1:00:00.5")
    (90.0, 90.0, 3600.5)
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(
            f"'{shown(text)}' is no length; write it in seconds, or as 1:30 or 1:02:05."
        )
    parts = found.groupdict(default="0")
    if (found["m"] and float(parts["s"]) >= 60) or (found["h"] and int(parts["m"]) >= 60):
        raise typer.BadParameter(
            f"'{shown(text)}' is no length; the seconds of a minute, and the minutes of an hour, "
            "end at 59."
        )
    return int(parts["h"]) * 3600 + int(parts["m"]) * 60 + float(parts["s"])


def folder(text: str) -> str:
    """A folder as filters take it: absolute and without links, or relative to the roots."""
    path = path_of(text)
    return str(path.resolve()) if path.is_absolute() else path.as_posix()


def path_of(text: str | Path) -> Path:
    """A path with ``~`` put in, which shells leave in ``--image=~/cat.jpg``, where it can be."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - the method raises for unknown users


def _split(text: str) -> tuple[str, float]:
    found = _WEIGHTED.fullmatch(text.rstrip())
    if found is None:
        return text, 1.0
    typed = found["weight"]
    if any(c.isdigit() for c in typed) and not _WEIGHT.fullmatch(typed):
        raise typer.BadParameter(
            f"'{shown(typed)}' is no weight; write it as ::2 or ::0.5. "
            "To look for it as words, put a space after the colons."
        )
    weight = float(typed)
    if not 0 < abs(weight) <= _HEAVIEST:
        raise typer.BadParameter(
            f"a term cannot weigh {typed}; give a weight of up to {_HEAVIEST:.0f}, "
            "below zero to subtract."
        )
    return found["what"].rstrip(), weight


def _absent(path: Path) -> bool:
    """Whether there is nothing of that name; what may not be looked at is not absent."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _seconds(text: str, clock: time) -> float:
    try:
        try:
            moment: Any = datetime.combine(date.fromisoformat(text.strip()), clock)
        except ValueError:
            moment = datetime.fromisoformat(text.strip())
        return max(-_FARTHEST, min(_FARTHEST, float(moment.timestamp())))
    except (ValueError, OverflowError, OSError) as error:  # the last of years a system lacks
        raise typer.BadParameter(
            f"'{shown(text)}' is no date; write it as 2024-01-31 or 2024-01-31T18:30."
        ) from error
