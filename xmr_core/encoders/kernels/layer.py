"""What kernels of convolutions have in common: the layer, what is made of it once, results."""

from typing import Any, Protocol

import torch


class Layer(Protocol):
    """A convolution whose result is bounded.

    Attributes:
        weight: (out, in / groups, a, a).
        bias: (out,).
        low, high: bounds.
        stride: of both axes.
    """

    weight: torch.nn.Parameter
    bias: torch.nn.Parameter
    low: float
    high: float
    stride: tuple[int, ...]

    def around(self, axis: int, size: int) -> tuple[int, int]:
        """Zeros before and after an axis of a map, 0 or 1, of this size."""
        ...


def kept(layer: Any, make: Any) -> torch.Tensor:
    """What is made of a layer's weights once, while they are where they are."""
    before: Any = getattr(layer, "kept", None)
    if before is None or before[0] is not layer.weight:
        before = layer.kept = (layer.weight, make())
    made: torch.Tensor = before[1]
    return made


def empty(x: torch.Tensor, c: int, h: int, w: int) -> torch.Tensor:
    """A map of nothing yet, channels together (n, c, h, w), of the kind and for the batch of x."""
    shape = (x.shape[0], c, h, w)
    return torch.empty(shape, dtype=x.dtype, device=x.device, memory_format=torch.channels_last)
