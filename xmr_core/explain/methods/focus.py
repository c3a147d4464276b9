"""Heat by several witnesses: what looks like the other from close by and in its place, and what
the score falls without.

Close looks tell best which of several things is meant, erasing what of a thing the match rests on;
cells in their place have seen what is around them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import CLOSE, Explanation, Side
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.erased import NOTHING, OTHERWISE, fallen
from xmr_core.explain.methods.gradient import gradient
from xmr_core.explain.methods.similarity import similarity
from xmr_core.media import Floats
from xmr_core.space import JointSpace

_CLOSE = 1.0  # weight of the close looks, beside 1 for erasing …
_PLACED = 0.5  # … and of cells in their place
_ENOUGH = 1.0  # deviations of a fall: a larger one does not count for more, or one square decides
_SLOPE = 0.3  # weight of the gradient, where frames or views were not looked at from close by


def focus(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """The heats of ``closeup``, ``similarity`` and ``erased`` together, each in its own spread.

    A side of which nothing was erased has the heat of ``closeup``. The scale is that method's,
    and so is the alignment. Where a side of which something was erased was never looked at
    from close by, as frames and views are not, ``gradient`` takes the place of both looks.

    Raises:
        ExplanationError: of neither side anything was erased.
    """
    of_query, of_hit = fallen(query, hit, space, "query"), fallen(hit, query, space, "gallery")
    if of_query is None and of_hit is None:
        raise ExplanationError(NOTHING, OTHERWISE)
    first = hit if of_hit is not None else query
    if CLOSE in first.variants:
        near, most = closeup(query, hit, space), _ENOUGH
        looks = [(near, _CLOSE), (similarity(query, hit, space), _PLACED)]
    else:
        near, most = gradient(query, hit, space), np.inf
        looks = [(near, _SLOPE)]
    return replace(
        near,
        query_heat=_both([(e.query_heat, w) for e, w in looks], query, of_query, most),
        hit_heat=_both([(e.hit_heat, w) for e, w in looks], hit, of_hit, most),
        method="focus",
    )


def _both(
    looks: Sequence[tuple[Floats, float]], side: Side, lost: Floats | None, most: float
) -> Floats:
    """Heats f32 (p,) by their weights and a fall, each in its own spread, on the first's scale.

    Parts that were never taken away, as the sound of a video, keep the first.
    """
    near = looks[0][0]
    if lost is None or side.erased is None:
        return near
    went = side.erased.gone.any(axis=0)
    apart = lost[went]
    if not (near[went].std() and apart.std()):
        return near
    total = np.minimum(_spread(apart), most)
    for heat, weight in looks:
        total = total + weight * _spread(heat[went])
    both = near.copy()
    share = 1 + sum(weight for _, weight in looks)
    both[went] = near[went].mean() + near[went].std() * total / share
    return both.astype(np.float32)


def _spread(heat: Floats) -> Floats:
    """Deviations from the mean; none of what is the same everywhere."""
    return np.asarray((heat - heat.mean()) / (heat.std() or 1.0), np.float32)
