"""Heat by closer looks: parts that were encoded by themselves, compared with the other's whole."""

from xmr_core.explain.alignment import explained, parts
from xmr_core.explain.explanation import CLOSE, Explanation, Side
from xmr_core.space import JointSpace


def closeup(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Cosines of the parts as windows of a picture or stretches of a text show them.

    What else is in the whole cannot speak for a part here. A side without such a reading
    keeps its parts as they are.
    """
    vectors = parts(query, space, "query", CLOSE), parts(hit, space, "gallery", CLOSE)
    return explained(query, hit, space, vectors, "closeup")
