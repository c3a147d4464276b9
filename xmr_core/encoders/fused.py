"""A network made ready for a graphics card: what it does in several passes over memory, in one.

The batch normalisation after a convolution goes into its weights, and the bounds of the activation
into its kernel. Convolutions of one pixel and those of one channel each, pooling and normalisation
move many more bytes than they compute, so that each pass saved is time saved: they have kernels
of their own (`kernels`), where Triton is there. Attention that was written out for an exporter
goes through torch's own.
"""

import copy
import functools
from itertools import pairwise
from typing import Any

import torch
from torch.nn import functional

_BOUNDS: dict[type[torch.nn.Module], tuple[float, float]] = {
    torch.nn.ReLU: (0.0, float("inf")),
    torch.nn.ReLU6: (0.0, 6.0),
}
_NAME = "xmr"
_SAME = "Conv2dSame"
_ENDLESS = (-float("inf"), float("inf"))


class Bounded(torch.nn.Module):
    """A convolution with what follows it: normalisation folded in, activation as bounds.

    Args:
        weight, bias: of the convolution, normalisation folded in.
        like: the convolution, for its stride and so on.
        bounds: lowest and highest value of the result.
    """

    def __init__(
        self,
        weight: torch.Tensor,
        bias: torch.Tensor,
        like: torch.nn.Conv2d,
        bounds: tuple[float, float],
    ) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(weight, requires_grad=False)  # (out, in / groups, a, b)
        self.bias = torch.nn.Parameter(bias, requires_grad=False)
        self.low, self.high = bounds
        self.stride, self.dilation, self.groups = like.stride, like.dilation, like.groups
        padding: Any = like.padding
        self.padding: tuple[int, int] = padding
        # TensorFlow's padding, in timm's class: as much as the result needs, more of it at the end.
        self.same = type(like).__name__ == _SAME
        out, inner, high, wide = weight.shape
        square = self.dilation == (1, 1) and high == wide and self.stride[0] == self.stride[1]
        plain = square and like.padding_mode == "zeros" and out % 8 == 0
        self.alone = plain and inner == 1 and self.groups == out
        still = self.stride == (1, 1) and self.padding == (0, 0) and self.groups == 1
        self.pointwise = plain and still and high == 1 and inner % 8 == 0
        # What a neighbour does instead, where there are kernels: the one before has not added its
        # bias and kept its bounds, or has kept the lower bound alone.
        self.earlier: list[Bounded] = []  # a list, for it is no part of this one
        self.limit = float("inf")
        self.bare = self.floored = False
        self.first = plain and self.groups == 1 and inner == 3 and high in (3, 5)
        # what cuDNN knows
        self.ramp = bounds == (0.0, float("inf")) and self.groups == 1 and not self.same

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, in, h, w) → (n, out, h', w')."""
        kernels = _kernels(x) if self.pointwise or self.alone else None
        if kernels and not self.floored:
            if self.bare:
                return functional.conv2d(
                    x, self.weight, None, self.stride, self.padding, self.dilation, self.groups
                )
            if self.alone:
                return kernels.alone(self, x, self.limit)  # type: ignore[no-any-return]
            return kernels.pointwise(self, x, *self.earlier)  # type: ignore[no-any-return]
        if x.is_cuda and (self.ramp or (kernels and self.floored)):
            return torch.cudnn_convolution_relu(
                x, self.weight, self.bias, self.stride, self.padding, self.dilation, 1
            )
        if self.same:
            (top, bottom), (left, right) = (self.around(i, x.shape[2 + i]) for i in (0, 1))
            x = functional.pad(x, (left, right, top, bottom))
        x = functional.conv2d(
            x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )
        return x if (self.low, self.high) == _ENDLESS else x.clamp_(self.low, self.high)

    def around(self, axis: int, size: int) -> tuple[int, int]:
        """Zeros before and after an axis (0 or 1) of a map."""
        if not self.same:
            return self.padding[axis], self.padding[axis]
        side, stride = self.weight.shape[2 + axis], self.stride[axis]
        whole = max((-(-size // stride) - 1) * stride + side - size, 0)
        return whole // 2, whole - whole // 2


class Pooled(torch.nn.Module):
    """The largest of each two by two."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, c, h, w) → (n, c, h // 2, w // 2)."""
        if x.shape[1] % 8 == 0 and (kernels := _kernels(x)):
            return kernels.pooled(x)  # type: ignore[no-any-return]
        return functional.max_pool2d(x, 2)


class Added(torch.nn.Module):
    """A BERT's layer that is added to its input and normalised.

    Args:
        layer: with ``dense`` and ``LayerNorm``.
    """

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.dense, self.norm = layer.dense, layer.LayerNorm

    def forward(self, hidden_states: torch.Tensor, input_tensor: torch.Tensor) -> torch.Tensor:
        """(…, k), (…, n) → (…, n)."""
        x = self.dense(hidden_states)
        if kernels := _kernels(x):
            return kernels.added(x, input_tensor, self.norm)  # type: ignore[no-any-return]
        normed: torch.Tensor = self.norm(x + input_tensor)
        return normed


