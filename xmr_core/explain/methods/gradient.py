"""Heat by the gradient: the score as a sum over parts, exact for affine heads.

For networks of convolutions this is the class activation map of the score (Selvaraju et
al., "Grad-CAM", ICCV 2017; Zhou et al., CVPR 2016), with the head in place of a class.
"""

from xmr_core.explain.alignment import explained, shares
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.space import JointSpace


def gradient(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """What each part, and each pair of parts, adds to the score.

    Where the encoders pool by the mean of these parts, the alignment and both heat maps sum
    to the raw cosine, whatever the heads; each part's share is exact for affine heads, and
    true to first order for others.
    """
    vectors = shares(query, space, "query"), shares(hit, space, "gallery")
    return explained(query, hit, space, vectors, "gradient")
