"""What networks of this family share: features left out at random, steps that fit the data."""

from collections.abc import Callable
from typing import Any

from xmr_core.lab.training import Net


def masked_rows(nets: list[Net], drop: float, *, seed: int) -> Callable[[Any], list[Any]]:
    """Pairs i64 (b,) → unit rows (b, d) of each view, with features left out at random.

    Args:
        nets: of the views.
        drop: how many of the features are 0, the mean once standardised; the others grow so
            that their sum stays (Srivastava et al., "Dropout", JMLR 2014).
        seed: of what is left out; torch's own generator is not touched.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)

    def rows(pairs: Any) -> list[Any]:
        made = []
        for net in nets:
            x = net.features[pairs]
            kept = torch.rand(x.shape, generator=generator) >= drop
            made.append(torch.nn.functional.normalize(net.module(x * kept / (1 - drop)), dim=1))
        return made

    return rows


def batch_of(n: int, most: int) -> int:
    """Pairs at a time: at least sixteen steps in an epoch where there are pairs for them.

    >>> batch_of(240, 128), batch_of(30_000, 128)
    (16, 128)
    """
    return min(most, max(16, n // 16))
