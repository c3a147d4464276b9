"""Where in an item a part is, in words that people use."""

import bisect
from collections.abc import Sequence

from xmr_core.media import Audio, Floats, Image, Media, Mesh, Part, Text, Video


def parts_of(media: Media, boxes: Floats) -> list[Part]:
    """The parts of a medium as the catalogue keeps them.

    Args:
        media: what was encoded.
        boxes: f32 (p, 2, a), in the medium's own axes.

    >>> import numpy as np
    >>> sound = Audio(np.zeros(10, np.float32), 1)
    >>> [part.label for part in parts_of(sound, np.array([[[0], [2]], [[61], [63]]]))]
    ['0:00', '1:01']
    """
    return [
        Part(
            no=no,
            label=_label(media, no, low, high, len(boxes)),
            low=tuple(map(float, low)),
            high=tuple(map(float, high)),
            text=media.text[int(low[0]) : int(high[0])] if isinstance(media, Text) else "",
        )
        for no, (low, high) in enumerate(boxes.tolist(), start=1)
    ]


def clock(seconds: float) -> str:
    """A moment or a length, as players show it.

    >>> clock(0), clock(12.7), clock(72.4), clock(3725)
    ('0:00', '0:12', '1:12', '1:02:05')
    """
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _label(media: Media, no: int, low: Sequence[float], high: Sequence[float], count: int) -> str:
    match media:
        case Text():
            return _section(media, int(low[0]), int(high[0])) or (
                f"passage {no}" if count > 1 else ""
            )
        case Audio() | Video():
            return clock(low[0])
        case Mesh():
            return f"view {int(low[0]) + 1}"
        case Image():
            return f"region {no}"


def _section(text: Text, low: int, high: int) -> str:
    """The label of the first section that a stretch of characters touches, or ""."""
    first = bisect.bisect_right(text.sections, low, key=lambda section: section.end)
    if first < len(text.sections) and text.sections[first].start < high:
        return text.sections[first].label
    return ""
