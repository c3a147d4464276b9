"""Two views that share what no linear map shows."""

import numpy as np

from xmr_core.media import Floats, Modality


def rings(n: int, seed: int) -> dict[Modality, Floats]:
    """n pairs of points that are equally far from the middle, each in a direction of its own."""
    rng = np.random.default_rng(seed)
    far = rng.uniform(0.5, 3, n)
    angles = rng.uniform(0, 2 * np.pi, (2, n))
    points = np.stack([far * np.cos(angles), far * np.sin(angles)], axis=2)
    points = (points + 0.05 * rng.normal(size=points.shape)).astype(np.float32)
    return {Modality.IMAGE: points[0], Modality.TEXT: points[1]}
