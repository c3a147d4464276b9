"""A chart as a page draws it: columns of numbers in base64, points on one scale a layout."""

import base64
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xmr_core.chart import Chart, Placed
from xmr_core.media import Floats, Item
from xmr_core.ui.context import Plain

FOLDERS = 12  # as many as there are colours; the last one is for all others
UNIT = 10_000  # of the whole numbers that points travel as
_EDGE = 32_000
_WITHIN = 98  # per cent of the points that lie within one unit of the middle

Scale = tuple[Floats, float]
"""The middle f32 (2,) of a layout, and the length that becomes one unit."""


def packed(column: npt.NDArray[np.generic]) -> str:
    """Numbers, little-endian, in base64.

    >>> packed(np.array([1, 258], np.int16))
    'AQACAQ=='
    """
    order = column.astype(column.dtype.newbyteorder("<"))
    return base64.b64encode(np.ascontiguousarray(order).tobytes()).decode("ascii")


def scales(chart: Chart) -> dict[str, Scale]:
    """One scale a layout, the same for the space as it is and centred, so that what the centring
    moves is seen to move."""
    found: dict[str, Scale] = {}
    for name, (raw, centred) in chart.layouts.items():
        middle = raw.mean(axis=0)
        far = np.abs(np.concatenate([raw, centred]) - middle).max(axis=1)
        found[name] = middle, max(float(np.percentile(far, _WITHIN)), 1e-6)
    return found


def scaled(points: Floats, scale: Scale) -> npt.NDArray[np.int16]:
    """Points f32 (n, 2) as whole numbers i16 (n, 2).

    >>> scaled(np.array([[3, 5]], np.float32), (np.array([1, 1], np.float32), 4.0)).tolist()
    [[5000, 10000]]
    """
    middle, length = scale
    whole = np.round((points - middle) / length * UNIT)
    return np.clip(whole, -_EDGE, _EDGE).astype(np.int16)


def layouts(chart: Chart) -> Plain:
    """Layout → {"raw", "centred"}: packed i16 (n, 2)."""
    kept = scales(chart)
    return {
        name: {
            side: packed(scaled(points, kept[name]))
            for side, points in zip(("raw", "centred"), sides, strict=True)
        }
        for name, sides in chart.layouts.items()
    }


def places(placed: Placed, chart: Chart) -> Plain:
    """Layout → {"raw", "centred"}: lists of [x, y] in the same whole numbers."""
    kept = scales(chart)
    return {
        name: {
            "raw": scaled(placed.raw[name], kept[name]).tolist(),
            "centred": scaled(placed.centred[name], kept[name]).tolist(),
        }
        for name in placed.raw
    }


def folders(items: Sequence[Item]) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """The folder that tells items apart: the first one below what they all share.

    Returns:
        u8 (n,), the folder of each item as a place in the names; the names, the fullest first,
        the last one "Other folders" where there are too many.
    """
    ways = [(*item.root.parts, *item.path.split("/")[:-1]) for item in items]
    shared = 0
    if ways:
        low, high = min(ways), max(ways)
        while shared < min(len(low), len(high)) and low[shared] == high[shared]:
            shared += 1
    # of items right in the shared folder, that folder's own name
    named = [way[shared] if len(way) > shared else (way[-1] if way else "") for way in ways]
    common = [name for name, _ in Counter(named).most_common()]
    kept = common if len(common) <= FOLDERS else common[: FOLDERS - 1]
    place = {name: number for number, name in enumerate(kept)}
    codes = np.array([place.get(name, len(kept)) for name in named], np.uint8)
    return codes, kept if len(kept) == len(common) else [*kept, "Other folders"]
