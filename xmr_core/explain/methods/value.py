"""Heat by the value path: what the last attention would take from each part.

In a transformer's last layer every place has looked at every other, so that what it says
belongs to the whole more than to the place. The value that it offers to the others still
speaks of the place, and in the joint space (Zhou, Loy and Dai, "Extract free dense labels
from CLIP", ECCV 2022; Li et al., "CLIP Surgery for better explainability", 2023).
"""

from xmr_core.errors import ExplanationError
from xmr_core.explain.alignment import explained, parts
from xmr_core.explain.explanation import VALUE, Explanation, Side
from xmr_core.space import JointSpace


def value(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Cosines of the parts' values. A side whose encoder has no attention keeps its features.

    Raises:
        ExplanationError: neither side has values.
    """
    if VALUE not in query.variants and VALUE not in hit.variants:
        raise ExplanationError(
            f"The encoders of the profile {space.name} have no attention whose values "
            "could be shown.",
            "Choose another method.",
        )
    vectors = parts(query, space, "query", VALUE), parts(hit, space, "gallery", VALUE)
    return explained(query, hit, space, vectors, "value")
