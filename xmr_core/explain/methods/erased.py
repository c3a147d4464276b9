"""Heat by erasing: how much the score falls where places are taken away, many at once.

The falls are shared out among the parts by Gaussian process regression (Rasmussen and Williams,
2006) on which parts were gone: a part means about what its neighbours mean.
"""

from dataclasses import replace

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.explain.alignment import explained, parts, whole
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.media import Floats
from xmr_core.space import JointSpace, Role

NOTHING = "Nothing was erased of either of these to see what is lost."
OTHERWISE = "Choose another method."
_REACH = 0.1  # of a picture: how far apart parts may be and still mean about the same
_NOISE = 0.1  # of the falls, beside what parts gone explain of them


def erased(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """What the score loses with each part; parts against parts as by the method ``similarity``.

    A side of which nothing was erased keeps the heat of that method too.

    Raises:
        ExplanationError: of neither side anything was.
    """
    if query.erased is None and hit.erased is None:
        raise ExplanationError(NOTHING, OTHERWISE)
    vectors = parts(query, space, "query"), parts(hit, space, "gallery")
    made = explained(query, hit, space, vectors, "erased")
    of_query, of_hit = fallen(query, hit, space, "query"), fallen(hit, query, space, "gallery")
    return replace(
        made,
        query_heat=made.query_heat if of_query is None else of_query,
        hit_heat=made.hit_heat if of_hit is None else of_hit,
    )


def fallen(side: Side, other: Side, space: JointSpace, role: Role) -> Floats | None:
    """What the score with the other side's whole loses with each part, f32 (p,); None if unknown.

    Args:
        side: whose parts.
        other: the other one.
        space: their joint space.
        role: of ``side``.
    """
    if side.erased is None:
        return None
    target = whole(other, space, "gallery" if role == "query" else "query")
    left = space.embed(side.modality, side.erased.features, role)  # (k, d)
    middles = side.boxes.mean(axis=1)  # (p, a)
    size = np.ptp(side.boxes.reshape(-1, middles.shape[1]), axis=0)
    places = middles / np.maximum(size, 1e-9)
    gone = side.erased.gone
    went = gone.any(axis=0)  # the sound of a video never goes, and nothing is known of it
    told = np.zeros(side.count, np.float32)
    told[went] = shared_out(gone[:, went], -(left @ target), places[went])
    return told


def shared_out(gone: Floats, falls: Floats, places: Floats) -> Floats:
    """How much of the falls each part stands for.

    Args:
        gone: f32 (k, p), 0…1, which parts were taken away.
        falls: f32 (k,), of the score.
        places: f32 (p, a), of the parts, in 0…1.

    Returns:
        f32 (p,), in units of the score.

    >>> gone = np.array([[1, 0], [0, 1], [1, 1], [0, 0]], np.float32)
    >>> falls = np.array([0.4, 0, 0.4, 0], np.float32)
    >>> told = shared_out(gone, falls, np.array([[0.0], [1.0]], np.float32))
    >>> [round(float(share), 1) for share in told]
    [0.4, 0.0]
    """
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)  # (p, p)
    alike = np.exp(-apart / (2 * _REACH**2))
    known = gone - gone.mean(axis=0)
    spread = known @ alike  # (k, p)
    between = spread @ known.T  # (k, k)
    noise = _NOISE * float(np.trace(between)) / len(between)
    solved = np.linalg.solve(
        between + max(noise, 1e-9) * np.eye(len(between)), falls - falls.mean()
    )
    return np.asarray(spread.T @ solved, np.float32)
