"""Measures of retrieval.

From a matrix of scores (``matrix``), from vectors a chunk at a time (``chunks``), from the
ranks of what is relevant (``ranks``); how sure they are (``intervals``), and whether one
method's are really better than another's (``significance``).

Ties count against the system everywhere, and scores may be negative.
"""

from xmr_core.metrics.chunks import Match, first_ranks_of, ranks_of
from xmr_core.metrics.intervals import Value
from xmr_core.metrics.matrix import (
    RECALLS,
    Relevance,
    auroc,
    average_precision,
    first_ranks,
    precision_at,
    recall_at,
    recalls,
    rsum,
)
from xmr_core.metrics.ranks import LEVELS, Ranks
from xmr_core.metrics.significance import Difference, compare

__all__ = [
    "LEVELS",
    "RECALLS",
    "Difference",
    "Match",
    "Ranks",
    "Relevance",
    "Value",
    "auroc",
    "average_precision",
    "compare",
    "first_ranks",
    "first_ranks_of",
    "precision_at",
    "ranks_of",
    "recall_at",
    "recalls",
    "rsum",
]
