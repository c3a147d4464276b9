"""Why a hit answers a query: two media taken apart, and what joins their parts."""

from xmr_core.explain.explanation import Explanation, Side

__all__ = ["Explanation", "Side"]
