"""Heat by leaving out: how much the score falls without each part, in feature space."""

from xmr_core.explain.alignment import explained, losses
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.space import JointSpace


def without(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """The score of the mean of all parts less that of the mean of the others.

    The medium itself is not encoded again; see :mod:`xmr_core.explain.occlusion` for that.
    """
    vectors = losses(query, space, "query"), losses(hit, space, "gallery")
    return explained(query, hit, space, vectors, "without")
