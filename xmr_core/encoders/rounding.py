"""Weights of convolutions as whole numbers of eight bits, so that what they give changes least.

Rounding each weight to the nearest one errs by little, but the errors of an output add up to
something that its inputs, which are all positive or alike over neighbouring places, turn into a
shift: of a filter for edges, whose weights have a sum of zero, is left one that answers to
brightness. So roundings are turned round, one after the other, as long as the expected square of
what comes out wrong falls (Nagel et al., "Up or Down? Adaptive Rounding for Post-Training
Quantization", ICML 2020, look for the same by descent over each layer's inputs). Of the inputs
their means and variances are known; places under one filter are taken to be alike to a
degree, channels to vary each for itself.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats

Numbers = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.int8]

LEVELS = 127  # on either side of zero
_ALIKE = 0.7  # correlation of neighbouring places of a channel
_TURNS = 64  # of roundings of one output, at most
_DEAD = 1e-6  # weights below it are those of an output that is always the same


def rounded(weights: Floats, mean: Numbers, variance: Numbers) -> tuple[Whole, Floats]:
    """Weights f32 (o, i, h, w) as whole numbers and the scale f32 (o,) that they count in.

    Args:
        weights: of a convolution.
        mean, variance: (i,) of its inputs; those of an output's own input (o,) where each
            has one.

    >>> edge = np.array([0.5, -0.3, -0.2], np.float32).reshape(1, 1, 1, 3)
    >>> whole, scale = rounded(edge, np.ones(1, np.float32), np.ones(1, np.float32))
    >>> whole.ravel().tolist(), int(whole.sum())
    ([127, -76, -51], 0)
    """
    outputs, inputs = weights.shape[:2]
    flat = weights.reshape(outputs, inputs, -1).astype(np.float64)  # (o, i, t)
    scale = np.abs(flat).max((1, 2)) / LEVELS
    scale = np.where(scale > _DEAD / LEVELS, scale, 1.0)
    exact = flat / scale[:, None, None]
    whole = np.clip(np.round(exact), -LEVELS, LEVELS)
    own = inputs == 1 and len(mean) == outputs  # depthwise
    m = mean.reshape(-1, 1, 1) if own else mean.reshape(1, -1, 1)
    v = variance.reshape(-1, 1, 1) if own else variance.reshape(1, -1, 1)
    rows = np.arange(outputs)
    for _ in range(_TURNS):
        off = exact - whole
        summed = off.sum(2, keepdims=True)  # (o, i, 1): what a channel that is even adds
        shift = (summed * m).sum((1, 2), keepdims=True)  # (o, 1, 1): what the means add
        step = np.where(off < 0, -1.0, 1.0)  # the other of the two neighbours
        gain = shift**2 - (shift - step * m) ** 2
        gain += v * _ALIKE * (summed**2 - (summed - step) ** 2)
        gain += v * (1 - _ALIKE) * (off**2 - (off - step) ** 2)
        gain[np.abs(whole + step) > LEVELS] = 0
        gain = gain.reshape(outputs, -1)
        best = gain.argmax(1)
        turned = gain[rows, best] > 0
        if not turned.any():
            break
        place = np.unravel_index(best[turned], whole.shape[1:])
        whole[(rows[turned], *place)] += step[(rows[turned], *place)]
    return whole.astype(np.int8).reshape(weights.shape), scale.astype(np.float32)
