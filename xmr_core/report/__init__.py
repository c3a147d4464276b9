"""How well a joint space finds, in one medium, what was asked for in another: reports."""

from xmr_core.report.measuring import LABELS, PAIRS, Tell, measure, of_ranks, significance
from xmr_core.report.report import (
    By,
    Curve,
    Direction,
    Report,
    arrow,
    averaged,
    direction_of,
)

__all__ = [
    "LABELS",
    "PAIRS",
    "By",
    "Curve",
    "Direction",
    "Report",
    "Tell",
    "arrow",
    "averaged",
    "direction_of",
    "measure",
    "of_ranks",
    "significance",
]
