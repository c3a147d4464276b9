"""Two views of things whose classes and places are known."""

from dataclasses import dataclass

import numpy as np

from xmr_core.media import Floats, Modality

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT
CLASSES = 4


@dataclass(frozen=True)
class Planted:
    """n pairs: a hidden place near the middle of a class, seen through two linear maps, noisily."""

    views: dict[Modality, Floats]
    labels: np.ndarray
    hidden: Floats


def planted(n: int = 240, noise: float = 0.3, seed: int = 0, draw: int = 0) -> Planted:
    """``seed`` fixes the maps and classes, ``draw`` what is drawn of them."""
    fixed = np.random.default_rng(seed)
    middles = 2 * fixed.normal(size=(CLASSES, 5))
    maps = {IMAGE: fixed.normal(size=(5, 24)), TEXT: fixed.normal(size=(5, 16))}
    rng = np.random.default_rng([seed, draw, n])
    labels = rng.permutation(np.arange(n) % CLASSES)
    hidden = middles[labels] + rng.normal(size=(n, 5))
    views = {
        modality: (hidden @ mixing + noise * 5**0.5 * rng.normal(size=(n, mixing.shape[1]))).astype(
            np.float32
        )
        for modality, mixing in maps.items()
    }
    return Planted(views, labels, hidden.astype(np.float32))
