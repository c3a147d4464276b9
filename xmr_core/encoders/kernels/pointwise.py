"""A convolution of one pixel as a product of matrices, with what comes before and after it."""

import functools

import torch

from xmr_core.encoders.kernels.layer import Layer, empty

try:
    import triton
    from triton import language as tl
except ImportError:  # not on every system
    triton = None

if triton is not None:

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
    y = empty(x, n, *x.shape[2:])
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
