"""Heat by two witnesses: what looks like the other from close by, and what the score falls without.

Close looks tell best which of several things is meant, erasing what of a thing the match rests on.
"""

from dataclasses import replace

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE, Explanation, Side
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.erased import NOTHING, OTHERWISE, fallen
from xmr_core.explain.methods.gradient import gradient
from xmr_core.media import Floats
from xmr_core.space import JointSpace

_CLOSE = 1.5  # weight of the close looks, beside 1 for erasing
_ENOUGH = 1.0  # deviations of a fall: a larger one does not count for more, or one square decides
_SLOPE = 0.3  # weight of the gradient, where frames or views were not looked at from close by


def focus(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """The heat of ``closeup`` and of ``erased`` together, each in its own spread.

    A side of which nothing was erased has the heat of ``closeup``. The scale is that method's,
    and so is the alignment. Where a side of which something was erased was never looked at
    from close by, as frames and views are not, ``gradient`` takes the place of ``closeup``.

    Raises:
        ExplanationError: of neither side anything was erased.
    """
    of_query, of_hit = fallen(query, hit, space, "query"), fallen(hit, query, space, "gallery")
    if of_query is None and of_hit is None:
        raise ExplanationError(NOTHING, OTHERWISE)
    first = hit if of_hit is not None else query
    if CLOSE in first.variants:
        near, weight, most = closeup(query, hit, space), _CLOSE, _ENOUGH
    else:
        near, weight, most = gradient(query, hit, space), _SLOPE, np.inf
    return replace(
        near,
        query_heat=_both(near.query_heat, query, of_query, weight, most),
        hit_heat=_both(near.hit_heat, hit, of_hit, weight, most),
        method="focus",
    )


def _both(near: Floats, side: Side, lost: Floats | None, weight: float, most: float) -> Floats:
    """Two heats f32 (p,) added, each in its own spread, on the scale of the first.

    Parts that were never taken away, as the sound of a video, keep the first.
    """
    if lost is None or side.erased is None:
        return near
    went = side.erased.gone.any(axis=0)
    close, apart = near[went], lost[went]
    if not (close.std() and apart.std()):
        return near
    middle = close.mean()
    apart = np.minimum((apart - apart.mean()) / apart.std(), most) * close.std()
    both = near.copy()
    both[went] = middle + (weight * (close - middle) + apart) / (weight + 1)
    return both.astype(np.float32)
