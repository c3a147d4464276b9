"""The moving of points of a UMAP layout, compiled.

The package umap-learn has this too, but lets nobody look on or cancel, and holds Python's lock
meanwhile, so that the application would not answer. This follows its paper, section 3.2.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from xmr_core.media import Floats, Ints

_STRANGERS = 5  # points that are pushed away for each one that is pulled near
_MOST = 4.0  # of a step along one axis


@njit(cache=True, nogil=True)
def pull(
    points: Floats,
    heads: Ints,
    tails: Ints,
    every: npt.NDArray[np.float64],
    due: npt.NDArray[np.float64],
    epoch: int,
    step: float,
    a: float,
    b: float,
    state: Any,
) -> Any:
    """One epoch: neighbours that are due pull each other, and push some strangers away.

    Args:
        points: f32 (n, 2), moved in place.
        heads, tails: i32 (e,), the edges between neighbours.
        every: f64 (e,), epochs from one pull of an edge to the next.
        due: f64 (e,), the epoch of its next pull, brought up to date in place.
        epoch: which one this is.
        step: how far to move, 1 at first and 0 at last.
        a, b: two points that lie d apart are neighbours to the degree 1 / (1 + a d²ᵇ).
        state: u64, of the random numbers.

    Returns:
        the state after it.
    """
    n = np.uint64(len(points))
    for edge in range(len(heads)):
        if due[edge] > epoch:
            continue
        due[edge] += every[edge]
        i, j = heads[edge], tails[edge]
        x, y = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
        far = x * x + y * y
        if far > 0:
            force = -2 * a * b * far ** (b - 1) / (1 + a * far**b)
            x = step * min(_MOST, max(-_MOST, force * x))
            y = step * min(_MOST, max(-_MOST, force * y))
            points[i, 0] += x
            points[i, 1] += y
            points[j, 0] -= x
            points[j, 1] -= y
        for _ in range(_STRANGERS):
            # a linear congruence of 64 bits (Knuth), whose upper half is random enough
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            k = np.int64((state >> np.uint64(33)) % n)
            if k == i:
                continue
            x, y = points[i, 0] - points[k, 0], points[i, 1] - points[k, 1]
            far = x * x + y * y
            if far == 0:  # nobody can tell which way: apart
                points[i, 0] += step * _MOST
                continue
            force = 2 * b / ((0.001 + far) * (1 + a * far**b))
            points[i, 0] += step * min(_MOST, max(-_MOST, force * x))
            points[i, 1] += step * min(_MOST, max(-_MOST, force * y))
    return state
