"""The first convolution of a network, over pixels as they are decoded."""

import torch

from xmr_core.encoders.kernels.layer import Layer, empty, kept

try:
    import triton
    from triton import language as tl
except ImportError:  # not on every system
    triton = None

if triton is not None:

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

    weight = kept(layer, filters)
    like = torch.empty(b, 0, 0, 0, dtype=layer.weight.dtype, device=pixels.device)
    y = empty(like, n, high, wide)
    m, block = b * high * wide, 128
    _first[(triton.cdiv(m, block),)](
        pixels, weight, layer.bias, y, m, h, w, n, high, wide, above[0], before[0], shift, scale,
        layer.low, layer.high, SIDE=side, STRIDE=stride, M=block,
        N=max(16, triton.next_power_of_2(n)), K=deep,
    )  # fmt: skip
    return y
