"""OpenCLIP's picture towers that end in a map of features: timm's, and CLIP's ResNets.

They give what `xmr_core.encoders.openclip_towers.Tower` asks for; the heat of a map's places is
read from its gradients. Letters of shapes as there.
"""

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from xmr_core.encoders.attention import unknown
from xmr_core.media import Floats

CELLS = 4096  # that go through a pooling layer at once


class TimmMap:
    """Networks of timm that end in a map of features: ConvNeXt, FastViT, Swin."""

    reach = (1.0, 1.0)

    def __init__(self, visual: Any) -> None:
        self._visual, self._trunk = visual, visual.trunk
        self._last = getattr(self._trunk, "output_fmt", "NCHW") == "NHWC"
        if "pool" in dict(visual.head.named_children()):
            raise unknown("pools its map with places of its own")

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        found = self._trunk.forward_features(pixels)
        cells = found if self._last else found.permute(0, 2, 3, 1)  # (n, g, h, w)
        alone = cells.reshape(-1, 1, 1, cells.shape[-1])
        alone = alone if self._last else alone.permute(0, 3, 1, 2)
        rows = torch.cat([self._end(some) for some in torch.split(alone, CELLS)])
        return rows.reshape(*cells.shape[:3], -1)

    def values(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``: the pooling is a mean, and there is no attention to be left out."""
        return self.tokens(pixels)

    def heat(self, pixels: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by gradients of the map (Grad-CAM)."""
        with torch.no_grad():
            found = self._trunk.forward_features(pixels)
        axes = (1, 2) if self._last else (2, 3)
        return grad_cam(found, self._end, direction, axes)

    def _end(self, found: torch.Tensor) -> torch.Tensor:
        rows: torch.Tensor = self._visual.head(self._trunk.forward_head(found))
        return rows


class OwnResNet:
    """CLIP's ResNets, which pool their last map by attention: a cell's value and projection."""

    reach = (1.0, 1.0)

    def __init__(self, visual: Any) -> None:
        self._visual = visual

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        found = self._map(pixels)
        pool = self._visual.attnpool
        cells = found.flatten(2).permute(0, 2, 1) + pool.positional_embedding[1:]
        return pool.c_proj(pool.v_proj(cells)).reshape(len(found), *found.shape[2:], -1)  # type: ignore[no-any-return]

    def values(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``: the last attention is the pooling."""
        return self.tokens(pixels)

    def heat(self, pixels: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by gradients of the last map (Grad-CAM)."""
        with torch.no_grad():
            found = self._map(pixels)
        return grad_cam(found, self._visual.attnpool, direction, (2, 3))

    def _map(self, pixels: torch.Tensor) -> torch.Tensor:
        """The last map of features (n, w, g, h)."""
        visual = self._visual
        x = visual.stem(pixels)
        for layer in (visual.layer1, visual.layer2, visual.layer3, visual.layer4):
            x = layer(x)
        return x  # type: ignore[no-any-return]


def grad_cam(
    found: torch.Tensor, end: Any, direction: torch.Tensor, axes: tuple[int, int]
) -> Floats:
    """Selvaraju et al., "Grad-CAM", ICCV 2017: channels weighted by their mean gradient.

    Args:
        found: the last map of features, with its places along ``axes``.
        end: from the map to the embedding (n, d).
        direction: (d,).
        axes: of the map's places.

    Returns:
        f32 (n, g, h), ≥ 0.
    """
    with torch.enable_grad():
        found = found.detach().clone().requires_grad_()
        score = (functional.normalize(end(found), dim=-1) @ direction).sum()
        (slope,) = torch.autograd.grad(score, found)
    channel = 1 if axes == (2, 3) else 3
    heat = (slope.mean(dim=axes, keepdim=True) * found).sum(dim=channel).clamp(min=0)
    return np.asarray(heat.detach().float().cpu().numpy(), np.float32)
