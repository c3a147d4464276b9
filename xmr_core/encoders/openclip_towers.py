"""OpenCLIP's picture towers taken apart: what each cell of their grid says in the joint space.

Three families: open_clip's own transformers, timm's (transformers, and networks that end in
a map of features), and CLIP's ResNets; those that end in a map are in `openclip_maps`. Each
gives two readings of a picture's cells. *Tokens* are the last layer's, put through what
follows it (norms, pooling, projection) alone: what the model would say of a picture that is
this cell everywhere. *Values* take the last attention by its value path, without the
residual and the layers beside it, which hold what the cell has gathered from everywhere
else (Zhou, Loy and Dai, "Extract free dense labels from CLIP", ECCV 2022; Li et al., "CLIP
Surgery", 2023; Lan et al., "ClearCLIP", ECCV 2024). Where the last attention is the pooling
itself, both are the same.

Letters of shapes: n pictures, g × h cells, w width of a tower, d joint dimensions.
"""

from typing import Any, Protocol

import numpy as np
import torch

from xmr_core.encoders.attention import Values, gradients, propagate, unknown, watched
from xmr_core.encoders.openclip_maps import CELLS, OwnResNet, TimmMap
from xmr_core.media import Floats


class Tower(Protocol):
    """One family of picture towers.

    Attributes:
        reach: (y, x) share of the input that the cells cover; the rest is cut off.
    """

    reach: tuple[float, float]

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """(n, 3, H, W) → (n, g, h, d), not made unit."""
        ...

    def values(self, pixels: torch.Tensor) -> torch.Tensor:
        """(n, 3, H, W) → (n, g, h, d), not made unit."""
        ...

    def heat(self, pixels: torch.Tensor, direction: torch.Tensor) -> Floats:
        """How much each cell raises ``unit(embedding) @ direction``: f32 (n, g, h), ≥ 0."""
        ...


