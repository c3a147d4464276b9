"""CLIP's two towers as ONNX graphs that leave out what no vector needs.

A picture's vector is read off the class token, so the last block computes that one alone.
In a text, attention looks back only, and the vector is read off the end mark: the graph
takes lines as short as they are instead of a context of 77. Both give open_clip's numbers.

Only open_clip's own transformers are made so; every other tower is run by torch.
"""

from typing import TYPE_CHECKING, Any

from xmr_core.encoders.onnx import Export

if TYPE_CHECKING:
    import torch

PICTURES = 2  # raise when the exported module changes
TEXTS = 1
_WORTH = 10_000_000  # numbers in a tower: an export takes longer than a smaller one saves
_MOST = 450_000_000  # numbers: larger towers were not tried


def picture_graph(network: Any) -> bool:
    """Whether a model's picture tower can be made a graph."""
    from open_clip.transformer import VisionTransformer

    visual = network.visual
    return (
        type(visual) is VisionTransformer
        and visual.attn_pool is None
        and visual.pool_type == "tok"
        and visual.proj is not None
        and not visual.output_tokens
        and _plain(visual.transformer, visual)
    )


def text_graph(network: Any) -> bool:
    """Whether a model's text tower can be made a graph."""
    from open_clip.model import CLIP
    from torch import nn

    return (
        type(network) is CLIP
        and network.text_pool_type == "argmax"
        and network.attn_mask is not None
        and isinstance(network.text_projection, nn.Parameter)
        and _plain(network.transformer, network.transformer, network.token_embedding)
    )


def _plain(transformer: Any, *parts: Any) -> bool:
    from open_clip.transformer import ResidualAttentionBlock

    numbers = [p for part in parts for p in part.parameters()]
    return (
        _WORTH <= sum(p.numel() for p in numbers) <= _MOST
        and all(str(p.dtype) == "torch.float32" and p.device.type == "cpu" for p in numbers)
        and all(
            type(b) is ResidualAttentionBlock
            and b.attn.batch_first
            and b.attn.in_proj_weight is not None
            for b in transformer.resblocks
        )
    )


def picture_export(network: Any, mean: tuple[float, ...], std: tuple[float, ...]) -> Export:
    """u8 (n, H, W, 3) → unit rows (n, d)."""
    import torch
    from torch import nn

    visual = network.visual

    class Pictures(nn.Module):
        mean: Any
        std: Any

        def __init__(self) -> None:
            super().__init__()
            self.visual = visual
            self.blocks = _blocks(visual.transformer)
            self.register_buffer("mean", torch.tensor(mean)[:, None, None])
            self.register_buffer("std", torch.tensor(std)[:, None, None])

        def forward(self, pixels: "torch.Tensor") -> "torch.Tensor":
            x = (pixels.permute(0, 3, 1, 2).float() / 255 - self.mean) / self.std
            x = self.visual._embeds(x)
            *before, last = self.blocks
            for block in before:
                x = block(x)
            x = self.visual.ln_post(last(x, first=True)[:, 0]) @ self.visual.proj
            return nn.functional.normalize(x, dim=-1)

    height, width = visual.image_size
    noise = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (2, height, width, 3), dtype=torch.uint8, generator=noise)
    return Export(Pictures().eval(), {"pixels": pixels}, ("vectors",), {"pixels": {0: "n"}})


def text_export(network: Any) -> Export:
    """i64 (n, l), l ≤ context, with zeros after the end mark → unit rows (n, d)."""
    import torch
    from torch import nn

    class Texts(nn.Module):
        mask: Any

        def __init__(self) -> None:
            super().__init__()
            self.embedding = network.token_embedding
            self.places = network.positional_embedding
            self.blocks = _blocks(network.transformer)
            self.norm = network.ln_final
            self.projection = network.text_projection
            self.register_buffer("mask", network.attn_mask)

        def forward(self, tokens: "torch.Tensor") -> "torch.Tensor":
            n, length = tokens.shape
            x = self.embedding(tokens) + self.places[:length]
            for block in self.blocks:
                x = block(x, mask=self.mask[:length, :length])
            ends = x[torch.arange(n), tokens.argmax(dim=-1)]  # the end mark is the largest number
            return nn.functional.normalize(self.norm(ends) @ self.projection, dim=-1)

    last = int(network.vocab_size) - 1
    tokens = torch.tensor([[last - 1, 320, 1929, 530, last], [last - 1, 2368, last, 0, 0]])
    dynamic = {"tokens": {0: "n", 1: "l"}}
    return Export(Texts().eval(), {"tokens": tokens}, ("vectors",), dynamic)


def _blocks(transformer: Any) -> Any:
    """The blocks of a transformer with their attention written out: exporters and onnxruntime
    both do better with it than with torch's own module."""
    import torch
    from torch import nn

    class Block(nn.Module):
        weight: Any
        bias: Any

        def __init__(self, block: Any) -> None:
            super().__init__()
            self.block = block
            self.heads, self.width = block.attn.num_heads, block.attn.embed_dim
            self.out = block.attn.out_proj
            scale = (self.width // self.heads) ** -0.5
            weight = block.attn.in_proj_weight.detach().clone()  # (3 w, w)
            bias = block.attn.in_proj_bias.detach().clone()
            weight[: self.width] *= scale
            bias[: self.width] *= scale
            self.register_buffer("weight", weight)
            self.register_buffer("bias", bias)

        def forward(
            self, x: "torch.Tensor", mask: "torch.Tensor | None" = None, first: bool = False
        ) -> "torch.Tensor":
            """(n, l, w) → (n, l, w), or with ``first`` the first place alone: (n, 1, w)."""
            w, linear = self.width, nn.functional.linear
            y: Any = self.block.ln_1(x)
            if first:
                x = x[:, :1]
                seen = self._first(y)
            else:
                three: Any = linear(y, self.weight, self.bias)
                q, k, v = three.split(w, 2)
                q = q.unflatten(2, (self.heads, -1)).transpose(1, 2)  # (n, h, l, w / h)
                k = k.unflatten(2, (self.heads, -1)).permute(0, 2, 3, 1)  # (n, h, w / h, l)
                v = v.unflatten(2, (self.heads, -1)).transpose(1, 2)
                weights: Any = q @ k if mask is None else q @ k + mask
                seen = (weights.softmax(-1) @ v).transpose(1, 2).flatten(2)
            x = x + self.block.ls_1(self.out(seen))
            result: torch.Tensor = x + self.block.ls_2(self.block.mlp(self.block.ln_2(x)))
            return result

        def _first(self, y: Any) -> Any:
            """What the first place sees, (n, l, w) → (n, 1, w): one question needs no keys and
            values of all places, for q · W y is Wᵀ q · y, and a sum of W y is W times the sum.
            """
            w = self.width
            q: Any = nn.functional.linear(y[:, 0], self.weight[:w], self.bias[:w])
            q = q.unflatten(1, (self.heads, -1)).transpose(0, 1)  # (h, n, w / h)
            keys, values = self.weight[w:].unflatten(0, (2, self.heads, -1))  # (h, w / h, w)
            # The keys' bias adds the same to all places, which the softmax takes away again.
            weights = ((q @ keys).transpose(0, 1) @ y.transpose(1, 2)).softmax(-1)  # (n, h, l)
            seen = (weights @ y).transpose(0, 1) @ values.transpose(1, 2)  # (h, n, w / h)
            return seen.transpose(0, 1).flatten(1)[:, None] + self.bias[2 * w :]

    return nn.ModuleList([Block(block) for block in transformer.resblocks])
