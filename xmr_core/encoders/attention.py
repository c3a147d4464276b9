"""What attention does inside a network: watched with its gradients, or replaced by its values.

All towers that open_clip knows call torch's attention functions, whatever their classes are
named. A mode of the thread stands between them and torch: other threads, which may run the
same network at the same moment, notice nothing.

Letters of shapes: n items, h heads, q and k places that attend and are attended to, w width.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from xmr_core.errors import ExplanationError
from xmr_core.media import Floats


class _Between(TorchFunctionMode):
    """Hands every call of attention to ``_attend``, as queries, keys and values by heads."""

    def _attend(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scores: dict[str, Any]
    ) -> torch.Tensor:
        """(n, h, q, a), (n, h, k, a), (n, h, k, a) → (n, h, q, a)."""
        raise NotImplementedError

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is functional.scaled_dot_product_attention:
            names = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale")
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            q, k, v = given.pop("query"), given.pop("key"), given.pop("value")
            return self._attend(q, k, v, given)
        if func is functional.multi_head_attention_forward:
            return self._multi_head(*args, **kwargs), None
        return func(*args, **kwargs)

    def _multi_head(
        self,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        width: int,
        heads: int,
        in_weight: torch.Tensor | None,
        in_bias: torch.Tensor | None,
        bias_k: torch.Tensor | None,
        bias_v: torch.Tensor | None,
        add_zero_attn: bool,
        dropout_p: float,
        out_weight: torch.Tensor,
        out_bias: torch.Tensor | None,
        **more: Any,
    ) -> torch.Tensor:
        """torch's function of the same name, sequence first: (q, n, w) → (q, n, w)."""
        if bias_k is not None or bias_v is not None or add_zero_attn:
            raise ExplanationError(
                "This model's attention has keys of its own, which cannot be taken apart.",
                "Use occlusion.",
            )
        if more.get("use_separate_proj_weight"):
            weights = tuple(more[f"{name}_proj_weight"] for name in "qkv")
        else:
            weights = in_weight.chunk(3)  # type: ignore[union-attr]
        biases = (None, None, None) if in_bias is None else in_bias.chunk(3)

        def split(x: torch.Tensor, i: int) -> torch.Tensor:
            rows = functional.linear(x, weights[i], biases[i])  # (l, n, w)
            return rows.reshape(len(x), -1, heads, width // heads).permute(1, 2, 0, 3)

        q, k, v = split(query, 0), split(key, 1), split(value, 2)
        mask = more.get("attn_mask")
        if mask is not None and mask.dim() == 3:
            mask = mask.reshape(-1, heads, *mask.shape[1:])
        got = self._attend(q, k, v, {"attn_mask": mask})  # (n, h, q, a)
        rows = got.permute(2, 0, 1, 3).reshape(query.shape[0], -1, width)
        return functional.linear(rows, out_weight, out_bias)


class Watch(_Between):
    """Attention as it is, written out so that its weights have gradients.

    Attributes:
        weights: (n, h, q, k) of each call, in order; rows sum to one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weights: list[torch.Tensor] = []

    def _attend(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scores: dict[str, Any]
    ) -> torch.Tensor:
        if q.dim() != 4:
            raise unknown("attends in another shape")
        weights = _weights(q, k, **scores)
        if not weights.requires_grad:
            weights.requires_grad_()
        self.weights.append(weights)
        return weights @ v


class Values(_Between):
    """Every place attends to itself alone: attention is its value path.

    Zhou, Loy and Dai, "Extract free dense labels from CLIP", ECCV 2022.

    Attributes:
        calls: how many calls of attention were replaced.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def _attend(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scores: dict[str, Any]
    ) -> torch.Tensor:
        self.calls += 1
        return v


def _weights(
    q: torch.Tensor,
    k: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    dropout_p: float = 0.0,
    enable_gqa: bool = False,
) -> torch.Tensor:
    """Softmax of the scaled and masked products, (n, h, q, k); dropout is for training."""
    products = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        later = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool, device=q.device).triu(1)
        products = products.masked_fill(later, float("-inf"))
    if attn_mask is not None:
        if attn_mask.dtype == torch.bool:
            products = products.masked_fill(~attn_mask, float("-inf"))
        else:
            products = products + attn_mask
    return products.softmax(dim=-1)


def watched(
    embed: Callable[[], torch.Tensor], direction: torch.Tensor
) -> tuple[torch.Tensor, Watch]:
    """Embed under a watch.

    Args:
        embed: gives (n, d).
        direction: (d,).

    Returns:
        The sum of ``unit(embedding) @ direction``, and the watch.
    """
    with torch.enable_grad(), Watch() as watch:
        score = (functional.normalize(embed(), dim=-1) @ direction).sum()
    return score, watch


def gradients(score: torch.Tensor, watch: Watch) -> list[tuple[Floats, Floats]]:
    """The weights of each call and the gradient of a score by them, f32 (n, h, q, k) each."""
    if not watch.weights:
        raise unknown("has no attention that could be watched")
    found = torch.autograd.grad(score, watch.weights, allow_unused=True)
    pairs = []
    for weights, slope in zip(watch.weights, found, strict=True):
        slope = torch.zeros_like(weights) if slope is None else slope
        pairs.append((_array(weights), _array(slope)))
    return pairs


def propagate(layers: Sequence[tuple[Floats, Floats]]) -> Floats:
    """How much each place of the input matters to each place of the output.

    Chefer, Gur and Wolf, "Generic attention-model explainability", ICCV 2021: of each layer's
    weights only what raises the score counts, ``Ā = mean over heads of max(0, A ⊙ ∇A)``. Where
    places attend to each other and the residual goes on, ``R ← R + Ā R``; where a pooling layer
    with queries of its own attends to them, ``R ← Ā R``.

    Args:
        layers: weights and their gradients f32 (n, h, q, k), from the input on.

    Returns:
        f32 (n, q, k), k places of the first layer.

    Raises:
        ExplanationError: layers that do not follow on each other, such as attention in windows.

    >>> half = np.full((1, 1, 2, 2), 0.5, np.float32)
    >>> propagate([(half, half)])[0].tolist()
    [[1.25, 0.25], [0.25, 1.25]]
    """
    n, _, _, k = layers[0][0].shape
    total = np.tile(np.eye(k, dtype=np.float32), (n, 1, 1))  # (n, k, k)
    for weights, slope in layers:
        raising = np.maximum(weights * slope, 0).mean(axis=1)  # (n, q, k')
        if raising.shape[0] != n or raising.shape[2] != total.shape[1]:
            raise unknown("attends in windows, so that its layers do not follow on each other")
        through = raising @ total  # (n, q, k)
        total = total + through if raising.shape[1] == raising.shape[2] else through
    return total


def unknown(reason: str) -> ExplanationError:
    """The error of a network without local features.

    Args:
        reason: what it does, as the end of a sentence.
    """
    return ExplanationError(
        f"This model {reason}: it has no local features.",
        "Use occlusion, which works with every model.",
    )


def _array(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().float().cpu().numpy(), np.float32)
