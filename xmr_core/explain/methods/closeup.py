"""Heat by closer looks: parts that were encoded by themselves, compared with the other's whole."""

from dataclasses import replace

import numpy as np

from xmr_core.explain.alignment import explained, parts
from xmr_core.explain.explanation import CLOSE, Explanation, Side
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats, Modality
from xmr_core.space import JointSpace


def closeup(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Cosines of the parts as windows of a picture or stretches of a text show them.

    What else is in the whole cannot speak for a part here. A side without such a reading
    keeps its parts as they are. Some things look a little like whatever is asked for, so that
    the heat of what is no text is less its bias as a hub, as search ranks items.
    """
    of_query, of_hit = parts(query, space, "query", CLOSE), parts(hit, space, "gallery", CLOSE)
    made = explained(query, hit, space, (of_query, of_hit), "closeup")
    return replace(
        made,
        query_heat=made.query_heat - _bias(query, of_query, space, hit.modality),
        hit_heat=made.hit_heat - _bias(hit, of_hit, space, query.modality),
    )


def _bias(side: Side, vectors: Floats, space: JointSpace, other: Modality) -> Floats:
    """How near the parts (p, d) of a side are to background media of the other's modality."""
    if side.modality is Modality.TEXT:  # stretches of a text are hubs all alike
        return np.zeros(len(vectors), np.float32)
    return hub_bias(vectors, space.bank(other))
