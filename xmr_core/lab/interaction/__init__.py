"""Re-rankers: they compare media part by part, the best of a first ranking again."""

from collections.abc import Callable, Mapping

from xmr_core.lab.interaction.contract import Interaction, Reranker
from xmr_core.lab.interaction.cutting import cells_of, narrower, words_of
from xmr_core.lab.interaction.parts import Parts
from xmr_core.lab.interaction.scan import SCAN
from xmr_core.lab.interaction.shortlist import (
    Shortlist,
    best_weight,
    fused,
    looked_again,
    shortlist,
)

RERANKERS: Mapping[str, Callable[[], Reranker]] = {"scan": SCAN}
"""Every re-ranker with its default hyper-parameters, by name."""

__all__ = [
    "RERANKERS",
    "Interaction",
    "Parts",
    "Reranker",
    "Shortlist",
    "best_weight",
    "cells_of",
    "fused",
    "looked_again",
    "narrower",
    "shortlist",
    "words_of",
]