class OwnTransformer:
    """open_clip's VisionTransformer: a class token, or a mean, or a pooling by attention."""

    def __init__(self, visual: Any) -> None:
        self._visual = visual
        self.grid = tuple(visual.grid_size)
        self.reach = _reach(self.grid, visual.patch_size, visual.image_size)

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        x, last = self._before(pixels)
        return self._finish(last(x))

    def values(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        x, last = self._before(pixels)
        if self._visual.attn_pool is not None:
            return self._finish(last(x))
        with Values() as mode:
            inner = last.ln_1(x)
            if hasattr(last, "attention"):
                inner = last.attention(inner)
            else:
                inner = last.ln_attn(last.attn(inner))
        _replaced(mode)
        return self._finish(last.ls_1(inner))

    def heat(self, pixels: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by attention (Chefer et al.)."""
        total = propagate(_layers(self._visual, pixels, direction))  # (n, q, 1 + cells)
        visual = self._visual
        mean = visual.pool_type == "avg"
        first = 0 if visual.attn_pool is not None else 1
        row = total[:, first:].mean(axis=1) if mean else total[:, 0]
        return _cells(row, self.grid)

    def _before(self, pixels: torch.Tensor) -> tuple[torch.Tensor, Any]:
        """What enters the last block (n, 1 + cells, w), and that block."""
        x = self._visual._embeds(pixels)
        *blocks, last = self._visual.transformer.resblocks
        for block in blocks:
            x = block(x)
        return x, last

    def _finish(self, x: torch.Tensor) -> torch.Tensor:
        """Each place of (n, 1 + cells, w) alone through what pools and projects it."""
        visual = self._visual
        alone = x[:, 1:].reshape(-1, 1, x.shape[-1])  # (n · cells, 1, w)
        if visual.attn_pool is None:
            rows = visual.ln_post(alone[:, 0])
        else:
            rows = torch.cat([visual._pool(some)[0] for some in torch.split(alone, CELLS)])
        if visual.proj is not None:
            rows = rows @ visual.proj
        cells: torch.Tensor = rows.reshape(len(x), *self.grid, -1)
        return cells


class TimmTransformer:
    """timm's vision transformers behind open_clip: SigLIP, EVA, ViTamin and the like."""

    def __init__(self, visual: Any, tokens: int) -> None:
        trunk = visual.trunk
        self._visual, self._trunk = visual, trunk
        self._prefix = int(trunk.num_prefix_tokens)
        self.grid = tuple(trunk.patch_embed.grid_size)
        if tokens - self._prefix != self.grid[0] * self.grid[1]:
            raise unknown(f"has {tokens} places, which do not lie on its grid of {self.grid}")
        known = all(hasattr(trunk.blocks[-1], name) for name in ("norm1", "attn"))
        if len(trunk.blocks) < 2 or not known or not hasattr(trunk, "norm"):
            raise unknown("has blocks of another kind")
        size = getattr(trunk.patch_embed, "patch_size", None)
        plain = hasattr(trunk.patch_embed, "proj") and not hasattr(trunk.patch_embed, "backbone")
        self.reach = _reach(self.grid, size, visual.image_size) if plain else (1.0, 1.0)

    @property
    def _pools_by_attention(self) -> bool:
        return getattr(self._trunk, "attn_pool", None) is not None

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        return self._finish(self._trunk.forward_features(pixels)[:, self._prefix :])

    def values(self, pixels: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        if self._pools_by_attention:
            return self.tokens(pixels)
        trunk = self._trunk
        last = trunk.blocks[-1]
        ((cells, prefix),) = trunk.forward_intermediates(
            pixels,
            indices=[len(trunk.blocks) - 2],
            norm=False,
            output_fmt="NLC",
            intermediates_only=True,
            return_prefix_tokens=True,
        )
        x = cells if prefix is None else torch.cat([prefix, cells], dim=1)
        after = type(last).__name__ in ("EvaBlockPostNorm", "ResPostBlock")
        with Values() as mode:
            inner = last.norm1(last.attn(x)) if after else last.attn(last.norm1(x))
        _replaced(mode)
        if getattr(last, "gamma_1", None) is not None:
            inner = last.gamma_1 * inner
        inner = getattr(last, "ls1", torch.nn.Identity())(inner)
        return self._finish(trunk.norm(inner)[:, self._prefix :])

    def heat(self, pixels: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by attention (Chefer et al.)."""
        layers = _layers(self._visual, pixels, direction)
        *before, (weights, slopes) = layers
        if self._pools_by_attention and weights.shape[3] == self.grid[0] * self.grid[1]:
            wide = ((0, 0), (0, 0), (0, 0), (self._prefix, 0))  # it leaves out what is before them
            layers = [*before, (np.pad(weights, wide), np.pad(slopes, wide))]
        total = propagate(layers)  # (n, q, prefix + cells)
        mean = not self._pools_by_attention and "avg" in str(self._trunk.global_pool)
        row = total[:, self._prefix :].mean(axis=1) if mean else total[:, 0]
        return _cells(row, self.grid)

    def _finish(self, x: torch.Tensor) -> torch.Tensor:
        """Each place of (n, cells, w) alone through pooling, norm and projection."""
        alone = x.reshape(-1, 1, x.shape[-1])
        rows = torch.cat(
            [
                self._visual.head(self._trunk.forward_head(some.expand(-1, self._prefix + 1, -1)))
                for some in torch.split(alone, CELLS)
            ]
        )
        return rows.reshape(len(x), *self.grid, -1)


def tower_of(visual: Any) -> Tower:
    """The family of a model's picture tower.

    Raises:
        ExplanationError: none that is known.
    """
    from open_clip.modified_resnet import ModifiedResNet
    from open_clip.timm_model import TimmModel
    from open_clip.transformer import VisionTransformer

    if isinstance(visual, VisionTransformer):
        return OwnTransformer(visual)
    if isinstance(visual, ModifiedResNet):
        return OwnResNet(visual)
    if isinstance(visual, TimmModel):
        height, width = visual.image_size
        device = next(visual.parameters()).device
        with torch.no_grad():
            found = visual.trunk.forward_features(torch.zeros(1, 3, height, width, device=device))
        if found.dim() == 4:
            return TimmMap(visual)
        if found.dim() == 3 and hasattr(visual.trunk, "blocks"):
            return TimmTransformer(visual, found.shape[1])
    raise unknown(f"looks at pictures with {type(visual).__name__}, which is not known here")


def _layers(
    visual: Any, pixels: torch.Tensor, direction: torch.Tensor
) -> list[tuple[Floats, Floats]]:
    """Weights and gradients of the tower's attention, f32 (n, h, q, k) each, from the input on."""

    def embed() -> torch.Tensor:
        got = visual(pixels)
        pooled: torch.Tensor = got[0] if isinstance(got, tuple) else got
        return pooled

    return gradients(*watched(embed, direction))


def _cells(row: Floats, grid: tuple[int, ...]) -> Floats:
    """The cells among the places of (n, k): classes and registers stand before them."""
    cells = grid[0] * grid[1]
    return row[:, row.shape[1] - cells :].reshape(len(row), *grid)


def _replaced(mode: Values) -> None:
    if mode.calls == 0:
        raise unknown("attends in a way of its own")


def _reach(grid: Any, patch: Any, size: Any) -> tuple[float, float]:
    """Share of the input that patches cover: of 384 pixels, 27 patches of 14 leave 6."""
    if patch is None:
        return 1.0, 1.0
    sides = patch if isinstance(patch, tuple | list) else (patch, patch)
    y, x = (min(g * p / s, 1.0) for g, p, s in zip(grid, sides, size, strict=True))
    return y, x
