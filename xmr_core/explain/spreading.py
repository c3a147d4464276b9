"""Heat of parts, spread over the places between them."""

import numpy as np

from xmr_core.media import Floats

_SOFT = 0.5  # deviation of the kernel, in sizes of a part


def spread(boxes: Floats, heat: Floats, places: Floats) -> Floats:
    """Heat of parts at points between them: a mean, weighted by a Gaussian around each part.

    Args:
        boxes: f32 (p, 2, a), the parts'.
        heat: f32 (p,).
        places: f32 (c, a), in the same axes. Beyond the last part, its heat goes on.

    Returns:
        f32 (c,).

    >>> boxes = np.array([[[0], [1]], [[1], [2]]], np.float32)
    >>> spread(boxes, np.array([0, 1], np.float32), np.array([[1.0]], np.float32)).tolist()
    [0.5]
    """
    middles = boxes.mean(axis=1)  # (p, a)
    widths = np.maximum(boxes[:, 1] - boxes[:, 0], 1e-6) * _SOFT
    far = np.zeros((len(places), len(boxes)), np.float32)
    for axis in range(boxes.shape[2]):
        far += ((places[:, axis, None] - middles[:, axis]) / widths[:, axis]) ** 2
    weights = np.exp((far.min(axis=1, keepdims=True) - far) / 2)  # (c, p), the nearest has 1
    return np.asarray(weights @ heat / weights.sum(axis=1), np.float32)
