"""Texts in words and pictures in cells that show the same few of many things, and others."""

from dataclasses import dataclass

import numpy as np

from tests.lab.planted import IMAGE, TEXT
from xmr_core.lab.interaction.parts import Parts
from xmr_core.media import Modality

THINGS = 20
SHOWN = 3


@dataclass(frozen=True)
class Parted:
    """n pairs in parts: three of twenty things, each a word and a cell, and one part more."""

    parts: dict[Modality, Parts]
    shown: np.ndarray


def parted(n: int = 240, noise: float = 0.4, draw: int = 0) -> Parted:
    """``draw`` fixes what is drawn; what the things look and sound like is always the same."""
    fixed = np.random.default_rng(5)
    looks = {IMAGE: fixed.normal(size=(THINGS, 24)), TEXT: fixed.normal(size=(THINGS, 16))}
    rng = np.random.default_rng([draw, n])
    shown = np.argsort(rng.random((n, THINGS)), axis=1)[:, :SHOWN]
    parts = {}
    for modality, look in looks.items():
        rows, counts = [], []
        for things in shown:
            own = look[rng.permutation(things)]
            others = rng.normal(size=(rng.integers(1, 3), look.shape[1]))
            both = np.concatenate([own, others]) + noise * rng.normal(
                size=(SHOWN + len(others), look.shape[1])
            )
            rows.append(rng.permutation(both))
            counts.append(len(both))
        parts[modality] = Parts(np.concatenate(rows).astype(np.float32), np.array(counts))
    return Parted(parts, shown)
