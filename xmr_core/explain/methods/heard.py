"""Heat by what is heard: similarity, as far as there is anything to hear.

The network tells what a moment is like from all that it hears around it, so that a band in
which next to nothing sounds is as near to the words as the one that made them true. Taken
away, it is not missed. Here each moment and band of a sound counts by its own loudness too.
"""

from dataclasses import replace

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.explain.alignment import parts, whole
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.explain.methods.closeup import closeup
from xmr_core.media import Floats
from xmr_core.space import JointSpace

_SHARPNESS = 2  # power of the likeness beside that of the loudness


def heard(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Likeness to the other's whole, squared, times loudness, of the parts of sounds: 0…1.

    A side that is not heard, or whose loudness nobody measured, is told as by ``closeup``.

    Raises:
        ExplanationError: that is so of both.
    """
    if query.levels is None and hit.levels is None:
        raise ExplanationError(
            f"Neither side is a sound whose loudness the profile {space.name} measures.",
            "Choose another method.",
        )
    told = closeup(query, hit, space)
    query_heat, hit_heat = told.query_heat, told.hit_heat
    if query.levels is not None:
        like = parts(query, space, "query") @ whole(hit, space, "gallery")
        query_heat = audible(like, query.levels, query.grid)
    if hit.levels is not None:
        like = parts(hit, space, "gallery") @ whole(query, space, "query")
        hit_heat = audible(like, hit.levels, hit.grid)
    return replace(told, method="heard", query_heat=query_heat, hit_heat=hit_heat)


def audible(like: Floats, levels: Floats, grid: tuple[int, ...]) -> Floats:
    """What of a sound is both like something and to be heard.

    What a band is like says less than what its moment is like: half of it is the moment's.

    Args:
        like: f32 (p,), cosines of the parts.
        levels: f32 (p,), how loud they are, 0…1.
        grid: their (moments, bands).

    Returns:
        f32 (p,), 0…1.

    >>> like, loud = np.array([0.1, 0.3, 0.3], np.float32), np.array([1, 1, 0.5], np.float32)
    >>> audible(like, loud, (3, 1)).tolist()
    [0.0, 1.0, 0.5]
    """
    cells = like.reshape(grid)  # (t, f)
    steady = (cells + cells.mean(axis=1, keepdims=True)) / 2
    low, high = float(steady.min()), float(steady.max())
    likeness = (steady - low) / (high - low) if high > low else np.ones_like(steady)
    return np.asarray(likeness.reshape(-1) ** _SHARPNESS * levels, np.float32)
