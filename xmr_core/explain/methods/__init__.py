"""Methods: how much each part speaks for a match, one file each, in the registry ``METHODS``."""

from collections.abc import Callable, Mapping

from xmr_core.explain.explanation import Explanation, Side
from xmr_core.space import JointSpace

# (query, hit, space) → what joins them. The query's features go through the space's head
# for the role "query", the hit's through the one for "gallery".
Method = Callable[[Side, Side, JointSpace], Explanation]

METHODS: Mapping[str, Method] = {}

__all__ = ["METHODS", "Method"]
