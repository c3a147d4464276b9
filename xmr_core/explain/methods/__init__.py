"""Methods: how much each part speaks for a match, one file each, in the registry ``METHODS``."""

from collections.abc import Callable, Mapping

from xmr_core.explain.explanation import CLOSE, VALUE, Explanation, Side
from xmr_core.explain.methods.attention import attention
from xmr_core.explain.methods.closeup import closeup
from xmr_core.explain.methods.erased import erased
from xmr_core.explain.methods.focus import focus
from xmr_core.explain.methods.gradient import gradient
from xmr_core.explain.methods.heard import heard
from xmr_core.explain.methods.relevance import relevance
from xmr_core.explain.methods.similarity import similarity
from xmr_core.explain.methods.value import value
from xmr_core.explain.methods.without import without
from xmr_core.space import JointSpace

# (query, hit, space) → what joins them. The query's features go through the space's head
# for the role "query", the hit's through the one for "gallery".
Method = Callable[[Side, Side, JointSpace], Explanation]

METHODS: Mapping[str, Method] = {
    "focus": focus,
    "closeup": closeup,
    "erased": erased,
    "heard": heard,
    "similarity": similarity,
    "gradient": gradient,
    "without": without,
    "attention": attention,
    "value": value,
    "relevance": relevance,
}

_PICTURES = 3  # axes of the lattice of cells of several frames or views


def default_method(query: Side, hit: Side) -> str:
    """The method that tells most of a pair, by what is known of its parts.

    See the README's table of methods for how they compare.
    """
    if VALUE in hit.variants or VALUE in query.variants:
        return "value"
    if hit.erased is None and CLOSE not in hit.variants and len(hit.grid) == _PICTURES:
        return "gradient"
    for side in (hit, query):  # what is looked at first decides
        if side.levels is not None:
            return "heard"
        if side.erased is not None:
            return "focus"
    closer = CLOSE in hit.variants or CLOSE in query.variants
    return "closeup" if closer else "similarity"


__all__ = ["METHODS", "Method", "default_method"]
