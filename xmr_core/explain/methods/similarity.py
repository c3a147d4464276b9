"""Heat by similarity: each part through the head, compared with the other's whole."""

from xmr_core.explain.alignment import explained, parts
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.space import JointSpace


def similarity(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Cosines of the parts in their place in the whole.

    Quick, and blurred: every part of a deep network has seen much of the whole.
    """
    vectors = parts(query, space, "query"), parts(hit, space, "gallery")
    return explained(query, hit, space, vectors, "similarity")
