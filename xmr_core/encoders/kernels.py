"""Layers for graphics cards that go once over memory where torch goes several times.

Maps lie with their channels together (n, h, w, c), in half precision; sums are in single precision.
What follows a layer, a bias and bounds, is done before its result is written. Written in Triton,
which comes with torch for CUDA on Linux; where it is missing, or finds no C compiler, torch's own
layers do the same (`fused`).
"""

import functools
import logging
from typing import Any, Protocol

import torch

_LOG = logging.getLogger(__name__)
try:
    import triton
    from triton import language as tl
except ImportError:  # not on every system
    triton = None


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


if triton is not None:
    # Sizes are not compiled in: a network has dozens, and each would take a second.

    @triton.jit(do_not_specialize=["m", "n8", "k8"])  # type: ignore[untyped-decorator]
    def _pointwise(  # type: ignore[no-untyped-def]
        x, before, least, most, weight, bias, y, m, n8, k8, low, high,
        EARLIER: tl.constexpr, M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
    ):  # fmt: skip
        """y (m, n) = bounded x (m, k) @ weight (n, k).T + bias (n,).

        What is left to be done to x is done first: before (k,) is added, least and most are bounds.
        """
        n, k = n8 * 8, k8 * 8  # told like this, rows begin where whole words do
        across = tl.cdiv(n, N)
        rows = (tl.program_id(0) // across).to(tl.int64) * M + tl.arange(0, M)
        columns = (tl.program_id(0) % across) * N + tl.arange(0, N)
        inner = tl.arange(0, K)
        total = tl.zeros((M, N), tl.float32)
        for at in range(0, k, K):
            here = at + inner
            a = tl.load(
                x + rows[:, None] * k + here[None, :],
                (rows[:, None] < m) & (here[None, :] < k),
                other=0.0,
            )
            if EARLIER:
                a += tl.load(before + here, here < k, other=0.0)[None, :]
                a = tl.minimum(tl.maximum(a.to(tl.float32), least), most).to(tl.float16)
            b = tl.load(
                weight + columns[None, :] * k + here[:, None],
                (columns[None, :] < n) & (here[:, None] < k),
                other=0.0,
            )
            total = tl.dot(a, b, total)
        total += tl.load(bias + columns, columns < n, other=0.0).to(tl.float32)[None, :]
        total = tl.minimum(tl.maximum(total, low), high)
        tl.store(
            y + rows[:, None] * n + columns[None, :],
            total.to(tl.float16),
            (rows[:, None] < m) & (columns[None, :] < n),
        )

    @triton.jit(do_not_specialize=["h", "w", "c8", "high_out", "wide_out", "above", "before"])  # type: ignore[untyped-decorator]
    def _alone(  # type: ignore[no-untyped-def]
        x, limit, taps, bias, y, h, w, c8, high_out, wide_out, above, before, low, high,
        SIDE: tl.constexpr, STRIDE: tl.constexpr, R: tl.constexpr, W: tl.constexpr, C: tl.constexpr,
    ):  # fmt: skip
        """R rows, 2 or 4, of each channel's own convolution: x (n, h, w, c), taps f32 (SIDE², c).

        A value that is read goes into all of the rows that it is part of.
        """
        c = c8 * 8
        parts, blocks, strips = tl.cdiv(wide_out, W), tl.cdiv(c, C), tl.cdiv(high_out, R)
        place = tl.program_id(0)
        channels = (place % blocks) * C + tl.arange(0, C)
        place = place // blocks
        columns = (place % parts) * W + tl.arange(0, W)
        place = place // parts
        first = (place % strips) * R
        picture = (place // strips).to(tl.int64)
        x += picture * h * w * c
        y += picture * high_out * wide_out * c
        known = channels < c
        a0 = tl.zeros((W, C), tl.float32)
        a1 = tl.zeros((W, C), tl.float32)
        a2 = tl.zeros((W, C), tl.float32)
        a3 = tl.zeros((W, C), tl.float32)
        for i in tl.static_range((R - 1) * STRIDE + SIDE):
            row = first * STRIDE + i - above
            for j in tl.static_range(SIDE):
                column = columns * STRIDE + (j - before)
                inside = (column >= 0) & (column < w) & (row >= 0) & (row < h)
                at = (row * w + column) * c
                values = tl.load(
                    x + at[:, None] + channels[None, :], inside[:, None] & known[None, :], other=0.0
                ).to(tl.float32)
                values = tl.minimum(values, limit)
                tap = taps + j * c + channels
                if i < SIDE:
                    a0 += values * tl.load(tap + i * SIDE * c, known, other=0.0)[None, :]
                if i >= STRIDE and i - STRIDE < SIDE:
                    a1 += values * tl.load(tap + (i - STRIDE) * SIDE * c, known, other=0.0)[None, :]
                if R > 2 and i >= 2 * STRIDE and i - 2 * STRIDE < SIDE:
                    a2 += (
                        values
                        * tl.load(tap + (i - 2 * STRIDE) * SIDE * c, known, other=0.0)[None, :]
                    )
                if R > 2 and i >= 3 * STRIDE:
                    a3 += (
                        values
                        * tl.load(tap + (i - 3 * STRIDE) * SIDE * c, known, other=0.0)[None, :]
                    )
        more = tl.load(bias + channels, known, other=0.0).to(tl.float32)[None, :]
        out = y + ((first * wide_out + columns) * c)[:, None] + channels[None, :]
        here = (columns[:, None] < wide_out) & known[None, :]
        down = wide_out * c
        a0 = tl.minimum(tl.maximum(a0 + more, low), high).to(tl.float16)
        a1 = tl.minimum(tl.maximum(a1 + more, low), high).to(tl.float16)
        a2 = tl.minimum(tl.maximum(a2 + more, low), high).to(tl.float16)
        a3 = tl.minimum(tl.maximum(a3 + more, low), high).to(tl.float16)
        tl.store(out, a0, here)
        tl.store(out + down, a1, here & (first + 1 < high_out))
        if R > 2:
            tl.store(out + 2 * down, a2, here & (first + 2 < high_out))
            tl.store(out + 3 * down, a3, here & (first + 3 < high_out))

    @triton.jit(do_not_specialize=["m", "h", "w", "n", "high_out", "wide_out", "above", "before"])  # type: ignore[untyped-decorator]
    def _first(  # type: ignore[no-untyped-def]
        x, weight, bias, y, m, h, w, n, high_out, wide_out, above, before, shift, scale, low, high,
        SIDE: tl.constexpr, STRIDE: tl.constexpr, M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
    ):  # fmt: skip
        """A convolution of pixels u8 (…, h, w, 3), (p − shift) / scale, by weight (K, n)."""
        rows = tl.program_id(0).to(tl.int64) * M + tl.arange(0, M)
        picture = rows // (high_out * wide_out)
        place = (rows % (high_out * wide_out)).to(tl.int32)
        inner = tl.arange(0, K)
        i, j, colour = inner // (3 * SIDE), inner % (3 * SIDE) // 3, inner % 3
        row = (place // wide_out * STRIDE - above)[:, None] + i[None, :]
        column = (place % wide_out * STRIDE - before)[:, None] + j[None, :]
        inside = (row >= 0) & (row < h) & (column >= 0) & (column < w) & (rows[:, None] < m)
        inside = inside & (inner[None, :] < 3 * SIDE * SIDE)
        at = (row * w + column) * 3 + colour[None, :]
        pixels = tl.load(x + (picture * h * w * 3)[:, None] + at, inside, other=0).to(tl.float32)
        pixels = tl.where(inside, (pixels - shift) / scale, 0.0).to(tl.float16)
        columns = tl.arange(0, N)
        known = columns < n
        filters = tl.load(weight + inner[:, None] * n + columns[None, :], known[None, :], other=0.0)
        total = tl.dot(pixels, filters)
        total += tl.load(bias + columns, known, other=0.0).to(tl.float32)[None, :]
        total = tl.minimum(tl.maximum(total, low), high).to(tl.float16)
        out = y + rows[:, None] * n + columns[None, :]
        tl.store(out, total, (rows[:, None] < m) & known[None, :])

    @triton.jit(do_not_specialize=["m", "h", "w", "c8"])  # type: ignore[untyped-decorator]
    def _pooled(x, y, m, h, w, c8, M: tl.constexpr, C: tl.constexpr):  # type: ignore[no-untyped-def]
        """The largest of each two by two of x (…, h, w, c); m places of the result in all."""
        c = c8 * 8
        blocks = tl.cdiv(c, C)
        channels = (tl.program_id(0) % blocks) * C + tl.arange(0, C)
        rows = (tl.program_id(0) // blocks).to(tl.int64) * M + tl.arange(0, M)
        high, wide = h // 2, w // 2
        picture, place = rows // (high * wide), rows % (high * wide)
        at = (picture * h + place // wide * 2) * w + place % wide * 2
        here = (rows[:, None] < m) & (channels[None, :] < c)
        corner = x + at[:, None] * c + channels[None, :]
        upper = tl.maximum(tl.load(corner, here, other=0.0), tl.load(corner + c, here, other=0.0))
        corner += w * c
        lower = tl.maximum(tl.load(corner, here, other=0.0), tl.load(corner + c, here, other=0.0))
        tl.store(y + rows[:, None] * c + channels[None, :], tl.maximum(upper, lower), here)

    @triton.jit(do_not_specialize=["m"])  # type: ignore[untyped-decorator]
    def _added(  # type: ignore[no-untyped-def]
        x, beside, gain, shift, y, m, n, tiny, M: tl.constexpr, N: tl.constexpr
    ):
        """Rows of x + beside (m, n), brought to mean 0 and deviation 1, times gain plus shift."""
        rows = tl.program_id(0).to(tl.int64) * M + tl.arange(0, M)
        columns = tl.arange(0, N)
        known = columns[None, :] < n
        here = (rows[:, None] < m) & known
        at = rows[:, None] * n + columns[None, :]
        total = tl.load(x + at, here, other=0.0).to(tl.float32)
        total += tl.load(beside + at, here, other=0.0).to(tl.float32)
        total = tl.where(known, total - (tl.sum(total, 1) / n)[:, None], 0.0)
        total *= tl.rsqrt(tl.sum(total * total, 1) / n + tiny)[:, None]
        total *= tl.load(gain + columns, columns < n, other=0.0).to(tl.float32)[None, :]
        total += tl.load(shift + columns, columns < n, other=0.0).to(tl.float32)[None, :]
        tl.store(y + at, total.to(tl.float16), here)

    @triton.jit(do_not_specialize=["t", "heads"])  # type: ignore[untyped-decorator]
    def _attend(  # type: ignore[no-untyped-def]
        q, k, v, mask, y, t, heads, qn, qh, qt, kn, kh, kt, vn, vh, vt, mn, scale,
        MASKED: tl.constexpr, D: tl.constexpr, Q: tl.constexpr, T: tl.constexpr,
    ):  # fmt: skip
        """Some queries of one head: all keys at once; scale is for powers of two."""
        one, head = (tl.program_id(1) // heads).to(tl.int64), tl.program_id(1) % heads
        rows, keys, inner = tl.program_id(0) * Q + tl.arange(0, Q), tl.arange(0, T), tl.arange(0, D)
        asked, there = (rows < t)[:, None], keys < t
        a = tl.load(
            q + one * qn + head * qh + rows[:, None] * qt + inner[None, :], asked, other=0.0
        )
        b = tl.load(
            k + one * kn + head * kh + keys[None, :] * kt + inner[:, None],
            there[None, :],
            other=0.0,
        )
        known = there
        if MASKED:
            known = there & (tl.load(mask + one * mn + keys, there, other=0) != 0)
        match = tl.where(known[None, :], tl.dot(a, b) * scale, -1e30)
        match = tl.exp2(match - tl.max(match, 1)[:, None])
        total = tl.sum(match, 1)
        c = tl.load(
            v + one * vn + head * vh + keys[:, None] * vt + inner[None, :],
            there[:, None],
            other=0.0,
        )
        found = tl.dot(match.to(tl.float16), c) / total[:, None]
        out = y + ((one * t + rows[:, None]) * heads + head) * D + inner[None, :]
        tl.store(out, found.to(tl.float16), asked)


def pointwise(layer: Layer, x: torch.Tensor, earlier: Layer | None = None) -> torch.Tensor:
    """A convolution of one pixel: (b, k, h, w) → (b, n, h, w); k and n are multiples of 8.

    Args:
        layer: the convolution.
        x: its input.
        earlier: whose bias and bounds have not been applied to x.
    """
    x = x.contiguous(memory_format=torch.channels_last)
    n, k = layer.weight.shape[:2]
    m = x.shape[0] * x.shape[2] * x.shape[3]
    y = _empty(x, n, *x.shape[2:])
    sizes = pointwise_sizes(n, k)
    grid = (triton.cdiv(m, sizes["M"]) * triton.cdiv(n, sizes["N"]),)
    last = earlier or layer
    _pointwise[grid](
        x, last.bias, last.low, last.high, layer.weight, layer.bias, y, m, n // 8, k // 8,
        layer.low, layer.high, EARLIER=earlier is not None, **sizes,
    )  # fmt: skip
    return y


@functools.cache
def pointwise_sizes(n: int, k: int) -> dict[str, int]:
    """How the work is cut: a column's blocks with the least beyond the edge.

    >>> pointwise_sizes(96, 16)
    {'M': 128, 'N': 128, 'K': 16, 'num_warps': 8, 'num_stages': 3}
    >>> pointwise_sizes(144, 24)
    {'M': 256, 'N': 64, 'K': 32, 'num_warps': 8, 'num_stages': 3}
    """
    deep = min(64, max(16, triton.next_power_of_2(k)))
    if n <= 64:
        wide = max(16, triton.next_power_of_2(n))
        return {"M": 128, "N": wide, "K": deep, "num_warps": 4, "num_stages": 4}
    narrow = deep <= 32 and -(-n // 64) % 2  # 128 columns would be half empty at the end
    high, wide = (256, 64) if narrow else (128, 128)
    return {"M": high, "N": wide, "K": deep, "num_warps": 8, "num_stages": 3}


def alone(layer: Layer, x: torch.Tensor, limit: float = float("inf")) -> torch.Tensor:
    """A convolution of each channel by itself: (n, c, h, w) → (n, c, h', w'); c is 8 · a.

    Args:
        layer: the convolution.
        x: its input.
        limit: what is more than this counts as this.
    """
    x = x.contiguous(memory_format=torch.channels_last)
    n, c, h, w = x.shape
    side, stride = layer.weight.shape[2], layer.stride[0]
    above, before = layer.around(0, h), layer.around(1, w)
    high = (h + sum(above) - side) // stride + 1
    wide = (w + sum(before) - side) // stride + 1
    taps = _kept(layer, lambda: layer.weight.reshape(c, -1).T.contiguous().float())  # (side², c)
    y = _empty(x, c, high, wide)
    sizes = alone_sizes(c, wide)
    strips = triton.cdiv(high, sizes["R"])
    grid = (n * strips * triton.cdiv(wide, sizes["W"]) * triton.cdiv(c, sizes["C"]),)
    _alone[grid](
        x, limit, taps, layer.bias, y, h, w, c // 8, high, wide, above[0], before[0], layer.low,
        layer.high, SIDE=side, STRIDE=stride, **sizes,
    )  # fmt: skip
    return y


@functools.cache
def alone_sizes(c: int, wide: int) -> dict[str, int]:
    """How the work is cut: with the least of it beyond the edges.

    >>> alone_sizes(96, 56), alone_sizes(672, 7)
    ({'R': 4, 'W': 16, 'C': 32, 'num_warps': 4}, {'R': 4, 'W': 8, 'C': 64, 'num_warps': 4})
    """

    def waste(cut: tuple[int, int]) -> int:
        columns, channels = cut
        return -(-wide // columns) * columns * (-(-c // channels)) * channels

    columns, channels = min(((16, 32), (8, 64)), key=waste)
    return {"R": 4, "W": columns, "C": channels, "num_warps": 4}


def first(layer: Layer, pixels: torch.Tensor, shift: float, scale: float) -> torch.Tensor:
    """A convolution of (pixels − shift) / scale: u8 (b, h, w, 3) → (b, n, h', w')."""
    pixels = pixels.contiguous()
    b, h, w, _ = pixels.shape
    n, _, side, _ = layer.weight.shape
    stride = layer.stride[0]
    above, before = layer.around(0, h), layer.around(1, w)
    high = (h + sum(above) - side) // stride + 1
    wide = (w + sum(before) - side) // stride + 1
    deep = triton.next_power_of_2(3 * side * side)

    def filters() -> torch.Tensor:
        rows = layer.weight.permute(2, 3, 1, 0).reshape(-1, n)  # (3 side², n)
        return torch.cat([rows, rows.new_zeros(deep - len(rows), n)])

    weight = _kept(layer, filters)
    like = torch.empty(b, 0, 0, 0, dtype=layer.weight.dtype, device=pixels.device)
    y = _empty(like, n, high, wide)
    m, block = b * high * wide, 128
    _first[(triton.cdiv(m, block),)](
        pixels, weight, layer.bias, y, m, h, w, n, high, wide, above[0], before[0], shift, scale,
        layer.low, layer.high, SIDE=side, STRIDE=stride, M=block,
        N=max(16, triton.next_power_of_2(n)), K=deep,
    )  # fmt: skip
    return y


def pooled(x: torch.Tensor) -> torch.Tensor:
    """The largest of each two by two: (n, c, h, w) → (n, c, h // 2, w // 2); c is 8 · a."""
    x = x.contiguous(memory_format=torch.channels_last)
    n, c, h, w = x.shape
    y = _empty(x, c, h // 2, w // 2)
    m = n * (h // 2) * (w // 2)
    grid = (triton.cdiv(m, 32) * triton.cdiv(c, 64),)
    _pooled[grid](x, y, m, h, w, c // 8, M=32, C=64)
    return y


def added(x: torch.Tensor, beside: torch.Tensor, norm: torch.nn.LayerNorm) -> torch.Tensor:
    """Layer normalisation of x + beside, both (…, n)."""
    x, beside = x.contiguous(), beside.contiguous()
    y = torch.empty_like(x)
    n = x.shape[-1]
    m = x.numel() // n
    _added[(triton.cdiv(m, 4),)](
        x, beside, norm.weight, norm.bias, y, m, n, norm.eps, M=4, N=triton.next_power_of_2(n)
    )
    return y


LONGEST = 64  # row of keys that ``attend`` takes; torch is quicker at 256


def attend(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None, scale: float
) -> torch.Tensor:
    """Attention, (n, h, t, d) each → (n, t, h, d).

    Args:
        q, k, v: queries, keys, values.
        mask: bool (n, …, t), of keys; the same for every query.
        scale: of products.
    """
    n, heads, t, d = q.shape
    y = torch.empty(n, t, heads, d, dtype=q.dtype, device=q.device)
    wide = max(16, triton.next_power_of_2(t))
    block = min(64, wide)
    _attend[(triton.cdiv(t, block), n * heads)](
        q, k, v, q if mask is None else mask, y, t, heads, *q.stride()[:3], *k.stride()[:3],
        *v.stride()[:3], 0 if mask is None else mask.stride(0), scale * 1.4426950408889634,
        MASKED=mask is not None, D=d, Q=block, T=wide, num_warps=4 if wide <= 128 else 8,
    )  # fmt: skip
    return y


def _kept(layer: Any, make: Any) -> torch.Tensor:
    """What is made of a layer's weights once, while they are where they are."""
    kept: Any = getattr(layer, "kept", None)
    if kept is None or kept[0] is not layer.weight:
        kept = layer.kept = (layer.weight, make())
    made: torch.Tensor = kept[1]
    return made


def _empty(x: torch.Tensor, c: int, h: int, w: int) -> torch.Tensor:
    shape = (x.shape[0], c, h, w)
    return torch.empty(shape, dtype=x.dtype, device=x.device, memory_format=torch.channels_last)


@functools.cache
def ready() -> bool:
    """Whether Triton is there and makes kernels on this machine."""
    if triton is None:
        return False
    try:
        x = torch.zeros(1, 8, 2, 2, dtype=torch.float16, device="cuda")
        pooled(x)
        torch.cuda.synchronize()
    except Exception as error:  # whatever is wrong with a compiler
        _LOG.info("Kernels for the graphics card cannot be made here: %s", error)
        return False
    return True
