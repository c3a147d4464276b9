"""What transformers need beside products: attention over short rows, and normalised sums."""

import torch

try:
    import triton
    from triton import language as tl
except ImportError:  # not on every system
    triton = None

if triton is not None:

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


LONGEST = 64  # row of keys that ``attend`` takes; torch is quicker at 256


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
