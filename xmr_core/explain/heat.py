"""Heat of parts at the resolution of the medium: of pixels, of characters."""

import numpy as np
import PIL.Image

from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Side
from xmr_core.media import Floats, Text

_GAP = 3  # characters between words of a phrase: a space, a comma and a space


def over_pixels(side: Side, heat: Floats, height: int, width: int) -> Floats:
    """Heat of cells, smoothly between their middles.

    Args:
        side: whose parts lie on a grid (rows, columns), or (frames or views, rows, columns).
        heat: f32 (p,).
        height, width: pixels.

    Returns:
        f32 (height, width), or one such map for each frame or view; never above the hottest
        part or below the coldest.

    Raises:
        ExplanationError: the parts do not lie on such a grid.
    """
    if len(side.grid) not in (2, 3):
        raise ExplanationError(
            f"The parts of this {side.modality} are no cells of a picture.",
            "Show its heat part by part.",
        )
    cells = int(np.prod(side.grid))
    maps = heat[:cells].astype(np.float32).reshape(-1, *side.grid[-2:])  # (n, rows, columns)
    bicubic = PIL.Image.Resampling.BICUBIC
    drawn = [PIL.Image.fromarray(one).resize((width, height), bicubic) for one in maps]
    limits = [(one.min(), one.max()) for one in maps]
    pixels = np.stack(
        [np.clip(np.asarray(d), *limit) for d, limit in zip(drawn, limits, strict=True)]
    )
    return pixels if len(side.grid) == 3 else pixels[0]


def over_characters(side: Side, heat: Floats) -> Floats:
    """Heat of the words of a text on each of its characters, f32 (characters,).

    What lies between two words has the mean of theirs, so that a phrase is one stroke; what
    no part covers has the least heat there is.

    Raises:
        ExplanationError: the side is no text.
    """
    if not isinstance(side.media, Text):
        raise ExplanationError(f"A {side.modality} has no characters.", "Show it part by part.")
    drawn = np.full(len(side.media.text), float(heat.min()), np.float32)
    spans = side.boxes[:, :, 0].astype(int)  # (p, 2)
    for i, (low, high) in enumerate(spans):
        drawn[low:high] = heat[i]
        if i and spans[i - 1, 1] < low <= spans[i - 1, 1] + _GAP:
            drawn[spans[i - 1, 1] : low] = (heat[i - 1] + heat[i]) / 2
    return drawn


def shown(heat: Floats) -> Floats:
    """Heat as shares of the colour scale, 0…1: what is no hotter than half the parts is 0.

    Most parts of most media say little for a match; the scale is kept for those that do.

    >>> shown(np.array([0.0, 1.0, 2.0, 4.0, 3.0], np.float32)).tolist()
    [0.0, 0.0, 0.0, 1.0, 0.5]
    """
    middle, top = float(np.median(heat)), float(heat.max())
    if not top > middle:
        return np.zeros_like(heat)
    scaled: Floats = np.clip((heat - middle) / (top - middle), 0, 1).astype(np.float32)
    return scaled


def shown_by_kind(side: Side, heat: Floats) -> Floats:
    """The same of a side whose parts are of several kinds, each of them on a scale of its own.

    Args:
        side: such as a video with its sound.
        heat: f32 (p,).
    """
    return np.concatenate([shown(heat[some]) for some in side.kinds])
