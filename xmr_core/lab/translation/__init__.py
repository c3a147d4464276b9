"""Translators: they say in words what another medium shows."""

from collections.abc import Callable, Mapping

from xmr_core.lab.translation.agreement import bleu, bleu_counts, bleu_of, cider_d
from xmr_core.lab.translation.conse import ConSE
from xmr_core.lab.translation.consensus import Consensus
from xmr_core.lab.translation.contract import (
    Saying,
    Source,
    Translation,
    Translator,
    Words,
    WordTranslation,
)
from xmr_core.lab.translation.linear_map import LinearMap

TRANSLATORS: Mapping[str, Callable[[], Translator]] = {
    "consensus": Consensus,
    "linear-map": LinearMap,
    "conse": ConSE,
}
"""Every translator with its default hyper-parameters, by name."""

__all__ = [
    "TRANSLATORS",
    "Saying",
    "Source",
    "Translation",
    "Translator",
    "WordTranslation",
    "Words",
    "bleu",
    "bleu_counts",
    "bleu_of",
    "cider_d",
]
