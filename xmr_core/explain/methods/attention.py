"""Heat by stacked cross-attention, on frozen features.

After Lee, Chen, Hua, Hu and He, "Stacked Cross Attention for Image-Text Matching", ECCV
2018, in both directions: each word attends to regions and is compared with what it attends
to, and each region attends to words.
"""

import numpy as np

from xmr_core.explain.alignment import attended, parts, whole
from xmr_core.explain.explanation import CLOSE, Explanation, Side
from xmr_core.space import JointSpace

_SHARPNESS = 9.0  # λ₁ of the paper's text-to-image attention


def attention(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """How near each part is to what it attends to; who attends to whom.

    The alignment is the mean of both directions, each part's attention times its nearness.
    """
    of_query = parts(query, space, "query", CLOSE)
    of_hit = parts(hit, space, "gallery", CLOSE)
    to_hit, query_heat = attended(of_query, of_hit, _SHARPNESS)  # (p_q, p_h), (p_q,)
    to_query, hit_heat = attended(of_hit, of_query, _SHARPNESS)  # (p_h, p_q), (p_h,)
    both = to_hit * query_heat[:, None] + (to_query * hit_heat[:, None]).T
    alignment = np.asarray(both / 2, np.float32)
    score = float(whole(query, space, "query") @ whole(hit, space, "gallery"))
    return Explanation(query, hit, alignment, query_heat, hit_heat, "attention", score)
