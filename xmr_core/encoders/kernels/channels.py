"""A convolution of each channel by itself, and the largest of each two by two."""

import functools

import torch

from xmr_core.encoders.kernels.layer import Layer, empty, kept

try:
    import triton
    from triton import language as tl
except ImportError:  # not on every system
    triton = None

if triton is not None:

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
    taps = kept(layer, lambda: layer.weight.reshape(c, -1).T.contiguous().float())  # (side², c)
    y = empty(x, c, high, wide)
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


def pooled(x: torch.Tensor) -> torch.Tensor:
    """The largest of each two by two: (n, c, h, w) → (n, c, h // 2, w // 2); c is 8 · a."""
    x = x.contiguous(memory_format=torch.channels_last)
    n, c, h, w = x.shape
    y = empty(x, c, h // 2, w // 2)
    m = n * (h // 2) * (w // 2)
    grid = (triton.cdiv(m, 32) * triton.cdiv(c, 64),)
    _pooled[grid](x, y, m, h, w, c // 8, M=32, C=64)
    return y