class First(torch.nn.Module):
    """Pixels as a network takes them, and its first layer.

    Args:
        layer: with ``conv``, a `Bounded`, and ``shift`` and ``scale`` of its pixels.
    """

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.conv: Bounded = layer.conv
        self.shift, self.scale = layer.shift, layer.scale

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """u8 (n, h, w, 3) → (n, out, h', w')."""
        if self.conv.first and (kernels := _kernels(pixels, self.conv.weight)):
            return kernels.first(self.conv, pixels, self.shift, self.scale)  # type: ignore[no-any-return]
        x = pixels.permute(0, 3, 1, 2).to(self.conv.weight)
        seen: torch.Tensor = self.conv((x - self.shift) / self.scale)
        return seen


def fused(module: torch.nn.Module) -> torch.nn.Module:
    """A copy of a module in evaluation mode that gives the same with fewer passes."""
    module = copy.deepcopy(module)
    for parent in list(module.modules()):
        _fold(parent)
        config: Any = getattr(parent, "config", None)
        if getattr(config, "_attn_implementation", None) == "eager":
            config._attn_implementation = _attention()
        for name, child in list(parent.named_children()):
            if type(child) is torch.nn.MaxPool2d and (child.kernel_size, child.stride) == (2, 2):
                setattr(parent, name, Pooled())
            elif type(child).__name__ in ("BertSelfOutput", "BertOutput"):
                setattr(parent, name, Added(child))
        if type(parent).__name__ in ("InvertedResidual", "DepthwiseSeparableConv"):
            _share(parent)
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if type(getattr(child, "conv", None)) is Bounded and hasattr(child, "shift"):
                setattr(parent, name, First(child))
    return module


@functools.cache
def _attention() -> str:
    """The name by which the library transformers knows the attention of kernels, or torch's."""
    try:
        from transformers import AttentionInterface, AttentionMaskInterface
        from transformers.integrations.sdpa_attention import sdpa_attention_forward
        from transformers.masking_utils import sdpa_mask
    except ImportError:  # before it had such names
        return "sdpa"

    def attend(
        module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **rest: Any
    ) -> Any:
        kernels = _kernels(query)
        t, d = query.shape[2:]
        fits = key.shape[2] == t and d in (16, 32, 64, 128) and not getattr(module, "is_causal", 0)
        plain = attention_mask is None or attention_mask.dtype is torch.bool
        if not (kernels and fits and plain and t <= kernels.LONGEST and query.stride(3) == 1):
            return sdpa_attention_forward(module, query, key, value, attention_mask, **rest)
        mask = None if attention_mask is None else attention_mask[:, 0, 0]  # padding, for all alike
        scale = rest.get("scaling") or d**-0.5
        return kernels.attend(query, key, value, mask, scale), None

    AttentionInterface.register(_NAME, attend)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    return _NAME


def _fold(parent: torch.nn.Module) -> None:
    """Join each convolution with the normalisation and the activation right after it."""
    for (name, child), (after, then) in pairwise(list(parent.named_children())):
        if type(child) is not torch.nn.Conv2d and type(child).__name__ != _SAME:
            continue
        like: Any = child
        weight = like.weight.detach()
        zero = torch.zeros(len(weight), dtype=weight.dtype)
        bias = zero if like.bias is None else like.bias.detach()
        bounds: tuple[float, float] | None
        left: Any = torch.nn.Identity()
        if isinstance(then, torch.nn.BatchNorm2d):
            mean, var = then.running_mean, then.running_var
            drop: Any = getattr(then, "drop", None)
            if mean is None or var is None or type(drop) not in (type(None), torch.nn.Identity):
                continue
            scale = (var + then.eps).rsqrt()
            if then.affine:
                scale = scale * then.weight.detach()
            shift = then.bias.detach() if then.affine else zero
            weight, bias = weight * scale[:, None, None, None], (bias - mean) * scale + shift
            act: Any = getattr(then, "act", None)  # timm's normalisation brings its activation
            bounds = _BOUNDS.get(type(act))
            left = left if act is None or bounds else act
        elif type(then) in _BOUNDS:
            bounds = _BOUNDS[type(then)]
        else:
            continue
        setattr(parent, name, Bounded(weight, bias, like, bounds or _ENDLESS))
        setattr(parent, after, left)


def _share(block: torch.nn.Module) -> None:
    """Let the three convolutions of an inverted residual do each other's work.

    cuDNN is the fastest at a convolution of single channels that moves by one, and at one of a
    pixel with a lower bound, but does no more than that; what is left is done by the kernel that
    reads the result.
    """
    layers = [layer for layer in block.children() if type(layer) is not torch.nn.Identity]
    convolutions: list[Any] = [layer for layer in layers if type(layer) is Bounded]
    if len(layers) != len(convolutions):
        return  # something else is done in between
    for one, then in pairwise(convolutions):
        if one.pointwise and then.alone and then.stride != (1, 1) and one.low == 0:
            one.floored, then.limit = True, one.high
        if one.alone and one.stride == (1, 1) and not one.same and then.pointwise:
            one.bare, then.earlier = True, [one]


def _kernels(x: torch.Tensor, weight: torch.Tensor | None = None) -> Any:
    """The module of kernels, if they can be used on this."""
    if not x.is_cuda or (x if weight is None else weight).dtype is not torch.float16:
        return None
    from xmr_core.encoders import kernels

    return kernels if kernels.ready() else None
